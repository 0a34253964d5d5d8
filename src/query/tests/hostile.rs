//! No text makes the parser panic, overflow the stack or take more than linear time.

use proptest::prelude::*;

use super::super::code::{E_TOO_DEEP, E_TOO_LONG, E_TOO_MANY_ROWS};
use super::super::{Context, MAX_CHARACTERS, MAX_NESTING, MAX_ROWS, Mode, Node, caret, parse};
use super::{accept, context, refused};
use crate::Error;

/// Pieces that meet in queries; random sequences of them reach further into the parser than random characters.
const PIECES: [&str; 42] = [
    "a",
    "budget",
    " ",
    " ",
    " ",
    "(",
    ")",
    "\"",
    "-",
    "+",
    " AND ",
    " OR ",
    " NOT ",
    " NEAR ",
    " NEAR(3) ",
    " ONEAR(n=2) ",
    "(c:c)",
    "(c:s)",
    "subject:",
    "from=",
    "sent>=",
    "size<",
    "kind:",
    "id:",
    "<>",
    "..",
    "*",
    ":",
    "2024-01-01",
    "today",
    "5KB",
    "true",
    "im",
    "email",
    "\u{201c}",
    "\u{2013}",
    "\u{ff1a}",
    "\u{5317}\u{4eac}",
    "XRANK",
    "WORDS(",
    " : ",
    ",",
];

fn check(text: &str) {
    check_in(&context(), text);
    check_in(&Context::lenient(context().now), text);
}

fn check_in(mode: &Context, text: &str) {
    match parse(text, mode) {
        Ok(parsed) if parsed.query.root == Node::All => assert_eq!(mode.mode, Mode::Lenient),
        Ok(parsed) => {
            let printed = parsed.query.to_string();
            let again = parse(&printed, &context()).unwrap_or_else(|error| panic!("{text} -> {printed}: {error:?}"));
            assert_eq!(again.query, parsed.query, "{text} -> {printed}");
            for warning in parsed.warnings {
                assert!(warning.offset < text.len() && text.is_char_boundary(warning.offset), "{text}");
            }
        }
        Err(Error::Query { offset, .. }) => {
            assert!(text.is_char_boundary(offset), "{text}");
            assert_eq!(caret(text, offset).lines().count(), 2);
        }
        Err(other) => panic!("{text}: {other:?}"),
    }
}

proptest! {
    #[test]
    fn random_characters(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn random_pieces(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24)) {
        check(&pieces.concat());
    }
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["(", "NOT ", "(a OR NOT ("] {
        assert_eq!(refused(&open.repeat(1_000), &context()).0, E_TOO_DEEP);
    }
    let nested = |levels: usize| format!("{}a{}", "(".repeat(levels), ")".repeat(levels));
    accept(&nested(MAX_NESTING));
    assert_eq!(refused(&nested(MAX_NESTING + 1), &context()), (E_TOO_DEEP, MAX_NESTING));
    let chain = |links: usize| format!("a{}", " NEAR a".repeat(links));
    accept(&chain(MAX_NESTING));
    assert_eq!(refused(&chain(MAX_NESTING + 1), &context()).0, E_TOO_DEEP);
    let left = format!("({}) NEAR b", chain(MAX_NESTING));
    assert_eq!(refused(&left, &context()).0, E_TOO_DEEP);
}

#[test]
fn length_and_rows_are_limited() {
    accept(&"\u{e9}".repeat(MAX_CHARACTERS));
    assert_eq!(refused(&"\u{e9}".repeat(MAX_CHARACTERS + 1), &context()), (E_TOO_LONG, 2 * MAX_CHARACTERS));
    accept(&vec!["a"; MAX_ROWS].join("(c:s)"));
    assert_eq!(refused(&vec!["a"; MAX_ROWS + 1].join("(c:s)"), &context()).0, E_TOO_MANY_ROWS);
}

#[test]
fn the_longest_queries_are_parsed_in_linear_time() {
    for piece in [
        "a ",
        "-a ",
        "subject:a ",
        "a OR ",
        "\"a\" ",
        "(a) ",
        "a AND ",
        "size>1 ",
        "kind:docs ",
        "a(c:s)",
        "and ",
        "a*",
        "a:",
        "subject:(",
        "NEAR(",
        "\u{201c}a\u{201d} ",
        "(((",
        "(c:c)(size:1)",
        "x NEAR ",
        "..",
    ] {
        let mut text = piece.repeat(MAX_CHARACTERS / piece.chars().count() - 1);
        text.push('a');
        let start = cpu_time::ThreadTime::now();
        let _ = parse(&text, &context());
        assert!(start.elapsed().as_millis() < 500, "{piece}: {:?}", start.elapsed());
    }
}
