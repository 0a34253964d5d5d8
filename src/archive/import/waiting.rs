//! Messages that nobody is found for: into quarantine, there again, and out of it.
//!
//! A message waits for as long as nobody has it. Whoever gets it then has it in each folder that it came for; whoever else
//! took part is looked for when it is imported again, as with a message that somebody had at once.

use super::ImportReport;
use super::commit::{Arrival, CommitWriter};
use super::course::Course;
use super::route::Destination;
use super::unrouted::Unrouted;
use crate::Result;
use crate::message::Facts;
use crate::model::{MessageNo, Quarantined, QuarantinedFolder};
use crate::store::{quarantined, release_quarantined};

/// What is said of a file where not everything was noted of a message that came again and again.
const TOO_OFTEN: &str = "a message in quarantine came for more folders, or with more people who took part, than are noted \
    of one (1,000); import it again once their mailboxes are there";

impl CommitWriter<'_> {
    pub(super) fn quarantine(
        &mut self,
        report: &mut ImportReport,
        message: MessageNo,
        unrouted: &Unrouted,
        arrival: Arrival,
    ) {
        *report.quarantined.entry(unrouted.reason().to_owned()).or_default() += 1;
        report.batch.ledger.quarantined += 1;
        let (batch, captured_at) = (self.batch, self.now);
        let Arrival { origin, folder, others, .. } = arrival;
        let folders = vec![QuarantinedFolder { path: folder, others: others.to_vec() }];
        let (reason, sought) = (unrouted.reason_with_ids(), unrouted.sought());
        let row = Quarantined { message, batch, origin, reason, captured_at, sought, folders };
        self.quarantine.insert(message, row);
    }

    /// A message came again that nobody was found for. If it waits, a later remap looks for this folder and these people
    /// too.
    pub(super) fn sought_again(
        &mut self,
        course: &mut Course,
        message: MessageNo,
        unrouted: &Unrouted,
        arrival: &Arrival,
    ) -> Result<()> {
        let Some(mut row) = self.waiting(message)? else { return Ok(()) };
        let is_all = row.came_again(&arrival.folder, &arrival.others);
        if !is_all {
            course.files.note(TOO_OFTEN);
        }
        let sought: Vec<_> = unrouted.sought().into_iter().filter(|id| !row.sought.contains(id)).collect();
        row.sought.extend(sought);
        self.quarantine.insert(message, row);
        Ok(())
    }

    /// Where a message that waits was to go, of which mailboxes are there now.
    pub(super) fn bound(&self, course: &mut Course, message: MessageNo, facts: &Facts) -> Result<Vec<Destination>> {
        let Some(row) = self.waiting(message)? else { return Ok(Vec::new()) };
        Ok(course.router.route_waiting(self.transaction, facts, &row.folders)?.destinations)
    }

    /// A message that has an item now is in quarantine no longer.
    pub(super) fn leave_quarantine(&mut self, message: MessageNo) -> Result<()> {
        if quarantined(self.transaction, message)?.is_some() {
            release_quarantined(self.transaction, message)?;
        }
        self.quarantine.remove(&message);
        Ok(())
    }

    fn waiting(&self, message: MessageNo) -> Result<Option<Quarantined>> {
        match self.quarantine.get(&message) {
            Some(row) => Ok(Some(row.clone())),
            None => quarantined(self.transaction, message),
        }
    }
}
