//! A table as a CSV file (RFC 4180) that spreadsheets open without running anything.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// A CSV file being written, in UTF-8 with a byte order mark, by which spreadsheets know it.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
#[derive(Debug)]
pub struct CsvFile<W: Write = File> {
    writer: csv::Writer<W>,
    path: PathBuf,
}

impl CsvFile {
    /// Creates the file and writes its heads.
    ///
    /// # Errors
    /// It exists, or cannot be written.
    pub fn create(path: &Path, heads: &[&str]) -> Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        Self::begin(file.map_err(Error::io("create", path))?, path, heads)
    }
}

impl<W: Write> CsvFile<W> {
    /// Writes the heads to `file`, which `path` names in errors.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(mut file: W, path: impl Into<PathBuf>, heads: &[&str]) -> Result<Self> {
        let path = path.into();
        file.write_all("\u{feff}".as_bytes()).map_err(Error::io("write", &path))?;
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        let mut csv = Self { writer, path };
        csv.row(heads)?;
        Ok(csv)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// It cannot be written, or has more or fewer cells than the heads.
    pub fn row<C: AsRef<str>>(&mut self, cells: &[C]) -> Result<()> {
        let safe = cells.iter().map(|cell| inert(cell.as_ref()));
        self.writer.write_record(safe).map_err(|error| failed(&self.path, error))
    }

    /// Ends the file: when this returns, all of it is written.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> Result<W> {
        self.writer.into_inner().map_err(|error| Error::io("write", &self.path)(error.into_error()))
    }
}

fn failed(path: &Path, error: csv::Error) -> Error {
    Error::io("write", path)(std::io::Error::other(error))
}

/// `cell`, with an apostrophe before what a spreadsheet takes for a formula, at its beginning and where a program may begin another
/// cell: behind semicolons, tabulators and line ends. Full-width signs count in East Asian ones.
fn inert(cell: &str) -> String {
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    const BLANKS: [char; 4] = [' ', '\u{a0}', '\u{feff}', '\u{200b}'];
    let mut safe = String::with_capacity(cell.len() + 1);
    for (n, part) in cell.split_inclusive([';', '\t', '\r', '\n']).enumerate() {
        let text = part.trim_start_matches(BLANKS);
        // The line end that ends a part begins no formula, but at the beginning of a cell.
        let is_formula = text.starts_with(SIGNS) && (n == 0 || text.len() > 1);
        if is_formula {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("  =1+1", "'  =1+1"),
            ("+48555010001", "'+48555010001"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=1", "a=1"),
            ("offer;=1+1;end", "offer;'=1+1;end"),
            ("a; +48555010001; b", "a;' +48555010001; b"),
            ("a\t=1", "a\t'=1"),
            ("a\n-- \nb", "a\n'-- \nb"),
            ("a\r\n\r\nb; c", "a\r\n\r\nb; c"),
            ("2024-01", "2024-01"),
            ("", ""),
        ] {
            assert_eq!(inert(cell), written);
        }
    }

    #[test]
    fn cells_come_back_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("table.csv");
        let mut file = CsvFile::create(&path, &["name", "items"]).unwrap();
        file.row(&["a \"quoted\", \u{5408}\u{540c}\nline", "3"]).unwrap();
        file.finish().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "\u{feff}name,items\r\n\"a \"\"quoted\"\", \u{5408}\u{540c}\nline\",3\r\n");
        assert!(CsvFile::create(&path, &["name"]).is_err(), "a file that is there is not written over");
    }
}
