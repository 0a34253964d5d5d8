//! Date and time at the beginning of a message, in all the shapes that the app gives them.

use super::glyphs::Glyphs;
use super::words::{BETWEEN, HALVES, Half, is_weekday, month};

/// A date as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenDate {
    /// Three numbers whose order may be unknown.
    Numbers {
        /// The numbers as they stand; that of a known year is replaced by the year of the common era.
        numbers: [u16; 3],
        /// Which of them is the year, from 0, if that can be seen.
        year_at: Option<usize>,
        /// What stands between them.
        separator: char,
    },
    /// With the month as a word.
    Named {
        /// 1 to 31, unless the date is wrong.
        day: u16,
        /// 1 to 12.
        month: u16,
        /// The year of the common era, if it is written.
        year: Option<u16>,
    },
}

/// A time of day as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenTime {
    /// 0 to 23.
    pub(super) hour: u16,
    /// 0 to 59.
    pub(super) minute: u16,
    /// 0 to 59; `None` where only minutes are written.
    pub(super) second: Option<u16>,
    /// Whether a word of East Asia names the half of the day; dates are written with the year first there.
    pub(super) east_asian: bool,
}

/// A date, with what tells its order, and a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The date.
    pub(super) date: WrittenDate,
    /// The time.
    pub(super) time: WrittenTime,
    /// Whether a comma follows the date.
    pub(super) comma: bool,
}

/// Takes a stamp, the date or the time first.
pub(super) fn stamp(glyphs: &mut Glyphs) -> Option<Stamp> {
    let start = glyphs.place();
    if let Some(found) = date_first(glyphs) {
        return Some(found);
    }
    glyphs.back_to(start);
    let time = time(glyphs)?;
    let comma = between(glyphs)?;
    let date = date(glyphs)?;
    Some(Stamp { date, time, comma })
}

fn date_first(glyphs: &mut Glyphs) -> Option<Stamp> {
    let date = date(glyphs)?;
    let comma = between(glyphs)?;
    let time = time(glyphs)?;
    Some(Stamp { date, time, comma })
}

/// Takes what stands between date and time; gives whether that has a comma.
fn between(glyphs: &mut Glyphs) -> Option<bool> {
    let comma = glyphs.take_if(|c| matches!(c, ',' | '\u{60c}' | '\u{ff0c}')).is_some();
    if !comma {
        glyphs.take('.');
    }
    if !glyphs.take(' ') {
        return None;
    }
    let start = glyphs.place();
    if BETWEEN.iter().any(|word| glyphs.take_word(word)) && !glyphs.take(' ') {
        glyphs.back_to(start);
    }
    Some(comma)
}

fn date(glyphs: &mut Glyphs) -> Option<WrittenDate> {
    let start = glyphs.place();
    if let Some(found) = numbers(glyphs) {
        return Some(found);
    }
    glyphs.back_to(start);
    named(glyphs)
}

fn numbers(glyphs: &mut Glyphs) -> Option<WrittenDate> {
    let (mut numbers, mut year_at, mut separator) = ([0; 3], None, None);
    for (at, number) in numbers.iter_mut().enumerate() {
        let era = glyphs.take_if(|c| c.is_ascii_uppercase());
        let (value, digits) = glyphs.number(4)?;
        *number = match era {
            Some(era) => japanese_year(era, value)?,
            None if digits == 4 => common_year(value),
            None if digits == 3 => return None,
            None => value,
        };
        if era.is_some() || digits == 4 {
            year_at = match year_at {
                None => Some(at),
                Some(_) => return None,
            };
        }
        if at < 2 {
            separator = Some(date_separator(glyphs, separator)?);
        }
    }
    after_date(glyphs);
    Some(WrittenDate::Numbers { numbers, year_at, separator: separator? })
}

/// Takes what stands between the numbers of a date: the same both times, unless it is a word for year and month.
fn date_separator(glyphs: &mut Glyphs, before: Option<char>) -> Option<char> {
    let wanted = |c: char| match before {
        Some(before @ ('.' | '/' | '-')) => c == before,
        Some(_) => matches!(c, '\u{6708}' | '\u{c6d4}'),
        None => matches!(c, '.' | '/' | '-' | '\u{5e74}' | '\u{b144}'),
    };
    let separator = glyphs.take_if(wanted)?;
    glyphs.take(' ');
    Some(separator)
}

