//! `disposition review`

use std::collections::BTreeMap;

use custodia::archive::{
    Archive, PlanSummary, ReviewChoice, ReviewSelection, ReviewedItem, WaitingItem, WantedReviews,
};
use custodia::model::{Actor, ReviewNote, ReviewWord};
use custodia::{Error, Result};
use serde_json::json;

use crate::args::{ReviewCommand, ReviewPick};
use crate::ui::{Table, Ui, escape};

pub(super) fn list(archive: &mut Archive, wanted: &WantedReviews<'_>, ui: &Ui) -> Result<()> {
    let mut counts = Counts::default();
    let mut table = Table::new(&["ITEM", "MAILBOX", "FOLDER", "LABEL", "STAGE", "SINCE", "FOR", "HELD"]);
    let found = archive.visit_waiting(wanted, &mut |waiting| {
        counts.add(&waiting);
        if ui.json {
            return ui.document("waiting", &waiting);
        }
        table.row(&row(&waiting));
        Ok(())
    })?;
    if !ui.json {
        table.lines().try_for_each(|line| ui.line(&line))?;
        ui.status(&format!("{} for reviewers", waits(found)));
    }
    if let Some(plan) = wanted.plan {
        counts.print(plan.summary(), ui)?;
    }
    if ui.json {
        return Ok(());
    }
    if found > 0 {
        ui.hint("`custodia show ITEM`, then `custodia disposition review approve ITEM --comment \"...\"`, or `extend`");
    }
    Ok(())
}

/// What waits of a plan.
#[derive(Default)]
struct Counts {
    reviewers: BTreeMap<String, u64>,
    waiting: u64,
    planned: u64,
}

impl Counts {
    fn add(&mut self, waiting: &WaitingItem) {
        self.waiting += 1;
        self.planned += u64::from(waiting.planned);
        for reviewer in &waiting.reviewers {
            *self.reviewers.entry(reviewer.0.clone()).or_default() += 1;
        }
    }

    fn print(&self, plan: &PlanSummary, ui: &Ui) -> Result<()> {
        if self.planned > 0 {
            let text = format!("{} for reviewers that the plan would dispose of: it is stale", waits(self.planned));
            ui.warn(&text);
        }
        if ui.json {
            for (reviewer, items) in &self.reviewers {
                ui.json(&json!({ "type": "reviewer", "reviewer": reviewer, "items": items }))?;
            }
            return ui.json(&json!({
                "type": "summary", "schema_version": 1, "plan": plan.digest, "as_of": plan.as_of,
                "review": plan.review, "waiting": self.waiting, "planned": self.planned,
            }));
        }
        if !self.reviewers.is_empty() {
            let mut table = Table::new(&["WAITS FOR", "ITEMS"]);
            for (reviewer, items) in &self.reviewers {
                table.row(&[escape(reviewer, false), items.to_string()]);
            }
            ui.line("")?;
            table.lines().try_for_each(|line| ui.line(&line))?;
        }
        let counted = if plan.review == 1 {
            "1 item that waited".to_owned()
        } else {
            format!("{} items that waited", plan.review)
        };
        ui.line(&format!("the plan of {} counted {counted}, besides what holds keep", plan.as_of))
    }
}

fn row(waiting: &WaitingItem) -> [String; 8] {
    [
        waiting.item.to_string(),
        escape(&waiting.mailbox, false),
        escape(&waiting.folder, false),
        escape(&waiting.label, false),
        format!("{} of {}", waiting.stage, waiting.stages),
        waiting.since.to_string(),
        escape(&names(&waiting.reviewers), false),
        if waiting.held { "yes" } else { "no" }.to_owned(),
    ]
}

fn names(actors: &[Actor]) -> String {
    actors.iter().map(|actor| actor.0.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn decide(archive: &mut Archive, command: &ReviewCommand, ui: &Ui) -> Result<()> {
    let (selection, choice, comment) = match command {
        ReviewCommand::Approve { pick, comment } => (selection(pick), ReviewChoice::Approve, comment),
        ReviewCommand::Extend { pick, period, until, comment } => {
            let choice = period.map(ReviewChoice::ExtendBy).or(until.map(ReviewChoice::ExtendUntil));
            let missing = || Error::InvalidInput("say --period or --until".to_owned());
            (selection(pick), choice.ok_or_else(missing)?, comment)
        }
        ReviewCommand::Relabel { items, all_waiting, label, comment, .. } => {
            let all = all_waiting.then_some(ReviewSelection::Waiting(None));
            let selection = all.unwrap_or_else(|| ReviewSelection::Items(items.clone()));
            (selection, ReviewChoice::Relabel(label.clone()), comment)
        }
        ReviewCommand::AddReviewer { pick, reviewers, comment } => {
            (selection(pick), ReviewChoice::AddReviewers(reviewers.clone()), comment)
        }
    };
    archive.decide_review(&selection, &choice, comment)?.iter().try_for_each(|reviewed| print(reviewed, ui))
}

fn selection(pick: &ReviewPick) -> ReviewSelection {
    match (&pick.label, pick.all_waiting) {
        (None, false) => ReviewSelection::Items(pick.items.clone()),
        (label, _) => ReviewSelection::Waiting(label.clone()),
    }
}

fn print(reviewed: &ReviewedItem, ui: &Ui) -> Result<()> {
    let ReviewedItem { item, note, stages, approved } = reviewed;
    if ui.json {
        return ui.json(&json!({
            "type": "reviewed", "item": item.to_string(), "decision": note.decision, "label": note.label,
            "stage": note.stage, "stages": stages, "approved": approved, "until": note.until,
            "new_label": note.new_label, "reviewers": note.reviewers, "by": note.by, "at": note.at,
            "comment": note.comment,
        }));
    }
    let then = match (note.decision, approved) {
        (ReviewWord::Approve, true) => "; it may go, unless a hold keeps it",
        (ReviewWord::Approve, false) => "; the next stage has to approve",
        _ => "",
    };
    ui.line(&escape(&format!("Item {item}: {}{then}", in_words(note)), false))
}

/// A decision in words: `stage 1, extend until 2030-01-01T00:00:00Z`.
fn in_words(note: &ReviewNote) -> String {
    let until = note.until.map(|until| format!(" until {until}"));
    let label = note.new_label.as_ref().map(|label| format!(" as `{label}`"));
    let more = Some(format!(" {}", names(&note.reviewers))).filter(|_| !note.reviewers.is_empty());
    format!("stage {}, {}{}", note.stage, note.decision.as_str(), until.or(label).or(more).unwrap_or_default())
}

/// Prints what reviewers decided over one item.
pub(in crate::cmd) fn print_notes(notes: &[ReviewNote], ui: &Ui) -> Result<()> {
    for note in notes {
        let text = format!(
            "- review under `{}`, {}, by {} on {}: {}",
            note.label,
            in_words(note),
            note.by.0,
            note.at,
            note.comment
        );
        ui.line(&escape(&text, false))?;
    }
    Ok(())
}

/// Says how many of the kept items wait for reviewers, if any do.
pub(in crate::cmd) fn say_waiting(review: u64, ui: &Ui) -> Result<()> {
    if review == 0 {
        return Ok(());
    }
    ui.line(&format!("of the kept, {} for reviewers: `custodia disposition review`", waits(review)))
}

fn waits(items: u64) -> String {
    if items == 1 { "1 item waits".to_owned() } else { format!("{items} items wait") }
}
