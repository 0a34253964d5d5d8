//! A change of rules by which any item could go earlier is known for one, and what only keeps is not taken for it.

use proptest::option;
use proptest::prelude::*;

use super::properties::wait;
use super::{action, day, item, period};
use crate::model::{
    Actor, LabelStart, MailboxNo, Member, PolicyScope, RecordKind, RetentionAction, RetentionSchedule,
    RetentionTrigger, ReviewStage, ScheduledLabel, ScheduledPolicy, UtcTime,
};
use crate::retention::{
    AppliedLabel, AppliedPolicy, Disposition, LabelTrigger, PolicyRank, Review, Subject, brings_forward,
    brings_forward_beyond, evaluate,
};

const CREATED: &str = "2020-02-29";

fn scope(text: &str) -> PolicyScope {
    let numbers = |list: &str| list.split(',').map(|no| MailboxNo(no.parse().unwrap())).collect();
    match text.split_once(' ') {
        Some(("but", list)) => PolicyScope::All { except: numbers(list) },
        Some(("who", no)) => PolicyScope::Adaptive {
            query: no.to_owned(),
            members: vec![Member { mailbox: MailboxNo(no.parse().unwrap()), since: UtcTime(0) }],
            empty_since: None,
        },
        _ if text == "all" => PolicyScope::All { except: Vec::new() },
        _ => PolicyScope::Include(numbers(text)),
    }
}

fn listed(text: &str) -> Vec<String> {
    text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A policy such as `keep retain 5y all`, with `in:a/b` and `for:x`.
fn policy(text: &str) -> ScheduledPolicy {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut take = |key: &str| {
        let place = words.iter().position(|word| word.starts_with(key))?;
        Some(words.remove(place)[key.len()..].to_owned())
    };
    let (folders, query) = (take("in:").unwrap_or_default(), take("for:"));
    ScheduledPolicy {
        name: words[0].to_owned(),
        action: action(words[1]),
        period: period(words[2]),
        scope: scope(&words[3..].join(" ")),
        trigger: RetentionTrigger::Created,
        folders: listed(&folders),
        query,
    }
}

/// A label such as `draft retain 1y created`, with `in:a`, `for:x`, `then:other` and `reviewed`.
fn label(text: &str) -> ScheduledLabel {
    let words: Vec<&str> = text.split(' ').collect();
    let after = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)).map(str::to_owned);
    ScheduledLabel {
        name: words[0].to_owned(),
        action: action(words[1]),
        period: period(words[2]),
        start: match words[3] {
            "created" => LabelStart::Created,
            "labelled" => LabelStart::Labelled,
            kind => LabelStart::Event(kind.to_owned()),
        },
        folders: listed(&after("in:").unwrap_or_default()),
        query: after("for:"),
        record: RecordKind::None,
        review: if words.contains(&"reviewed") { reviewed() } else { Vec::new() },
        next: after("then:"),
    }
}

fn reviewed() -> Vec<ReviewStage> {
    vec![ReviewStage { reviewers: vec![Actor("ann".to_owned())] }]
}

/// Rules, one each line or parted by `;`; labels begin with `#`.
fn schedule(text: &str) -> RetentionSchedule {
    let rules = || text.split(';').map(str::trim).filter(|rule| !rule.is_empty());
    RetentionSchedule {
        policies: rules().filter(|rule| !rule.starts_with('#')).map(policy).collect(),
        labels: rules().filter_map(|rule| rule.strip_prefix('#')).map(label).collect(),
    }
}

