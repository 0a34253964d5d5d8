//! The forms of single values. `schemas/message.schema.json` has the same as patterns.

use chrono::{DateTime, Datelike, FixedOffset, Utc};

/// Platform names: lower-case labels joined by hyphens, at most 32 characters, so that they are host name labels.
pub(super) fn is_platform(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// Phone numbers: 1 to 20 digits, with or without plus.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (1..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Mail addresses: a local part and a domain without what RFC 5322 3.4.1 would have to quote; RFC 6532 characters are
/// allowed. At most 320 characters.
pub(super) fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c <= ' ' || c == '\u{7f}' || "\"(),:;<>@[\\]".contains(c))
    };
    text.chars().count() <= 320 && text.split_once('@').is_some_and(|(local, domain)| plain(local) && plain(domain))
}

/// Media types (RFC 2045 5.1) with parameters whose values are tokens. At most 255 characters.
pub(super) fn is_media_type(text: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let mut pieces = text.split(';');
    let essence = pieces.next().and_then(|essence| essence.split_once('/'));
    text.len() <= 255
        && essence.is_some_and(|(kind, subtype)| token(kind) && token(subtype))
        && pieces.all(|parameter| {
            let parameter = parameter.strip_prefix(' ').unwrap_or(parameter);
            parameter.split_once('=').is_some_and(|(name, value)| token(name) && token(value))
        })
}

/// Relative paths: components joined by `/`, none empty, `.` or `..`, without NUL. At most 4096 characters.
pub(super) fn is_relative_path(text: &str) -> bool {
    text.chars().count() <= 4096
        && !text.contains('\0')
        && text.split('/').all(|component| !matches!(component, "" | "." | ".."))
}

/// RFC 3339 5.6, with `T` and `Z` in upper case and a year that a `Date` field can hold (RFC 5322 3.3) in UTC.
pub(super) fn parse_sent(text: &str) -> Option<DateTime<FixedOffset>> {
    let bytes = text.as_bytes();
    if bytes.get(10) != Some(&b'T') || bytes.ends_with(b"z") || text.len() > 64 {
        return None;
    }
    let sent = DateTime::parse_from_rfc3339(text).ok()?;
    (1900..=9999).contains(&sent.with_timezone(&Utc).year()).then_some(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(test: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for (texts, expected) in [(good, true), (bad, false)] {
            for text in texts {
                assert_eq!(test(text), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn forms() {
        verdicts(
            is_platform,
            &["sms", "whatsapp", "a-b", "x2"],
            &["", "SMS", "-a", "a-", "a--b", "2x", "a_b", &"a".repeat(33)],
        );
        verdicts(is_number, &["445204334324", "+1", "911"], &["", "+", "+44 20", "4.4E11", &"1".repeat(21)]);
        verdicts(
            is_address,
            &["a@b", "sus\u{e1}n@example.com", "o'neil+x@example.com"],
            &["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b>", "a\n@b", "\"a\"@b"],
        );
        verdicts(
            is_media_type,
            &["image/jpeg", "audio/ogg; codecs=opus", "text/plain;charset=utf-8"],
            &["", "image", "image/", "a/b;", "a/b; c", "a/b; c=\"d\"", "a/b\r\nX: y", "a/b/c"],
        );
        verdicts(is_relative_path, &["a", "a/b c.jpg", "..a"], &["", "/a", "a//b", "../a", "a/..", "a/.", "a\0"]);
        verdicts(
            |text| parse_sent(text).is_some(),
            &["2026-03-27T21:41:35Z", "2026-03-27T21:41:35.123456789+05:30", "2024-02-29T00:00:00-00:00"],
            &[
                "",
                "2026-03-27",
                "2026-03-27 21:41:35Z",
                "2026-03-27T21:41:35",
                "2026-02-30T00:00:00Z",
                "1899-12-31T23:59:59Z",
                "2026-03-27T21:41Z",
            ],
        );
    }
}
