//! Labels that are set by folder or by query.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use roaring::RoaringTreemap;

use super::doubt::{exclusions, may_precede};
use super::waiting::waiting_ids;
use crate::Result;
use crate::archive::Archive;
use crate::archive::rule_query::{RuleMatches, or_refusal};
use crate::archive::unsearched::Unsearched;
use crate::index::RULES;
use crate::model::{FolderNo, Item, ItemLabel, ItemNo, LabelId, LabelOrigin, MessageNo, RetentionLabel};
use crate::store::{
    MessageSet, SetPart, Snapshot, Tables, Transaction, extend_set, folders, item, item_label, item_labels,
    items_cleared_of, items_since, labelled_items, labels, load_set, put_item_label, put_label, replace_set,
};

/// A label that is set by itself, with what it is set on.
pub(in crate::archive) struct Offer {
    pub(in crate::archive) label: RetentionLabel,
    folders: HashSet<FolderNo>,
    /// What its query surely finds, and what it may find only for what cannot be searched.
    pub(super) matches: RoaringTreemap,
    pub(super) doubtful: RoaringTreemap,
    /// The items that its query says something new about.
    asked: RangeInclusive<u64>,
    /// Items that it does not come back to.
    cleared: RoaringTreemap,
    set: u64,
    /// Messages with items of which nobody knows whether they get it.
    pub(super) in_doubt: RoaringTreemap,
}

/// Which of several offers an item that has no label gets.
pub(in crate::archive) enum Choice {
    Nothing,
    /// The one at this place, in this way.
    Set(usize, LabelOrigin),
    /// None; the ones at these places, for not all of it can be searched, and the oldest of them may not mean it.
    InDoubt(Vec<usize>),
}

impl Offer {
    /// An offer of what the query of a label finds.
    pub(super) fn of_query(
        tables: &impl Tables,
        label: RetentionLabel,
        RuleMatches { found, doubtful: undated }: RuleMatches,
        unsearched: &Unsearched,
        asked: RangeInclusive<u64>,
    ) -> Result<Self> {
        let doubtful = unsearched.hidden(&found, exclusions(&label)) | undated;
        let (matches, cleared) = (found - &doubtful, items_cleared_of(tables, label.id)?);
        let (folders, in_doubt) = (HashSet::new(), RoaringTreemap::new());
        Ok(Self { label, folders, matches, doubtful, asked, cleared, set: 0, in_doubt })
    }

    /// Whether it comes to an item by its folder.
    fn covers_folder(&self, item: &Item) -> bool {
        let is_due = item.no > self.label.offered_through && !self.cleared.contains(item.no.0);
        is_due && self.folders.contains(&item.folder)
    }

