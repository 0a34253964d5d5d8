//! The index follows the store: it learns what was committed, forgets what was destroyed, and can be made anew.

use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use roaring::RoaringTreemap;
use serde::Serialize;

use super::Archive;
use super::attachments::{Files, Quick, Stale, large_facts, reduced_facts};
use super::prepare::LARGE;
use crate::connector::FileRange;
use crate::message::segment::{self, Segmentation};
use crate::message::{self, Facts, RawReader};
use crate::model::{Digest, MessageNo, Trust};
use crate::query::{Node, Query};
use crate::store::{
    ContentReader, MessageReader, MessageRow, MessageSet, Snapshot, last_message, load_set, message_count, messages,
};
use crate::{Error, Result};

/// Raw bytes that are parsed at a time while the index catches up.
const CHUNK_BYTES: u64 = 16 << 20;

/// Messages after which the index commits while it catches up, so that a kill loses little of a long rebuild.
const COMMIT_MESSAGES: u64 = 100_000;

/// Base64 parts of more decoded bytes than this are not read for a list. Texts in base64 are shorter as a rule; one that is
/// longer has its message read twice.
const LISTED_PART: u64 = 16 << 10;

/// What the index has to learn of a message.
pub(super) struct Document {
    pub(super) message: MessageNo,
    pub(super) digest: Digest,
    pub(super) raw_len: u64,
    pub(super) facts: Facts,
}

/// How far the index is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexStatus {
    /// Messages in the store.
    pub messages: u64,
    /// Messages in the index.
    pub indexed: u64,
    /// The newest message in the store.
    pub last_message: u64,
    /// The newest message that the index has seen.
    pub last_indexed: u64,
    /// Whether both agree.
    pub current: bool,
    /// Messages with attachments that are still to be read; the next search reads them first.
    pub attachments_unread: u64,
    /// Size of the index in bytes.
    pub bytes: u64,
}

