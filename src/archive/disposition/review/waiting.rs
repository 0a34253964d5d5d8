//! What waits for reviewers.

use roaring::RoaringTreemap;
use serde::Serialize;

use super::Notes;
use crate::archive::Archive;
use crate::archive::decide::Judge;
use crate::archive::disposition::PlanFile;
use crate::model::{Actor, Item, ItemNo, ItemReview, RetentionLabel, ReviewNote, UtcTime};
use crate::retention::Outcome;
use crate::store::{Tables, folder, item, item_label, item_labels, item_review, labels, mailbox};
use crate::{Error, Result};

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
    /// Whether the plan that was asked about would dispose of it, which it no longer may.
    pub planned: bool,
}

/// Which of the items that wait are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct WantedReviews<'a> {
    /// Those that wait for this person.
    pub reviewer: Option<&'a str>,
    /// Those under this label, by name or id.
    pub label: Option<&'a str>,
    /// Those that waited when this plan was made, and those that it would dispose of.
    pub plan: Option<&'a PlanFile>,
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
    let stage = review.approvals(label.review_generation).count() + 1;
    let reviewers = review.reviewers(&label.review, stage, label.review_generation);
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
    /// Calls `visit` with each item that waits for reviewers now, by number, of those that are wanted.
    ///
    /// # Errors
    /// There is no such label, the plan is of another archive or was changed, the store or the index failed, or `visit`
    /// returned an error.
    pub fn visit_waiting(
        &mut self,
        wanted: &WantedReviews<'_>,
        visit: &mut dyn FnMut(WaitingItem) -> Result<()>,
    ) -> Result<u64> {
        let &WantedReviews { reviewer, label, plan } = wanted;
        let planned = plan.map(|plan| self.planned_items(plan)).transpose()?.unwrap_or_default();
        let label = label.map(|name| self.show_label(name)).transpose()?;
        self.settle()?;
        let under = label.as_ref().map_or_else(|| "all labels".to_owned(), |label| format!("label {}", label.name));
        let of = plan.map_or_else(String::new, |plan| format!("; plan {}", plan.summary().digest));
        self.record_alone("disposition.review.list", reviewer.unwrap_or_default(), &format!("{under}{of}"))?;
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
            let is_planned = planned.contains(no.0);
            if plan.is_some_and(|plan| !is_planned && !waited_at(&waiting, plan.summary().as_of)) {
                continue;
            }
            found += 1;
            visit(WaitingItem { planned: is_planned, ..shown(&snapshot, &notes, waiting)? })?;
        }
        Ok(found)
    }

    /// The items that a plan of this archive disposes of.
    fn planned_items(&self, plan: &PlanFile) -> Result<RoaringTreemap> {
        let summary = plan.summary();
        if summary.archive != self.info.id {
            let text = format!("the plan is for archive `{}`, and this is `{}`", summary.archive_name, self.info.name);
            return Err(Error::InvalidInput(text));
        }
        let mut items = RoaringTreemap::new();
        plan.visit(&mut |planned| {
            items.insert(planned.item.0);
            Ok(())
        })?;
        Ok(items)
    }
}

/// Whether an item that waits was there and waited already at `at`.
fn waited_at(waiting: &Waiting, at: UtcTime) -> bool {
    waiting.since <= at && waiting.item.captured_at <= at
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
        planned: false,
    })
}
