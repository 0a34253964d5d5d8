//! Columns side by side: counts over time.

use std::fmt::Write as _;

use super::chart::{Chart, colour, step};
use super::escape::{escape, grouped};

const WIDTH: u32 = 760;
const HEIGHT: u32 = 220;
/// Room for the numbers of the grid, and for the labels under the columns.
const LEFT: f64 = 58.0;
const BOTTOM: f64 = 24.0;
const TOP: f64 = 10.0;
/// Width that a label needs.
const LABEL: f64 = 62.0;
const WIDEST: f64 = 48.0;

/// The chart as a figure.
pub(super) fn columns(chart: &Chart) -> String {
    let step = step(chart.largest());
    let top = chart.largest().div_ceil(step).max(1) * step;
    let plot = f64::from(HEIGHT) - TOP - BOTTOM;
    let place = |value: u64| TOP + plot * (1.0 - value as f64 / top as f64);
    let mut drawing = String::new();
    grid(&mut drawing, step, top, &place);
    let slot = (f64::from(WIDTH) - LEFT) / chart.rows.len().max(1) as f64;
    let column = (slot * 0.78).min(WIDEST);
    let every = (LABEL / slot).ceil().max(1.0) as usize;
    for (n, row) in chart.rows.iter().enumerate() {
        let middle = LEFT + slot * (n as f64 + 0.5);
        let mut below = 0;
        write!(drawing, "<g>{}", chart.tip(row)).ok();
        for (series, value) in row.values.iter().enumerate().filter(|(_, value)| **value > 0) {
            let (from, to) = (place(below), place(below + value));
            let (x, class) = (middle - column / 2.0, colour(series));
            let height = (from - to).max(0.6);
            write!(
                drawing,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{column:.1}\" height=\"{height:.1}\"/>",
                from - height
            )
            .ok();
            below += value;
        }
        drawing.push_str("</g>");
        if n.is_multiple_of(every) {
            let (y, label) = (f64::from(HEIGHT) - 7.0, escape(&row.label));
            write!(drawing, "<text class=\"x\" x=\"{middle:.1}\" y=\"{y:.1}\">{label}</text>").ok();
        }
    }
    chart.figure("columns", (WIDTH, HEIGHT), &drawing)
}

fn grid(drawing: &mut String, step: u64, top: u64, place: &impl Fn(u64) -> f64) {
    for value in (0..=top / step).map(|n| n * step) {
        let y = place(value);
        write!(
            drawing,
            "<line x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"y\" x=\"{}\" \
             y=\"{:.1}\">{}</text>",
            LEFT - 8.0,
            y + 4.0,
            grouped(value)
        )
        .ok();
    }
}
