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
/// Attributes of mailboxes are no rule: each may come to satisfy any query over them.
pub fn brings_forward(before: &RetentionSchedule, after: &RetentionSchedule) -> Option<Forward> {
    brings_forward_beyond(before, before, after)
}

/// The same for somebody who has seen what goes by `seen`, while items may carry any label of `in_force`.
pub fn brings_forward_beyond(
    seen: &RetentionSchedule,
    in_force: &RetentionSchedule,
    after: &RetentionSchedule,
) -> Option<Forward> {
    let change = Change { before: seen, in_force, after };
    change.places().iter().find_map(|place| change.of_policies(place)).or_else(|| change.of_labels())
}

/// Where an item may be.
#[derive(Debug, Clone)]
struct Place<'s> {
    /// `None` is a mailbox that no rule names.
    mailbox: Option<MailboxNo>,
    /// The queries over attributes that it satisfies, or comes to satisfy.
    found_by: Vec<&'s str>,
}

/// When a rule retains until, or deletes: a period from a date of the item.
type Term = (RetentionTrigger, RetentionPeriod);

struct Change<'s> {
    before: &'s RetentionSchedule,
    /// Items may carry its labels already.
    in_force: &'s RetentionSchedule,
    after: &'s RetentionSchedule,
}

impl<'s> Change<'s> {
    fn policies(&self) -> impl Iterator<Item = &'s ScheduledPolicy> {
        self.before.policies.iter().chain(&self.after.policies)
    }

    /// One for each way to be covered that can make a difference. What comes of a change is decided by two rules, the one
    /// that gave way and the one that deletes, so that more than two queries at a time need not be looked at.
    fn places(&self) -> Vec<Place<'s>> {
        let queries: BTreeSet<&str> = self.policies().filter_map(|policy| query_of(&policy.scope)).collect();
        let mut found_by = vec![Vec::new()];
        for (n, query) in queries.iter().enumerate() {
            found_by.push(vec![*query]);
            found_by.extend(queries.iter().take(n).map(|other| vec![*other, *query]));
        }
        let mailboxes = self.mailboxes();
        let place = |mailbox, found_by: &Vec<&'s str>| Place { mailbox, found_by: found_by.clone() };
        mailboxes.into_iter().flat_map(|mailbox| found_by.iter().map(move |found| place(mailbox, found))).collect()
    }

    /// One of all mailboxes that the same policies name.
    fn mailboxes(&self) -> Vec<Option<MailboxNo>> {
        let mut named = BTreeSet::from([None]);
        for policy in self.policies() {
            match &policy.scope {
                PolicyScope::All { except: list } | PolicyScope::Include(list) => {
                    named.extend(list.iter().copied().map(Some));
                }
                PolicyScope::Adaptive { .. } => {}
            }
        }
        let mut alike = BTreeSet::new();
        let of_static = |mailbox| Place { mailbox, found_by: Vec::new() };
        named.retain(|mailbox| {
            let place = of_static(*mailbox);
            alike.insert(self.policies().map(|policy| covers(&policy.scope, &place)).collect::<Vec<bool>>())
        });
        named.into_iter().collect()
    }

    fn of_policies(&self, place: &Place<'_>) -> Option<Forward> {
        let covering = |schedule: &'s RetentionSchedule| -> Vec<&'s ScheduledPolicy> {
            schedule.policies.iter().filter(|policy| covers(&policy.scope, place)).collect()
        };
        let (before, after) = (covering(self.before), covering(self.after));
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
            let is_there = |schedule: &RetentionSchedule| schedule.label(&label.name).is_some();
            let reaches = label.sets_itself() || is_there(self.before) || is_there(self.in_force);
            reaches && deletes_in_the_end(self.after, label)
        };
        let label = self.after.labels.iter().filter(is_new).find(deleting)?;
        Some(Forward::Deletes(Source::Label, label.name.clone()))
    }

    fn label_shorter(&self, old: &ScheduledLabel, new: &ScheduledLabel) -> Option<Forward> {
        let reviewed = new.is_reviewed() || !old.is_reviewed();
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
        let until = label_term(old).filter(|_| old.next.is_none() && !old.is_reviewed());
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

fn covers(scope: &PolicyScope, place: &Place<'_>) -> bool {
    match scope {
        PolicyScope::All { except } => place.mailbox.is_none_or(|mailbox| !except.contains(&mailbox)),
        PolicyScope::Include(list) => place.mailbox.is_some_and(|mailbox| list.contains(&mailbox)),
        PolicyScope::Adaptive { query, .. } => place.found_by.contains(&query.as_str()),
    }
}

fn query_of(scope: &PolicyScope) -> Option<&str> {
    match scope {
        PolicyScope::Adaptive { query, .. } => Some(query),
        PolicyScope::All { .. } | PolicyScope::Include(_) => None,
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

/// Whether two labels differ in nothing but the period, the review, and whether they make records, which is of no account to
/// when an item may go.
fn alike(old: &ScheduledLabel, new: &ScheduledLabel) -> bool {
    let same = ScheduledLabel { period: old.period, review: old.review.clone(), record: old.record, ..new.clone() };
    same == *old
}

/// Whether what carries `new` in place of `old` stays as long, whatever deletes it.
fn keeps_what(new: &ScheduledLabel, old: &ScheduledLabel) -> bool {
    let terms = label_term(new).zip(label_term(old));
    new.action.retains()
        && old.next.is_none()
        && !old.is_reviewed()
        && terms.is_some_and(|(new, old)| no_earlier(new, old))
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
