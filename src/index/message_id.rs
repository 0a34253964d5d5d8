//! Message-IDs. Most begin with 32 hexadecimal digits in no order: those of converted messages, which are digests, and those
//! that many mail programs make. They are found by the first bits, as [`super::scattered_id`] says; others are terms.

use std::ops::RangeInclusive;

use tantivy::query::BooleanQuery;
use tantivy::schema::Term;

use super::compile::{Compiled, Compiler};
use super::dictionary::prefix_query;
use super::fold::fold;
use super::key_list::in_key;
use super::scattered_id::{ScatteredIdQuery, TERM_BITS};
use super::schema::{ID, ID_REST};

/// Hexadecimal digits of an id in no order.
const DIGITS: usize = 32;
/// Those of them in a term.
const TERM_DIGITS: usize = TERM_BITS as usize / 4;
/// Bits in the second column; the first has those between.
const REST_BITS: u32 = 64;
/// Longest host of an id in no order, in bytes (RFC 1035 section 2.3.4).
const HOST_BYTES: usize = 255;

/// A Message-ID of 32 hexadecimal digits and a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HexadecimalId {
    digits: u128,
    host: String,
}

impl HexadecimalId {
    /// The id that is written so, without angle brackets; `None` if it is another sort.
    pub(super) fn parse(id: &str) -> Option<Self> {
        let folded = fold(id);
        let (digits, host) = folded.split_once('@')?;
        let is_whole = digits.len() == DIGITS && !host.is_empty() && host.len() <= HOST_BYTES;
        Some(Self { digits: number(digits).filter(|_| is_whole)?, host: in_key(host).into_owned() })
    }

    /// Its terms: the first digits, and the host.
    pub(super) fn terms(&self) -> [String; 2] {
        [digits_term(self.digits >> (u128::BITS - TERM_BITS), TERM_DIGITS), host_term(&self.host)]
    }

    /// What its columns have: the digits behind those of the term, the last 16 apart.
    pub(super) fn columns(&self) -> [u64; 2] {
        columns(self.digits)
    }
}

impl Compiler<'_> {
    /// The messages whose own id is hexadecimal and is `value`, or begins so.
    pub(super) fn hexadecimal_id(&self, value: &str, is_beginning: bool) -> Option<Compiled> {
        let folded = fold(value);
        let (digits, host) = folded.split_once('@').map_or((&*folded, None), |(digits, host)| (digits, Some(host)));
        let is_whole = digits.len() == DIGITS;
        let is_sought = match host {
            Some(host) => is_whole && (is_beginning || !host.is_empty()),
            None => is_beginning && digits.len() <= DIGITS,
        };
        if !is_sought {
            return None;
        }
        let found = self.beginning_with(digits)?;
        let Some(host) = host else { return Some(found) };
        let host = host_term(&in_key(host));
        let host = if is_beginning { prefix_query(self.fields.key, &host) } else { self.key(&host) };
        Some(Box::new(BooleanQuery::intersection(vec![found, host])))
    }

    /// The messages with a hexadecimal id that begins with `digits`; `None` if they are no such digits.
    fn beginning_with(&self, digits: &str) -> Option<Compiled> {
        if digits.is_empty() {
            return Some(prefix_query(self.fields.key, &digits_term(0, 0)));
        }
        let free = 4 * (DIGITS - digits.len()) as u32;
        let low = number(digits)?.checked_shl(free).unwrap_or(0);
        let high = low | 1_u128.checked_shl(free).map_or(u128::MAX, |one| one - 1);
        let first = |of: u128| of >> (u128::BITS - TERM_BITS);
        if digits.len() < TERM_DIGITS {
            return Some(prefix_query(
                self.fields.key,
                &digits_term(first(low) >> (free + TERM_BITS - u128::BITS), digits.len()),
            ));
        }
        let ([id_low, rest_low], [id_high, rest_high]) = (columns(low), columns(high));
        // Below a whole first column, the second has all values.
        let ranges: [(&str, RangeInclusive<u64>); 2] = [(ID, id_low..=id_high), (ID_REST, rest_low..=rest_high)];
        let term = Term::from_field_text(self.fields.key, &digits_term(first(low), TERM_DIGITS));
        Some(Box::new(ScatteredIdQuery { term, columns: ranges.to_vec() }))
    }
}

fn columns(digits: u128) -> [u64; 2] {
    let between = digits << TERM_BITS >> (TERM_BITS + REST_BITS);
    // The shift and the cut leave 64 bits each.
    [between as u64, digits as u64]
}

/// The number that hexadecimal digits are; `None` if there is anything else among them.
fn number(digits: &str) -> Option<u128> {
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u128::from_str_radix(digits, 16).ok().filter(|_| is_number)
}

fn digits_term(first: u128, digits: usize) -> String {
    if digits == 0 { "id#".to_owned() } else { format!("id#{first:0digits$x}") }
}

fn host_term(host: &str) -> String {
    format!("idhost:{host}")
}
