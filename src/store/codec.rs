//! Bytes of records: a version byte, then bincode 2 (standard configuration). The only place that names bincode, from
//! where it could be replaced.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// A record kept in the store.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// Version that this program writes.
    const VERSION: u8 = 1;
    /// What it is called in errors.
    const NAME: &'static str;
}

/// The stored form of `record`.
pub(super) fn encode<R: Record>(record: &R) -> Result<Vec<u8>> {
    let mut bytes = vec![R::VERSION];
    bincode::serde::encode_into_std_write(record, &mut bytes, bincode::config::standard())
        .map_err(|e| Error::Store { action: "encode a record", source: e.into() })?;
    Ok(bytes)
}

/// Reads what `encode` wrote.
pub(super) fn decode<R: Record>(bytes: &[u8]) -> Result<R> {
    let (record, rest) = decode_prefix(bytes)?;
    if rest.is_empty() { Ok(record) } else { Err(Error::Corrupt(format!("{} has bytes after its end", R::NAME))) }
}

/// Reads a record from the start of `bytes`; returns what follows it too.
pub(super) fn decode_prefix<R: Record>(bytes: &[u8]) -> Result<(R, &[u8])> {
    let corrupt = |why: String| Error::Corrupt(format!("{} cannot be read: {why}", R::NAME));
    let (&version, body) = bytes.split_first().ok_or_else(|| corrupt("it is empty".to_owned()))?;
    if version != R::VERSION {
        return Err(corrupt(format!("version {version} is unknown")));
    }
    let (record, read) =
        bincode::serde::decode_from_slice(body, bincode::config::standard()).map_err(|e| corrupt(e.to_string()))?;
    Ok((record, body.get(read..).unwrap_or_default()))
}
