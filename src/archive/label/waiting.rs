//! Labels whose query may set them on items that carry none, of which nobody knows.

use std::collections::HashSet;

use crate::model::{LabelId, RetentionLabel};

/// The labels whose query cannot be read, and the younger ones with a query, each with the reason: of several queries the
/// one of the oldest label counts, so that the younger have to wait.
pub(in crate::archive) fn waiting(labels: &[RetentionLabel]) -> Vec<(&RetentionLabel, String)> {
    let mut with_query: Vec<&RetentionLabel> = labels.iter().filter(|label| label.query.is_some()).collect();
    // One that is not there yet has no number.
    with_query.sort_by_key(|label| if label.no == 0 { u64::MAX } else { label.no });
    let first = with_query.iter().position(|label| label.refused.is_some());
    let waiting = with_query.split_off(first.unwrap_or(with_query.len()));
    let older = waiting.first().map(|label| label.name.clone()).unwrap_or_default();
    let why = |label: &RetentionLabel| match &label.refused {
        Some(why) => format!("its query cannot be read: {why}"),
        None => format!("label `{older}` comes before it, whose query cannot be read"),
    };
    waiting.into_iter().map(|label| (label, why(label))).collect()
}

/// The ids of those that are [`waiting`].
pub(in crate::archive) fn waiting_ids(labels: &[RetentionLabel]) -> HashSet<LabelId> {
    waiting(labels).into_iter().map(|(label, _)| label.id).collect()
}
