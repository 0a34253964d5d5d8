//! Converted messages: the one door for chat platforms.
//!
//! A converter writes one JSON record a line, as `schemas/message.schema.json` describes it; [`Record::parse`] reads it,
//! and [`to_mail`] makes a deterministic RFC 5322 message of it. The same record gives the same bytes on every machine
//! and day: nothing comes from a clock, a host name or a random number.
//!
//! # The mail
//! - `From` and `To` have the form `First Last 445204334324 <address>`. Who has no mail address gets one in a domain that
//!   can never exist (RFC 2606): `445204334324@whatsapp.invalid`. The local part is the number, else the platform's id of
//!   the person, else the name, with bytes that need quoting as `%XX`, and shortened by its BLAKE3 beyond 64 characters.
//! - `Subject` is `WhatsApp Message From 16174354634 to 12124325249`, or `... to Sales Group` for a group; that of a
//!   deleted or recalled message starts with `DELETED - UNKNOWN - `.
//! - `Date` is the time in UTC; `X-Custodia-Sent` has it as given.
//! - The first (or only) part is the text, byte for byte but for its line ends, which become CR LF (RFC 2046 4.1.1), as
//!   `7bit`, `8bit` or, with lines over 998 bytes, `binary`: nothing transports it, and compression likes plain text. A
//!   text with a NUL or a CR that is no line end is base64. Attachments follow as base64 in lines of 76 characters.
//! - What a chat knows beyond that is in header fields, each absent if the record says nothing:
//!
//! | field | value |
//! |---|---|
//! | `X-Custodia-Source` | `source` |
//! | `X-Custodia-Platform` | `platform` |
//! | `X-Custodia-Kind` | `kind`: `chat`, `call`, `meeting`, `voicemail` |
//! | `X-Custodia-Conversation-Id`, `-Name` | `conversation.id`, `.name` |
//! | `X-Custodia-Conversation-Type` | `direct` or `group` |
//! | `X-Custodia-Native-Id` | `id` |
//! | `X-Custodia-Event`, `-Reference` | `event`, `event_reference` |
//! | `X-Custodia-Reply-To` | `reply_to` |
//! | `X-Custodia-Call-Direction` | `incoming` or `outgoing` |
//! | `X-Custodia-Call-Answered` | `yes` or `no` |
//! | `X-Custodia-Call-Duration` | seconds |
//! | `X-Custodia-Sent` | `sent`, RFC 3339 with its offset |
//! | `X-Custodia-Extra` | JSON object of what has no place above, by JSON Pointer (RFC 6901): unknown fields, a person's `id` that the address does not show, and a person's `number`, empty for none, where name or address look as if there were another one |
//! | `X-Custodia-Ordinal` | `ordinal`, if it is not 0 |
//! | `X-Custodia-Path`, `X-Custodia-Media-Type` | in an attachment's part: its path if the name is not its last component, and the declared type if it cannot be base64 (RFC 2046 5.2.1) |
//!
//! Values that are not plain ASCII are encoded words (RFC 2047), and so is whatever could break out of its field.
//!
//! # Identity
//! Message-ID and boundary derive from BLAKE3 over the canonical record, the digests of its attachments and an ordinal.
//! Without ids of their own, two equal messages of one sender in one minute are still two messages: the n-th of equals
//! has the ordinal n, from 0. A record with a native id always has 0.

mod address;
mod field;
mod header_value;
mod identity;
mod json;
mod made;
mod mail;
mod parse;
mod platform;
mod record;
mod subject;
mod syntax;
#[cfg(test)]
mod tests;

pub(super) use address::shown_key;
pub use header_value::{phrase, unstructured};
pub use mail::{AttachmentContent, AttachmentReader, former_header, to_mail, to_mail_stream};
pub use platform::{folder, platform_display};
pub use record::{AttachmentRef, AttachmentSource, Person, Record, RecordKind};
