//! Hold notices: written, issued, acknowledged. They decide nothing over what is preserved.

mod course;
mod issue;
mod letter;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use super::Archive;
use super::case::open_case;
use super::mailboxes::find_mailbox;
use super::named::find_named;
use crate::model::{
    Case, CaseId, HoldNotice, HoldNoticeId, LetterKind, LetterText, MailboxNo, NoticeEntry, NoticeEvent,
    NotifiedCustodian, PortalText, Repetition, UtcTime,
};
use crate::people::{header_form, normalize_address};
use crate::store::{Snapshot, Tables, Transaction, hold_notices, mailbox, put_hold_notice};
use crate::{Error, Result};

pub use course::{NoticeStanding, NoticeState};
use course::{current, standing};
pub use issue::IssuedLetter;
use letter::{check_letter, check_text};
pub use report::{HoldNoticeReport, NotifiedPerson};
use report::{Places, scope};

/// Most days between two letters, and most repetitions of one.
const MOST: u32 = 3_650;

/// A hold notice to be created.
#[derive(Debug, Clone)]
pub struct NewHoldNotice {
    /// Its name.
    pub name: String,
    /// The case: name, id, or the beginning of its id.
    pub case: String,
    /// The custodians' mailboxes; none are all custodians of the case that no other notice of it is for.
    pub custodians: Vec<String>,
    /// What it says, and when.
    pub said: HoldNoticeChange,
}

/// What a notice says, and when; `None` and what is missing leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct HoldNoticeChange {
    /// The officer in whose name it is issued: `lena@firm.example`, or `Lena Law <lena@firm.example>`.
    pub officer: Option<String>,
    /// Letters.
    pub letters: BTreeMap<LetterKind, LetterText>,
    /// Letters that go out no longer: reminders and escalations.
    pub without: BTreeSet<LetterKind>,
    /// A new portal text: everybody is told again.
    pub portal: Option<String>,
    /// When reminders go out.
    pub reminders: Option<Repetition>,
    /// When escalations go out.
    pub escalations: Option<Repetition>,
}

impl Archive {
    /// Creates a hold notice. Nothing goes out by that.
    ///
    /// # Errors
    /// The name is empty or taken, there is no such open case or custodian, another notice of the case is for one of them, a letter
    /// is missing or cannot be sent, or the officer has no address.
    pub fn create_hold_notice(&mut self, new: &NewHoldNotice) -> Result<HoldNoticeReport> {
        if new.name.trim().is_empty() {
            return Err(Error::InvalidInput("a hold notice needs a name".to_owned()));
        }
        let snapshot = self.store.snapshot()?;
        if hold_notices(&snapshot)?.iter().any(|notice| notice.name == new.name) {
            return Err(Error::AlreadyExists { what: "hold notice", id: new.name.clone() });
        }
        let case = open_case(&snapshot, &new.case)?;
        let transaction = self.store.begin()?;
        let at = self.act_time(&transaction)?;
        let mut notice = HoldNotice {
            id: HoldNoticeId(self.new_id("hold notice", &new.name)),
            case: case.id,
            name: new.name.clone(),
            officer_name: String::new(),
            officer_address: String::new(),
            letters: BTreeMap::new(),
            reminders: None,
            escalations: None,
            portal: Vec::new(),
            written: 0,
            created_at: at,
            created_by: self.session.actor.clone(),
            custodians: Vec::new(),
        };
        self.apply(&transaction, &mut notice, &new.said)?;
        let taken = told(&snapshot, case.id)?;
        let wanted = if new.custodians.is_empty() {
            in_scope(&case).filter(|mailbox| !taken.contains_key(mailbox)).collect()
        } else {
            addressed(&snapshot, &case, &taken, &new.custodians)?
        };
        if wanted.is_empty() {
            return Err(Error::InvalidInput(format!(
                "case `{}` has no custodian whom no notice is for: add one with `custodia custodian add`",
                case.name
            )));
        }
        notice.custodians = notified(&snapshot, wanted, at)?;
        let outcome = format!("for case `{}`, to {} custodians", case.name, notice.custodians.len());
        self.write_notice(transaction, &notice, "hold.notice.create", &outcome)
    }

    /// Changes what a notice says. With another portal text, everybody has to be told again: acknowledgements no longer count, and
    /// reminders begin anew.
    ///
    /// # Errors
    /// There is none, nothing is changed by it, or as for [`Archive::create_hold_notice`].
    pub fn change_hold_notice(&mut self, name: &str, change: &HoldNoticeChange) -> Result<HoldNoticeReport> {
        let transaction = self.store.begin()?;
        let before = find(&transaction, name)?;
        let mut notice = before.clone();
        self.apply(&transaction, &mut notice, change)?;
        if notice == before {
            return Err(Error::InvalidInput(format!("that changes nothing of hold notice `{}`", before.name)));
        }
        let outcome = if notice.version() == before.version() {
            format!("changed; the portal text is version {} as before", notice.version())
        } else {
            format!("portal text version {}: everybody is to be told again", notice.version())
        };
        self.write_notice(transaction, &notice, "hold.notice.change", &outcome)
    }

