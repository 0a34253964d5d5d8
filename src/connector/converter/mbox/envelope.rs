//! The line between two messages of an mbox: `From ` and the envelope.

/// How far an envelope can be trusted to separate messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) enum Envelope {
    /// Sender and date as delivery agents write them (RFC 4155, appendix A).
    Full,
    /// What few programs write, and people might: no date, or a date in another order. A separator only if a
    /// header field follows.
    Short,
}

/// Words of a date that are looked at; the longest known form has nine.
const DATE_WORDS: usize = 10;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Judges a line without its line end. `None` if it does not separate messages.
pub(in crate::connector) fn envelope(line: &[u8]) -> Option<Envelope> {
    let rest = line.strip_prefix(b"From ")?;
    // Senders may hold any byte; words are split at ASCII blanks, which no encoding of them uses otherwise.
    let rest = String::from_utf8_lossy(rest);
    let mut words: Vec<&str> = rest.split_ascii_whitespace().collect();
    if let Some(remote) = words.len().checked_sub(3).filter(|&at| words.get(at..at + 2) == Some(&["remote", "from"])) {
        words.truncate(remote);
    }
    let first = words.len().saturating_sub(DATE_WORDS);
    if (first..words.len()).any(|at| words.get(at..).is_some_and(is_asctime)) {
        return Some(Envelope::Full);
    }
    let (sender, date) = words.split_first()?;
    let short = match date {
        [] => *sender == "-" || sender.contains('@'),
        date => (*sender == "-" || sender.contains('@')) && (is_rfc5322(date) || is_iso8601(date)),
    };
    short.then_some(Envelope::Short)
}

/// Whether a line could be a header field (RFC 5322 2.2), or an older separator kept above the header.
pub(in crate::connector) fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take(200).take_while(|&&byte| byte != b':').count();
    let named = |name: &[u8]| {
        let name = name.trim_ascii_end();
        !name.is_empty() && name.iter().all(|byte| (33..127).contains(byte))
    };
    line.starts_with(b">From ") || (line.get(name) == Some(&b':') && line.get(..name).is_some_and(named))
}

/// `Mon Jun 01 10:00:00 2009`, with zones before or after the year, seconds or not.
fn is_asctime(words: &[&str]) -> bool {
    let [weekday, month, day, time, rest @ ..] = words else { return false };
    let rest = skip_zones(rest);
    let [year, rest @ ..] = rest else { return false };
    is_weekday(weekday)
        && is_month(month)
        && is_number(day, 1..=2)
        && is_time(time)
        && (is_number(year, 4..=4) || is_number(year, 2..=2))
        && skip_zones(rest).is_empty()
}

/// `Mon, 1 Jun 2009 10:00:00 +0000` (RFC 5322 3.3).
fn is_rfc5322(words: &[&str]) -> bool {
    let words = match words {
        [weekday, rest @ ..] if is_weekday(weekday) => rest,
        words => words,
    };
    let [day, month, year, time, rest @ ..] = words else { return false };
    is_number(day, 1..=2)
        && is_month(month)
        && (is_number(year, 4..=4) || is_number(year, 2..=2))
        && is_time(time)
        && skip_zones(rest).is_empty()
}

/// `2009-06-01T10:00:00Z`, or with a blank between (ISO 8601).
fn is_iso8601(words: &[&str]) -> bool {
    let [first, rest @ ..] = words else { return false };
    let (date, time, rest) = match (first.split_once('T'), rest) {
        (Some((date, time)), rest) => (date, time, rest),
        (None, [time, rest @ ..]) => (*first, *time, rest),
        (None, []) => return false,
    };
    let mut parts = date.splitn(3, '-');
    let mut part = |width| parts.next().is_some_and(|part| is_number(part, width));
    let time = time.trim_end_matches('Z').split(['+', '-']).next().unwrap_or_default();
    part(4..=4) && part(2..=2) && part(2..=2) && is_time(time) && skip_zones(rest).is_empty()
}

/// Leaves out up to two zones: `+0200`, `CEST`, `(CEST)`, `MET DST`.
fn skip_zones<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let zones = words.iter().take(2).take_while(|word| is_zone(word)).count();
    words.get(zones..).unwrap_or_default()
}