#[test]
fn what_could_go_earlier_is_named() {
    for (before, after, expected) in [
        ("", "d delete 1y all", "policy `d` deletes what"),
        ("d delete 2y all", "d delete 1y all", "policy `d` deletes what"),
        ("d delete 2y 1", "d delete 2y 1,2", "policy `d` deletes what"),
        ("d delete 2y but 1", "d delete 2y all", "policy `d` deletes what"),
        ("d retain 1y all", "d retain+delete 1y all", "policy `d` deletes what"),
        ("k retain 5y all; d delete 1y all", "d delete 1y all", "policy `k` retains less, and policy `d` deletes"),
        ("k retain 5y all; d delete 1y all", "k retain 4y all; d delete 1y all", "policy `k` retains less"),
        ("k retain 5y all; d delete 1y all", "k retain 5y but 1; d delete 1y all", "policy `k` retains less"),
        ("k retain 5y 1,2; d delete 1y 2", "k retain 5y 1; d delete 1y 2", "policy `k` retains less"),
        ("k retain 5y all in:a; d delete 1y all in:a/b", "d delete 1y all in:a/b", "policy `k` retains less"),
        ("k retain 5y all for:x; d delete 1y all", "d delete 1y all", "policy `k` retains less"),
        ("k retain 5y who 1; d delete 1y all", "d delete 1y all", "policy `k` retains less"),
        ("k retain 5y who 1; d delete 1y who 2", "d delete 1y who 2", "policy `k` retains less"),
        ("k retain 5y who 1; d delete 1y 1", "k retain 4y who 1; d delete 1y 1", "policy `k` retains less"),
        ("k retain 5y all; d delete 1y who 2", "k retain 5y but 1; d delete 1y who 2", "policy `k` retains less"),
        ("s delete 9y who 1; d delete 1y all", "d delete 1y all", "policy `s` no longer decides"),
        ("k retain 5y all; #e delete 0d labelled", "#e delete 0d labelled", "and label `e` deletes"),
        ("d delete 5y all; s delete 10y 1", "d delete 5y all", "policy `s` no longer decides"),
        ("d delete 5y all; s delete 10y 1", "d delete 5y all; s delete 10y 2", "policy `s` no longer decides"),
        ("d delete 5y all; s delete 10y 1,2", "d delete 5y all; s delete 10y 1", "policy `s` no longer decides"),
        ("", "#e delete 1y created for:x", "label `e` deletes what"),
        ("#e delete 1y created", "#e delete 1y created; #f retain 1y created in:a then:e", "label `f` deletes what"),
        ("#e delete 2y created", "#e delete 1y created", "label `e` deletes what"),
        ("#e delete 2y created reviewed", "#e delete 2y created", "label `e` deletes what"),
        (
            "#e delete 1y labelled; #f retain 2y created then:e",
            "#e delete 1y labelled; #f retain 1y created then:e",
            "label `f` deletes what",
        ),
        ("d delete 1y all; #k retain 5y created", "d delete 1y all; #k retain 4y created", "label `k` retains less"),
        ("d delete 1y all; #k retain 5y created for:x", "d delete 1y all", "label `k` retains less"),
        ("d delete 1y all; #k delete 5y created for:x", "d delete 1y all", "label `k` no longer decides"),
        (
            "d delete 1y all; #k retain 5y created for:x",
            "d delete 1y all; #k retain 5y created for:x; #f retain 1y created in:a",
            "label `k` retains less",
        ),
        (
            "d delete 1y all; #a retain 1y created for:x; #b retain 5y created for:y",
            "d delete 1y all; #b retain 5y created for:y; #a retain 1y created for:x",
            "retains less, and policy `d` deletes",
        ),
    ] {
        let found = brings_forward(&schedule(before), &schedule(after));
        let found = found.map(|forward| forward.to_string()).unwrap_or_default();
        assert!(found.contains(expected) && !expected.is_empty(), "{before} -> {after}: {found}");
    }
}

#[test]
fn what_only_keeps_more_or_meets_no_deletion_is_free() {
    for (before, after) in [
        ("", "k retain 5y all"),
        ("k retain 5y all", ""),
        ("k retain 5y all", "k retain 1y all"),
        ("k retain 5y all; d delete 5y all", "d delete 5y all"),
        ("k retain 5y all; d delete 7y all", "k retain 3y all; d delete 7y all"),
        ("k retain 5y 1; d delete 1y 2", "d delete 1y 2"),
        ("k retain 5y all in:a; d delete 1y all in:b", "d delete 1y all in:b"),
        ("k retain 5y all; l retain 6y all; d delete 1y all", "l retain 6y all; d delete 1y all"),
        ("k retain 5y 1; l retain 6y all; d delete 1y all", "l retain 6y all; d delete 1y all"),
        ("d delete 5y all", "d delete 6y all"),
        ("d delete 5y all", ""),
        ("d retain+delete 5y all", ""),
        ("d delete 5y all; s delete 3y 1", "d delete 5y all"),
        ("d delete 5y all; s delete 10y 1", "d delete 5y all; s delete 12y 1"),
        ("d delete 5y 1,2", "d delete 5y 1"),
        ("", "#e delete 0d labelled"),
        ("#e delete 1y created", "#e delete 2y created"),
        ("#e delete 1y created", "#e delete 1y created reviewed"),
        ("#k retain 5y created", "#k retain 1y created"),
        ("d delete 5y all; #k retain 5y created for:x", "d delete 5y all"),
        ("d delete 1y all", "d delete 1y all; #k retain 5y created in:a"),
        (
            "d delete 1y all; #k retain 5y created for:x",
            "d delete 1y all; #k retain 5y created for:x; #f retain 6y created in:a",
        ),
    ] {
        let found = brings_forward(&schedule(before), &schedule(after));
        assert_eq!(found, None, "{before} -> {after}");
    }
}

