//! Legal cases: created, listed, closed, reopened, deleted; and their custodians.

use super::Archive;
use super::approval::ControlledObject;
use super::hold::{HoldState, digest_of, hold_state, narrowings, require_reason};
use super::mailboxes::find_mailbox;
use super::named::find_named;
use crate::model::{Case, CaseId, ControlledAct, Custodian, Digest, Hold, HoldScope, MailboxNo};
use crate::store::{Snapshot, Tables, Transaction, cases, holds, mailboxes, put_case, put_hold};
use crate::{Error, Result};

/// A case with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseReport {
    /// The case.
    pub case: Case,
    /// The addresses of its custodians, in their order.
    pub custodians: Vec<String>,
    /// Its holds by name, with where each stands.
    pub holds: Vec<(String, HoldState)>,
}

impl CaseReport {
    /// The word for where it stands, used in commands and JSON.
    pub fn state(&self) -> &'static str {
        if self.case.closed.is_some() { "closed" } else { "open" }
    }
}

impl Archive {
    /// Creates a case.
    ///
    /// # Errors
    /// The name is empty or taken, or the store failed.
    pub fn create_case(&mut self, name: &str, description: &str) -> Result<CaseReport> {
        if name.trim().is_empty() {
            return Err(Error::InvalidInput("a case needs a name".to_owned()));
        }
        let transaction = self.store.begin()?;
        if cases(&transaction)?.iter().any(|case| case.deleted.is_none() && case.name == name) {
            return Err(Error::AlreadyExists { what: "case", id: name.to_owned() });
        }
        let case = Case {
            id: CaseId(self.new_id("case", name)),
            name: name.to_owned(),
            description: description.to_owned(),
            created_at: self.act_time(&transaction)?,
            created_by: self.session.actor.clone(),
            custodians: Vec::new(),
            closed: None,
            deleted: None,
        };
        self.write_case(transaction, case, "case.create", description)
    }

