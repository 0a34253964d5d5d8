//! What retention would do at a date, by the rules in force and by others. Changes nothing.

mod counters;
mod html_report;
mod proposal;
mod sample;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Archive;
use super::label::{NewLabel, labels_in_doubt};
use super::policy::{NewPolicy, PolicyChange};
use super::rule_query::UnreadRule;
use super::rules::RuleFile;
use crate::Result;
use crate::model::{Digest, ItemNo, MailboxNo, RetentionPeriod, RetentionSchedule, ReviewStage, UtcTime};
use crate::retention::Outcome;
use crate::store::{ScheduleSimulation, Snapshot, all_items, mailboxes, put_simulation};
use counters::{Counted, Counters};
use tally::{Tally, month_name};

pub(super) use proposal::{DraftMatches, DraftPolicy, Proposal};
pub use sample::SampledItem;
pub use tally::Counts;

/// Counts of one mailbox or one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulationRow {
    /// The mailbox's address, or the name of the policy or label that deletes.
    pub name: String,
    /// Its counts by the rules in force.
    #[serde(flatten)]
    pub counts: Counts,
    /// Its counts with what is proposed; `None` if nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Counts>,
}

/// The items that can be disposed of from some time of a month on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulationMonth {
    /// Such as `2027-01`, in UTC.
    pub month: String,
    /// Items by the rules in force.
    pub items: u64,
    /// Items with what is proposed; `None` if nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<u64>,
}

/// Items that could be disposed of at the date, were it not for a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldConflict {
    /// The hold's name.
    pub hold: String,
    /// The items that it keeps; an item under several holds counts in each.
    pub items: u64,
}

/// What retention would do at a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// The date.
    pub as_of: UtcTime,
    /// Over the whole archive, by the rules in force.
    pub counts: Counts,
    /// The same with what is proposed; `None` if nothing is.
    pub proposed: Option<Counts>,
    /// The names of the rules that are proposed.
    pub proposal: Vec<String>,
    /// Digest of all rules as they would be, to which a second person consents.
    pub rules: Digest,
    /// By mailbox.
    pub mailboxes: Vec<SimulationRow>,
    /// By the policy or label whose deletion decides; items that nothing deletes are in none.
    pub policies: Vec<SimulationRow>,
    /// By the month of the earliest disposition; items for which none is known are in none.
    pub months: Vec<SimulationMonth>,
    /// What holds keep that is due, with what is proposed.
    pub conflicts: Vec<HoldConflict>,
    /// The first items that each rule deletes; where something is proposed, those that only that deletes.
    pub samples: Vec<SampledItem>,
    /// The rules in force of which nobody knows what their query covers.
    pub unread: Vec<UnreadRule>,
    /// The names of the labels whose query finds messages, or may have to give way to one that finds them, for what they lack,
    /// though not all of them can be searched. They are not set on those by themselves, and delete none of them.
    pub labels_in_doubt: Vec<String>,
}

/// An item that could be disposed of at the date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulatedItem {
    /// The item.
    #[serde(serialize_with = "as_text")]
    pub item: ItemNo,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// When it was received, else sent, else captured.
    pub created_at: UtcTime,
    /// The rule that deletes it.
    pub rule: String,
    /// Where it stands by the rules in force.
    pub in_force: Outcome,
    /// Every reason, in words.
    pub reasons: Vec<String>,
}

fn as_text<S: serde::Serializer>(item: &ItemNo, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(item)
}

