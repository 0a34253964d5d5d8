//! A rule whose query cannot be read retains all that it may cover, deletes nothing, is named, and stops nothing else.

mod mended;

use super::*;
use crate::archive::Mending;
use crate::archive::{Explanation, NewHold, SimulatedRules};
use crate::model::{LabelEvaluation, RetentionLabel};
use crate::retention::{Outcome, Rule, Source};

const DAY: i64 = 24 * 3600 * 1000;

fn later(archive: &mut Archive, days: i64) {
    archive.session.clock = Clock::Fixed(UtcTime(1_768_478_400_000 + days * DAY));
}

/// Makes the query of a policy one that cannot be read, as if another version of the program had taken it.
fn spoil(archive: &Archive, policy: &RetentionPolicy) {
    let transaction = archive.store.begin().unwrap();
    put_policy(&transaction, &RetentionPolicy { query: Some("(".to_owned()), ..policy.clone() }).unwrap();
    transaction.commit().unwrap();
}

/// The same for the query of the label at `place`.
fn spoil_label(archive: &Archive, place: usize) {
    let transaction = archive.store.begin().unwrap();
    let spoilt = labels(&transaction).unwrap().remove(place);
    put_label(&transaction, &RetentionLabel { query: Some("(".to_owned()), ..spoilt }).unwrap();
    transaction.commit().unwrap();
}

/// Deletes everything after 30 days.
fn delete_all(archive: &mut Archive) {
    let all = NewPolicy {
        query: None,
        period: RetentionPeriod::Span { months: 0, days: 30 },
        ..policy("drop all", RetentionAction::Delete)
    };
    archive.add_policy(&all, Some("a test")).unwrap();
}

fn explained(archive: &mut Archive, item: u64) -> Explanation {
    archive.explain(ItemNo(item)).unwrap()
}

fn outcomes(archive: &mut Archive) -> Vec<Outcome> {
    (1..=3).map(|item| explained(archive, item).outcome).collect()
}

fn unread(explanation: &Explanation) -> Vec<(Source, String)> {
    let reasons = explanation.reasons.iter().filter(|reason| reason.rule == Rule::UnreadQuery);
    reasons.map(|reason| (reason.source, reason.name.to_string())).collect()
}

fn hold(name: &str) -> NewHold {
    NewHold {
        name: name.to_owned(),
        case: None,
        mailboxes: Vec::new(),
        custodians: false,
        folders: Vec::new(),
        query: Some("harbour".to_owned()),
        from: None,
        before: None,
        duration: None,
        stated_date: None,
        owner: String::new(),
        comment: String::new(),
        url: String::new(),
        draft: false,
        reason: "a claim".to_owned(),
    }
}

#[test]
fn what_only_older_rules_found_is_retained_and_not_deleted() {
    let (_directory, mut archive) = archive();
    let both = archive.add_policy(&policy("both", RetentionAction::RetainAndDelete), Some("a test")).unwrap();
    let transaction = archive.store.begin().unwrap();
    extend_set(&transaction, MessageSet::PolicyMatches(both.id), [MessageNo(3)], []).unwrap();
    put_policy(&transaction, &RetentionPolicy { evaluated_rules: RULES - 1, ..both }).unwrap();
    transaction.commit().unwrap();
    later(&mut archive, 200);
    let third = explained(&mut archive, 3);
    assert_eq!((third.outcome, third.retain_until.as_deref()), (Outcome::Kept, Some("2027-01-15T12:00:00Z")));
    later(&mut archive, 400);
    assert_eq!(outcomes(&mut archive), [Outcome::Eligible, Outcome::Eligible, Outcome::Kept]);
}

