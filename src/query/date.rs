//! Dates and times: texts to half-open intervals of milliseconds, and back.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::ast::Interval;
use super::code;
use super::context::{Context, Mode};
use super::refusal::{ValueRefusal, excerpt};
use super::relative;
use super::token::{Comparison, RawText};
use super::warning::Warning;

/// A day in milliseconds; UTC has no others, leap seconds are not counted.
const DAY: i64 = 86_400_000;

/// A second in milliseconds.
const SECOND: i64 = 1_000;

/// What a date or time stands for: a day, a second, a month. `before` is excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// The first millisecond.
    pub(super) from: i64,
    /// The first millisecond after it; always greater.
    pub(super) before: i64,
}

impl Span {
    /// Whole days, the second one excluded.
    pub(super) fn days(from: NaiveDate, before: NaiveDate) -> Self {
        Self { from: millis(from.and_time(NaiveTime::MIN)), before: millis(before.and_time(NaiveTime::MIN)) }
    }
}

/// The times that a restriction of a date allows; `NotEqual` is negated by the caller.
pub(super) fn interval(
    value: &RawText,
    comparison: Comparison,
    context: &Context,
    warnings: &mut Vec<Warning>,
) -> Result<Interval, ValueRefusal> {
    let mut span = |text: &str| {
        let Some(day) = american(text).filter(|_| context.mode == Mode::Lenient) else { return span(text, context) };
        let message = format!("`{}` is read as month, day and year: {day}", excerpt(text));
        warnings.push(Warning::new(code::W_DATE_FORMAT, value.offset, message));
        Ok(Span::days(day, day.succ_opt().ok_or_else(|| not_a_date(text))?))
    };
    if let Some((first, last)) = value.text.split_once("..") {
        return range(span(first)?, span(last)?, comparison);
    }
    let span = span(&value.text)?;
    Ok(match comparison {
        Comparison::Equal | Comparison::NotEqual => Interval { from: Some(span.from), before: Some(span.before) },
        Comparison::Less => Interval { from: None, before: Some(span.from) },
        Comparison::LessOrEqual => Interval { from: None, before: Some(span.before) },
        Comparison::Greater => Interval { from: Some(span.before), before: None },
        Comparison::GreaterOrEqual => Interval { from: Some(span.from), before: None },
    })
}

/// From the start of the first to the end of the last.
fn range(first: Span, last: Span, comparison: Comparison) -> Result<Interval, ValueRefusal> {
    if comparison.is_ordering() {
        let message = format!("`{}` does not take a range", comparison.spelling());
        return Err(ValueRefusal::new(code::E_OPERATOR_TYPE, message, "write `sent:2024-01-01..2024-03-31`"));
    }
    if last.before <= first.from {
        let message = "the range ends before it starts";
        return Err(ValueRefusal::new(code::E_RANGE_ORDER, message, "write the earlier date first"));
    }
    Ok(Interval { from: Some(first.from), before: Some(last.before) })
}

/// A date, a date-time or a relative word.
fn span(text: &str, context: &Context) -> Result<Span, ValueRefusal> {
    if relative::is_word(text) {
        if !context.allow_relative_dates {
            let message = format!("`{text}` would mean something else every day");
            let hint = "in holds and rules write the dates themselves, as in `sent:2024-01-01..2024-03-31`";
            return Err(ValueRefusal::new(code::E_RELATIVE_DATE, message, hint));
        }
        return relative::span(text, context).ok_or_else(|| not_a_date(text));
    }
    absolute(text).ok_or_else(|| not_a_date(text))
}

/// `YYYY-MM-DD`, or `YYYY-MM-DDThh:mm:ss` with a fraction of 1 to 7 digits and `Z` if wanted; always UTC.
fn absolute(text: &str) -> Option<Span> {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        let date = day(text)?;
        return Some(Span::days(date, date.succ_opt()?));
    };
    let time = time.strip_suffix(['Z', 'z']).unwrap_or(time);
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, digits)) => (clock, fraction(digits)?),
        None => (time, (0, SECOND)),
    };
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let (offset, length) = fraction;
    let from = millis(day(date)?.and_hms_opt(hour, minute, second)?) + offset;
    Some(Span { from, before: from + length })
}

