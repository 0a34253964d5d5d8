//! Rules that are simulated as if they were in force.

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::label::Offer;
use crate::archive::rules::schedule_in_force;
use crate::model::{LabelId, PolicyId, RetentionLabel, RetentionPolicy, RetentionSchedule, UtcTime};
use crate::store::{Tables, labels};

/// A policy that is not in force, or not in this form.
pub(in crate::archive) struct DraftPolicy {
    /// It, as it would be.
    pub(in crate::archive) policy: RetentionPolicy,
    /// What its query matches; `None` if it has none, or if that is known already.
    pub(in crate::archive) matches: Option<DraftMatches>,
}

/// What the query of a policy matches that is not in force, or not in this form.
pub(in crate::archive) struct DraftMatches {
    /// The messages that it finds.
    pub(in crate::archive) found: RoaringTreemap,
    /// Those of which nobody knew whether the query before it finds them; what it does not find of them is in doubt.
    pub(in crate::archive) unread: RoaringTreemap,
}

impl From<RetentionPolicy> for DraftPolicy {
    /// One that has no query, or whose matches are known already.
    fn from(policy: RetentionPolicy) -> Self {
        Self { policy, matches: None }
    }
}

/// Rules that are simulated as if they were in force, in place of those with the same id.
pub(in crate::archive) struct Proposal {
    /// Policies.
    pub(in crate::archive) drafts: Vec<DraftPolicy>,
    /// Labels, with what they would be set on.
    pub(in crate::archive) offers: Vec<Offer>,
    /// Of labels that would get another query, the items of which nobody knows whether the one before means them.
    pub(in crate::archive) in_doubt: Vec<(LabelId, RoaringTreemap)>,
    /// When they would be set.
    pub(in crate::archive) at: UtcTime,
    /// The names of the rules.
    pub(in crate::archive) names: Vec<String>,
}

impl Proposal {
    /// Nothing, at `at`.
    pub(in crate::archive) fn new(at: UtcTime) -> Self {
        Self { drafts: Vec::new(), offers: Vec::new(), in_doubt: Vec::new(), at, names: Vec::new() }
    }

    /// A policy alone, at `at`.
    pub(in crate::archive) fn of_policy(at: UtcTime, draft: DraftPolicy) -> Self {
        let mut proposal = Self::new(at);
        proposal.add_policy(draft);
        proposal
    }

    /// Adds a policy.
    pub(in crate::archive) fn add_policy(&mut self, draft: DraftPolicy) {
        self.names.push(draft.policy.name.clone());
        self.drafts.push(draft);
    }

    /// The rules in force with it.
    pub(in crate::archive) fn schedule(&self, tables: &impl Tables) -> Result<RetentionSchedule> {
        let (mut schedule, mut all) = (schedule_in_force(tables)?, labels(tables)?);
        all.extend(self.labels().cloned());
        self.drafts.iter().for_each(|draft| schedule.put_policy(&draft.policy));
        self.labels().for_each(|label| schedule.put_label(label, &all));
        Ok(schedule)
    }

    /// Whether it says nothing.
    pub(in crate::archive) fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.offers.is_empty()
    }

    /// The policies `in_force` with those proposed.
    pub(in crate::archive) fn policies(&self, mut in_force: Vec<RetentionPolicy>) -> Vec<RetentionPolicy> {
        for draft in &self.drafts {
            match in_force.iter_mut().find(|policy| policy.id == draft.policy.id) {
                Some(policy) => policy.clone_from(&draft.policy),
                None => in_force.push(draft.policy.clone()),
            }
        }
        in_force
    }

    /// What the query of a proposed policy matches.
    pub(in crate::archive) fn matches(&self, policy: PolicyId) -> Option<&DraftMatches> {
        self.drafts.iter().find(|draft| draft.policy.id == policy)?.matches.as_ref()
    }

    /// The labels.
    pub(in crate::archive) fn labels(&self) -> impl Iterator<Item = &RetentionLabel> {
        self.offers.iter().map(|offer| &offer.label)
    }
}
