//! Connectors, their runs, and the deliveries that they took.

use redb::ReadableTable as _;
use serde::Deserialize;

use super::codec::{self, Fields, Record};
use super::failed;
use super::tables::{CONNECTOR_RUNS, CONNECTORS, DELIVERIES, DELIVERY_DIGESTS, Tables, Transaction};
use crate::Result;
use crate::model::{
    Connector, ConnectorNo, ConnectorReading, ConnectorRun, ConnectorSource, CredentialSource, DateOrder, Delivery,
    Digest,
};

impl Record for Connector {
    const VERSION: u8 = 3;
    const NAME: &'static str = "a connector";

    fn older(version: u8, fields: &mut Fields<'_>) -> Result<Option<Self>> {
        let (no, name, kind) = fields.read()?;
        let source: OldSource = fields.read()?;
        let source = source.into();
        let reading: ConnectorReading = match version {
            1 => fields.read::<OldReading>()?.into(),
            2 => fields.read()?,
            _ => return Ok(None),
        };
        let (schedule, checkpoint, added_at, added_by, removed) = fields.read()?;
        Ok(Some(Self { no, name, kind, source, reading, schedule, checkpoint, added_at, added_by, removed }))
    }
}

/// Versions 1 and 2: passwords only.
#[derive(Deserialize)]
struct OldSource {
    from: String,
    host_key: Option<String>,
    key_file: Option<String>,
    ca_file: Option<String>,
    credentials: CredentialSource,
}

impl From<OldSource> for ConnectorSource {
    fn from(old: OldSource) -> Self {
        Self {
            from: old.from,
            host_key: old.host_key,
            key_file: old.key_file,
            ca_file: old.ca_file,
            oauth: None,
            credentials: old.credentials,
        }
    }
}

/// Version 1: it said nothing of trust.
#[derive(Deserialize)]
struct OldReading {
    read_as: String,
    folder: Option<String>,
    mailbox: Option<String>,
    create_mailboxes: bool,
    mapping: Option<String>,
    region: Option<String>,
    mapping_only: bool,
    timezone: Option<String>,
    date_order: Option<DateOrder>,
}

impl From<OldReading> for ConnectorReading {
    fn from(old: OldReading) -> Self {
        Self {
            read_as: old.read_as,
            folder: old.folder,
            mailbox: old.mailbox,
            create_mailboxes: old.create_mailboxes,
            mapping: old.mapping,
            region: old.region,
            mapping_only: old.mapping_only,
            timezone: old.timezone,
            date_order: old.date_order,
            trust: None,
            user_header: None,
        }
    }
}

impl Record for ConnectorRun {
    const NAME: &'static str = "a run of a connector";
}

impl Record for Delivery {
    const NAME: &'static str = "a delivery";
}

/// All connectors, removed ones included, in the order of adding.
///
/// # Errors
/// The store failed.
pub fn connectors(tables: &impl Tables) -> Result<Vec<Connector>> {
    let table = tables.table(CONNECTORS)?;
    let rows = table.iter().map_err(failed("read the connectors"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the connectors"))?.1.value())).collect()
}

/// Adds a connector under the next number; its `no` is ignored.
///
/// # Errors
/// The store failed.
pub fn insert_connector(transaction: &Transaction, mut connector: Connector) -> Result<Connector> {
    connector.no = ConnectorNo(transaction.next("connector")?);
    put_connector(transaction, &connector)?;
    Ok(connector)
}

/// Writes a connector under its number.
///
/// # Errors
/// The store failed.
pub fn put_connector(transaction: &Transaction, connector: &Connector) -> Result<()> {
    let bytes = codec::encode(connector)?;
    transaction.writable(CONNECTORS)?.insert(connector.no.0, bytes.as_slice()).map_err(failed("write a connector"))?;
    Ok(())
}

/// The runs of a connector, in order.
///
/// # Errors
/// The store failed.
pub fn connector_runs(tables: &impl Tables, connector: ConnectorNo) -> Result<Vec<ConnectorRun>> {
    let table = tables.table(CONNECTOR_RUNS)?;
    let rows = table.range((connector.0, 0)..=(connector.0, u64::MAX)).map_err(failed("read the runs"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the runs"))?.1.value())).collect()
}

/// The newest run of a connector.
///
/// # Errors
/// The store failed.
pub fn last_connector_run(tables: &impl Tables, connector: ConnectorNo) -> Result<Option<ConnectorRun>> {
    let table = tables.table(CONNECTOR_RUNS)?;
    let mut rows = table.range((connector.0, 0)..=(connector.0, u64::MAX)).map_err(failed("read the runs"))?;
    rows.next_back().map(|row| codec::decode(row.map_err(failed("read the runs"))?.1.value())).transpose()
}

/// Writes a run under its number.
///
/// # Errors
/// The store failed.
pub fn put_connector_run(transaction: &Transaction, run: &ConnectorRun) -> Result<()> {
    let bytes = codec::encode(run)?;
    let mut table = transaction.writable(CONNECTOR_RUNS)?;
    table.insert((run.connector.0, run.no), bytes.as_slice()).map_err(failed("write a run"))?;
    Ok(())
}

/// The delivery that a connector took under the key `id`.
///
/// # Errors
/// The store failed.
pub fn delivery(tables: &impl Tables, connector: ConnectorNo, id: &str) -> Result<Option<Delivery>> {
    let table = tables.table(DELIVERIES)?;
    let row = table.get((connector.0, id)).map_err(failed("read a delivery"))?;
    row.map(|row| codec::decode(row.value())).transpose()
}

/// Key and row of a delivery with the digest that a connector took, from the same place of a mail store.
///
/// # Errors
/// The store failed.
pub fn delivery_by_digest(
    tables: &impl Tables,
    connector: ConnectorNo,
    digest: &Digest,
    place: &str,
) -> Result<Option<(String, Delivery)>> {
    let keys = tables.table(DELIVERY_DIGESTS)?;
    let prefix = digest.prefix();
    // Keys of one prefix stand together, and no key comes before that with an empty id.
    for row in keys.range((connector.0, prefix, "")..).map_err(failed("read the digests of deliveries"))? {
        let (key, _) = row.map_err(failed("read the digests of deliveries"))?;
        let (owner, found, id) = key.value();
        if (owner, found) != (connector.0, prefix) {
            break;
        }
        if let Some(row) = delivery(tables, connector, id)?.filter(|row| row.digest == *digest && row.place == place) {
            return Ok(Some((id.to_owned(), row)));
        }
    }
    Ok(None)
}

/// Marks a delivery as taken, in the transaction that holds its last record.
///
/// # Errors
/// The store failed.
pub fn put_delivery(transaction: &Transaction, connector: ConnectorNo, id: &str, row: &Delivery) -> Result<()> {
    let before = delivery(transaction, connector, id)?;
    let mut digests = transaction.writable(DELIVERY_DIGESTS)?;
    if let Some(before) = before {
        digests.remove((connector.0, before.digest.prefix(), id)).map_err(failed("write the digest of a delivery"))?;
    }
    let key = (connector.0, row.digest.prefix(), id);
    digests.insert(key, ()).map_err(failed("write the digest of a delivery"))?;
    let bytes = codec::encode(row)?;
    let mut table = transaction.writable(DELIVERIES)?;
    table.insert((connector.0, id), bytes.as_slice()).map_err(failed("write a delivery"))?;
    Ok(())
}
