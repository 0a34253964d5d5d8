//! The same message of a chat, exported with its media and without.
//!
//! Without media it adds nothing to a folder that has it with them. With media it is kept as another rendition of what came
//! before: nothing that is stored ever changes.

use super::ImportReport;
use super::commit::CommitWriter;
use super::route::Destination;
use crate::Result;
use crate::model::{MessageNo, Rendition};
use crate::store::{StoredRendition, put_rendition, quarantined, rendition_of, renditions};

impl CommitWriter<'_> {
    /// The destinations that a new message adds something to; `None` if it adds nothing anywhere.
    pub(super) fn lacking<'d>(
        &mut self,
        rendition: Option<Rendition>,
        destinations: &'d [Destination],
    ) -> Result<Option<Vec<&'d Destination>>> {
        let mut lacking: Vec<&Destination> = destinations.iter().collect();
        let Some(Rendition { of, .. }) = rendition.filter(|rendition| !rendition.has_media) else {
            return Ok(Some(lacking));
        };
        for known in renditions(self.transaction, of)?.into_iter().filter(|known| known.has_media) {
            if destinations.is_empty() && self.is_quarantined(known.message)? {
                return Ok(None);
            }
            let there = self.items.folders(known.message)?;
            lacking.retain(|destination| !there.contains(&destination.folder));
        }
        Ok(Some(lacking).filter(|lacking| destinations.is_empty() || !lacking.is_empty()))
    }

    /// Notes what a message has in common with its other renditions.
    pub(super) fn note_rendition(
        &mut self,
        report: &mut ImportReport,
        message: MessageNo,
        rendition: Option<Rendition>,
    ) -> Result<()> {
        let Some(rendition) = rendition else { return Ok(()) };
        if rendition_of(self.transaction, message)?.is_some() {
            return Ok(());
        }
        let bare = |known: &StoredRendition| !known.has_media;
        if rendition.has_media && renditions(self.transaction, rendition.of)?.iter().any(bare) {
            report.media_completed += 1;
        }
        put_rendition(self.transaction, message, rendition)
    }

    fn is_quarantined(&self, message: MessageNo) -> Result<bool> {
        Ok(self.quarantine.contains_key(&message) || quarantined(self.transaction, message)?.is_some())
    }
}
