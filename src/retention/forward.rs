//! Whether a change of rules could let any item go earlier.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{
    LabelStart, MailboxNo, PolicyScope, RetentionPeriod, RetentionSchedule, RetentionTrigger, ScheduledLabel,
    ScheduledPolicy,
};

use super::{PolicyRank, Source};

/// What of a change could let an item go earlier. `Display` says it as what happens "then".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forward {
    /// A rule deletes that did not, or what it did not, or earlier.
    Deletes(Source, String),
    /// A rule retains less or for less time, and another one deletes.
    RetainsLess {
        /// The rule.
        rule: (Source, String),
        /// The one that deletes.
        deleting: (Source, String),
    },
    /// The deletion of a rule no longer comes before that of a less explicit one, which is earlier.
    GivesWay {
        /// The rule.
        rule: (Source, String),
        /// The one that deletes.
        deleting: (Source, String),
    },
}

impl fmt::Display for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deletes(source, name) => write!(f, "{source} `{name}` deletes what it did not delete, or earlier"),
            Self::RetainsLess { rule: (source, name), deleting: (other, deleting) } => {
                write!(f, "{source} `{name}` retains less, and {other} `{deleting}` deletes")
            }
            Self::GivesWay { rule: (source, name), deleting: (other, deleting) } => {
                write!(f, "{source} `{name}` no longer decides, and {other} `{deleting}` deletes earlier")
            }
        }
    }
}

/// What of the change from `before` to `after` could let any item, of now or later, go earlier; `None` if nothing could.
/// Who an adaptive scope finds is no rule: it counts as `after` has it.
pub fn brings_forward(before: &RetentionSchedule, after: &RetentionSchedule) -> Option<Forward> {
    let change = Change { before, after };
    change.places().into_iter().find_map(|place| change.of_policies(place)).or_else(|| change.of_labels())
}

/// Where an item may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'s> {
    Mailbox(MailboxNo),
    /// A mailbox that no rule names.
    Unnamed,
    /// A mailbox that comes to satisfy a query over attributes.
    Found(&'s str),
}

/// When a rule retains until, or deletes: a period from a date of the item.
type Term = (RetentionTrigger, RetentionPeriod);

struct Change<'s> {
    before: &'s RetentionSchedule,
    after: &'s RetentionSchedule,
}

