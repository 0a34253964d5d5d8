//! Labels that people set on items and take off.

use serde::Serialize;

use super::cleared::note_cleared;
use super::former::settle_former;
use super::loss::{Keeping, other_review};
use crate::archive::Archive;
use crate::archive::approval::{ControlledObject, carried_state, labelling_name, labelling_state};
use crate::model::{ControlledAct, Digest, ItemLabel, ItemNo, LabelOrigin, RecordKind, RetentionLabel, UtcTime};
use crate::store::{Transaction, item, item_label, labels, put_item_label};
use crate::{Error, Result};

/// An item and the label that it carries now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelledItem {
    /// The item.
    pub item: String,
    /// The name of its label; `None` if it has none any longer.
    pub label: Option<String>,
    /// The name of the label that it had before.
    pub before: Option<String>,
    /// What it is about, as events name it.
    pub asset_id: Option<String>,
    /// When this was set.
    pub at: UtcTime,
    /// From when it could go now and before, in words, if it could go earlier; holds are left out. If not that, what else
    /// it loses with the label that comes off: retention that the new one may not reach, or a review.
    pub earlier: Option<String>,
    /// Whether it loses that with a label that it had, or with its asset.
    #[serde(skip)]
    pub loses: bool,
    /// The state that it was in before: consent is to this act on that.
    #[serde(skip)]
    state: Digest,
}

impl Archive {
    /// Sets a label on items, in place of any other that may be replaced.
    ///
    /// # Errors
    /// There is no such label or item; an item is a record, or could go earlier: a reason or the consent of a second person
    /// is needed and missing, or nothing is allowed.
    pub fn set_label(
        &mut self,
        name: &str,
        items: &[ItemNo],
        asset: Option<&str>,
        reason: &str,
    ) -> Result<Vec<LabelledItem>> {
        let label = self.show_label(name)?;
        self.label_items(Some(&label), items, asset, reason)
    }

    /// Takes the labels off items.
    ///
    /// # Errors
    /// There is no such item, one has no label; it is a record, or could go earlier: a reason or the consent of a second
    /// person is needed and missing, or nothing is allowed.
    pub fn clear_label(&mut self, items: &[ItemNo], reason: &str) -> Result<Vec<LabelledItem>> {
        self.label_items(None, items, None, reason)
    }

    fn label_items(
        &mut self,
        label: Option<&RetentionLabel>,
        items: &[ItemNo],
        asset: Option<&str>,
        reason: &str,
    ) -> Result<Vec<LabelledItem>> {
        self.settle()?;
        let transaction = self.store.begin()?;
        let all = labels(&transaction)?;
        let mut labelled = Vec::new();
        for &no in items {
            let before = current(&transaction, no, &all)?;
            if let Some(refusal) = refusal(before.as_ref(), label, asset, no, reason) {
                drop(transaction);
                if let Error::Refused(why) = &refusal {
                    self.record_alone("retention.label.refuse", &no.to_string(), why)?;
                }
                return Err(refusal);
            }
            labelled.push(self.label_item(&transaction, &all, (no, label), before.as_ref(), asset)?);
        }
        let approved = self.admit_earlier(&transaction, label, &labelled, reason)?;
        for item in &labelled {
            let word = |name: &Option<String>| name.clone().unwrap_or_else(|| "none".to_owned());
            let (set, before) = (word(&item.label), word(&item.before));
            let earlier = item.earlier.as_ref().map_or_else(String::new, |earlier| format!("; {earlier}{approved}"));
            let outcome = format!("label {set} in place of {before}; reason: {reason}{earlier}");
            self.record(&transaction, "retention.label.set", &item.item, &outcome)?;
        }
        transaction.commit()?;
        Ok(labelled)
    }

