//! What parts the cells of a keyword list in CSV. A separator that is wrong cuts queries, and what is cut off is missed: it is
//! only taken where the file itself says so.

use crate::{Error, Result};

use super::cell::Cells;

/// What the first cell of a CSV file may say without being a query.
const HEADS: [&str; 24] = [
    "keyword",
    "keywords",
    "keyword list",
    "keyword query",
    "key word",
    "key words",
    "kql",
    "kql query",
    "query",
    "queries",
    "query string",
    "query text",
    "search",
    "search expression",
    "search phrase",
    "search query",
    "search string",
    "search strings",
    "search term",
    "search terms",
    "term",
    "terms",
    "suchbegriff",
    "suchbegriffe",
];

/// Rows that are named where many are wrong.
const NAMED: usize = 20;

/// Separators of CSV files.
pub(super) const SEPARATORS: [u8; 3] = [b';', b'\t', b','];

/// Stands in no text: there is one cell in each row.
const NONE: u8 = 0x1f;

/// Whether a cell is the head of a column of queries.
pub(super) fn is_head(cell: &str) -> bool {
    let plain = cell.to_lowercase().replace("(s)", "s").replace(['_', '-'], " ");
    let words: Vec<&str> = plain.trim_end_matches([':', ' ']).split_whitespace().collect();
    HEADS.contains(&words.join(" ").as_str())
}

/// The separator of `text`. A line that names the columns says which it is, or quotes that no cell would need without it.
///
/// `known` is told by something else than the rows.
///
/// # Errors
/// The rows differ in their number of cells, or may each be one query or several cells.
pub(super) fn separator(text: &str, known: Option<u8>) -> Result<u8> {
    if let Some(separator) = known {
        return match parts(text, separator) {
            Parts::Uneven(why) => Err(Error::InvalidInput(why)),
            Parts::One | Parts::Even { .. } => Ok(separator),
        };
    }
    let parted = SEPARATORS.map(|separator| (separator, parts(text, separator)));
    let parting = || parted.iter().filter(|(_, parts)| !matches!(parts, Parts::One));
    let said: Vec<_> = parting().filter(|(separator, _)| is_said(text, *separator)).collect();
    let is_even = |parts: &Parts| matches!(parts, Parts::Even { .. });
    if let [(separator, parts)] = said.as_slice() {
        return match parts {
            Parts::Uneven(why) => Err(Error::InvalidInput(why.clone())),
            _ => Ok(*separator),
        };
    }
    let open = parting().find(|(_, parts)| is_even(parts)).or_else(|| parting().next());
    open.map_or(Ok(NONE), |(separator, parts)| Err(Error::InvalidInput(unclear(*separator, parts))))
}

/// The tab, if lines of text are cells with tabs between them.
///
/// # Errors
/// There are tabs, and nothing says that they part cells.
pub(super) fn tab(text: &str) -> Result<Option<u8>> {
    let mut tabbed = (1..).zip(text.lines()).filter(|(_, line)| line.trim().contains('\t')).map(|(line, _)| line);
    let Some(first) = tabbed.next() else { return Ok(None) };
    if is_said(text, b'\t') {
        return separator(text, Some(b'\t')).map(Some);
    }
    Err(Error::InvalidInput(format!(
        "line {first} of the keyword list{} has a tab, and may be one query or several cells: write a blank in its place if \
         it is one query; if they are cells, save the list as .tsv, or put a line with their names first, such as `Query` and \
         `Note` with a tab between them",
        named_lines(tabbed)
    )))
}

/// What a first line such as `sep=;` says, which spreadsheets understand, and the text with nothing in its place.
///
/// # Errors
/// It says something else than one sign.
pub(super) fn declared(text: &str) -> Result<Option<(u8, String)>> {
    let before = text.len() - text.trim_start().len();
    let end = text.get(before..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| before + length);
    let first = text.get(before..end).unwrap_or_default().trim_matches([' ', '"']).to_ascii_lowercase();
    let Some(said) = first.strip_prefix("sep=") else { return Ok(None) };
    let line_ends = |text: &str| text.matches('\n').collect::<String>();
    let (above, below) = (text.get(..before).unwrap_or_default(), text.get(end..).unwrap_or_default());
    match said.as_bytes() {
        &[sign] if sign == b'\t' || (sign.is_ascii_punctuation() && sign != b'"') => {
            Ok(Some((sign, format!("{}{below}", line_ends(above)))))
        }
        _ => Err(Error::InvalidInput(format!(
            "line {} of the keyword list begins with `sep=`, which says what parts the cells, and names no one sign: write \
             `sep=;` or the like, or leave it out",
            line_ends(above).len() + 1
        ))),
    }
}

