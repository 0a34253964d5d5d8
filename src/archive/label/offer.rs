//! Labels that are set by folder or by query.

use std::collections::HashSet;

use roaring::RoaringTreemap;

use super::waiting::{forget_matches, waiting_ids};
use crate::Result;
use crate::archive::Archive;
use crate::archive::rule_query::or_refusal;
use crate::index::RULES;
use crate::model::{FolderNo, Item, ItemLabel, ItemNo, LabelId, LabelOrigin, MessageNo, RetentionLabel};
use crate::store::{
    Snapshot, Transaction, folders, item_label, items_cleared_of, items_of_message, items_since, labels,
    put_item_label, put_label,
};

/// A label that is set by itself, with what it is set on.
pub(in crate::archive) struct Offer {
    pub(in crate::archive) label: RetentionLabel,
    folders: HashSet<FolderNo>,
    matches: RoaringTreemap,
    /// The last item that its query has nothing to say about.
    matched_through: ItemNo,
    /// Items that it does not come back to.
    cleared: RoaringTreemap,
    set: u64,
}

impl Offer {
    /// How it comes to an item that has no label; `None` if it does not.
    pub(in crate::archive) fn origin(&self, item: &Item) -> Option<LabelOrigin> {
        if self.cleared.contains(item.no.0) {
            return None;
        }
        if item.no > self.label.offered_through && self.folders.contains(&item.folder) {
            return Some(LabelOrigin::Folder);
        }
        (item.no > self.matched_through && self.matches.contains(item.message.0)).then_some(LabelOrigin::Query)
    }
}

/// The last item that the query of a label was asked about by the rules of searching that hold now. What a label that only
/// deletes missed is not asked about again: older versions forgot what people took it off.
pub(super) fn matched_through(label: &RetentionLabel) -> ItemNo {
    let is_current = label.offered_rules == RULES || !label.action.retains();
    if is_current { label.matched_through } else { ItemNo(0) }
}

/// The last item that a label was offered to, by folder and by query; one whose query waits is offered by folder alone.
fn offered_through(label: &RetentionLabel, waits: bool) -> Option<ItemNo> {
    let by_folder = (!label.folders.is_empty()).then_some(label.offered_through);
    let by_query = (label.query.is_some() && !waits).then(|| matched_through(label));
    by_folder.into_iter().chain(by_query).min()
}

/// Which of several offers an item that has no label gets, and how: a folder's before a query's, and the first.
pub(in crate::archive) fn chosen(offers: &[Offer], item: &Item) -> Option<(usize, LabelOrigin)> {
    let origins = || offers.iter().map(|offer| offer.origin(item)).enumerate();
    let first = |wanted| origins().find(|(_, origin)| *origin == Some(wanted));
    let (place, origin) = first(LabelOrigin::Folder).or_else(|| first(LabelOrigin::Query))?;
    origin.map(|origin| (place, origin))
}

impl Archive {
    /// Offers the labels that are set by folder or query to the items that they were not offered to yet, and where the rules
    /// of searching are new, those that retain to what their queries find now. A set label is never replaced; a folder's label
    /// comes before that of a query, and of several the oldest is set. A query that cannot be read sets nothing, nor do those
    /// of younger labels until it can. What people took off does not come back.
    pub(in crate::archive) fn offer_labels(&mut self) -> Result<()> {
        self.evaluate_waiting_labels()?;
        let snapshot = self.store.snapshot()?;
        let mut all = labels(&snapshot)?;
        let waits = waiting_ids(&all);
        all.retain(|label| offered_through(label, waits.contains(&label.id)).is_some());
        let since = all.iter().filter_map(|label| offered_through(label, waits.contains(&label.id))).min();
        let Some(since) = since else { return Ok(()) };
        let mut last = since;
        items_since(&snapshot, since, |item| {
            last = item.no;
            Ok(())
        })?;
        if last == since {
            return Ok(());
        }
        let mut offers = Vec::new();
        for label in all {
            match or_refusal(self.offer(&snapshot, label.clone(), waits.contains(&label.id)))? {
                Ok(offer) => offers.push(offer),
                Err(why) => {
                    let transaction = self.store.begin()?;
                    self.note_label(&transaction, label, Some(why))?;
                    transaction.commit()?;
                    return self.offer_labels();
                }
            }
        }
        let transaction = self.store.begin()?;
        items_since(&snapshot, since, |item| self.offer_to(&transaction, item, &mut offers))?;
        for mut offer in offers {
            if offer.set > 0 {
                let outcome = format!("{} set on {} items", offer.label.name, offer.set);
                self.record(&transaction, "retention.label.offer", &offer.label.id.to_string(), &outcome)?;
            }
            offer.label.offered_through = last;
            if !waits.contains(&offer.label.id) {
                (offer.label.matched_through, offer.label.offered_rules) = (last, RULES);
            }
            put_label(&transaction, &offer.label)?;
        }
        transaction.commit()
    }

