//! What waits for reviewers.

use serde::Serialize;

use super::Notes;
use crate::Result;
use crate::archive::Archive;
use crate::archive::decide::Judge;
use crate::model::{Actor, Item, ItemNo, ItemReview, RetentionLabel, ReviewNote, UtcTime};
use crate::retention::Outcome;
use crate::store::{Tables, folder, item, item_label, item_labels, item_review, labels, mailbox};

/// An item that waits for reviewers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingItem {
    /// The item.
    #[serde(serialize_with = "as_text")]
    pub item: ItemNo,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// When it was received, else sent.
    pub created_at: UtcTime,
    /// The label that asks for the review.
    pub label: String,
    /// The stage that has to decide, from 1.
    pub stage: u32,
    /// How many stages there are.
    pub stages: u32,
    /// When its periods ended.
    pub since: UtcTime,
    /// Who may decide; one of them does.
    pub reviewers: Vec<Actor>,
    /// Whether a hold keeps it too. It can be reviewed all the same, and goes when both let it.
    pub held: bool,
    /// What was decided over it before, the oldest first.
    pub reviews: Vec<ReviewNote>,
}

fn as_text<S: serde::Serializer>(item: &ItemNo, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(item)
}

/// An item that waits, with what its review is about.
pub(in crate::archive) struct Waiting {
    pub(in crate::archive) item: Item,
    pub(in crate::archive) label: RetentionLabel,
    pub(in crate::archive) review: ItemReview,
    /// From 1.
    pub(in crate::archive) stage: usize,
    pub(in crate::archive) since: UtcTime,
    pub(in crate::archive) reviewers: Vec<Actor>,
    pub(in crate::archive) held: bool,
}

/// The review that item `no` waits for at `now`, if it is there and does.
pub(in crate::archive) fn waiting<T: Tables>(
    tables: &T,
    judge: &mut Judge<'_, T>,
    labels: &[RetentionLabel],
    no: ItemNo,
    now: UtcTime,
) -> Result<Option<Waiting>> {
    let Some(carried) = item_label(tables, no)? else { return Ok(None) };
    let label = labels.iter().find(|label| label.id == carried.label && !label.review.is_empty());
    let (Some(label), Some(item)) = (label, item(tables, no)?) else { return Ok(None) };
    let decision = judge.decide_without_reasons(&item)?;
    let Some(since) = decision.review_since.filter(|since| *since <= now) else { return Ok(None) };
    let review = item_review(tables, no)?.unwrap_or_default();
    let stage = review.approvals().count() + 1;
    let reviewers = review.reviewers(&label.review, stage);
    let held = decision.outcome == Outcome::Held;
    Ok(Some(Waiting { item, label: label.clone(), review, stage, since, reviewers, held }))
}

/// The items that carry a label with a review.
pub(super) fn under_review(tables: &impl Tables, labels: &[RetentionLabel]) -> Result<Vec<ItemNo>> {
    let mut items = Vec::new();
    item_labels(tables, |no, carried| {
        if labels.iter().any(|label| label.id == carried.label && !label.review.is_empty()) {
            items.push(no);
        }
    })?;
    Ok(items)
}

impl Archive {
    /// Calls `visit` with each item that waits for reviewers now, by number: of one of them, or of one label, if said.
    ///
    /// # Errors
    /// There is no such label, the store or the index failed, or `visit` returned an error.
    pub fn visit_waiting(
        &mut self,
        reviewer: Option<&str>,
        label: Option<&str>,
        visit: &mut dyn FnMut(WaitingItem) -> Result<()>,
    ) -> Result<u64> {
        let label = label.map(|name| self.show_label(name)).transpose()?;
        self.settle()?;
        let under = label.as_ref().map_or_else(|| "all labels".to_owned(), |label| format!("label {}", label.name));
        self.record_alone("disposition.review.list", reviewer.unwrap_or_default(), &under)?;
        let snapshot = self.store.snapshot()?;
        let (now, mut found) = (self.now(), 0);
        let mut judge = Judge::new(&snapshot, &self.info, now)?;
        let (mut all, notes) = (labels(&snapshot)?, Notes::load(&snapshot)?);
        all.retain(|other| label.as_ref().is_none_or(|label| label.id == other.id));
        for no in under_review(&snapshot, &all)? {
            let Some(waiting) = waiting(&snapshot, &mut judge, &all, no, now)? else { continue };
            if reviewer.is_some_and(|name| waiting.reviewers.iter().all(|reviewer| reviewer.0 != name)) {
                continue;
            }
            found += 1;
            visit(shown(&snapshot, &notes, waiting)?)?;
        }
        Ok(found)
    }
}

fn shown(tables: &impl Tables, notes: &Notes, waiting: Waiting) -> Result<WaitingItem> {
    Ok(WaitingItem {
        item: waiting.item.no,
        mailbox: mailbox(tables, waiting.item.mailbox)?.address,
        folder: folder(tables, waiting.item.folder)?.path,
        created_at: waiting.item.created_at,
        stage: u32::try_from(waiting.stage).unwrap_or(u32::MAX),
        stages: u32::try_from(waiting.label.review.len()).unwrap_or(u32::MAX),
        label: waiting.label.name,
        since: waiting.since,
        reviewers: waiting.reviewers,
        held: waiting.held,
        reviews: notes.of(tables, waiting.item.no)?.notes,
    })
}