    /// Has a notice be for more custodians of its case.
    ///
    /// # Errors
    /// There is none, the case is closed, or one of them is no custodian of it, or is told by a notice of it already.
    pub fn add_to_hold_notice(&mut self, name: &str, addresses: &[String]) -> Result<HoldNoticeReport> {
        let snapshot = self.store.snapshot()?;
        let mut notice = find(&snapshot, name)?;
        let case = open_case(&snapshot, &notice.case.to_string())?;
        let added = addressed(&snapshot, &case, &told(&snapshot, case.id)?, addresses)?;
        let transaction = self.store.begin()?;
        let at = self.act_time(&transaction)?;
        notice.custodians.extend(notified(&snapshot, added, at)?);
        self.write_notice(transaction, &notice, "hold.notice.add", &format!("to {} too", addresses.join(", ")))
    }

    /// Records that a custodian has acknowledged the last letter. `comment` says how it is known.
    ///
    /// # Errors
    /// There is no such notice or custodian, nothing was issued yet, or it is acknowledged already.
    pub fn acknowledge_hold_notice(
        &mut self,
        name: &str,
        address: &str,
        channel: &str,
        comment: &str,
    ) -> Result<HoldNoticeReport> {
        let snapshot = self.store.snapshot()?;
        let mut notice = find(&snapshot, name)?;
        let mailbox = find_mailbox(&snapshot, address)?;
        let transaction = self.store.begin()?;
        let (at, by) = (self.act_time(&transaction)?, self.session.actor.clone());
        let places = Places::of(&transaction)?;
        let case = places.case(&notice);
        let Some(custodian) = notice.custodians.iter_mut().find(|one| one.mailbox == mailbox) else {
            return Err(Error::NotFound { what: "custodian on the notice", id: address.to_owned() });
        };
        let version = match current(custodian, scope(case, custodian)).last() {
            None => {
                return Err(Error::InvalidInput(format!(
                    "nothing that {address} could acknowledge was issued: `custodia hold notice issue` writes what is due"
                )));
            }
            Some(NoticeEntry { event: NoticeEvent::Acknowledged { .. }, at, .. }) => {
                return Err(Error::InvalidInput(format!("{address} has acknowledged it already, recorded at {at}")));
            }
            Some(entry) => entry.version,
        };
        let event = NoticeEvent::Acknowledged { comment: comment.to_owned() };
        custodian.entries.push(NoticeEntry { event, at, by, channel: channel.to_owned(), version });
        let outcome = format!("{address} acknowledged portal text version {version} by {channel}; {comment}");
        self.write_notice(transaction, &notice, "hold.notice.acknowledge", &outcome)
    }

    fn apply(&self, transaction: &Transaction, notice: &mut HoldNotice, change: &HoldNoticeChange) -> Result<()> {
        if let Some(officer) = &change.officer {
            let (name, address) = officer.rsplit_once('<').map_or(("", officer.as_str()), |(name, rest)| (name, rest));
            notice.officer_address = normalize_address(address.trim_end_matches('>')).map_err(Error::InvalidInput)?;
            check_mailable(&notice.officer_address)?;
            name.trim().trim_matches('"').clone_into(&mut notice.officer_name);
        }
        for kind in &change.without {
            notice.letters.remove(kind);
            match kind {
                LetterKind::Reminder => notice.reminders = None,
                LetterKind::Escalation => notice.escalations = None,
                // A notice without one of these is refused.
                LetterKind::Issuance | LetterKind::Reissuance | LetterKind::Release => {}
            }
        }
        for (kind, letter) in &change.letters {
            check_letter(kind.as_str(), letter)?;
            notice.letters.insert(*kind, letter.clone());
        }
        if let Some(text) = change.portal.as_ref().filter(|text| notice.portal.last().is_none_or(|p| p.text != **text))
        {
            check_text("portal", text)?;
            let (at, by) = (self.act_time(transaction)?, self.session.actor.clone());
            notice.portal.push(PortalText { text: text.clone(), at, by });
        }
        notice.reminders = change.reminders.or(notice.reminders);
        notice.escalations = change.escalations.or(notice.escalations);
        check_complete(notice)
    }

    fn write_notice(
        &self,
        transaction: Transaction,
        notice: &HoldNotice,
        action: &str,
        outcome: &str,
    ) -> Result<HoldNoticeReport> {
        put_hold_notice(&transaction, notice)?;
        self.record(&transaction, action, &notice.id.to_string(), outcome)?;
        let report = Places::of(&transaction)?.report(notice.clone());
        transaction.commit()?;
        Ok(report)
    }
}

