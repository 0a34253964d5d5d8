//! `retention label`

use custodia::Result;
use custodia::archive::{Archive, LabelledItem, NewLabel, SimulatedRules};
use custodia::model::{Actor, LabelStart, RecordKind, RetentionLabel, ReviewStage};
use custodia::retention::Source;
use serde_json::{Value, json};

use super::policy::action;
use super::simulate;
use super::unread::warn_of_unread;
use crate::args::{Ground, LabelAddArgs, LabelCommand, LabelStartWord};
use crate::exit::point_at;
use crate::ui::{Table, Ui, escape};

pub(super) fn run(archive: &mut Archive, command: &LabelCommand, ui: &Ui) -> Result<()> {
    match command {
        LabelCommand::Add(args) if args.ground.simulate => {
            let seen = simulate::change(archive, SimulatedRules::Label(&new_label(args)), ui);
            seen.inspect_err(|error| point_at(args.auto.as_deref(), error, ui))
        }
        LabelCommand::Add(args) => {
            let added = archive.add_label(&new_label(args), args.ground.without_simulation.as_deref());
            print(&[added.inspect_err(|error| point_at(args.auto.as_deref(), error, ui))?], archive, ui)
        }
        LabelCommand::List => {
            archive.read_rule_queries()?;
            print(&archive.list_labels()?, archive, ui)
        }
        LabelCommand::Show { label } => {
            archive.read_rule_queries()?;
            print(&[archive.show_label(label)?], archive, ui)
        }
        LabelCommand::Set { label, items, asset_id, reason } => {
            print_items(&archive.set_label(label, items, asset_id.as_deref(), reason)?, ui)
        }
        LabelCommand::SetPeriod { label, period, ground: Ground { simulate: true, .. }, .. } => {
            simulate::change(archive, SimulatedRules::Period(label, *period), ui)
        }
        LabelCommand::SetPeriod { label, period, reason, ground } => {
            let unseen = ground.without_simulation.as_deref();
            print(&[archive.set_label_period(label, *period, reason, unseen)?], archive, ui)
        }
        LabelCommand::SetQuery { label, query, ground: Ground { simulate: true, .. } } => {
            let seen = simulate::change(archive, SimulatedRules::LabelQuery(label, query), ui);
            seen.inspect_err(|error| point_at(Some(query), error, ui))
        }
        LabelCommand::SetQuery { label, query, ground } => {
            let set = archive.set_label_query(label, query, ground.without_simulation.as_deref());
            print(&[set.inspect_err(|error| point_at(Some(query), error, ui))?], archive, ui)
        }
        LabelCommand::SetReviewers { label, review, ground: Ground { simulate: true, .. }, .. } => {
            simulate::change(archive, SimulatedRules::Reviewers(label, &named_stages(review)), ui)
        }
        LabelCommand::SetReviewers { label, review, reason, ground, .. } => {
            let (review, unseen) = (named_stages(review), ground.without_simulation.as_deref());
            print(&[archive.set_label_reviewers(label, &review, reason, unseen)?], archive, ui)
        }
        LabelCommand::Clear { items, reason } => print_items(&archive.clear_label(items, reason)?, ui),
    }
}

fn new_label(args: &LabelAddArgs) -> NewLabel {
    NewLabel {
        name: args.name.clone(),
        action: action(args.action),
        period: args.period,
        start: match args.start {
            LabelStartWord::Created => LabelStart::Created,
            LabelStartWord::Modified => LabelStart::Modified,
            LabelStartWord::Labelled => LabelStart::Labelled,
            LabelStartWord::Event => LabelStart::Event(args.event_type.clone().unwrap_or_default()),
        },
        record: match (args.record, args.regulatory) {
            (_, true) => RecordKind::Regulatory,
            (true, false) => RecordKind::Record,
            (false, false) => RecordKind::None,
        },
        folders: args.folders.clone(),
        query: args.auto.clone(),
        review: named_stages(&args.review),
        next: args.next_label.clone(),
    }
}