#[test]
fn whom_an_adaptive_scope_finds_is_no_change_of_rules() {
    let before = schedule("d delete 1y who 1");
    let mut after = before.clone();
    let PolicyScope::Adaptive { members, .. } = &mut after.policies[0].scope else { panic!("it is adaptive") };
    members.push(Member { mailbox: MailboxNo(2), since: UtcTime(0) });
    assert_eq!(brings_forward(&before, &after), None);
}

#[test]
fn a_label_that_may_be_carried_was_not_seen() {
    let (seen, after) = (schedule(""), schedule("#e delete 0d labelled"));
    let before = schedule("k retain 5y all; #e delete 0d labelled");
    assert_eq!(brings_forward_beyond(&seen, &seen, &after), None, "nothing carries it yet");
    let found = brings_forward_beyond(&seen, &before, &after).map(|forward| forward.to_string());
    assert_eq!(found.as_deref(), Some("label `e` deletes what it did not delete, or earlier"));
}

fn a_period() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["1y", "12m", "366d", "30d", "1m", "2y", "5y", "unlimited"])
}

fn an_action() -> impl Strategy<Value = RetentionAction> {
    prop::sample::select(vec![RetentionAction::Retain, RetentionAction::Delete, RetentionAction::RetainAndDelete])
}

fn folders() -> impl Strategy<Value = Vec<String>> {
    prop::sample::select(vec!["", "", "a", "b", "a/b"]).prop_map(listed)
}

prop_compose! {
    fn a_policy(no: usize)(
        action in an_action(), span in a_period(), scoped in prop::sample::select(vec!["all", "but 1", "1", "2", "1,2", "who 1", "who 2", "who 3"]),
        folders in folders(), query in option::of(Just("x".to_owned())), modified in prop::bool::weighted(0.1),
    ) -> ScheduledPolicy {
        let trigger = if modified { RetentionTrigger::Modified } else { RetentionTrigger::Created };
        ScheduledPolicy { name: format!("p{no}"), scope: scope(scoped), action, period: period(span), trigger, folders, query }
    }
}

prop_compose! {
    fn a_label(no: usize)(
        action in an_action(), span in a_period(), start in prop::sample::select(vec!["created", "created", "labelled", "event"]),
        folders in folders(), query in option::of(Just("x".to_owned())), by_somebody in prop::bool::weighted(0.1), follows: bool,
    ) -> ScheduledLabel {
        let next = (follows && no > 0 && action == RetentionAction::Retain && span != "unlimited").then(|| format!("l{}", no - 1));
        let mut label = label(&format!("l{no} retain {span} {start}"));
        (label.action, label.folders, label.query, label.next) = (action, folders, query, next);
        label.review = if by_somebody && action.deletes() { reviewed() } else { Vec::new() };
        label
    }
}

/// Rules, and what becomes of each of them: it goes, it changes, or it stays.
fn a_change() -> impl Strategy<Value = (RetentionSchedule, RetentionSchedule)> {
    let policies =
        (0..3_usize).map(|no| (option::of(a_policy(no)), 0..9_u8, a_policy(no), a_period())).collect::<Vec<_>>();
    let labels = (0..3_usize).map(|no| (option::of(a_label(no)), 0..9_u8, a_label(no), a_period())).collect::<Vec<_>>();
    (policies, labels).prop_map(|(policies, labels)| {
        let (mut before, mut after) = (RetentionSchedule::default(), RetentionSchedule::default());
        for (old, fate, new, span) in policies {
            before.policies.extend(old.clone());
            after.policies.extend(match (fate, old) {
                (0, _) => None,
                (1, _) | (2, None) => Some(new),
                (2, Some(old)) => Some(ScheduledPolicy { period: period(span), ..old }),
                (3, Some(old)) => Some(ScheduledPolicy { scope: new.scope, ..old }),
                (_, old) => old,
            });
        }
        for (old, fate, new, span) in labels {
            before.labels.extend(old.clone());
            after.labels.extend(match (fate, old) {
                (0, _) => None,
                (1, None) => Some(new),
                (2, Some(old)) => Some(ScheduledLabel { period: period(span), ..old }),
                (_, old) => old,
            });
        }
        for schedule in [&mut before, &mut after] {
            let names: Vec<String> = schedule.labels.iter().map(|label| label.name.clone()).collect();
            for label in &mut schedule.labels {
                label.next = label.next.take().filter(|next| names.contains(next));
            }
        }
        (before, after)
    })
}

