//! Writing: documents are added and deleted, and become searchable and durable by a commit.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use roaring::RoaringTreemap;
use tantivy::Index as TantivyIndex;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};

use crate::error::{Error, Result};
use crate::message::Facts;
use crate::model::{Digest, MessageNo};

use super::budget::Budget;
use super::document::MessageDocument;
use super::documents::NumbersQuery;
use super::failure::failed;
use super::known_people::KnownPeople;
use super::merging::{Merging, unfilled};
use super::schema::Fields;

/// How much is about to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// An import: all cores, segments as large as the memory allows.
    Bulk,
    /// A few messages: one thread and little memory, quick to start.
    Few,
}

impl Load {
    fn threads(self) -> usize {
        match self {
            Self::Bulk => std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MAX_THREADS)),
            Self::Few => 1,
        }
    }

    fn memory(self) -> usize {
        match self {
            Self::Bulk => BULK_BYTES,
            Self::Few => FEW_BYTES,
        }
    }
}

const MAX_THREADS: usize = 4;
/// Memory of all threads for segments in the making.
const BULK_BYTES: usize = 80 << 20;
const FEW_BYTES: usize = 20 << 20;
/// Memory of documents that wait for a thread.
const WAITING_BYTES: usize = 24 << 20;
/// Bytes that a document takes beside its texts.
const DOCUMENT_BYTES: usize = 2_048;
/// Rounds of merging before erasure is given up.
const ERASURE_ROUNDS: usize = 20;

/// The one writer of an index.
pub struct IndexWriter {
    writer: tantivy::IndexWriter<MessageDocument>,
    fields: Fields,
    people: KnownPeople,
    budget: Budget,
    directory: PathBuf,
    load: Load,
}

impl std::fmt::Debug for IndexWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexWriter").field("load", &self.load).finish_non_exhaustive()
    }
}

impl IndexWriter {
    pub(super) fn open(index: &TantivyIndex, directory: &Path, fields: &Fields, load: Load) -> Result<Self> {
        let threads = load.threads();
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(load.memory() / threads)
            .num_merge_threads(1)
            .build();
        let writer = index.writer_with_options(options).map_err(failed("open for writing"))?;
        writer.set_merge_policy(Box::new(Merging::new(directory, index.directory())));
        // A killed writer leaves files that no commit names. One of deletions has the name that the next commit gives to
        // its own, which then fails.
        writer.garbage_collect_files().wait().map_err(failed("collect unused files"))?;
        Ok(Self {
            writer,
            fields: fields.clone(),
            people: KnownPeople::default(),
            budget: Budget::new(WAITING_BYTES),
            directory: directory.to_owned(),
            load,
        })
    }

    /// Adds the document of a message of `raw_len` bytes, which must not be in the index yet. Waits while too much
    /// is waiting to be indexed.
    ///
    /// # Errors
    /// An indexing thread has failed; nothing since the last commit is kept.
    pub fn add(&mut self, message: MessageNo, digest: &Digest, raw_len: u64, facts: &Facts) -> Result<()> {
        let share = self.budget.take(document_bytes(facts));
        let document = MessageDocument::new((&self.fields, &mut self.people), share, message, digest, raw_len, facts);
        self.writer.add_document(document).map_err(failed("add a message"))?;
        Ok(())
    }