#[test]
fn a_policy_whose_query_cannot_be_read_retains_everything_until_it_is_mended() {
    let (_directory, mut archive) = archive();
    let both = archive.add_policy(&policy("both", RetentionAction::RetainAndDelete), Some("a test")).unwrap();
    delete_all(&mut archive);
    later(&mut archive, 100);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept, Outcome::Kept, Outcome::Eligible]);

    spoil(&archive, &both);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    assert_eq!(unread(&explained(&mut archive, 3)), [(Source::Policy, "both".to_owned())]);
    archive.place_hold(&hold("claim")).unwrap();
    archive.release_hold("claim", "settled").unwrap();
    archive.end_hold_delay("claim", "settled").unwrap();
    let simulation = archive.simulate(archive.now(), SimulatedRules::Waiting, None).unwrap();
    assert_eq!(simulation.counts.eligible, 0);
    assert_eq!(simulation.unread.first().map(|rule| rule.name.as_str()), Some("both"));
    assert!(archive.show_policy("both").unwrap().refused.is_some());
    archive.confirm_clock("it is right").unwrap();
    let plan = archive.plan_disposition(&mut std::io::sink()).unwrap();
    assert_eq!((plan.eligible, plan.kept), (0, 3));

    let mended = PolicyChange { query: Some("again".to_owned()), ..PolicyChange::default() };
    let refused = archive.change_policy("both", &PolicyChange { query: Some(")".to_owned()), ..mended.clone() }, None);
    assert!(matches!(refused, Err(Error::Query { .. })), "{refused:?}");
    assert!(matches!(archive.change_policy("both", &mended, None), Err(Error::Refused(_))), "not simulated");
    let proposed = archive.simulate(archive.now(), SimulatedRules::Change("both", &mended), None).unwrap().proposed;
    assert_eq!(proposed.map(|counts| (counts.eligible, counts.kept)), Some((0, 3)));
    archive.change_policy("both", &mended, None).unwrap();
    assert_eq!(archive.unread_rules().unwrap(), []);
    // What it was taken to cover meanwhile stays retained, whatever the query before would have found.
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    assert_eq!((matches(&archive, &both), former(&archive, &both)), (vec![2], vec![1, 3]));
    assert!(archive.change_policy("both", &mended, None).is_err(), "a query that can be read is fixed");

    // When its period is over, another rule may delete, and it deletes nothing itself.
    spoil(&archive, &archive.show_policy("both").unwrap());
    later(&mut archive, 400);
    let deleted = archive.simulate(archive.now(), SimulatedRules::Waiting, None).unwrap();
    assert_eq!(deleted.policies.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["drop all"]);
}

fn auto_label(name: &str, query: &str) -> NewLabel {
    NewLabel {
        name: name.to_owned(),
        action: RetentionAction::RetainAndDelete,
        period: RetentionPeriod::Span { months: 12, days: 0 },
        start: LabelStart::Created,
        record: RecordKind::None,
        folders: Vec::new(),
        query: Some(query.to_owned()),
        review: Vec::new(),
        next: None,
    }
}

#[test]
fn a_label_whose_query_cannot_be_read_retains_what_carries_none_until_it_is_mended() {
    let (_directory, mut archive) = archive();
    for (name, query) in [("older", "harbour"), ("younger", "lunch")] {
        archive.add_label(&auto_label(name, query), Some("a test")).unwrap();
    }
    spoil_label(&archive, 0);
    delete_all(&mut archive);
    later(&mut archive, 100);
    for item in 1..=3 {
        let explanation = explained(&mut archive, item);
        assert_eq!((explanation.outcome, &explanation.label), (Outcome::Kept, &None), "item {item}");
        // The younger one can be read: it finds the third.
        let found: &[&str] = if item == 3 { &["older", "younger"] } else { &["older"] };
        let may_carry: Vec<String> = unread(&explanation).into_iter().map(|(_, name)| name).collect();
        assert_eq!(may_carry, found, "item {item}");
    }
    assert!(archive.show_label("older").unwrap().refused.is_some());

    archive.set_label_query("older", "harbour", Some("a test")).unwrap();
    let carried: Vec<_> = (1..=3).map(|item| explained(&mut archive, item).label.unwrap()).collect();
    assert_eq!(carried, ["older", "older", "younger"]);
    assert!(archive.set_label_query("older", "lunch", Some("a test")).is_err(), "it can be read and is fixed");
}

#[test]
fn a_label_with_reviewers_whose_query_cannot_be_read_lets_nothing_go() {
    let (_directory, mut archive) = archive();
    let review = vec![crate::model::ReviewStage { reviewers: vec![Actor("ann".to_owned())] }];
    archive.add_label(&NewLabel { review, ..auto_label("reviewed", "nothing") }, Some("a test")).unwrap();
    delete_all(&mut archive);
    later(&mut archive, 900);
    assert_eq!(outcomes(&mut archive), [Outcome::Eligible; 3]);
    spoil_label(&archive, 0);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    let simulation = archive.simulate(archive.now(), SimulatedRules::Waiting, None).unwrap();
    assert_eq!((simulation.counts.eligible, simulation.counts.review), (0, 0));
}

