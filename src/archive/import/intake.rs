//! The deliveries of a connector, each marked as taken in the commit that holds its last record.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::pipeline::Offered;
use crate::Result;
use crate::connector::file_version;
use crate::model::{BatchNo, ConnectorRun, Delivery, Digest, FailedDelivery, UtcTime};
use crate::store::{Transaction, put_connector_run, put_delivery};

/// The deliveries of one run of a connector.
pub(in crate::archive) struct Intake {
    /// The run, written with every commit.
    pub(in crate::archive) run: ConnectorRun,
    /// Deliveries to be read, by the path that they are read from.
    expected: HashMap<PathBuf, Expected>,
    /// Where deliveries to be read lie, by digest and place.
    paths: HashMap<(Digest, String), PathBuf>,
    /// Deliveries with the bytes of one that was taken before, written with the next commit.
    recognised: Vec<(String, Delivery)>,
    /// The folder that fetched deliveries lie in, and the name that stands for it.
    spool: Option<(PathBuf, String)>,
}

/// A delivery to be read.
pub(in crate::archive) struct Expected {
    /// Its key in the source.
    pub(in crate::archive) id: String,
    /// Its version there.
    pub(in crate::archive) version: String,
    /// Digest of its bytes.
    pub(in crate::archive) digest: Digest,
    /// Its size.
    pub(in crate::archive) bytes: u64,
    /// The folder of a mail store that it lies in.
    pub(in crate::archive) place: String,
    /// Keys and versions of others with the same bytes.
    pub(in crate::archive) others: Vec<(String, String)>,
    /// Whether it is read where others may write to it.
    pub(in crate::archive) in_place: bool,
}

impl Intake {
    /// `spool`: the folder that fetched deliveries lie in, and the name of the connector.
    pub(in crate::archive) fn new(run: ConnectorRun, spool: Option<(PathBuf, String)>) -> Self {
        Self { run, expected: HashMap::new(), paths: HashMap::new(), recognised: Vec::new(), spool }
    }

    /// A delivery may be read from `path`. It need not be, and goes with the other, if one with the same bytes is to be
    /// read already: whether it is to be read.
    pub(in crate::archive) fn expect(&mut self, path: PathBuf, delivery: Expected) -> bool {
        let key = (delivery.digest, delivery.place.clone());
        if let Some(first) = self.paths.get(&key).and_then(|path| self.expected.get_mut(path)) {
            first.others.push((delivery.id, delivery.version));
            return false;
        }
        self.paths.insert(key, path.clone());
        self.expected.insert(path, delivery);
        true
    }

    /// A delivery has the bytes of one that was taken before.
    pub(in crate::archive) fn recognise(&mut self, id: String, row: Delivery) {
        self.run.counts.recognised += 1;
        self.recognised.push((id, row));
    }

    /// A delivery could not be fetched or read; the next run tries it again.
    pub(in crate::archive) fn fail(&mut self, id: String, reason: String) {
        self.run.counts.failed += 1;
        if self.run.failures.len() < ConnectorRun::LISTED_FAILURES {
            self.run.failures.push(FailedDelivery { id, reason });
        }
    }

    /// Notes what the pipeline says about whole deliveries, and names them as people know them.
    pub(super) fn meet(&mut self, mut offered: Offered) -> Offered {
        if let Offered::Failed(rejection) = &offered
            && let Some(delivery) = self.delivery_of(&rejection.origin)
        {
            self.fail_all(delivery, &rejection.reason);
        }
        match &mut offered {
            Offered::Rejected(rejection) | Offered::Failed(rejection) => self.rename(&mut rejection.origin),
            Offered::Message { origin, .. } => self.rename(origin),
            Offered::Opened { path, .. } => {
                if let Some((spool, name)) = &self.spool
                    && let Ok(below) = path.strip_prefix(spool)
                {
                    *path = Path::new(name).join(below);
                }
            }
            Offered::Closed(_) | Offered::Finished(..) => {}
        }
        offered
    }

    fn rename(&self, origin: &mut String) {
        let Some((spool, name)) = &self.spool else { return };
        if let Some(below) = spool.to_str().and_then(|spool| origin.strip_prefix(spool)) {
            *origin = format!("{name}{below}");
        }
    }

    /// The delivery that a place lies in, of which nothing more is expected then.
    fn delivery_of(&mut self, origin: &str) -> Option<Expected> {
        let ends = origin.char_indices().filter(|(_, c)| matches!(c, '/' | '#')).map(|(at, _)| at);
        let mut paths = ends.chain([origin.len()]).rev().filter_map(|end| origin.get(..end));
        paths.find_map(|path| self.expected.remove(Path::new(path)))
    }

    fn fail_all(&mut self, delivery: Expected, reason: &str) {
        for (id, _) in delivery.others {
            self.fail(id, reason.to_owned());
        }
        self.fail(delivery.id, reason.to_owned());
    }

    /// The delivery at `path` was read to its end: marks it as taken, unless this machine failed in between.
    pub(super) fn finish(
        &mut self,
        transaction: &Transaction,
        path: &Path,
        fault: Option<&str>,
        now: UtcTime,
    ) -> Result<()> {
        let Some(delivery) = self.expected.remove(path) else { return Ok(()) };
        if let Some(fault) = fault {
            self.fail_all(
                delivery,
                &format!("this machine failed while it was read ({fault}); the next run tries again"),
            );
            return Ok(());
        }
        if delivery.in_place && file_version(path).ok().as_ref() != Some(&delivery.version) {
            self.fail_all(delivery, "it was changed while it was read; the next run reads it again");
            return Ok(());
        }
        let Expected { id, version, digest, bytes, place, others, .. } = delivery;
        let batch = self.run.batch.unwrap_or(BatchNo(0));
        let row = Delivery { version, digest, bytes, place, batch, same_as: None, at: now };
        put_delivery(transaction, self.run.connector, &id, &row)?;
        self.run.counts.taken += 1;
        for (other, version) in others {
            self.run.counts.recognised += 1;
            let row = Delivery { version, same_as: Some(id.clone()), ..row.clone() };
            put_delivery(transaction, self.run.connector, &other, &row)?;
        }
        Ok(())
    }

    /// Writes the run as it stands, and what was recognised since.
    pub(in crate::archive) fn write(&mut self, transaction: &Transaction) -> Result<()> {
        for (id, row) in self.recognised.drain(..) {
            put_delivery(transaction, self.run.connector, &id, &row)?;
        }
        put_connector_run(transaction, &self.run)
    }

    /// All of what was expected was read: what neither ended nor was rejected failed.
    pub(super) fn close_round(&mut self) {
        self.paths.clear();
        for (_, delivery) in std::mem::take(&mut self.expected) {
            self.fail_all(delivery, "it was not read to its end; the next run tries again");
        }
    }
}
