//! In which order a file writes day, month and year.

use chrono::{Days, NaiveDate};

use super::calendar::day_in;
use super::stamp::{Stamp, WrittenDate};
use crate::model::DateOrder;

/// Days that a date may lie before the one above it: events of the app stand out of order.
const TOLERANCE: Days = Days::new(2);

/// How many times rarer what speaks for an order must be to be taken for a slip, such as a chat pasted into a message.
const RARE: u64 = 50;

/// What the dates of a file tell about their order.
#[derive(Debug, Default)]
pub(super) struct OrderEvidence {
    day_first: Reading,
    month_first: Reading,
    year_first: Reading,
    /// Dates that show their year in front.
    shown_year_first: u64,
    /// Dates that leave the order open by their form.
    open: u64,
    /// Those of them with the separator of countries that write the day first.
    dotted: u64,
    /// Those of them beside a word of East Asia.
    east_asian: u64,
    /// Wordings of languages that are spoken only where the day is written first.
    day_first_wordings: u64,
    /// An open date as it is written.
    example: String,
}

/// How the dates look if they are read in one order.
#[derive(Debug, Default)]
struct Reading {
    possible: u64,
    impossible: u64,
    /// Dates that the other order of day and month does not allow.
    proven: u64,
    last: Option<NaiveDate>,
    backward: u64,
    /// Names of media that have the same date.
    agreeing: u64,
}

impl Reading {
    fn add(&mut self, day: Option<NaiveDate>, other: Option<NaiveDate>, media: Option<NaiveDate>) {
        let Some(day) = day else {
            self.impossible += 1;
            return;
        };
        self.possible += 1;
        self.proven += u64::from(other.is_none());
        let late_enough = day.checked_add_days(TOLERANCE).is_none_or(|day| self.last.is_none_or(|last| day >= last));
        self.backward += u64::from(!late_enough);
        self.last = Some(day);
        self.agreeing += u64::from(media == Some(day));
    }
}

impl OrderEvidence {
    /// Takes note of a stamp as it is written, and of the date in the name of a file beside it.
    pub(super) fn add(&mut self, stamp: &Stamp, written: &str, media: Option<NaiveDate>) {
        let date = &stamp.date;
        let WrittenDate::Numbers { year_at, separator, .. } = date else { return };
        if *year_at == Some(0) {
            self.shown_year_first += 1;
            return;
        }
        self.open += 1;
        self.dotted += u64::from(matches!(separator, '.' | '-'));
        self.east_asian += u64::from(stamp.time.east_asian && year_at.is_none());
        if self.example.is_empty() {
            written.clone_into(&mut self.example);
        }
        let [by_day, by_month, by_year] = DateOrder::ALL.map(|order| day_in(date, order));
        self.day_first.add(by_day, by_month, media);
        self.month_first.add(by_month, by_day, media);
        self.year_first.add(by_year, by_day.or(by_month), media);
    }

    /// Takes note of a wording of a language that is spoken only where the day is written first.
    pub(super) fn add_day_first_wording(&mut self) {
        self.day_first_wordings += 1;
    }

    /// Whether a wording could still matter.
    pub(super) fn is_undecided(&self) -> bool {
        self.day_first.proven == 0 && self.month_first.proven == 0
    }

    /// Whether the form of all dates shows their order.
    pub(super) fn leaves_no_choice(&self) -> bool {
        self.open == 0
    }

    /// How many dates there are not in `order`, though their form leaves it open.
    pub(super) fn impossible_in(&self, order: DateOrder) -> u64 {
        match order {
            DateOrder::Dmy => self.day_first.impossible,
            DateOrder::Mdy => self.month_first.impossible,
            DateOrder::Ymd => self.year_first.impossible,
        }
    }

    /// The order that the dates themselves prove; `None` if they do not, or contradict each other.
    pub(super) fn proven(&self) -> Option<DateOrder> {
        let (day, month) = (self.day_first.proven, self.month_first.proven);
        if self.open > 0 && self.is_year_first() {
            Some(DateOrder::Ymd)
        } else if day > 0 && month.saturating_mul(RARE) <= day {
            Some(DateOrder::Dmy)
        } else if month > 0 && day.saturating_mul(RARE) <= month {
            Some(DateOrder::Mdy)
        } else {
            None
        }
    }

    /// Whether years of two digits stand in front: where East Asian words say so, or where nothing else gives a sequence.
    fn is_year_first(&self) -> bool {
        let year = &self.year_first;
        let only = self.day_first.impossible > 0 && self.month_first.impossible > 0;
        let unsteady = self.day_first.backward > 2 && self.month_first.impossible > 0 && year.backward == 0;
        year.impossible == 0 && (self.east_asian == self.open || only || unsteady)
    }

    /// The order of the file's dates; `None` if their form leaves no choice.
    ///
    /// # Errors
    /// Nothing tells, or there are two: a text for people.
    pub(super) fn decide(&self) -> Result<Option<DateOrder>, String> {
        if self.open == 0 {
            return Ok((self.shown_year_first > 0).then_some(DateOrder::Ymd));
        }
        if let Some(order) = self.proven() {
            return Ok(Some(order));
        }
        let (day, month) = (&self.day_first, &self.month_first);
        if day.proven > 0 && month.proven > 0 {
            return Err(format!(
                "{} of its dates have the day first and {} the month, as when exports of two phones were joined; cut \
                 it into one file for each, or say `--date-order dmy` or `mdy` for the dates that allow both",
                day.proven, month.proven
            ));
        }
        if day.backward != month.backward && day.backward.min(month.backward) * 4 < day.backward.max(month.backward) {
            return Ok(Some(if day.backward < month.backward { DateOrder::Dmy } else { DateOrder::Mdy }));
        }
        if (day.agreeing > 0) != (month.agreeing > 0) {
            return Ok(Some(if day.agreeing > 0 { DateOrder::Dmy } else { DateOrder::Mdy }));
        }
        if self.dotted == self.open || self.day_first_wordings > 0 {
            return Ok(Some(DateOrder::Dmy));
        }
        Err(format!(
            "cannot tell day from month in its dates, such as `{}`; say `--date-order dmy` if the day stands first, \
             `mdy` if the month does, or `ymd` if the year does",
            self.example
        ))
    }
}

/// The date in the name of a media file that a line names: `IMG-20220327-WA0001.jpg`,
/// `00000035-PHOTO-2022-03-27-21-41-55.jpg`.
pub(super) fn media_date(line: &[u8]) -> Option<NaiveDate> {
    if let Some(at) = memchr::memmem::find(line, b"-WA") {
        let digits = line.get(at.checked_sub(8)?..at)?;
        return NaiveDate::parse_from_str(std::str::from_utf8(digits).ok()?, "%Y%m%d").ok();
    }
    let words: [&[u8]; 5] = [b"-PHOTO-", b"-VIDEO-", b"-AUDIO-", b"-GIF-", b"-STICKER-"];
    let hyphens = memchr::memchr2(b'<', b'.', line).is_some();
    let end = words
        .into_iter()
        .filter(|_| hyphens)
        .find_map(|word| memchr::memmem::find(line, word).map(|at| at + word.len()))?;
    let digits = line.get(end..end + 10)?;
    NaiveDate::parse_from_str(std::str::from_utf8(digits).ok()?, "%Y-%m-%d").ok()
}
