//! How a query is read, shown.

use custodia::Result;
use custodia::archive::{ExplainedPart, QueryExplanation};
use custodia::query::Expansion;
use serde_json::{Value, json};

use super::keywords;
use crate::ui::{Ui, counted, escape};

/// Prints an explanation; returns whether a row of the keyword list was refused.
pub(super) fn show(explanation: &QueryExplanation, ui: &Ui) -> Result<bool> {
    let rows = &explanation.report.keywords;
    if ui.json {
        ui.json(&explanation_json(explanation))?;
    } else {
        print(explanation, ui)?;
        keywords::print(rows, ui)?;
    }
    Ok(keywords::point_out(rows, ui))
}

fn explanation_json(explanation: &QueryExplanation) -> Value {
    let report = &explanation.report;
    json!({
        "type": "explain", "schema_version": 1, "mode": report.mode.as_str(), "read_as": report.read_as,
        "searched_as": explanation.searched_as, "now": explanation.now,
        "through": explanation.through.to_string(),
        "scope": { "mailboxes": explanation.mailboxes, "folders": explanation.folders },
        "messages": report.messages, "items": report.items, "bytes": report.bytes,
        "partially_indexed": report.partially_indexed, "warnings": super::warnings_json(report),
        "people": people_json(&report.people), "tree": part_json(&explanation.tree),
        "keywords": report.keywords.iter().map(keywords::row_json).collect::<Vec<_>>(),
    })
}

/// People who were searched under further names.
pub(super) fn people_json(people: &[Expansion]) -> Vec<Value> {
    let person = |Expansion { property, value, offset, names, .. }: &Expansion| json!({ "property": property, "value": value, "offset": offset, "names": names });
    people.iter().map(person).collect()
}

fn part_json(part: &ExplainedPart) -> Value {
    json!({
        "kind": part.kind, "text": part.text, "meaning": part.meaning, "prefix_words": part.prefix_words,
        "messages": part.messages, "parts": part.parts.iter().map(part_json).collect::<Vec<_>>(),
    })
}

fn print(explanation: &QueryExplanation, ui: &Ui) -> Result<()> {
    let report = &explanation.report;
    for warning in &report.warnings {
        ui.warn(&format!("{}: {}", warning.code, escape(&warning.message, false)));
    }
    let read_as = if report.read_as.is_empty() { "(all)" } else { &report.read_as };
    ui.line(&format!("Read as   {}", escape(read_as, false)))?;
    for person in &report.people {
        ui.line(&format!("Also as   {}", person_line(person)))?;
    }
    let named = |names: &[String], all: &str| if names.is_empty() { all.to_owned() } else { names.join(", ") };
    ui.line(&format!(
        "Looks in  {}; {}",
        escape(&named(&explanation.mailboxes, "all mailboxes"), false),
        escape(&named(&explanation.folders, "all folders"), false)
    ))?;
    ui.line(&format!(
        "Mode      {}; now is {}; messages up to {}",
        report.mode.as_str(),
        explanation.now,
        explanation.through
    ))?;
    ui.line("")?;
    print_part(&explanation.tree, 0, ui)?;
    ui.line("")?;
    super::print_counts(report, ui)
}

/// Names of a person that are shown; JSON has all.
const SHOWN_NAMES: usize = 20;

/// A person and the names that were added.
pub(super) fn person_line(person: &Expansion) -> String {
    escape(&format!("{}:{} is {}", person.property, person.value, listed_names(&person.names)), false)
}

/// The first names of a person, and how many more there are.
pub(super) fn listed_names(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more (`--json` has all)"),
    }
}

fn print_part(part: &ExplainedPart, depth: usize, ui: &Ui) -> Result<()> {
    let what = match part.kind {
        "and" => "all of",
        "or" => "any of",
        "rows" => "any row of",
        "not" => "not",
        _ => part.text.as_str(),
    };
    let meaning = match part.meaning.join("; ") {
        nothing if nothing.is_empty() => nothing,
        meaning => format!("  ({})", escape(&meaning, false)),
    };
    let words = part.prefix_words.map_or_else(String::new, |words| format!(" = {}", counted(words, "word")));
    let messages = counted(part.messages, "message");
    ui.line(&format!("{}{}  {messages}{meaning}{words}", "  ".repeat(depth), escape(what, false)))?;
    part.parts.iter().try_for_each(|part| print_part(part, depth + 1, ui))
}