    /// Deletes the document of a message, if it is there.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn delete(&self, message: MessageNo) -> Result<()> {
        let numbers = RoaringTreemap::from_iter([message.0]);
        let query = NumbersQuery { numbers, field: self.fields.block };
        self.writer.delete_query(Box::new(query)).map_err(failed("delete a message"))?;
        Ok(())
    }

    /// Makes everything since the last commit searchable and durable, and records that all messages up to and
    /// including `last` are in the index.
    ///
    /// # Errors
    /// The index could not be written; it stays at its last commit.
    pub fn commit(&mut self, last: MessageNo) -> Result<()> {
        let mut commit = self.writer.prepare_commit().map_err(failed("prepare a commit"))?;
        commit.set_payload(&last.to_string());
        commit.commit().map_err(failed("commit"))?;
        Ok(())
    }

    /// Rewrites every segment that has deleted documents, so that nothing of them is left in any file of the index.
    /// Deletions must have been committed. Readers opened before must be closed or reloaded first, for files that
    /// they read are kept.
    ///
    /// # Errors
    /// A segment could not be rewritten, or a file of an old one is still there: the erasure is not complete.
    pub fn erase_deleted(&mut self) -> Result<()> {
        self.writer.set_merge_policy(Box::new(NoMergePolicy));
        let result = self.rewrite_segments();
        self.writer.set_merge_policy(Box::new(Merging::new(&self.directory, self.writer.index().directory())));
        result?;
        self.writer.garbage_collect_files().wait().map_err(failed("collect unused files"))?;
        Ok(())
    }

    fn rewrite_segments(&mut self) -> Result<()> {
        for round in 0..ERASURE_ROUNDS {
            let metas = self.writer.index().searchable_segment_metas().map_err(failed("list segments"))?;
            let deleted: Vec<_> = metas.iter().filter(|meta| meta.has_deletes()).map(SegmentMeta::id).collect();
            drop(metas);
            if deleted.is_empty() {
                return Ok(());
            }
            for segment in deleted {
                // A merge that was under way may hold the segment; the next round finds what became of it.
                if self.writer.merge(&[segment]).wait().is_err() {
                    std::thread::sleep(std::time::Duration::from_millis(20 << round.min(6)));
                }
            }
        }
        Err(Error::Index { action: "erase deleted messages", source: "segments with deleted messages are left".into() })
    }

    /// Makes one segment of those that are small: each costs every search the same, whatever its size.
    ///
    /// # Errors
    /// They could not be merged; the index stays as it is.
    pub fn merge_small(&mut self) -> Result<()> {
        let segments = self.writer.index().searchable_segment_metas().map_err(failed("list segments"))?;
        let small = unfilled(&self.directory, self.writer.index().directory(), &segments);
        drop(segments);
        if !small.is_empty() {
            self.writer.merge(&small).wait().map_err(failed("merge segments"))?;
        }
        Ok(())
    }

    /// Waits for merges under way and closes the writer. What was not committed is lost.
    ///
    /// # Errors
    /// A merge failed; the index stays at its last commit.
    pub fn close(self) -> Result<()> {
        self.writer.wait_merging_threads().map_err(failed("finish merging"))
    }
}

/// Checks that `dir` holds no file of a segment that is not in use, as [`IndexWriter::erase_deleted`] leaves it.
pub(super) fn check_no_leftovers(index: &TantivyIndex, dir: &Path) -> Result<()> {
    let segments = index.searchable_segment_ids().map_err(failed("list segments"))?;
    let in_use: HashSet<String> = segments.iter().map(SegmentId::uuid_string).collect();
    for entry in std::fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let path = entry.map_err(Error::io("read", dir))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let segment = name.split('.').next().unwrap_or_default();
        if segment.len() == 32 && !in_use.contains(segment) {
            let source = format!("`{name}` of an old segment is still there; close all readers first").into();
            return Err(Error::Index { action: "erase deleted messages", source });
        }
    }
    Ok(())
}

fn document_bytes(facts: &Facts) -> usize {
    let attachments: usize = facts.attachments.iter().map(|a| a.text.len() + a.attachment.name.len()).sum();
    // People are kept as text and as keys.
    let people: usize = facts.participants.iter().map(|p| 4 * (p.name.len() + p.address.len()) + 256).sum();
    let groups: usize = facts.groups.iter().map(|group| 4 * group.name.len() + 256).sum();
    DOCUMENT_BYTES + groups + facts.subject.len() + facts.body.len() + attachments + people
}
