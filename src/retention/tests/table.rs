//! Each principle, and each exception to it, has a row.

use crate::model::RetentionTrigger;
use crate::retention::{Extension, LabelTrigger, Outcome, RecordedEvent, Review, Subject, evaluate};

use super::{EVERYBODY, EXPLICIT, day, decisive, earliest, hold, item, label, period, policy, retained};

/// Asserts, as of 2050: how long it is retained, the earliest disposition, and the rules that decide.
#[track_caller]
fn decides(subject: &Subject, retain: &str, delete: &str, why: &str) {
    let decision = evaluate(subject, day("2050-01-01"));
    assert_eq!(retained(&decision), retain);
    assert_eq!(earliest(&decision), delete);
    assert_eq!(decisive(&decision), why);
}

#[test]
fn without_a_rule_nothing_is_deleted() {
    decides(&item("2019-05-04"), "-", "never", "no-delete-action");
}

#[test]
fn retention_wins_over_deletion() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("bin", EXPLICIT, "delete", "P1Y"), policy("tax", EVERYBODY, "retain", "P10Y")];
    decides(&subject, "2029-05-04", "2029-05-04", "retain:tax delete:bin suspend:bin");
    subject.policies.push(policy("for good", EVERYBODY, "retain", "unlimited"));
    decides(&subject, "forever", "never", "retain:for good delete:bin suspend:bin");
}

#[test]
fn the_longest_retention_wins_whatever_its_scope_and_start() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("a", EXPLICIT, "retain", "P3Y"), policy("b", EVERYBODY, "retain+delete", "P4Y")];
    decides(&subject, "2023-05-04", "2023-05-04", "retain:b delete:b");
    subject.times.modified = Some(day("2022-12-31"));
    subject.policies[0].trigger = RetentionTrigger::Modified;
    decides(&subject, "2025-12-31", "2025-12-31", "retain:a delete:b suspend:b");
    subject.label = Some(label("c", "retain", "P3Y", LabelTrigger::Modified));
    decides(&subject, "2025-12-31", "2025-12-31", "retain:c delete:b suspend:b");
}

#[test]
fn of_deletions_the_label_then_the_explicit_scope_then_the_shortest_wins() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("a", EVERYBODY, "delete", "P9M"), policy("b", EVERYBODY, "delete", "P2M")];
    decides(&subject, "-", "2019-07-04", "delete:b");
    subject.policies.extend([policy("c", EXPLICIT, "delete", "P2Y"), policy("d", EXPLICIT, "delete", "P20M")]);
    decides(&subject, "-", "2021-01-04", "delete:d");
    subject.label = Some(label("e", "delete", "P30Y", LabelTrigger::Labelled(day("2019-06-01"))));
    decides(&subject, "-", "2049-06-01", "delete:e");
    subject.label = Some(label("f", "retain", "P1Y", LabelTrigger::Created));
    decides(&subject, "2020-05-04", "2021-01-04", "retain:f delete:d");
    subject.label = Some(label("g", "delete", "unlimited", LabelTrigger::Created));
    decides(&subject, "-", "never", "delete:g");
}

#[test]
fn an_event_is_awaited_and_never_counts_before_it_is_recorded() {
    let mut subject = item("2019-05-04");
    let with = |event| Some(label("contract", "retain+delete", "P2Y", LabelTrigger::Event(event)));
    subject.label = with(None);
    decides(&subject, "until-event", "never", "retain:contract delete:contract");
    subject.label = with(Some(RecordedEvent { at: day("2020-01-01"), recorded_at: day("2020-02-01") }));
    decides(&subject, "2022-01-01", "2022-01-01", "retain:contract delete:contract");
    subject.label = with(Some(RecordedEvent { at: day("2020-01-01"), recorded_at: day("2022-01-02") }));
    let why = "retain:contract delete:contract event-recorded-late:contract";
    decides(&subject, "2022-01-01", "2022-01-02", why);
    assert_eq!(evaluate(&subject, day("2022-01-01")).outcome, Outcome::Kept);
}

