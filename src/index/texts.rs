//! Whether a query finds messages that are in no index: texts that somebody tries a rule on, or what is left of a message
//! without words that do not count.

use std::path::Path;

use roaring::RoaringTreemap;
use tantivy::directory::RamDirectory;
use tantivy::{Index as TantivyIndex, IndexSettings};

use super::Index;
use super::failure::failed;
use super::schema::Fields;
use super::scope::MessageScope;
use super::writer::Load;
use crate::error::Result;
use crate::message::Facts;
use crate::model::{Digest, MessageNo};
use crate::query::Query;

/// A message that is in no index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unindexed {
    /// Digest of its raw bytes.
    pub digest: Digest,
    /// Length of its raw bytes.
    pub raw_len: u64,
    /// What it says.
    pub facts: Facts,
}

/// Which of `messages` a query finds, by their place from 0, exactly as if they were in an archive. They are indexed in
/// memory for that.
///
/// # Errors
/// The query cannot be answered exactly, or memory is short.
pub fn found_among(query: &Query, messages: &[Unindexed]) -> Result<RoaringTreemap> {
    let (schema, fields) = Fields::build();
    let inner = TantivyIndex::create(RamDirectory::create(), schema, IndexSettings::default());
    // Its files are in no directory.
    let index = Index::new(inner.map_err(failed("create"))?, fields, Path::new(""));
    let mut writer = index.writer(Load::Few)?;
    for (place, message) in (0..).zip(messages) {
        writer.add(MessageNo(place), &message.digest, message.raw_len, &message.facts)?;
    }
    writer.commit(MessageNo(messages.len() as u64))?;
    writer.close()?;
    index.reader()?.matches(query, &MessageScope::new(None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::facts;
    use crate::model::UtcTime;
    use crate::query::{Context, parse};

    #[test]
    fn a_query_finds_texts_as_it_finds_messages() {
        let texts = ["We guarantee a profit.", "Profit is not certain.", "\u{5229}\u{6DA6}\u{4FDD}\u{8BC1}"];
        let message = |text: &&str| {
            let raw = format!("\n{text}");
            Unindexed { digest: Digest::of(raw.as_bytes()), raw_len: raw.len() as u64, facts: facts(raw.as_bytes()) }
        };
        let messages: Vec<Unindexed> = texts.iter().map(message).collect();
        let by_digest = format!("hash:{}", messages[1].digest);
        for (query, found) in [
            ("guarantee* NEAR(3) profit", vec![0]),
            ("profit", vec![0, 1]),
            ("\u{4FDD}\u{8BC1}", vec![2]),
            ("NOT profit", vec![2]),
            ("nothing", vec![]),
            ("size>=22", vec![0, 1]),
            (&by_digest, vec![1]),
        ] {
            let query = parse(query, &Context::rule(UtcTime(0))).unwrap().query;
            assert_eq!(found_among(&query, &messages).unwrap().iter().collect::<Vec<_>>(), found);
        }
        assert!(found_among(&parse("x", &Context::rule(UtcTime(0))).unwrap().query, &[]).unwrap().is_empty());
    }
}