/// `MM/DD/YYYY`, as in examples of the vendor; one digit for month or day is enough.
fn american(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('/');
    let mut number = |widths: std::ops::RangeInclusive<usize>| {
        let digits = parts.next().filter(|digits| widths.contains(&digits.len()) && is_digits(digits))?;
        digits.parse::<u32>().ok()
    };
    let (month, day, year) = (number(1..=2)?, number(1..=2)?, number(4..=4)?);
    let year = i32::try_from(year).ok()?;
    parts.next().is_none().then(|| NaiveDate::from_ymd_opt(year, month, day)).flatten()
}

fn day(text: &str) -> Option<NaiveDate> {
    let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Three numbers of fixed width.
fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let digits = parts.next().filter(|digits| digits.len() == width && is_digits(digits))?;
        *number = digits.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// A fraction of a second: its milliseconds, and how many it covers. Digits beyond the third are below the resolution
/// of the archive.
fn fraction(digits: &str) -> Option<(i64, i64)> {
    if !(1..=7).contains(&digits.len()) || !is_digits(digits) {
        return None;
    }
    let (value, unit) = digits.bytes().take(3).fold((0, SECOND), |(value, unit), digit| {
        let unit = unit / 10;
        (value + i64::from(digit - b'0') * unit, unit)
    });
    Some((value, unit))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn millis(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp_millis()
}

fn not_a_date(text: &str) -> ValueRefusal {
    let hint = if relative::is_beginning(text) {
        "put two words in quotes: `sent:\"last month\"`"
    } else {
        "write `2024-01-31`, `2024-01-31T12:00:00Z`, `2024-01-01..2024-03-31`, or one of: today, yesterday, \
         \"this week\", \"this month\", \"last month\", \"this year\", \"last year\"; dates are UTC"
    };
    ValueRefusal::new(code::E_DATE_VALUE, format!("`{}` is not a date", excerpt(text)), hint)
}

/// How an interval is written: the operator and the value. The reverse of [`interval`] for each interval that a text
/// can give, and for every other within the years 0 to 9999.
pub(super) fn spelling(interval: Interval) -> String {
    match (interval.from, interval.before) {
        (Some(from), Some(before)) => {
            let unit = unit(from).min(unit(before));
            let (first, last) = (moment(from, unit), moment(before.saturating_sub(unit), unit));
            if first == last { format!(":{first}") } else { format!(":{first}..{last}") }
        }
        (Some(from), None) if is_four_digit(from) => format!(">={}", moment(from, unit(from))),
        (Some(from), None) => format!(">{}", moment(from.saturating_sub(1), 1)),
        (None, Some(before)) if is_four_digit(before) => format!("<{}", moment(before, unit(before))),
        (None, Some(before)) => format!("<={}", moment(before.saturating_sub(1), 1)),
        (None, None) => ":*".to_owned(),
    }
}

/// The coarsest unit at whose border a time lies: a day, a second or a millisecond.
fn unit(time: i64) -> i64 {
    [DAY, SECOND].into_iter().find(|unit| time.rem_euclid(*unit) == 0).unwrap_or(1)
}

/// Whether the year of a time can be written.
pub(super) fn is_four_digit(time: i64) -> bool {
    DateTime::from_timestamp_millis(time).is_some_and(|time| (0..=9999).contains(&time.year()))
}

fn moment(time: i64, unit: i64) -> String {
    let format = match unit {
        DAY => "%Y-%m-%d",
        SECOND => "%Y-%m-%dT%H:%M:%SZ",
        _ => "%Y-%m-%dT%H:%M:%S%.3fZ",
    };
    crate::model::UtcTime(time).to_chrono().format(format).to_string()
}
