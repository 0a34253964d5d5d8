//! What the app writes, word by word.
#![expect(clippy::unicode_not_nfc, reason = "the letters are composed as the app composes them")]

pub(super) mod calls;
pub(super) mod fate;
pub(super) mod media;
pub(super) mod safety;
pub(super) mod titles;
