//! The same message of a chat, as several exports of it write it.
//!
//! What a folder has is not taken again in another format or language, nor without the media that it has there. With media
//! that were missing it is kept as another rendition of what came before: nothing that is stored ever changes. What could
//! be another message, because seconds or names of files differ, is one.

use std::collections::HashSet;

use super::ImportReport;
use super::commit::CommitWriter;
use super::route::Destination;
use crate::Result;
use crate::model::{MessageNo, Rendition};
use crate::store::{
    ItemWriter, StoredRendition, Transaction, put_rendition, quarantined, rendition, rendition_of, renditions,
};

/// How a message of a chat stands to its renditions that are here.
#[derive(Default)]
pub(super) struct Standing<'d> {
    /// The destinations that it adds something to.
    pub(super) lacking: Vec<&'d Destination>,
    /// What has all that it has, where it would go: with it in quarantine, or in all of its destinations.
    known: Option<(MessageNo, Rendition)>,
    /// A message in quarantine that has all that it has, and finds its mailboxes through it.
    pub(super) quarantined: Option<MessageNo>,
    /// What is to be noted of it.
    rendition: Option<Rendition>,
    /// Whether its media were missing here.
    completes: bool,
}

impl Standing<'_> {
    /// There is a message that has all that it has, which `waits` in quarantine or not; `is_lost` if it has no destination
    /// itself.
    fn meet(&mut self, message: MessageNo, known: Rendition, waits: bool, is_lost: bool) {
        if if is_lost { waits } else { self.lacking.is_empty() } {
            self.known.get_or_insert((message, known));
        } else if waits {
            self.quarantined.get_or_insert(message);
        }
    }
}

impl CommitWriter<'_> {
    /// How a message, `existing` if its bytes are here, stands to its renditions.
    pub(super) fn standing<'d>(
        &mut self,
        rendition: Option<&Rendition>,
        existing: Option<MessageNo>,
        destinations: &'d [Destination],
    ) -> Result<Standing<'d>> {
        let there = existing.map_or_else(|| Ok(HashSet::new()), |message| self.items.folders(message))?;
        let lacking: Vec<_> = destinations.iter().filter(|one| !there.contains(&one.folder)).collect();
        let adds_items = destinations.is_empty() || !lacking.is_empty();
        let mut standing = Standing { lacking, ..Standing::default() };
        let is_noted = existing.map_or(Ok(None), |message| rendition_of(self.transaction, message))?.is_some();
        let Some(rendition) = rendition.filter(|_| adds_items || !is_noted) else { return Ok(standing) };
        let mut here = None;
        for (of, members) in self.slots(rendition, existing)? {
            standing.rendition.get_or_insert_with(|| Rendition { of, ..rendition.clone() });
            for StoredRendition { message, rendition: known } in members {
                let (folders, waits) = (self.items.folders(message)?, self.is_quarantined(message)?);
                if destinations.iter().any(|one| folders.contains(&one.folder)) || (destinations.is_empty() && waits) {
                    here = here.or(Some(of));
                    standing.completes |= rendition.has_media() && known.media.is_some() && !known.has_media();
                }
                if adds_items && rendition.adds_nothing_to(&known) {
                    standing.lacking.retain(|one| !folders.contains(&one.folder));
                    standing.meet(message, known, waits, destinations.is_empty());
                }
            }
        }
        if let (Some(of), Some(rendition)) = (here, &mut standing.rendition) {
            rendition.of = of;
        }
        Ok(standing)
    }

    /// Where the renditions of a message stand, and which of them there are: under what they have in common, or, where what
    /// stands there is another message that has as much in common with it, under what follows that. The last has none.
    fn slots(
        &self,
        rendition: &Rendition,
        existing: Option<MessageNo>,
    ) -> Result<Vec<([u8; 16], Vec<StoredRendition>)>> {
        let (mut of, mut slots) = (rendition.of, Vec::new());
        loop {
            let mut members = renditions(self.transaction, of)?;
            let is_free = members.is_empty();
            members.retain(|member| Some(member.message) != existing);
            if members.iter().all(|member| member.rendition.agrees(rendition)) {
                slots.push((of, members));
            }
            if is_free {
                return Ok(slots);
            }
            of = following(of);
        }
    }

    /// Counts a message of which everything is here already; the one that has it.
    pub(super) fn known(
        report: &mut ImportReport,
        rendition: Option<&Rendition>,
        standing: &Standing<'_>,
    ) -> Option<MessageNo> {
        let (message, known) = standing.known.as_ref()?;
        report.batch.ledger.duplicate += 1;
        if known.has_media() && !rendition.is_some_and(Rendition::has_media) {
            report.media_known += 1;
        } else {
            report.writing_known += 1;
        }
        Some(*message)
    }

    /// Notes what a message has in common with its other renditions.
    pub(super) fn note_rendition(
        &mut self,
        report: &mut ImportReport,
        message: MessageNo,
        standing: &Standing<'_>,
    ) -> Result<()> {
        let Some(rendition) = &standing.rendition else { return Ok(()) };
        if rendition_of(self.transaction, message)?.is_some() {
            return Ok(());
        }
        report.media_completed += u64::from(standing.completes);
        put_rendition(self.transaction, message, rendition)
    }

    fn is_quarantined(&self, message: MessageNo) -> Result<bool> {
        Ok(self.quarantine.contains_key(&message) || quarantined(self.transaction, message)?.is_some())
    }
}

/// The destinations that lack a message of the quarantine: not those that have all that it has, as another export writes
/// it.
pub(in crate::archive) fn lacking<'d>(
    transaction: &Transaction,
    items: &mut ItemWriter<'_>,
    message: MessageNo,
    destinations: &'d [Destination],
) -> Result<Vec<&'d Destination>> {
    let mut lacking: Vec<&Destination> = destinations.iter().collect();
    let Some(own) = rendition(transaction, message)? else { return Ok(lacking) };
    for known in renditions(transaction, own.of)?.into_iter().filter(|known| known.message != message) {
        if own.adds_nothing_to(&known.rendition) {
            let folders = items.folders(known.message)?;
            lacking.retain(|destination| !folders.contains(&destination.folder));
        }
    }
    Ok(lacking)
}

fn following(of: [u8; 16]) -> [u8; 16] {
    let hash = blake3::derive_key("custodia next rendition of a chat message 1", &of);
    hash.first_chunk().copied().unwrap_or_default()
}
