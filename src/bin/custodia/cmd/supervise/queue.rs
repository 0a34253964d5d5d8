//! `supervise queue` and `supervise show`

use custodia::Result;
use custodia::archive::{Archive, Excerpt, OpenedMatch, QueuedMatch, SupervisionFilter};
use custodia::model::{FoundIn, SupervisionEntry, SupervisionMatch, SupervisionMatchNo, SupervisionStep};
use serde_json::{Value, json};

use crate::args::QueueArgs;
use crate::cmd::show::participants_json;
use crate::ui::{Table, Ui, counted, escape};

/// Excerpts of a message that people are shown.
const EXCERPTS: usize = 10;

/// Matches that people are shown unless they say otherwise.
const LISTED: u64 = 50;

pub(super) fn list(archive: &mut Archive, args: &QueueArgs, ui: &Ui) -> Result<()> {
    let filter = SupervisionFilter {
        policy: args.policy.clone(),
        reviewer: args.reviewer.clone(),
        mine: args.mine,
        state: args.state.map(Into::into),
        overdue: args.overdue,
        limit: args.limit.or(if ui.json { None } else { Some(LISTED) }),
    };
    let mut table =
        Table::new(&["MATCH", "POLICY", "SEVERITY", "STATE", "DUE", "WAITS FOR", "MAILBOX", "FROM", "SUBJECT"]);
    let mut shown = 0;
    let count = archive.visit_supervision_queue(&filter, &mut |queued| {
        shown += 1;
        if ui.json {
            return ui.json(&queued_json("match", &queued));
        }
        table.row(&row(&queued));
        Ok(())
    })?;
    if ui.json {
        return ui.json(&json!({ "type": "summary", "schema_version": 1, "matches": count, "shown": shown }));
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    let of = if shown < count { format!("{shown} of ") } else { String::new() };
    ui.status(&if count == 1 { "1 match".to_owned() } else { format!("{of}{count} matches") });
    if count > 0 {
        ui.hint(
            "`custodia supervise show MATCH`, then `custodia supervise resolve MATCH --as FINDING --comment \"...\"`",
        );
    }
    Ok(())
}

fn row(queued: &QueuedMatch) -> [String; 9] {
    let found = &queued.found;
    let due = format!("{}{}", queued.due_at, if queued.overdue { " !" } else { "" });
    [
        found.no.to_string(),
        queued.policy.name.clone(),
        queued.policy.severity.as_str().to_owned(),
        state(found),
        due,
        queued.waits_for().iter().map(|actor| actor.0.as_str()).collect::<Vec<_>>().join(", "),
        queued.mailbox.clone(),
        if queued.folder.is_some() { queued.from.clone() } else { "(disposed of)".to_owned() },
        queued.subject.clone(),
    ]
}

fn excerpt_json(excerpt: &Excerpt) -> Value {
    let mut value = place_json(&excerpt.place);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("before".to_owned(), json!(excerpt.before));
        fields.insert("found".to_owned(), json!(excerpt.found));
        fields.insert("after".to_owned(), json!(excerpt.after));
    }
    value
}

/// Where a match stands, and what it was said to be.
fn state(found: &SupervisionMatch) -> String {
    let finding = found.finding().map_or_else(String::new, |finding| format!(" {}", finding.as_str()));
    format!("{}{finding}", found.state().as_str())
}

fn place_json(place: &FoundIn) -> Value {
    match place {
        FoundIn::Subject(from, to) => json!({ "in": "subject", "from": from, "to": to }),
        FoundIn::Body(from, to) => json!({ "in": "body", "from": from, "to": to }),
        FoundIn::Attachment(n) => json!({ "in": "attachment", "n": n }),
        FoundIn::People => json!({ "in": "people" }),
    }
}

