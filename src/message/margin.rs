//! What stands in a multipart outside of its parts: before the first delimiter, and behind the last (RFC 2046 5.1.1).
//!
//! Mail programs do not show it, so text could hide there, and software of mailing lists adds its lines there. It is
//! searched and shown like any text, unless all of it is a known note to readers without MIME: that would be a hit in most
//! mails for words that nobody wrote. Known are exact sentences; one with anything added is text.

use std::borrow::Cow;

use crate::text::charset;

/// Notes of mail programs, with one space between words.
const NOTES: [&str; 14] = [
    "This is a multi-part message in MIME format.",
    "This is a multi-part message in MIME format",
    "This is a multi-part message in MIME format...",
    "This is a multi part message in MIME format.",
    "This is a multipart message in MIME format.",
    "This is a multipart message in MIME format",
    "This is a multipart MIME message.",
    "This is a MIME-encapsulated message",
    "This is a MIME-encapsulated message.",
    "This is a cryptographically signed message in MIME format.",
    "This is an OpenPGP/MIME signed message (RFC 4880 and 3156)",
    "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)",
    "This message is in MIME format. Since your mail reader does not understand this format, some or all of this message may \
     not be legible.",
    "This message is in MIME format. The first part should be readable text, while the remaining parts are likely unreadable \
     without MIME-aware tools.",
];

/// The texts to be searched and shown.
pub(super) fn margin_texts<'a>(margins: &'a [&'a [u8]]) -> impl Iterator<Item = Cow<'a, str>> {
    margins.iter().map(|margin| charset::decode(margin, None).text).filter(|text| !is_known(text))
}

/// Whether there is nothing, or a known note.
fn is_known(text: &str) -> bool {
    let words = || text.split_whitespace();
    words().next().is_none() || NOTES.iter().any(|note| words().eq(note.split(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_notes_are_no_text_and_all_else_is() {
        for (margin, is_text) in [
            (&b"This is a multi-part message in MIME format."[..], false),
            (b"\r\nThis is a multi-part message\r\nin MIME format.\r\n\r\n", false),
            (b" \r\n\n", false),
            (b"", false),
            (b"This is a multi-part message in MIME format. Sell.", true),
            (b"This is a multi-part message in MIME", true),
            (b"Sell on Monday", true),
            (b"gr\xfcn", true),
        ] {
            assert_eq!(margin_texts(&[margin]).count() == 1, is_text, "{margin:?}");
        }
    }
}
