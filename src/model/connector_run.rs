//! One run of a connector, and what it fetched.

use serde::{Deserialize, Serialize};

use super::{Actor, BatchNo, ConnectorNo, Digest, UtcTime};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// At work; found when nothing runs, it means that the run was killed.
    Running,
    /// All that was new was taken.
    Complete,
    /// Some of what was new could not be read; the next run tries it again.
    Partly,
    /// Stopped because somebody asked; the next run takes the rest.
    Interrupted,
    /// Ended by an error; what was taken before it stays.
    Failed,
}

/// Counts of a run: `listed = known + recognised + taken + failed`, and what a run that did not end had not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunCounts {
    /// Deliveries that the source listed.
    pub listed: u64,
    /// Deliveries taken by an earlier run, and unchanged since.
    pub known: u64,
    /// Deliveries with the bytes of one that was taken, under another name or time; not offered again.
    pub recognised: u64,
    /// Deliveries read to their end, with all of their records on disk.
    pub taken: u64,
    /// Deliveries that could not be fetched or read; tried again by the next run.
    pub failed: u64,
}

/// A delivery that could not be fetched or read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedDelivery {
    /// Its key in the source.
    pub id: String,
    /// Why, and what to do.
    pub reason: String,
}

/// One run of a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorRun {
    /// Whose run.
    pub connector: ConnectorNo,
    /// Its number, from 1 for each connector.
    pub no: u64,
    /// Who ran it.
    pub actor: Actor,
    /// When it began.
    pub started_at: UtcTime,
    /// When it ended; `None` while it is at work, and for ever if it was killed.
    pub ended_at: Option<UtcTime>,
    /// How it ended.
    pub state: RunState,
    /// The batch that took what was new; `None` if nothing was.
    pub batch: Option<BatchNo>,
    /// The error that ended it.
    pub error: Option<String>,
    /// What it met.
    pub counts: RunCounts,
    /// The first of those that could not be read, at most [`ConnectorRun::LISTED_FAILURES`].
    pub failures: Vec<FailedDelivery>,
}

impl ConnectorRun {
    /// Failures that are kept with a run.
    pub const LISTED_FAILURES: usize = 100;
}

/// A delivery that was taken whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The version that the source gave it.
    pub version: String,
    /// Digest of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// The folder of a mail store that it lies in, where that decides over the folder of its messages; else empty.
    pub place: String,
    /// The batch that took it, or that took the delivery with the same bytes.
    pub batch: BatchNo,
    /// The delivery with the same bytes that was taken in its stead.
    pub same_as: Option<String>,
    /// When.
    pub at: UtcTime,
}
