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

    /// Reads a record of an older version; `None` if there never was this version. What the older one did not say gets
    /// a value that means so.
    ///
    /// # Errors
    /// The fields are damaged.
    fn older(_version: u8, _fields: &mut Fields<'_>) -> Result<Option<Self>> {
        Ok(None)
    }
}

/// The fields of a record that are still to be read.
pub(super) struct Fields<'b> {
    name: &'static str,
    rest: &'b [u8],
}

impl Fields<'_> {
    /// Reads what was written as a `T`.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn read<T: DeserializeOwned>(&mut self) -> Result<T> {
        let (value, read) = bincode::serde::decode_from_slice(self.rest, bincode::config::standard())
            .map_err(|error| corrupt(self.name, &error.to_string()))?;
        self.rest = self.rest.get(read..).unwrap_or_default();
        Ok(value)
    }
}

/// The stored form of `record`.
pub(super) fn encode<R: Record>(record: &R) -> Result<Vec<u8>> {
    let mut bytes = vec![R::VERSION];
    bincode::serde::encode_into_std_write(record, &mut bytes, bincode::config::standard())
        .map_err(|e| Error::Store { action: "encode a record", source: e.into() })?;
    Ok(bytes)
}

/// Reads what `encode` wrote, now or in an older version.
pub(super) fn decode<R: Record>(bytes: &[u8]) -> Result<R> {
    let (record, rest) = decode_prefix(bytes)?;
    if rest.is_empty() { Ok(record) } else { Err(Error::Corrupt(format!("{} has bytes after its end", R::NAME))) }
}

/// Reads a record from the start of `bytes`; returns what follows it too.
pub(super) fn decode_prefix<R: Record>(bytes: &[u8]) -> Result<(R, &[u8])> {
    let (&version, rest) = bytes.split_first().ok_or_else(|| corrupt(R::NAME, "it is empty"))?;
    let mut fields = Fields { name: R::NAME, rest };
    let record = if version == R::VERSION { Some(fields.read()?) } else { R::older(version, &mut fields)? };
    let record = record.ok_or_else(|| corrupt(R::NAME, &format!("version {version} is unknown")))?;
    Ok((record, fields.rest))
}

fn corrupt(name: &str, why: &str) -> Error {
    Error::Corrupt(format!("{name} cannot be read: {why}"))
}
