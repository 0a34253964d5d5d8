//! Tables for people.

use super::escape::escape;

/// Rows in columns as wide as their widest cell.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|cell| (*cell).to_owned()).collect()] }
    }

    /// Adds a row; its cells are escaped.
    pub(crate) fn row<const N: usize>(&mut self, cells: &[String; N]) {
        self.rows.push(cells.iter().map(|cell| escape(cell, false)).collect());
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let mut columns = Columns::default();
        for row in &self.rows {
            columns.fit(row);
        }
        self.rows.iter().map(move |row| columns.line(row))
    }
}

/// The widths of columns, for tables that are too long for memory: each row is fitted in first, and made a line then.
#[derive(Default)]
pub(crate) struct Columns {
    widths: Vec<usize>,
}

impl Columns {
    /// Makes the columns as wide as the cells of a row.
    pub(crate) fn fit(&mut self, row: &[String]) {
        self.widths.resize(self.widths.len().max(row.len()), 0);
        for (width, cell) in self.widths.iter_mut().zip(row) {
            *width = columns_of(cell).max(*width);
        }
    }

    /// The line of a row; its cells must be escaped.
    pub(crate) fn line(&self, row: &[String]) -> String {
        let cells = row.iter().zip(&self.widths).map(|(cell, width)| {
            let padding = " ".repeat(width.saturating_sub(columns_of(cell)));
            format!("{cell}{padding}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

/// Terminal columns of a text: East Asian wide characters take two.
fn columns_of(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}