    fn label_item(
        &self,
        transaction: &Transaction,
        all: &[RetentionLabel],
        (no, label): (ItemNo, Option<&RetentionLabel>),
        before: Option<&(ItemLabel, &RetentionLabel)>,
        asset: Option<&str>,
    ) -> Result<LabelledItem> {
        let (at, was) = (self.act_time(transaction)?, Keeping::of(transaction, &self.info, self.now(), no)?);
        let again = before.filter(|(_, old)| label.is_some_and(|label| label.id == old.id));
        let asset = asset.or(again.and_then(|(carried, _)| carried.asset.as_deref()));
        let set = label.map(|label| ItemLabel {
            label: label.id,
            // The same label again may name an asset, and counts from when it was first set.
            set_at: again.map_or(at, |(old, _)| old.set_at),
            set_by: self.session.actor.clone(),
            origin: LabelOrigin::Person,
            asset: asset.map(str::to_owned),
        });
        put_item_label(transaction, no, set.as_ref())?;
        note_cleared(transaction, no, before.map(|(_, old)| old.id), label.map(|label| label.id))?;
        settle_former(transaction, all, no)?;
        let then = Keeping::of(transaction, &self.info, self.now(), no)?;
        let replaced = before
            .filter(|(carried, _)| again.is_none() || carried.asset.as_deref().is_some_and(|old| asset != Some(old)));
        let lost = |(_, old): &(ItemLabel, &RetentionLabel)| then.shorter(&was).or_else(|| other_review(old, label));
        let earlier = then.earlier(&was).or_else(|| replaced.and_then(lost));
        Ok(LabelledItem {
            item: no.to_string(),
            label: label.map(|label| label.name.clone()),
            before: before.map(|(_, label)| label.name.clone()),
            asset_id: asset.map(str::to_owned),
            at,
            loses: (replaced.is_some() || was.may_be_labelled()) && earlier.is_some(),
            state: carried_state(before.map(|(carried, _)| carried)),
            earlier,
        })
    }

    /// Lets items lose what the label that they had kept, with a reason only, and where dual control is on with consent;
    /// says who gave it.
    fn admit_earlier(
        &self,
        transaction: &Transaction,
        label: Option<&RetentionLabel>,
        labelled: &[LabelledItem],
        reason: &str,
    ) -> Result<String> {
        let losing = || labelled.iter().filter(|item| item.loses);
        if let (Some(item), true) = (losing().next(), reason.trim().is_empty()) {
            let how = item.earlier.as_deref().unwrap_or_default();
            return Err(Error::InvalidInput(format!("item {}: {how}: say why with --reason", item.item)));
        }
        let act = if label.is_some() { ControlledAct::LabelSet } else { ControlledAct::LabelClear };
        let all = labels(transaction)?;
        let object = |item: &LabelledItem| {
            let Some(label) = label else {
                return Ok(ControlledObject { name: item.item.clone(), state: Some(item.state) });
            };
            let name = labelling_name(&label.id.to_string(), &item.item, item.asset_id.as_deref());
            Ok(ControlledObject { name, state: Some(labelling_state(item.state, label, &all)?) })
        };
        let objects = losing().map(object).collect::<Result<Vec<ControlledObject>>>()?;
        let approvals = self.require_approvals(transaction, act, &objects)?;
        let mut names: Vec<&str> = approvals.iter().map(|approval| approval.by.0.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        Ok(if names.is_empty() { String::new() } else { format!("; approved by {}", names.join(", ")) })
    }
}

fn current<'l>(
    transaction: &Transaction,
    no: ItemNo,
    all: &'l [RetentionLabel],
) -> Result<Option<(ItemLabel, &'l RetentionLabel)>> {
    item(transaction, no)?.ok_or_else(|| Error::NotFound { what: "item", id: no.to_string() })?;
    let Some(carried) = item_label(transaction, no)? else { return Ok(None) };
    let label = all.iter().find(|label| label.id == carried.label);
    let label = label.ok_or_else(|| Error::Corrupt(format!("item {no} carries a label that is not there")))?;
    Ok(Some((carried, label)))
}

/// Why the label on an item may not be replaced by `new`, or its asset by `asset`: an event of another one may end the
/// retention.
fn refusal(
    before: Option<&(ItemLabel, &RetentionLabel)>,
    new: Option<&RetentionLabel>,
    asset: Option<&str>,
    no: ItemNo,
    reason: &str,
) -> Option<Error> {
    let Some((carried, before)) = before else {
        let text = format!("item {no} carries no label");
        return new.is_none().then_some(Error::InvalidInput(text));
    };
    let same_asset = asset.is_none() || carried.asset.is_none() || asset == carried.asset.as_deref();
    if new.is_some_and(|new| new.id == before.id) && same_asset {
        return None;
    }
    match before.record {
        RecordKind::Regulatory => {
            let text = format!(
                "item {no} is a regulatory record by label `{}`, which nobody takes off, and whose asset nobody changes",
                before.name
            );
            Some(Error::Refused(text))
        }
        RecordKind::Record if reason.trim().is_empty() => {
            let text = format!("item {no} is a record by label `{}`: say why with --reason", before.name);
            Some(Error::InvalidInput(text))
        }
        RecordKind::Record | RecordKind::None => None,
    }
}
