//! `retention event`

use custodia::Result;
use custodia::archive::{Archive, EventReach, EventType, NewEvent};
use custodia::model::RetentionEvent;
use serde_json::{Value, json};

use crate::args::EventCommand;
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &EventCommand, ui: &Ui) -> Result<()> {
    match command {
        EventCommand::Record { kind, asset_id, date } => {
            let new = NewEvent { kind: kind.clone(), asset: asset_id.clone(), at: *date };
            let event = archive.record_event(&new)?;
            let reach = archive.event_reach(&event)?;
            recorded(&event, &reach, ui)
        }
        EventCommand::List => list(&archive.list_events()?, ui),
        EventCommand::Types => types(&archive.event_types()?, ui),
    }
}

fn recorded(event: &RetentionEvent, reach: &EventReach, ui: &Ui) -> Result<()> {
    if ui.json {
        let mut recorded = event_json(event);
        if let Some(fields) = recorded.as_object_mut() {
            fields.insert("labels".to_owned(), json!(reach.labels));
            fields.insert("items".to_owned(), json!(reach.items));
            fields.insert("counts_from".to_owned(), json!(reach.counts_from));
            fields.insert("counted_from".to_owned(), json!(reach.counted_from));
            fields.insert("nearest_type".to_owned(), json!(reach.nearest_type));
            fields.insert("nearest_asset".to_owned(), json!(reach.nearest_asset));
        }
        ui.json(&recorded)?;
    } else {
        list(std::slice::from_ref(event), ui)?;
        ui.line(&consequence(event, reach))?;
    }
    let nearest =
        |known: &Option<String>| known.as_ref().map_or_else(String::new, |known| format!("; is `{known}` meant?"));
    if reach.labels.is_empty() {
        let text = format!("no label counts from events of type `{}`{}", event.kind, nearest(&reach.nearest_type));
        ui.warn(&escape(&text, true));
        ui.hint("`custodia retention event types` lists those that labels count from");
    }
    if !reach.is_known_asset {
        let text = format!("no labelled item is about `{}`{}", event.asset, nearest(&reach.nearest_asset));
        ui.warn(&escape(&text, true));
    }
    Ok(())
}

/// What comes of an event for the items that it concerns.
fn consequence(event: &RetentionEvent, reach: &EventReach) -> String {
    let items = counted(reach.items, "item");
    match reach.counted_from.filter(|_| reach.items > 0) {
        None => format!("the period of {items} begins"),
        Some(before) if before > event.at => {
            format!("the period of {items} goes on counting from {before}, the event of that time being the later one")
        }
        Some(before) if before == event.at => format!("the period of {items} counts from that time already"),
        Some(before) => format!("the period of {items} counts from {} now, and not from {before} any longer", event.at),
    }
}

fn list(events: &[RetentionEvent], ui: &Ui) -> Result<()> {
    if ui.json {
        return events.iter().try_for_each(|event| ui.json(&event_json(event)));
    }
    let mut table = Table::new(&["N", "TYPE", "ASSET", "DATE", "RECORDED", "BY"]);
    for event in events {
        let [kind, asset, by] = [&event.kind, &event.asset, &event.recorded_by.0].map(|text| escape(text, false));
        table.row(&[event.no.to_string(), kind, asset, event.at.to_string(), event.recorded_at.to_string(), by]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn types(types: &[EventType], ui: &Ui) -> Result<()> {
    if ui.json {
        return types.iter().try_for_each(|known| {
            ui.json(&json!({
                "type": "event_type", "event_type": known.event_type, "labels": known.labels, "items": known.items,
                "items_with_asset": known.items_with_asset, "events": known.events,
            }))
        });
    }
    let mut table = Table::new(&["TYPE", "LABELS THAT COUNT FROM IT", "ITEMS", "WITH ASSET", "EVENTS"]);
    for known in types {
        let labels = if known.labels.is_empty() { "none".to_owned() } else { known.labels.join(", ") };
        let counts = [known.items, known.items_with_asset, known.events].map(|count| count.to_string());
        let [items, with_asset, events] = counts;
        table.row(&[escape(&known.event_type, false), escape(&labels, false), items, with_asset, events]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn event_json(event: &RetentionEvent) -> Value {
    json!({
        "type": "event", "n": event.no, "event_type": event.kind, "asset_id": event.asset, "date": event.at,
        "recorded_at": event.recorded_at, "recorded_by": event.recorded_by.0,
    })
}
