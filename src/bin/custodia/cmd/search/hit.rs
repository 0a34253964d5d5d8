//! Hits, for people and for programs.

use std::ops::Range;

use custodia::Result;
use custodia::archive::Hit;
use custodia::model::{Conversation, Digest, UtcTime};
use serde::Serialize;

use crate::ui::{Ui, escape};

/// Places of a match that are named to people.
const NAMED_PLACES: usize = 6;

/// Recipients of a hit that are named to people.
const NAMED_RECIPIENTS: usize = 3;

/// A hit as JSON; a hundred thousand of them are written as fast as they are read.
#[derive(Serialize)]
pub(super) struct HitJson<'h> {
    conversation: Option<&'h Conversation>,
    digest: Digest,
    folder: &'h str,
    from: &'h str,
    item: String,
    mailbox: &'h str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matched_attachments: Vec<AttachmentJson<'h>>,
    matched_in: Vec<&'static str>,
    message: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    partially_indexed: &'h [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<PlaceJson<'h>>,
    sent_at: Option<UtcTime>,
    snippet: &'h str,
    subject: &'h str,
    to: &'h [String],
    r#type: &'static str,
}

#[derive(Serialize)]
struct AttachmentJson<'h> {
    matched_in: Vec<&'static str>,
    n: usize,
    name: &'h str,
}

#[derive(Serialize)]
struct PlaceJson<'h> {
    folder: &'h str,
    item: String,
    mailbox: &'h str,
    message: String,
}

impl<'h> HitJson<'h> {
    pub(super) fn of(hit: &'h Hit) -> Self {
        let attachments = hit.matched_attachments.iter().map(|found| AttachmentJson {
            matched_in: found.matched_in.iter().map(|part| part.as_str()).collect(),
            n: found.n,
            name: &found.name,
        });
        let places = hit.places.iter().map(|place| PlaceJson {
            folder: &place.folder,
            item: place.item.to_string(),
            mailbox: &place.mailbox,
            message: place.message.to_string(),
        });
        Self {
            conversation: hit.conversation.as_ref(),
            digest: hit.digest,
            folder: &hit.folder,
            from: &hit.from,
            item: hit.item.to_string(),
            mailbox: &hit.mailbox,
            matched_attachments: attachments.collect(),
            matched_in: hit.matched_in.iter().map(|part| part.as_str()).collect(),
            message: hit.message.to_string(),
            partially_indexed: &hit.partially_indexed,
            places: places.collect(),
            sent_at: hit.sent_at,
            snippet: &hit.snippet,
            subject: &hit.subject,
            to: &hit.to,
            r#type: "hit",
        }
    }
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