#[test]
fn a_review_is_waited_for_and_can_extend() {
    let mut subject = item("2019-05-04");
    subject.label = Some(label("record", "retain+delete", "P2Y", LabelTrigger::Created));
    let mut review = |approved: Option<&str>, extended: Option<&str>| {
        let label = subject.label.as_mut().unwrap();
        label.extension = extended.map(|text| Extension::By(period(text)));
        label.review = Some(Review { approved_at: approved.map(day) });
        subject.clone()
    };
    let why = "retain:record delete:record";
    decides(&review(None, None), "2021-05-04", "pending-review from 2021-05-04", &format!("{why} review:record"));
    let approved = format!("{why} approval:record");
    decides(&review(Some("2021-06-01"), None), "2021-05-04", "2021-06-01", &approved);
    decides(&review(Some("2021-01-01"), None), "2021-05-04", "2021-05-04", &approved);
    decides(&review(Some("2021-06-01"), Some("P6M")), "2021-11-04", "2021-11-04", &approved);
    decides(&review(Some("2021-06-01"), Some("unlimited")), "forever", "never", why);
    let mut held = review(None, None);
    held.holds = vec![hold("h", "2020-01-01", None)];
    decides(&held, "2021-05-04", "held", &format!("{why} review:record hold:h"));
}

#[test]
fn a_released_retention_lasts_thirty_days_more() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("a", EVERYBODY, "retain+delete", "P9Y"), policy("b", EVERYBODY, "delete", "P1Y")];
    subject.policies[0].released_at = Some(day("2021-03-01"));
    decides(&subject, "-", "2021-03-31", "delete:b delay:a");
    for (as_of, outcome) in
        [("2021-02-28", Outcome::Kept), ("2021-03-30", Outcome::Kept), ("2021-03-31", Outcome::Eligible)]
    {
        assert_eq!(evaluate(&subject, day(as_of)).outcome, outcome, "{as_of}");
    }
    subject.policies[0].reenabled_at = Some(day("2021-03-15"));
    decides(&subject, "2028-05-04", "2028-05-04", "retain:a delete:b suspend:b");
    subject.policies[0].reenabled_at = Some(day("2021-02-15"));
    decides(&subject, "-", "2021-03-31", "delete:b delay:a");
    subject.policies[0] = policy("a", EVERYBODY, "delete", "P9Y");
    subject.policies[0].released_at = Some(day("2021-03-01"));
    decides(&subject, "-", "2020-05-04", "delete:b");
}

#[test]
fn a_hold_ends_thirty_days_after_its_release() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("a", EVERYBODY, "retain+delete", "P1Y")];
    subject.holds = vec![hold("h", "2020-01-01", Some("2021-02-01")), hold("i", "2019-06-01", Some("2020-01-01"))];
    decides(&subject, "2020-05-04", "2021-03-03", "retain:a delete:a hold:h");
    subject.holds[0].delay_removed_at = Some(day("2021-02-10"));
    decides(&subject, "2020-05-04", "2021-02-10", "retain:a delete:a hold:h");
    subject.holds[0].delay_removed_at = Some(day("2021-01-10"));
    decides(&subject, "2020-05-04", "2021-02-01", "retain:a delete:a hold:h");
    subject.holds[0].delay_removed_at = Some(day("2021-12-31"));
    decides(&subject, "2020-05-04", "2021-03-03", "retain:a delete:a hold:h");
    subject.holds[1].released_at = None;
    decides(&subject, "2020-05-04", "held", "retain:a delete:a hold:h hold:i");
}

#[test]
fn a_hold_with_a_duration_counts_from_the_item_and_leaves_no_delay() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("a", EVERYBODY, "delete", "P1Y")];
    subject.holds = vec![hold("h", "2020-01-01", None)];
    subject.holds[0].duration = Some(period("P2Y"));
    decides(&subject, "-", "2021-05-04", "delete:a hold:h");
    subject.holds[0].released_at = Some(day("2020-12-01"));
    decides(&subject, "-", "2020-12-31", "delete:a hold:h");
    subject.holds[0].released_at = Some(day("2021-05-04"));
    decides(&subject, "-", "2021-05-04", "delete:a hold:h");
    subject.holds[0].from = day("2021-05-04");
    decides(&subject, "-", "2020-05-04", "delete:a");
    subject.holds[0].duration = Some(period("unlimited"));
    subject.holds[0].released_at = None;
    decides(&subject, "-", "held", "delete:a hold:h");
}

