//! Messages by their digest.

use std::ops::Bound;

use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, RangeQuery};
use tantivy::schema::{Field, Term};

use super::compile::Compiled;
use super::fold::fold;

/// Hexadecimal digits of a digest.
const DIGITS: usize = 64;

/// Digits of one column.
const COLUMN_DIGITS: usize = 16;

/// The messages with the digest `value`, or with one that begins so. The columns hold its first 128 bits: nobody can
/// make two messages that agree in them.
pub(super) fn digest_query(columns: [Field; 2], value: &str, prefix: bool) -> Compiled {
    let digits = fold(value.trim());
    let is_digest = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_digest || digits.len() > DIGITS || (digits.len() < DIGITS && !prefix) {
        return Box::new(EmptyQuery);
    }
    let (first, rest) = digits.split_at(digits.len().min(COLUMN_DIGITS));
    let parts = columns.into_iter().zip([first, rest.get(..COLUMN_DIGITS).unwrap_or(rest)]);
    let parts: Vec<Compiled> = parts.filter_map(|(column, digits)| column_query(column, digits)).collect();
    if parts.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::intersection(parts)) }
}

/// The values of a column that begin with `digits`; `None` if all do.
fn column_query(column: Field, digits: &str) -> Option<Compiled> {
    let value = u64::from_str_radix(digits, 16).ok()?;
    let free = 4 * (COLUMN_DIGITS - digits.len()) as u32;
    let low = value.checked_shl(free)?;
    let high = low | 1_u64.checked_shl(free).map_or(u64::MAX, |one| one - 1);
    let bound = |value| Bound::Included(Term::from_field_u64(column, value));
    Some(Box::new(RangeQuery::new(bound(low), bound(high))))
}
