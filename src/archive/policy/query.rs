//! Policies that a query narrows: their matches, kept current.

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::Archive;
use crate::archive::narrowing::known_through;
use crate::index::RULES;
use crate::model::{MessageNo, RetentionPolicy};
use crate::store::{MessageSet, Snapshot, Transaction, extend_set, last_message, load_set, policies, put_policy};

impl Archive {
    /// The messages that satisfy the query of a new policy; `None` if it has none. The index must be current.
    pub(in crate::archive) fn first_policy_matches(
        &self,
        snapshot: &Snapshot,
        policy: &mut RetentionPolicy,
    ) -> Result<Option<RoaringTreemap>> {
        let Some(text) = &policy.query else { return Ok(None) };
        let matches = self.index.matches(&self.hold_query(text)?, MessageNo(0))?;
        (policy.evaluated_through, policy.evaluated_rules) = (last_message(snapshot)?, RULES);
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

    /// Finds, for each policy with a query, its matches among the messages that came since it was last evaluated, and among
    /// all of them where the rules of searching are new. What only older rules found stays a match of a policy that retains;
    /// one that only deletes no longer covers it.
    pub(in crate::archive) fn evaluate_query_policies(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let last = last_message(&snapshot)?;
        let mut behind = policies(&snapshot)?;
        let is_behind = |policy: &RetentionPolicy| known_through(policy) < last || policy.evaluated_rules != RULES;
        behind.retain(|policy| policy.query.is_some() && is_behind(policy));
        if behind.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for mut policy in behind {
            let Some(text) = &policy.query else { continue };
            let set = MessageSet::PolicyMatches(policy.id);
            let known = load_set(&snapshot, set)?;
            let is_new = policy.evaluated_rules != RULES;
            let since = MessageNo(known_through(&policy).0 + 1);
            let matches = self.index.matches(&self.hold_query(text)?, since)?;
            let lost = if is_new && !policy.action.retains() { &known - &matches } else { RoaringTreemap::new() };
            let new = &matches - &known;
            extend_set(&transaction, set, new.iter().map(MessageNo), lost.iter().map(MessageNo))?;
            let again = if is_new { format!("; by new rules, {} no longer", lost.len()) } else { String::new() };
            let outcome = format!("{} new matches{again}", new.len());
            self.record(&transaction, "retention.policy.evaluate", &policy.id.to_string(), &outcome)?;
            (policy.evaluated_through, policy.evaluated_rules) = (last, RULES);
            put_policy(&transaction, &policy)?;
        }
        transaction.commit()
    }
}
