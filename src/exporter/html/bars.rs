//! Bars one under the other: counts by person, mailbox, rule.

use std::fmt::Write as _;

use super::chart::{Chart, ChartRow, colour};
use super::escape::{escape, grouped};

const WIDTH: u32 = 760;
const ROW: u32 = 26;
/// Room for the names, and for the numbers behind the bars.
const LEFT: f64 = 270.0;
const RIGHT: f64 = 84.0;
/// Columns of a name that are shown, wide characters counting two; all of it stands in the tip.
const NAME: usize = 32;

/// The chart as a figure.
pub(super) fn bars(chart: &Chart) -> String {
    let largest = chart.largest().max(1) as f64;
    let room = f64::from(WIDTH) - LEFT - RIGHT;
    let mut drawing = String::new();
    for (n, row) in (0_u32..).zip(&chart.rows) {
        bar(&mut drawing, chart, row, f64::from(n * ROW), room / largest);
    }
    let rows = u32::try_from(chart.rows.len()).unwrap_or(u32::MAX / ROW).min(u32::MAX / ROW);
    chart.figure("bars", (WIDTH, rows.max(1) * ROW), &drawing)
}

fn bar(drawing: &mut String, chart: &Chart, row: &ChartRow, y: f64, unit: f64) {
    let mut x = LEFT;
    write!(
        drawing,
        "<g>{}<text class=\"name\" x=\"{}\" y=\"{:.1}\">{}</text>",
        chart.tip(row),
        LEFT - 10.0,
        y + 17.0,
        escape(&shortened(&row.label))
    )
    .ok();
    for (series, value) in row.values.iter().enumerate().filter(|(_, value)| **value > 0) {
        let (width, class) = ((*value as f64 * unit).max(1.0), colour(series));
        write!(
            drawing,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"16\" rx=\"2\"/>",
            y + 4.0
        )
        .ok();
        x += width;
    }
    let total = grouped(row.total());
    write!(drawing, "<text class=\"value\" x=\"{:.1}\" y=\"{:.1}\">{total}</text></g>", x + 8.0, y + 17.0).ok();
}

fn shortened(name: &str) -> String {
    let mut columns = 0;
    let mut kept = String::new();
    for c in name.chars() {
        columns += if u32::from(c) >= 0x1100 { 2 } else { 1 };
        if columns > NAME {
            kept.push('\u{2026}');
            break;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_where_they_are_drawn_and_whole_in_the_tip() {
        let name = "a".repeat(50);
        let chart = Chart { rows: vec![ChartRow::new(name.clone(), 3)], ..Chart::default() };
        let figure = bars(&chart);
        assert!(figure.contains(&format!("<title>{name}: 3</title>")));
        assert!(figure.contains(&format!(">{}\u{2026}</text>", "a".repeat(32))));
        assert_eq!(shortened("\u{5408}\u{540c}"), "\u{5408}\u{540c}");
    }
}