fn is_zone(word: &str) -> bool {
    let word = word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).unwrap_or(word);
    match word.strip_prefix(['+', '-']) {
        Some(offset) => is_number(&offset.replacen(':', "", 1), 4..=4),
        None => (1..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase()),
    }
}

fn is_weekday(word: &str) -> bool {
    let word = word.strip_suffix(',').unwrap_or(word);
    WEEKDAYS.iter().any(|name| name.eq_ignore_ascii_case(word))
}

fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|name| name.eq_ignore_ascii_case(word))
}

fn is_number(word: &str, width: std::ops::RangeInclusive<usize>) -> bool {
    width.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `10:00`, `10:00:00` or `10:00:00.123`.
fn is_time(word: &str) -> bool {
    let whole = word.split_once('.').map_or(word, |(whole, _)| whole);
    let mut parts = whole.split(':');
    let hour = parts.next().is_some_and(|part| is_number(part, 1..=2));
    let rest: Vec<&str> = parts.take(3).collect();
    hour && (1..=2).contains(&rest.len()) && rest.iter().all(|part| is_number(part, 2..=2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_that_programs_write() {
        for line in [
            "From ann@firm.example Mon Jun 01 10:00:00 2009",
            "From ann@firm.example  Mon Jun  1 10:00:00 2009",
            "From ann@firm.example Mon Jun  1 10:00 2009",
            "From ann@firm.example Mon Jun 01 10:00:00 PDT 2009",
            "From ann@firm.example Mon Jun 01 10:00:00 MET DST 2009",
            "From ann@firm.example Mon Jun 01 10:00:00 2009 -0700",
            "From ann@firm.example Mon Jun 01 10:00:00 2009 remote from uucphost",
            "From 1766112233@xxx Thu Sep 26 10:18:40 +0000 2024",
            "From - Mon Jun 01 10:00:00 2009",
            "From ann at firm.example  Mon Jun 01 10:00:00 2009",
            "From \"ann b\"@firm.example Mon Jun 01 10:00:00 2009",
            "From MAILER-DAEMON Mon Jun 01 10:00:00 2009",
            "From  Mon Jun 01 10:00:00 2009",
            "From ann Mon Jun  1 10:00:00 09",
        ] {
            assert_eq!(envelope(line.as_bytes()), Some(Envelope::Full), "{line}");
        }
    }

    #[test]
    fn envelopes_that_need_a_header_behind_them() {
        for line in [
            "From -",
            "From - ",
            "From 1766112233@xxx",
            "From ann@firm.example 2009-06-01T10:00:00Z",
            "From ann@firm.example 2009-06-01 10:00:00 +0000",
            "From ann@firm.example 2009-06-01T10:00:00+02:00",
            "From ann@firm.example Mon, 1 Jun 2009 10:00:00 +0000",
            "From ann@firm.example 1 Jun 2009 10:00",
        ] {
            assert_eq!(envelope(line.as_bytes()), Some(Envelope::Short), "{line}");
        }
    }

    #[test]
    fn what_people_write() {
        for line in [
            "From",
            "From ",
            "From:",
            "from - ",
            "From Russia with love",
            "From Monday on we close at 10:00",
            "From 10:00 Mon 1 May 2009 to noon",
            "From - the beginning",
            "From May 2009",
            "From Mon 1 May 2009 10:00",
            ">From ann@firm.example Mon Jun 01 10:00:00 2009",
            "From ann@firm.example Mon Jun 01 10:00:00 2009 she wrote",
            "From ann@firm.example and others",
        ] {
            assert_eq!(envelope(line.as_bytes()), None, "{line}");
        }
        assert_eq!(envelope(b"From \xff\xfe\x00 Mon Jun 01 10:00:00 2009"), Some(Envelope::Full));
    }

    #[test]
    fn header_fields() {
        for line in ["Subject: x", "X-Y:", "Subject : x", ">From ann Mon Jun 01 10:00:00 2009"] {
            assert!(is_field(line.as_bytes()), "{line}");
        }
        for line in ["", ":", " : x", "see below: x", "no colon", "caf\u{e9}: x"] {
            assert!(!is_field(line.as_bytes()), "{line}");
        }
    }
}