/// Refuses a notice that lacks something, or has something that it could never say.
fn check_complete(notice: &HoldNotice) -> Result<()> {
    let refused = |why: String| Err(Error::InvalidInput(format!("hold notice `{}` {why}", notice.name)));
    if notice.officer_address.is_empty() {
        return refused("needs an officer in whose name it is issued".to_owned());
    }
    if notice.portal.is_empty() {
        return refused("needs a portal text: what is to be preserved, and what to do".to_owned());
    }
    for kind in [LetterKind::Issuance, LetterKind::Reissuance, LetterKind::Release] {
        if !notice.letters.contains_key(&kind) {
            return refused(format!("needs a text for its {}", kind.as_str()));
        }
    }
    for (kind, repetition) in [(LetterKind::Reminder, notice.reminders), (LetterKind::Escalation, notice.escalations)] {
        let word = kind.as_str();
        match (notice.letters.contains_key(&kind), repetition) {
            (true, None) => return refused(format!("has a text for its {word}, and does not say when it goes out")),
            (false, Some(_)) => return refused(format!("says when its {word} goes out, and has no text for it")),
            (_, Some(Repetition { days, times })) if !(1..=MOST).contains(&days) || !(1..=MOST).contains(&times) => {
                return refused(format!("can have its {word} from 1 to {MOST} times, from 1 to {MOST} days apart"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The custodians whom a notice of the case is for, with its name.
fn told(snapshot: &Snapshot, case: CaseId) -> Result<BTreeMap<MailboxNo, String>> {
    let of_case = hold_notices(snapshot)?.into_iter().filter(|notice| notice.case == case);
    Ok(of_case
        .flat_map(|notice| {
            let name = notice.name;
            notice.custodians.into_iter().map(move |custodian| (custodian.mailbox, name.clone()))
        })
        .collect())
}

/// The notices of a case by whom they are for: the name of each, and where it stands with the custodian.
pub(super) fn notices_of(tables: &impl Tables, case: &Case) -> Result<BTreeMap<MailboxNo, (String, NoticeState)>> {
    let mut found = BTreeMap::new();
    for notice in hold_notices(tables)?.into_iter().filter(|notice| notice.case == case.id) {
        for custodian in &notice.custodians {
            let standing = standing(&notice, custodian, scope(Some(case), custodian));
            found.insert(custodian.mailbox, (notice.name.clone(), standing.state));
        }
    }
    Ok(found)
}

/// The mailboxes of the custodians of a case, those who were released left out.
fn in_scope(case: &Case) -> impl Iterator<Item = MailboxNo> + '_ {
    case.custodians.iter().filter(|custodian| custodian.released.is_none()).map(|custodian| custodian.mailbox)
}

/// The custodians of a case with these addresses, whom no notice of it is for.
fn addressed(
    snapshot: &Snapshot,
    case: &Case,
    taken: &BTreeMap<MailboxNo, String>,
    addresses: &[String],
) -> Result<Vec<MailboxNo>> {
    let mut found = Vec::new();
    for address in addresses {
        let mailbox = find_mailbox(snapshot, address)?;
        if !in_scope(case).any(|one| one == mailbox) {
            return Err(Error::InvalidInput(format!(
                "{address} is no custodian of case `{}`: add the person with `custodia custodian add`",
                case.name
            )));
        }
        if let Some(notice) = taken.get(&mailbox) {
            return Err(Error::InvalidInput(format!(
                "hold notice `{notice}` is for {address} already: a custodian has one notice in a case"
            )));
        }
        if !found.contains(&mailbox) {
            found.push(mailbox);
        }
    }
    Ok(found)
}

/// Custodians whom a notice is for from now on. Whom no mail reaches is refused.
fn notified(snapshot: &Snapshot, of: Vec<MailboxNo>, added_at: UtcTime) -> Result<Vec<NotifiedCustodian>> {
    let notified = of.into_iter().map(|no| {
        check_mailable(&mailbox(snapshot, no)?.address)?;
        Ok(NotifiedCustodian { mailbox: no, added_at, entries: Vec::new() })
    });
    notified.collect()
}

fn check_mailable(address: &str) -> Result<()> {
    let refused = || {
        Error::InvalidInput(format!(
            "no letter could go to `{address}`: what follows its `@` is no domain; name people whom mail reaches"
        ))
    };
    header_form(address).map(drop).ok_or_else(refused)
}

/// The notice, by name, id, or unique prefix of its id.
fn find(tables: &impl Tables, name: &str) -> Result<HoldNotice> {
    find_named("hold notice", hold_notices(tables)?, name, |notice| (&notice.name, notice.id))
}
