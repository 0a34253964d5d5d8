//! What holds for every subject, however strange its times.

use proptest::option;
use proptest::prelude::*;

use crate::model::{RetentionAction, RetentionPeriod, RetentionTrigger, UtcTime};
use crate::retention::{
    AppliedHold, AppliedLabel, AppliedPolicy, Disposition, Extension, ItemTimes, LabelTrigger, Outcome, PolicyRank,
    PossibleLabel, RecordedEvent, RetainUntil, Review, Rule, Subject, evaluate, evaluate_without_reasons,
};

/// Mostly times of this century, and the ends of all ranges.
fn time() -> impl Strategy<Value = UtcTime> {
    let year = 31_556_952_000_i64;
    prop_oneof![
        8 => (20 * year..60 * year).prop_map(UtcTime),
        1 => any::<i64>().prop_map(UtcTime),
        1 => prop_oneof![Just(UtcTime(i64::MIN)), Just(UtcTime(i64::MAX)), Just(UtcTime(0))],
    ]
}

fn span() -> impl Strategy<Value = RetentionPeriod> {
    prop_oneof![
        8 => (0..240_u32, 0..4000_u32).prop_map(|(months, days)| RetentionPeriod::Span { months, days }),
        1 => (any::<u32>(), any::<u32>()).prop_map(|(months, days)| RetentionPeriod::Span { months, days }),
        1 => Just(RetentionPeriod::Unlimited),
    ]
}

fn does() -> impl Strategy<Value = RetentionAction> {
    prop_oneof![Just(RetentionAction::Retain), Just(RetentionAction::Delete), Just(RetentionAction::RetainAndDelete)]
}

prop_compose! {
    fn policy()(
        explicit: bool, doubtful: bool, action in does(), period in span(), modified: bool,
        released_at in option::of(time()), reenabled_at in option::of(time()),
    ) -> AppliedPolicy {
        let rank = if explicit { PolicyRank::Explicit } else { PolicyRank::OrganisationWide };
        let trigger = if modified { RetentionTrigger::Modified } else { RetentionTrigger::Created };
        let (name, unread) = ("policy".into(), None);
        AppliedPolicy { name, rank, action, period, trigger, released_at, reenabled_at, doubtful, unread }
    }
}

fn label() -> impl Strategy<Value = AppliedLabel> {
    let trigger = prop_oneof![
        Just(LabelTrigger::Created),
        Just(LabelTrigger::Modified),
        time().prop_map(LabelTrigger::Labelled),
        option::of((time(), time()).prop_map(|(at, recorded_at)| RecordedEvent { at, recorded_at }))
            .prop_map(LabelTrigger::Event),
    ];
    let review = option::of(time()).prop_map(|approved_at| Review { approved_at });
    let extension = prop_oneof![span().prop_map(Extension::By), time().prop_map(Extension::Until)];
    (does(), span(), trigger, option::of(extension), option::of(review)).prop_map(
        |(action, period, trigger, extension, review)| AppliedLabel {
            name: "label".into(),
            action,
            period,
            trigger,
            extension,
            review,
            next: None,
        },
    )
}

fn possible_label() -> impl Strategy<Value = PossibleLabel> {
    label().prop_map(|label| PossibleLabel { label, why: "unread".into() })
}

prop_compose! {
    fn hold()(
        from in time(), has_query: bool, matches: bool, unevaluated: bool, duration in option::of(span()),
        released_at in option::of(time()), delay_removed_at in option::of(time()),
    ) -> AppliedHold {
        AppliedHold {
            name: "hold".into(), from, has_query, matches, unevaluated, duration, released_at, delay_removed_at,
        }
    }
}

prop_compose! {
    fn subject()(
        created in time(), modified in option::of(time()), captured in time(), partially_indexed: bool,
        policies in prop::collection::vec(policy(), 0..4), label in option::of(label()),
        possible_labels in prop::collection::vec(possible_label(), 0..2),
        holds in prop::collection::vec(hold(), 0..3), residence_days in 0..4000_u32,
    ) -> Subject {
        let times = ItemTimes { created, modified, captured };
        Subject { times, partially_indexed, policies, label, possible_labels, holds, residence_days }
    }
}