/// Takes what may follow the last number of a date.
fn after_date(glyphs: &mut Glyphs) {
    glyphs.take_if(|c| matches!(c, '\u{65e5}' | '\u{c77c}'));
    let start = glyphs.place();
    // The Buddhist era, and the word for year of Slavic languages.
    let mark = glyphs.take(' ') && ["be", "\u{433}."].iter().any(|word| glyphs.take_word(word));
    if !mark {
        glyphs.back_to(start);
    }
}

/// The year of the common era; years of the Buddhist era are those that the app was not yet there in.
fn common_year(year: u16) -> u16 {
    if (2400..3000).contains(&year) { year - 543 } else { year }
}

fn japanese_year(era: char, year: u16) -> Option<u16> {
    let before = match era {
        'R' => 2018,
        'H' => 1988,
        'S' => 1925,
        _ => return None,
    };
    (1..100).contains(&year).then(|| before + year)
}

fn named(glyphs: &mut Glyphs) -> Option<WrittenDate> {
    let start = glyphs.place();
    let found = day_and_month(glyphs).or_else(|| {
        glyphs.back_to(start);
        take_weekday(glyphs)?;
        day_and_month(glyphs)
    });
    let (day, month) = found?;
    let end = glyphs.place();
    glyphs.take(',');
    let year = if glyphs.take(' ') {
        take_of(glyphs);
        glyphs.number(4).filter(|(_, digits)| *digits == 4).map(|(year, _)| common_year(year))
    } else {
        None
    };
    if year.is_none() {
        glyphs.back_to(end);
    }
    Some(WrittenDate::Named { day, month, year })
}

fn take_weekday(glyphs: &mut Glyphs) -> Option<()> {
    if !is_weekday(&glyphs.letters()) {
        return None;
    }
    glyphs.take('.');
    glyphs.take(',');
    glyphs.take(' ').then_some(())
}

/// Takes a day and the name of a month, in whichever order.
fn day_and_month(glyphs: &mut Glyphs) -> Option<(u16, u16)> {
    if let Some((day, _)) = glyphs.number(2) {
        glyphs.take('.');
        if !glyphs.take(' ') {
            return None;
        }
        take_of(glyphs);
        let month = month(&glyphs.letters())?;
        glyphs.take('.');
        return Some((day, month));
    }
    let month = month(&glyphs.letters())?;
    glyphs.take('.');
    if !glyphs.take(' ') {
        return None;
    }
    Some((glyphs.number(2)?.0, month))
}

/// Takes the word "of" of Romance languages.
fn take_of(glyphs: &mut Glyphs) {
    let start = glyphs.place();
    if !(glyphs.take_word("de") && glyphs.take(' ')) {
        glyphs.back_to(start);
    }
}

fn time(glyphs: &mut Glyphs) -> Option<WrittenTime> {
    let mut half = half(glyphs);
    let (hour, _) = glyphs.number(2)?;
    let separator = time_separator(glyphs)?;
    let (minute, digits) = glyphs.number(2)?;
    if digits != 2 {
        return None;
    }
    let start = glyphs.place();
    let second = if glyphs.take(separator) { glyphs.number(2).filter(|(_, digits)| *digits == 2) } else { None };
    if second.is_none() {
        glyphs.back_to(start);
    }
    if half.is_none() {
        let start = glyphs.place();
        glyphs.take(' ');
        half = self::half(glyphs);
        if half.is_none() {
            glyphs.back_to(start);
        }
    }
    let second = second.map(|(second, _)| second);
    let hour = if hour == 24 { 0 } else { hour };
    let possible = hour < 24 && minute < 60 && second.is_none_or(|second| second < 60);
    let (hour, east_asian) = half.map_or((hour, false), |(half, east_asian)| (half.hour(hour), east_asian));
    possible.then_some(WrittenTime { hour, minute, second, east_asian })
}

/// Takes what stands between hours and minutes.
fn time_separator(glyphs: &mut Glyphs) -> Option<char> {
    let start = glyphs.place();
    if glyphs.take(' ') && glyphs.take('h') && glyphs.take(' ') {
        return Some('h');
    }
    glyphs.back_to(start);
    glyphs.take_if(|c| matches!(c, ':' | '.'))
}

/// Takes the word for a half of the day; gives whether it is one of East Asia too.
fn half(glyphs: &mut Glyphs) -> Option<(Half, bool)> {
    let start = glyphs.place();
    for (word, half) in HALVES {
        if glyphs.take_word(word) {
            let east_asian = word.starts_with(|c: char| c >= '\u{4e00}');
            if !glyphs.peek().is_some_and(char::is_alphabetic) {
                if east_asian {
                    glyphs.take(' ');
                }
                return Some((half, east_asian));
            }
            glyphs.back_to(start);
        }
    }
    None
}
