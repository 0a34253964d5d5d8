//! Numbers to be drawn, and what both kinds of charts share.

use std::fmt::Write as _;

use super::escape::escape;

/// Counts by time or by name, in one series or a few that add up.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What is counted, and by what.
    pub title: String,
    /// Names of the series, at most four; one series needs none.
    pub series: Vec<String>,
    /// In the order in which they are drawn.
    pub rows: Vec<ChartRow>,
}

/// A column or a bar.
#[derive(Debug, Clone, Default)]
pub struct ChartRow {
    /// A month, a person, a mailbox.
    pub label: String,
    /// One count for each series.
    pub values: Vec<u64>,
}

impl ChartRow {
    /// A row of a chart with one series.
    pub fn new(label: impl Into<String>, value: u64) -> Self {
        Self { label: label.into(), values: vec![value] }
    }

    pub(super) fn total(&self) -> u64 {
        self.values.iter().sum()
    }
}

/// Series that have a colour of their own; further ones share the last.
const COLOURS: usize = 4;

/// The class of the colour of a series.
pub(super) fn colour(series: usize) -> String {
    format!("s{}", series.min(COLOURS - 1))
}

impl Chart {
    pub(super) fn largest(&self) -> u64 {
        self.rows.iter().map(ChartRow::total).max().unwrap_or(0)
    }

    /// What stands beside a column or bar when it is pointed at.
    pub(super) fn tip(&self, row: &ChartRow) -> String {
        let mut tip = format!("{}: {}", row.label, super::grouped(row.total()));
        if self.series.len() > 1 {
            for (name, value) in self.series.iter().zip(&row.values) {
                write!(tip, "\n{name}: {}", super::grouped(*value)).ok();
            }
        }
        format!("<title>{}</title>", escape(&tip))
    }

    /// The names of the series beside their colours; empty for one.
    pub(super) fn legend(&self) -> String {
        if self.series.len() < 2 {
            return String::new();
        }
        let names = self.series.iter().enumerate();
        let names = names.map(|(n, name)| format!("<li><i class=\"{}\"></i>{}</li>", colour(n), escape(name)));
        format!("<ul class=\"legend\">{}</ul>", names.collect::<String>())
    }

    /// The chart's frame around a drawing of the given size in units of the drawing.
    pub(super) fn figure(&self, kind: &str, (width, height): (u32, u32), drawing: &str) -> String {
        format!(
            "<figure class=\"chart {kind}\"><figcaption>{title}</figcaption>{}<svg viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-label=\"{title}\">{drawing}</svg></figure>\n",
            self.legend(),
            title = escape(&self.title)
        )
    }
}

/// Where grid lines stand: the first step of 1, 2 or 5 times a power of ten that gives no more than five of them.
pub(super) fn step(largest: u64) -> u64 {
    let mut step = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = step.saturating_mul(factor);
            if largest.div_ceil(step) <= 5 {
                return step;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_are_few_and_round() {
        let steps = [0, 1, 5, 6, 23, 50, 51, 999, 12_345].map(step);
        assert_eq!(steps, [1, 1, 1, 2, 5, 10, 20, 200, 5_000]);
        assert!(u64::MAX.div_ceil(step(u64::MAX)) <= 5);
    }
}
