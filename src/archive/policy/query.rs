//! Policies that a query narrows: their matches, kept current.

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::Archive;
use crate::model::{MessageNo, RetentionPolicy};
use crate::store::{MessageSet, Snapshot, Transaction, extend_set, last_message, policies, put_policy};

impl Archive {
    /// The messages that satisfy the query of a new policy; `None` if it has none. The index must be current.
    pub(in crate::archive) fn first_policy_matches(
        &self,
        snapshot: &Snapshot,
        policy: &mut RetentionPolicy,
    ) -> Result<Option<RoaringTreemap>> {
        let Some(text) = &policy.query else { return Ok(None) };
        let matches = self.index.matches(&self.hold_query(text)?, MessageNo(0))?;
        policy.evaluated_through = last_message(snapshot)?;
        Ok(Some(matches))
    }

    /// Finds the matches of all policies with a query among messages of which more is searched than when they were
    /// evaluated.
    pub(in crate::archive) fn match_query_policies(
        &self,
        transaction: &Transaction,
        within: &RoaringTreemap,
    ) -> Result<()> {
        for policy in policies(transaction)? {
            let Some(text) = &policy.query else { continue };
            let found = self.index.matches_within(&self.hold_query(text)?, Some(within))?;
            extend_set(transaction, MessageSet::PolicyMatches(policy.id), found.iter().map(MessageNo), [])?;
        }
        Ok(())
    }

    /// Finds, for each policy with a query, its matches among the messages that came since it was last evaluated.
    pub(in crate::archive) fn evaluate_query_policies(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let last = last_message(&snapshot)?;
        let mut behind = policies(&snapshot)?;
        behind.retain(|policy| policy.query.is_some() && policy.evaluated_through < last);
        if behind.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for mut policy in behind {
            let Some(text) = &policy.query else { continue };
            let since = MessageNo(policy.evaluated_through.0 + 1);
            let matches = self.index.matches(&self.hold_query(text)?, since)?;
            extend_set(&transaction, MessageSet::PolicyMatches(policy.id), matches.iter().map(MessageNo), [])?;
            let outcome = format!("{} new matches", matches.len());
            self.record(&transaction, "retention.policy.evaluate", &policy.id.to_string(), &outcome)?;
            policy.evaluated_through = last;
            put_policy(&transaction, &policy)?;
        }
        transaction.commit()
    }
}
