//! Readings that a writer may not expect are named, and nothing else is.

use super::super::code::{
    W_IMPLICIT_OR_RANGE, W_INVISIBLE_CHARACTER, W_LOWERCASE_OPERATOR, W_MATCHES_NOTHING, W_MIXED_AND_OR,
    W_NUMBER_IN_PARTS, W_QUESTION_MARK, W_SMART_PUNCTUATION,
};
use super::{accept, printed};

fn check(text: &str, expected: &[(&str, usize)]) {
    let warnings = accept(text).warnings;
    let found: Vec<_> = warnings.iter().map(|warning| (warning.code, warning.offset)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn and_beside_or() {
    check("a OR b AND c", &[(W_MIXED_AND_OR, 2)]);
    check("a b OR c", &[(W_MIXED_AND_OR, 4)]);
    check("a AND (b OR c d)", &[(W_MIXED_AND_OR, 9)]);
    check("kind:email OR kind:im NOT subject:x", &[(W_MIXED_AND_OR, 11)]);
    check("a OR (b AND c)", &[]);
    check("(a b) OR c", &[]);
    check("subject:a subject:b OR c", &[]);
    check("a OR b(c:c)(kind:im)", &[]);
    check("a OR NOT b", &[]);
}

#[test]
fn operators_in_lower_case() {
    check("a and b", &[(W_LOWERCASE_OPERATOR, 2)]);
    check("a Or b nEar c", &[(W_LOWERCASE_OPERATOR, 2), (W_LOWERCASE_OPERATOR, 7)]);
    check("subject:(a not b)", &[(W_LOWERCASE_OPERATOR, 11)]);
    check("\"and\" android subject:and", &[]);
}

#[test]
fn comparisons_joined_by_or() {
    let text = "received>=2021-01-01 received<=2021-03-31";
    check(text, &[(W_IMPLICIT_OR_RANGE, 21)]);
    assert_eq!(printed(text), "received>=2021-01-01 OR received<2021-04-01");
    check("sent:2021-01-01..2021-02-01 sent:2021-01-15..2021-03-01", &[(W_IMPLICIT_OR_RANGE, 28)]);
    check("size:1..5 x size:7", &[(W_IMPLICIT_OR_RANGE, 12)]);
    check("sent:2021-01-01..2021-02-01 OR sent:2021-01-15..2021-03-01", &[]);
    check("subject:\"a..b\" subject:c", &[]);
    check("a(c:c)(size>5)(size<9)", &[(W_IMPLICIT_OR_RANGE, 15)]);
    check("received>=2021-01-01 AND received<=2021-03-31", &[]);
    check("sent:2021-01-01 sent:2021-02-01", &[]);
    check("sent>2021-01-01 received<2021-02-01", &[]);
}

#[test]
fn typographic_and_full_width_characters() {
    check("\u{201c}a b\u{201d} \u{2013}c", &[(W_SMART_PUNCTUATION, 0)]);
    assert_eq!(printed("\u{201c}a b\u{201d} \u{2013}c"), "\"a b\" AND NOT c");
    check("a\u{2013}b don\u{2019}t", &[]);
    check("from\u{ff1a}\u{5f20}\u{4e09}", &[(W_SMART_PUNCTUATION, 4)]);
    assert_eq!(printed("from\u{ff1a}\u{5f20}\u{4e09}"), "from:\u{5f20}\u{4e09}");
    assert_eq!(printed("\u{ff08}a OR b\u{ff09} c"), "(a OR b) AND c");
    assert_eq!(printed("subject\u{ff1d}\u{ff02}x y\u{ff02}"), "subject:\"x y\"");
    assert_eq!(printed("\"a\u{ff1a}b\""), "\"a\u{ff1a}b\"");
    let warning = accept("\u{ff08}a\u{ff09}").warnings.remove(0);
    assert!(warning.message.starts_with("2 "), "{}", warning.message);
}

#[test]
fn what_cannot_be_seen_or_found() {
    check("a\u{200b}b", &[(W_INVISIBLE_CHARACTER, 1)]);
    check("wom?n", &[(W_QUESTION_MARK, 0)]);
    check("why? subject:wom?n id:a?b", &[(W_QUESTION_MARK, 13)]);
    check("x kind:docs", &[(W_MATCHES_NOTHING, 7)]);
    check("kind:microsoftteams", &[]);
}

#[test]
fn numbers_without_quotes() {
    for (text, offset) in [
        ("+44 7700 900102", 0),
        ("+44 (0)7700 900102", 0),
        ("(0171) 1234567", 0),
        ("0171 1234567", 0),
        ("44 7700 900102", 0),
        ("offer 0171 1234567 harbour", 6),
        ("offer OR (+44 7700 900102)", 10),
        ("from:+44 7700 900102", 0),
        ("subject:(offer 0171 123-4567)", 15),
        ("0171 1234567 NEAR(5) offer", 0),
        ("-(0171 1234567)", 2),
        ("\u{660}\u{661}\u{667}\u{661} 1234567", 0),
        ("0171 1234567 31.12.2024 12345678", 0),
    ] {
        let found: Vec<_> = accept(text).warnings.into_iter().map(|warning| (warning.code, warning.offset)).collect();
        assert_eq!(found, [(W_NUMBER_IN_PARTS, offset)], "{text}");
    }
    for text in [
        "\"+44 7700 900102\"",
        "+447700900102",
        "0171-1234567",
        "0171 AND 1234567",
        "44 OR 7700 OR 900102",
        "2022 2023 2024",
        "2024-01-31 2024-02-29",
        "481234567890 491234567890",
        "1.50 12345678",
        "offer 42 4200",
        "0171 12345*",
        "size>0171 1234567",
        "0171 \"1234567\"",
    ] {
        assert!(accept(text).warnings.iter().all(|warning| warning.code != W_NUMBER_IN_PARTS), "{text}");
    }
    let warning = accept("from:+44 7700 900102").warnings.remove(0);
    assert!(warning.message.contains("`from:\"+44 7700 900102\"`"), "{}", warning.message);
    check(&printed("0171 1234567"), &[]);
}
