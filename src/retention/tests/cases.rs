//! Every case of the shared decision table comes out, dates and reasons, and what a case may not say is refused.

use crate::model::UtcTime;
use crate::retention::case::{Case, read_cases};
use crate::retention::{Outcome, evaluate};

#[test]
fn every_shared_case_comes_out() {
    let Some(folder) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("samples/legal/retention_cases.json");
    let cases = read_cases(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(cases.len(), 45);
    cases.iter().for_each(judge);
}

fn judge(case: &Case) {
    let verdict = case.judge().unwrap();
    assert_eq!(case.expectation().unwrap().differences(&verdict), [], "case {}", verdict.n);
    if let Ok(first) = UtcTime::parse(&verdict.delete_on) {
        let subject = case.subject().unwrap();
        assert_eq!(evaluate(&subject, first).outcome, Outcome::Eligible, "case {} on its first day", verdict.n);
        let before = evaluate(&subject, UtcTime(first.0 - 1));
        assert_ne!(before.outcome, Outcome::Eligible, "case {} the moment before", verdict.n);
    }
}

fn verdict(case: &str) -> (Option<String>, String) {
    let verdict = read_cases(&format!("[{case}]")).unwrap()[0].judge().unwrap();
    (verdict.retain_until, verdict.delete_on)
}

const RULE: &str = r#""policies": [{"id": "A", "scope": "org", "action": "retain+delete", "period": "P3Y"}]"#;

#[test]
fn a_case_is_judged_with_all_of_it_known() {
    for (rest, expected) in [
        // Nobody said that the item was disposed of before the hold came.
        (r#""holds": [{"id": "H", "from": "2024-01-01"}]"#, "held"),
        (r#""holds": [{"id": "H", "from": "2024-01-01", "released": "2025-01-01"}]"#, "2025-01-31"),
        (r#""purge_run": "2023-06-01", "holds": [{"id": "H", "from": "2024-01-01"}]"#, "2023-01-15"),
        (r#""purge_run": "2023-06-01", "holds": [{"id": "H", "from": "2023-06-01"}]"#, "held"),
        // The run found nothing to do, so the hold still comes in time.
        (r#""purge_run": "2022-06-01", "holds": [{"id": "H", "from": "2022-07-01"}]"#, "held"),
        (
            r#""purge_run": "2023-06-01", "holds": [{"id": "H", "from": "2023-01-01", "released": "2024-01-01"}]"#,
            "2024-01-31",
        ),
        // A hold with a query that is not told; one that the item satisfies, said and unsaid.
        (r#""holds": [{"id": "H", "from": "2021-01-01", "matches": false}]"#, "2023-01-15"),
        (r#""holds": [{"id": "H", "from": "2021-01-01", "query": "budget", "matches": true}]"#, "held"),
        (r#""holds": [{"id": "H", "from": "2021-01-01", "query": "budget"}]"#, "held"),
        (r#""min_residence": 30, "label": null"#, "2023-01-15"),
    ] {
        let case = format!(r#"{{"item": {{"created": "2020-01-15"}}, {RULE}, {rest}}}"#);
        assert_eq!(verdict(&case), (Some("2023-01-15".to_owned()), expected.to_owned()), "{rest}");
    }
    let late = r#"{"item": {"created": "2000-01-15", "captured": "2024-03-01"}, "min_residence": 30, "#;
    assert_eq!(verdict(&format!("{late}{RULE}}}")).1, "2024-03-31");
    let timed = r#"{"item": {"created": "2020-01-15T10:20:30Z"}, "#;
    assert_eq!(verdict(&format!("{timed}{RULE}}}")).1, "2023-01-15T10:20:30Z");
}

#[test]
fn a_policy_is_in_force_again_only_if_the_delay_had_not_ended() {
    for (reenabled, expected) in [
        ("2024-03-01", "2027-01-15"),
        ("2024-03-31", "2027-01-15"),
        ("2024-04-01", "2024-03-31"),
        ("2024-02-29", "2024-03-31"),
    ] {
        let case = format!(
            r#"{{"item": {{"created": "2020-01-15"}}, "policies": [
                {{"id": "A", "scope": "org", "action": "retain", "period": "P7Y", "released": "2024-03-01",
                  "reenabled": "{reenabled}"}},
                {{"id": "B", "scope": "org", "action": "delete", "period": "P3Y"}}]}}"#
        );
        assert_eq!(verdict(&case).1, expected, "{reenabled}");
    }
}

#[test]
fn what_cannot_be_judged_is_refused_by_name() {
    let item = r#""item": {"created": "2020-01-15"}"#;
    for (file, named) in [
        ("{}".to_owned(), "array"),
        ("[{}]".to_owned(), "case 1 cannot be judged: missing field `item`"),
        (format!(r#"[{{{item}}}, {{{item}, "labels": []}}]"#), "case 2 cannot be judged: unknown field `labels`"),
        (
            format!(
                r#"[{{"n": "x", {item}, "policies": [{{"id": "A", "scope": "org", "action": "keep", "period": "P1Y"}}]}}]"#
            ),
            "case \"x\" cannot be judged: unknown variant `keep`",
        ),
        (
            format!(
                r#"[{{{item}, "policies": [{{"id": "A", "scope": "org", "action": "retain", "period": "7 years"}}]}}]"#
            ),
            "`7 years` is not a period",
        ),
        (
            format!(
                r#"[{{{item}, "policies": [{{"id": "A", "scope": "org", "action": "retain", "period": "P1Y", "start": "event"}}]}}]"#
            ),
            "unknown variant `event`",
        ),
        (
            format!(r#"[{{{item}, "label": {{"id": "L", "action": "retain", "period": "P1Y", "start": "labeled"}}}}]"#),
            "`labeled_on` is absent",
        ),
        (
            format!(
                r#"[{{{item}, "label": {{"id": "L", "action": "retain", "period": "P1Y", "start": "event", "event_recorded": "2020-01-01"}}}}]"#
            ),
            "`event_date` is absent",
        ),
        (format!(r#"[{{{item}, "holds": [{{"id": "H", "from": "2020-02-30"}}]}}]"#), "`2020-02-30` is not a date"),
        (format!(r#"[{{{item}, "expect": {{"purge": "2020-01-01"}}}}]"#), "unknown field `purge`"),
        (format!(r#"[{{"n": [1], {item}}}]"#), "neither a number nor a text"),
    ] {
        let error = read_cases(&file).unwrap_err().to_string();
        assert!(error.contains(named), "{file}: {error}");
    }
}
