//! What documents say of themselves: author, title, dates.

use super::{Reading, markup};
use crate::model::UtcTime;

/// Properties of an Office document (ECMA-376 part 2, clause 11).
pub(super) fn office(core: &[u8], reading: &mut Reading) {
    for (name, value) in markup::values(core, &["creator", "title", "created", "modified"]) {
        match name {
            "creator" => reading.documents.add_author(&value),
            "title" => reading.documents.add_title(&value),
            "created" => reading.documents.created.extend(time(&value)),
            _ => reading.documents.modified.extend(time(&value)),
        }
    }
}

/// Properties of an `OpenDocument` file (OASIS, version 1.3 part 3, 4.3); `creator` is who changed it last.
pub(super) fn open_document(meta: &[u8], reading: &mut Reading) {
    for (name, value) in markup::values(meta, &["initial-creator", "creator", "title", "creation-date", "date"]) {
        match name {
            "initial-creator" | "creator" => reading.documents.add_author(&value),
            "title" => reading.documents.add_title(&value),
            "creation-date" => reading.documents.created.extend(time(&value)),
            _ => reading.documents.modified.extend(time(&value)),
        }
    }
}

/// A time of XML (W3C Date and Time Formats); what is left away is the least, without a zone it is taken for UTC.
pub(super) fn time(text: &str) -> Option<UtcTime> {
    let text = text.trim();
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => match text.split_at_checked(MINUTES) {
            Some((minutes, rest)) if !rest.starts_with(':') => format!("{minutes}:00{rest}"),
            _ => text.to_owned(),
        },
    };
    UtcTime::parse(&whole).or_else(|_| UtcTime::parse(&format!("{whole}Z"))).ok()
}

/// Length of a time up to its minutes.
const MINUTES: usize = "2011-05-06T07:08".len();

/// A date of PDF, `D:20240131120000+01'00'` (ISO 32000-1, 7.9.4); what is left away is the least, without a zone it is
/// UTC.
pub(super) fn pdf_time(text: &str) -> Option<UtcTime> {
    let text = text.trim().trim_start_matches("D:");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count().min(14);
    let (date, zone) = text.split_at_checked(digits)?;
    let part = |from: usize, length: usize, least: &str| date.get(from..from + length).unwrap_or(least).to_owned();
    let zone: String = zone.chars().filter(|c| *c != '\'').collect();
    let zone = match zone.as_bytes() {
        [b'+' | b'-', _, _] => format!("{zone}:00"),
        [b'+' | b'-', _, _, _, _] => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
        _ => "Z".to_owned(),
    };
    let (year, month, day) = (date.get(..4)?, part(4, 2, "01"), part(6, 2, "01"));
    let (hour, minute, second) = (part(8, 2, "00"), part(10, 2, "00"), part(12, 2, "00"));
    UtcTime::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_programs_write_them() {
        for (text, expected) in [
            ("D:20240131120000+01'00'", Some("2024-01-31T11:00:00Z")),
            ("D:20240131120000-05'30", Some("2024-01-31T17:30:00Z")),
            ("20240131120000Z00'00'", Some("2024-01-31T12:00:00Z")),
            ("D:20240131", Some("2024-01-31T00:00:00Z")),
            ("D:2024", Some("2024-01-01T00:00:00Z")),
            ("D:20241331", None),
            ("", None),
            ("D:20\u{e9}4", None),
        ] {
            assert_eq!(pdf_time(text).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("2021-05-06T07:08:09Z", Some("2021-05-06T07:08:09Z")),
            (" 2021-05-06T07:08:09.5 ", Some("2021-05-06T07:08:09.500Z")),
            ("2021-05-06", Some("2021-05-06T00:00:00Z")),
            ("2021-05-06T07:08", Some("2021-05-06T07:08:00Z")),
            ("2021-05-06T07:08+01:00", Some("2021-05-06T06:08:00Z")),
            ("2021-05", Some("2021-05-01T00:00:00Z")),
            ("2021", Some("2021-01-01T00:00:00Z")),
            ("yesterday", None),
        ] {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