/// A reader of the rows of `text`.
pub(super) fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The line on which a row begins.
pub(super) fn line(text: &str, record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else { return 0 };
    // The reader begins a record at the empty lines before it.
    let from = usize::try_from(position.byte()).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    position.line() + from.iter().take_while(|byte| **byte == b'\n').count() as u64
}

/// How a separator parts the rows of a file.
enum Parts {
    One,
    /// All rows into as many cells as the first one, which begins on this line.
    Even {
        line: u64,
        cells: usize,
    },
    Uneven(String),
}

fn parts(text: &str, separator: u8) -> Parts {
    let mut all = reader(text, separator);
    let mut records = all.records().filter_map(std::result::Result::ok).filter(|record| !is_blank(record));
    let Some(first) = records.next() else { return Parts::One };
    let mut others = records.filter(|record| record.len() != first.len());
    match (others.next(), first.len()) {
        (None, 1) => Parts::One,
        (None, cells) => Parts::Even { line: line(text, &first), cells },
        (Some(other), _) => Parts::Uneven(format!(
            "line {} of the keyword list has {} cells and line {} has {}{}, so that a query may be cut: put a query in \
             which `{}` stands in double quotes and double the quotes in it, or save the list as .txt with a query on \
             each line",
            line(text, &other),
            other.len(),
            line(text, &first),
            first.len(),
            named_lines(others.map(|other| line(text, &other))),
            char::from(separator).escape_default()
        )),
    }
}

/// Names further lines that are wrong.
pub(super) fn named_lines(others: impl Iterator<Item = u64>) -> String {
    let mut lines: Vec<String> = others.map(|line| line.to_string()).collect();
    let unnamed = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    match (lines.is_empty(), unnamed) {
        (true, _) => String::new(),
        (false, 0) => format!(" (line {} too)", lines.join(", line ")),
        (false, _) => format!(" (line {} and {unnamed} more too)", lines.join(", line ")),
    }
}

fn unclear(separator: u8, parts: &Parts) -> String {
    let sign = char::from(separator).escape_default();
    match parts {
        Parts::Even { line, cells } => format!(
            "line {line} of the keyword list may be one query or {cells} cells with `{sign}` between them, so that a query \
             may be cut: if they are cells, put a line with their names first, such as `Query{sign}Note`; if not, put each \
             query in double quotes and double the quotes in it, or save the list as .txt with a query on each line"
        ),
        Parts::Uneven(why) => why.clone(),
        Parts::One => String::new(),
    }
}

fn is_blank(record: &csv::StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

/// Whether the file says that cells are parted so.
fn is_said(text: &str, separator: u8) -> bool {
    let mut all = reader(text, separator);
    let mut records = all.records().filter_map(std::result::Result::ok);
    let first = records.find(|record| !is_blank(record));
    // A blank behind the separator is one between words.
    let names_columns = |first: csv::StringRecord| {
        first.len() > 1 && first.iter().any(is_head) && !first.iter().any(|cell| cell.starts_with(char::is_whitespace))
    };
    first.is_some_and(names_columns) || has_quoted_cell(text, separator)
}

/// Whether a cell beside others is in quotes, and has to be for what is in it.
fn has_quoted_cell(text: &str, separator: u8) -> bool {
    let mut first_needs = false;
    for cell in Cells::new(text, separator) {
        let Ok(cell) = cell else { return false };
        let needs = cell.quoted && cell.text.contains([char::from(separator), '\n', '"']);
        if cell.column > 0 && (needs || first_needs) {
            return true;
        }
        first_needs = needs;
    }
    false
}