/// A stage for each list of names.
fn named_stages(lists: &[String]) -> Vec<ReviewStage> {
    let actors = |names: &String| names.split(',').map(|name| Actor(name.trim().to_owned())).collect();
    lists.iter().map(|names| ReviewStage { reviewers: actors(names) }).collect()
}

/// The reviewers of each stage.
fn stages(label: &RetentionLabel) -> Vec<Vec<&str>> {
    label.review.iter().map(|stage| stage.reviewers.iter().map(|reviewer| reviewer.0.as_str()).collect()).collect()
}

/// The word for a start, and the type of event that it waits for.
fn start(label: &RetentionLabel) -> (&'static str, Option<&str>) {
    match &label.start {
        LabelStart::Created => ("created", None),
        LabelStart::Modified => ("modified", None),
        LabelStart::Labelled => ("labelled", None),
        LabelStart::Event(kind) => ("event", Some(kind)),
    }
}

fn print(labels: &[RetentionLabel], archive: &Archive, ui: &Ui) -> Result<()> {
    let (all, mut unread) = (archive.list_labels()?, archive.unread_rules()?);
    unread.retain(|rule| rule.source == Source::Label && labels.iter().any(|label| label.name == rule.name));
    let next = |label: &RetentionLabel| all.iter().find(|other| Some(other.id) == label.next).map(|next| &next.name);
    if ui.json {
        let why = |label: &RetentionLabel| unread.iter().find(|rule| rule.name == label.name).map(|rule| &rule.why);
        return labels.iter().try_for_each(|label| ui.json(&label_json(label, next(label), why(label))));
    }
    let mut table = Table::new(&["ID", "NAME", "ACTION", "PERIOD", "FROM", "RECORD", "SET ON", "REVIEW", "NEXT"]);
    for label in labels {
        let (start, event) = start(label);
        let from = event.map_or_else(|| start.to_owned(), |kind| format!("event {kind}"));
        let record = match label.record {
            RecordKind::None => "no",
            RecordKind::Record => "record",
            RecordKind::Regulatory => "regulatory record",
        };
        let query = label.query.iter().cloned();
        let set_on = label.folders.iter().map(|path| format!("folder {path}")).chain(query).collect::<Vec<_>>();
        table.row(&[
            label.id.to_string(),
            escape(&label.name, false),
            label.action.as_str().to_owned(),
            label.period.to_string(),
            escape(&from, false),
            record.to_owned(),
            escape(&set_on.join("; "), false),
            escape(&stages(label).iter().map(|names| names.join(", ")).collect::<Vec<_>>().join("; "), false),
            escape(next(label).map_or("", String::as_str), false),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    warn_of_unread(&unread, ui);
    Ok(())
}

fn print_items(items: &[LabelledItem], ui: &Ui) -> Result<()> {
    for item in items {
        if ui.json {
            ui.json(&json!({
                "type": "labelled_item", "item": item.item, "label": item.label, "before": item.before,
                "asset_id": item.asset_id, "at": item.at, "earlier": item.earlier,
            }))?;
            continue;
        }
        let carries = item.label.as_ref().map_or_else(|| "no label".to_owned(), |label| format!("label `{label}`"));
        let before = item.before.as_ref().map_or_else(String::new, |label| format!(", before `{label}`"));
        let asset = item.asset_id.as_ref().map_or_else(String::new, |asset| format!(", about {asset}"));
        let earlier = item.earlier.as_ref().map_or_else(String::new, |earlier| format!("; {earlier}"));
        ui.line(&escape(&format!("Item {} carries {carries}{asset}{before}{earlier}", item.item), false))?;
    }
    Ok(())
}

fn label_json(label: &RetentionLabel, next: Option<&String>, unread: Option<&String>) -> Value {
    let (start, event) = start(label);
    json!({
        "type": "label", "id": label.id.to_string(), "name": label.name, "action": label.action,
        "period": label.period, "start": start, "event_type": event, "record": label.record,
        "folders": label.folders, "auto": label.query, "added_at": label.added_at, "added_by": label.added_by.0,
        "review": stages(label), "review_since": label.review_since, "next_label": next, "unread": unread,
        "mended_at": label.mended_at,
    })
}
