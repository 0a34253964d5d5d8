//! Written dates as days.

use chrono::NaiveDate;

use super::stamp::WrittenDate;
use crate::model::DateOrder;

/// The day that a date of numbers is in an order; `None` if there is no such day, or if the year is known to stand
/// elsewhere. Of a year in front or in the middle, the two other numbers are read as the order has them.
pub(super) fn day_in(date: &WrittenDate, order: DateOrder) -> Option<NaiveDate> {
    let WrittenDate::Numbers { numbers: [first, second, third], year_at, .. } = *date else { return None };
    let (year, month, day) = match (year_at, order) {
        (Some(0) | None, DateOrder::Ymd) => (first, second, third),
        (Some(0), _) | (Some(_), DateOrder::Ymd) => return None,
        (Some(1), DateOrder::Dmy) => (second, third, first),
        (Some(1), DateOrder::Mdy) => (second, first, third),
        (_, DateOrder::Dmy) => (third, second, first),
        (_, DateOrder::Mdy) => (third, first, second),
    };
    let year = if year < 100 { year + 2000 } else { year };
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
}

/// The days that a date of numbers may be, with the order of each.
pub(super) fn readings(date: &WrittenDate) -> impl Iterator<Item = (DateOrder, NaiveDate)> + '_ {
    DateOrder::ALL.into_iter().filter_map(|order| Some((order, day_in(date, order)?)))
}

/// The day of a date with a named month.
pub(super) fn named_day(date: &WrittenDate, year: i32) -> Option<NaiveDate> {
    let WrittenDate::Named { day, month, year: written } = *date else { return None };
    NaiveDate::from_ymd_opt(written.map_or(year, i32::from), u32::from(month), u32::from(day))
}
