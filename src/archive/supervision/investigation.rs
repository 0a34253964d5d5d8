//! A match that becomes a legal case.

use super::review::known;
use crate::archive::Archive;
use crate::archive::hold::NewHold;
use crate::model::{SupervisionMatch, SupervisionMatchNo, SupervisionStep};
use crate::store::{item, mailbox};
use crate::{Error, Result};

impl Archive {
    /// Gives a match to a legal case, which is created if there is none, and holds its message in its mailbox. The review goes
    /// on until somebody resolves the match. Begun again after a kill, it goes on where it stopped.
    ///
    /// # Errors
    /// There is no comment, the match does not exist, was not drawn, is resolved, was not opened by whoever acts or waits for
    /// somebody else, its message was destroyed, the case is closed, or the store or the index failed.
    pub fn investigate_supervision_match(
        &mut self,
        no: SupervisionMatchNo,
        case: &str,
        comment: &str,
    ) -> Result<SupervisionMatch> {
        if comment.trim().is_empty() {
            return Err(Error::InvalidInput("an investigation needs a comment: say --comment \"...\"".to_owned()));
        }
        let snapshot = self.store.snapshot()?;
        let mut found = known(&snapshot, no)?;
        let hold = format!("supervision match {no}");
        let step = SupervisionStep::Investigated { case: case.to_owned(), hold: hold.clone() };
        if found.entries.iter().any(|entry| matches!(entry.step, SupervisionStep::Investigated { .. })) {
            return Err(Error::InvalidInput(format!("match {no} is investigated already")));
        }
        if let Err(refusal @ Error::Refused(_)) = self.check_step(&snapshot, &found, &step) {
            self.record_alone("supervise.refuse", &no.to_string(), &refusal.to_string())?;
            return Err(refusal);
        }
        if item(&snapshot, found.item)?.is_none() {
            return Err(Error::InvalidInput(format!("item {} was disposed of: there is nothing to hold", found.item)));
        }
        let reason = format!("match {no} of supervision: {comment}");
        match self.show_case(case) {
            Err(Error::NotFound { .. }) => drop(self.create_case(case, &reason)?),
            known => drop(known?),
        }
        let owner = mailbox(&snapshot, found.mailbox)?.address;
        let new = NewHold {
            name: hold,
            case: Some(case.to_owned()),
            mailboxes: vec![owner],
            query: Some(format!("hash:{}", found.digest)),
            reason,
            ..NewHold::default()
        };
        match self.place_hold(&new) {
            Err(Error::AlreadyExists { .. }) => {}
            placed => drop(placed?),
        }
        let transaction = self.store.begin()?;
        self.append(&transaction, &mut found, step, comment)?;
        transaction.commit()?;
        Ok(found)
    }
}
