//! Holds whose query cannot be read: they hold all that they were not evaluated on, and say so.

use super::coverage::known_through;
use super::evaluate::live_scopes;
use crate::archive::Archive;
use crate::archive::rule_query::or_refusal;
use crate::index::RULES;
use crate::model::{Hold, HoldEvaluation, HoldScope, MessageNo};
use crate::store::{Tables, last_message};
use crate::{Error, Result};

/// Why nobody knows what a hold matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadHold {
    /// What is wrong with its query.
    pub why: String,
    /// Whether it is not the query that it has, but one that it had before a change, and that it still holds for.
    pub is_former: bool,
}

impl Archive {
    /// Why nobody knows what each of `holds` matches, if so.
    pub(in crate::archive) fn unread_holds(
        &self,
        tables: &impl Tables,
        holds: &[Hold],
    ) -> Result<Vec<Option<UnreadHold>>> {
        let last = last_message(tables)?;
        holds.iter().map(|hold| self.unread_hold(hold, last)).collect()
    }

    fn unread_hold(&self, hold: &Hold, last: MessageNo) -> Result<Option<UnreadHold>> {
        let mut hold = hold.clone();
        for (place, (scope, evaluation)) in live_scopes(&mut hold, self.now()).into_iter().enumerate() {
            if let Some(why) = self.scope_refusal(scope, *evaluation, last)? {
                return Ok(Some(UnreadHold { why, is_former: place > 0 }));
            }
        }
        Ok(None)
    }

    /// Why a scope cannot be read, or, if it was not evaluated yet, not evaluated; without an index only the former is known.
    fn scope_refusal(&self, scope: &HoldScope, evaluation: HoldEvaluation, last: MessageNo) -> Result<Option<String>> {
        if !scope.is_narrowed() {
            return Ok(None);
        }
        let through = known_through(evaluation);
        let is_behind = through < last || evaluation.rules != RULES;
        let read = self.scope_query(scope).and_then(|query| {
            if is_behind { self.index.matches(&query, MessageNo(through.0 + 1)).map(drop) } else { Ok(()) }
        });
        // Which holds there are is told whatever state the index is in.
        if let Err(Error::Index { .. } | Error::Io { .. }) = read {
            return Ok(None);
        }
        or_refusal(read).map(std::result::Result::err)
    }
}
