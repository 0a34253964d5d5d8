//! Letters that are due: written as mails, and kept.

use std::io::Write as _;
use std::path::Path;

use super::letter::Filling;
use super::{Places, find};
use crate::archive::Archive;
use crate::archive::fail_point::fail_point;
use crate::archive::new_directory::NewDirectory;
use crate::exporter::{ExportDirectory, Letter, file_name};
use crate::model::{Digest, HoldNotice, LetterKind, MailboxNo, NoticeEntry, NoticeEvent, UtcTime};
use crate::people::{header_form, normalize_address};
use crate::store::{hold_notices, put_hold_notice, put_hold_notice_letter};
use crate::{Error, Result};

/// The attribute of a mailbox with the address of its owner's manager.
const MANAGER: &str = "manager";

/// A letter that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLetter {
    /// The name of the notice.
    pub notice: String,
    /// Its number among the letters of the notice.
    pub number: u64,
    /// What it is for.
    pub kind: LetterKind,
    /// Whom it is to.
    pub address: String,
    /// Whom a copy is to: the manager, for an escalation, if one is known.
    pub manager: Option<String>,
    /// Its file in the directory.
    pub file: String,
    /// BLAKE3 of the file.
    pub digest: Digest,
    /// The version of the portal text that it is about.
    pub version: u32,
}

impl Archive {
    /// Writes the letters that are due, of one notice or of all, as mails into a new directory, and records that they went out by
    /// `channel`. Where nothing is due, nothing is made. They are recorded when all of them are on disk.
    ///
    /// # Errors
    /// There is no such notice, or the directory exists or cannot be written.
    pub fn issue_hold_notices(
        &mut self,
        name: Option<&str>,
        directory: &Path,
        channel: &str,
    ) -> Result<Vec<IssuedLetter>> {
        if channel.trim().is_empty() {
            return Err(Error::InvalidInput("say which way the letters go, such as --channel mail".to_owned()));
        }
        let transaction = self.store.begin()?;
        let at = self.act_time(&transaction)?;
        let places = Places::of(&transaction)?;
        let notices = match name {
            Some(name) => vec![find(&transaction, name)?],
            None => hold_notices(&transaction)?,
        };
        let new = NewDirectory::beside(directory, &self.directory)?;
        let mut files = ExportDirectory::begin(new.path())?;
        let mut issued = Vec::new();
        for mut notice in notices {
            let before = issued.len();
            for place in 0..notice.custodians.len() {
                let Some((letter, mail)) = write(&places, &mut notice, place, at)? else { continue };
                let mut file = files.file(&letter.file)?;
                file.write_all(&mail).map_err(Error::io("write", directory))?;
                files.add(file)?;
                put_hold_notice_letter(&transaction, notice.id, letter.number, &mail)?;
                let IssuedLetter { number, kind, address, digest, version, .. } = &letter;
                if let Some(custodian) = notice.custodians.get_mut(place) {
                    let event = NoticeEvent::Letter { kind: *kind, number: *number, digest: *digest };
                    let (by, channel) = (self.session.actor.clone(), channel.to_owned());
                    custodian.entries.push(NoticeEntry { event, at, by, channel, version: *version });
                }
                let outcome = format!(
                    "letter {number}, {}, to {address} by {channel}, portal text version {version}, BLAKE3 {digest}",
                    kind.as_str()
                );
                self.record(&transaction, "hold.notice.issue", &notice.id.to_string(), &outcome)?;
                issued.push(letter);
            }
            if issued.len() > before {
                put_hold_notice(&transaction, &notice)?;
            }
        }
        if issued.is_empty() {
            return Ok(issued);
        }
        files.finish()?;
        new.give_name()?;
        fail_point("notice.written");
        // Letters without record would be told again; a record without letters would tell nobody.
        if let Err(error) = transaction.commit() {
            std::fs::remove_dir_all(directory).ok();
            return Err(error);
        }
        Ok(issued)
    }
}

/// The letter that is due to a custodian, and its bytes.
fn write(
    places: &Places,
    notice: &mut HoldNotice,
    place: usize,
    at: UtcTime,
) -> Result<Option<(IssuedLetter, Vec<u8>)>> {
    let Some(custodian) = notice.custodians.get(place) else { return Ok(None) };
    let Some(kind) = places.standing(notice, custodian).due(at) else { return Ok(None) };
    let mailbox = places.mailbox(custodian.mailbox).ok_or_else(|| missing(notice, custodian.mailbox))?;
    let (Some(text), Some(portal)) = (notice.letters.get(&kind), notice.portal.last()) else {
        return Err(Error::Corrupt(format!("hold notice {} has no text for its {}", notice.id, kind.as_str())));
    };
    let case = places.case(notice).map_or("", |case| case.name.as_str());
    let name_else_address = |name: &str, address: &str| if name.is_empty() { address } else { name }.to_owned();
    let filling = Filling {
        custodian: &name_else_address(&mailbox.display_name, &mailbox.address),
        address: &mailbox.address,
        case,
        officer: &name_else_address(&notice.officer_name, &notice.officer_address),
        officer_address: &notice.officer_address,
        date: &at.to_chrono().format("%Y-%m-%d").to_string(),
    };
    let mut body = filling.fill(&text.body);
    if kind != LetterKind::Release {
        body = format!("{}\n\n{}", body.trim_end(), filling.fill(&portal.text));
    }
    let manager = mailbox.attributes.get(MANAGER).and_then(|address| normalize_address(address).ok());
    let manager = manager.filter(|address| kind == LetterKind::Escalation && header_form(address).is_some());
    let letter = Letter {
        from: (&notice.officer_name, &notice.officer_address),
        to: (&mailbox.display_name, &mailbox.address),
        copy_to: manager.as_deref(),
        subject: &filling.fill(&text.subject),
        text: &body,
        date: at,
    };
    let mail = letter.to_mail().map_err(Error::io("write a letter to", Path::new(&mailbox.address)))?;
    let number = notice.written + 1;
    let id = notice.id.to_string();
    let name = format!("{}-{number:04}-{}-{}", id.get(..8).unwrap_or(&id), kind.as_str(), mailbox.address);
    let issued = IssuedLetter {
        notice: notice.name.clone(),
        number,
        kind,
        address: mailbox.address.clone(),
        manager,
        file: format!("{}.eml", file_name(&name)),
        digest: Digest::of(&mail),
        version: notice.version(),
    };
    notice.written = number;
    Ok(Some((issued, mail)))
}

fn missing(notice: &HoldNotice, mailbox: MailboxNo) -> Error {
    Error::Corrupt(format!("hold notice {} is for mailbox {mailbox}, which is not there", notice.id))
}
