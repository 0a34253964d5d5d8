//! Labels that take the place of others whose period has ended.

use super::{Carried, note_cleared};
use crate::Result;
use crate::archive::Archive;
use crate::model::{ItemLabel, ItemNo, LabelId, LabelOrigin, UtcTime};
use crate::retention::{ItemTimes, RetainUntil};
use crate::store::{SetPart, Snapshot, item, item_label, labelled_items, labels, put_item_label};

/// An item that gets another label.
struct Succession {
    item: ItemNo,
    label: LabelId,
    /// When the period of the label before ended.
    at: UtcTime,
}

impl Archive {
    /// Gives items whose label's period has ended the label that takes its place, from that time on. Decisions are the
    /// same before and after: they count with both. To be called only where the clock was checked, for there is no way
    /// back.
    pub(in crate::archive) fn succeed_labels(&mut self) -> Result<()> {
        let all = labels(&self.store.snapshot()?)?;
        if all.iter().all(|label| label.next.is_none()) {
            return Ok(());
        }
        // A label that takes another's place may have ended too.
        while self.succeed_once()? {}
        Ok(())
    }

    fn succeed_once(&self) -> Result<bool> {
        let snapshot = self.store.snapshot()?;
        let successions = self.ended(&snapshot)?;
        if successions.is_empty() {
            return Ok(false);
        }
        let transaction = self.store.begin()?;
        let all = labels(&snapshot)?;
        let name = |id| all.iter().find(|label| label.id == id).map_or("", |label| label.name.as_str());
        for Succession { item, label, at } in successions {
            let Some(before) = item_label(&transaction, item)? else { continue };
            let outcome =
                format!("label {} in place of {}, whose period ended on {at}", name(label), name(before.label));
            let (set_by, origin) = (self.session.actor.clone(), LabelOrigin::Succession);
            let after = ItemLabel { label, set_at: at, set_by, origin, asset: before.asset };
            put_item_label(&transaction, item, Some(&after))?;
            note_cleared(&transaction, item, Some(before.label), Some(label))?;
            self.record(&transaction, "retention.label.succeed", &item.to_string(), &outcome)?;
        }
        transaction.commit()?;
        Ok(true)
    }

    fn ended(&self, snapshot: &Snapshot) -> Result<Vec<Succession>> {
        let (now, mut found) = (self.now(), Vec::new());
        let carried = Carried::load(snapshot, SetPart::Whole)?;
        for no in labelled_items(snapshot)?.into_iter().map(ItemNo) {
            let Some(next) = carried.label_of(snapshot, no)?.and_then(|label| label.next) else { continue };
            let (Some(item), Some((_, label))) = (item(snapshot, no)?, carried.of(snapshot, no)?) else { continue };
            if let RetainUntil::At(at) = label.end(&ItemTimes::from(&item))
                && at <= now
            {
                found.push(Succession { item: no, label: next, at });
            }
        }
        Ok(found)
    }
}
