//! The reasons name every rule that was considered, in words that can be read out.

use crate::retention::{Extension, LabelTrigger, RecordedEvent, Review, Subject, evaluate};

use super::{EVERYBODY, EXPLICIT, day, hold, item, label, period, policy};

#[track_caller]
fn reads(subject: &Subject, as_of: &str, expected: &[&str]) {
    let decision = evaluate(subject, day(as_of));
    let reasons = decision.reasons.iter();
    let lines: Vec<_> =
        reasons.map(|reason| format!("{} {} {}: {}", reason.rule, reason.source, reason.name, reason.effect)).collect();
    assert_eq!(lines, expected);
}

#[test]
fn retention_and_deletion_are_told_with_their_periods() {
    let mut subject = item("2020-01-15");
    reads(&subject, "2021-01-01", &["no-delete-action guard no delete action: nothing deletes the item; it stays"]);
    subject.policies = vec![policy("mail", EVERYBODY, "delete", "P3Y"), policy("books", EVERYBODY, "retain", "P7Y")];
    subject.policies.extend([policy("chat", EVERYBODY, "delete", "P5Y"), policy("short", EXPLICIT, "retain", "P18M")]);
    reads(
        &subject,
        "2021-01-01",
        &[
            "retain policy books: retains until 2027-01-15 (P7Y from creation on 2020-01-15)",
            "delete policy mail: deletes on 2023-01-15 (P3Y from creation on 2020-01-15)",
            "suspend policy mail: would delete on 2023-01-15; waits until 2027-01-15, when the retention by policy \
             `books` ends",
            "overruled policy short: retains until 2021-07-15 (P18M from creation on 2020-01-15); policy `books` \
             retains at least as long",
            "overruled policy chat: would delete on 2025-01-15 (P5Y from creation on 2020-01-15); policy `mail` \
             decides instead",
        ],
    );
}

#[test]
fn a_policy_in_doubt_deletes_nothing_and_may_put_off_what_does() {
    let mut subject = item("2020-01-15");
    subject.policies = vec![policy("perhaps", EXPLICIT, "delete", "P5Y").in_doubt()];
    let would = "overruled policy perhaps: would delete on 2025-01-15 (P5Y from creation on 2020-01-15); whether it \
        covers the item is not known, so it deletes nothing";
    reads(
        &subject,
        "2026-01-01",
        &["no-delete-action guard no delete action: nothing deletes the item; it stays", would],
    );
    subject.policies.push(policy("mail", EVERYBODY, "delete", "P3Y"));
    reads(
        &subject,
        "2026-01-01",
        &[
            "delete policy perhaps: deletes on 2025-01-15 (P5Y from creation on 2020-01-15)",
            "overruled policy mail: would delete on 2023-01-15 (P3Y from creation on 2020-01-15); policy `perhaps` \
             decides instead",
        ],
    );
    subject.policies.push(policy("listed", EXPLICIT, "delete", "P1Y"));
    let decision = evaluate(&subject, day("2026-01-01"));
    assert_eq!(decision.delete_at, Some(day("2021-01-15")), "it cannot put off what is as explicit");
}

#[test]
fn holds_are_told_with_their_end() {
    let mut subject = item("2020-01-15");
    subject.policies = vec![policy("mail", EVERYBODY, "delete", "P1Y")];
    subject.partially_indexed = true;
    subject.residence_days = 400;
    subject.holds = vec![
        hold("Acme", "2020-02-01T10:30:00Z", None),
        hold("Bell", "2020-02-01", Some("2020-08-01")),
        hold("Cole", "2020-02-01", None),
        hold("Dorn", "2022-01-01", None),
        hold("Ernst", "2020-02-01", Some("2020-12-20")),
    ];
    subject.holds[0].has_query = true;
    subject.holds[2].duration = Some(period("P5Y"));
    subject.holds[4].delay_removed_at = Some(day("2020-12-24"));
    reads(
        &subject,
        "2021-01-01",
        &[
            "delete policy mail: deletes on 2021-01-15 (P1Y from creation on 2020-01-15)",
            "hold hold Acme: holds from 2020-02-01T10:30:00Z until it is released; the item is only partially \
             indexed, so the hold's query may miss it",
            "hold hold Cole: holds from 2020-02-01 until 2025-01-15 (P5Y from creation on 2020-01-15)",
            "minimum-residence guard minimum residence: forbids disposition until 2021-02-18 (400 days after capture \
             on 2020-01-15)",
            "lapsed hold Bell: holds from 2020-02-01 until 2020-08-31 (released on 2020-08-01, then 30 days of delay)",
            "hold-later hold Dorn: is placed only on 2022-01-01; does not hold yet",
            "lapsed hold Ernst: holds from 2020-02-01 until 2020-12-24 (released on 2020-12-20, delay ended early)",
        ],
    );
}

#[test]
fn labels_are_told_with_event_and_review() {
    let mut subject = item("2008-01-15");
    subject.label = Some(label("contract", "retain+delete", "P10Y", LabelTrigger::Event(None)));
    reads(
        &subject,
        "2026-01-01",
        &[
            "retain label contract: retains until an event is recorded (P10Y from an event that is not recorded yet)",
            "delete label contract: deletes only after an event is recorded (P10Y from an event that is not recorded \
             yet)",
        ],
    );
    let event = RecordedEvent { at: day("2009-01-01"), recorded_at: day("2026-02-01") };
    let mut contract = label("contract", "delete", "P10Y", LabelTrigger::Event(Some(event)));
    contract.extension = Some(Extension::By(period("P1Y")));
    contract.review = Some(Review { approved_at: None });
    subject.label = Some(contract);
    reads(
        &subject,
        "2026-03-01",
        &[
            "delete label contract: deletes on 2020-01-01 (P10Y, extended by P1Y, from the event on 2009-01-01)",
            "event-recorded-late label contract: event of 2009-01-01 recorded only on 2026-02-01; retains until then",
            "review label contract: requires a disposition review; waits for it from 2026-02-01",
        ],
    );
    subject.label.as_mut().unwrap().review.as_mut().unwrap().approved_at = Some(day("2026-02-10"));
    let decision = evaluate(&subject, day("2026-03-01"));
    assert_eq!(decision.reasons[2].effect.to_string(), "disposition approved on 2026-02-10");
}

#[test]
fn releases_are_told_with_their_delay() {
    let mut subject = item("2020-01-15");
    subject.policies = vec![policy("a", EVERYBODY, "retain", "P3Y"), policy("b", EVERYBODY, "delete", "P1Y")];
    for policy in &mut subject.policies {
        policy.released_at = Some(day("2022-05-01"));
    }
    reads(
        &subject,
        "2022-05-02",
        &[
            "no-delete-action guard no delete action: nothing deletes the item; it stays",
            "delay policy a: was released on 2022-05-01; retains until 2022-05-31 (30 days of delay)",
            "lapsed policy b: was released on 2022-05-01; deletes nothing any longer",
        ],
    );
}

#[test]
fn a_reason_serialises_to_four_texts() {
    let decision = evaluate(&item("2020-01-15"), day("2021-01-01"));
    let expected = serde_json::json!({
        "rule": "no-delete-action",
        "source": "guard",
        "name": "no delete action",
        "effect": "nothing deletes the item; it stays",
    });
    assert_eq!(serde_json::to_value(&decision.reasons[0]).unwrap(), expected);
    assert_eq!(serde_json::to_value(decision.outcome).unwrap(), "kept");
}
