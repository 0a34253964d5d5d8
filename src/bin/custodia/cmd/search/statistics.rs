//! Counts by mailbox, folder, platform, month and sender.

use custodia::Result;
use custodia::archive::{SearchReport, Statistics, StatisticsRow};
use custodia::exporter::CsvFile;
use serde_json::json;

use crate::args::SearchOutputArgs;
use crate::ui::{Table, Ui, counted};

/// Rows of a table unless said.
const TOP: usize = 20;

/// Columns of a CSV file of counts.
pub(super) const COLUMNS: [&str; 7] = ["by", "name", "mailbox", "messages", "items", "bytes", "partially_indexed"];

/// Prints the counts in detail.
pub(super) fn show(report: &SearchReport, args: &SearchOutputArgs, ui: &Ui) -> Result<()> {
    let Some(statistics) = &report.statistics else { return Ok(()) };
    for (by, rows) in statistics.lists() {
        if ui.json {
            print_json(by, rows, args.top.unwrap_or(usize::MAX), ui)?;
        } else {
            print(by, rows, args.top.unwrap_or(TOP), ui)?;
        }
    }
    Ok(())
}

/// Writes the counts in detail, all of them unless `--top` says how many.
pub(super) fn write(statistics: &Statistics, args: &SearchOutputArgs, csv: &mut CsvFile) -> Result<()> {
    let top = args.top.unwrap_or(usize::MAX);
    for (by, rows) in statistics.lists() {
        rows.iter().take(top).try_for_each(|row| csv.row(&cells(by, row)))?;
        if let Some(rest) = rest(rows, top) {
            csv.row(&cells(by, &StatisticsRow { name: format!("({} more)", rows.len() - top), ..rest }))?;
        }
    }
    Ok(())
}

fn cells(by: &str, row: &StatisticsRow) -> [String; 7] {
    [
        by.to_owned(),
        row.name.clone(),
        row.mailbox.clone().unwrap_or_default(),
        row.messages.to_string(),
        row.items.to_string(),
        row.bytes.to_string(),
        row.partially_indexed.map_or_else(String::new, |items| items.to_string()),
    ]
}

/// The sum of the rows after the first `top`.
fn rest(rows: &[StatisticsRow], top: usize) -> Option<StatisticsRow> {
    let rest = rows.get(top..).filter(|rest| !rest.is_empty())?;
    Some(StatisticsRow {
        messages: rest.iter().map(|row| row.messages).sum(),
        items: rest.iter().map(|row| row.items).sum(),
        bytes: rest.iter().map(|row| row.bytes).sum(),
        partially_indexed: rest.iter().map(|row| row.partially_indexed).sum(),
        ..StatisticsRow::default()
    })
}

fn print_json(by: &str, rows: &[StatisticsRow], top: usize, ui: &Ui) -> Result<()> {
    for row in rows.iter().take(top) {
        ui.json(&json!({
            "type": "count", "by": by, "name": row.name, "mailbox": row.mailbox, "messages": row.messages,
            "items": row.items, "bytes": row.bytes, "partially_indexed": row.partially_indexed,
        }))?;
    }
    rest(rows, top).map_or(Ok(()), |rest| {
        ui.json(&json!({
            "type": "rest", "by": by, "rows": rows.len() - top, "messages": rest.messages, "items": rest.items,
            "bytes": rest.bytes, "partially_indexed": rest.partially_indexed,
        }))
    })
}

fn print(by: &str, rows: &[StatisticsRow], top: usize, ui: &Ui) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&[&by.to_uppercase(), "MESSAGES", "ITEMS", "BYTES", "IN PART"]);
    for row in rows.iter().take(top) {
        let place = row.mailbox.as_ref().filter(|_| by == "folder").map(|mailbox| format!("{mailbox} / "));
        let name = if row.name.is_empty() { "(none named)" } else { &row.name };
        table.row(&[
            format!("{}{name}", place.unwrap_or_default()),
            row.messages.to_string(),
            row.items.to_string(),
            row.bytes.to_string(),
            row.partially_indexed.map_or_else(String::new, |items| items.to_string()),
        ]);
    }
    ui.line("")?;
    table.lines().try_for_each(|line| ui.line(&line))?;
    rest(rows, top).map_or(Ok(()), |rest| {
        ui.line(&format!(
            "and {} more with {}; --top N shows more, --json and --csv all",
            rows.len() - top,
            counted(rest.items, "item")
        ))
    })
}
