//! What was found, as it is shown.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::super::follow::read_facts;
use super::scope::Scope;
use super::snippet::snippet;
use crate::index::Found;
use crate::model::{Digest, ItemNo, MessageNo, Participant, Role, UtcTime};
use crate::query::Query;
use crate::store::{ContentReader, MessageRow, Snapshot, items_of_message, message};
use crate::{Error, Result};

/// One item that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of its raw bytes.
    pub digest: Digest,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The author.
    pub from: String,
    /// Recipients (To, Cc, Bcc).
    pub to: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Text around the first match.
    pub snippet: String,
    /// Where in `snippet` the query matches, as byte ranges.
    pub highlights: Vec<Range<usize>>,
}

/// Messages whose hits are prepared together, on all cores.
const WINDOW: usize = 512;

/// Hits being made out of what the index found.
pub(super) struct Hits<'s> {
    pub(super) query: &'s Query,
    pub(super) scope: &'s Scope,
    pub(super) snapshot: &'s Snapshot,
    pub(super) directory: &'s Path,
}

/// What all hits of one message share.
struct Described {
    row: MessageRow,
    from: String,
    to: Vec<String>,
    subject: String,
    snippet: String,
    highlights: Vec<Range<usize>>,
}

impl Hits<'_> {
    pub(super) fn visit(&self, found: &[Found], limit: u64, visit: &mut dyn FnMut(Hit) -> Result<()>) -> Result<()> {
        let threads = rayon::current_num_threads().clamp(1, 8);
        let mut readers = (0..threads).map(|_| ContentReader::new(self.snapshot)).collect::<Result<Vec<_>>>()?;
        let mut left = limit;
        // Every message that was found has an item in scope, so no more of them are needed than hits.
        for window in
            found.get(..found.len().min(usize::try_from(limit).unwrap_or(usize::MAX))).unwrap_or(found).chunks(WINDOW)
        {
            let share = window.len().div_ceil(threads);
            let described: Vec<Vec<Described>> = window
                .par_chunks(share)
                .zip(readers.par_iter_mut())
                .map(|(found, reader)| found.iter().map(|found| self.describe(found.message, reader)).collect())
                .collect::<Result<_>>()?;
            for (found, described) in window.iter().zip(described.into_iter().flatten()) {
                self.visit_items(found.message, &described, &mut left, visit)?;
            }
        }
        Ok(())
    }

    fn describe(&self, no: MessageNo, reader: &mut ContentReader) -> Result<Described> {
        let row = message(self.snapshot, no)?
            .ok_or_else(|| Error::Corrupt(format!("the index has message {no} and the store has not")))?;
        let facts = read_facts(self.directory, reader, &row)?;
        let (snippet, highlights) = snippet(&facts.body, self.query);
        let (from, to) = people(&facts.participants);
        Ok(Described { row, from, to, subject: facts.subject, snippet, highlights })
    }

    fn visit_items(
        &self,
        no: MessageNo,
        described: &Described,
        left: &mut u64,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        for item in items_of_message(self.snapshot, no)? {
            let Some(folder) = self.scope.folders.get(&item.folder).filter(|_| *left > 0) else { continue };
            *left -= 1;
            visit(Hit {
                item: item.no,
                message: item.message,
                digest: described.row.digest,
                mailbox: self.scope.mailboxes.get(&item.mailbox).map_or_else(String::new, |m| m.address.clone()),
                folder: folder.path.clone(),
                sent_at: described.row.sent_at,
                from: described.from.clone(),
                to: described.to.clone(),
                subject: described.subject.clone(),
                snippet: described.snippet.clone(),
                highlights: described.highlights.clone(),
            })?;
        }
        Ok(())
    }
}

fn people(participants: &[Participant]) -> (String, Vec<String>) {
    let author = participants.iter().find(|participant| participant.role == Role::From);
    let recipients = participants.iter().filter(|p| matches!(p.role, Role::To | Role::Cc | Role::Bcc));
    let mut seen = BTreeSet::new();
    let named = recipients.map(Participant::display).filter(|name| seen.insert(name.clone())).collect();
    (author.map_or_else(String::new, Participant::display), named)
}
