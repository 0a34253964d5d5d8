//! Rules that are simulated as if they were in force.

use roaring::RoaringTreemap;

use crate::archive::label::Offer;
use crate::model::{Digest, PolicyId, RetentionLabel, RetentionPolicy, UtcTime};

/// A policy that is not in force, or not in this form.
pub(in crate::archive) struct DraftPolicy {
    /// It, as it would be.
    pub(in crate::archive) policy: RetentionPolicy,
    /// What its query matches; `None` if it has none, or if that is known already.
    pub(in crate::archive) matches: Option<RoaringTreemap>,
}

/// Rules that are simulated as if they were in force, in place of those with the same id.
pub(in crate::archive) struct Proposal {
    /// Policies.
    pub(in crate::archive) drafts: Vec<DraftPolicy>,
    /// Labels, with what they would be set on.
    pub(in crate::archive) offers: Vec<Offer>,
    /// When they would be set.
    pub(in crate::archive) at: UtcTime,
    /// The rules among them that delete, under which their simulation is remembered.
    pub(in crate::archive) deleting: Vec<Digest>,
    /// The names of the rules.
    pub(in crate::archive) names: Vec<String>,
}

impl Proposal {
    /// Nothing, at `at`.
    pub(in crate::archive) fn new(at: UtcTime) -> Self {
        Self { drafts: Vec::new(), offers: Vec::new(), at, deleting: Vec::new(), names: Vec::new() }
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
    pub(in crate::archive) fn matches(&self, policy: PolicyId) -> Option<&RoaringTreemap> {
        self.drafts.iter().find(|draft| draft.policy.id == policy)?.matches.as_ref()
    }

    /// The labels.
    pub(in crate::archive) fn labels(&self) -> impl Iterator<Item = &RetentionLabel> {
        self.offers.iter().map(|offer| &offer.label)
    }
}
