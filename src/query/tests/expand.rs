//! Only whole names of people are expanded, and the print of the result parses.

use super::super::{Query, parse};
use super::{accept, context};
use crate::model::{PersonId, PersonNames};

fn names(value: &str) -> PersonNames {
    let names = ["ann@firm.example", "+48555010001", "Ann \"A\" Novak", "ANN@firm.example"].map(str::to_owned);
    let id = |key: &str, id: &str| PersonId { key: key.to_owned(), id: id.to_owned() };
    match value {
        "dan" | "wx_dan" => PersonNames { names: vec!["dan".to_owned()], ids: vec![id("id:wx_dan", "wx_dan")] },
        _ if value == "ann" || names.iter().any(|name| name == value) => {
            PersonNames { names: names.to_vec(), ids: Vec::new() }
        }
        _ => PersonNames::default(),
    }
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
        ("from:dan", "from:dan OR from:wx_dan", 1),
        ("from:wx_dan", "from:wx_dan OR from:dan OR from:wx_dan", 1),
    ] {
        let (query, found) = expanded(text);
        assert_eq!((query.to_string().as_str(), found), (expected, count), "{text}");
        assert!(parse(expected, &context()).is_ok());
    }
    assert_eq!(expanded("a(c:s)from:ann b(c:c)(to:ann)").1, 2);
}
