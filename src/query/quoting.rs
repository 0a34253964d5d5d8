//! Whether quotes in a keyword list are those of its cells or those of a phrase.

use crate::{Error, Result};

use super::cell::{Cell, Cells};
use super::separator::{SEPARATORS, is_head, named_lines};

/// Refuses a list in which the quotes around a query may be those of a phrase. Programs that write cells put quotes around
/// all of them, or around those that need it; whoever writes by hand puts them around a phrase.
///
/// # Errors
/// There are such cells, which are named by their lines; or a cell is not quoted as RFC 4180 has it.
pub(super) fn check_quotes(text: &str, separator: u8) -> Result<()> {
    let mut quoting = Quoting { separator, doubles: false, is_sure: false, quotes_all: true };
    for cell in Cells::new(text, separator) {
        quoting.look_at(&cell?);
    }
    let mut unclear = Vec::new();
    for cell in Cells::new(text, separator) {
        let cell = cell?;
        if cell.column == 0 && cell.quoted && !quoting.explains(&cell) && !is_one_word(cell.text) && !is_head(cell.text)
        {
            unclear.push(cell.line);
        }
    }
    let Some((first, others)) = unclear.split_first() else { return Ok(()) };
    Err(Error::InvalidInput(format!(
        "line {first} of the keyword list{}: a query in quotes may be a phrase or a cell with words: for the phrase double the \
         quotes in a quoted cell (\"\"\"set up\"\"\"), for words leave them out, or save the list as .txt with a query on each \
         line",
        named_lines(others.iter().copied())
    )))
}

/// How the cells of a file are quoted.
struct Quoting {
    separator: u8,
    /// Quotes within a cell are doubled.
    doubles: bool,
    /// A cell is quoted that has to be, or is no query.
    is_sure: bool,
    /// All cells are quoted but empty ones and numbers.
    quotes_all: bool,
}

impl Quoting {
    fn look_at(&mut self, cell: &Cell<'_>) {
        if cell.quoted {
            self.doubles |= cell.text.contains('"');
            self.is_sure |= cell.column > 0 || is_head(cell.text) || self.needs_quotes(cell.text);
        } else {
            let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' ');
            self.quotes_all &= cell.text.trim().chars().all(is_number);
        }
    }

    /// Whether the quotes of a cell are those of the file.
    fn explains(&self, cell: &Cell<'_>) -> bool {
        (self.quotes_all && self.is_sure) || self.needs_quotes(cell.text)
    }

    /// Whether a cell is only a cell with quotes around it. Spreadsheets take no chances with separators of other files;
    /// where there are tabs, plain texts with them have no quotes of their own.
    fn needs_quotes(&self, text: &str) -> bool {
        let is_careful = self.separator != b'\t' || self.doubles;
        text.contains(['"', '\n', char::from(self.separator)])
            || (is_careful && text.bytes().any(|byte| SEPARATORS.contains(&byte)))
    }
}

/// Whether a text finds the same in quotes and without.
fn is_one_word(text: &str) -> bool {
    let word = text.trim();
    word.strip_suffix('*').unwrap_or(word).chars().all(char::is_alphanumeric)
}