impl Archive {
    /// How far the index is, without bringing it further.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn index_status(&self) -> Result<IndexStatus> {
        let snapshot = self.store.snapshot()?;
        let (messages, indexed) = (message_count(&snapshot)?, self.index.messages()?);
        let (last_message, last_indexed) = (last_message(&snapshot)?, self.index.last_message()?);
        Ok(IndexStatus {
            messages,
            indexed,
            last_message: last_message.0,
            last_indexed: last_indexed.0,
            current: messages == indexed && last_message == last_indexed,
            attachments_unread: load_set(&snapshot, MessageSet::AttachmentsUnread)?.len(),
            bytes: directory_bytes(self.index.directory()),
        })
    }

    /// Deletes the index and makes it anew from the store. `progress` is told how many messages of how many are done.
    ///
    /// # Errors
    /// The store or the index failed, or the disk is full. Run it again.
    pub fn rebuild_index(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<IndexStatus> {
        self.index.remove()?;
        self.catch_up(progress)?;
        let status = self.index_status()?;
        self.record_alone("index.rebuild", "", &format!("{} messages indexed", status.indexed))?;
        Ok(status)
    }

    /// Brings the index to the state of the store, and reads attachments that were left for later. Cheap where it is
    /// there already.
    ///
    /// # Errors
    /// The store or the index failed, or the disk is full.
    pub fn catch_up(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        self.follow(progress)?;
        self.read_unread(&mut || false, progress)
    }

    /// Brings the index to the state of the store; attachments that were left for later are not read.
    pub(super) fn follow(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let (last, mut done) = (last_message(&snapshot)?, self.index.last_message()?);
        if done > last {
            return Err(Error::Corrupt(format!(
                "the index knows message {done} and the store only {last}: was an older store put in its place? run \
                 `custodia index rebuild`"
            )));
        }
        if done.0 == 0 && last.0 > 0 {
            self.note_new_index()?;
        }
        let mut reader = ContentReader::new(&snapshot)?;
        let (mut since_commit, mut freed) = (0, Vec::new());
        let stale = if done < last { Some(Stale::of(&snapshot)?) } else { None };
        while let Some(stale) = stale.as_ref().filter(|_| done < last) {
            let rows = next_rows(&snapshot, done)?;
            let Some((newest, _)) = rows.last() else { break };
            done = *newest;
            since_commit += rows.len() as u64;
            let documents = self.documents(&mut reader, rows)?;
            // What is not searched is noted before the index says that it has the message, what is searched after that.
            let (marked, searched) = stale.outcomes(&snapshot, &documents)?;
            self.note_unsearched("attachments.unread", &marked)?;
            freed.extend(searched);
            self.index_documents(documents)?;
            if since_commit >= COMMIT_MESSAGES {
                self.index.commit(done)?;
                self.note_unsearched("attachments.read", &std::mem::take(&mut freed))?;
                since_commit = 0;
            }
            progress(done.0, last.0);
        }
        if self.index.last_message()? != last {
            self.index.commit(last)?;
            self.index.close()?;
        }
        self.note_unsearched("attachments.read", &freed)?;
        if self.index.messages()? != message_count(&snapshot)? {
            self.forget_destroyed(&snapshot)?;
        }
        Ok(())
    }

    pub(super) fn index_documents(&mut self, documents: Vec<Document>) -> Result<()> {
        self.index.expect(documents.len(), documents.iter().map(|document| document.raw_len.min(LARGE)).sum())?;
        for Document { message, digest, raw_len, facts } in documents {
            self.index.add(message, &digest, raw_len, &facts)?;
        }
        Ok(())
    }

    /// Commits the index at the newest message of the store.
    pub(super) fn commit_index(&mut self) -> Result<()> {
        let last = last_message(&self.store.snapshot()?)?;
        self.index.commit(last)?;
        self.index.close()
    }

    /// Removes messages from the index that the store has no longer: a run was killed between a disposition's commit
    /// and the index's.
    fn forget_destroyed(&mut self, snapshot: &Snapshot) -> Result<()> {
        let mut live = RoaringTreemap::new();
        messages(snapshot, MessageNo(0), |no, _| {
            live.insert(no.0);
            Ok(())
        })?;
        let indexed = self.index.matches(&Query { root: Node::All }, MessageNo(0))?;
        if let Some(lost) = (&live - &indexed).min() {
            return Err(Error::Corrupt(format!("the index lacks message {lost}: run `custodia index rebuild`")));
        }
        for gone in &(&indexed - &live) {
            self.index.delete(MessageNo(gone))?;
        }
        self.index.commit(last_message(snapshot)?)?;
        self.index.erase_deleted()
    }

    fn documents(&self, reader: &mut ContentReader, rows: Vec<(MessageNo, MessageRow)>) -> Result<Vec<Document>> {
        let mut raws = Vec::with_capacity(rows.len());
        for (no, row) in rows {
            let raw = if row.raw_len <= LARGE { Some((reader.raw(&row)?, reader.trust(&row)?)) } else { None };
            raws.push((no, row, raw));
        }
        let parsed: Vec<_> = raws
            .into_par_iter()
            .map(|(no, row, raw)| {
                let facts = raw.map(|(raw, trust)| message::facts_with(&raw, trust, &Quick::default()));
                (no, row, facts)
            })
            .collect();
        parsed
            .into_iter()
            .map(|(message, row, facts)| {
                let facts = match facts {
                    Some(facts) => facts,
                    None => large(&self.directory, reader, &row, &Files::Quick(&Quick::default()))?,
                };
                Ok(Document { message, digest: row.digest, raw_len: row.raw_len, facts })
            })
            .collect()
    }
}

/// What can be read out of a stored message, its attachments aside; a large one is spooled in `directory` meanwhile.
pub(super) fn read_facts(directory: &Path, reader: &mut ContentReader, row: &MessageRow) -> Result<Facts> {
    let trust = reader.trust(row)?;
    if row.raw_len <= LARGE {
        return Ok(message::facts_trusting(&reader.raw(row)?, trust));
    }
    large(directory, reader, row, &Files::Unread)
}

