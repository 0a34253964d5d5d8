//! What was found, in order, as much of it at a time as memory is given for.

use roaring::RoaringTreemap;

use super::SearchRequest;
use super::order::not_a_hit;
use crate::archive::follower::Follower;
use crate::index::{Found, MessageScope, Ranking, Tally};
use crate::model::{ItemNo, MessageNo};
use crate::query::{Node, Query};
use crate::store::{Snapshot, item};
use crate::{Error, Result};

/// Most messages that are listed at a time. To list more, the index is asked again for those that follow.
const MOST: usize = 1 << 18;

/// The beginning of what was found, and where to find the rest.
pub(super) struct List {
    query: Query,
    scope: MessageScope,
    ranking: Ranking,
    /// The first, in order; from the one on behind which hits are wanted, if that was said.
    pub(super) found: Vec<Found>,
    /// Whether there may be more than `found`.
    goes_on: bool,
}

/// As much of a list as a request needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    from: Option<(ItemNo, MessageNo)>,
    messages: usize,
}

impl Wanted {
    /// What `request` shows. Copies can only be brought together when all hits are known.
    pub(super) fn of(snapshot: &Snapshot, request: &SearchRequest) -> Result<Self> {
        let limit = request.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        if limit == 0 && request.after.is_none() && !request.dedupe {
            return Ok(Self { from: None, messages: 0 });
        }
        if request.after.is_some() && !request.sort.is_lasting() {
            return Err(Error::InvalidInput(
                "--after cannot be used with this order: what arrives between two pages changes how well others match; \
                 ask for more with --limit"
                    .to_owned(),
            ));
        }
        if request.dedupe {
            return Ok(Self { from: None, messages: usize::MAX });
        }
        let message_of =
            |after| item(snapshot, after)?.ok_or_else(|| not_a_hit(after)).map(|item| (after, item.message));
        let from = request.after.map(message_of).transpose()?;
        // Every message that is found has an item in scope, so no more of them are needed than hits; the first may have
        // been shown already.
        Ok(Self { from, messages: limit.saturating_add(usize::from(from.is_some())).min(MOST) })
    }
}

impl List {
    /// What matches in `scope`, counted, and as much of it as is wanted.
    ///
    /// # Errors
    /// What hits are wanted behind is none; or the index failed.
    pub(super) fn of(
        index: &Follower,
        query: &Query,
        scope: MessageScope,
        ranking: Ranking,
        wanted: Wanted,
    ) -> Result<(Tally, Self)> {
        let from = match wanted.from {
            Some((after, message)) => {
                let alone = MessageScope::new(Some(RoaringTreemap::from_iter([message.0])));
                let (_, found) = index.first(&Query { root: Node::All }, &alone, &ranking, None, 1)?;
                Some(found.first().copied().ok_or_else(|| not_a_hit(after))?)
            }
            None => None,
        };
        let (tally, found) = match wanted.messages {
            0 => (index.tally(query, &scope)?, Vec::new()),
            messages => index.first(query, &scope, &ranking, from, messages)?,
        };
        if let Some((after, message)) = wanted.from
            && !tally.messages.contains(message.0)
        {
            return Err(not_a_hit(after));
        }
        let goes_on = found.len() == MOST && wanted.messages == MOST;
        Ok((tally, Self { query: query.clone(), scope, ranking, found, goes_on }))
    }

    /// What stands behind `last`, which is the last of what was listed; nothing if that was all.
    ///
    /// # Errors
    /// The index failed.
    pub(super) fn next(&mut self, index: &Follower, last: Found) -> Result<Vec<Found>> {
        if !self.goes_on {
            return Ok(Vec::new());
        }
        let (_, mut found) = index.first(&self.query, &self.scope, &self.ranking, Some(last), MOST + 1)?;
        self.goes_on = found.len() > MOST;
        found.retain(|found| found.message != last.message);
        Ok(found)
    }
}
