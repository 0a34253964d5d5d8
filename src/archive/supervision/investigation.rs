//! A match that becomes a legal case.

use super::review::known;
use crate::archive::Archive;
use crate::archive::hold::NewHold;
use crate::model::{CaseId, SupervisionMatch, SupervisionMatchNo, SupervisionStep};
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
        if found.entries.iter().any(|entry| matches!(entry.step, SupervisionStep::Investigated { .. })) {
            return Err(Error::InvalidInput(format!("match {no} is investigated already")));
        }
        if let Err(refusal @ Error::Refused(_)) = self.check_investigation(&snapshot, &found) {
            self.record_alone("supervise.refuse", &no.to_string(), &refusal.to_string())?;
            return Err(refusal);
        }
        if item(&snapshot, found.item)?.is_none() {
            return Err(Error::InvalidInput(format!("item {} was disposed of: there is nothing to hold", found.item)));
        }
        let reason = format!("match {no} of supervision: {comment}");
        let case = match self.show_case(case) {
            Err(Error::NotFound { .. }) => self.create_case(case, &reason)?.case,
            known => known?.case,
        };
        let hold = self.hold_on_message(&found, case.id)?;
        if !hold.is_placed {
            self.place_hold(&NewHold {
                name: hold.name.clone(),
                case: Some(case.name.clone()),
                mailboxes: vec![mailbox(&snapshot, found.mailbox)?.address],
                query: Some(query_of(&found)),
                reason,
                ..NewHold::default()
            })?;
        }
        let step = SupervisionStep::Investigated { case: case.name, hold: hold.name };
        let transaction = self.store.begin()?;
        self.append(&transaction, &mut found, step, comment)?;
        transaction.commit()?;
        Ok(found)
    }

    /// The hold of a case on the message of a match: the one that was placed before a kill, or a name that no hold has.
    fn hold_on_message(&mut self, found: &SupervisionMatch, case: CaseId) -> Result<MessageHold> {
        let mut name = format!("supervision match {}", found.no);
        let mut n = 1;
        loop {
            let hold = match self.show_hold(&name) {
                Err(Error::NotFound { .. }) => return Ok(MessageHold { name, is_placed: false }),
                report => report?.hold,
            };
            let is_on = hold.on_since.is_some() && hold.released.is_none();
            let is_on_message = hold.scope.query == Some(query_of(found)) && hold.scope.covers_mailbox(found.mailbox);
            if is_on && is_on_message && hold.case == Some(case) {
                return Ok(MessageHold { name, is_placed: true });
            }
            n += 1;
            name = format!("supervision match {} ({n})", found.no);
        }
    }
}

/// A hold on the message of a match.
struct MessageHold {
    name: String,
    is_placed: bool,
}

/// What finds the message of a match, and no other.
fn query_of(found: &SupervisionMatch) -> String {
    format!("hash:{}", found.digest)
}
