//! What was found, handed over: files with their digests, and the proof that the audit log says so.

mod description;
mod places;
mod read;
mod verify;

use std::path::PathBuf;

use super::Archive;
use super::audit_proof::AuditProof;
use super::disposition::Notes;
use super::fail_point::fail_point;
use super::import::Interrupt;
use super::new_directory::NewDirectory;
use super::search::{SearchRequest, Selected, Selection};
use super::show::why_partially_indexed;
use crate::exporter::{ExportDirectory, ExportFormat, ExportedItem, Exporter, ItemTable, write_document};
use crate::model::FolderNo;
use crate::{Error, Result};

use description::DESCRIPTION;
pub use description::Found;
pub use description::{ExportDescription, PersonNames, Reading};
use places::Places;
use read::{Reader, StoredItem};
use verify::PROOF;
pub use verify::{ExportEvidence, ProvedEntry, VerifiedExport, verify_export};

/// What to export, and how.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// What is exported.
    pub source: ExportSource,
    /// The directory that is made; it must not exist.
    pub directory: PathBuf,
    /// The format.
    pub format: ExportFormat,
}

/// What an export is made of.
#[derive(Debug, Clone)]
pub enum ExportSource {
    /// What a search finds now.
    Search {
        /// The search; its order, limit and page do not matter.
        request: Box<SearchRequest>,
        /// Whether items in scope of which not all can be searched are exported too.
        with_partially_indexed: bool,
    },
    /// What a frozen result has: `NAME@N`, or the newest of `NAME`.
    Frozen(String),
}

impl Archive {
    /// Writes what was found into a new directory, and records that. `progress` is told how many items are written, of how
    /// many. What is interrupted or fails leaves nothing behind.
    ///
    /// # Errors
    /// The directory exists or cannot be written, what is to be exported cannot be found or is damaged, or somebody
    /// interrupted.
    pub fn export(
        &mut self,
        options: &ExportOptions,
        interrupt: &Interrupt,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ExportDescription> {
        let partial = NewDirectory::beside(&options.directory, &self.directory)?;
        let (selection, found, disposed) = self.found(&options.source)?;
        let mut directory = ExportDirectory::begin(partial.path())?;
        let places = Places::of(&selection)?;
        let items = places.in_order(&selection.items);
        let mut export = Export {
            selection: &selection,
            places: &places,
            reader: Reader::new(&selection.snapshot, &self.directory)?,
            notes: Notes::load(&selection.snapshot)?,
            exporter: options.format.exporter(),
            table: ItemTable::begin(&directory)?,
            counts: Counts { disposed, left_out: selection.left_out, ..Counts::default() },
        };
        let mut rest = items.as_slice();
        while !rest.is_empty() {
            if interrupt.is_raised() {
                return Err(Error::Interrupted);
            }
            rest = export.write_some(rest, &mut directory)?;
            progress((items.len() - rest.len()) as u64, items.len() as u64);
        }
        let counts = export.finish(&mut directory)?;
        let (files, file_bytes) = (directory.files(), directory.bytes());
        let description = self.described(options, found, &counts, (files, file_bytes, directory.finish()?))?;
        self.deliver(partial, &description)?;
        Ok(description)
    }

    /// What is to be exported, how it was found, and how many items of it were disposed of.
    fn found(&mut self, source: &ExportSource) -> Result<(Selection, Found, u64)> {
        match source {
            ExportSource::Search { request, with_partially_indexed } => {
                let (selection, report) = self.select(request, *with_partially_indexed)?;
                Ok((selection, Found::of_search(request, report), 0))
            }
            ExportSource::Frozen(label) => {
                let kept = self.select_frozen(label);
                if let Err(refusal) = &kept {
                    self.record_alone("export.search", label, &refusal.to_string())?;
                }
                let (selection, frozen, disposed) = kept?;
                Ok((selection, Found::of_frozen(frozen), disposed))
            }
        }
    }

    /// Records the export, proves that, and gives the directory its name. If that fails then, it is recorded too.
    fn deliver(&self, partial: NewDirectory, description: &ExportDescription) -> Result<()> {
        let written = write_document(partial.path(), DESCRIPTION, description)?;
        let outcome = verify::outcome(description, &written.sha256);
        let object = description.found.object();
        let seq = self.record_alone(verify::ACTION, object, &outcome)?;
        self.name_proved(partial, seq).inspect_err(|error| {
            // The error that is reported says more than that it could not be recorded.
            self.record_alone("export.failed", object, &format!("entry {seq} came to nothing: {error}")).ok();
        })
    }

    /// Proves entry `seq` of the audit log in an export, and gives its directory its name.
    fn name_proved(&self, partial: NewDirectory, seq: u64) -> Result<()> {
        let proof = AuditProof::of(&self.store.snapshot()?, seq)?;
        write_document(partial.path(), PROOF, &proof)?;
        fail_point("export.proved");
        partial.give_name()
    }
}

/// An export being written.
struct Export<'s> {
    selection: &'s Selection,
    places: &'s Places,
    reader: Reader<'s>,
    notes: Notes,
    exporter: Box<dyn Exporter>,
    table: ItemTable,
    counts: Counts,
}

/// What was written.
#[derive(Debug, Default)]
struct Counts {
    items: u64,
    bytes: u64,
    duplicates: u64,
    partially_indexed: u64,
    disposed: u64,
    left_out: Option<u64>,
}

impl Export<'_> {
    /// Writes the first of `items`; returns the others.
    fn write_some<'i>(&mut self, items: &'i [Selected], directory: &mut ExportDirectory) -> Result<&'i [Selected]> {
        let stored = self.reader.next(items)?;
        let (window, others) = items.split_at(stored.len());
        for (selected, stored) in window.iter().zip(&stored) {
            self.write(selected, stored, directory)?;
        }
        Ok(others)
    }

    fn write(&mut self, selected: &Selected, stored: &StoredItem, directory: &mut ExportDirectory) -> Result<()> {
        let snapshot = &self.selection.snapshot;
        let unread = stored.facts.partially_indexed.clone();
        let mut reasons = why_partially_indexed(snapshot, selected.message, unread)?;
        reasons.extend(self.selection.why_unsure(selected.message));
        let notes = self.notes.of(snapshot, selected.item)?;
        let place = self.places.of_folder(selected.folder)?;
        let item = ExportedItem {
            item: selected.item,
            message: selected.message,
            digest: stored.row.digest,
            sha256: stored.sha256,
            bytes: stored.row.raw_len,
            mailbox: &place.mailbox,
            folder: &place.folder,
            place: &place.path,
            captured_at: stored.captured_at,
            label: notes.label.as_deref(),
            facts: &stored.facts,
            partially_indexed: &reasons,
            is_match: selected.is_match,
        };
        let mut file = String::new();
        if selected.duplicate_of.is_some() {
            self.counts.duplicates += 1;
        } else {
            file = self.exporter.item(&item, &mut self.reader.content(stored), directory)?;
            self.counts.items += 1;
            self.counts.bytes += item.bytes;
            self.counts.partially_indexed += u64::from(!item.is_match);
        }
        self.table.add(&item, &file, selected.duplicate_of)
    }

    fn finish(mut self, directory: &mut ExportDirectory) -> Result<Counts> {
        self.exporter.finish(directory)?;
        self.table.finish(directory)?;
        Ok(self.counts)
    }
}
