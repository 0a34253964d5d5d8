//! Rows of CSV files, taken from the file one by one in bounded memory.

use std::io;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use crate::connector::converter::line_reader::{Line, LineReader};

/// Bytes of the longest row (16 MiB).
const MAX_ROW: u64 = 16 << 20;

/// What comes next in a CSV file.
pub(super) enum Next {
    /// A row with the line that it begins in and its length in bytes.
    Row(u64, u64, Row),
    /// One that cannot be had: line, bytes, and why.
    Rejected(u64, u64, String),
    /// There is none.
    End,
}

/// The values of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The values.
    pub(super) fields: Vec<String>,
    /// Whether they were written in GB 18030, as spreadsheet programs in China save text.
    pub(super) gb18030: bool,
}

/// Takes rows apart. To make one takes longer than to read many a row with it.
pub(super) struct RowReader(Reader);

impl RowReader {
    /// A reader of any rows.
    pub(super) fn new() -> Self {
        // Rows have no end: lines in quotes belong to them.
        Self(ReaderBuilder::new().terminator(Terminator::Any(0)).build())
    }

    /// The values of one row.
    pub(super) fn fields(&mut self, row: &[u8]) -> Option<Row> {
        let row = row.strip_suffix(b"\n").unwrap_or(row);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let (text, gb18030) = decode(row);
        let mut values = vec![0; text.len() + 1];
        let mut ends = vec![0; memchr::memchr_iter(b',', text.as_bytes()).count() + 2];
        self.0.reset();
        let (_, _, written, ended) = self.0.read_record(text.as_bytes(), &mut values, &mut ends);
        let (result, _, _, last) = self.0.read_record(&[], values.get_mut(written..)?, ends.get_mut(ended..)?);
        if result != ReadRecordResult::Record {
            return None;
        }
        ends.truncate(ended + last);
        let mut start = 0;
        let fields = ends.into_iter().map(|end| {
            let value = values.get(start..end)?;
            start = end;
            String::from_utf8(value.to_vec()).ok()
        });
        Some(Row { fields: fields.collect::<Option<_>>()?, gb18030 })
    }
}

/// The next row that is not blank.
///
/// # Errors
/// The file cannot be read.
pub(super) fn next_row(lines: &mut LineReader, reader: &mut RowReader) -> io::Result<Next> {
    let (mut row, mut quoted, mut first) = (Vec::new(), false, 0);
    loop {
        let room = MAX_ROW.saturating_sub(row.len() as u64);
        let line = lines.next_line(room)?;
        first = if row.is_empty() { lines.line_no } else { first };
        match line {
            Line::End if row.is_empty() => return Ok(Next::End),
            Line::End => {
                let reason =
                    "a quoted value in it has no end: the file is cut or was edited; export it again".to_owned();
                return Ok(Next::Rejected(first, row.len() as u64, reason));
            }
            Line::Long(bytes) => {
                let reason = format!("longer than {MAX_ROW} bytes, perhaps because a quote has no end; look at it");
                return Ok(Next::Rejected(first, row.len() as u64 + bytes, reason));
            }
            Line::Whole(line) if row.is_empty() && line.trim_ascii().is_empty() => continue,
            Line::Whole(line) => {
                quoted = ends_quoted(&line, quoted);
                row.extend_from_slice(&line);
            }
        }
        if !quoted {
            let bytes = row.len() as u64;
            let broken = || Next::Rejected(first, bytes, "not CSV; export it again".to_owned());
            return Ok(reader.fields(&row).map_or_else(broken, |fields| Next::Row(first, bytes, fields)));
        }
    }
}

/// A NUL would end the row, and is in no text that a person wrote.
fn decode(row: &[u8]) -> (String, bool) {
    let (text, gb18030) = if let Ok(text) = std::str::from_utf8(row) {
        (text.to_owned(), false)
    } else {
        let (text, damaged) = encoding_rs::GB18030.decode_without_bom_handling(row);
        if damaged { (String::from_utf8_lossy(row).into_owned(), false) } else { (text.into_owned(), true) }
    };
    (text.replace('\0', "\u{fffd}"), gb18030)
}

/// Whether a quoted value goes on behind a line, which begins in one if `quoted`.
fn ends_quoted(line: &[u8], mut quoted: bool) -> bool {
    let (mut at_start, mut bytes) = (!quoted, line.iter().peekable());
    while let Some(&byte) = bytes.next() {
        if quoted {
            if byte == b'"' && bytes.next_if(|next| **next == b'"').is_none() {
                quoted = false;
            }
        } else if byte == b'"' && at_start {
            quoted = true;
        }
        at_start = !quoted && byte == b',';
    }
    quoted
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::connector::input::reader;

    proptest::proptest! {
        #[test]
        fn values_are_those_of_a_whole_reader(row in "\u{feff}?([a\u{e9} \\t\\r\\n,,\"\"]|\"\"){0,24}") {
            let end = row.strip_suffix('\n').unwrap_or(&row);
            let end = end.strip_suffix('\r').unwrap_or(end);
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .terminator(csv::Terminator::Any(0))
                .from_reader(end.as_bytes());
            let whole = reader.records().next().map(|record| record.unwrap());
            let whole: Option<Vec<String>> = whole.map(|record| record.iter().map(str::to_owned).collect());
            proptest::prop_assert_eq!(RowReader::new().fields(row.as_bytes()).map(|row| row.fields), whole);
        }
    }

    fn rows(text: &[u8]) -> Vec<String> {
        let mut lines = LineReader::new(reader(Arc::new(text.to_vec())));
        let (mut reader, mut found) = (RowReader::new(), Vec::new());
        loop {
            match next_row(&mut lines, &mut reader).unwrap() {
                Next::Row(line, _, row) => found.push(format!("{line}: {}", row.fields.join("|"))),
                Next::Rejected(line, bytes, _) => found.push(format!("{line}: {bytes} bytes not taken")),
                Next::End => return found,
            }
        }
    }

    #[test]
    fn rows_end_where_they_should() {
        for (text, expected) in [
            ("a,b\r\n\r\nc,\"d\ne\"\n", ["1: a|b", "3: c|d\ne"].as_slice()),
            ("a,\"b\"\"\n\",c\nd", &["1: a|b\"\n|c", "3: d"]),
            ("a,b\"c,d\ne", &["1: a|b\"c|d", "2: e"]),
            ("a\rb,c\n", &["1: a\rb|c"]),
            ("a,\"b\nc\n", &["1: 7 bytes not taken"]),
            ("a\0b,c\nd,e", &["1: a\u{fffd}b|c", "2: d|e"]),
            ("", &[]),
        ] {
            assert_eq!(rows(text.as_bytes()), expected, "{text:?}");
        }
        let (gbk, _, _) = encoding_rs::GB18030.encode("你好,是");
        assert_eq!(rows(&gbk), ["1: 你好|是"]);
        assert!(RowReader::new().fields(&gbk).unwrap().gb18030);
    }
}
