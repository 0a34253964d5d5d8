//! Results that are kept: proved by a digest, compared item by item.

use roaring::RoaringTreemap;
use sha2::{Digest as _, Sha256};

use super::saved::described;
use super::{Answer, SearchRequest};
use crate::archive::Archive;
use crate::model::{Digest, FrozenSearch, ItemNo, MessageNo, ResultDigest, SavedSearch, SearchText, UtcTime};
use crate::store::{
    ItemReader, Snapshot, disposition_record, folder, frozen_items, frozen_searches, insert_frozen_search, item,
    last_message, mailbox, message, saved_search,
};
use crate::{Error, Result};

/// A frozen result, checked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedResult {
    /// As it was frozen.
    pub frozen: FrozenSearch,
    /// Items of it that were disposed of since. Their digests are in the disposition records.
    pub disposed: u64,
    /// Whether the items that were kept, and the digests of their messages, still give the digest of the result.
    pub is_intact: bool,
}

/// An item that only one of two results has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferingItem {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of the message.
    pub digest: Digest,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// When it was disposed of, if it was.
    pub disposed_at: Option<UtcTime>,
}

/// Two results compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultDifference {
    /// The earlier: `NAME@N`.
    pub from: String,
    /// The later: `NAME@N`, or `now`.
    pub to: String,
    /// Items that only the later has.
    pub added: u64,
    /// Items that only the earlier has.
    pub removed: u64,
    /// Items that both have.
    pub unchanged: u64,
    /// How both were read, if that is not the same.
    pub read_as: Option<(String, String)>,
}

impl Archive {
    /// Keeps what a saved search finds now. With `search`, it is saved under the name first.
    ///
    /// # Errors
    /// There is no such search; or the name stands for another one; or as [`Archive::search`].
    pub fn freeze_search(&mut self, name: &str, search: Option<&SearchText>) -> Result<FrozenSearch> {
        if let Some(search) = search {
            self.save_search(name, search, false)?;
        }
        let (SavedSearch { search, .. }, earlier) = self.saved_search(name)?;
        let answer = self.counted(&SearchRequest::from(&search))?;
        let items = answer.items()?;
        let numbers: RoaringTreemap = items.iter().map(|(item, _)| item.0).collect();
        let (people, warnings) = (answer.report.people.iter(), answer.report.warnings.iter());
        let frozen = FrozenSearch {
            name: name.to_owned(),
            no: earlier.last().map_or(0, |frozen| frozen.no) + 1,
            read_as: answer.report.read_as.clone(),
            people: people.map(|p| (format!("{}:{}", p.property, p.value), p.names.clone())).collect(),
            warnings: warnings.map(|w| (w.code.to_owned(), w.offset as u64, w.message.clone())).collect(),
            frozen_at: self.act_time(&answer.snapshot)?,
            frozen_by: self.session.actor.clone(),
            last_message: last_message(&answer.snapshot)?,
            index_rules: crate::index::RULES,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            messages: answer.report.messages,
            items: answer.report.items,
            bytes: answer.report.bytes,
            partially_indexed: answer.report.partially_indexed,
            result: answer.digest(&items)?,
            search,
        };
        let transaction = self.store.begin()?;
        insert_frozen_search(&transaction, &frozen, &numbers)?;
        let outcome = format!(
            "{} messages, {} items, {} partially indexed in scope; result SHA-256 {}; {}; read as {}",
            frozen.messages,
            frozen.items,
            frozen.partially_indexed,
            frozen.result,
            described(&frozen.search),
            frozen.read_as
        );
        self.record(&transaction, "search.freeze", &frozen.label(), &outcome)?;
        transaction.commit()?;
        Ok(frozen)
    }

    /// A frozen result by `NAME@N`, or the newest of `NAME`, checked against what the archive has of its items.
    ///
    /// # Errors
    /// There is none.
    pub fn frozen_search(&self, label: &str) -> Result<CheckedResult> {
        let snapshot = self.store.snapshot()?;
        let frozen = find(&snapshot, label)?;
        checked(&snapshot, frozen)
    }