fn entry_json(entry: &SupervisionEntry) -> Value {
    let (finding, to, case, hold) = match &entry.step {
        SupervisionStep::Tagged(finding) | SupervisionStep::Resolved(finding) => (Some(finding), None, None, None),
        SupervisionStep::Escalated(to) => (None, Some(to), None, None),
        SupervisionStep::Investigated { case, hold } => (None, None, Some(case), Some(hold)),
        SupervisionStep::Opened | SupervisionStep::Annotated | SupervisionStep::CopyOf(_) | SupervisionStep::Drawn => {
            (None, None, None, None)
        }
    };
    let copy_of = match &entry.step {
        SupervisionStep::CopyOf(no) => Some(no.to_string()),
        _ => None,
    };
    json!({
        "action": entry.step.as_str(), "by": entry.by, "at": entry.at, "comment": entry.comment, "finding": finding,
        "to": to, "case": case, "hold": hold, "copy_of": copy_of,
    })
}

/// What a line says of a match, of a type of its own.
fn match_json(line: &str, found: &SupervisionMatch) -> Value {
    json!({
        "type": line, "match": found.no.to_string(), "policy_id": found.policy, "version": found.version,
        "item": found.item.to_string(), "message": found.message.to_string(), "digest": found.digest,
        "direction": found.direction, "found_at": found.found_at, "state": found.state(), "finding": found.finding(),
        "places": found.places.iter().map(place_json).collect::<Vec<_>>(),
        "reviews": found.entries.iter().map(entry_json).collect::<Vec<_>>(),
    })
}

/// A match behind a step of its review.
pub(super) fn reviewed_json(found: &SupervisionMatch) -> Value {
    match_json("reviewed_match", found)
}

fn queued_json(line: &str, queued: &QueuedMatch) -> Value {
    let mut value = match_json(line, &queued.found);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("policy".to_owned(), json!(queued.policy.name));
        fields.insert("severity".to_owned(), json!(queued.policy.severity));
        fields.insert("mailbox".to_owned(), json!(queued.mailbox));
        fields.insert("folder".to_owned(), json!(queued.folder));
        fields.insert("sent_at".to_owned(), json!(queued.sent_at));
        fields.insert("from".to_owned(), json!(queued.from));
        fields.insert("subject".to_owned(), json!(queued.subject));
        fields.insert("due_at".to_owned(), json!(queued.due_at));
        fields.insert("overdue".to_owned(), json!(queued.overdue));
        fields.insert("waits_for".to_owned(), json!(queued.waits_for()));
    }
    value
}

pub(super) fn show(archive: &mut Archive, no: SupervisionMatchNo, ui: &Ui) -> Result<()> {
    let opened = archive.open_supervision_match(no)?;
    let queued = &opened.queued;
    if ui.json {
        let mut value = queued_json("opened_match", queued);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("query".to_owned(), json!(opened.policy.query));
            fields.insert("exclude".to_owned(), json!(opened.policy.exclude));
            fields.insert("participants".to_owned(), json!(participants_json(&opened.participants)));
            fields.insert("text".to_owned(), json!(opened.text));
            fields.insert("attachments".to_owned(), json!(opened.attachments));
            let excerpts: Vec<Value> = opened.excerpts.iter().map(excerpt_json).collect();
            fields.insert("excerpts".to_owned(), json!(excerpts));
        }
        return ui.json(&value);
    }
    print(&opened, ui)
}

