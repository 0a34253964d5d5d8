//! Keyword lists: files with a query on each row.

use encoding_rs::{Encoding, UTF_8};

use crate::{Error, Result};

use super::parse::MAX_ROWS;
use super::quoting::check_quotes;
use super::separator::{declared, is_head, line, reader, separator, tab};

/// A query of a keyword list, not yet parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordText {
    /// Line of the file, from 1.
    pub line: u64,
    /// The query as it stands there.
    pub text: String,
}

/// How the rows of a keyword list are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordFormat {
    /// A query on each line.
    Lines,
    /// Cells, quoted as spreadsheets do; the first of each row is a query.
    Csv,
    /// The same, with tabs between them.
    Tsv,
}

impl KeywordFormat {
    /// The format of a file with this ending, without its dot.
    pub fn of_ending(ending: &str) -> Self {
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            _ => Self::Lines,
        }
    }
}

/// Reads a keyword list. Empty lines say nothing. The first row of cells is left out if it says `keywords`, `search string`
/// or the like. A first line `sep=;`, as spreadsheets understand it, says what parts the cells, whatever the format. Lines
/// in which there are tabs are read as cells where the first names them, or where quotes are doubled as spreadsheets do.
///
/// # Errors
/// The file is not in UTF-8 (or UTF-16 with its mark), has no row, or more than [`MAX_ROWS`] of them; or its rows of cells
/// differ in their number, may be one cell or several, or its quotes are not as RFC 4180 has them or may be those of a
/// phrase, so that a query may be cut or changed; or it says that its queries are not in the first column.
pub fn read_keywords(bytes: &[u8], format: KeywordFormat) -> Result<Vec<KeywordText>> {
    let text = decoded(bytes)?;
    let (text, said) = match declared(&text)? {
        Some((sign, rest)) => (rest, Some(sign)),
        None => (text, None),
    };
    let rows = match (said, format) {
        (Some(_), _) => cells(&text, separator(&text, said)?)?,
        (None, KeywordFormat::Csv) => cells(&text, separator(&text, None)?)?,
        (None, KeywordFormat::Tsv) => cells(&text, separator(&text, Some(b'\t'))?)?,
        (None, KeywordFormat::Lines) => match tab(&text)? {
            Some(tab) => cells(&text, tab)?,
            None => lines(&text),
        },
    };
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
    // The reader of CSV counts a line too few after a carriage return, which alone ends lines of old spreadsheets.
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn lines(text: &str) -> Vec<KeywordText> {
    let numbered = (1..).zip(text.lines());
    numbered.map(|(line, text)| KeywordText { line, text: text.trim().to_owned() }).collect()
}

fn cells(text: &str, separator: u8) -> Result<Vec<KeywordText>> {
    check_quotes(text, separator)?;
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

#[cfg(test)]
mod tests {
    use super::KeywordFormat::{Csv, Lines, Tsv};
    use super::*;

    fn read(text: &str, format: KeywordFormat) -> Vec<(u64, String)> {
        let rows = read_keywords(text.as_bytes(), format).expect("a list");
        rows.into_iter().map(|row| (row.line, row.text)).collect()
    }

    #[test]
    fn a_line_is_a_query_as_it_stands() {
        let rows = read("\u{feff}\"set up\" NEAR(5) call\r\n\n  price, fixed  \n\u{5408}\u{540c}\n", Lines);
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
            assert_eq!(read(text, Csv), expected.map(|(line, text)| (line, text.to_owned())), "{text}");
        }
        let commas = read("\"buy, sell\"\n\nkeep \"it up\"\n", Csv);
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
            ("price, offer\tAnn\nport\tBen\n", "line 1"),
            ("contract\tdraft\n", "line 1"),
            ("price; offer\tAnn\nport; quay\tBen\n", "line 1"),
            ("\"price list\",\"fixed fee\"\n", "line 1"),
            ("Keywords\nprice; offer\n", "line 2"),
        ] {
            let refused = read_keywords(text.as_bytes(), Csv).expect_err(text).to_string();
            assert!(refused.contains(line) && refused.contains(".txt"), "{text}: {refused}");
        }
    }

    #[test]
    fn a_list_says_what_parts_its_cells() {
        for (text, expected) in [
            ("Keywords,Owner\nprice; offer,Ann\nport; quay,Ben\n", ["price; offer", "port; quay"]),
            ("Query;Note\nprice, offer;a\nport, quay;b\n", ["price, offer", "port, quay"]),
            ("\"price, offer\",Ann\nport; quay,Ben\n", ["price, offer", "port; quay"]),
            ("Query\tBy\nprice, offer\tAnn\nport\tBen\n", ["price, offer", "port"]),
            ("\"price; offer\"\n\"port, quay\"\n", ["price; offer", "port, quay"]),
            ("price OR offer\nport\n", ["price OR offer", "port"]),
        ] {
            let texts: Vec<String> = read(text, Csv).into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts, expected, "{text}");
        }
        let refused = read_keywords(b"No.,Search terms\n1,port\n", Csv).expect_err("not the first").to_string();
        assert!(refused.contains("line 1") && refused.contains("column 2"), "{refused}");
    }

    #[test]
    fn lists_that_cannot_be_meant_are_refused() {
        assert!(read_keywords(b"\n \n", Lines).is_err());
        assert!(read_keywords(b"caf\xe9\n", Lines).is_err());
        assert!(read_keywords("word\n".repeat(MAX_ROWS + 1).as_bytes(), Lines).is_err());
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("a b".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read_keywords(&utf16, Lines).expect("a list").len(), 1);
    }

    #[test]
    fn lists_are_read_as_they_are_saved() {
        let expected = ["\"set up\" OR call; now", "price, fixed"];
        for (text, format) in [
            ("sep=;\r\nSearch String;Note\r\n\"\"\"set up\"\" OR call; now\";a\r\nprice, fixed;b\r\n", Csv),
            ("\"sep=|\"\n\"\"\"set up\"\" OR call; now\"|a\nprice, fixed|b\n", Csv),
            ("SEP=,\n\"\"\"set up\"\" OR call; now\",a\n\"price, fixed\",b\n", Csv),
            ("Search Term(s):\tBy\n\"\"\"set up\"\" OR call; now\"\tAnn\nprice, fixed\tBen\n", Tsv),
            ("\"\"\"set up\"\" OR call; now\"\rprice, fixed\r", Tsv),
            ("\"\"\"set up\"\" OR call; now\"\tAnn\rprice, fixed\tBen", Lines),
            ("\"set up\" OR call; now\rprice, fixed\r", Lines),
        ] {
            let texts: Vec<String> = read(text, format).into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts, expected, "{text}");
        }
        let text = "Search_String;Note\nharbour;a\n";
        let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            [mark, &text.encode_utf16().flat_map(bytes).collect::<Vec<_>>()].concat()
        };
        for bytes in [utf16(&[0xff, 0xfe], u16::to_le_bytes), utf16(&[0xfe, 0xff], u16::to_be_bytes)] {
            assert_eq!(read_keywords(&bytes, Csv).expect("a list").len(), 1);
        }
        assert_eq!(read("sep=;\n\nharbour;a\n", Csv), [(3, "harbour".to_owned())], "lines count as in the file");
    }

    #[test]
    fn a_tab_in_a_line_cuts_no_query() {
        for (text, line) in [
            ("contract\tdraft\n", "line 1 "),
            ("harbour\nport\tquay\n", "line 2 "),
            ("harbour\tport\nquay\tcrane\n", "(line 2 too)"),
            ("\"set\tup\" NEAR(5) call\nport\n", "line 1 "),
            ("port\nKeywords\tOwner\nharbour\tAnn\n", "line 2 "),
        ] {
            let refused = read_keywords(text.as_bytes(), Lines).expect_err(text).to_string();
            assert!(refused.contains(line) && refused.contains("a tab"), "{text}: {refused}");
        }
        assert_eq!(read("\tharbour port\t\n", Lines), [(1, "harbour port".to_owned())], "around it, it says nothing");
        assert_eq!(read("Keywords\tOwner\nharbour port\tAnn\n", Lines), [(2, "harbour port".to_owned())]);
    }

    #[test]
    fn the_first_line_says_what_parts_cells_of_any_file() {
        for format in [Lines, Csv, Tsv] {
            assert_eq!(read("\nsep=;\nharbour;a\n", format), [(3, "harbour".to_owned())], "{format:?}");
            for (text, what) in [
                ("sep=;\nharbour;a\nport\n", "line 3"),
                ("sep=\nharbour\n", "line 1"),
                ("\"sep=;,\"\nharbour\n", "`sep=`"),
            ] {
                let refused = read_keywords(text.as_bytes(), format).expect_err(text).to_string();
                assert!(refused.contains(what), "{text}: {refused}");
            }
        }
    }

    #[test]
    fn quotes_of_a_phrase_are_not_lost() {
        for (text, format, line) in [
            ("\"set up\"\tAnn\nharbour\tBen\n", Tsv, "line 1"),
            ("harbour\n\"set up\"\n\"price, fixed\"\n", Tsv, "line 2 of the keyword list (line 3 too)"),
            ("\"set up\"\n\"kick back\"\n", Tsv, "line 1"),
            ("\"set up\"\n\"kick back\"\n", Csv, "line 1"),
            ("harbour\n\"set up\"\nprice*\n", Csv, "line 2"),
            ("Keywords,Owner\n\"from:ann\",Ann\nharbour,Ben\n", Csv, "line 2"),
            ("\"\"\"set up\"\" OR call\"\tAnn\n\"kick back\"\tBen\n", Tsv, "line 2"),
        ] {
            let refused = read_keywords(text.as_bytes(), format).expect_err(text).to_string();
            assert!(refused.contains(line) && refused.contains("phrase"), "{text}: {refused}");
        }
        for (text, format, expected) in [
            ("\"\"\"set up\"\"\"\tAnn\nharbour \"set up\"\tBen\n", Tsv, ["\"set up\"", "harbour \"set up\""]),
            ("\"\"\"set up\"\"\"\tAnn\n\"price, fixed\"\tBen\n", Tsv, ["\"set up\"", "price, fixed"]),
            ("\"set up\"\t\"Ann\"\n\"kick back\"\t\"Ben\"\n", Tsv, ["set up", "kick back"]),
            ("\"Keywords\",\"No\"\n\"set up\",1\n\"kick back\",2\n", Csv, ["set up", "kick back"]),
            ("\"Keywords\"\n\"set up\"\n\"\"\"kick back\"\"\"\n", Csv, ["set up", "\"kick back\""]),
            ("\"harbour\"\nport\n", Csv, ["harbour", "port"]),
        ] {
            let texts: Vec<String> = read(text, format).into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts, expected, "{text}");
        }
    }

    #[test]
    fn headings_of_counsel_are_no_queries() {
        for head in [
            "Search String",
            "search strings",
            "TERM",
            "Search Term",
            "Search Terms:",
            "Keyword(s)",
            " Query ",
            "Search-Terms",
            "Search  Query",
            "Query String",
            "Suchbegriffe",
        ] {
            assert_eq!(read(&format!("{head}\nharbour\n"), Csv), [(2, "harbour".to_owned())], "{head}");
        }
        for query in ["searching", "term sheet", "keyword harbour", "string"] {
            assert_eq!(read(&format!("{query}\nharbour\n"), Csv).len(), 2, "{query}");
        }
    }

    #[test]
    fn all_rows_that_may_be_cut_are_named() {
        let refused = |text: &str, format| read_keywords(text.as_bytes(), format).expect_err(text).to_string();
        let many = refused("Keywords,Owner\nharbour,Ann\nprice, fixed,Ben\nport,Cy\nbuy, sell,Ann\n", Csv);
        assert!(many.contains("line 3 ") && many.contains("line 5"), "{many}");
        let declared = refused("sep=;\nharbour;a\nprice\n", Csv);
        assert!(declared.contains("line 3"), "{declared}");
        let tabs = refused("harbour\tAnn\nport\n", Tsv);
        assert!(tabs.contains("line 2"), "{tabs}");
    }
}
