//! Lenient mode reads what strict mode refuses only where the vendor documents a reading, and names that reading.

use super::super::code::{
    E_DATE_VALUE, E_DETACHED_SIGN, E_EMPTY_VALUE, E_ENUM_VALUE, E_OPERATOR_TYPE, E_OPERATOR_UNSUPPORTED,
    E_UNBALANCED_QUOTE, E_UNKNOWN_PROPERTY, E_WILDCARD_POSITION, W_DATE_FORMAT, W_EMPTY, W_LOWERCASE_OPERATOR,
    W_PROPERTY_SPACE, W_WORDS,
};
use super::super::{Context, parse};
use super::{context, refused};

fn lenient() -> Context {
    Context::lenient(context().now)
}

fn check(text: &str, expected: &str, warnings: &[(&str, usize)]) {
    assert!(parse(text, &context()).is_err(), "strict mode refuses {text}");
    let parsed = parse(text, &lenient()).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(parsed.query.to_string(), expected, "{text}");
    let found: Vec<_> = parsed.warnings.iter().map(|warning| (warning.code, warning.offset)).collect();
    assert_eq!(found, warnings, "{text}");
}

#[test]
fn documented_readings_are_taken_with_a_warning() {
    check("", "*", &[(W_EMPTY, 0)]);
    check(" \t", "*", &[(W_EMPTY, 0)]);
    check("to: x", "to AND x", &[(W_PROPERTY_SPACE, 0)]);
    check("to :x", "to AND x", &[(W_PROPERTY_SPACE, 3)]);
    check("a to : x", "a AND to AND x", &[(W_PROPERTY_SPACE, 5)]);
    check("XRANK<> x", "\"XRANK\" AND x", &[(W_PROPERTY_SPACE, 0)]);
    check("size > 5", "size AND 5", &[(W_PROPERTY_SPACE, 5)]);
    check("re: \"budget q1\"", "re AND \"budget q1\"", &[(W_PROPERTY_SPACE, 0)]);
    check("subject :\"a b\"", "subject AND \"a b\"", &[(W_PROPERTY_SPACE, 8)]);
    check("sent:4/15/2021", "sent:2021-04-15", &[(W_DATE_FORMAT, 5)]);
    check("sent:01/02/2021..03/04/2021", "sent:2021-01-02..2021-03-04", &[(W_DATE_FORMAT, 5), (W_DATE_FORMAT, 5)]);
    check("WORDS(tv, \"flat screen\",set)", "tv OR \"flat screen\" OR set", &[(W_WORDS, 0)]);
    check("WORDS(a,OR)", "a OR \"OR\"", &[(W_WORDS, 0)]);
    check("a WORDS(b,c)", "a AND (b OR c)", &[(W_WORDS, 2)]);
}

#[test]
fn what_has_no_documented_reading_is_refused_in_both_modes() {
    for (text, code) in [
        ("a + b", E_DETACHED_SIGN),
        ("\"a", E_UNBALANCED_QUOTE),
        ("foo:x", E_UNKNOWN_PROPERTY),
        ("kind:mail", E_ENUM_VALUE),
        ("subject>x", E_OPERATOR_TYPE),
        ("c*t", E_WILDCARD_POSITION),
        ("subject:\"\"", E_EMPTY_VALUE),
        ("sent:13/13/2021", E_DATE_VALUE),
        ("sent:1/2/21", E_DATE_VALUE),
        ("sent:1/2/2021/3", E_DATE_VALUE),
        ("a XRANK b", E_OPERATOR_UNSUPPORTED),
        ("WORDS(-a)", E_OPERATOR_UNSUPPORTED),
        ("WORDS(a,-b)", E_OPERATOR_UNSUPPORTED),
        ("WORDS(a,from:b)", E_OPERATOR_UNSUPPORTED),
        ("WORDS(a (b))", E_OPERATOR_UNSUPPORTED),
    ] {
        assert_eq!(refused(text, &lenient()).0, code, "{text}");
        assert!(parse(text, &context()).is_err(), "{text}");
    }
}

#[test]
fn what_strict_mode_accepts_means_the_same() {
    for text in ["a b OR c", "subject:a subject:b", "budget and lunch", "sent:today", "a(c:s)b(c:c)(kind=im)"] {
        assert_eq!(parse(text, &lenient()).ok(), parse(text, &context()).ok(), "{text}");
        assert!(parse(text, &context()).is_ok(), "{text}");
    }
    let warnings = parse("a or b", &lenient()).unwrap().warnings;
    assert_eq!(warnings.first().map(|warning| warning.code), Some(W_LOWERCASE_OPERATOR));
}