#[test]
fn a_query_hold_covers_what_matches_and_what_could_not_be_read() {
    for (matches, partially_indexed, held) in
        [(true, false, true), (false, false, false), (false, true, true), (true, true, true)]
    {
        let mut subject = item("2019-05-04");
        subject.policies = vec![policy("a", EVERYBODY, "delete", "P1Y")];
        subject.holds = vec![hold("h", "2020-01-01", None)];
        (subject.holds[0].has_query, subject.holds[0].matches) = (true, matches);
        subject.partially_indexed = partially_indexed;
        let (delete, why) = if held { ("held", "delete:a hold:h") } else { ("2020-05-04", "delete:a") };
        decides(&subject, "-", delete, why);
    }
}

#[test]
fn a_hold_holds_from_when_it_was_placed() {
    let mut subject = item("2019-05-04");
    subject.policies = vec![policy("a", EVERYBODY, "delete", "P1Y")];
    subject.holds = vec![hold("h", "2020-06-02", None)];
    assert_eq!(evaluate(&subject, day("2020-06-01")).outcome, Outcome::Eligible);
    assert_eq!(evaluate(&subject, day("2020-06-02")).outcome, Outcome::Held);
}

#[test]
fn the_minimum_residence_counts_from_capture() {
    let mut subject = item("1999-05-04");
    subject.policies = vec![policy("a", EVERYBODY, "delete", "P1Y")];
    (subject.times.captured, subject.residence_days) = (day("2024-03-01"), 30);
    decides(&subject, "-", "2024-03-31", "delete:a minimum-residence");
    assert_eq!(evaluate(&subject, day("2024-03-30")).outcome, Outcome::Kept);
    assert_eq!(evaluate(&subject, day("2024-03-31")).outcome, Outcome::Eligible);
}

#[test]
fn until_is_the_end_of_everything_that_keeps() {
    let until = |subject: &Subject, as_of: &str| {
        let decision = evaluate(subject, day(as_of));
        (decision.outcome, decision.until.map(|time| time.to_string().replace("T00:00:00Z", "")))
    };
    let some = |date: &str| Some(date.to_owned());
    let mut subject = item("2019-05-04");
    assert_eq!(until(&subject, "2020-01-01"), (Outcome::Kept, None));
    subject.policies = vec![policy("a", EVERYBODY, "retain", "P2Y")];
    assert_eq!(until(&subject, "2020-01-01"), (Outcome::Kept, some("2021-05-04")));
    assert_eq!(until(&subject, "2022-01-01"), (Outcome::Kept, None));
    subject.policies[0] = policy("a", EVERYBODY, "retain+delete", "P2Y");
    assert_eq!(until(&subject, "2020-01-01"), (Outcome::Kept, some("2021-05-04")));
    assert_eq!(until(&subject, "2021-05-04"), (Outcome::Eligible, None));
    subject.holds = vec![hold("h", "2020-01-01", Some("2021-06-01"))];
    assert_eq!(until(&subject, "2021-05-31"), (Outcome::Held, None));
    assert_eq!(until(&subject, "2021-06-01"), (Outcome::Held, some("2021-07-01")));
    assert_eq!(until(&subject, "2021-07-01"), (Outcome::Eligible, None));
    subject.label = Some(label("l", "retain+delete", "P3Y", LabelTrigger::Created));
    subject.label.as_mut().unwrap().review = Some(Review::default());
    assert_eq!(until(&subject, "2021-07-01"), (Outcome::Kept, some("2022-05-04")));
    assert_eq!(until(&subject, "2022-05-04"), (Outcome::Kept, None));
}
