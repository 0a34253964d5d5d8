//! Civil periods.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::UtcTime;

/// How long an item is retained: a civil span, or without end. A year is twelve months, never 365
/// days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetentionPeriod {
    /// Months, then days, counted from the start in the UTC calendar.
    Span {
        /// Calendar months; a year is 12.
        months: u32,
        /// Days, added after the months; a week is 7.
        days: u32,
    },
    /// Without end.
    Unlimited,
}

impl RetentionPeriod {
    /// When a period that starts at `start` ends; `None` if it never does.
    ///
    /// A day that its month does not have moves to the first of the next month, never back.
    pub fn end(self, start: UtcTime) -> Option<UtcTime> {
        let Self::Span { months, days } = self else { return None };
        let start_time = start.to_chrono();
        let date = add_months(start_time.date_naive(), months)?.checked_add_days(Days::new(u64::from(days)))?;
        Some(UtcTime::from_chrono(date.and_time(start_time.time()).and_utc()))
    }

    /// Whether it ends when it starts.
    pub fn is_empty(self) -> bool {
        self == Self::Span { months: 0, days: 0 }
    }

    /// Whether it ends no earlier than `other`, whatever day both start on.
    pub fn is_never_shorter_than(self, other: Self) -> bool {
        let Self::Span { months, days } = self else { return true };
        let Self::Span { months: other_months, days: other_days } = other else { return false };
        let at_least = shortest(months) + u64::from(days);
        let at_most = longest(other_months) + u64::from(other_days);
        (months >= other_months && days >= other_days) || at_least >= at_most
    }
}

/// Days in so many months, in the shortest case.
fn shortest(months: u32) -> u64 {
    u64::from(months / 12) * 365 + u64::from(months % 12) * 28
}

/// Days in so many months, in the longest case, with the day that a missing one moves on.
fn longest(months: u32) -> u64 {
    u64::from(months / 12) * 366 + u64::from(months % 12) * 31 + 1
}

fn add_months(date: NaiveDate, months: u32) -> Option<NaiveDate> {
    let index = i64::from(date.year()) * 12 + i64::from(date.month0()) + i64::from(months);
    let year = i32::try_from(index.div_euclid(12)).ok()?;
    let month = u32::try_from(index.rem_euclid(12)).ok()? + 1;
    NaiveDate::from_ymd_opt(year, month, date.day()).or_else(|| {
        let (year, month) = if month == 12 { (year.checked_add(1)?, 1) } else { (year, month + 1) };
        NaiveDate::from_ymd_opt(year, month, 1)
    })
}

impl fmt::Display for RetentionPeriod {
    /// ISO 8601: `P7Y`, `P18M`, `P30D`, `P1Y2M3D`; or `unlimited`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Span { months, days } = *self else { return f.write_str("unlimited") };
        f.write_str("P")?;
        let (years, rest) = if months % 12 == 0 { (months / 12, 0) } else { (0, months) };
        for (count, unit) in [(years, 'Y'), (rest, 'M'), (days, 'D')] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        if months == 0 && days == 0 { f.write_str("0D") } else { Ok(()) }
    }
}

impl FromStr for RetentionPeriod {
    type Err = String;

    /// Parses an ISO 8601 date duration (`P7Y`, `P18M`, `P30D`, `P2W`), the same without `P` and
    /// in lower case (`7y`), or `unlimited`.
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is not a period: write P7Y, P18M, P30D or unlimited");
        if text.eq_ignore_ascii_case("unlimited") {
            return Ok(Self::Unlimited);
        }
        let upper = text.to_ascii_uppercase();
        let mut rest = upper.strip_prefix('P').unwrap_or(&upper);
        let (mut months, mut days, mut last_rank) = (0_u32, 0_u32, 0);
        if rest.is_empty() {
            return Err(refuse());
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(refuse)?;
            let (number, tail) = rest.split_at(digits);
            let count: u32 = number.parse().map_err(|_| refuse())?;
            let mut units = tail.chars();
            let (rank, target, factor) = match units.next() {
                Some('Y') => (1, &mut months, 12),
                Some('M') => (2, &mut months, 1),
                Some('W') => (3, &mut days, 7),
                Some('D') => (4, &mut days, 1),
                _ => return Err(refuse()),
            };
            if rank <= last_rank {
                return Err(refuse());
            }
            last_rank = rank;
            *target = count.checked_mul(factor).and_then(|n| target.checked_add(n)).ok_or_else(refuse)?;
            rest = units.as_str();
        }
        Ok(Self::Span { months, days })
    }
}

impl Serialize for RetentionPeriod {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RetentionPeriod {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(start: &str, period: &str) -> String {
        let period: RetentionPeriod = period.parse().expect("period");
        period.end(UtcTime::parse(start).expect("date")).map_or_else(|| "never".to_owned(), |end| end.to_string())
    }

    #[test]
    fn a_missing_day_moves_to_the_first_of_the_next_month() {
        for (start, period, expected) in [
            ("2020-02-29", "P1Y", "2021-03-01T00:00:00Z"),
            ("2020-02-29", "P4Y", "2024-02-29T00:00:00Z"),
            ("2023-01-31", "P1M", "2023-03-01T00:00:00Z"),
            ("2020-01-15", "P6Y", "2026-01-15T00:00:00Z"),
            ("2020-01-15", "P2190D", "2026-01-13T00:00:00Z"),
            ("2023-12-31", "P2M", "2024-03-01T00:00:00Z"),
            ("2020-01-15T10:20:30Z", "7y", "2027-01-15T10:20:30Z"),
            ("2020-01-15", "unlimited", "never"),
        ] {
            assert_eq!(end(start, period), expected, "{start} + {period}");
        }
    }

    #[test]
    fn a_period_is_no_shorter_only_if_it_never_is() {
        let compare = |one: &str, other: &str| {
            let parse = |text: &str| text.parse::<RetentionPeriod>().expect("period");
            parse(one).is_never_shorter_than(parse(other))
        };
        for (longer, shorter) in [
            ("P7Y", "P6Y"),
            ("P6Y", "P6Y"),
            ("unlimited", "P6Y"),
            ("unlimited", "unlimited"),
            ("P32D", "P1M"),
            ("P2M", "P50D"),
        ] {
            assert!(compare(longer, shorter), "{longer} {shorter}");
        }
        for (one, other) in [("P5Y", "P6Y"), ("P30D", "P1M"), ("P2190D", "P6Y"), ("P6Y", "unlimited"), ("P1M", "P30D")]
        {
            assert!(!compare(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_printed_parses_to_the_same() {
        for text in ["P7Y", "P18M", "P30D", "P0D", "unlimited"] {
            let period: RetentionPeriod = text.parse().expect("period");
            assert_eq!(period.to_string(), text);
        }
        for text in ["", "P", "7", "P7X", "P1D1Y", "P1Y1Y", "P99999999999Y", "-P1Y", "P1.5Y", "PY"] {
            assert!(text.parse::<RetentionPeriod>().is_err(), "{text}");
        }
    }
}
