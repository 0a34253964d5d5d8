//! Keyword lists: what each row finds.

use std::fs;
use std::path::Path;

use custodia::archive::{KeywordRow, SearchReport};
use custodia::exporter::CsvFile;
use custodia::query::{KeywordFormat, KeywordText, caret, read_keywords};
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::explain::{people_json, person_line};
use crate::args::SearchOutputArgs;
use crate::ui::{Table, Ui, counted, escape};

/// Largest file that is taken for a keyword list, in bytes.
const LARGEST: u64 = 64 << 20;

/// Columns of a CSV file of rows.
pub(super) const COLUMNS: [&str; 7] =
    ["line", "keywords", "messages", "items", "bytes", "unique_messages", "unique_items"];

/// Reads the rows of a file.
pub(super) fn read(path: &Path) -> Result<Vec<KeywordText>> {
    let length = fs::metadata(path).map_err(Error::io("read", path))?.len();
    if length > LARGEST {
        return Err(Error::InvalidInput(format!("`{}` is too large for a keyword list", path.display())));
    }
    let format = KeywordFormat::of_ending(&path.extension().unwrap_or_default().to_string_lossy());
    read_keywords(&fs::read(path).map_err(Error::io("read", path))?, format)
}

/// Prints what each row finds. Returns whether a row was refused.
pub(super) fn show(report: &SearchReport, args: &SearchOutputArgs, ui: &Ui) -> Result<bool> {
    let rows = &report.keywords;
    if ui.json {
        rows.iter().try_for_each(|row| ui.json(&row_json(row)))?;
    } else if args.report.is_none() {
        print(rows, ui)?;
    }
    Ok(point_out(rows, ui))
}

/// Says how people were read, what may not be expected, and which rows were refused; returns whether there are some of
/// these.
pub(super) fn point_out(rows: &[KeywordRow], ui: &Ui) -> bool {
    for (row, person) in rows.iter().flat_map(|row| row.people.iter().map(move |person| (row, person))) {
        ui.status(&format!("line {}: {}", row.line, person_line(person)));
    }
    let refused: Vec<_> = rows.iter().filter_map(|row| Some((row, row.counts.as_ref().err()?))).collect();
    for (row, refusal) in &refused {
        ui.warn(&format!(
            "line {} is refused and not counted: {}: {}\n{}\n{}",
            row.line,
            refusal.code,
            escape(&refusal.message, false),
            caret(&escape(&row.text, false), refusal.offset),
            escape(&refusal.hint, false)
        ));
    }
    for (row, warning) in rows.iter().flat_map(|row| row.warnings.iter().map(move |warning| (row, warning))) {
        ui.warn(&format!("line {}: {}: {}", row.line, warning.code, escape(&warning.message, false)));
    }
    if !refused.is_empty() {
        ui.warn(&format!("{} of {} refused", refused.len(), counted(rows.len() as u64, "row")));
    }
    !refused.is_empty()
}

pub(super) fn row_json(row: &KeywordRow) -> Value {
    let counts = row.counts.as_ref().ok();
    let warnings = row.warnings.iter();
    let warnings = warnings.map(|w| json!({ "code": w.code, "offset": w.offset, "message": w.message }));
    let error = row.counts.as_ref().err().map(|refusal| {
        json!({
            "code": refusal.code, "offset": refusal.offset, "message": refusal.message, "hint": refusal.hint,
        })
    });
    json!({
        "type": "keyword", "line": row.line, "keywords": row.text, "read_as": row.read_as,
        "messages": counts.map(|counts| counts.messages), "items": counts.map(|counts| counts.items),
        "bytes": counts.map(|counts| counts.bytes), "unique_messages": counts.map(|counts| counts.unique_messages),
        "unique_items": counts.map(|counts| counts.unique_items), "warnings": warnings.collect::<Vec<_>>(),
        "people": people_json(&row.people),
        "error": error,
    })
}

/// Line, keywords, counts; the code in their place if the row was refused.
fn cells(row: &KeywordRow) -> [String; 7] {
    let (line, text) = (row.line.to_string(), row.text.clone());
    match &row.counts {
        Ok(counts) => {
            let counts = [counts.messages, counts.items, counts.bytes, counts.unique_messages, counts.unique_items];
            let [messages, items, bytes, unique, unique_items] = counts.map(|count| count.to_string());
            [line, text, messages, items, bytes, unique, unique_items]
        }
        Err(refusal) => {
            let [items, bytes, unique, unique_items] = [const { String::new() }; 4];
            [line, text, refusal.code.to_owned(), items, bytes, unique, unique_items]
        }
    }
}

/// Prints the rows as a table, if there are some.
pub(super) fn print(rows: &[KeywordRow], ui: &Ui) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&["LINE", "KEYWORDS", "MESSAGES", "ITEMS", "BYTES", "ONLY HERE", "ITEMS ONLY HERE"]);
    for row in rows {
        table.row(&cells(row));
    }
    ui.line("")?;
    table.lines().try_for_each(|line| ui.line(&line))
}

/// Writes what each row finds.
pub(super) fn write(rows: &[KeywordRow], csv: &mut CsvFile) -> Result<()> {
    rows.iter().try_for_each(|row| csv.row(&cells(row)))
}
