//! Whether the files of an index are what was written.

use std::collections::BTreeSet;

use tantivy::Index as TantivyIndex;
use tantivy::directory::ManagedDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::index::{SegmentComponent, SegmentMeta};

use super::failure::failed;
use crate::error::Result;

/// The names of the files whose checksum is not that of what they hold.
///
/// # Errors
/// A file cannot be read.
pub(super) fn damaged_files(index: &TantivyIndex) -> Result<BTreeSet<String>> {
    let damaged = index.validate_checksum().map_err(failed("check"))?;
    Ok(damaged.iter().map(|path| path.display().to_string()).collect())
}

/// Whether the files of a segment are what was written. One that is merged otherwise becomes a new one, with checksums that are
/// right for what is wrong.
pub(super) fn is_sound(directory: &ManagedDirectory, segment: &SegmentMeta) -> bool {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let is_sound = |file: SegmentComponent| match directory.validate_checksum(&segment.relative_path(file)) {
        Ok(is_sound) => is_sound,
        // Not every segment has every file.
        Err(error) => matches!(error, OpenReadError::FileDoesNotExist(_)),
    };
    let sound = [Postings, Positions, FastFields, FieldNorms, Terms, Store, Delete].into_iter().all(is_sound);
    if !sound {
        tracing::warn!(
            "segment {} of the index is not what was written: run `custodia verify`",
            segment.id().uuid_string()
        );
    }
    sound
}
