//! Which segments are merged.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// A segment with more deleted documents than this share is rewritten.
const MAX_DELETED_SHARE: f32 = 0.2;

/// Larger segments are merged no more, in bytes. Each round of merging costs a message about a third of its import, and maps all
/// that it merges into memory; each segment costs a search half a millisecond, measured with 16 of them. Counting documents
/// instead made one segment of 400,000 mails, 1 GB, for which an import waited 30 seconds.
const MERGED_BYTES: u64 = 48 << 20;

/// Merges segments of about one size, as long as they are small.
#[derive(Debug)]
pub(super) struct Merging {
    directory: PathBuf,
    most_bytes: u64,
    by_size: LogMergePolicy,
}

impl Merging {
    /// For an index in `directory`.
    pub(super) fn new(directory: &Path) -> Self {
        let mut by_size = LogMergePolicy::default();
        by_size.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        Self { directory: directory.to_owned(), most_bytes: MERGED_BYTES, by_size }
    }

    /// Bytes of a segment's large files.
    fn bytes(&self, segment: &SegmentMeta) -> u64 {
        use SegmentComponent::{FastFields, Positions, Postings, Terms};
        let files = [Positions, Postings, FastFields, Terms].map(|part| segment.relative_path(part));
        files.iter().filter_map(|file| fs::metadata(self.directory.join(file)).ok()).map(|file| file.len()).sum()
    }
}

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let small: Vec<SegmentMeta> =
            segments.iter().filter(|segment| self.bytes(segment) <= self.most_bytes).cloned().collect();
        self.by_size.compute_merge_candidates(&small)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{INDEXED, Schema};
    use tantivy::{Index, TantivyDocument, indexer::NoMergePolicy};

    use super::*;

    /// The segments of an index with so many of one document.
    fn segments(directory: &Path, count: u64) -> Vec<SegmentMeta> {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field("number", INDEXED);
        let index = Index::create_in_dir(directory, schema.build()).unwrap();
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 20 << 20).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for number in 0..count {
            let mut document = TantivyDocument::new();
            document.add_u64(field, number);
            writer.add_document(document).unwrap();
            writer.commit().unwrap();
        }
        index.searchable_segment_metas().unwrap()
    }

    #[test]
    fn many_small_segments_become_one_and_large_ones_stay() {
        let directory = tempfile::tempdir().unwrap();
        let segments = segments(directory.path(), 9);
        let merging = |most_bytes| Merging { most_bytes, ..Merging::new(directory.path()) };
        let bytes = merging(0).bytes(&segments[0]);
        assert!(bytes > 0 && bytes < 10_000, "{bytes}");
        let merged = |most_bytes| -> Vec<usize> {
            let candidates = merging(most_bytes).compute_merge_candidates(&segments);
            candidates.iter().map(|candidate| candidate.0.len()).collect()
        };
        assert_eq!(merged(MERGED_BYTES), [9]);
        assert_eq!(merged(1), [0_usize; 0]);
    }
}
