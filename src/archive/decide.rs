//! Decisions over stored items: gathers what applies and asks the engine.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::Archive;
use super::hold::{Coverage, coverages};
use super::label::Carried;
use super::narrowing::{Narrowing, narrowings};
use crate::Result;
use crate::model::{Item, MailboxNo, RetentionPolicy, UtcTime};
use crate::retention::{AppliedPolicy, Decision, ItemTimes, Subject, evaluate};
use crate::store::{ArchiveInfo, MessageSet, Tables, holds, load_set, policies};

/// Everything that decisions over one state of the archive depend on.
pub(super) struct Judge {
    policies: Vec<RetentionPolicy>,
    /// What narrows the policies that are narrowed, by their place.
    narrowed: HashMap<usize, Narrowing>,
    holds: Vec<Coverage>,
    partially_indexed: RoaringTreemap,
    labels: Carried,
    residence_days: u32,
    as_of: UtcTime,
    subjects: HashMap<MailboxNo, MailboxRules>,
}

/// What applies in one mailbox.
struct MailboxRules {
    /// An item of it, with the policies that cover everything in it first.
    subject: Subject,
    /// How many those are.
    whole: usize,
    /// The narrowed policies that cover it, by their place.
    narrowed: Vec<(usize, AppliedPolicy)>,
    /// The holds that cover it, by their place.
    holds: Vec<usize>,
}

impl Judge {
    /// A judge of the state that `tables` shows, at `as_of`. The matches of query holds must be current.
    pub(super) fn new(tables: &impl Tables, info: &ArchiveInfo, as_of: UtcTime) -> Result<Self> {
        let policies = policies(tables)?;
        Ok(Self {
            narrowed: narrowings(tables, &policies)?,
            policies,
            holds: coverages(tables, &holds(tables)?)?,
            partially_indexed: load_set(tables, MessageSet::PartiallyIndexed)?,
            labels: Carried::load(tables)?,
            residence_days: info.min_residence_days,
            as_of,
            subjects: HashMap::new(),
        })
    }

    /// The decision over `item`.
    pub(super) fn decide(&mut self, item: &Item) -> Decision {
        if !self.subjects.contains_key(&item.mailbox) {
            let rules = self.rules_of(item);
            self.subjects.insert(item.mailbox, rules);
        }
        let Some(MailboxRules { subject, whole, narrowed, holds }) = self.subjects.get_mut(&item.mailbox) else {
            // It was put there just now; without rules nothing is deleted.
            return evaluate(&Subject::new(ItemTimes::from(item), self.residence_days), self.as_of);
        };
        subject.times = ItemTimes::from(item);
        subject.partially_indexed = self.partially_indexed.contains(item.message.0);
        subject.label = self.labels.of(item.no);
        subject.policies.truncate(*whole);
        let in_part = narrowed
            .iter()
            .filter_map(|(place, policy)| self.narrowed.get(place)?.applied(policy, item, subject.partially_indexed));
        subject.policies.extend(in_part);
        subject.holds.clear();
        let covering = holds.iter().filter_map(|place| self.holds.get(*place));
        subject.holds.extend(covering.filter_map(|coverage| coverage.applied(item)));
        evaluate(subject, self.as_of)
    }

    fn rules_of(&self, item: &Item) -> MailboxRules {
        let mut subject = Subject::new(ItemTimes::from(item), self.residence_days);
        let mut narrowed = Vec::new();
        for (place, policy) in self.policies.iter().enumerate() {
            let Some(applied) = AppliedPolicy::covering(policy, item.mailbox) else { continue };
            if self.narrowed.contains_key(&place) {
                narrowed.push((place, applied));
            } else {
                subject.policies.push(applied);
            }
        }
        let covering = self.holds.iter().enumerate();
        let covering = covering.filter(|(_, coverage)| coverage.covers_mailbox(item.mailbox));
        let holds = covering.map(|(place, _)| place).collect();
        MailboxRules { whole: subject.policies.len(), subject, narrowed, holds }
    }
}

impl Archive {
    /// Brings everything that decisions depend on up to date: the index first, then the scopes of policies, the
    /// labels that are set by themselves, and the matches of queries of policies and holds.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.catch_up(&mut |_, _| {})?;
        self.evaluate_adaptive_scopes()?;
        self.evaluate_query_policies()?;
        self.offer_labels()?;
        self.evaluate_query_holds()
    }
}
