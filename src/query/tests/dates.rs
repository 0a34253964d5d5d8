//! Every form of a date gives the documented half-open interval in milliseconds.

use chrono::Weekday;

use super::super::ast::{Interval, Node};
use super::super::code::{E_DATE_VALUE, E_OPERATOR_TYPE, E_RANGE_ORDER, E_RELATIVE_DATE};
use super::super::{Context, parse};
use super::{accept, context, refused};
use crate::model::UtcTime;

fn interval(root: Node) -> Interval {
    match root {
        Node::Date { interval, .. } => interval,
        Node::Not(inner) => interval(*inner),
        other => panic!("{other:?}"),
    }
}

/// The interval of a query, and the one expected between two RFC 3339 times (empty is unbounded).
fn check(text: &str, from: &str, before: &str) {
    let time = |text: &str| (!text.is_empty()).then(|| UtcTime::parse(text).unwrap());
    assert_eq!(interval(accept(text).query.root), Interval::times(time(from), time(before)), "{text}");
}

#[test]
fn a_day_is_whole_and_a_time_is_its_precision() {
    check("sent:2021-04-15", "2021-04-15", "2021-04-16");
    check("sent=\"2021-04-15\"", "2021-04-15", "2021-04-16");
    check("sent:2021-04-15T09:00:00Z", "2021-04-15T09:00:00Z", "2021-04-15T09:00:01Z");
    check("sent:2021-04-15t09:00:00", "2021-04-15T09:00:00Z", "2021-04-15T09:00:01Z");
    check("sent:2021-04-15T09:00:00.5Z", "2021-04-15T09:00:00.5Z", "2021-04-15T09:00:00.6Z");
    check("sent:2021-04-15T09:00:00.1239999Z", "2021-04-15T09:00:00.123Z", "2021-04-15T09:00:00.124Z");
    check("sent:2024-02-29", "2024-02-29", "2024-03-01");
}

#[test]
fn comparisons_keep_off_the_whole_value() {
    check("sent<2021-04-01", "", "2021-04-01");
    check("sent<=2021-04-01", "", "2021-04-02");
    check("sent>2021-04-01", "2021-04-02", "");
    check("sent>=2021-04-01", "2021-04-01", "");
    check("sent<>2021-04-01", "2021-04-01", "2021-04-02");
    check("sent>2021-04-01T00:00:00Z", "2021-04-01T00:00:01Z", "");
    check("sent:2021-03-31..2021-04-01", "2021-03-31", "2021-04-02");
    check("sent:2021-03-31T08:00:00..2021-03-31", "2021-03-31T08:00:00Z", "2021-04-01");
    check("(c:c)(date=2021-03-31..2021-03-31)", "2021-03-31", "2021-04-01");
}

#[test]
fn relative_words_are_intervals() {
    check("sent:today", "2024-05-15", "2024-05-16");
    check("sent:Yesterday", "2024-05-14", "2024-05-15");
    check("sent:\"this week\"", "2024-05-13", "2024-05-20");
    check("sent:\"this month\"", "2024-05-01", "2024-06-01");
    check("sent:\"last month\"", "2024-04-01", "2024-05-01");
    check("sent:\"this year\"", "2024-01-01", "2025-01-01");
    check("sent:\"last year\"", "2023-01-01", "2024-01-01");
    check("sent<\"this week\"", "", "2024-05-13");
    check("sent>\"last month\"", "2024-05-01", "");
    check("sent:yesterday..today", "2024-05-14", "2024-05-16");
    check("sent:2024-05-01..today", "2024-05-01", "2024-05-16");
}

#[test]
fn the_week_starts_where_the_setting_says() {
    let sunday = Context { week_start: Weekday::Sun, ..context() };
    let parsed = parse("sent:\"this week\"", &sunday).unwrap();
    assert_eq!(parsed.query.to_string(), "sent:2024-05-12..2024-05-18");
    let wednesday = Context { week_start: Weekday::Wed, ..context() };
    let parsed = parse("sent:\"this week\"", &wednesday).unwrap();
    assert_eq!(parsed.query.to_string(), "sent:2024-05-15..2024-05-21");
}

#[test]
fn rules_refuse_relative_words_only() {
    let rule = Context::rule(context().now);
    assert_eq!(refused("sent:today", &rule), (E_RELATIVE_DATE, 5));
    assert_eq!(refused("a received>=\"Last Year\"", &rule), (E_RELATIVE_DATE, 12));
    assert_eq!(refused("sent:2024-01-01..today", &rule).0, E_RELATIVE_DATE);
    assert!(parse("today sent:2024-01-01", &rule).is_ok());
}

#[test]
fn what_is_no_date_is_refused() {
    for value in [
        "21-04-15",
        "2021-02-30",
        "2021-13-01",
        "2021-1-1",
        "2021-04",
        "04/15/2021",
        "15.04.2021",
        "2021-04-15T09:00",
        "2021-04-15T24:00:00",
        "2021-04-15T09:00:60",
        "2021-04-15T09:00:00.",
        "2021-04-15T09:00:00.12345678",
        "2021-04-15T09:00:00+02:00",
        "2021-04-15Z",
        "2021-04-15T",
        "+021-04-15",
        "2021-04-15..",
        "..2021-04-15",
        "..",
        "\"last week\"",
        "this",
        "tomorrow",
        "*",
        "\u{662}\u{660}\u{662}\u{661}-01-01",
        "2021-01-01..2021-01-02..2021-01-03",
    ] {
        assert_eq!(refused(&format!("sent:{value}"), &context()), (E_DATE_VALUE, 5), "{value}");
    }
    assert_eq!(refused("sent:2021-04-02..2021-04-01", &context()), (E_RANGE_ORDER, 5));
    assert_eq!(refused("sent:today..yesterday", &context()), (E_RANGE_ORDER, 5));
    assert_eq!(refused("sent>=2021-04-01..2021-04-02", &context()), (E_OPERATOR_TYPE, 6));
}

#[test]
fn the_ends_of_the_calendar_neither_panic_nor_lose_their_print() {
    for text in ["sent>9999-12-31", "sent<=9999-12-31", "sent:9999-12-31", "sent<0000-01-01", "sent:0000-01-01"] {
        let parsed = accept(text);
        assert_eq!(accept(&parsed.query.to_string()), parsed, "{text}");
    }
    for now in [i64::MIN, i64::MAX] {
        for word in ["today", "yesterday", "\"this week\"", "\"last month\"", "\"this year\"", "\"last year\""] {
            assert_eq!(refused(&format!("sent:{word}"), &Context::search(UtcTime(now))), (E_DATE_VALUE, 5));
        }
    }
}