/// What is simulated beside the rules in force.
#[derive(Debug, Clone, Copy)]
pub enum SimulatedRules<'a> {
    /// The policies whose deletion waits to be put in force.
    Waiting,
    /// The rules of a file, as applying it would put them in force.
    File(&'a RuleFile),
    /// A policy that is not there yet.
    Policy(&'a NewPolicy),
    /// The deletion of the policy with this name, which waits.
    Deletion(&'a str),
    /// A change of the policy with this name.
    Change(&'a str, &'a PolicyChange),
    /// The removal of the policy with this name.
    Removal(&'a str),
    /// The policy with this name, which was removed, in force again.
    Return(&'a str),
    /// A label that is not there yet.
    Label(&'a NewLabel),
    /// Another period of the label with this name.
    Period(&'a str, RetentionPeriod),
    /// Another query of the label with this name, whose own cannot be read.
    LabelQuery(&'a str, &'a str),
    /// Other reviewers of the label with this name.
    Reviewers(&'a str, &'a [ReviewStage]),
}

/// Where the items that could be disposed of go.
pub type SimulatedItems<'v> = &'v mut dyn FnMut(SimulatedItem) -> Result<()>;

impl Archive {
    /// Decides over every item as of a date, by the rules in force, and by those with `rules`. It is remembered by which
    /// rules. `list` gets the items that could be disposed of.
    ///
    /// # Errors
    /// The rules are refused, the store or the index failed, or `list` returned an error.
    pub fn simulate(
        &mut self,
        as_of: UtcTime,
        rules: SimulatedRules<'_>,
        list: Option<SimulatedItems<'_>>,
    ) -> Result<Simulation> {
        self.settle()?;
        let proposal = match rules {
            SimulatedRules::Waiting => self.waiting_deletions()?,
            SimulatedRules::File(file) => self.proposal_of(file)?,
            SimulatedRules::Policy(new) => self.proposed_policy(new)?,
            SimulatedRules::Deletion(name) => self.proposed_deletion(name)?,
            SimulatedRules::Change(name, change) => self.proposed_change(name, change)?,
            SimulatedRules::Removal(name) => self.proposed_removal(name)?,
            SimulatedRules::Return(name) => self.proposed_return(name)?,
            SimulatedRules::Label(new) => self.proposed_label(new)?,
            SimulatedRules::Period(name, period) => self.proposed_period(name, period)?,
            SimulatedRules::LabelQuery(name, query) => self.proposed_query(name, query)?,
            SimulatedRules::Reviewers(name, review) => self.proposed_reviewers(name, review)?,
        };
        let snapshot = self.store.snapshot()?;
        let schedule = proposal.schedule(&snapshot)?;
        let mut counters = Counters::new(&snapshot, &self.info, (as_of, self.now()), &proposal, list)?;
        all_items(&snapshot, |item| counters.take(item))?;
        let Counted { in_force, proposed, samples } = counters.finish()?;
        let proposed = (!proposal.is_empty()).then_some(&proposed);
        let mut simulation = simulation(&snapshot, as_of, &in_force, proposed, proposal.names.clone())?;
        simulation.unread = self.unread_rules_of(&snapshot)?;
        simulation.labels_in_doubt = labels_in_doubt(&snapshot, &proposal.offers)?;
        simulation.samples = self.sampled(&snapshot, &samples)?;
        simulation.rules = self.schedule_digest(&snapshot, &schedule)?;
        self.remember(&simulation, schedule)?;
        Ok(simulation)
    }

    /// Records the simulation, and what came of the rules that it assumed.
    fn remember(&self, simulation: &Simulation, schedule: RetentionSchedule) -> Result<()> {
        let counts = simulation.proposed.unwrap_or(simulation.counts);
        let mut outcome = format!("{} items, {} eligible, {} held", counts.items, counts.eligible, counts.held);
        if !simulation.proposal.is_empty() {
            let names = simulation.proposal.join(", ");
            outcome = format!("{outcome}; with {names}, without {} eligible", simulation.counts.eligible);
        }
        let transaction = self.store.begin()?;
        let seen = ScheduleSimulation {
            at: self.act_time(&transaction)?,
            by: self.session.actor.clone(),
            as_of: simulation.as_of,
            items: counts.items,
            eligible: counts.eligible,
            schedule,
        };
        put_simulation(&transaction, &simulation.rules, &seen)?;
        self.record(&transaction, "retention.simulate", &simulation.as_of.to_string(), &outcome)?;
        transaction.commit()
    }
}

fn simulation(
    snapshot: &Snapshot,
    as_of: UtcTime,
    in_force: &Tally,
    then: Option<&Tally>,
    proposal: Vec<String>,
) -> Result<Simulation> {
    let addresses: BTreeMap<MailboxNo, String> = mailboxes(snapshot)?.into_iter().map(|m| (m.no, m.address)).collect();
    let by_address = |tally: &Tally| -> BTreeMap<String, Counts> {
        let rows = tally.mailboxes.iter();
        rows.map(|(no, counts)| (addresses.get(no).cloned().unwrap_or_default(), *counts)).collect()
    };
    let by_rule = |tally: &Tally| -> BTreeMap<String, Counts> {
        tally.policies.iter().map(|(name, counts)| (name.to_string(), *counts)).collect()
    };
    let months: BTreeSet<i64> =
        in_force.months.keys().chain(then.iter().flat_map(|t| t.months.keys())).copied().collect();
    let month = |month: i64| SimulationMonth {
        month: month_name(month),
        items: in_force.months.get(&month).copied().unwrap_or(0),
        proposed: then.map(|tally| tally.months.get(&month).copied().unwrap_or(0)),
    };
    let conflicts = then.unwrap_or(in_force).conflicts.iter();
    Ok(Simulation {
        as_of,
        counts: in_force.counts,
        proposed: then.map(|tally| tally.counts),
        proposal,
        rules: Digest([0; 32]),
        mailboxes: rows(&by_address(in_force), then.map(by_address).as_ref()),
        policies: rows(&by_rule(in_force), then.map(by_rule).as_ref()),
        months: months.into_iter().map(month).collect(),
        conflicts: conflicts.map(|(hold, items)| HoldConflict { hold: hold.to_string(), items: *items }).collect(),
        samples: Vec::new(),
        unread: Vec::new(),
        labels_in_doubt: Vec::new(),
    })
}

fn rows(in_force: &BTreeMap<String, Counts>, proposed: Option<&BTreeMap<String, Counts>>) -> Vec<SimulationRow> {
    let names: BTreeSet<&String> = in_force.keys().chain(proposed.into_iter().flat_map(BTreeMap::keys)).collect();
    let row = |name: &String| SimulationRow {
        name: name.clone(),
        counts: in_force.get(name).copied().unwrap_or_default(),
        proposed: proposed.map(|proposed| proposed.get(name).copied().unwrap_or_default()),
    };
    names.into_iter().map(row).collect()
}
