//! The rows of a keyword list on a page.

use super::also_as;
use crate::Result;
use crate::archive::search::KeywordRow;
use crate::exporter::html::{Page, grouped};

const HEADS: [&str; 8] = ["Line", "Keywords", "Read as", "Messages", "Items", "Bytes", "Only here", "Items only here"];

/// What each row of a keyword list finds, how it was read, and why it was refused; nothing without rows.
pub(super) fn write(page: &mut Page<'_>, rows: &[KeywordRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    page.heading("Keywords")?;
    page.table(&HEADS, 3, rows.iter().map(|row| Ok(cells(row))))?;
    page.paragraph("A message counts in each row that finds it; those under `only here` are found by no other row.")?;
    rows.iter().flat_map(notes).try_for_each(|note| page.note(&note))?;
    rows.iter().flat_map(people).try_for_each(|person| page.paragraph(&person))
}

fn cells(row: &KeywordRow) -> Vec<String> {
    let mut cells = vec![row.line.to_string(), row.text.clone(), row.read_as.clone()];
    match &row.counts {
        Ok(counts) => {
            let counts = [counts.messages, counts.items, counts.bytes, counts.unique_messages, counts.unique_items];
            cells.extend(counts.map(grouped));
        }
        Err(refusal) => cells.push(format!("refused: {}", refusal.code)),
    }
    cells
}

fn notes(row: &KeywordRow) -> Vec<String> {
    let line = row.line;
    let refused = row.counts.as_ref().err().map(|refusal| {
        let what = format!("Line {line} is refused and not counted: {}: {}", refusal.code, refusal.message);
        if refusal.hint.is_empty() { what } else { format!("{what}. {}", refusal.hint) }
    });
    let warnings = row.warnings.iter().map(|warning| format!("Line {line}: {}: {}", warning.code, warning.message));
    refused.into_iter().chain(warnings).collect()
}

fn people(row: &KeywordRow) -> Vec<String> {
    row.people.iter().map(|person| format!("Line {}: {}", row.line, also_as(person))).collect()
}