impl<'s> Change<'s> {
    fn places(&self) -> BTreeSet<Place<'s>> {
        let mut places = BTreeSet::from([Place::Unnamed]);
        for policy in self.before.policies.iter().chain(&self.after.policies) {
            match &policy.scope {
                PolicyScope::All { except } => places.extend(except.iter().copied().map(Place::Mailbox)),
                PolicyScope::Include(list) => places.extend(list.iter().copied().map(Place::Mailbox)),
                PolicyScope::Adaptive { query, members, .. } => {
                    places.extend(members.iter().map(|member| Place::Mailbox(member.mailbox)));
                    places.insert(Place::Found(query));
                }
            }
        }
        places
    }

    fn covering_before(&self, place: Place<'_>) -> Vec<&'s ScheduledPolicy> {
        let same_query = |policy: &ScheduledPolicy| {
            let now = self.after.policies.iter().find(|other| other.name == policy.name)?;
            let same = matches!((&policy.scope, &now.scope), (
                PolicyScope::Adaptive { query, .. }, PolicyScope::Adaptive { query: other, .. },
            ) if query == other);
            same.then_some(&now.scope)
        };
        let covers = |policy: &&ScheduledPolicy| covers(same_query(policy).unwrap_or(&policy.scope), place);
        self.before.policies.iter().filter(covers).collect()
    }

    fn of_policies(&self, place: Place<'_>) -> Option<Forward> {
        let before = self.covering_before(place);
        let after: Vec<_> = self.after.policies.iter().filter(|policy| covers(&policy.scope, place)).collect();
        let deletes_more = |policy: &&&ScheduledPolicy| {
            let deleted = |old: &&ScheduledPolicy| {
                let same = old.name == policy.name && old.action.deletes() && rank(old) == rank(policy);
                same && within(policy, old) && no_earlier(term(policy), term(old))
            };
            policy.action.deletes() && !before.iter().any(deleted)
        };
        if let Some(policy) = after.iter().find(deletes_more) {
            return Some(Forward::Deletes(Source::Policy, policy.name.clone()));
        }
        before.iter().find_map(|old| self.retains_less(old, &after).or_else(|| gives_way(old, &after)))
    }

    fn retains_less(&self, old: &ScheduledPolicy, after: &[&ScheduledPolicy]) -> Option<Forward> {
        let retained =
            |new: &&ScheduledPolicy| new.action.retains() && within(old, new) && no_earlier(term(new), term(old));
        if !old.action.retains() || after.iter().any(retained) {
            return None;
        }
        let deletes =
            |new: &&&ScheduledPolicy| new.action.deletes() && may_meet(old, new) && !no_earlier(term(new), term(old));
        let policy = after.iter().find(deletes).map(|policy| (Source::Policy, policy.name.clone()));
        let deleting = policy.or_else(|| self.deleting_label(Some(term(old))))?;
        Some(Forward::RetainsLess { rule: (Source::Policy, old.name.clone()), deleting })
    }

    /// A label that may delete before `retained` has ended.
    fn deleting_label(&self, retained: Option<Term>) -> Option<(Source, String)> {
        let later = |label: &ScheduledLabel| {
            label_term(label).zip(retained).is_some_and(|(term, retained)| no_earlier(term, retained))
        };
        let label = self.after.labels.iter().find(|label| deletes_in_the_end(self.after, label) && !later(label));
        label.map(|label| (Source::Label, label.name.clone()))
    }

    fn of_labels(&self) -> Option<Forward> {
        let common = |schedule: &'s RetentionSchedule, other: &'s RetentionSchedule| -> Vec<&'s str> {
            let both = |label: &&ScheduledLabel| label.sets_itself() && other.label(&label.name).is_some();
            schedule.labels.iter().filter(both).map(|label| label.name.as_str()).collect()
        };
        let reordered = common(self.before, self.after) != common(self.after, self.before);
        let is_new = |label: &&ScheduledLabel| self.before.label(&label.name).is_none_or(|old| !alike(old, label));
        // A folder's label comes before that of a query, and of several the first.
        let displaced = |old: &ScheduledLabel| {
            let place = self.after.labels.iter().position(|label| label.name == old.name);
            let earlier = self.after.labels.iter().take(place.unwrap_or(0)).filter(|label| label.sets_itself());
            let folders = self.after.labels.iter().filter(|label| old.query.is_some() && !label.folders.is_empty());
            earlier.chain(folders).filter(is_new).any(|new| !keeps_what(new, old))
        };
        for old in &self.before.labels {
            let forward = match self.after.label(&old.name) {
                Some(new) if !alike(old, new) => self.label_gone(old),
                Some(new) => self.label_shorter(old, new),
                None if old.sets_itself() => self.label_gone(old),
                None => None,
            };
            let less = old.sets_itself() && (reordered || displaced(old));
            let forward = forward.or_else(|| if less { self.label_gone(old) } else { None });
            if forward.is_some() {
                return forward;
            }
        }
        let deleting = |label: &&ScheduledLabel| {
            let reaches = label.sets_itself() || self.before.label(&label.name).is_some();
            reaches && deletes_in_the_end(self.after, label)
        };
        let label = self.after.labels.iter().filter(is_new).find(deleting)?;
        Some(Forward::Deletes(Source::Label, label.name.clone()))
    }

    fn label_shorter(&self, old: &ScheduledLabel, new: &ScheduledLabel) -> Option<Forward> {
        let reviewed = new.reviewed || !old.reviewed;
        if reviewed && new.period.is_never_shorter_than(old.period) {
            None
        } else if deletes_in_the_end(self.after, new) {
            Some(Forward::Deletes(Source::Label, new.name.clone()))
        } else {
            self.label_ends(old, None)
        }
    }

    /// What comes of it that items no longer carry a label, or no longer come to carry it.
    fn label_gone(&self, old: &ScheduledLabel) -> Option<Forward> {
        let takes_its_place = |label: &&ScheduledLabel| {
            label.name != old.name && label.sets_itself() && deletes_in_the_end(self.after, label)
        };
        let label = self.after.labels.iter().find(takes_its_place).filter(|_| old.sets_itself());
        let label = label.map(|label| (Source::Label, label.name.clone()));
        self.label_ends(old, label)
    }

    /// What comes of it that a label does nothing any longer, or ends earlier; `other` is one that deletes in its place.
    fn label_ends(&self, old: &ScheduledLabel, other: Option<(Source, String)>) -> Option<Forward> {
        let rule = (Source::Label, old.name.clone());
        let until = label_term(old).filter(|_| old.next.is_none() && !old.reviewed);
        let earlier = |policy: &&ScheduledPolicy| {
            policy.action.deletes() && !until.is_some_and(|until| no_earlier(term(policy), until))
        };
        let policy = self.after.policies.iter().find(earlier).map(|policy| (Source::Policy, policy.name.clone()));
        let deleting = policy.or(other)?;
        let retained = old.action.retains();
        Some(if retained { Forward::RetainsLess { rule, deleting } } else { Forward::GivesWay { rule, deleting } })
    }
}

