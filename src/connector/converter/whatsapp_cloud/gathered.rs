//! Reports that belong together: the statuses of one message, and the beginning and end of one call.

use std::collections::{HashMap, HashSet};

use super::notification::{Report, ReportKind};

/// Bytes of JSON that are kept waiting for what belongs to them (8 MiB). Beyond them all are made into records: what
/// still comes for the same message is a record of its own.
const MAX_WAITING: usize = 8 << 20;

/// What is gathered, in the order in which the first of each came.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    groups: Vec<Group>,
    places: HashMap<Key, usize>,
    /// BLAKE3 of each report with its group.
    known: HashSet<[u8; 32]>,
    bytes: usize,
}

/// Reports of one message or call: never empty, and all of one business number and sort.
#[derive(Debug)]
pub(super) struct Group {
    /// Where the first of them is.
    pub(super) place: String,
    /// They, each once.
    pub(super) reports: Vec<Report>,
}

/// Whether it is of calls, the message's or call's id, and the business's account and number.
type Key = (bool, String, String, String);

impl Gathered {
    /// Takes a status or a call with an id; gives back any other report.
    pub(super) fn add(&mut self, place: &str, report: Report) -> Option<Report> {
        let Some(key) = key(&report) else { return Some(report) };
        let next = self.groups.len();
        let at = *self.places.entry(key).or_insert(next);
        if at == next {
            self.groups.push(Group { place: place.to_owned(), reports: Vec::new() });
        }
        if let Some(group) = self.groups.get_mut(at) {
            let text = report.value.to_string();
            // Deliveries are repeated; a repeated one says nothing new.
            if self.known.insert(*blake3::hash(format!("{at} {text}").as_bytes()).as_bytes()) {
                self.bytes = self.bytes.saturating_add(text.len());
                group.reports.push(report);
            }
        }
        None
    }

    /// Whether as much is waiting as may be.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MAX_WAITING
    }

    /// All that was gathered; nothing waits any longer.
    pub(super) fn drain(&mut self) -> Vec<Group> {
        self.places.clear();
        self.known.clear();
        self.bytes = 0;
        std::mem::take(&mut self.groups)
    }
}

fn key(report: &Report) -> Option<Key> {
    let is_call = match report.kind {
        ReportKind::Call => true,
        ReportKind::Status => false,
        _ => return None,
    };
    let id = report.value.get("id")?.as_str().filter(|id| !id.is_empty())?;
    let setting = &report.setting;
    let number = [&setting.business.id, &setting.business.number].into_iter().find(|text| !text.is_empty());
    Some((is_call, id.to_owned(), setting.account.clone(), number.cloned().unwrap_or_default()))
}