/// An item, as far as rules look at it.
#[derive(Debug, Clone)]
struct Thing {
    mailbox: MailboxNo,
    folder: String,
    matches: bool,
    unread: bool,
    event: bool,
    /// The queries over attributes that its mailbox satisfies.
    found_by: Vec<&'static str>,
}

prop_compose! {
    fn a_thing()(
        mailbox in 1..4_u32, folder in prop::sample::select(vec!["a", "b", "c"]), matches: bool,
        unread in prop::bool::weighted(0.2), event: bool, found_by in prop::sample::subsequence(vec!["1", "2", "3"], 0..4),
    ) -> Thing {
        Thing { mailbox: MailboxNo(mailbox), folder: folder.to_owned(), matches, unread, event, found_by }
    }
}

impl Thing {
    fn chosen<'s>(&self, schedule: &'s RetentionSchedule) -> Option<&'s ScheduledLabel> {
        let in_folder = |label: &&ScheduledLabel| label.folders.contains(&self.folder);
        let found = |label: &&ScheduledLabel| label.query.is_some() && self.matches;
        schedule.labels.iter().find(in_folder).or_else(|| schedule.labels.iter().find(found))
    }

    fn applied(&self, schedule: &RetentionSchedule, label: &ScheduledLabel, set_at: LabelTrigger) -> AppliedLabel {
        let next = label.next.as_deref().and_then(|next| schedule.label(next));
        AppliedLabel {
            name: label.name.as_str().into(),
            action: label.action,
            period: label.period,
            trigger: match label.start {
                LabelStart::Created => LabelTrigger::Created,
                LabelStart::Modified => LabelTrigger::Modified,
                LabelStart::Labelled => set_at,
                LabelStart::Event(_) => {
                    let (at, recorded_at) = (day("2021-01-01"), day("2021-01-02"));
                    LabelTrigger::Event(self.event.then_some(crate::retention::RecordedEvent { at, recorded_at }))
                }
            },
            extension: None,
            review: label.is_reviewed().then_some(Review { approved_at: None }),
            next: next.map(|next| Box::new(self.applied(schedule, next, LabelTrigger::Succession))),
        }
    }

    fn earliest(&self, schedule: &RetentionSchedule, label: Option<&ScheduledLabel>) -> Disposition {
        let mut subject: Subject = item(CREATED);
        subject.partially_indexed = self.unread;
        for policy in &schedule.policies {
            let in_folder = policy.folders.is_empty() || policy.folders.contains(&self.folder);
            let doubtful = policy.query.is_some() && self.unread && !self.matches;
            let covered = match &policy.scope {
                PolicyScope::Adaptive { query, .. } => self.found_by.contains(&query.as_str()),
                scope => scope.covers(self.mailbox),
            };
            if !covered || !in_folder || (policy.query.is_some() && !self.matches && !doubtful) {
                continue;
            }
            subject.policies.push(AppliedPolicy {
                name: policy.name.as_str().into(),
                rank: PolicyRank::of(&policy.scope),
                action: policy.action,
                period: policy.period,
                trigger: policy.trigger,
                released_at: None,
                reenabled_at: None,
                doubtful,
                unread: None,
            });
        }
        subject.label = label.map(|label| self.applied(schedule, label, LabelTrigger::Labelled(day("2020-03-01"))));
        evaluate(&subject, day("2019-01-01")).earliest
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn nothing_goes_earlier_unless_it_is_said((before, after) in a_change(), thing in a_thing(), carried in 0..3_usize) {
        if let Some(forward) = brings_forward(&before, &after) {
            prop_assert!(forward.to_string().contains('`'));
            return Ok(());
        }
        let later = |old: Disposition, new: Disposition| wait(new) >= wait(old);
        let chosen = thing.chosen(&before);
        // An item that comes after the change.
        prop_assert!(later(thing.earliest(&before, chosen), thing.earliest(&after, thing.chosen(&after))));
        // One that was there before it, and keeps the label that somebody set on it.
        let name = format!("l{carried}");
        if let (Some(old), Some(new)) = (before.label(&name), after.label(&name)) {
            prop_assert!(later(thing.earliest(&before, Some(old)), thing.earliest(&after, Some(new))));
        }
        // One that was there before it, and carries none unless one sets itself now.
        if chosen.is_none() {
            prop_assert!(later(thing.earliest(&before, None), thing.earliest(&after, thing.chosen(&after))));
        }
    }

    #[test]
    fn nothing_is_brought_forward_by_no_change((before, _) in a_change()) {
        prop_assert_eq!(brings_forward(&before, &before), None);
    }
}
