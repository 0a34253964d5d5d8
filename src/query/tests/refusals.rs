//! Whatever has no certain reading is refused with a code, at the place where it stands.

use super::super::code::{
    E_BOOL_VALUE, E_CONDITION, E_DATE_VALUE, E_DETACHED_SIGN, E_EMPTY, E_EMPTY_GROUP, E_EMPTY_VALUE, E_ENUM_VALUE,
    E_GROUP_PROPERTY, E_HASH_VALUE, E_MISSING_OPERAND, E_NEAR_DISTANCE, E_NEAR_OPERAND, E_NO_WORD, E_NUMBER_VALUE,
    E_OPERATOR_TYPE, E_OPERATOR_UNSUPPORTED, E_PREFIX_TOO_SHORT, E_PROPERTY_SPACE, E_PROPERTY_UNSUPPORTED,
    E_QUOTE_POSITION, E_RANGE_ORDER, E_UNBALANCED_PAREN, E_UNBALANCED_QUOTE, E_UNKNOWN_PROPERTY, E_WILDCARD_POSITION,
};
use super::{context, refused};

fn check(cases: &[(&str, &str, usize)]) {
    for (text, code, offset) in cases {
        assert_eq!(refused(text, &context()), (*code, *offset), "{text}");
    }
}

#[test]
fn structure() {
    check(&[
        ("", E_EMPTY, 0),
        (" \t", E_EMPTY, 0),
        ("(c:c)", E_EMPTY, 0),
        ("AND", E_MISSING_OPERAND, 0),
        ("a OR", E_MISSING_OPERAND, 4),
        ("OR a", E_MISSING_OPERAND, 0),
        ("a AND OR b", E_MISSING_OPERAND, 6),
        ("a AND AND b", E_MISSING_OPERAND, 6),
        ("NOT", E_MISSING_OPERAND, 3),
        ("(a OR)", E_MISSING_OPERAND, 5),
        ("a NEAR", E_MISSING_OPERAND, 6),
        ("NEAR(5) a", E_MISSING_OPERAND, 0),
        ("-AND b", E_MISSING_OPERAND, 1),
        ("a(c:s)", E_MISSING_OPERAND, 6),
        ("a(c:s)(c:s)b", E_MISSING_OPERAND, 6),
        ("(c:s)a", E_MISSING_OPERAND, 0),
        ("()", E_EMPTY_GROUP, 0),
        ("a ( )", E_EMPTY_GROUP, 2),
        ("subject:()", E_EMPTY_GROUP, 8),
        ("a)", E_UNBALANCED_PAREN, 1),
        (")", E_UNBALANCED_PAREN, 0),
        ("(a", E_UNBALANCED_PAREN, 0),
        ("(", E_UNBALANCED_PAREN, 0),
        ("(a(c:s)b)", E_UNBALANCED_PAREN, 0),
        ("(a(c:c)(kind:im))", E_UNBALANCED_PAREN, 0),
        ("a(c:c)b", E_CONDITION, 6),
        ("a(c:c)(kind:im) AND b", E_CONDITION, 16),
        ("a(c:c)(kind:im)(c:s)b", E_CONDITION, 15),
        ("\u{e9} \"b", E_UNBALANCED_QUOTE, 3),
    ]);
}

#[test]
fn signs_and_blanks() {
    check(&[
        ("a + b", E_DETACHED_SIGN, 2),
        ("a - b", E_DETACHED_SIGN, 2),
        ("a -", E_DETACHED_SIGN, 2),
        ("(-)", E_DETACHED_SIGN, 1),
        ("--a", E_DETACHED_SIGN, 0),
        ("a \u{2013} b", E_DETACHED_SIGN, 2),
        ("\"long\"-term", E_DETACHED_SIGN, 6),
        ("to: x", E_PROPERTY_SPACE, 3),
        ("to :x", E_PROPERTY_SPACE, 3),
        ("to : x", E_PROPERTY_SPACE, 3),
        ("size > 5", E_PROPERTY_SPACE, 5),
        ("subject: (a b)", E_PROPERTY_SPACE, 8),
        ("from:a\"b\"", E_QUOTE_POSITION, 6),
    ]);
}

