//! A match that becomes a legal case.

use super::review::known;
use crate::archive::Archive;
use crate::archive::hold::NewHold;
use crate::model::{CaseId, Hold, HoldScope, SupervisionMatch, SupervisionMatchNo, SupervisionStep};
use crate::store::{item, mailbox};
use crate::{Error, Result};

impl Archive {
    /// Gives a match to a legal case, which is created if there is none, and holds its message in its mailbox. The review goes
    /// on until somebody resolves the match. Begun again after a kill, it goes on where it stopped.
    ///
    /// # Errors
    /// There is no comment, the match does not exist, is investigated already, was not drawn, is resolved, was not opened by whoever acts or waits for
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
        match self.investigate(no, case, comment) {
            Err(refusal @ Error::Refused(_)) => {
                self.record_alone("supervise.refuse", &no.to_string(), &refusal.to_string())?;
                Err(refusal)
            }
            done => done,
        }
    }

    fn investigate(&mut self, no: SupervisionMatchNo, case: &str, comment: &str) -> Result<SupervisionMatch> {
        let snapshot = self.store.snapshot()?;
        let mut found = known(&snapshot, no)?;
        let holds = found.entries.iter().filter_map(|entry| match &entry.step {
            SupervisionStep::Investigated { hold, .. } => Some(hold.clone()),
            _ => None,
        });
        for name in holds.collect::<Vec<_>>() {
            if is_on(&self.show_hold(&name)?.hold) {
                return Err(Error::InvalidInput(format!("match {no} is investigated already: hold `{name}` is on")));
            }
        }
        self.check_investigation(&snapshot, &found)?;
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
            let on_message = HoldScope {
                mailboxes: Some(vec![found.mailbox]),
                folders: Vec::new(),
                query: Some(query_of(found)),
                from: None,
                before: None,
            };
            if is_on(&hold) && hold.scope == on_message && hold.case == Some(case) {
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

fn is_on(hold: &Hold) -> bool {
    hold.on_since.is_some() && hold.released.is_none()
}

/// What finds the message of a match, and no other.
fn query_of(found: &SupervisionMatch) -> String {
    format!("hash:{}", found.digest)
}
