//! Where the bytes of the index go.

use std::collections::BTreeMap;

use serde::Serialize;
use tantivy::space_usage::PerFieldSpaceUsage;

use super::Index;
use super::failure::failed;
use crate::error::Result;

/// What one field takes, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldLayout {
    /// Its name.
    pub name: String,
    /// The dictionary of its terms.
    pub terms: u64,
    /// Which messages each term is in, and how often.
    pub postings: u64,
    /// Where in them.
    pub positions: u64,
    /// Its values by message.
    pub column: u64,
}

impl FieldLayout {
    /// All of it.
    pub fn bytes(&self) -> u64 {
        self.terms + self.postings + self.positions + self.column
    }
}

/// What the index is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexLayout {
    /// Segments.
    pub segments: u64,
    /// Its fields, the largest first.
    pub fields: Vec<FieldLayout>,
    /// Bytes that belong to no field.
    pub other: u64,
}

impl Index {
    /// What each field takes at the last commit.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn layout(&self) -> Result<IndexLayout> {
        let searcher = self.reader()?.reader.searcher();
        let usage = searcher.space_usage().map_err(failed("measure"))?;
        let mut fields = BTreeMap::new();
        for segment in usage.segments() {
            add(&mut fields, segment.termdict(), |field| &mut field.terms);
            add(&mut fields, segment.postings(), |field| &mut field.postings);
            add(&mut fields, segment.positions(), |field| &mut field.positions);
            add(&mut fields, segment.fast_fields(), |field| &mut field.column);
        }
        let mut fields: Vec<FieldLayout> = fields.into_values().collect();
        fields.sort_by(|a, b| b.bytes().cmp(&a.bytes()).then_with(|| a.name.cmp(&b.name)));
        let known: u64 = fields.iter().map(FieldLayout::bytes).sum();
        let segments = usage.segments().len() as u64;
        Ok(IndexLayout { segments, other: self.bytes()?.saturating_sub(known), fields })
    }
}

fn add(
    fields: &mut BTreeMap<String, FieldLayout>,
    usage: &PerFieldSpaceUsage,
    part: impl Fn(&mut FieldLayout) -> &mut u64,
) {
    for field in usage.fields() {
        let name = field.field_name();
        let layout = fields
            .entry(name.to_owned())
            .or_insert_with(|| FieldLayout { name: name.to_owned(), ..FieldLayout::default() });
        *part(layout) += field.total().get_bytes();
    }
}
