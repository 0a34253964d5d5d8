//! All retention rules in force at one time, as they are compared with others.

use serde::{Deserialize, Serialize};

use super::{
    LabelStart, PolicyScope, RecordKind, RetentionAction, RetentionLabel, RetentionPeriod, RetentionPolicy,
    RetentionTrigger, ReviewStage,
};

/// The rules in force, or as they would be in force after a change. Rules are known by their names, which no two have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionSchedule {
    /// Policies, by name. One that was removed is not among them.
    pub policies: Vec<ScheduledPolicy>,
    /// Labels, the oldest first: of several that would be set, the first is.
    pub labels: Vec<ScheduledLabel>,
}

/// A policy, and what it does now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPolicy {
    /// Its name.
    pub name: String,
    /// Which mailboxes it covers.
    pub scope: PolicyScope,
    /// What it does; nothing of a deletion that waits.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub trigger: RetentionTrigger,
    /// Folders that it covers alone, in lower case and in order; empty means all.
    pub folders: Vec<String>,
    /// The query that what it covers satisfies.
    pub query: Option<String>,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledLabel {
    /// Its name.
    pub name: String,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub start: LabelStart,
    /// Whether it makes records.
    pub record: RecordKind,
    /// Folders whose items get it, in lower case and in order.
    pub folders: Vec<String>,
    /// The query whose finds get it.
    pub query: Option<String>,
    /// Who has to approve, stage after stage, before what carries it goes; empty if nobody has to.
    pub review: Vec<ReviewStage>,
    /// The name of the label that takes its place.
    pub next: Option<String>,
}

impl RetentionSchedule {
    /// The schedule of these policies and labels.
    pub fn of(policies: &[RetentionPolicy], labels: &[RetentionLabel]) -> Self {
        let mut schedule = Self::default();
        for policy in policies {
            schedule.put_policy(policy);
        }
        for label in labels {
            schedule.put_label(label, labels);
        }
        schedule
    }

    /// Adds a policy, in place of the one of its name; one that was removed, or does nothing yet, goes.
    pub fn put_policy(&mut self, policy: &RetentionPolicy) {
        self.policies.retain(|known| known.name != policy.name);
        let Some(action) = policy.action_in_force().filter(|_| policy.released.is_none()) else { return };
        let place = self.policies.partition_point(|known| known.name < policy.name);
        self.policies.insert(
            place,
            ScheduledPolicy {
                name: policy.name.clone(),
                scope: policy.scope.clone(),
                action,
                period: policy.period,
                trigger: policy.trigger,
                folders: lower_case(&policy.folders),
                query: policy.query.clone(),
            },
        );
    }

    /// Adds a label behind the others, or in place of the one of its name. `all` has the one that takes its place.
    pub fn put_label(&mut self, label: &RetentionLabel, all: &[RetentionLabel]) {
        let next = label.next.and_then(|next| all.iter().find(|other| other.id == next));
        let scheduled = ScheduledLabel {
            name: label.name.clone(),
            action: label.action,
            period: label.period,
            start: label.start.clone(),
            record: label.record,
            folders: lower_case(&label.folders),
            query: label.query.clone(),
            review: label.review.clone(),
            next: next.map(|next| next.name.clone()),
        };
        match self.labels.iter_mut().find(|known| known.name == label.name) {
            Some(known) => *known = scheduled,
            None => self.labels.push(scheduled),
        }
    }

    /// The label with this name.
    pub fn label(&self, name: &str) -> Option<&ScheduledLabel> {
        self.labels.iter().find(|label| label.name == name)
    }
}

impl ScheduledLabel {
    /// Whether a folder or a search sets it.
    pub fn sets_itself(&self) -> bool {
        !self.folders.is_empty() || self.query.is_some()
    }

    /// Whether reviewers have to approve before what carries it goes.
    pub fn is_reviewed(&self) -> bool {
        !self.review.is_empty()
    }
}

fn lower_case(paths: &[String]) -> Vec<String> {
    let mut lower: Vec<String> = paths.iter().map(|path| path.to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    lower
}
