//! What is fixed about an archive.

use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::tables::{META, Tables, Transaction};
use crate::model::UtcTime;
use crate::{Error, Result};

/// Version of the store's format that this program writes.
pub const FORMAT: u32 = 5;

/// The oldest version that this program reads. It keeps all keys of digests in trees, and a row for each message.
pub(super) const OLDEST_FORMAT: u32 = 2;

const KEY: &str = "archive";

/// What is fixed about an archive, written when it is created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveInfo {
    /// Version of the format.
    pub format: u32,
    /// 32 hexadecimal digits, different for every archive.
    pub id: String,
    /// Name that people type to confirm a destruction.
    pub name: String,
    /// When it was created.
    pub created_at: UtcTime,
    /// Days after capture in which no item is disposed of.
    pub min_residence_days: u32,
}

impl Record for ArchiveInfo {
    const NAME: &'static str = "the archive's description";
}

pub(super) fn put(transaction: &Transaction, info: &ArchiveInfo) -> Result<()> {
    let bytes = codec::encode(info)?;
    transaction.writable(META)?.insert(KEY, bytes.as_slice()).map_err(failed("describe the archive"))?;
    Ok(())
}

pub(super) fn get(tables: &impl Tables) -> Result<ArchiveInfo> {
    use redb::ReadableTable as _;
    let meta = tables.table(META)?;
    let value = meta.get(KEY).map_err(failed("read the archive's description"))?;
    let value = value.ok_or_else(|| Error::Corrupt("the archive's description is missing".to_owned()))?;
    codec::decode(value.value())
}

const TIMEZONE: &str = "timezone";

/// The zone of local times that name none (IANA name); UTC unless it was set.
///
/// # Errors
/// The store failed.
pub fn timezone(tables: &impl Tables) -> Result<String> {
    use redb::ReadableTable as _;
    let meta = tables.table(META)?;
    let value = meta.get(TIMEZONE).map_err(failed("read the time zone"))?;
    Ok(value.map_or_else(|| "UTC".to_owned(), |value| String::from_utf8_lossy(value.value()).into_owned()))
}

/// Sets the zone of local times that name none.
///
/// # Errors
/// The store failed.
pub fn set_timezone(transaction: &Transaction, name: &str) -> Result<()> {
    transaction.writable(META)?.insert(TIMEZONE, name.as_bytes()).map_err(failed("set the time zone"))?;
    Ok(())
}
