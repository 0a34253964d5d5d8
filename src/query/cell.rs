//! The cells of a keyword list as they are written, with their quotes.

use crate::{Error, Result};

/// A cell as it stands in the file.
pub(super) struct Cell<'t> {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// Its place in the row, from 0.
    pub(super) column: usize,
    /// Whether it is in quotes.
    pub(super) quoted: bool,
    /// What stands in it, without the quotes around it; those in it are doubled if it is quoted.
    pub(super) text: &'t str,
}

/// Goes through the cells of a text (RFC 4180). Its items fail where a quoted cell goes on behind its closing quote, or is
/// never closed: its quotes would be lost, or the rows after it become part of it.
pub(super) struct Cells<'t> {
    rest: Option<&'t str>,
    separator: char,
    line: u64,
    column: usize,
}

impl<'t> Cells<'t> {
    pub(super) fn new(text: &'t str, separator: u8) -> Self {
        Self { rest: Some(text), separator: char::from(separator), line: 1, column: 0 }
    }

    /// The quoted cell whose first quote stands before `inner`, and what follows its last one.
    fn quoted(&self, inner: &'t str) -> Result<(&'t str, &'t str)> {
        let mut from = 0;
        while let Some((before, after)) = inner.get(from..).and_then(|rest| rest.split_once('"')) {
            from += before.len();
            if after.starts_with('"') {
                from += 2;
                continue;
            }
            let text = inner.get(..from).unwrap_or_default();
            if !after.is_empty() && !after.starts_with([self.separator, '\n']) {
                return Err(misquoted(self.line + line_ends(text), "text follows a closing quote"));
            }
            return Ok((text, after));
        }
        Err(misquoted(self.line, "a quote is not closed"))
    }
}

impl<'t> Iterator for Cells<'t> {
    type Item = Result<Cell<'t>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let (quoted, text, after) = match rest.strip_prefix('"').map(|inner| self.quoted(inner)) {
            Some(Ok((text, after))) => (true, text, after),
            Some(Err(error)) => return Some(Err(error)),
            None => {
                let (text, after) = rest.split_at(rest.find([self.separator, '\n']).unwrap_or(rest.len()));
                (false, text, after)
            }
        };
        let cell = Cell { line: self.line, column: self.column, quoted, text };
        self.line += line_ends(text);
        let mut signs = after.chars();
        match signs.next() {
            Some('\n') => (self.line, self.column) = (self.line + 1, 0),
            _ => self.column += 1,
        }
        self.rest = (!after.is_empty()).then_some(signs.as_str());
        Some(Ok(cell))
    }
}

fn line_ends(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

fn misquoted(line: u64, what: &str) -> Error {
    Error::InvalidInput(format!(
        "line {line} of the keyword list: {what}: in a .csv or .tsv file put a query with quotes in double quotes and double \
         those in it (\"\"\"set up\"\" NEAR(5) call\"), or save the list as .txt with a query on each line"
    ))
}
