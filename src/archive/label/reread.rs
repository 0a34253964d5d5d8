//! Labels that are set by query, on messages of which more is searched than when they were offered.

use roaring::RoaringTreemap;

use super::doubt::{exclusions, may_precede};
use super::offer::Offer;
use super::waiting::{forget_matches, waiting_ids};
use crate::Result;
use crate::archive::Archive;
use crate::archive::rule_query::or_refusal;
use crate::archive::unsearched::Unsearched;
use crate::model::{Item, ItemLabel, LabelId, LabelOrigin, MessageNo, RecordKind, RetentionLabel};
use crate::store::{
    MessageSet, Transaction, extend_set, item_label, items_of_message, labels, load_set, put_item_label, put_label,
};

impl Archive {
    /// Offers the labels that are set by query to items of messages `within`, of which more is searched than when they were
    /// offered; still not all of those of `partial`. One that only deletes, and whose query no longer finds what it was set on, is
    /// taken off; one that retains, or makes records, stays and is in doubt.
    pub(in crate::archive) fn offer_labels_again(
        &self,
        transaction: &Transaction,
        within: &RoaringTreemap,
        partial: &RoaringTreemap,
    ) -> Result<()> {
        let all = labels(transaction)?;
        let waits = waiting_ids(&all);
        let mut offers = Vec::new();
        for label in all {
            let Some(query) = &label.query else { continue };
            if waits.contains(&label.id) {
                put_off(transaction, label, within)?;
                continue;
            }
            match or_refusal(self.rule_matches(query, |query| self.index.matches_within(query, Some(within))))? {
                Ok(found) => {
                    // What came after the last offer is offered it with the rest.
                    let asked = 0..=label.matched_through.0;
                    let unsearched = Unsearched::among(transaction, partial.clone(), [exclusions(&label)])?;
                    offers.push(Offer::of_query(transaction, label, found, &unsearched, asked)?);
                }
                Err(why) => {
                    self.note_label(transaction, label, Some(why))?;
                    return self.offer_labels_again(transaction, within, partial);
                }
            }
        }
        let mut found = RoaringTreemap::new();
        let mut before = Vec::new();
        for offer in &mut offers {
            before.push(self.review_carried(transaction, offer, within)?);
            found |= &offer.matches | &offer.doubtful;
        }
        for message in found.iter().map(MessageNo) {
            for item in items_of_message(transaction, message)? {
                self.offer_to(transaction, item, &mut offers)?;
            }
        }
        for (offer, before) in offers.iter().zip(&before) {
            self.put_offered(transaction, offer, before)?;
            if offer.label.evaluation.is_some() {
                put_label(transaction, &forget_matches(transaction, offer.label.clone())?)?;
            }
        }
        Ok(())
    }

    /// Finds what stays in doubt for a label of what items carry, and takes it off where it should not have been set. Returns
    /// what was in doubt.
    fn review_carried(
        &self,
        transaction: &Transaction,
        offer: &mut Offer,
        within: &RoaringTreemap,
    ) -> Result<RoaringTreemap> {
        let before = load_set(transaction, MessageSet::LabelDoubts(offer.label.id))? & within;
        offer.in_doubt |= &before & &offer.doubtful;
        if before.is_empty() && !exclusions(&offer.label).text {
            return Ok(before);
        }
        for message in within.iter().map(MessageNo) {
            for item in items_of_message(transaction, message)? {
                let Some(carrier) = item_label(transaction, item.no)? else { continue };
                if is_set_by_query(&carrier, offer.label.id) {
                    self.review_set(transaction, offer, &item)?;
                } else if before.contains(message.0) && offer.matches.contains(message.0) {
                    let all = labels(transaction)?;
                    let other = all.iter().find(|label| label.id == carrier.label).map_or(u64::MAX, |label| label.no);
                    if may_precede(offer.label.no, Some((other, carrier.origin))) {
                        offer.in_doubt.insert(message.0);
                    }
                }
            }
        }
        Ok(before)
    }

    fn review_set(&self, transaction: &Transaction, offer: &mut Offer, item: &Item) -> Result<()> {
        let (label, message) = (&offer.label, item.message.0);
        if offer.matches.contains(message) || offer.doubtful.contains(message) {
            return Ok(());
        }
        if label.action.retains() || label.record != RecordKind::None {
            offer.in_doubt.insert(message);
            return Ok(());
        }
        put_item_label(transaction, item.no, None)?;
        let outcome = format!(
            "label none in place of {}, whose query no longer finds the item: more of it is searched than before",
            label.name
        );
        self.record(transaction, "retention.label.withdraw", &item.no.to_string(), &outcome).map(drop)
    }
}

fn is_set_by_query(carrier: &ItemLabel, label: LabelId) -> bool {
    carrier.label == label && carrier.origin == LabelOrigin::Query
}

/// Notes that a label that waits is to be asked about everything once it can be; until a person decides, what carries it and may
/// not be meant is in doubt.
fn put_off(transaction: &Transaction, label: RetentionLabel, within: &RoaringTreemap) -> Result<()> {
    if exclusions(&label).text {
        let mut carriers = RoaringTreemap::new();
        for message in within.iter().map(MessageNo) {
            for item in items_of_message(transaction, message)? {
                let carrier = item_label(transaction, item.no)?;
                if carrier.is_some_and(|carrier| is_set_by_query(&carrier, label.id)) {
                    carriers.insert(message.0);
                }
            }
        }
        extend_set(transaction, MessageSet::LabelDoubts(label.id), carriers.into_iter().map(MessageNo), [])?;
    }
    put_label(transaction, &RetentionLabel { offered_rules: 0, ..forget_matches(transaction, label)? })
}
