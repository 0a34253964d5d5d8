//! The shared cases: what is refused there is refused here, what is accepted parses and prints to the same tree.

use super::super::parse;
use super::{accept, context, refused};

#[test]
fn shared_cases_are_accepted_or_refused_as_they_say() {
    let Ok(shared) = std::env::var("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let text = std::fs::read_to_string(format!("{shared}/samples/legal/kql_cases.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 69);
    for case in cases {
        let query = case["q"].as_str().unwrap();
        if let Some(expected) = case["expect"].as_str() {
            assert_eq!(refused(query, &context()).0, expected, "{query}");
            continue;
        }
        let parsed = accept(query);
        let again = parse(&parsed.query.to_string(), &context()).unwrap();
        assert_eq!(again.query, parsed.query, "{query}");
    }
}
