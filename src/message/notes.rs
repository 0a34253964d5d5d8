//! What was wrong with a message, gathered while it is read.

use crate::model::{Defect, DocumentProperties};

/// Most notes of one sort that are kept; a last one says that there were more.
const LIMIT: usize = 1_000;

/// Defects, and reasons why not everything can be searched.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Damage.
    pub(super) defects: Vec<Defect>,
    /// Why something is not found by search.
    pub(super) partially_indexed: Vec<Defect>,
    /// What attached documents say of themselves.
    pub(super) documents: DocumentProperties,
}

impl Notes {
    /// Records damage; the same one twice is said once.
    pub(super) fn defect(&mut self, code: &str, detail: impl Into<String>) {
        add(&mut self.defects, Defect::new(code, detail));
    }

    /// Records that something cannot be searched.
    pub(super) fn partial(&mut self, code: &str, detail: impl Into<String>) {
        add(&mut self.partially_indexed, Defect::new(code, detail));
    }
}

fn add(list: &mut Vec<Defect>, defect: Defect) {
    if list.len() < LIMIT && !list.contains(&defect) {
        list.push(defect);
    } else if list.len() == LIMIT {
        list.push(Defect::new("more", format!("there is more than the {LIMIT} entries listed")));
    }
}