#[test]
fn properties() {
    check(&[
        ("foo:bar", E_UNKNOWN_PROPERTY, 0),
        ("a http://example.org", E_UNKNOWN_PROPERTY, 2),
        ("10:30", E_UNKNOWN_PROPERTY, 0),
        ("re: budget", E_UNKNOWN_PROPERTY, 0),
        ("folderid:inbox", E_NUMBER_VALUE, 9),
        ("folderid:*", E_WILDCARD_POSITION, 9),
        ("custodian:ann*", E_WILDCARD_POSITION, 10),
        ("retentionlabel:a*", E_PREFIX_TOO_SHORT, 15),
        ("retentionlabel:\"\"", E_EMPTY_VALUE, 15),
        ("folderid:(1 2)", E_OPERATOR_TYPE, 0),
        ("folderid>3", E_OPERATOR_TYPE, 9),
        ("site:x", E_PROPERTY_UNSUPPORTED, 0),
        ("a Path:x", E_PROPERTY_UNSUPPORTED, 2),
        ("created>x", E_DATE_VALUE, 8),
        ("subject:", E_EMPTY_VALUE, 8),
        ("(subject:)", E_EMPTY_VALUE, 9),
        ("subject:\"\"", E_EMPTY_VALUE, 8),
        ("\" \"", E_EMPTY_VALUE, 0),
        ("subject>x", E_OPERATOR_TYPE, 8),
        ("from<=x", E_OPERATOR_TYPE, 6),
        ("subject:a..b", E_OPERATOR_TYPE, 8),
        ("kind>email", E_OPERATOR_TYPE, 5),
        ("kind:email..im", E_OPERATOR_TYPE, 5),
        ("isread:true..false", E_OPERATOR_TYPE, 7),
        ("isread:maybe", E_BOOL_VALUE, 7),
        ("kind:\"\"", E_EMPTY_VALUE, 5),
        ("sent:\" \"", E_EMPTY_VALUE, 5),
        ("hasattachment>=true", E_OPERATOR_TYPE, 15),
        ("size>1..5", E_OPERATOR_TYPE, 5),
        ("sent<2021-01-01..2021-02-01", E_OPERATOR_TYPE, 5),
        ("kind:(email OR im)", E_OPERATOR_TYPE, 0),
        ("subject<>(a b)", E_OPERATOR_TYPE, 0),
        ("subject:(a from:b)", E_GROUP_PROPERTY, 11),
        ("subject:(a body:(b))", E_GROUP_PROPERTY, 11),
        ("size:big", E_NUMBER_VALUE, 5),
        ("size:-1", E_NUMBER_VALUE, 5),
        ("size:1.5MB", E_NUMBER_VALUE, 5),
        ("size:KB", E_NUMBER_VALUE, 5),
        ("size:1..", E_NUMBER_VALUE, 5),
        ("size:9223372036854775807", E_NUMBER_VALUE, 5),
        ("size:9223372036854775GB", E_NUMBER_VALUE, 5),
        ("size>5 MB", E_NUMBER_VALUE, 7),
        ("size:5..1", E_RANGE_ORDER, 5),
        ("hasattachment:yes", E_BOOL_VALUE, 14),
        ("hasattachment:*", E_BOOL_VALUE, 14),
        ("kind:mail", E_ENUM_VALUE, 5),
        ("kind:ema*", E_ENUM_VALUE, 5),
        ("importance:urgent", E_ENUM_VALUE, 11),
        ("event:read", E_ENUM_VALUE, 6),
        ("hash:xyz", E_HASH_VALUE, 5),
        ("hash:xyz*", E_HASH_VALUE, 5),
    ]);
}

#[test]
fn words_and_operators() {
    check(&[
        ("*", E_WILDCARD_POSITION, 0),
        ("*cat", E_WILDCARD_POSITION, 0),
        ("c*t", E_WILDCARD_POSITION, 0),
        ("a *cat*", E_WILDCARD_POSITION, 2),
        ("cat**", E_WILDCARD_POSITION, 0),
        ("report.*", E_WILDCARD_POSITION, 0),
        ("\"se* up\"", E_WILDCARD_POSITION, 0),
        ("\"set *\"", E_WILDCARD_POSITION, 0),
        ("from:*@example.org", E_WILDCARD_POSITION, 5),
        ("subject:(*)", E_WILDCARD_POSITION, 9),
        ("subject:\"*\"", E_WILDCARD_POSITION, 8),
        ("conversation:*", E_WILDCARD_POSITION, 13),
        ("ca*", E_PREFIX_TOO_SHORT, 0),
        ("\"advanced se*\"", E_PREFIX_TOO_SHORT, 0),
        ("from:an*", E_PREFIX_TOO_SHORT, 5),
        ("hash:ab*", E_PREFIX_TOO_SHORT, 5),
        ("a & b", E_NO_WORD, 2),
        ("\"...\"", E_NO_WORD, 0),
        ("a XRANK b", E_OPERATOR_UNSUPPORTED, 2),
        ("WORDS(a,b)", E_OPERATOR_UNSUPPORTED, 0),
        ("subject:ANY(a b)", E_OPERATOR_UNSUPPORTED, 8),
        ("ALL(a)", E_OPERATOR_UNSUPPORTED, 0),
        ("NONE(a)", E_OPERATOR_UNSUPPORTED, 0),
    ]);
}

#[test]
fn proximity() {
    check(&[
        ("subject:a NEAR(3) b", E_NEAR_OPERAND, 0),
        ("a NEAR subject:b", E_NEAR_OPERAND, 7),
        ("a NEAR NOT b", E_NEAR_OPERAND, 7),
        ("a NEAR -b", E_NEAR_OPERAND, 7),
        ("a NEAR (b c)", E_NEAR_OPERAND, 7),
        ("(a OR NOT b) NEAR c", E_NEAR_OPERAND, 0),
        ("a NEAR (b NEAR c)", E_NEAR_OPERAND, 7),
        ("subject:(a NEAR b)", E_NEAR_OPERAND, 11),
        ("a NEAR(x) b", E_NEAR_DISTANCE, 6),
        ("a NEAR() b", E_NEAR_DISTANCE, 6),
        ("a NEAR(-1) b", E_NEAR_DISTANCE, 6),
        ("a NEAR(b OR c)", E_NEAR_DISTANCE, 6),
        ("a NEAR(99999999999) b", E_NEAR_DISTANCE, 6),
        ("a NEAR(1000001) b", E_NEAR_DISTANCE, 6),
        ("a NEAR (5) b", E_NEAR_DISTANCE, 2),
    ]);
}