#[test]
fn what_a_mended_label_sets_free_is_simulated_and_what_was_taken_off_stays_off() {
    let (_directory, mut archive) = archive();
    for (name, query) in [("older", "harbour"), ("younger", "lunch")] {
        archive.add_label(&auto_label(name, query), Some("a test")).unwrap();
    }
    later(&mut archive, 1);
    assert_eq!(explained(&mut archive, 3).label.as_deref(), Some("younger"));
    archive.clear_label(&[ItemNo(3)], "a museum wants it").unwrap();
    spoil_label(&archive, 0);
    assert_eq!(explained(&mut archive, 3).outcome, Outcome::Kept);
    archive.set_label_query("older", "harbour", Some("a test")).unwrap();
    assert_eq!(explained(&mut archive, 3).label, None);
}

#[test]
fn nobody_takes_a_label_off_without_reason_because_another_cannot_be_read() {
    let (_directory, mut archive) = archive();
    let keep = NewLabel { query: None, action: RetentionAction::Retain, ..auto_label("keep", "") };
    archive.add_label(&keep, Some("a test")).unwrap();
    archive.add_label(&auto_label("older", "nothing"), Some("a test")).unwrap();
    archive.set_label("keep", &[ItemNo(1)], None, "").unwrap();
    delete_all(&mut archive);
    later(&mut archive, 100);
    assert!(archive.clear_label(&[ItemNo(1)], "").is_err());
    spoil_label(&archive, 1);
    assert!(archive.clear_label(&[ItemNo(1)], "").is_err());
    let short =
        NewLabel { query: None, period: RetentionPeriod::Span { months: 0, days: 1 }, ..auto_label("short", "") };
    archive.add_label(&short, Some("a test")).unwrap();
    assert!(archive.set_label("short", &[ItemNo(2)], None, "").is_err(), "it may be what the unread label means");
}

#[test]
fn what_newer_rules_only_warn_of_means_what_it_meant() {
    let (_directory, mut archive) = archive();
    let both = archive.add_policy(&policy("both", RetentionAction::Retain), Some("a test")).unwrap();
    archive.place_hold(&hold("claim")).unwrap();
    let transaction = archive.store.begin().unwrap();
    let number = Some("0171 1234567".to_owned());
    put_policy(&transaction, &RetentionPolicy { query: number.clone(), evaluated_rules: RULES - 1, ..both }).unwrap();
    let mut held = crate::store::holds(&transaction).unwrap().remove(0);
    held.scope.query.clone_from(&number);
    held.evaluation.rules = RULES - 1;
    crate::store::put_hold(&transaction, &held).unwrap();
    transaction.commit().unwrap();
    archive.settle().unwrap();
    assert_eq!(archive.unread_rules().unwrap(), []);
    assert_ne!(explained(&mut archive, 3).outcome, Outcome::Held, "it does not come to hold everything");
    let again = NewHold { query: number, ..hold("again") };
    assert!(matches!(archive.place_hold(&again), Err(Error::Query { .. })), "a new one has to say which it means");
}

#[test]
fn a_simulation_of_a_mended_label_counts_what_waited_for_it() {
    let (_directory, mut archive) = archive();
    archive.add_label(&auto_label("older", "harbour"), Some("a test")).unwrap();
    let period = RetentionPeriod::Span { months: 0, days: 30 };
    let short = NewLabel { action: RetentionAction::Delete, period, ..auto_label("younger", "lunch") };
    archive.add_label(&short, Some("a test")).unwrap();
    spoil_label(&archive, 0);
    later(&mut archive, 100);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    let mended = SimulatedRules::LabelQuery("older", "harbour");
    let proposed = |archive: &mut Archive, days: i64| -> Option<u64> {
        let as_of = UtcTime(archive.now().0 + days * DAY);
        archive.simulate(as_of, mended, None).unwrap().proposed.map(|counts| counts.eligible)
    };
    // The third gets the younger one then, and the older one may have been meant for it.
    assert_eq!((proposed(&mut archive, 0), proposed(&mut archive, 300)), (Some(0), Some(3)));
    archive.set_label_query("older", "harbour", None).unwrap();
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    later(&mut archive, 400);
    assert_eq!(outcomes(&mut archive), [Outcome::Eligible; 3]);
}

