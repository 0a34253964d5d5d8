//! The queries of policies and labels, read by the rules of searching that hold now. What older rules read, newer ones may
//! refuse: then nobody knows what the rule covers. It is taken to cover all that it may, and deletes nothing of it.

use serde::Serialize;

use super::Archive;
use super::label::waiting;
use crate::model::{MessageNo, RetentionLabel, RetentionPolicy};
use crate::retention::Source;
use crate::store::{Tables, Transaction, labels, policies, put_label, put_policy};
use crate::{Error, Result};

/// A rule in force of which nobody knows what its query covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadRule {
    /// A policy or a label.
    pub source: Source,
    /// Its name.
    pub name: String,
    /// Why nobody knows.
    pub why: String,
}

impl Archive {
    /// Notes which policies and labels have a query that cannot be read, and which can be again. What can be read may still
    /// be refused when it is evaluated.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn read_rule_queries(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let (mut changed_policies, mut changed_labels) = (Vec::new(), Vec::new());
        for policy in policies(&snapshot)? {
            let refused = self.refusal(policy.query.as_deref(), policy.refused.as_deref())?;
            if refused != policy.refused {
                changed_policies.push((policy, refused));
            }
        }
        for label in labels(&snapshot)? {
            let refused = self.refusal(label.query.as_deref(), label.refused.as_deref())?;
            if refused != label.refused {
                changed_labels.push((label, refused));
            }
        }
        if changed_policies.is_empty() && changed_labels.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for (policy, refused) in changed_policies {
            self.note_policy(&transaction, policy, refused)?;
        }
        for (label, refused) in changed_labels {
            self.note_label(&transaction, label, refused)?;
        }
        transaction.commit()
    }

    /// Why a query cannot be read, if it cannot. One that was refused before is tried on everything: it may be a message that
    /// it cannot be evaluated on.
    fn refusal(&self, query: Option<&str>, before: Option<&str>) -> Result<Option<String>> {
        let Some(text) = query else { return Ok(None) };
        let read = self.stored_query(text).and_then(|query| match before {
            Some(_) => self.index.matches(&query, MessageNo(0)).map(drop),
            None => Ok(()),
        });
        or_refusal(read).map(std::result::Result::err)
    }

    /// Writes that the query of a policy cannot be read, or can be again: it is to be evaluated anew.
    pub(super) fn note_policy(
        &self,
        transaction: &Transaction,
        policy: RetentionPolicy,
        refused: Option<String>,
    ) -> Result<()> {
        let outcome = in_words(&policy.name, refused.as_deref());
        self.record(transaction, "retention.policy.read", &policy.id.to_string(), &outcome)?;
        put_policy(transaction, &RetentionPolicy { refused, evaluated_rules: 0, ..policy })
    }

    /// Writes that the query of a label cannot be read, or can be again: it is to be offered anew. Those that wait for it go on
    /// where they stopped.
    pub(super) fn note_label(
        &self,
        transaction: &Transaction,
        label: RetentionLabel,
        refused: Option<String>,
    ) -> Result<()> {
        let outcome = in_words(&label.name, refused.as_deref());
        self.record(transaction, "retention.label.read", &label.id.to_string(), &outcome)?;
        put_label(transaction, &RetentionLabel { refused, offered_rules: 0, ..label })
    }

    /// The rules in force of which nobody knows what their query covers, as last noted.
    ///
    /// # Errors
    /// The store failed.
    pub fn unread_rules(&self) -> Result<Vec<UnreadRule>> {
        unread_rules(&self.store.snapshot()?)
    }
}

/// What was done with a query; or why the query is refused.
///
/// # Errors
/// Something else failed.
pub(super) fn or_refusal<T>(done: Result<T>) -> Result<std::result::Result<T, String>> {
    match done {
        Err(refusal @ Error::Query { .. }) => Ok(Err(refusal.to_string())),
        done => done.map(Ok),
    }
}

fn in_words(name: &str, refused: Option<&str>) -> String {
    match refused {
        Some(why) => format!("{name}: its query cannot be read: {why}; it is taken to cover all that it may"),
        None => format!("{name}: its query can be read again"),
    }
}

/// The rules in force of which nobody knows what their query covers.
pub(super) fn unread_rules(tables: &impl Tables) -> Result<Vec<UnreadRule>> {
    let mut unread = Vec::new();
    for policy in policies(tables)? {
        if let (Some(why), None) = (policy.refused, policy.released) {
            let why = format!("its query cannot be read: {why}");
            unread.push(UnreadRule { source: Source::Policy, name: policy.name, why });
        }
    }
    for (label, why) in waiting(&labels(tables)?) {
        unread.push(UnreadRule { source: Source::Label, name: label.name.clone(), why });
    }
    Ok(unread)
}