    /// Whether its query surely finds an item; `None` if it does not. What is in doubt stays so, whenever it was asked.
    fn surely_finds(&self, item: &Item) -> Option<bool> {
        if self.cleared.contains(item.no.0) {
            return None;
        }
        let is_found = self.asked.contains(&item.no.0) && self.matches.contains(item.message.0);
        if self.doubtful.contains(item.message.0) { Some(false) } else { is_found.then_some(true) }
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

/// Whether the query of a label is asked about everything: by newer rules of searching, or because its people have other names.
fn is_asked_anew(label: &RetentionLabel, waits: &HashSet<LabelId>) -> bool {
    label.query.is_some() && label.offered_rules != RULES && !waits.contains(&label.id)
}

/// Which of several offers an item that has no label gets, and how: a folder's before a query's, and the first.
pub(in crate::archive) fn chosen(offers: &[Offer], item: &Item) -> Choice {
    if let Some(place) = offers.iter().position(|offer| offer.covers_folder(item)) {
        return Choice::Set(place, LabelOrigin::Folder);
    }
    let mut in_doubt = Vec::new();
    for (place, offer) in offers.iter().enumerate() {
        match offer.surely_finds(item) {
            None => {}
            Some(true) if in_doubt.is_empty() => return Choice::Set(place, LabelOrigin::Query),
            Some(is_sure) => {
                in_doubt.push(place);
                if is_sure {
                    break;
                }
            }
        }
    }
    if in_doubt.is_empty() { Choice::Nothing } else { Choice::InDoubt(in_doubt) }
}

impl Archive {
    /// Offers the labels that are set by folder or query to the items that they were not offered to yet, and where the rules
    /// of searching are new or the people of a query have other names, those that retain to what their queries find now; what such
    /// a query set its label on and does not find any longer is in doubt, and what that of a label that only deletes finds now.
    /// A set label is never replaced; a folder's label
    /// comes before that of a query, and of several the oldest is set. A query that cannot be read sets nothing, nor do those
    /// of younger labels until it can; nor does one set anything on what it may find only for what cannot be searched. What
    /// people took off does not come back.
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
        if last == since && !all.iter().any(|label| is_asked_anew(label, &waits)) {
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
        let mut in_doubt_of_older = RoaringTreemap::new();
        for mut offer in offers {
            if is_asked_anew(&offer.label, &waits) {
                self.note_no_longer_found(&transaction, &offer)?;
                note_preceded(&transaction, &mut offer)?;
                note_missed(&transaction, &mut offer, &in_doubt_of_older)?;
            }
            in_doubt_of_older |= &offer.in_doubt;
            self.put_offered(&transaction, &offer, &RoaringTreemap::new())?;
            offer.label.offered_through = offer.label.offered_through.max(last);
            if !waits.contains(&offer.label.id) {
                (offer.label.matched_through, offer.label.offered_rules) =
                    (offer.label.matched_through.max(last), RULES);
            }
            put_label(&transaction, &offer.label)?;
        }
        transaction.commit()
    }

    /// What a label is set on; by folder alone if its query `waits`.
    pub(in crate::archive) fn offer(&self, snapshot: &Snapshot, label: RetentionLabel, waits: bool) -> Result<Offer> {
        let listed: HashSet<String> = label.folders.iter().map(|path| path.to_lowercase()).collect();
        let covered = folders(snapshot)?.into_iter().filter(|folder| listed.contains(&folder.path.to_lowercase()));
        let folders = covered.map(|folder| folder.no).collect();
        let found = match &label.query {
            Some(query) if !waits => {
                self.rule_matches(query, |query| self.index.decisive_matches(query, MessageNo(0)))?
            }
            _ => RuleMatches { found: RoaringTreemap::new(), doubtful: RoaringTreemap::new() },
        };
        let asked = matched_through(&label).0.saturating_add(1)..=u64::MAX;
        let unsearched = Unsearched::load(snapshot, SetPart::Whole, [exclusions(&label)])?;
        Ok(Offer { folders, ..Offer::of_query(snapshot, label, found, &unsearched, asked)? })
    }

    /// Sets the label on an item that has none, or notes that it is in doubt.
    pub(super) fn offer_to(&self, transaction: &Transaction, item: Item, offers: &mut [Offer]) -> Result<()> {
        if item_label(transaction, item.no)?.is_some() {
            return Ok(());
        }
        match chosen(offers, &item) {
            Choice::Nothing => Ok(()),
            Choice::Set(place, origin) => {
                let Some(offer) = offers.get_mut(place) else { return Ok(()) };
                offer.set += 1;
                self.set_offered(transaction, item.no, offer.label.id, origin)
            }
            Choice::InDoubt(places) => {
                for place in places {
                    if let Some(offer) = offers.get_mut(place) {
                        offer.in_doubt.insert(item.message.0);
                    }
                }
                Ok(())
            }
        }
    }

    /// Records what came of an offer, and that what was in doubt `before` is no longer.
    pub(super) fn put_offered(&self, transaction: &Transaction, offer: &Offer, before: &RoaringTreemap) -> Result<()> {
        let Offer { label, set, in_doubt, .. } = offer;
        let resolved = before - in_doubt;
        if !in_doubt.is_empty() || !resolved.is_empty() {
            let numbers = |set: &RoaringTreemap| set.clone().into_iter().map(MessageNo);
            extend_set(transaction, MessageSet::LabelDoubts(label.id), numbers(in_doubt), numbers(&resolved))?;
        }
        if *set == 0 && in_doubt.is_empty() {
            return Ok(());
        }
        let doubt = match in_doubt.len() {
            0 => String::new(),
            messages => format!("; in doubt for {messages} messages"),
        };
        let outcome = format!("{} set on {set} items{doubt}", label.name);
        self.record(transaction, "retention.label.offer", &label.id.to_string(), &outcome).map(drop)
    }

    /// Notes what the query of a label set it on and does not find any longer: that stays retained, and is not deleted for it.
    fn note_no_longer_found(&self, transaction: &Transaction, offer: &Offer) -> Result<()> {
        let (id, mut former) = (offer.label.id, RoaringTreemap::new());
        let mut carriers = Vec::new();
        item_labels(transaction, |no, carrier| {
            if carrier.label == id && carrier.origin == LabelOrigin::Query {
                carriers.push(no);
            }
        })?;
        for no in carriers {
            let message = item(transaction, no)?.map(|item| item.message.0);
            let is_found = |no: u64| offer.matches.contains(no) || offer.doubtful.contains(no);
            former.extend(message.filter(|no| !is_found(*no)));
        }
        let before = load_set(transaction, MessageSet::FormerLabelMatches(id))?;
        if before == former {
            return Ok(());
        }
        replace_set(transaction, MessageSet::FormerLabelMatches(id), &former)?;
        let outcome =
            format!("{} is set on {} messages that its query no longer finds", offer.label.name, former.len());
        self.record(transaction, "retention.label.evaluate", &id.to_string(), &outcome).map(drop)
    }

    fn set_offered(&self, transaction: &Transaction, item: ItemNo, label: LabelId, origin: LabelOrigin) -> Result<()> {
        let set_at = self.act_time(transaction)?;
        let set_by = self.session.actor.clone();
        put_item_label(transaction, item, Some(&ItemLabel { label, set_at, set_by, origin, asset: None }))
    }
}

/// Puts in doubt what the query of a label finds only now and carries a label that would have come after it: that one stays, and
/// nothing is deleted for it.
fn note_preceded(transaction: &Transaction, offer: &mut Offer) -> Result<()> {
    let numbers: HashMap<LabelId, u64> = labels(transaction)?.into_iter().map(|label| (label.id, label.no)).collect();
    let mut preceded = Vec::new();
    item_labels(transaction, |no, carrier| {
        let other = numbers.get(&carrier.label).copied().unwrap_or(u64::MAX);
        if carrier.label != offer.label.id
            && !offer.cleared.contains(no.0)
            && may_precede(offer.label.no, Some((other, carrier.origin)))
        {
            preceded.push(no);
        }
    })?;
    for no in preceded {
        let message = item(transaction, no)?.map(|item| item.message.0);
        let found = message.filter(|no| offer.matches.contains(*no) || offer.doubtful.contains(*no));
        offer.in_doubt.extend(found);
    }
    Ok(())
}

/// Puts in doubt what the query of a label that only deletes finds only now on items without a label that it was offered to
/// before: it does not come to them, but no policy deletes them before the label would. What is in doubt for an older label is
/// not for this one to decide.
fn note_missed(transaction: &Transaction, offer: &mut Offer, in_doubt_of_older: &RoaringTreemap) -> Result<()> {
    if offer.label.action.retains() {
        return Ok(());
    }
    let (labelled, through) = (labelled_items(transaction)?, offer.label.matched_through);
    let mut missed = RoaringTreemap::new();
    items_since(transaction, ItemNo(0), |item| {
        let (no, message) = (item.no.0, item.message.0);
        let is_found = offer.matches.contains(message) || offer.doubtful.contains(message);
        if is_found && item.no <= through && !labelled.contains(no) && !offer.cleared.contains(no) {
            missed.insert(message);
        }
        Ok(())
    })?;
    offer.in_doubt |= missed - in_doubt_of_older;
    Ok(())
}