#[test]
fn a_label_that_can_be_read_and_waits_concerns_what_it_finds_alone() {
    let (_directory, mut archive) = archive();
    for (name, query, months) in [("first", "nothing", 1), ("second", "lunch", 24), ("third", "lunch OR harbour", 36)] {
        let period = RetentionPeriod::Span { months, days: 0 };
        archive.add_label(&NewLabel { period, ..auto_label(name, query) }, Some("a test")).unwrap();
    }
    delete_all(&mut archive);
    spoil_label(&archive, 0);
    later(&mut archive, 100);
    let possible = |archive: &mut Archive, item| -> Vec<String> {
        unread(&explained(archive, item)).into_iter().map(|(_, name)| name).collect()
    };
    assert_eq!(possible(&mut archive, 1), ["first", "third"]);
    assert_eq!(possible(&mut archive, 3), ["first", "second"], "the third one comes after one that surely finds it");
    // What was evaluated by other rules is not known.
    let transaction = archive.store.begin().unwrap();
    let second = labels(&transaction).unwrap().remove(1);
    let evaluation = second.evaluation.map(|found| LabelEvaluation { rules: RULES - 1, ..found });
    put_label(&transaction, &RetentionLabel { evaluation, ..second }).unwrap();
    transaction.commit().unwrap();
    let snapshot = archive.store.snapshot().unwrap();
    let item = crate::store::item(&snapshot, ItemNo(1)).unwrap().unwrap();
    let mut judge = crate::archive::decide::Judge::new(&snapshot, &archive.info, archive.now()).unwrap();
    let reasons = judge.decide(&item).unwrap().reasons;
    assert!(reasons.iter().any(|reason| &*reason.name == "second"), "{reasons:?}");
    assert_eq!(possible(&mut archive, 1), ["first", "third"], "it is evaluated again");
    // More of the third message is searched than before: what is known of it is forgotten until it is evaluated again.
    let known = |archive: &Archive| -> u64 {
        let snapshot = archive.store.snapshot().unwrap();
        let all = labels(&snapshot).unwrap().into_iter();
        all.map(|label| load_set(&snapshot, MessageSet::LabelMatches(label.id)).unwrap().len()).sum()
    };
    assert_eq!(known(&archive), 4);
    let transaction = archive.store.begin().unwrap();
    archive.offer_labels_again(&transaction, &(3..=3).collect()).unwrap();
    transaction.commit().unwrap();
    assert_eq!(known(&archive), 0);
    archive.settle().unwrap();
    // Mended, nothing waits, and each gets what it finds.
    archive.set_label_query("first", "nothing", Some("a test")).unwrap();
    let carried: Vec<_> = (1..=3).map(|item| explained(&mut archive, item).label.unwrap()).collect();
    assert_eq!(carried, ["third", "third", "second"]);
    assert!(labels(&archive.store.snapshot().unwrap()).unwrap().iter().all(|label| label.evaluation.is_none()));
    assert_eq!(known(&archive), 0);
}

