//! Terms that begin alike.

use std::collections::BTreeSet;
use std::io;
use std::ops::Bound;

use tantivy::Searcher;
use tantivy::query::{InvertedIndexRangeQuery, Query};
use tantivy::schema::{Field, Term};
use tantivy::termdict::{TermDictionary, TermStreamer};

use crate::error::{Error, Result};

use super::failure::{failed, refused};

/// Most words that a prefix in a phrase or in `NEAR` may stand for.
pub(super) const MAX_VARIANTS: usize = 10_000;

/// The terms of one segment's field that begin with `prefix`.
pub(super) fn prefix_stream<'a>(terms: &'a TermDictionary, prefix: &[u8]) -> io::Result<TermStreamer<'a>> {
    let range = terms.range().ge(prefix);
    match prefix_end(prefix) {
        Some(end) => range.lt(end).into_stream(),
        None => range.into_stream(),
    }
}

/// Documents with any term that begins with `prefix`, however many there are.
pub(super) fn prefix_query(field: Field, prefix: &str) -> Box<dyn Query> {
    let upper = prefix_end(prefix.as_bytes())
        .map_or(Bound::Unbounded, |end| Bound::Excluded(Term::from_field_bytes(field, &end)));
    Box::new(InvertedIndexRangeQuery::new(Bound::Included(Term::from_field_text(field, prefix)), upper))
}

/// Refuses a prefix that stands for more than [`MAX_VARIANTS`] words.
pub(super) fn check_variants(searcher: &Searcher, field: Field, prefix: &str, place: usize) -> Result<()> {
    let mut variants = BTreeSet::new();
    for_each_term(searcher, field, prefix, |term| {
        variants.insert(term.to_owned());
        variants.len() <= MAX_VARIANTS
    })?;
    if variants.len() <= MAX_VARIANTS {
        return Ok(());
    }
    let message =
        format!("`{prefix}*` stands for more than {MAX_VARIANTS} words, too many in a phrase or near another word");
    Err(refused("E_TOO_MANY_VARIANTS", place, message, "write more letters before the `*`"))
}

/// Gives the terms that begin with `prefix` in each segment, until `goes_on` says no.
pub(super) fn for_each_term(
    searcher: &Searcher,
    field: Field,
    prefix: &str,
    mut goes_on: impl FnMut(&[u8]) -> bool,
) -> Result<()> {
    let io_failed = |error: io::Error| -> Error { failed("read its words")(error) };
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field).map_err(failed("read its words"))?;
        let mut stream = prefix_stream(index.terms(), prefix.as_bytes()).map_err(io_failed)?;
        while stream.advance() {
            if !goes_on(stream.key()) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The first byte string behind all that begin with `prefix`.
fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix() {
        assert_eq!(prefix_end(b"abc"), Some(b"abd".to_vec()));
        assert_eq!(prefix_end(b"a\xff\xff"), Some(b"b".to_vec()));
        assert_eq!(prefix_end(b"\xff"), None);
    }
}
