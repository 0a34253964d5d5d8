//! `connector status`: what runs did, and what waits.

use std::collections::{HashMap, HashSet};

use crate::Result;
use crate::archive::Archive;
use crate::archive::import::time_zone;
use crate::model::{BatchNo, Connector, ConnectorRun, Ledger, RunState, TimeZone, UtcTime};
use crate::store::{batch, connector_runs, quarantined_messages, timezone};

/// Time after the begin of a run that failed, after which it is tried again: one hour.
const RETRY_MILLISECONDS: i64 = 3_600_000;

/// What is known of a connector's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorStatus {
    /// The connector.
    pub connector: Connector,
    /// Its runs, the newest first, each with the ledger of its batch.
    pub runs: Vec<(ConnectorRun, Option<Ledger>)>,
    /// Messages that it brought and that wait in quarantine.
    pub waiting: u64,
    /// When `--watch` runs it next: at once if it never ran, or was killed or interrupted; at most an hour after a failure.
    /// `None` if it was removed.
    pub next_run: Option<UtcTime>,
}

impl Archive {
    /// What is known of the work of one connector, or of all, removed ones included.
    ///
    /// # Errors
    /// There is none of this name, or the store failed.
    pub fn connector_status(&self, name: Option<&str>) -> Result<Vec<ConnectorStatus>> {
        let snapshot = self.store.snapshot()?;
        let all = match name {
            Some(name) => vec![self.show_connector(name)?],
            None => self.list_connectors()?,
        };
        let zone = time_zone(&timezone(&snapshot)?)?;
        let mut waiting: HashMap<BatchNo, u64> = HashMap::new();
        for row in quarantined_messages(&snapshot)? {
            *waiting.entry(row.batch).or_default() += 1;
        }
        let mut status = Vec::with_capacity(all.len());
        for connector in all {
            let runs = connector_runs(&snapshot, connector.no)?;
            let batches: HashSet<BatchNo> = runs.iter().filter_map(|run| run.batch).collect();
            let next_run = runs.last().map_or(connector.added_at, |run| due(&connector, run, &zone));
            let mut with_ledgers = Vec::with_capacity(runs.len());
            for run in runs.into_iter().rev() {
                let ledger = run.batch.map(|no| batch(&snapshot, no)).transpose()?.map(|batch| batch.ledger);
                with_ledgers.push((run, ledger));
            }
            status.push(ConnectorStatus {
                waiting: batches.iter().filter_map(|batch| waiting.get(batch)).sum(),
                next_run: Some(next_run).filter(|_| connector.removed.is_none()),
                runs: with_ledgers,
                connector,
            });
        }
        Ok(status)
    }
}

/// When the run after `run` is due.
fn due(connector: &Connector, run: &ConnectorRun, zone: &TimeZone) -> UtcTime {
    let next = connector.schedule.next_after(run.started_at, zone);
    match run.state {
        RunState::Complete | RunState::Partly => next,
        RunState::Failed => next.min(UtcTime(run.started_at.0.saturating_add(RETRY_MILLISECONDS))),
        RunState::Running | RunState::Interrupted => run.started_at,
    }
}