    /// All cases but deleted ones, in the order of creation.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_cases(&self) -> Result<Vec<CaseReport>> {
        let snapshot = self.store.snapshot()?;
        let mut all: Vec<Case> = cases(&snapshot)?.into_iter().filter(|case| case.deleted.is_none()).collect();
        all.sort_by_key(|case| (case.created_at, case.id));
        all.into_iter().map(|case| self.case_report(&snapshot, case)).collect()
    }

    /// One case, by name, id, or unique prefix of its id.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_case(&self, name: &str) -> Result<CaseReport> {
        let snapshot = self.store.snapshot()?;
        let case = find(&snapshot, name)?;
        self.case_report(&snapshot, case)
    }

    /// Closes a case. Its holds are released: what they cover stays held for 30 days more.
    ///
    /// # Errors
    /// There is none, it is closed already, no reason is given, or the consent of a second person is needed and missing.
    pub fn close_case(&mut self, name: &str, reason: &str) -> Result<CaseReport> {
        require_reason("closing a case", reason)?;
        self.settle()?;
        let transaction = self.store.begin()?;
        let mut case = find(&transaction, name)?;
        if case.closed.is_some() {
            return Err(Error::InvalidInput(format!("case `{}` is closed already", case.name)));
        }
        let state = Some(case_state(&transaction, case.id)?.0);
        let object = ControlledObject { name: case.id.to_string(), state };
        self.require_approval(&transaction, ControlledAct::CaseClose, object)?;
        case.closed = Some(self.release_now(&transaction, reason)?);
        let on: Vec<Hold> = of_case(&transaction, case.id)?.into_iter().filter(|h| h.released.is_none()).collect();
        let outcome = format!("closed; {} holds released; reason: {reason}", on.len());
        for mut hold in on {
            let why = format!("case `{}` was closed: {reason}", case.name);
            let outcome = self.release_within(&transaction, &mut hold, &why)?;
            self.record(&transaction, "hold.release", &hold.id.to_string(), &outcome)?;
        }
        self.write_case(transaction, case, "case.close", &outcome)
    }

    /// Opens a closed case again. Its holds stay released.
    ///
    /// # Errors
    /// There is none, it is open, or no reason is given.
    pub fn reopen_case(&mut self, name: &str, reason: &str) -> Result<CaseReport> {
        require_reason("reopening a case", reason)?;
        let transaction = self.store.begin()?;
        let mut case = find(&transaction, name)?;
        if case.closed.take().is_none() {
            return Err(Error::InvalidInput(format!("case `{}` is open", case.name)));
        }
        self.write_case(transaction, case, "case.reopen", &format!("reopened; its holds stay off; reason: {reason}"))
    }

    /// Deletes a case whose holds are off; its record is kept and no longer listed.
    ///
    /// # Errors
    /// There is none, one of its holds still holds something, or no reason is given.
    pub fn delete_case(&mut self, name: &str, reason: &str) -> Result<CaseReport> {
        require_reason("deleting a case", reason)?;
        let transaction = self.store.begin()?;
        let mut case = find(&transaction, name)?;
        let now = self.now();
        let left = of_case(&transaction, case.id)?.into_iter().find(|hold| HoldState::of(hold, now) != HoldState::Off);
        if let Some(hold) = left {
            let state = HoldState::of(&hold, now);
            return Err(Error::Refused(format!("hold `{}` of case `{}` is `{state}`, not off", hold.name, case.name)));
        }
        case.deleted = Some(self.release_now(&transaction, reason)?);
        self.write_case(transaction, case, "case.delete", &format!("deleted; reason: {reason}"))
    }

    /// Adds a custodian to an open case; holds of the case that cover its custodians cover the mailbox from now on.
    ///
    /// # Errors
    /// There is no such case or mailbox, the case is closed, or the person is a custodian already.
    pub fn add_custodian(&mut self, case: &str, address: &str) -> Result<CaseReport> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut case = open_case(&snapshot, case)?;
        let mailbox = find_mailbox(&snapshot, address)?;
        if case.custodians.iter().any(|one| one.mailbox == mailbox && one.released.is_none()) {
            return Err(Error::AlreadyExists { what: "custodian", id: address.to_owned() });
        }
        let transaction = self.store.begin()?;
        let (added_at, added_by) = (self.act_time(&transaction)?, self.session.actor.clone());
        case.custodians.push(Custodian { mailbox, added_at, added_by, released: None });
        let mut widened = 0;
        for mut hold in of_case(&transaction, case.id)? {
            if hold.released.is_some() || !hold.follows_custodians {
                continue;
            }
            // A mailbox that is named already stays covered when its owner is no longer a custodian.
            if let Some(mailboxes) = hold.scope.mailboxes.as_mut().filter(|listed| !listed.contains(&mailbox)) {
                hold.custodians.push(mailbox);
                mailboxes.push(mailbox);
                mailboxes.sort_unstable();
            }
            put_hold(&transaction, &hold)?;
            widened += 1;
        }
        let outcome = format!("{address} added; {widened} holds cover the mailbox too");
        self.write_case(transaction, case, "custodian.add", &outcome)
    }

    /// Releases a custodian: holds of the case that covered the mailbox for that reason alone no longer do, after 30
    /// days.
    ///
    /// # Errors
    /// There is no such case or custodian, no reason is given, or the consent of a second person is needed and missing.
    pub fn release_custodian(&mut self, case: &str, address: &str, reason: &str) -> Result<CaseReport> {
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
        let changes = without_custodian(of_case(&snapshot, case.id)?, mailbox);
        let transaction = self.begin_narrowing(&narrowings(&snapshot, &changes, self.now())?)?;
        let narrowed = changes.len();
        for (mut hold, scope) in changes {
            let why = format!("{address} is no longer a custodian: {reason}");
            self.replace_scope(&snapshot, &transaction, &mut hold, scope, &why)?;
        }
        let outcome = format!("{address} released; {narrowed} holds leave the mailbox after 30 days; reason: {reason}");
        self.write_case(transaction, case, "custodian.release", &outcome)
    }

    fn write_case(&self, transaction: Transaction, case: Case, action: &str, outcome: &str) -> Result<CaseReport> {
        put_case(&transaction, &case)?;
        self.record(&transaction, action, &case.id.to_string(), outcome)?;
        let report = self.case_report(&transaction, case)?;
        transaction.commit()?;
        Ok(report)
    }

    fn case_report(&self, tables: &impl Tables, case: Case) -> Result<CaseReport> {
        let now = self.now();
        let addresses = mailboxes(tables)?;
        let address = |custodian: &Custodian| {
            addresses.iter().find(|one| one.no == custodian.mailbox).map_or_else(String::new, |one| one.address.clone())
        };
        let custodians = case.custodians.iter().map(address).collect();
        let holds = of_case(tables, case.id)?.into_iter().map(|hold| (hold.name.clone(), HoldState::of(&hold, now)));
        Ok(CaseReport { holds: holds.collect(), custodians, case })
    }
}

/// The case, which has to be open.
pub(super) fn open_case(snapshot: &Snapshot, name: &str) -> Result<Case> {
    let case = find(snapshot, name)?;
    match &case.closed {
        None => Ok(case),
        Some(closed) => Err(Error::Refused(format!(
            "case `{}` was closed on {}: open it again with `custodia case reopen`",
            case.name, closed.at
        ))),
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

/// The holds that closing a case would release, as they stand, and how many those are.
pub(super) fn case_state(tables: &impl Tables, case: CaseId) -> Result<(Digest, usize)> {
    let on: Vec<Hold> = of_case(tables, case)?.into_iter().filter(|hold| hold.released.is_none()).collect();
    let states = on.iter().map(|hold| Ok((hold.id, hold_state(hold)?))).collect::<Result<Vec<_>>>()?;
    Ok((digest_of(&states)?, on.len()))
}

fn of_case(tables: &impl Tables, case: CaseId) -> Result<Vec<Hold>> {
    let mut all: Vec<Hold> = holds(tables)?.into_iter().filter(|hold| hold.case == Some(case)).collect();
    all.sort_by_key(|hold| (hold.placed_at, hold.id));
    Ok(all)
}

/// The case, by name, id, or unique prefix of its id.
pub(super) fn find(tables: &impl Tables, name: &str) -> Result<Case> {
    let all = cases(tables)?.into_iter().filter(|case| case.deleted.is_none()).collect();
    find_named("case", all, name, |case| (&case.name, case.id))
}