/// The earliest disposition as a number that is larger the longer it takes.
pub(super) fn wait(disposition: Disposition) -> (u8, UtcTime) {
    match disposition {
        Disposition::At(at) => (0, at),
        Disposition::PendingReview { since } => (1, since),
        Disposition::Held => (2, UtcTime(0)),
        Disposition::Never => (3, UtcTime(0)),
    }
}

fn longer(period: RetentionPeriod, more_months: u32, more_days: u32) -> RetentionPeriod {
    match period {
        RetentionPeriod::Span { months, days } => {
            RetentionPeriod::Span { months: months.saturating_add(more_months), days: days.saturating_add(more_days) }
        }
        RetentionPeriod::Unlimited => RetentionPeriod::Unlimited,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_decision_agrees_with_itself(subject in subject(), as_of in time()) {
        let decision = evaluate(&subject, as_of);
        prop_assert!(decision.reasons.iter().all(|reason| !reason.effect.to_string().is_empty()));
        prop_assert!(!decision.reasons.is_empty());
        prop_assert!(decision.until.is_none_or(|until| until > as_of));
        let due = matches!(decision.earliest, Disposition::At(at) if at <= as_of);
        prop_assert_eq!(decision.outcome == Outcome::Eligible, due);
        if decision.outcome == Outcome::Eligible {
            prop_assert!(decision.delete_at.is_some_and(|at| at <= as_of));
            prop_assert!(decision.retain_until.at().is_none_or(|end| end <= as_of));
        }
    }

    #[test]
    fn a_decision_does_not_depend_on_whether_its_reasons_are_asked_for(subject in subject(), as_of in time()) {
        let mut decision = evaluate(&subject, as_of);
        let deleting = decision.reasons.iter().find(|reason| reason.rule == Rule::Delete);
        prop_assert_eq!(deleting.map(|reason| reason.name.clone()), decision.deleted_by.clone());
        decision.reasons.clear();
        prop_assert_eq!(evaluate_without_reasons(&subject, as_of), decision);
    }

    #[test]
    fn a_hold_beats_every_policy_and_label(mut subject in subject(), as_of in time(), place in 0..4_usize) {
        let hold = AppliedHold {
            name: "last".into(), from: as_of, has_query: false, matches: false, unevaluated: false, duration: None,
            released_at: None, delay_removed_at: None,
        };
        subject.holds.insert(place.min(subject.holds.len()), hold);
        let decision = evaluate(&subject, as_of);
        prop_assert_eq!(decision.outcome, Outcome::Held);
        prop_assert_eq!(decision.until, None);
        prop_assert!(matches!(decision.earliest, Disposition::Held | Disposition::Never));
    }

    #[test]
    fn another_hold_never_lets_an_item_go_earlier(mut subject in subject(), more in hold(), as_of in time()) {
        let before = evaluate(&subject, as_of);
        subject.holds.push(more);
        let after = evaluate(&subject, as_of);
        prop_assert!(wait(after.earliest) >= wait(before.earliest));
    }

    #[test]
    fn another_retention_never_lets_an_item_go_earlier(mut subject in subject(), mut more in policy(), as_of in time()) {
        more.action = RetentionAction::Retain;
        let before = evaluate(&subject, as_of);
        subject.policies.push(more);
        let after = evaluate(&subject, as_of);
        prop_assert!(wait(after.earliest) >= wait(before.earliest));
        prop_assert!(after.retain_until >= before.retain_until);
    }

    #[test]
    fn doubt_never_lets_an_item_go_earlier_than_knowing_would(
        mut subject in subject(), which: prop::sample::Index, as_of in time(),
    ) {
        prop_assume!(!subject.policies.is_empty());
        let which = which.index(subject.policies.len());
        for policy in &mut subject.policies {
            policy.doubtful = false;
        }
        subject.policies[which].doubtful = true;
        let in_doubt = wait(evaluate(&subject, as_of).earliest);
        subject.policies[which].doubtful = false;
        prop_assert!(in_doubt >= wait(evaluate(&subject, as_of).earliest));
        subject.policies.remove(which);
        prop_assert!(in_doubt >= wait(evaluate(&subject, as_of).earliest));
    }

    #[test]
    fn a_longer_period_never_lets_an_item_go_earlier(
        mut subject in subject(), which: prop::sample::Index, months in 0..60_u32, days in 0..60_u32, as_of in time(),
    ) {
        prop_assume!(!subject.policies.is_empty());
        let before = evaluate(&subject, as_of);
        let which = which.index(subject.policies.len());
        subject.policies[which].period = longer(subject.policies[which].period, months, days);
        prop_assert!(wait(evaluate(&subject, as_of).earliest) >= wait(before.earliest));
    }

    #[test]
    fn a_rule_that_cannot_be_read_never_lets_an_item_go_earlier_whatever_it_says(
        mut subject in subject(), more in policy(), label in option::of(possible_label()), as_of in time(),
    ) {
        let before = wait(evaluate(&subject, as_of).earliest);
        subject.policies.push(more.clone().unread("unread".into()));
        subject.possible_labels.extend(label.clone());
        let decision = evaluate(&subject, as_of);
        let in_doubt = wait(decision.earliest);
        prop_assert!(in_doubt >= before);
        let unread = decision.reasons.iter().filter(|reason| reason.rule == Rule::UnreadQuery);
        prop_assert_eq!(
            unread.count(),
            subject.possible_labels.len() + usize::from(more.release_known(as_of).is_none())
        );
        *subject.policies.last_mut().unwrap() = more;
        // In place of a label that deletes, one that may not do so is another matter: it retains what it would retain.
        let carried = subject.label.take();
        for label in std::mem::take(&mut subject.possible_labels) {
            subject.label = Some(label.label);
            let known = evaluate(&subject, as_of);
            prop_assert!(decision.retain_until >= known.retain_until);
            prop_assert!(carried.is_some() || in_doubt >= wait(known.earliest));
        }
    }

    #[test]
    fn a_label_that_takes_anothers_place_decides_as_if_it_had_been_set_then(
        mut subject in subject(), mut next in label(), months in 0..240_u32, days in 0..400_u32,
        later in 0..1_000_000_000_000_i64,
    ) {
        let first = AppliedLabel {
            name: "first".into(), action: RetentionAction::Retain,
            period: RetentionPeriod::Span { months, days }, trigger: LabelTrigger::Created,
            extension: None, review: None, next: None,
        };
        let RetainUntil::At(end) = first.end(&subject.times) else { return Ok(()) };
        let as_of = UtcTime(end.0.saturating_add(later));
        subject.possible_labels.clear();
        let counts_from_then = matches!(next.trigger, LabelTrigger::Labelled(_));
        if counts_from_then {
            next.trigger = LabelTrigger::Succession;
        }
        subject.label = Some(AppliedLabel { next: Some(Box::new(next.clone())), ..first });
        let before = evaluate(&subject, as_of);
        if counts_from_then {
            next.trigger = LabelTrigger::Labelled(end);
        }
        subject.label = Some(next);
        let after = evaluate(&subject, as_of);
        prop_assert_eq!(before.outcome, after.outcome);
        prop_assert_eq!(before.review_since.is_some(), after.review_since.is_some());
    }

    #[test]
    fn nothing_is_eligible_before_its_minimum_residence(mut subject in subject(), as_of in time()) {
        subject.holds.clear();
        if evaluate(&subject, as_of).outcome == Outcome::Eligible {
            prop_assert!(as_of >= subject.residence_end());
        }
        subject.times.captured = as_of;
        subject.residence_days = subject.residence_days.max(1);
        if as_of < UtcTime(i64::MAX) {
            prop_assert_ne!(evaluate(&subject, as_of).outcome, Outcome::Eligible);
        }
    }
}