    /// Compares a frozen result with another one, or with what the same search finds now. `begin` is told the counts, then
    /// `visit` gets each item that only one of them has, and whether it was added.
    ///
    /// # Errors
    /// One of them does not exist; or as [`Archive::search`].
    pub fn compare_results(
        &mut self,
        from: &str,
        to: Option<&str>,
        begin: &mut dyn FnMut(&ResultDifference) -> Result<()>,
        visit: &mut dyn FnMut(bool, &DifferingItem) -> Result<()>,
    ) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let earlier = find(&snapshot, from)?;
        let before = frozen_items(&snapshot, &earlier)?;
        let (to, read_as, after) = if let Some(label) = to {
            let later = find(&snapshot, label)?;
            (later.label(), later.read_as.clone(), frozen_items(&snapshot, &later)?)
        } else {
            let answer = self.counted(&SearchRequest::from(&earlier.search))?;
            let items = answer.items()?.into_iter().map(|(item, _)| item.0).collect();
            ("now".to_owned(), answer.report.read_as, items)
        };
        let (added, removed) = (&after - &before, &before - &after);
        let difference = ResultDifference {
            from: earlier.label(),
            added: added.len(),
            removed: removed.len(),
            unchanged: before.intersection_len(&after),
            read_as: Some((earlier.read_as.clone(), read_as.clone())).filter(|_| earlier.read_as != read_as),
            to,
        };
        let ResultDifference { from, to, added: more, removed: fewer, .. } = &difference;
        self.record_alone("search.diff", &format!("{from} {to}"), &format!("{more} items added, {fewer} removed"))?;
        begin(&difference)?;
        let snapshot = self.store.snapshot()?;
        for (is_added, items) in [(true, &added), (false, &removed)] {
            for no in items {
                let known = known(&snapshot, ItemNo(no))?.ok_or_else(|| {
                    Error::Corrupt(format!(
                        "item {no} of a result is neither in the archive nor among what was disposed of"
                    ))
                })?;
                visit(is_added, &known)?;
            }
        }
        Ok(())
    }
}

impl Answer {
    /// The items in scope that match, by number, each with its message.
    fn items(&self) -> Result<Vec<(ItemNo, MessageNo)>> {
        let mut items = Vec::with_capacity(usize::try_from(self.report.items).unwrap_or(0));
        let mut reader = ItemReader::new(&self.snapshot)?;
        for message in self.messages.iter().map(MessageNo) {
            let own = reader.of_message(message)?.into_iter();
            items.extend(own.filter(|item| self.scope.contains(item)).map(|item| (item.no, message)));
        }
        items.sort_unstable();
        Ok(items)
    }

    fn digest(&self, items: &[(ItemNo, MessageNo)]) -> Result<ResultDigest> {
        let mut hash = Sha256::new();
        for (item, no) in items {
            let row = message(&self.snapshot, *no)?.ok_or_else(|| super::hits::missing(*no))?;
            hash.update(line(*item, &row.digest));
        }
        Ok(ResultDigest(hash.finalize().into()))
    }
}

/// A frozen result, checked against what the archive has of its items.
pub(in crate::archive) fn checked(snapshot: &Snapshot, frozen: FrozenSearch) -> Result<CheckedResult> {
    let mut hash = Sha256::new();
    let (mut disposed, mut count) = (0, 0);
    for no in &frozen_items(snapshot, &frozen)? {
        let Some(known) = known(snapshot, ItemNo(no))? else { continue };
        disposed += u64::from(known.disposed_at.is_some());
        count += 1;
        hash.update(line(known.item, &known.digest));
    }
    let is_intact = count == frozen.items && ResultDigest(hash.finalize().into()) == frozen.result;
    Ok(CheckedResult { frozen, disposed, is_intact })
}

/// The line of an item in what is hashed of a result.
fn line(item: ItemNo, digest: &Digest) -> String {
    format!("{item}\t{digest}\n")
}

pub(super) fn find(snapshot: &Snapshot, label: &str) -> Result<FrozenSearch> {
    let (name, no) = match label.rsplit_once('@') {
        Some((name, no)) => (name, no.parse::<u64>().ok()),
        None => (label, None),
    };
    if saved_search(snapshot, name)?.is_none() {
        return Err(Error::NotFound { what: "saved search", id: name.to_owned() });
    }
    let frozen = frozen_searches(snapshot, name)?.into_iter();
    let found = match no {
        Some(no) => frozen.into_iter().find(|frozen| frozen.no == no),
        None if label == name => frozen.last(),
        None => None,
    };
    found.ok_or_else(|| Error::NotFound { what: "frozen result", id: label.to_owned() })
}

/// What the archive knows of an item, disposed of or not.
fn known(snapshot: &Snapshot, no: ItemNo) -> Result<Option<DifferingItem>> {
    if let Some(item) = item(snapshot, no)? {
        let row = message(snapshot, item.message)?
            .ok_or_else(|| Error::Corrupt(format!("item {no} refers to message {}, which is missing", item.message)))?;
        return Ok(Some(DifferingItem {
            item: no,
            message: item.message,
            digest: row.digest,
            mailbox: mailbox(snapshot, item.mailbox)?.address,
            folder: folder(snapshot, item.folder)?.path,
            disposed_at: None,
        }));
    }
    let record = disposition_record(snapshot, no)?;
    Ok(record.map(|record| DifferingItem {
        item: no,
        message: record.message,
        digest: record.digest,
        mailbox: record.mailbox,
        folder: record.folder,
        disposed_at: Some(record.disposed_at),
    }))
}
