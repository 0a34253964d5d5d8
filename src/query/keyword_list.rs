//! Keyword lists: files with a query on each row.

use encoding_rs::{Encoding, UTF_8};

use crate::{Error, Result};

use super::parse::MAX_ROWS;

/// What the first cell of a CSV file may say without being a query.
const HEADS: [&str; 8] = ["keyword", "keywords", "query", "queries", "search", "term", "terms", "search term"];

/// Separators of CSV files, the likeliest first.
const SEPARATORS: [u8; 3] = [b';', b'\t', b','];

/// A query of a keyword list, not yet parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordText {
    /// Line of the file, from 1.
    pub line: u64,
    /// The query as it stands there.
    pub text: String,
}

/// Reads a keyword list: one query on each line; or, with `csv`, the first cell of each row, quoted as spreadsheets do.
/// Empty lines say nothing. The first row of a CSV file is left out if it says `keywords`, `query` or the like.
///
/// A CSV file whose rows have no common number of cells is taken to have one column, whatever commas stand in it.
///
/// # Errors
/// The file is not in UTF-8 (or UTF-16 with its mark), has no row, or more than [`MAX_ROWS`] of them.
pub fn read_keywords(bytes: &[u8], csv: bool) -> Result<Vec<KeywordText>> {
    let text = decoded(bytes)?;
    let rows = if csv { cells(&text)? } else { lines(&text) };
    let rows: Vec<_> = rows.into_iter().filter(|row| !row.text.trim().is_empty()).collect();
    match rows.len() {
        0 => Err(Error::InvalidInput("the keyword list has no row".to_owned())),
        n if n > MAX_ROWS => Err(Error::InvalidInput(format!(
            "the keyword list has {n} rows, and {MAX_ROWS} are the most: split it into several lists"
        ))),
        _ => Ok(rows),
    }
}

fn decoded(bytes: &[u8]) -> Result<String> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let (text, damaged) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    if damaged {
        // A guess would search for other words than those that were agreed on.
        return Err(Error::InvalidInput(
            "the keyword list is not in UTF-8: save it as `CSV UTF-8` or as text in UTF-8".to_owned(),
        ));
    }
    // The reader of CSV counts a line too few after a carriage return.
    Ok(text.replace("\r\n", "\n"))
}

fn lines(text: &str) -> Vec<KeywordText> {
    let numbered = (1..).zip(text.lines());
    numbered.map(|(line, text)| KeywordText { line, text: text.trim().to_owned() }).collect()
}

fn cells(text: &str) -> Result<Vec<KeywordText>> {
    let separator = SEPARATORS.into_iter().find(|separator| parts_evenly(text, *separator));
    // Without a separator, a mark that stands in no text: a row is a cell, and quotes are taken away.
    let mut rows = first_cells(text, separator.unwrap_or(0x1f))?;
    if rows.first().is_some_and(|row| HEADS.contains(&row.text.to_lowercase().as_str())) {
        rows.remove(0);
    }
    Ok(rows)
}

/// Whether every row has the same number of cells, and more than one.
fn parts_evenly(text: &str, separator: u8) -> bool {
    let mut rows = reader(text, separator, false);
    let mut records = rows.records().peekable();
    let parted = matches!(records.peek(), Some(Ok(record)) if record.len() > 1);
    parted && records.all(|record| record.is_ok())
}

fn first_cells(text: &str, separator: u8) -> Result<Vec<KeywordText>> {
    let mut rows = Vec::new();
    for record in reader(text, separator, true).records() {
        let record = record.map_err(|error| Error::InvalidInput(format!("the keyword list is no CSV: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(KeywordText { line, text: record.get(0).unwrap_or_default().trim().to_owned() });
    }
    Ok(rows)
}

fn reader(text: &str, separator: u8, flexible: bool) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(flexible).delimiter(separator).from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, csv: bool) -> Vec<(u64, String)> {
        let rows = read_keywords(text.as_bytes(), csv).expect("a list");
        rows.into_iter().map(|row| (row.line, row.text)).collect()
    }

    #[test]
    fn a_line_is_a_query_as_it_stands() {
        let rows = read("\u{feff}\"set up\" NEAR(5) call\r\n\n  price, fixed  \n\u{5408}\u{540c}\n", false);
        let expected = [(1, "\"set up\" NEAR(5) call"), (3, "price, fixed"), (4, "\u{5408}\u{540c}")];
        assert_eq!(rows, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        for text in [
            "Keywords,Owner\r\n\"\"\"set up\"\" OR call, now\",Ann\r\nprice*,Ben\r\n",
            "Keywords;Owner\n\"\"\"set up\"\" OR call, now\";Ann\nprice*;Ben\n",
            "query\n\"\"\"set up\"\" OR call, now\"\nprice*\n",
            "terms\tby\n\"\"\"set up\"\" OR call, now\"\tAnn\nprice*\tBen\n",
        ] {
            let expected = [(2, "\"set up\" OR call, now"), (3, "price*")];
            assert_eq!(read(text, true), expected.map(|(line, text)| (line, text.to_owned())), "{text}");
        }
        assert_eq!(read("buy, sell\nkeep\n", true), [(1, "buy, sell".to_owned()), (2, "keep".to_owned())]);
    }

    #[test]
    fn lists_that_cannot_be_meant_are_refused() {
        assert!(read_keywords(b"\n \n", false).is_err());
        assert!(read_keywords(b"caf\xe9\n", false).is_err());
        assert!(read_keywords("word\n".repeat(MAX_ROWS + 1).as_bytes(), false).is_err());
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("a b".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read_keywords(&utf16, false).expect("a list").len(), 1);
    }
}
