//! Which segments are merged.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::ManagedDirectory;
use tantivy::index::{SegmentComponent, SegmentId, SegmentMeta};
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

use super::integrity::is_sound;

/// A segment with more deleted documents than this share is rewritten.
const MAX_DELETED_SHARE: f32 = 0.2;

/// Larger segments are merged no more, in bytes. Each round of merging costs a message about a third of its import, and maps all
/// that it merges into memory; each segment costs a search half a millisecond, measured with 16 of them. Counting documents
/// instead made one segment of 400,000 mails, 1 GB, for which an import waited 30 seconds.
const MERGED_BYTES: u64 = 48 << 20;

/// Segments are merged together up to this size, in bytes: a merge maps them into memory whole.
const MERGED_TOGETHER_BYTES: u64 = 56 << 20;

/// What an import leaves behind in segments up to this size, in bytes, becomes one: the threads that wrote them were not done
/// with them when it ended.
const REST_BYTES: u64 = 8 << 20;

/// Those of `segments`, which are in `directory`, that an import did not fill; none if that is not worth merging.
pub(super) fn unfilled(directory: &Path, files: &ManagedDirectory, segments: &[SegmentMeta]) -> Vec<SegmentId> {
    let merging = Merging::new(directory, files);
    let small = segments.iter().filter(|segment| merging.bytes(segment) <= REST_BYTES);
    let small: Vec<SegmentId> = small.filter(|segment| is_sound(files, segment)).map(SegmentMeta::id).collect();
    if small.len() > 1 { small } else { Vec::new() }
}

/// Merges segments of about one size, as long as they are small.
#[derive(Debug)]
pub(super) struct Merging {
    directory: PathBuf,
    files: ManagedDirectory,
    most_bytes: u64,
    together_bytes: u64,
    by_size: LogMergePolicy,
}

impl Merging {
    /// For an index in `directory`.
    pub(super) fn new(directory: &Path, files: &ManagedDirectory) -> Self {
        let mut by_size = LogMergePolicy::default();
        by_size.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        Self {
            directory: directory.to_owned(),
            files: files.clone(),
            most_bytes: MERGED_BYTES,
            together_bytes: MERGED_TOGETHER_BYTES,
            by_size,
        }
    }

    /// What can be merged of a candidate at a time.
    fn parts(&self, candidate: MergeCandidate, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        if candidate.0.len() == 1 {
            return vec![candidate];
        }
        let bytes: HashMap<SegmentId, u64> =
            segments.iter().map(|segment| (segment.id(), self.bytes(segment))).collect();
        let mut parts: Vec<Vec<SegmentId>> = Vec::new();
        let mut together = 0;
        for segment in candidate.0 {
            let bytes = bytes.get(&segment).copied().unwrap_or(0);
            if let Some(part) = parts.last_mut().filter(|_| together + bytes <= self.together_bytes) {
                part.push(segment);
                together += bytes;
            } else {
                parts.push(vec![segment]);
                together = bytes;
            }
        }
        parts.retain(|part| part.len() > 1);
        parts.into_iter().map(MergeCandidate).collect()
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
        let candidates = self.by_size.compute_merge_candidates(&small);
        let parts = candidates.into_iter().flat_map(|candidate| self.parts(candidate, segments));
        let sound = |MergeCandidate(part): &MergeCandidate| {
            segments.iter().filter(|segment| part.contains(&segment.id())).all(|segment| is_sound(&self.files, segment))
        };
        parts.filter(sound).collect()
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
        let files = Index::open_in_dir(directory.path()).unwrap().directory().clone();
        let merging = |most_bytes, together_bytes| Merging {
            most_bytes,
            together_bytes,
            ..Merging::new(directory.path(), &files)
        };
        let bytes = merging(0, 0).bytes(&segments[0]);
        assert!(bytes > 0 && bytes < 10_000, "{bytes}");
        let merged = |most_bytes, together_bytes| -> Vec<usize> {
            let candidates = merging(most_bytes, together_bytes).compute_merge_candidates(&segments);
            candidates.iter().map(|candidate| candidate.0.len()).collect()
        };
        assert_eq!(merged(MERGED_BYTES, MERGED_TOGETHER_BYTES), [9]);
        assert_eq!(merged(1, MERGED_TOGETHER_BYTES), [0_usize; 0]);
        let all: u64 = segments.iter().map(|segment| merging(0, 0).bytes(segment)).sum();
        assert_eq!(merged(MERGED_BYTES, all), [9]);
        assert_eq!(merged(MERGED_BYTES, all - 1), [8]);
        assert_eq!(merged(MERGED_BYTES, all * 4 / 9 + 8), [4, 4]);
        assert_eq!(merged(MERGED_BYTES, bytes), [0_usize; 0]);

        let damaged = directory.path().join(segments[4].relative_path(SegmentComponent::Terms));
        let mut bytes = fs::read(&damaged).unwrap();
        *bytes.first_mut().unwrap() ^= 1;
        fs::write(&damaged, bytes).unwrap();
        assert_eq!(merged(MERGED_BYTES, MERGED_TOGETHER_BYTES), [0_usize; 0], "a merge would hide the damage");
    }
}
