//! Operators, precedence, groups, rows and conditions give the documented tree.

use super::super::{Node, Place, TextMatch};
use super::{accept, printed};

#[test]
fn rows_are_known_as_they_were_typed() {
    for (text, expected) in [
        ("budget", &[][..]),
        (" a(c:s) \"B  c\"  (C:S)from:d", &["a", "\"B  c\"", "from:d"]),
        ("a OR b(c:s)+c (c:c) (kind=im) ", &["a OR b(c:c) (kind=im)", "+c(c:c) (kind=im)"]),
        ("\"(c:s)\"(c:s)x", &["\"(c:s)\"", "x"]),
    ] {
        let parsed = accept(text);
        assert_eq!(parsed.rows, expected, "{text}");
        assert_eq!(parsed.rows.len().max(1), parsed.query.rows().len(), "{text}");
    }
}

#[test]
fn texts_print_as_the_tree_that_was_understood() {
    for (text, expected) in [
        ("budget", "budget"),
        ("a b c", "a AND b AND c"),
        ("a AND b c", "a AND b AND c"),
        ("a OR b AND c", "a OR (b AND c)"),
        ("a b OR c d", "(a AND b) OR (c AND d)"),
        ("(a OR b) c", "(a OR b) AND c"),
        ("((a))", "a"),
        ("a (b c)", "a AND (b AND c)"),
        ("NOT a b", "NOT a AND b"),
        ("NOT NOT a", "NOT NOT a"),
        ("a NOT b", "a AND NOT b"),
        ("-a +b", "NOT a AND b"),
        ("-(a b)", "NOT (a AND b)"),
        ("(a)-b", "a AND NOT b"),
        ("NOT a NEAR b", "NOT a NEAR(8) b"),
        ("a\u{3000}b\u{a0}c\nd", "a AND b AND c AND d"),
        ("\"AND\" \"a b\"", "\"AND\" AND \"a b\""),
        ("e-mail AT&T", "e-mail AND AT&T"),
        ("a\"b c\"d", "a AND \"b c\" AND d"),
        ("Subject:x FROM=y", "subject:x AND from:y"),
        ("subjecttitle:x", "subject:x"),
        ("senderauthor:x", "from:x"),
        ("filename:x.pdf", "attachmentnames:x.pdf"),
        ("channel:WhatsApp", "platform:whatsapp"),
        ("subject<>x", "NOT subject:x"),
        ("subject:*", "subject:*"),
        ("NOT bcc:*", "NOT bcc:*"),
        ("participants:\"ann@exa*\"", "participants:\"ann@exa*\""),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn plain_restrictions_of_one_property_in_a_run_are_joined_by_or() {
    for (text, expected) in [
        ("subject:a subject:b", "subject:a OR subject:b"),
        ("subject:a AND subject:b", "subject:a AND subject:b"),
        ("profit subject:a subject:b", "profit AND (subject:a OR subject:b)"),
        ("subject:a profit subject:b", "(subject:a OR subject:b) AND profit"),
        ("subject:a from:x subject:b from:y", "(subject:a OR subject:b) AND (from:x OR from:y)"),
        ("subject:a subject:b AND subject:c subject:d", "(subject:a OR subject:b) AND (subject:c OR subject:d)"),
        ("subject:a subjecttitle:b", "subject:a OR subject:b"),
        ("to:a recipients:b", "to:a AND recipients:b"),
        ("hasattachment:true hasattachment:false", "hasattachment:true OR hasattachment:false"),
        ("size:1 size:2", "size:1 OR size:2"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn negated_signed_and_parenthesised_operands_never_join() {
    for (text, expected) in [
        ("-from:a -from:b kind:email", "NOT from:a AND NOT from:b AND kind:email"),
        ("NOT from:a NOT from:b", "NOT from:a AND NOT from:b"),
        ("from<>a from<>b", "NOT from:a AND NOT from:b"),
        ("+from:a +from:b", "from:a AND from:b"),
        ("(from:a) from:b", "from:a AND from:b"),
        ("from:(a) from:b", "from:a AND from:b"),
        ("from:a -from:b from:c", "(from:a OR from:c) AND NOT from:b"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn a_group_gives_its_property_to_each_word_and_joins_by_and() {
    for (text, expected) in [
        ("subject:(a b)", "subject:a AND subject:b"),
        ("subject:(a OR \"b c\")", "subject:a OR subject:\"b c\""),
        ("subject=(a (b OR c))", "subject:a AND (subject:b OR subject:c)"),
        ("from:(ann -bob)", "from:ann AND NOT from:bob"),
        ("-subject:(a b)", "NOT (subject:a AND subject:b)"),
        ("subject:(guarant*) x", "subject:guarant* AND x"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn rows_are_or_and_conditions_are_and_by_property() {
    for (text, expected) in [
        ("a(c:s)b c(c:s)d", "a(c:s)b AND c(c:s)d"),
        ("a OR b(c:s)NOT c (c:c) (kind:im)", "a OR b(c:s)NOT c(c:c)(kind:im)"),
        ("a(c:s)b(c:c)(kind=email)(kind=im)(from:x)", "a(c:s)b(c:c)(kind:email OR kind:im)(from:x)"),
        ("a(c:s)b(c:c)(kind=email)((kind=im))", "a(c:s)b(c:c)((kind:email))((kind:im))"),
        ("a OR b(c:c)(-from:x)", "(a OR b) AND NOT from:x"),
        ("a(c:c)(kind=\"email\")(kind=\"meetings\")", "a AND (kind:email OR kind:meetings)"),
        ("a(c:c)(kind=email)(from:x)", "a AND kind:email AND from:x"),
        ("a(c:c)(-from:x)(-from:y)", "a AND NOT from:x AND NOT from:y"),
        ("a (C:S) b (c:c) (from:x)", "a(c:s)b(c:c)(from:x)"),
        ("(c:c)(kind=im)", "kind:im"),
        ("(c:c)(kind=im)(from:x)", "kind:im AND from:x"),
        ("(c:c)(from:x OR to:x)(from:y)", "(from:x OR to:x) AND from:y"),
        ("a(c:c)", "a"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn near_chains_to_the_left_and_takes_groups_of_words() {
    for (text, expected) in [
        ("a NEAR b", "a NEAR(8) b"),
        ("a NEAR(0) a", "a NEAR(0) a"),
        ("a ONEAR(n=6) b", "a ONEAR(6) b"),
        ("a NEAR b ONEAR(2) c", "a NEAR(8) b ONEAR(2) c"),
        ("(a NEAR b) NEAR c", "a NEAR(8) b NEAR(8) c"),
        ("(gain* OR \"a b\") NEAR(5) (c OR (d OR e))", "(gain* OR \"a b\") NEAR(5) (c OR d OR e)"),
        ("x a NEAR b y", "x AND a NEAR(8) b AND y"),
        ("a NEAR (b OR c)", "a NEAR(8) (b OR c)"),
        ("a NEAR \"5\"", "a NEAR(8) \"5\""),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
    let Node::Near { ordered, distance, left, .. } = accept("a NEAR b ONEAR(2) c").query.root else { panic!() };
    assert!(ordered && distance == 2 && matches!(*left, Node::Near { ordered: false, distance: 8, .. }));
}

#[test]
fn values_are_typed() {
    for (text, expected) in [
        ("size>5KB", "size>=5121"),
        ("size>=1mb", "size>=1048576"),
        ("size<2GB", "size<2147483648"),
        ("size<=10", "size<11"),
        ("size:1..2KB", "size:1..2048"),
        ("size<>7", "NOT size:7"),
        ("hasattachment=\"TRUE\"", "hasattachment:true"),
        ("hasattachment<>true", "NOT hasattachment:true"),
        ("IsRead=FALSE", "isread:false"),
        ("isread:true isread:false", "isread:true OR isread:false"),
        ("from:garth.f*", "from:garth.f*"),
        ("kind:EMAIL", "kind:email"),
        ("kind:microsoftteams", "kind:im OR kind:meetings"),
        ("importance:normal", "importance:medium"),
        ("event:recalled", "event:recalled"),
        ("id:<A.b..c@example.org>", "id:A.b..c@example.org"),
        ("threadid:\"<a(1)@example.org>\"", "threadid:\"a(1)@example.org\""),
        ("filetype:.PDF", "filetype:PDF"),
        ("itemclass:ipm.externaldata.*", "itemclass:ipm.externaldata.*"),
        ("conversation:\"Room 7\"", "conversation:\"Room 7\""),
        ("hash:ABC*", "hash:abc*"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
    }
}

#[test]
fn quotes_and_the_star_are_kept_apart_from_the_text() {
    let expected = TextMatch { text: "set up the sett".to_owned(), quoted: true, prefix: true, place: Place(0) };
    assert_eq!(accept("\"set up the sett*\"").query.root, Node::Anywhere(expected));
    let expected = TextMatch { text: "cat".to_owned(), quoted: false, prefix: true, place: Place(0) };
    assert_eq!(accept("cat*").query.root, Node::Anywhere(expected));
}
