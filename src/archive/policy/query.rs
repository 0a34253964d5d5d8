//! Policies that a query narrows: their matches, kept current.

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::Archive;
use crate::archive::narrowing::known_through;
use crate::archive::rule_query::{RuleMatches, or_refusal};
use crate::archive::simulation::DraftMatches;
use crate::index::RULES;
use crate::model::{MessageNo, PolicyId, RetentionPolicy};
use crate::store::{MessageSet, Snapshot, Transaction, extend_set, last_message, load_set, policies, put_policy};

impl Archive {
    /// What the query of a new policy matches; `None` if it has none. The index must be current.
    pub(in crate::archive) fn first_policy_matches(
        &self,
        snapshot: &Snapshot,
        policy: &mut RetentionPolicy,
    ) -> Result<Option<DraftMatches>> {
        let Some(text) = &policy.query else { return Ok(None) };
        self.hold_query(text)?;
        let RuleMatches { found, doubtful } =
            self.rule_matches(text, |query| self.index.decisive_matches(query, MessageNo(0)))?;
        (policy.evaluated_through, policy.evaluated_rules) = (last_message(snapshot)?, RULES);
        policy.people = self.known_people(policy.query.as_deref())?;
        Ok(Some(DraftMatches { found, unread: doubtful }))
    }

    /// Finds the matches of all policies with a query among messages of which more is searched than when they were
    /// evaluated. Whether a policy covers what it found before for what it lacked is in doubt.
    pub(in crate::archive) fn match_query_policies(
        &self,
        transaction: &Transaction,
        within: &RoaringTreemap,
    ) -> Result<()> {
        for policy in policies(transaction)? {
            let Some(text) = policy.query.as_ref().filter(|_| policy.refused.is_none()) else { continue };
            match or_refusal(self.rule_matches(text, |query| self.index.matches_within(query, Some(within))))? {
                Ok(RuleMatches { found, doubtful }) => {
                    let known = load_set(transaction, MessageSet::PolicyMatches(policy.id))?;
                    put_matches(transaction, policy.id, &found, &(((known & within) - &found) | doubtful))?;
                }
                Err(why) => self.note_policy(transaction, policy, Some(why))?,
            }
        }
        Ok(())
    }

    /// Finds, for each policy with a query, its matches among the messages that came since it was last evaluated, and among
    /// all of them where the rules of searching are new, or the people of the query have other names. What it found before and does
    /// not any longer is kept apart: whether the policy covers it is in doubt from then on.
    pub(in crate::archive) fn evaluate_query_policies(&mut self) -> Result<()> {
        self.read_rule_queries()?;
        let snapshot = self.store.snapshot()?;
        let last = last_message(&snapshot)?;
        let mut behind = policies(&snapshot)?;
        let is_behind = |policy: &RetentionPolicy| known_through(policy) < last || policy.evaluated_rules != RULES;
        behind.retain(|policy| policy.query.is_some() && policy.refused.is_none() && is_behind(policy));
        if behind.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for policy in behind {
            let Some(text) = &policy.query else { continue };
            let since = MessageNo(known_through(&policy).0 + 1);
            match or_refusal(self.rule_matches(text, |query| self.index.decisive_matches(query, since)))? {
                Ok(matches) => self.put_evaluated(&transaction, policy, &matches, last)?,
                Err(why) => self.note_policy(&transaction, policy, Some(why))?,
            }
        }
        transaction.commit()
    }

    /// Writes that a policy was evaluated on all messages through `last`.
    fn put_evaluated(
        &self,
        transaction: &Transaction,
        mut policy: RetentionPolicy,
        RuleMatches { found: matches, doubtful }: &RuleMatches,
        last: MessageNo,
    ) -> Result<()> {
        let known = load_set(transaction, MessageSet::PolicyMatches(policy.id))?;
        let is_new = policy.evaluated_rules != RULES;
        let lost = if is_new { &known - matches } else { RoaringTreemap::new() };
        let new = matches - &known;
        // Nobody has seen what it would delete of what was there: that is asked for again.
        let widened = if is_new { new.range_cardinality(..=policy.evaluated_through.0) } else { 0 };
        let stops = widened > 0 && policy.action.deletes() && !policy.deletion_waits && policy.released.is_none();
        policy.deletion_waits |= stops;
        let again = if is_new { format!("; of those before, {} no longer", lost.len()) } else { String::new() };
        put_matches(transaction, policy.id, &new, &(lost | doubtful))?;
        let stopped = if stops {
            format!(
                "; {widened} of them were there when it was evaluated before, so its deletion waits until it is enabled"
            )
        } else {
            String::new()
        };
        let outcome = format!("{} new matches{again}{stopped}", new.len());
        self.record(transaction, "retention.policy.evaluate", &policy.id.to_string(), &outcome)?;
        (policy.evaluated_through, policy.evaluated_rules) = (last, RULES);
        put_policy(transaction, &policy)
    }
}

/// Writes that the query of a policy matches `found` too, and no longer `lost`.
pub(super) fn put_matches(
    transaction: &Transaction,
    policy: PolicyId,
    found: &RoaringTreemap,
    lost: &RoaringTreemap,
) -> Result<()> {
    let numbers = |set: &'_ RoaringTreemap| set.clone().into_iter().map(MessageNo);
    extend_set(transaction, MessageSet::PolicyMatches(policy), numbers(found), numbers(lost))?;
    extend_set(transaction, MessageSet::FormerPolicyMatches(policy), numbers(lost), numbers(found))
}