/// The same for a list of messages, which needs nothing of large attachments: these are not read, and a message that has them
/// is not checked against its digest.
pub(super) fn listed_facts(directory: &Path, reader: &mut ContentReader, row: &MessageRow) -> Result<Facts> {
    let trust = reader.trust(row)?;
    let reduced = reader.reduced(row, LISTED_PART, LARGE)?;
    let facts = reduced.and_then(|reduced| reduced_facts(&reduced, trust, row.content_hash));
    facts.map_or_else(|| read_facts(directory, reader, row), Ok)
}

/// What can be read out of stored messages, their attachments aside.
pub(super) fn read_facts_of(
    directory: &Path,
    reader: &mut ContentReader,
    rows: Vec<(MessageNo, MessageRow)>,
) -> Result<Vec<(MessageNo, MessageRow, Facts)>> {
    let mut read = Vec::with_capacity(rows.len());
    for (no, row) in rows {
        let raw = if row.raw_len <= LARGE { Some((reader.raw(&row)?, reader.trust(&row)?)) } else { None };
        read.push((no, row, raw));
    }
    let parse = |(no, row, raw): (MessageNo, MessageRow, Option<(Vec<u8>, Trust)>)| {
        (no, row, raw.map(|(raw, trust)| message::facts_trusting(&raw, trust)))
    };
    let parsed: Vec<_> = read.into_par_iter().map(parse).collect();
    let whole = |(no, row, facts): (MessageNo, MessageRow, Option<Facts>)| {
        let facts = facts.map_or_else(|| large(directory, reader, &row, &Files::Unread), Ok)?;
        Ok((no, row, facts))
    };
    parsed.into_iter().map(whole).collect()
}

/// What can be read out of a large stored message; it is spooled in `directory` meanwhile.
pub(super) fn large(
    directory: &Path,
    reader: &mut ContentReader,
    row: &MessageRow,
    files: &Files<'_, '_>,
) -> Result<Facts> {
    let trust = reader.trust(row)?;
    let (spool, segmentation) = segmented(directory, reader, row)?;
    large_facts(&spool, &segmentation, trust, files).map_err(Error::io("read the spool file of", directory))
}

/// A large message in a spool file, and where its parts are.
fn segmented(directory: &Path, reader: &mut ContentReader, row: &MessageRow) -> Result<(FileRange, Segmentation)> {
    let spool = spool(directory, reader, row)?;
    let segmentation = segment::segment(&mut BufReader::with_capacity(1 << 20, RawReader::new(&spool, 0, row.raw_len)))
        .map_err(Error::io("read the spool file of", directory))?;
    Ok((spool, segmentation))
}

/// The raw bytes of a large message in an unnamed file in `directory`.
pub(super) fn spool(directory: &Path, reader: &mut ContentReader, row: &MessageRow) -> Result<FileRange> {
    let mut file = tempfile::tempfile_in(directory).map_err(Error::io("create a spool file in", directory))?;
    reader.stream(row, &mut file)?;
    Ok(FileRange::new(Arc::new(file), 0, row.raw_len))
}

/// The messages after a number, up to 16 MiB of them.
pub(super) fn next_rows(snapshot: &Snapshot, after: MessageNo) -> Result<Vec<(MessageNo, MessageRow)>> {
    let mut rows = Vec::new();
    let mut bytes = 0;
    let mut no = after;
    let (last, mut reader) = (last_message(snapshot)?, MessageReader::new(snapshot)?);
    while bytes < CHUNK_BYTES && no < last {
        no = MessageNo(no.0 + 1);
        if let Some(row) = reader.get(no)? {
            bytes += row.raw_len.min(LARGE);
            rows.push((no, row));
        }
    }
    Ok(rows)
}

