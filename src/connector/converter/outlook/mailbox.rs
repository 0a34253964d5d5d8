//! People in properties, as mailboxes of a mail.

use super::property::{Properties, id};
use crate::message::converted::phrase;

/// Longest local part (RFC 5321 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// A person as properties tell of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mailbox {
    /// The display name; may be empty.
    pub(super) name: String,
    /// The mail address, or one in `exchange.invalid` made of a name in a directory.
    pub(super) address: String,
}

/// Which properties tell of a person: display name, address type, address, SMTP address.
pub(super) type Place = [u16; 4];

/// The author.
pub(super) const FROM: Place = [id::FROM_NAME, id::FROM_TYPE, id::FROM_ADDRESS, id::FROM_SMTP];

/// Who sent it, maybe for the author.
pub(super) const SENDER: Place = [id::SENDER_NAME, id::SENDER_TYPE, id::SENDER_ADDRESS, id::SENDER_SMTP];

/// A recipient.
pub(super) const RECIPIENT: Place = [id::DISPLAY_NAME, id::ADDRESS_TYPE, id::ADDRESS, id::SMTP_ADDRESS];

impl Mailbox {
    /// The person at a place; `None` if nobody is there.
    pub(super) fn of(properties: &Properties, place: Place) -> Option<Self> {
        let [name, kind, address, smtp] = place.map(|id| properties.text(id).map(str::trim).unwrap_or_default());
        if name.is_empty() && address.is_empty() && smtp.is_empty() {
            return None;
        }
        let name = name.trim_matches(['\'', '"']).to_owned();
        let address = if is_address(smtp) {
            smtp.to_owned()
        } else if is_address(address) && !address.starts_with('/') {
            address.to_owned()
        } else if is_address(&name) {
            name.clone()
        } else {
            invented(kind, address, &name)
        };
        let name = if name.eq_ignore_ascii_case(&address) { String::new() } else { name };
        Some(Self { name, address })
    }

    /// As it stands in a field.
    pub(super) fn to_field(&self) -> String {
        if self.name.is_empty() {
            format!("<{}>", self.address)
        } else {
            format!("{} <{}>", phrase(&self.name), self.address)
        }
    }
}

/// Whether a text is an address that needs no quoting.
fn is_address(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&byte);
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
        && text.len() <= 320
        && text.bytes().all(plain)
}

/// An address in a domain that can never exist (RFC 2606). Of a name in a directory (`/o=Firm/ou=A/cn=Recipients/cn=ann`)
/// the last component is kept.
fn invented(kind: &str, address: &str, name: &str) -> String {
    let directory = kind.eq_ignore_ascii_case("EX") || address.starts_with('/');
    let last = if directory { address.rsplit(['=', '/']).next().unwrap_or_default() } else { address };
    let key = if last.is_empty() { name } else { last };
    let mut local: String = key.bytes().map(escaped).collect();
    if local.len() > MAX_LOCAL {
        let digest = blake3::hash(local.as_bytes()).to_hex();
        local.truncate(MAX_LOCAL - 33);
        local.push('-');
        local.push_str(digest.get(..32).unwrap_or_default());
    }
    let domain = if directory || address.is_empty() { "exchange" } else { "outlook" };
    format!("{local}@{domain}.invalid")
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02x}")
    }
}
