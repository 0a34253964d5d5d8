//! Hashes of the tree.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Sets leaves apart from nodes, so that neither can be passed for the other (RFC 6962 2.1).
const LEAF_PREFIX: [u8; 1] = [0x00];
/// See [`LEAF_PREFIX`].
const NODE_PREFIX: [u8; 1] = [0x01];

/// SHA-256 hash of a leaf, of a node or of a whole tree; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TreeHash(pub [u8; 32]);

/// The hash of a leaf that stands for `record`: `SHA-256(0x00 || record)` (RFC 6962 2.1).
pub fn leaf_hash(record: &[u8]) -> TreeHash {
    TreeHash(Sha256::new().chain_update(LEAF_PREFIX).chain_update(record).finalize().into())
}

/// The hash of the node above `left` and `right`: `SHA-256(0x01 || left || right)` (RFC 6962 2.1).
pub fn node_hash(left: TreeHash, right: TreeHash) -> TreeHash {
    TreeHash(Sha256::new().chain_update(NODE_PREFIX).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of the tree without leaves: SHA-256 of nothing (RFC 6962 2.1).
pub fn empty_root() -> TreeHash {
    TreeHash(Sha256::digest([]).into())
}

impl TryFrom<&[u8]> for TreeHash {
    type Error = String;

    /// Takes exactly 32 bytes; a longer or shorter hash is refused, never cut or filled.
    fn try_from(bytes: &[u8]) -> Result<Self, String> {
        bytes.try_into().map(Self).map_err(|_| format!("a tree hash has 32 bytes, not {}", bytes.len()))
    }
}

impl fmt::Display for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER_PERMISSIVE.encode(&self.0))
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TreeHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not 64 hexadecimal digits"))
    }
}

impl Serialize for TreeHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for TreeHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            <[u8; 32]>::deserialize(deserializer).map(Self)
        }
    }
}
