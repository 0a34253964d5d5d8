//! Dates relative to the time of the search.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::context::Context;
use super::date::{Span, is_four_digit};

/// The words, in lower case. None of them is the beginning of an absolute date.
const WORDS: [&str; 7] = ["today", "yesterday", "this week", "this month", "last month", "this year", "last year"];

/// Whether a text is a relative date.
pub(super) fn is_word(text: &str) -> bool {
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a text is the first half of a relative date, as left over when the quotes were forgotten.
pub(super) fn is_beginning(text: &str) -> bool {
    ["this", "last"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The whole days, in UTC, that a relative date stands for. `None` if it is none or lies outside the years 0 to 9999.
pub(super) fn span(text: &str, context: &Context) -> Option<Span> {
    let today = context.now.to_chrono().date_naive();
    let (from, before) = match text.to_ascii_lowercase().as_str() {
        "today" => (today, today.succ_opt()?),
        "yesterday" => (today.pred_opt()?, today),
        "this week" => {
            let first = today.week(context.week_start).checked_first_day()?;
            (first, first.checked_add_days(Days::new(7))?)
        }
        "this month" => months(today.with_day(1)?, 1)?,
        "last month" => months(today.with_day(1)?.checked_sub_months(Months::new(1))?, 1)?,
        "this year" => months(today.with_ordinal(1)?, 12)?,
        "last year" => months(today.with_ordinal(1)?.checked_sub_months(Months::new(12))?, 12)?,
        _ => return None,
    };
    let span = Span::days(from, before);
    (is_four_digit(span.from) && is_four_digit(span.before - 1)).then_some(span)
}

fn months(from: NaiveDate, count: u32) -> Option<(NaiveDate, NaiveDate)> {
    Some((from, from.checked_add_months(Months::new(count))?))
}
