//! Which attachments of a message a query matched.

use std::collections::BTreeSet;

use roaring::RoaringTreemap;
use tantivy::Searcher;
use tantivy::index::SegmentReader;

use crate::error::Result;
use crate::model::MessageNo;

use super::cursor::FieldCursor;
use super::documents::Documents;
use super::failure::failed;
use super::matched::MatchedIn;
use super::schema::{Fields, MESSAGE, TextField};
use super::span::Spans;

/// An attachment that a query matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedAttachment {
    /// Its place in the message, from 1.
    pub n: usize,
    /// In its name, its text or both.
    pub parts: Vec<MatchedIn>,
}

/// Finds spans in a field with a part for each attachment, in their order, and perhaps others behind them.
pub(super) struct AttachmentField<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: &'a Fields,
    pub(super) field: TextField,
    pub(super) spans: &'a Spans,
}

impl AttachmentField<'_> {
    /// Calls `visit` with each of `messages` and the parts of it that have the spans, by number from 0.
    ///
    /// # Errors
    /// `Error::Index` if the index cannot be read.
    pub(super) fn visit(
        &self,
        messages: &RoaringTreemap,
        visit: &mut dyn FnMut(MessageNo, BTreeSet<usize>),
    ) -> Result<()> {
        let documents = Documents::of(messages, self.searcher, self.fields).map_err(failed("find messages"))?;
        for segment in self.searcher.segment_readers() {
            self.visit_segment(segment, &documents, visit).map_err(failed("find attachments"))?;
        }
        Ok(())
    }

    fn visit_segment(
        &self,
        segment: &SegmentReader,
        documents: &Documents,
        visit: &mut dyn FnMut(MessageNo, BTreeSet<usize>),
    ) -> tantivy::Result<()> {
        let documents = documents.in_segment(segment);
        if documents.is_empty() {
            return Ok(());
        }
        let index = segment.inverted_index(self.field.field)?;
        let mut cursor = FieldCursor::new(&index, self.field.field, true, self.spans)?;
        let numbers = segment.fast_fields().u64(MESSAGE)?.first_or_default_col(0);
        for document in documents.iter().copied().filter(|document| !segment.is_deleted(*document)) {
            // What is too much to decide made the search fail before.
            if let Ok(parts) = cursor.parts(document) {
                visit(MessageNo(numbers.get_val(document)), parts);
            }
        }
        Ok(())
    }
}
