//! Labels whose query may set them on items that carry none, of which nobody knows.

use std::collections::HashSet;

use roaring::RoaringTreemap;

use crate::Result;
use crate::archive::Archive;
use crate::archive::rule_query::or_refusal;
use crate::index::RULES;
use crate::model::{LabelEvaluation, LabelId, MessageNo, RetentionLabel};
use crate::store::{MessageSet, Transaction, extend_set, labels, last_message, put_label, replace_set};

/// The labels whose query cannot be read, and the younger ones with a query, each with the reason, the oldest first: of
/// several queries the one of the oldest label counts, so that the younger have to wait.
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

/// The last message of which it is known whether the query of a label that waits finds it, by the rules of searching that
/// are in use.
pub(super) fn known_through(label: &RetentionLabel) -> MessageNo {
    let evaluation = label.evaluation.filter(|found| found.rules == RULES && label.refused.is_none());
    evaluation.map_or(MessageNo(0), |found| found.through)
}

/// Forgets what the query of a label finds while it waits; returns the label without it, to be written.
pub(in crate::archive) fn forget_matches(transaction: &Transaction, label: RetentionLabel) -> Result<RetentionLabel> {
    replace_set(transaction, MessageSet::LabelMatches(label.id), &RoaringTreemap::new())?;
    Ok(RetentionLabel { evaluation: None, ..label })
}

impl Archive {
    /// Finds what the queries of labels find that can be read and wait for an older one: nothing else can come to carry them.
    /// Of those that no longer wait it is forgotten.
    pub(super) fn evaluate_waiting_labels(&self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let (all, last) = (labels(&snapshot)?, last_message(&snapshot)?);
        let waits = waiting_ids(&all);
        let mut evaluated = Vec::new();
        for label in all {
            let (through, is_known) =
                (known_through(&label), label.evaluation.is_some_and(|found| found.rules == RULES));
            match &label.query {
                Some(query) if waits.contains(&label.id) && label.refused.is_none() => {
                    if is_known && through >= last {
                        continue;
                    }
                    let since = MessageNo(through.0 + 1);
                    let found = self.stored_query(query).and_then(|query| self.index.decisive_matches(&query, since));
                    evaluated.push((label, Some(or_refusal(found)?)));
                }
                _ if label.evaluation.is_some() => evaluated.push((label, None)),
                _ => {}
            }
        }
        if evaluated.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for (label, found) in evaluated {
            let (set, is_new) = (MessageSet::LabelMatches(label.id), known_through(&label) == MessageNo(0));
            match found {
                None => {
                    put_label(&transaction, &forget_matches(&transaction, label)?)?;
                }
                Some(Err(why)) => self.note_label(&transaction, label, Some(why))?,
                Some(Ok(found)) => {
                    if is_new {
                        replace_set(&transaction, set, &found)?;
                    } else {
                        extend_set(&transaction, set, found.iter().map(MessageNo), [])?;
                    }
                    let outcome = format!("{} finds {} more, and waits", label.name, found.len());
                    self.record(&transaction, "retention.label.evaluate", &label.id.to_string(), &outcome)?;
                    let evaluation = Some(LabelEvaluation { through: last, rules: RULES });
                    put_label(&transaction, &RetentionLabel { evaluation, ..label })?;
                }
            }
        }
        transaction.commit()
    }
}