    /// Offers the labels that are set by query to items of messages of which more is searched than when they were offered.
    pub(in crate::archive) fn offer_labels_again(
        &self,
        transaction: &Transaction,
        within: &RoaringTreemap,
    ) -> Result<()> {
        let all = labels(transaction)?;
        let waits = waiting_ids(&all);
        for label in all {
            let Some(query) = &label.query else { continue };
            if waits.contains(&label.id) {
                // It is to be asked about all of them once it can be.
                put_label(transaction, &RetentionLabel { offered_rules: 0, ..forget_matches(transaction, label)? })?;
                continue;
            }
            let found = self.stored_query(query).and_then(|query| self.index.matches_within(&query, Some(within)));
            let found = match or_refusal(found)? {
                Ok(found) => found,
                Err(why) => {
                    self.note_label(transaction, label, Some(why))?;
                    return self.offer_labels_again(transaction, within);
                }
            };
            let (cleared, mut set) = (items_cleared_of(transaction, label.id)?, 0);
            for message in &found {
                for item in items_of_message(transaction, MessageNo(message))? {
                    // What came after the last offer is offered it with the rest.
                    let is_due = item.no <= label.matched_through && !cleared.contains(item.no.0);
                    if is_due && item_label(transaction, item.no)?.is_none() {
                        self.set_offered(transaction, item.no, label.id, LabelOrigin::Query)?;
                        set += 1;
                    }
                }
            }
            if label.evaluation.is_some() {
                put_label(transaction, &forget_matches(transaction, label.clone())?)?;
            }
            if set > 0 {
                let outcome = format!("{} set on {set} items", label.name);
                self.record(transaction, "retention.label.offer", &label.id.to_string(), &outcome)?;
            }
        }
        Ok(())
    }

    /// What a label is set on; by folder alone if its query `waits`.
    pub(in crate::archive) fn offer(&self, snapshot: &Snapshot, label: RetentionLabel, waits: bool) -> Result<Offer> {
        let listed: HashSet<String> = label.folders.iter().map(|path| path.to_lowercase()).collect();
        let covered = folders(snapshot)?.into_iter().filter(|folder| listed.contains(&folder.path.to_lowercase()));
        let folders = covered.map(|folder| folder.no).collect();
        let matches = match &label.query {
            Some(query) if !waits => self.index.matches(&self.stored_query(query)?, MessageNo(0))?,
            _ => RoaringTreemap::new(),
        };
        let (matched_through, cleared) = (matched_through(&label), items_cleared_of(snapshot, label.id)?);
        Ok(Offer { label, folders, matches, matched_through, cleared, set: 0 })
    }

    fn offer_to(&self, transaction: &Transaction, item: Item, offers: &mut [Offer]) -> Result<()> {
        if item_label(transaction, item.no)?.is_some() {
            return Ok(());
        }
        let Some((place, origin)) = chosen(offers, &item) else { return Ok(()) };
        let Some(offer) = offers.get_mut(place) else { return Ok(()) };
        offer.set += 1;
        self.set_offered(transaction, item.no, offer.label.id, origin)
    }

    fn set_offered(&self, transaction: &Transaction, item: ItemNo, label: LabelId, origin: LabelOrigin) -> Result<()> {
        let set_at = self.act_time(transaction)?;
        let set_by = self.session.actor.clone();
        put_item_label(transaction, item, Some(&ItemLabel { label, set_at, set_by, origin, asset: None }))
    }
}
