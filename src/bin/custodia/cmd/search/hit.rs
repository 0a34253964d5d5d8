//! Hits, for people and for programs.

use std::ops::Range;

use custodia::Result;
use custodia::archive::Hit;
use serde_json::{Value, json};

use crate::ui::{Ui, escape};

/// Places of a match that are named to people.
const NAMED_PLACES: usize = 6;

/// Recipients of a hit that are named to people.
const NAMED_RECIPIENTS: usize = 3;

pub(super) fn hit_json(hit: &Hit) -> Value {
    let mut value = json!({
        "type": "hit", "item": hit.item.to_string(), "message": hit.message.to_string(), "digest": hit.digest,
        "mailbox": hit.mailbox, "folder": hit.folder, "sent_at": hit.sent_at, "from": hit.from, "to": hit.to,
        "subject": hit.subject, "snippet": hit.snippet, "conversation": hit.conversation,
        "matched_in": hit.matched_in.iter().map(|part| part.as_str()).collect::<Vec<_>>(),
    });
    let places = hit.places.iter().map(|place| {
        json!({
            "item": place.item.to_string(), "message": place.message.to_string(), "mailbox": place.mailbox,
            "folder": place.folder,
        })
    });
    if let Some(fields) = value.as_object_mut().filter(|_| !hit.places.is_empty()) {
        fields.insert("places".to_owned(), places.collect());
    }
    let attachments = hit.matched_attachments.iter().map(|found| {
        let parts: Vec<&str> = found.matched_in.iter().map(|part| part.as_str()).collect();
        json!({ "n": found.n, "name": found.name, "matched_in": parts })
    });
    if let Some(fields) = value.as_object_mut().filter(|_| !hit.matched_attachments.is_empty()) {
        fields.insert("matched_attachments".to_owned(), attachments.collect());
    }
    if let Some(fields) = value.as_object_mut().filter(|_| !hit.partially_indexed.is_empty()) {
        fields.insert("partially_indexed".to_owned(), json!(hit.partially_indexed));
    }
    value
}

/// Columns of a CSV file of hits.
pub(super) const COLUMNS: [&str; 12] = [
    "item",
    "message",
    "digest",
    "mailbox",
    "folder",
    "sent_at",
    "from",
    "to",
    "subject",
    "snippet",
    "places",
    "matched_in",
];

pub(super) fn cells(hit: &Hit) -> [String; 12] {
    let places = hit.places.iter().map(|place| format!("{}: {} / {}", place.item, place.mailbox, place.folder));
    [
        hit.item.to_string(),
        hit.message.to_string(),
        hit.digest.to_string(),
        hit.mailbox.clone(),
        hit.folder.clone(),
        hit.sent_at.map_or_else(String::new, |sent| sent.to_string()),
        hit.from.clone(),
        hit.to.join("; "),
        hit.subject.clone(),
        hit.snippet.clone(),
        places.collect::<Vec<_>>().join("; "),
        hit.matched_words().join("; "),
    ]
}

pub(super) fn print_hit(hit: &Hit, ui: &Ui) -> Result<()> {
    let sent = hit.sent_at.map_or_else(|| "(no date)".to_owned(), |sent| sent.to_string());
    ui.line("")?;
    ui.line(&format!(
        "{}  {}  {}",
        ui.strong(&hit.item.to_string()),
        escape(&sent, false),
        ui.strong(&escape(&hit.subject, false))
    ))?;
    let mut to = hit.to.iter().take(NAMED_RECIPIENTS).map(String::as_str).collect::<Vec<_>>().join(", ");
    if hit.to.len() > NAMED_RECIPIENTS {
        to = format!("{to} and {} more", hit.to.len() - NAMED_RECIPIENTS);
    }
    ui.line(&format!("    {} -> {}", escape(&hit.from, false), escape(&to, false)))?;
    if !hit.snippet.is_empty() {
        ui.line(&format!("    {}", highlighted(&hit.snippet, &hit.highlights, ui)))?;
    }
    let elsewhere: Vec<String> = hit.matched_words().into_iter().filter(|part| part != "body").collect();
    if !elsewhere.is_empty() {
        let mut named = elsewhere.iter().take(NAMED_PLACES).map(String::as_str).collect::<Vec<_>>().join(", ");
        if elsewhere.len() > NAMED_PLACES {
            named = format!("{named} and {} more", elsewhere.len() - NAMED_PLACES);
        }
        ui.line(&format!("    matches in {}", escape(&named, false)))?;
    }
    for reason in &hit.partially_indexed {
        ui.line(&format!("    not searched: {}", escape(reason, false)))?;
    }
    if hit.places.is_empty() {
        return ui.line(&format!("    in {}", place(&hit.mailbox, &hit.folder)));
    }
    hit.places
        .iter()
        .try_for_each(|other| ui.line(&format!("    {} in {}", other.item, place(&other.mailbox, &other.folder))))
}

/// Another item of the message that was printed just before.
pub(super) fn print_place(hit: &Hit, ui: &Ui) -> Result<()> {
    ui.line(&format!("{}  in {}", ui.strong(&hit.item.to_string()), place(&hit.mailbox, &hit.folder)))
}

fn place(mailbox: &str, folder: &str) -> String {
    escape(&format!("{mailbox} / {folder}"), false)
}

fn highlighted(text: &str, places: &[Range<usize>], ui: &Ui) -> String {
    let mut line = String::new();
    let mut done = 0;
    for place in places.iter().filter(|place| !place.is_empty()) {
        let (Some(before), Some(matched)) = (text.get(done..place.start), text.get(place.clone())) else { continue };
        line.push_str(&escape(before, false));
        line.push_str(&ui.highlight(&escape(matched, false)));
        done = place.end;
    }
    line.push_str(&escape(text.get(done..).unwrap_or_default(), false));
    line
}
