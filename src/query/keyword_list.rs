//! Keyword lists: files with a query on each row.

use encoding_rs::{Encoding, UTF_8};

use crate::{Error, Result};

use super::parse::MAX_ROWS;
use super::separator::{is_head, line, reader, separator};

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
/// # Errors
/// The file is not in UTF-8 (or UTF-16 with its mark), has no row, or more than [`MAX_ROWS`] of them; or the rows of a CSV
/// file differ in their number of cells, may be one cell or several, or its quotes are not as RFC 4180 has them, so that a
/// query may be cut; or it says that its queries are not in the first column.
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
    let separator = separator(text)?;
    check_quotes(text, char::from(separator))?;
    let mut rows: Vec<KeywordText> = Vec::new();
    for record in reader(text, separator).records() {
        let record = record.map_err(|error| Error::InvalidInput(format!("the keyword list is no CSV: {error}")))?;
        let head = record.iter().position(is_head).filter(|_| rows.iter().all(|row| row.text.is_empty()));
        if let Some(column) = head.filter(|column| *column > 0) {
            return Err(Error::InvalidInput(format!(
                "line {} of the keyword list names column {} for its queries, and only the first is read: put that column \
                 first",
                line(text, &record),
                column + 1
            )));
        }
        rows.push(KeywordText { line: line(text, &record), text: record.get(0).unwrap_or_default().trim().to_owned() });
    }
    if rows.first().is_some_and(|row| is_head(&row.text)) {
        rows.remove(0);
    }
    Ok(rows)
}

/// Refuses a quoted cell that goes on behind its closing quote, or is never closed: its quotes would be lost, or the rows
/// after it become part of it.
fn check_quotes(text: &str, separator: char) -> Result<()> {
    let mut signs = text.chars().peekable();
    let (mut line, mut opened) = (1, None);
    let mut at_start = true;
    while let Some(sign) = signs.next() {
        line += u64::from(sign == '\n');
        match (sign, opened) {
            ('"', Some(_)) if signs.next_if_eq(&'"').is_some() => {}
            ('"', Some(_)) => {
                if !signs.peek().is_none_or(|next| *next == separator || *next == '\n') {
                    return Err(misquoted(line, "text follows a closing quote"));
                }
                opened = None;
            }
            ('"', None) if at_start => opened = Some(line),
            _ => {}
        }
        at_start = opened.is_none() && (sign == separator || sign == '\n');
    }
    opened.map_or(Ok(()), |line| Err(misquoted(line, "a quote is not closed")))
}

fn misquoted(line: u64, what: &str) -> Error {
    Error::InvalidInput(format!(
        "line {line} of the keyword list: {what}: in a .csv file put a query with quotes in double quotes and double \
         those in it (\"\"\"set up\"\" NEAR(5) call\"), or save the list as .txt with a query on each line"
    ))
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
        let commas = read("\"buy, sell\"\n\nkeep \"it up\"\n", true);
        assert_eq!(commas, [(1, "buy, sell".to_owned()), (3, "keep \"it up\"".to_owned())]);
    }

    #[test]
    fn a_csv_file_in_which_a_query_may_be_cut_is_refused_with_the_line() {
        for (text, line) in [
            ("buy, sell\nkeep\n", "line 2"),
            ("Keywords,Owner\nharbour,Ann\nprice, fixed,Ben\n", "line 3"),
            ("Keywords;Owner\nharbour;Ann\nport\n", "line 3"),
            ("Keywords\nharbour\nbuy,sell\n", "line 3"),
            ("harbour\n\"set up\" NEAR(5) call\n", "line 2"),
            ("harbour\n\"port\nquay\ncrane\n", "line 2"),
            ("price; offer\n", "line 1"),
            ("search, seizure\nport, quay\n", "line 1"),
            ("price; offer,Ann\nport; quay,Ben\n", "line 1"),
            ("\nharbour,Ann\nport,Ben\n", "line 2"),
            ("price; offer\tAnn\nport; quay\tBen\n", "line 1"),
            ("\"price list\",\"fixed fee\"\n", "line 1"),
            ("Keywords\nprice; offer\n", "line 2"),
        ] {
            let refused = read_keywords(text.as_bytes(), true).expect_err(text).to_string();
            assert!(refused.contains(line) && refused.contains(".txt"), "{text}: {refused}");
        }
    }

    #[test]
    fn a_list_says_what_parts_its_cells() {
        for (text, expected) in [
            ("Keywords,Owner\nprice; offer,Ann\nport; quay,Ben\n", ["price; offer", "port; quay"]),
            ("Query;Note\nprice, offer;a\nport, quay;b\n", ["price, offer", "port, quay"]),
            ("\"price, offer\",Ann\nport; quay,Ben\n", ["price, offer", "port; quay"]),
            ("price, offer\tAnn\nport\tBen\n", ["price, offer", "port"]),
            ("\"price; offer\"\n\"port, quay\"\n", ["price; offer", "port, quay"]),
            ("price OR offer\nport\n", ["price OR offer", "port"]),
        ] {
            let texts: Vec<String> = read(text, true).into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts, expected, "{text}");
        }
        let refused = read_keywords(b"No.,Search terms\n1,port\n", true).expect_err("not the first").to_string();
        assert!(refused.contains("line 1") && refused.contains("column 2"), "{refused}");
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
