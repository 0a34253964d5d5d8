//! `retention test` judges hypothetical items by given rules, and says which came out otherwise than expected.
#![cfg(feature = "cli")]

mod support;

use serde_json::{Value, json};
use support::TestArchive;
use support::shared::shared;

fn case(n: u64, delete_on: &str) -> Value {
    json!({
        "n": n, "item": { "created": "2020-02-29" },
        "policies": [{ "id": "A", "scope": "org", "action": "retain+delete", "period": "P1Y" }],
        "expect": { "delete_on": delete_on },
    })
}

#[test]
fn cases_are_judged_without_an_archive() {
    let place = TestArchive::absent();
    place.write("cases.json", Value::from(vec![case(1, "2021-03-01"), case(2, "2021-03-01")]).to_string());
    let outcome = place.run(&["retention", "test", "cases.json"]);
    assert_eq!((outcome.code, outcome.lines().len()), (0, 2), "{}", outcome.stderr);
    let expected = json!({
        "n": 1, "retain_until": "2021-03-01", "delete_on": "2021-03-01", "why": ["retain:A", "delete:A"],
        "as_expected": true,
    });
    assert_eq!(outcome.lines()[0], expected);

    place.write("cases.json", Value::from(vec![case(1, "2021-03-01"), case(2, "2021-02-28")]).to_string());
    let outcome = place.run(&["retention", "test", "cases.json"]);
    assert_eq!((outcome.code, outcome.lines().len()), (3, 2));
    let warning = "case 2: delete_on is \"2021-03-01\", expected \"2021-02-28\"";
    assert!(outcome.stderr.contains(warning), "{}", outcome.stderr);

    place.write("cases.json", "[{\"item\": {\"created\": \"2020-02-29\", \"size\": 1}}]");
    let outcome = place.run(&["retention", "test", "cases.json"]);
    assert_eq!((outcome.code, outcome.stdout.len()), (2, 0));
    assert!(outcome.stderr.contains("case 1 cannot be judged: unknown field `size`"), "{}", outcome.stderr);
    assert_eq!(place.run(&["retention", "test", "absent.json"]).code, 1);
    assert!(!place.directory().exists());
}

#[test]
fn the_shared_cases_come_out() {
    let Some(shared) = shared() else { return };
    let cases = shared.join("samples/legal/retention_cases.json");
    let outcome = TestArchive::absent().run(&["retention", "test", cases.to_str().expect("UTF-8")]);
    assert_eq!((outcome.code, outcome.lines().len()), (0, 45), "{}", outcome.stderr);
}
