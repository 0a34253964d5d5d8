//! In which order hits are returned, and where a page of them begins.

use crate::Error;
use crate::index::HitOrder;

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
    /// The order of the index that this is.
    pub(super) fn of_hits(self) -> HitOrder {
        match self {
            Self::Newest => HitOrder::Newest,
            Self::Oldest => HitOrder::Oldest,
            Self::Relevance => HitOrder::Relevance,
            Self::Sender => HitOrder::Sender,
            Self::Size => HitOrder::Largest,
        }
    }

    /// Whether what arrives later leaves the order of the others as it is.
    pub(super) fn is_lasting(self) -> bool {
        self != Self::Relevance
    }
}

/// The error of a page that begins behind what is no hit.
pub(super) fn not_a_hit(item: impl std::fmt::Display) -> Error {
    Error::InvalidInput(format!(
        "item {item} is not among the hits, so nothing can be shown after it: it was disposed of, or the query, the \
         scope or the order is another; begin again without --after"
    ))
}
