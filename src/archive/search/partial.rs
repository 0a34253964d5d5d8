//! Messages that a search cannot judge as a whole.

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::follower::Follower;
use crate::query::Query;
use crate::store::{MessageSet, Snapshot, load_set};

/// The reason of messages that nothing says the received time of.
const NOT_RECEIVED: &str = "nothing says when it was received, which the query asks for";

/// The messages that may match a query for all that is known, of the scope and perhaps others.
pub(super) struct Partial {
    /// All of them.
    pub(super) messages: RoaringTreemap,
    /// Those among them that the query asks the received time of, which nothing says.
    undated: RoaringTreemap,
}

impl Partial {
    /// What `query` cannot judge.
    pub(super) fn of(
        index: &Follower,
        snapshot: &Snapshot,
        query: &Query,
        within: Option<&RoaringTreemap>,
    ) -> Result<Self> {
        let undated = match query.undecidable() {
            Some(undecidable) => index.matches_within(&undecidable, within)?,
            None => RoaringTreemap::new(),
        };
        Ok(Self { messages: load_set(snapshot, MessageSet::PartiallyIndexed)? | &undated, undated })
    }

    /// Why the query cannot judge a message, beside what of it could not be read.
    pub(super) fn reason(&self, message: u64) -> Option<String> {
        self.undated.contains(message).then(|| NOT_RECEIVED.to_owned())
    }
}
