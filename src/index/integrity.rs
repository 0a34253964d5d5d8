//! Whether the files of an index are what was written.

use std::collections::BTreeSet;

use tantivy::Index as TantivyIndex;
use tantivy::directory::ManagedDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::index::{SegmentComponent, SegmentMeta};

use super::checked_directory::DamagedFile;
use super::failure::failed;
use crate::error::Result;

/// The files of a segment, not all of which every segment has.
const FILES: [SegmentComponent; 7] = {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    [Postings, Positions, FastFields, FieldNorms, Terms, Store, Delete]
};

/// The names of the files whose checksum is not that of what they hold.
///
/// # Errors
/// A file cannot be read.
pub(super) fn damaged_files(index: &TantivyIndex) -> Result<BTreeSet<String>> {
    let directory = index.directory();
    let there = directory.list_managed_files();
    let segments = index.searchable_segment_metas().map_err(failed("check"))?;
    let mut damaged = BTreeSet::new();
    let files = segments.iter().flat_map(|segment| FILES.map(|file| segment.relative_path(file)));
    for path in files.filter(|path| there.contains(path)) {
        let is_sound = match directory.validate_checksum(&path) {
            Err(OpenReadError::IoError { io_error, .. }) if DamagedFile::of(&io_error).is_some() => false,
            checked => checked.map_err(failed("check"))?,
        };
        if !is_sound {
            damaged.insert(path.display().to_string());
        }
    }
    Ok(damaged)
}

/// Whether the files of a segment are what was written. One that is merged otherwise becomes a new one, with checksums that are
/// right for what is wrong.
pub(super) fn is_sound(directory: &ManagedDirectory, segment: &SegmentMeta) -> bool {
    let is_sound = |file: SegmentComponent| match directory.validate_checksum(&segment.relative_path(file)) {
        Ok(is_sound) => is_sound,
        Err(error) => matches!(error, OpenReadError::FileDoesNotExist(_)),
    };
    let sound = FILES.into_iter().all(is_sound);
    if !sound {
        tracing::warn!(
            "segment {} of the index is not what was written: run `custodia verify`",
            segment.id().uuid_string()
        );
    }
    sound
}
