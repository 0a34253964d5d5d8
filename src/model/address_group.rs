//! A named group of addresses in a header.

use serde::{Deserialize, Serialize};

use super::Role;

/// A group of addresses that an address field names (RFC 5322 3.4): `Team: ann@x.example, bob@x.example;`. Its members, if it
/// tells them, are participants; the group itself is none, and nobody's mailbox is found by its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AddressGroup {
    /// In what capacity its members took part.
    pub role: Role,
    /// Its name, never empty.
    pub name: String,
}
