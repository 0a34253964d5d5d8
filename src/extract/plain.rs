//! Plain text: its character set as declared, else found out.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::text::decode_text;

/// Bytes that a character set is found out by.
const LOOK: usize = 1 << 20;

/// The text of `bytes`. A byte order mark counts most, then the declared character set, unless it cannot be right.
pub(super) fn text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default()).0;
    }
    let declared = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    match declared {
        Some(_) => decode_text(bytes, charset),
        None if charset.is_some() => decode_text(bytes, charset),
        None => undeclared(bytes),
    }
}

fn undeclared(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes)
        && memchr::memmem::find(bytes, b"\x1b$").is_none()
    {
        return Cow::Borrowed(text);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let look = bytes.get(..LOOK).unwrap_or(bytes);
    detector.feed(look, look.len() == bytes.len());
    detector.guess(None, Utf8Detection::Allow).decode_without_bom_handling(bytes).0
}
