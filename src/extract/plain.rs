//! Plain text: its character set as declared, else found out.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::text::decode_text;

/// The text of `bytes`. A byte order mark counts most, then the declared character set, unless it cannot be right.
pub(super) fn text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) => encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default()).0,
        None => decode_text(bytes, charset),
    }
}
