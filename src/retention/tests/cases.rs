//! Every case of the shared decision table comes out, dates and reasons.

use serde_json::Value;

use crate::model::RetentionTrigger;
use crate::retention::{Decision, LabelTrigger, Outcome, RecordedEvent, RetainUntil, Review, Rule, Subject, evaluate};

use super::{EVERYBODY, EXPLICIT, day, earliest, hold, item, label, period, policy};

/// Later than everything that happens in the cases.
const LATER: &str = "2040-01-01";

#[test]
fn every_shared_case_comes_out() {
    let Some(folder) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("samples/legal/retention_cases.json");
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(cases.len(), 45);
    for case in &cases {
        judge(case);
    }
}

fn judge(case: &Value) {
    let subject = subject(case);
    let decision = evaluate(&subject, day(text(case, "purge_run").unwrap_or(LATER)));
    let (n, expect) = (&case["n"], &case["expect"]);
    let retained = match decision.retain_until {
        RetainUntil::No => Value::Null,
        RetainUntil::At(at) => at.to_string().trim_end_matches("T00:00:00Z").into(),
        RetainUntil::Event => "until-event".into(),
        RetainUntil::Forever => "forever".into(),
    };
    assert_eq!(retained, expect["retain_until"], "retain_until of case {n}");
    assert_eq!(earliest(&decision), expect["delete_on"].as_str().unwrap(), "delete_on of case {n}");
    let mut expected: Vec<_> =
        expect["why"].as_array().unwrap().iter().map(|why| why.as_str().unwrap().to_owned()).collect();
    let mut found = why(&decision);
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "why of case {n}");
    if let Some(first) = text(expect, "delete_on").and_then(|date| crate::model::UtcTime::parse(date).ok()) {
        assert_eq!(evaluate(&subject, first).outcome, Outcome::Eligible, "case {n} on its first day");
        let before = evaluate(&subject, crate::model::UtcTime(first.0 - 1));
        assert_ne!(before.outcome, Outcome::Eligible, "case {n} the moment before");
    }
}

fn why(decision: &Decision) -> Vec<String> {
    let words = decision.reasons.iter().filter_map(|reason| {
        let name = &reason.name;
        match reason.rule {
            Rule::Retain | Rule::Delete | Rule::Delay | Rule::Hold => Some(format!("{}:{name}", reason.rule)),
            // The table names a waiting deletion only where the wait has an end.
            Rule::Suspend => decision.retain_until.at().map(|_| "suspended until retain end".to_owned()),
            Rule::Review => Some("disposition review".to_owned()),
            Rule::Approval => Some(reason.effect.to_string().replace("disposition approved on ", "approved ")),
            Rule::EventRecordedLate => Some("event recorded late".to_owned()),
            Rule::NoDeleteAction => Some("no delete action".to_owned()),
            Rule::MinimumResidence | Rule::Overruled | Rule::HoldLater | Rule::Lapsed => None,
        }
    });
    words.collect()
}

fn subject(case: &Value) -> Subject {
    let mut subject = item(text(&case["item"], "created").unwrap());
    subject.times.modified = text(&case["item"], "modified").map(day);
    subject.partially_indexed = case["item"]["indexed"] == false;
    for given in case["policies"].as_array().into_iter().flatten().filter(|given| given["excluded"] != true) {
        let rank = if text(given, "scope") == Some("org") { EVERYBODY } else { EXPLICIT };
        let mut policy =
            policy(text(given, "id").unwrap(), rank, text(given, "action").unwrap(), text(given, "period").unwrap());
        if text(given, "start") == Some("modified") {
            policy.trigger = RetentionTrigger::Modified;
        }
        policy.released_at = text(given, "released").map(day);
        policy.reenabled_at = text(given, "reenabled").map(day);
        subject.policies.push(policy);
    }
    for given in case["holds"].as_array().into_iter().flatten() {
        let mut hold = hold(text(given, "id").unwrap(), text(given, "from").unwrap(), text(given, "released"));
        hold.has_query = given.get("query").is_some();
        hold.matches = given["matches"] == true;
        hold.duration = text(given, "duration").map(period);
        hold.delay_removed_at = text(given, "delay_removed").map(day);
        subject.holds.push(hold);
    }
    subject.label = case.get("label").map(|given| {
        let event = text(given, "event_date")
            .map(|at| RecordedEvent { at: day(at), recorded_at: day(text(given, "event_recorded").unwrap_or(at)) });
        let trigger = match text(given, "start") {
            None => LabelTrigger::Created,
            Some("event") => LabelTrigger::Event(event),
            Some("labeled") => LabelTrigger::Labelled(day(text(given, "labeled_on").unwrap())),
            Some(other) => panic!("unknown start {other}"),
        };
        let (id, action) = (text(given, "id").unwrap(), text(given, "action").unwrap());
        let mut label = label(id, action, text(given, "period").unwrap(), trigger);
        label.review = (given["review"] == true).then(|| Review {
            approved_at: text(given, "approved_on").map(day),
            extended_by: text(given, "extended").map(period),
        });
        label
    });
    subject
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field).and_then(Value::as_str)
}
