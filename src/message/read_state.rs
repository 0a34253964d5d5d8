//! Whether a message had been read where it was kept before.

use super::encoded_word::unfold;
use super::header::Header;

/// Whether the program that kept the message recorded it as read: `R` in the Status field, as mail stores in mbox form
/// write it, or the lowest bit of the hexadecimal `X-Mozilla-Status`. Both are no part of what was sent, and a message
/// without them is not known to have been read.
pub(super) fn is_read(header: &Header<'_>) -> bool {
    let word = |name: &str| header.first(name).map(|value| unfold(&String::from_utf8_lossy(value)).trim().to_owned());
    let status = word("status").is_some_and(|flags| flags.len() <= 4 && flags.contains('R'));
    let mozilla = word("x-mozilla-status").and_then(|flags| u32::from_str_radix(&flags, 16).ok());
    status || mozilla.is_some_and(|flags| flags & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_is_what_the_store_of_the_mail_wrote() {
        for (field, expected) in [
            ("Status: RO", true),
            ("Status: R", true),
            ("status: OR", true),
            ("Status: O", false),
            ("Status: NOT REALLY", false),
            ("X-Mozilla-Status: 0001", true),
            ("X-Mozilla-Status: 0009", true),
            ("X-Mozilla-Status: 0010", false),
            ("X-Mozilla-Status: x", false),
            ("Subject: R", false),
        ] {
            let raw = format!("{field}\r\n\r\n");
            assert_eq!(is_read(&Header::of_message(raw.as_bytes())), expected, "{field}");
        }
    }
}
