//! In which order hits are returned, and where a page of them begins.

use roaring::RoaringTreemap;

use super::super::follower::Follower;
use crate::index::{Columns, DateOrder, Found, Row};
use crate::query::Query;
use crate::{Error, Result};

/// In which order hits are returned. Among equals the newest is first, then that which arrived last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// By sent time, newest first; messages without a date last.
    #[default]
    Newest,
    /// By sent time, oldest first; messages without a date last.
    Oldest,
    /// By how well they match: the more of the query's words a message has, in the more fields, and the rarer the words
    /// are in the archive, the earlier. The length of a message does not count.
    Relevance,
    /// By the author's number, address or name, ignoring case.
    Sender,
    /// By raw size, largest first.
    Size,
}

impl SortOrder {
    /// What matches in `within`, in this order.
    pub(super) fn found(self, index: &Follower, query: &Query, within: Option<&RoaringTreemap>) -> Result<Vec<Found>> {
        match self {
            Self::Newest => index.by_date(query, within, DateOrder::NewestFirst),
            Self::Oldest => index.by_date(query, within, DateOrder::OldestFirst),
            Self::Size => {
                let mut found = index.by_date(query, within, DateOrder::NewestFirst)?;
                found.sort_by_key(|found| std::cmp::Reverse(found.size));
                Ok(found)
            }
            Self::Relevance => {
                let columns = index.columns(query, within, true)?;
                Ok(sorted(columns, |_, a, b| b.score.total_cmp(&a.score)))
            }
            Self::Sender => {
                let mut columns = index.columns(query, within, false)?;
                let places = alphabetical(&mut columns.senders);
                let place = |row: &Row| places.get(row.sender as usize);
                Ok(sorted(columns, |_, a, b| place(a).cmp(&place(b))))
            }
        }
    }

    /// Whether what arrives later leaves the order of the others as it is.
    pub(super) fn is_lasting(self) -> bool {
        self != Self::Relevance
    }
}

fn sorted(columns: Columns, compare: impl Fn(&Columns, &Row, &Row) -> std::cmp::Ordering) -> Vec<Found> {
    let mut rows = columns.rows;
    let columns = Columns { rows: Vec::new(), ..columns };
    let newest = |row: &Row| std::cmp::Reverse((row.found.sent, row.found.message));
    rows.sort_unstable_by(|a, b| compare(&columns, a, b).then_with(|| newest(a).cmp(&newest(b))));
    rows.into_iter().map(|row| row.found).collect()
}

/// The place in the alphabet of each label; those without one come last.
fn alphabetical(labels: &mut Vec<String>) -> Vec<usize> {
    let labels = std::mem::take(labels);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let key = |n: &usize| labels.get(*n).map(|label| (label.is_empty(), label));
    order.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    let mut places = vec![0; labels.len()];
    for (place, n) in order.into_iter().enumerate() {
        if let Some(at) = places.get_mut(n) {
            *at = place;
        }
    }
    places
}

/// The error of a page that begins behind what is no hit.
pub(super) fn not_a_hit(item: impl std::fmt::Display) -> Error {
    Error::InvalidInput(format!(
        "item {item} is not among the hits, so nothing can be shown after it: it was disposed of, or the query, the \
         scope or the order is another; begin again without --after"
    ))
}
