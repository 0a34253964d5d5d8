//! What is said about hold notices: each with where everybody stands.

use super::super::Archive;
use super::super::case::find as find_case;
use super::course::{NoticeStanding, Scope, standing};
use super::find;
use crate::model::{Case, HoldNotice, Mailbox, MailboxNo, NotifiedCustodian};
use crate::store::{Tables, cases, hold_notice_letter, hold_notices, mailboxes};
use crate::{Error, Result};

/// A custodian whom a notice is or was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifiedPerson {
    /// Address of the person's mailbox.
    pub address: String,
    /// Its display name; may be empty.
    pub name: String,
    /// Where it stands, and what is next.
    pub standing: NoticeStanding,
    /// What happened.
    pub custodian: NotifiedCustodian,
}

/// A hold notice with where everybody stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldNoticeReport {
    /// The notice.
    pub notice: HoldNotice,
    /// The name of its case.
    pub case: String,
    /// Its custodians, in the order of adding.
    pub people: Vec<NotifiedPerson>,
}

impl Archive {
    /// All hold notices, or those of a case, in the order of creation.
    ///
    /// # Errors
    /// There is no such case, or the store failed.
    pub fn list_hold_notices(&self, case: Option<&str>) -> Result<Vec<HoldNoticeReport>> {
        let snapshot = self.store.snapshot()?;
        let case = case.map(|case| find_case(&snapshot, case)).transpose()?;
        let mut all = hold_notices(&snapshot)?;
        all.retain(|notice| case.as_ref().is_none_or(|case| case.id == notice.case));
        all.sort_by_key(|notice| (notice.created_at, notice.id));
        let places = Places::of(&snapshot)?;
        Ok(all.into_iter().map(|notice| places.report(notice)).collect())
    }

    /// One hold notice, by name, id, or unique prefix of its id.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_hold_notice(&self, name: &str) -> Result<HoldNoticeReport> {
        let snapshot = self.store.snapshot()?;
        let notice = find(&snapshot, name)?;
        Ok(Places::of(&snapshot)?.report(notice))
    }

    /// A letter of a notice as it was written, an RFC 5322 message.
    ///
    /// # Errors
    /// There is no such notice or letter.
    pub fn hold_notice_letter(&self, name: &str, number: u64) -> Result<Vec<u8>> {
        let snapshot = self.store.snapshot()?;
        let notice = find(&snapshot, name)?;
        let letter = hold_notice_letter(&snapshot, notice.id, number)?;
        letter.ok_or_else(|| Error::NotFound { what: "letter of the notice", id: number.to_string() })
    }
}

/// What reports on notices are made of.
pub(super) struct Places {
    cases: Vec<Case>,
    mailboxes: Vec<Mailbox>,
}

impl Places {
    pub(super) fn of(tables: &impl Tables) -> Result<Self> {
        Ok(Self { cases: cases(tables)?, mailboxes: mailboxes(tables)? })
    }

    pub(super) fn case(&self, notice: &HoldNotice) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == notice.case)
    }

    pub(super) fn mailbox(&self, no: MailboxNo) -> Option<&Mailbox> {
        self.mailboxes.iter().find(|mailbox| mailbox.no == no)
    }

    pub(super) fn standing(&self, notice: &HoldNotice, custodian: &NotifiedCustodian) -> NoticeStanding {
        standing(notice, custodian, scope(self.case(notice), custodian))
    }

    pub(super) fn report(&self, notice: HoldNotice) -> HoldNoticeReport {
        let people = notice.custodians.iter().map(|custodian| {
            let mailbox = self.mailbox(custodian.mailbox);
            NotifiedPerson {
                address: mailbox.map_or_else(String::new, |mailbox| mailbox.address.clone()),
                name: mailbox.map_or_else(String::new, |mailbox| mailbox.display_name.clone()),
                standing: self.standing(&notice, custodian),
                custodian: custodian.clone(),
            }
        });
        let people = people.collect();
        let case = self.case(&notice).map_or_else(String::new, |case| case.name.clone());
        HoldNoticeReport { notice, case, people }
    }
}

/// Whether somebody is in scope of the case: one that is closed or deleted has nobody in scope.
pub(super) fn scope(case: Option<&Case>, notified: &NotifiedCustodian) -> Scope {
    let Some(case) = case else { return Scope::Left(notified.added_at) };
    if let Some(end) = case.closed.as_ref().or(case.deleted.as_ref()) {
        return Scope::Left(end.at);
    }
    match case.custodians.iter().rfind(|custodian| custodian.mailbox == notified.mailbox) {
        None => Scope::Left(notified.added_at),
        Some(custodian) => {
            custodian.released.as_ref().map_or(Scope::Since(custodian.added_at), |release| Scope::Left(release.at))
        }
    }
}
