//! `search`

use std::ops::Range;

use custodia::archive::{Archive, Hit, SearchReport, SearchRequest, SortOrder};
use custodia::query::{Mode, caret};
use custodia::{Error, Result};
use serde_json::{Value, json};

use crate::args::{SearchArgs, Sort};
use crate::ui::{Ui, counted, escape};

/// Recipients of a hit that are named to people.
const NAMED_RECIPIENTS: usize = 3;

/// Hits of a table unless said.
const TABLE_LIMIT: u64 = 50;

pub(super) fn run(archive: &mut Archive, args: &SearchArgs, ui: &Ui) -> Result<u8> {
    let request = SearchRequest {
        query: args.query.clone(),
        mode: if args.lenient { Mode::Lenient } else { Mode::Strict },
        mailboxes: args.mailboxes.clone(),
        folders: args.folders.clone(),
        limit: match (args.count, args.limit, ui.json) {
            (true, ..) => Some(0),
            (_, None, false) => Some(TABLE_LIMIT),
            (_, limit, _) => limit,
        },
        sort: match args.sort {
            Sort::Newest => SortOrder::Newest,
            Sort::Oldest => SortOrder::Oldest,
        },
    };
    let mut shown = 0;
    let mut previous = None;
    let result = archive.search(
        &request,
        &mut |report| if ui.json { ui.json(&summary(report)) } else { print_summary(report, ui) },
        &mut |hit| {
            shown += 1;
            let repeated = previous.replace(hit.message) == Some(hit.message);
            match (ui.json, repeated) {
                (true, _) => ui.json(&hit_json(&hit)),
                (false, false) => print_hit(&hit, ui),
                (false, true) => print_place(&hit, ui),
            }
        },
    );
    let report = result.inspect_err(|error| {
        if let (Error::Query { offset, .. }, Some(query), false) = (error, &args.query, ui.json) {
            ui.status(&caret(&escape(query, false), *offset));
        }
    })?;
    if !ui.json && !args.count && shown < report.items {
        ui.status(&format!("\n{shown} of {} shown; --limit N shows more", counted(report.items, "item")));
    }
    Ok(0)
}

fn summary(report: &SearchReport) -> Value {
    let warnings: Vec<Value> = report
        .warnings
        .iter()
        .map(|warning| json!({ "code": warning.code, "offset": warning.offset, "message": warning.message }))
        .collect();
    json!({
        "type": "summary", "schema_version": 1, "messages": report.messages, "items": report.items,
        "bytes": report.bytes, "partially_indexed": report.partially_indexed, "mode": report.mode.as_str(), "read_as": report.read_as,
        "warnings": warnings,
    })
}

fn hit_json(hit: &Hit) -> Value {
    json!({
        "type": "hit", "item": hit.item.to_string(), "message": hit.message.to_string(), "digest": hit.digest,
        "mailbox": hit.mailbox, "folder": hit.folder, "sent_at": hit.sent_at, "from": hit.from, "to": hit.to,
        "subject": hit.subject, "snippet": hit.snippet,
    })
}

fn print_summary(report: &SearchReport, ui: &Ui) -> Result<()> {
    for warning in &report.warnings {
        ui.warn(&format!("{}: {}", warning.code, escape(&warning.message, false)));
    }
    ui.line(&format!(
        "{}, {}, {}",
        counted(report.messages, "message"),
        counted(report.items, "item"),
        counted(report.bytes, "byte")
    ))?;
    if report.partially_indexed > 0 {
        ui.line(&format!(
            "{} in scope can be searched only in part and may match too",
            counted(report.partially_indexed, "item")
        ))?;
    }
    Ok(())
}

fn print_hit(hit: &Hit, ui: &Ui) -> Result<()> {
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
    ui.line(&format!("    in {}", place(hit)))
}

/// Another item of the message that was printed just before.
fn print_place(hit: &Hit, ui: &Ui) -> Result<()> {
    ui.line(&format!("{}  in {}", ui.strong(&hit.item.to_string()), place(hit)))
}

fn place(hit: &Hit) -> String {
    escape(&format!("{} / {}", hit.mailbox, hit.folder), false)
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
