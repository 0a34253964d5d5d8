//! Legal cases: created, listed, closed, reopened, deleted.

use super::Archive;
use super::approval::ControlledObject;
use super::hold::{HoldState, digest_of, hold_state, require_reason};
use super::named::find_named;
use crate::model::{Case, CaseId, ControlledAct, Custodian, Digest, Hold};
use crate::store::{Snapshot, Tables, Transaction, cases, holds, mailboxes, put_case};
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
        state_of(&self.case)
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

/// The word for where a case stands.
pub(super) fn state_of(case: &Case) -> &'static str {
    match case {
        Case { deleted: Some(_), .. } => "deleted",
        Case { closed: Some(_), .. } => "closed",
        Case { .. } => "open",
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

/// The holds that closing a case would release, as they stand, and how many those are.
pub(super) fn case_state(tables: &impl Tables, case: CaseId) -> Result<(Digest, usize)> {
    let on: Vec<Hold> = of_case(tables, case)?.into_iter().filter(|hold| hold.released.is_none()).collect();
    let states = on.iter().map(|hold| Ok((hold.id, hold_state(hold)?))).collect::<Result<Vec<_>>>()?;
    Ok((digest_of(&states)?, on.len()))
}

/// The holds of a case, in the order of placing.
pub(super) fn of_case(tables: &impl Tables, case: CaseId) -> Result<Vec<Hold>> {
    let mut all: Vec<Hold> = holds(tables)?.into_iter().filter(|hold| hold.case == Some(case)).collect();
    all.sort_by_key(|hold| (hold.placed_at, hold.id));
    Ok(all)
}

/// The case, by name, id, or unique prefix of its id.
pub(super) fn find(tables: &impl Tables, name: &str) -> Result<Case> {
    let all = cases(tables)?.into_iter().filter(|case| case.deleted.is_none()).collect();
    find_named("case", all, name, |case| (&case.name, case.id))
}
