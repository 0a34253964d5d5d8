//! Custodians of legal cases: added, released, listed.

use super::Archive;
use super::case::{find, of_case, open_case, state_of};
use super::hold::{HoldState, covers_mailbox, narrowings, require_reason};
use super::hold_notice::{NoticeState, notices_of};
use super::mailboxes::find_mailbox;
use crate::model::{Case, CaseId, Custodian, Hold, HoldScope, Mailbox, MailboxNo};
use crate::store::{Snapshot, Transaction, cases, mailboxes, put_case, put_hold};
use crate::{Error, Result};

/// A person in scope of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodianReport {
    /// The case.
    pub case: CaseId,
    /// Its name.
    pub case_name: String,
    /// The word for where it stands.
    pub case_state: &'static str,
    /// Address of the person's mailbox.
    pub address: String,
    /// Display name of the mailbox; may be empty.
    pub name: String,
    /// Since when the person is in scope, and until when.
    pub custodian: Custodian,
    /// The holds of the case that hold something of the mailbox now, by name, with where each stands.
    pub holds: Vec<(String, HoldState)>,
    /// The hold notice of the case that is for the person, by name, with where it stands.
    pub notice: Option<(String, NoticeState)>,
}

impl Archive {
    /// Adds custodians to an open case: all of them, or none. Holds of the case that cover its custodians cover their mailboxes
    /// from now on.
    ///
    /// # Errors
    /// There is no such case or mailbox, the case is closed, or one of them is a custodian already.
    pub fn add_custodians(&mut self, case: &str, addresses: &[String]) -> Result<Vec<CustodianReport>> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut case = open_case(&snapshot, case)?;
        let transaction = self.store.begin()?;
        let mut added = Vec::new();
        for address in addresses {
            let mailbox = find_mailbox(&snapshot, address)?;
            if case.custodians.iter().any(|one| one.mailbox == mailbox && one.released.is_none()) {
                return Err(Error::AlreadyExists { what: "custodian", id: address.clone() });
            }
            let (added_at, added_by) = (self.act_time(&transaction)?, self.session.actor.clone());
            case.custodians.push(Custodian { mailbox, added_at, added_by, released: None });
            added.push(mailbox);
        }
        let mut widened = 0;
        for mut hold in of_case(&transaction, case.id)? {
            if hold.released.is_some() || !hold.follows_custodians {
                continue;
            }
            // A mailbox that is named already stays covered when its owner is no longer a custodian.
            if let Some(mailboxes) = hold.scope.mailboxes.as_mut() {
                let new: Vec<MailboxNo> =
                    added.iter().copied().filter(|mailbox| !mailboxes.contains(mailbox)).collect();
                hold.custodians.extend(&new);
                mailboxes.extend(new);
                mailboxes.sort_unstable();
            }
            put_hold(&transaction, &hold)?;
            widened += 1;
        }
        let covered = if addresses.len() == 1 { "the mailbox" } else { "the mailboxes" };
        let outcome = format!("{} added; {widened} holds cover {covered} too", addresses.join(", "));
        self.write_custodians(transaction, &case, "custodian.add", &outcome)?;
        self.custodians_in(&case, |custodian| custodian.released.is_none() && added.contains(&custodian.mailbox))
    }

    /// Releases a custodian: holds of the case that covered the mailbox for that reason alone no longer do, after 30
    /// days.
    ///
    /// # Errors
    /// There is no such case or custodian, no reason is given, or the consent of a second person is needed and missing.
    pub fn release_custodian(&mut self, case: &str, address: &str, reason: &str) -> Result<Vec<CustodianReport>> {
        require_reason("releasing a custodian", reason)?;
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut case = find(&snapshot, case)?;
        let mailbox = find_mailbox(&snapshot, address)?;
        let release = self.release_now(&snapshot, reason)?;
        let Some(custodian) = case.custodians.iter_mut().find(|one| one.mailbox == mailbox && one.released.is_none())
        else {
            return Err(Error::NotFound { what: "custodian", id: address.to_owned() });
        };
        custodian.released = Some(release);
        let released = custodian.clone();
        let changes = without_custodian(of_case(&snapshot, case.id)?, mailbox);
        let transaction = self.begin_narrowing(&narrowings(&snapshot, &changes, self.now())?)?;
        let narrowed = changes.len();
        for (mut hold, scope) in changes {
            let why = format!("{address} is no longer a custodian: {reason}");
            self.replace_scope(&snapshot, &transaction, &mut hold, scope, &why)?;
        }
        let outcome = format!("{address} released; {narrowed} holds leave the mailbox after 30 days; reason: {reason}");
        self.write_custodians(transaction, &case, "custodian.release", &outcome)?;
        self.custodians_in(&case, |custodian| *custodian == released)
    }

    /// The custodians of a case, or of all cases that are not deleted, those who were released included, case after case in the
    /// order of creation.
    ///
    /// # Errors
    /// There is no such case, or the store failed.
    pub fn list_custodians(&self, case: Option<&str>) -> Result<Vec<CustodianReport>> {
        self.custodians(case, |_| true)
    }

    /// The cases in which the owner of a mailbox is or was a custodian.
    ///
    /// # Errors
    /// There is no such mailbox, or the store failed.
    pub fn show_custodian(&self, address: &str) -> Result<Vec<CustodianReport>> {
        let mailbox = find_mailbox(&self.store.snapshot()?, address)?;
        self.custodians(None, |custodian| custodian.mailbox == mailbox)
    }

    fn custodians(&self, case: Option<&str>, wanted: impl Fn(&Custodian) -> bool) -> Result<Vec<CustodianReport>> {
        let snapshot = self.store.snapshot()?;
        let mut of = match case {
            Some(name) => vec![find(&snapshot, name)?],
            None => cases(&snapshot)?.into_iter().filter(|case| case.deleted.is_none()).collect(),
        };
        of.sort_by_key(|case| (case.created_at, case.id));
        let known = mailboxes(&snapshot)?;
        let reports = of.iter().map(|case| self.custodian_reports(&snapshot, &known, case, &wanted));
        Ok(reports.collect::<Result<Vec<_>>>()?.concat())
    }

    fn custodians_in(&self, case: &Case, wanted: impl Fn(&Custodian) -> bool) -> Result<Vec<CustodianReport>> {
        let snapshot = self.store.snapshot()?;
        self.custodian_reports(&snapshot, &mailboxes(&snapshot)?, case, &wanted)
    }

    fn custodian_reports(
        &self,
        snapshot: &Snapshot,
        known: &[Mailbox],
        case: &Case,
        wanted: &impl Fn(&Custodian) -> bool,
    ) -> Result<Vec<CustodianReport>> {
        let (holds, notices, now) = (of_case(snapshot, case.id)?, notices_of(snapshot, case)?, self.now());
        let wanted = case.custodians.iter().filter(|custodian| wanted(custodian));
        let reports = wanted.map(|custodian| {
            let mailbox = known.iter().find(|mailbox| mailbox.no == custodian.mailbox);
            let covering = holds.iter().filter(|hold| covers_mailbox(hold, custodian.mailbox, now));
            CustodianReport {
                case: case.id,
                case_name: case.name.clone(),
                case_state: state_of(case),
                address: mailbox.map_or_else(String::new, |mailbox| mailbox.address.clone()),
                name: mailbox.map_or_else(String::new, |mailbox| mailbox.display_name.clone()),
                custodian: custodian.clone(),
                holds: covering.map(|hold| (hold.name.clone(), HoldState::of(hold, now))).collect(),
                notice: notices.get(&custodian.mailbox).cloned(),
            }
        });
        Ok(reports.collect())
    }

    fn write_custodians(&self, transaction: Transaction, case: &Case, action: &str, outcome: &str) -> Result<()> {
        put_case(&transaction, case)?;
        self.record(&transaction, action, &case.id.to_string(), outcome)?;
        transaction.commit()
    }
}

/// The holds that cover `mailbox` because it is a custodian's, and no longer will, each with the scope that is left.
fn without_custodian(holds: Vec<Hold>, mailbox: MailboxNo) -> Vec<(Hold, HoldScope)> {
    let covering = holds.into_iter().filter(|hold| hold.released.is_none() && hold.custodians.contains(&mailbox));
    let changed = covering.map(|mut hold| {
        hold.custodians.retain(|listed| *listed != mailbox);
        let rest = hold.scope.mailboxes.as_ref().map(|m| m.iter().copied().filter(|m| *m != mailbox).collect());
        let scope = HoldScope { mailboxes: rest, ..hold.scope.clone() };
        (hold, scope)
    });
    changed.collect()
}