#[test]
fn a_locked_policy_whose_query_cannot_be_read_is_mended_in_the_open_and_stays_locked() {
    let (_directory, mut archive) = archive();
    let both = archive.add_policy(&policy("both", RetentionAction::Retain), Some("a test")).unwrap();
    archive.lock_policy("both", "a rule").unwrap();
    spoil(&archive, &archive.show_policy("both").unwrap());
    archive.settle().unwrap();
    assert_eq!(archive.unread_rules().unwrap().pop().unwrap().mending, Mending::Locked);
    let query = Some("again".to_owned());
    let silent = PolicyChange { query: query.clone(), ..PolicyChange::default() };
    let refused = archive.change_policy("both", &silent, Some("a test"));
    assert!(matches!(refused, Err(Error::InvalidInput(_))), "no reason: {refused:?}");
    let mended = PolicyChange { reason: "as the board wrote it".to_owned(), ..silent };
    // Nothing deletes, so nothing could go earlier; it has to be seen all the same.
    archive.simulate(archive.now(), SimulatedRules::Waiting, None).unwrap();
    let refused = archive.change_policy("both", &mended, None);
    assert!(matches!(refused, Err(Error::Refused(_))), "not simulated: {refused:?}");
    assert!(archive.remove_policy("both", "to be rid of it", Some("a test")).is_err());
    archive.simulate(archive.now(), SimulatedRules::Change("both", &mended), None).unwrap();
    let shorter = PolicyChange { period: Some(RetentionPeriod::Span { months: 1, days: 0 }), ..mended.clone() };
    let refused = archive.change_policy("both", &shorter, Some("a test"));
    assert!(matches!(refused, Err(Error::Refused(_))), "the lock forbids it: {refused:?}");
    let after = archive.change_policy("both", &mended, None).unwrap();
    assert_eq!((after.query, after.refused, after.lock.is_some()), (query, None, true));
    assert_eq!(former(&archive, &both), [1, 3], "what it was taken to cover stays retained");
    let snapshot = archive.store.snapshot().unwrap();
    let outcome = crate::store::audit_entries(&snapshot, 0).unwrap().pop().unwrap().outcome;
    for part in ["could not be read", "the policy is locked, and stays so", "as the board wrote it", "simulated on"] {
        assert!(outcome.contains(part), "{outcome}");
    }
    assert!(archive.change_policy("both", &mended, Some("a test")).is_err(), "a query that can be read is fixed");
}

#[test]
fn a_policy_whose_query_cannot_be_read_is_not_locked() {
    let (_directory, mut archive) = archive();
    let both = archive.add_policy(&policy("both", RetentionAction::Retain), Some("a test")).unwrap();
    spoil(&archive, &both);
    let refused = archive.lock_policy("both", "a rule");
    assert!(matches!(&refused, Err(Error::InvalidInput(why)) if why.contains("cannot be read")), "{refused:?}");
    assert!(archive.show_policy("both").unwrap().lock.is_none());
}

#[test]
fn what_a_person_took_off_stays_off_whatever_the_rules_of_searching() {
    let (_directory, mut archive) = archive();
    archive.add_label(&auto_label("auto", "harbour"), Some("a test")).unwrap();
    let by_hand = NewLabel { query: None, ..auto_label("by hand", "") };
    archive.add_label(&by_hand, Some("a test")).unwrap();
    later(&mut archive, 1);
    archive.settle().unwrap();
    archive.clear_label(&[ItemNo(1)], "no contract").unwrap();
    archive.set_label("by hand", &[ItemNo(2)], None, "another one").unwrap();
    archive.clear_label(&[ItemNo(2)], "nor that").unwrap();
    let renew = |archive: &Archive| {
        let transaction = archive.store.begin().unwrap();
        let auto = labels(&transaction).unwrap().remove(0);
        put_label(&transaction, &RetentionLabel { offered_rules: RULES - 1, ..auto }).unwrap();
        transaction.commit().unwrap();
    };
    renew(&archive);
    let transaction = archive.store.begin().unwrap();
    archive.offer_labels_again(&transaction, &(1..=3).collect()).unwrap();
    transaction.commit().unwrap();
    let carried =
        |archive: &mut Archive| -> Vec<Option<String>> { (1..=2).map(|item| explained(archive, item).label).collect() };
    assert_eq!(carried(&mut archive), [None, None]);
    // A query that cannot be read does not make it possible either.
    spoil_label(&archive, 0);
    assert_eq!(unread(&explained(&mut archive, 1)), []);
    archive.set_label_query("auto", "harbour", Some("a test")).unwrap();
    assert_eq!(carried(&mut archive), [None, None]);
    // Set again by a person and lost for another reason, it is offered again.
    archive.set_label("auto", &[ItemNo(1)], None, "a contract after all").unwrap();
    let transaction = archive.store.begin().unwrap();
    put_item_label(&transaction, ItemNo(1), None).unwrap();
    transaction.commit().unwrap();
    renew(&archive);
    assert_eq!(carried(&mut archive), [Some("auto".to_owned()), None]);
}