/// What comes of it that `old` does not cover what it covered: a less explicit rule may decide.
fn gives_way(old: &ScheduledPolicy, after: &[&ScheduledPolicy]) -> Option<Forward> {
    let decides = |new: &&ScheduledPolicy| new.action.deletes() && rank(new) == rank(old) && within(old, new);
    if !old.action.deletes() || after.iter().any(decides) {
        return None;
    }
    let earlier = |new: &&&ScheduledPolicy| {
        new.action.deletes() && rank(new) < rank(old) && may_meet(old, new) && !no_earlier(term(new), term(old))
    };
    let deleting = (Source::Policy, after.iter().find(earlier)?.name.clone());
    Some(Forward::GivesWay { rule: (Source::Policy, old.name.clone()), deleting })
}

fn covers(scope: &PolicyScope, place: Place<'_>) -> bool {
    match (scope, place) {
        (scope, Place::Mailbox(mailbox)) => scope.covers(mailbox),
        (PolicyScope::All { .. }, _) => true,
        (PolicyScope::Adaptive { query, .. }, Place::Found(by)) => query == by,
        _ => false,
    }
}

fn rank(policy: &ScheduledPolicy) -> PolicyRank {
    PolicyRank::of(&policy.scope)
}

fn term(policy: &ScheduledPolicy) -> Term {
    (policy.trigger, policy.period)
}

/// When what carries a label stays until at least, or goes at the earliest; `None` if no date of the item says so.
fn label_term(label: &ScheduledLabel) -> Option<Term> {
    match label.start {
        LabelStart::Created => Some((RetentionTrigger::Created, label.period)),
        LabelStart::Modified => Some((RetentionTrigger::Modified, label.period)),
        LabelStart::Labelled | LabelStart::Event(_) => None,
    }
}

fn no_earlier(one: Term, other: Term) -> bool {
    one.0 == other.0 && one.1.is_never_shorter_than(other.1)
}

/// Whether `wide` covers all that `narrow` does, of a mailbox that both cover.
fn within(narrow: &ScheduledPolicy, wide: &ScheduledPolicy) -> bool {
    let inside = |folder: &String| wide.folders.contains(folder);
    let in_folders = wide.folders.is_empty() || (!narrow.folders.is_empty() && narrow.folders.iter().all(inside));
    in_folders && (wide.query.is_none() || wide.query == narrow.query)
}

/// Whether an item may be covered by both, of a mailbox that both cover.
fn may_meet(one: &ScheduledPolicy, other: &ScheduledPolicy) -> bool {
    let apart = |folder: &String| !other.folders.contains(folder);
    one.folders.is_empty() || other.folders.is_empty() || !one.folders.iter().all(apart)
}

/// Whether two labels differ in nothing but the period and the review.
fn alike(old: &ScheduledLabel, new: &ScheduledLabel) -> bool {
    let same = ScheduledLabel { period: old.period, reviewed: old.reviewed, ..new.clone() };
    same == *old
}

/// Whether what carries `new` in place of `old` stays as long, whatever deletes it.
fn keeps_what(new: &ScheduledLabel, old: &ScheduledLabel) -> bool {
    let terms = label_term(new).zip(label_term(old));
    new.action.retains() && old.next.is_none() && !old.reviewed && terms.is_some_and(|(new, old)| no_earlier(new, old))
}

/// Whether a label, or one that takes its place, deletes.
fn deletes_in_the_end(schedule: &RetentionSchedule, label: &ScheduledLabel) -> bool {
    // A label can only name one that was there before it, so this comes to an end.
    let next = |label: &&ScheduledLabel| schedule.label(label.next.as_deref()?);
    let (mut label, mut steps) = (label, schedule.labels.len());
    while let Some(successor) = next(&label).filter(|_| steps > 0) {
        (label, steps) = (successor, steps - 1);
    }
    label.action.deletes()
}