pub(super) fn directory_bytes(directory: &Path) -> u64 {
    let entries = walkdir::WalkDir::new(directory).into_iter().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).filter(std::fs::Metadata::is_file).map(|m| m.len()).sum()
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;
    use crate::archive::test_archive::new_archive;
    use crate::archive::{ImportOptions, Interrupt};

    /// A body of base64, as mail programs write it.
    fn base64(seed: u8, len: usize) -> String {
        let bytes: Vec<u8> = (0..len).map(|at| (at * 31 + at / 251) as u8 ^ seed).collect();
        lines(&bytes)
    }

    fn lines(bytes: &[u8]) -> String {
        let lines = bytes.chunks(57).map(|line| format!("{}\r\n", BASE64.encode(line)));
        lines.collect()
    }

    fn part(media_type: &str, body: &str) -> String {
        format!("--b\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}")
    }

    fn mail(fields: &str, parts: &[String]) -> String {
        format!(
            "From: a@x.example\r\nTo: b@x.example\r\nSubject: ship\r\n{fields}MIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nharbour\r\n{}--b--\r\n",
            parts.concat()
        )
    }

    #[test]
    fn a_list_says_of_messages_what_reading_all_of_them_says() {
        let plan = || part("application/pdf; name=plan.pdf", &base64(1, 40_000));
        let long_text = || "a long letter about the harbour\r\n".repeat(1_000);
        let letter = "From: c@x.example\r\nSubject: inner\r\n\r\n".to_owned() + &long_text();
        let attached = |inner: &str| format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}");
        // How many parts each leaves out, of which the last ones are then read all the same.
        let mails = [
            (0, "From: a@x.example\r\nSubject: plain\r\n\r\nharbour\r\n".to_owned()),
            (0, mail("", &[part("image/png; name=logo.png", &base64(2, 4_000))])),
            (1, mail("", &[plan()])),
            (3, mail("", &[plan(), plan(), part("image/png", &base64(3, 90_000))])),
            (1, mail("", &[part("application/pdf; name=odd.pdf", &(base64(4, 40_000) + "behind it!\r\n"))])),
            (1, mail("", &[part("text/plain", &lines(long_text().as_bytes()))])),
            (1, mail("", &[part("message/rfc822", &lines(letter.as_bytes()))])),
            (1, mail("", &[attached(&mail("X-Inner: 1\r\n", &[plan()]).replace("--b", "--c").replace("=b", "=c"))])),
            (
                1,
                mail(
                    "X-MS-Journal-Report:\r\nMessage-ID: <report@x.example>\r\n",
                    &[part("message/rfc822", &lines(letter.as_bytes()))],
                )
                .replace("\r\nharbour\r\n", "\r\nSender: a@x.example\r\nSubject: inner\r\nRecipient: d@x.example\r\n"),
            ),
        ];
        let (directory, mut archive) = new_archive();
        let source = directory.path().join("mails");
        std::fs::create_dir(&source).unwrap();
        for (n, (_, mail)) in mails.iter().enumerate() {
            std::fs::write(source.join(format!("{n}.eml")), mail).unwrap();
        }
        let options = ImportOptions {
            paths: vec![source],
            mailbox: Some("ann@firm.example".to_owned()),
            create_mailboxes: true,
            ..ImportOptions::default()
        };
        archive.import(&options, &Interrupt::default(), &mut |_| {}).unwrap();
        let snapshot = archive.store.snapshot().unwrap();
        let mut reader = ContentReader::new(&snapshot).unwrap();
        let rows = next_rows(&snapshot, MessageNo(0)).unwrap();
        assert_eq!(rows.len(), mails.len());
        for ((_, row), (omitted, mail)) in rows.iter().zip(&mails) {
            assert_eq!(row.digest, Digest::of(mail.as_bytes()));
            let reduced = reader.reduced(row, LISTED_PART, LARGE).unwrap().unwrap();
            assert_eq!(reduced.omitted.len(), *omitted, "{}", mail.get(..200).unwrap_or(mail));
            assert!(reduced.bytes.len() < 16_000 + 2_000 * omitted, "{}", reduced.bytes.len());
            let listed = listed_facts(&archive.directory, &mut reader, row).unwrap();
            assert_eq!(listed, read_facts(&archive.directory, &mut reader, row).unwrap());
        }
        assert!(reader.reduced(&rows[3].1, LISTED_PART, 500).unwrap().is_none(), "what is left is too large");
    }
}
