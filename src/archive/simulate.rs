//! What retention would do at a date. Changes nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Archive;
use super::decide::Judge;
use crate::Result;
use crate::model::UtcTime;
use crate::retention::{Decision, Outcome};
use crate::store::{all_items, mailboxes};

/// Counts of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// All items.
    pub items: u64,
    /// Items that may be disposed of.
    pub eligible: u64,
    /// Items that retention, a delay or a guard keeps, or that nothing deletes.
    pub kept: u64,
    /// Items that a hold keeps.
    pub held: u64,
    /// Of the kept ones, those that wait for a disposition review.
    pub review: u64,
}

impl Counts {
    /// Counts an item with the decision over it as of `as_of`.
    pub(super) fn count(&mut self, decision: &Decision, as_of: UtcTime) {
        self.items += 1;
        match decision.outcome {
            Outcome::Eligible => self.eligible += 1,
            Outcome::Kept => {
                self.kept += 1;
                self.review += u64::from(decision.review_since.is_some_and(|since| since <= as_of));
            }
            Outcome::Held => self.held += 1,
        }
    }
}

/// Counts of one mailbox or one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulationRow {
    /// The mailbox's address, or the name of the policy that deletes.
    pub name: String,
    /// Its counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// What retention would do at a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulation {
    /// The date.
    pub as_of: UtcTime,
    /// Over the whole archive.
    #[serde(flatten)]
    pub counts: Counts,
    /// By mailbox.
    pub mailboxes: Vec<SimulationRow>,
    /// By the policy whose deletion decides; items that nothing deletes are in none.
    pub policies: Vec<SimulationRow>,
}

impl Archive {
    /// Decides over every item as of a date.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn simulate(&mut self, as_of: UtcTime) -> Result<Simulation> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut judge = Judge::new(&snapshot, &self.info, as_of)?;
        let addresses: BTreeMap<_, _> = mailboxes(&snapshot)?.into_iter().map(|m| (m.no, m.address)).collect();
        let mut counts = Counts::default();
        let mut by_mailbox: BTreeMap<&str, Counts> = BTreeMap::new();
        let mut by_policy: BTreeMap<String, Counts> = BTreeMap::new();
        all_items(&snapshot, |item| {
            let decision = judge.decide_without_reasons(&item)?;
            counts.count(&decision, as_of);
            let address = addresses.get(&item.mailbox).map_or("", String::as_str);
            by_mailbox.entry(address).or_default().count(&decision, as_of);
            if let Some(rule) = deleting_rule(&decision) {
                match by_policy.get_mut(rule) {
                    Some(counts) => counts.count(&decision, as_of),
                    None => by_policy.entry(rule.to_owned()).or_default().count(&decision, as_of),
                }
            }
            Ok(())
        })?;
        let outcome = format!("{} items, {} eligible, {} held", counts.items, counts.eligible, counts.held);
        self.record_alone("retention.simulate", &as_of.to_string(), &outcome)?;
        Ok(Simulation {
            as_of,
            counts,
            mailboxes: by_mailbox.into_iter().map(|(name, counts)| row(name.to_owned(), counts)).collect(),
            policies: by_policy.into_iter().map(|(name, counts)| row(name, counts)).collect(),
        })
    }
}

fn row(name: String, counts: Counts) -> SimulationRow {
    SimulationRow { name, counts }
}

/// The name of the rule whose deletion decides.
pub(super) fn deleting_rule(decision: &Decision) -> Option<&str> {
    decision.deleted_by.as_deref()
}
