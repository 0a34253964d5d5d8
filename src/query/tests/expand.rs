//! Only whole names of people are expanded, and the print of the result parses.

use super::super::{Query, parse};
use super::{accept, context};

fn names(value: &str) -> Vec<String> {
    let names = ["ann@firm.example", "+48555010001", "Ann \"A\" Novak", "ANN@firm.example"].map(str::to_owned);
    if value == "ann" || names.iter().any(|name| name == value) { names.to_vec() } else { Vec::new() }
}

fn expanded(text: &str) -> (Query, usize) {
    let (query, expansions) = accept(text).query.with_people(&names);
    (query, expansions.len())
}

#[test]
fn people_are_searched_under_all_their_names() {
    for (text, expected, count) in [
        ("from:ann", "from:ann OR from:ann@firm.example OR from:+48555010001 OR from:\"Ann  A  Novak\"", 1),
        ("-to:ann@firm.example x", "NOT (to:ann@firm.example OR to:+48555010001 OR to:\"Ann  A  Novak\") AND x", 1),
        ("ann subject:ann from:ann* from:bob", "ann AND subject:ann AND (from:ann* OR from:bob)", 0),
        ("from:*", "from:*", 0),
    ] {
        let (query, found) = expanded(text);
        assert_eq!((query.to_string().as_str(), found), (expected, count), "{text}");
        assert!(parse(expected, &context()).is_ok());
    }
    assert_eq!(expanded("a(c:s)from:ann b(c:c)(to:ann)").1, 2);
}
