//! Some of the items that each rule deletes, to be looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::Result;
use crate::archive::Archive;
use crate::archive::follow::listed_facts;
use crate::model::{Item, ItemNo, UtcTime};
use crate::store::{ContentReader, Snapshot, mailbox, message};
use crate::{Error, message::Facts};

/// Samples of each rule.
const EACH: usize = 3;

/// One of the first items that a rule deletes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SampledItem {
    /// The rule that deletes it.
    pub rule: String,
    /// The item.
    #[serde(serialize_with = "super::as_text")]
    pub item: ItemNo,
    /// Address of its mailbox.
    pub mailbox: String,
    /// When it was received, else sent, else captured.
    pub created_at: UtcTime,
    /// Subject of the message.
    pub subject: String,
}

/// The first items that each rule deletes.
#[derive(Default)]
pub(super) struct Samples(BTreeMap<Arc<str>, Vec<Item>>);

impl Samples {
    pub(super) fn add(&mut self, rule: Option<&Arc<str>>, item: &Item) {
        let Some(rule) = rule else { return };
        match self.0.get_mut(rule) {
            Some(items) if items.len() >= EACH => {}
            Some(items) => items.push(*item),
            None => drop(self.0.insert(Arc::clone(rule), vec![*item])),
        }
    }

    /// Adds those of other items; the first of all stay.
    pub(super) fn add_all(&mut self, others: Self) {
        for (rule, items) in others.0 {
            let all = self.0.entry(rule).or_default();
            all.extend(items);
            all.sort_by_key(|item| item.no);
            all.truncate(EACH);
        }
    }
}

impl Archive {
    /// The samples with what people know them by.
    pub(super) fn sampled(&self, snapshot: &Snapshot, samples: &Samples) -> Result<Vec<SampledItem>> {
        let mut reader = ContentReader::new(snapshot)?;
        let mut sampled = Vec::new();
        for (rule, item) in samples.0.iter().flat_map(|(rule, items)| items.iter().map(move |item| (rule, item))) {
            let row = message(snapshot, item.message)?;
            let row = row.ok_or_else(|| Error::Corrupt(format!("message {} is not there", item.message)))?;
            let Facts { subject, .. } = listed_facts(&self.directory, &mut reader, &row)?;
            sampled.push(SampledItem {
                rule: rule.to_string(),
                item: item.no,
                mailbox: mailbox(snapshot, item.mailbox)?.address,
                created_at: item.created_at,
                subject,
            });
        }
        Ok(sampled)
    }
}