fn print(opened: &OpenedMatch, ui: &Ui) -> Result<()> {
    let (queued, found) = (&opened.queued, &opened.queued.found);
    let field = |name: &str, value: &str| -> Result<()> {
        if value.is_empty() { Ok(()) } else { ui.line(&format!("{name:<12}{}", escape(value, false))) }
    };
    field("Match", &format!("{}, {}", found.no, state(found)))?;
    let policy = &opened.policy;
    field("Policy", &format!("{} version {}, severity {}", policy.name, policy.version, policy.severity.as_str()))?;
    field("Looks for", policy.query.as_deref().unwrap_or("everything"))?;
    field("Leaves out", policy.exclude.as_deref().unwrap_or_default())?;
    let overdue = if queued.overdue { ", overdue" } else { "" };
    field("Found", &format!("{}, due {}{overdue}", found.found_at, queued.due_at))?;
    field("Found in", &places(opened))?;
    let folder = queued.folder.as_deref().unwrap_or("(disposed of)");
    field("Item", &format!("{}, {} / {folder}, {}", found.item, queued.mailbox, found.direction.as_str()))?;
    field("Digest", &found.digest.to_string())?;
    field("Sent", &queued.sent_at.map_or_else(String::new, |at| at.to_string()))?;
    for participant in &opened.participants {
        field(participant.role.as_str(), &participant.display())?;
    }
    field("Subject", &queued.subject)?;
    for (n, name) in (1..).zip(&opened.attachments) {
        field("Attachment", &format!("{n}: {name}"))?;
    }
    for excerpt in opened.excerpts.iter().take(EXCERPTS) {
        let part = |text: &str| escape(&text.replace(['\n', '\r'], " "), false);
        let (before, after) = (part(&excerpt.before), part(&excerpt.after));
        ui.line(&format!("  ...{before}{}{after}...", ui.highlight(&part(&excerpt.found))))?;
    }
    for entry in &found.entries {
        ui.line(&escape(&format!("- {} by {} on {}", in_words(entry), entry.by.0, entry.at), false))?;
    }
    ui.line("")?;
    ui.line(&marked(opened, ui))?;
    let attachment = found.places.iter().find_map(|place| match place {
        FoundIn::Attachment(n) => Some(n),
        _ => None,
    });
    if let Some(n) = attachment {
        let item = found.item;
        ui.hint(&format!("look at the attachment too: `custodia show {item} --attachment {n} --output FILE`"));
    }
    Ok(())
}

/// In which parts of the message something was found, and how often.
fn places(opened: &OpenedMatch) -> String {
    let of = |is: fn(&FoundIn) -> bool| opened.queued.found.places.iter().filter(|place| is(place)).count() as u64;
    let subject = of(|place| matches!(place, FoundIn::Subject(..)));
    let body = of(|place| matches!(place, FoundIn::Body(..)));
    let mut parts = Vec::new();
    parts.extend((subject > 0).then(|| format!("subject ({})", counted(subject, "place"))));
    parts.extend((body > 0).then(|| format!("text ({})", counted(body, "place"))));
    for place in &opened.queued.found.places {
        match place {
            FoundIn::Attachment(n) => parts.push(format!("attachment {n}")),
            FoundIn::People => parts.push("people".to_owned()),
            FoundIn::Subject(..) | FoundIn::Body(..) => {}
        }
    }
    parts.join(", ")
}

/// The text, with what was found set apart.
fn marked(opened: &OpenedMatch, ui: &Ui) -> String {
    let mut text = String::with_capacity(opened.text.len());
    let mut at = 0;
    for range in &opened.highlights {
        text.push_str(&escape(opened.text.get(at..range.start).unwrap_or_default(), true));
        text.push_str(&ui.highlight(&escape(opened.text.get(range.clone()).unwrap_or_default(), true)));
        at = range.end;
    }
    text.push_str(&escape(opened.text.get(at..).unwrap_or_default(), true));
    text
}

/// A step in words: `resolved as compliant: as agreed with the client`.
pub(super) fn in_words(entry: &SupervisionEntry) -> String {
    let what = match &entry.step {
        SupervisionStep::Opened => "opened".to_owned(),
        SupervisionStep::Annotated => "annotated".to_owned(),
        SupervisionStep::Tagged(finding) => format!("tagged as {}", finding.as_str()),
        SupervisionStep::Escalated(to) => format!("given to {}", to.0),
        SupervisionStep::Investigated { case, hold } => format!("given to case `{case}`, on hold `{hold}`"),
        SupervisionStep::Resolved(finding) => format!("resolved as {}", finding.as_str()),
        SupervisionStep::CopyOf(no) => format!("taken for a copy of match {no}"),
        SupervisionStep::Drawn => "drawn for review".to_owned(),
    };
    if entry.comment.is_empty() { what } else { format!("{what}: {}", entry.comment) }
}
