//! Curves as a picture that any browser shows (SVG).

use std::fmt::Write as _;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 200.0;
const MARGIN: f64 = 46.0;
const COLUMNS: usize = 2;

/// Values over sizes.
pub(crate) struct Curve {
    pub(crate) title: &'static str,
    pub(crate) points: Vec<(f64, f64)>,
}

/// A picture of `curves`, each in a frame of its own that begins at nought.
pub(crate) fn picture(title: &str, curves: &[Curve]) -> String {
    let rows = curves.len().div_ceil(COLUMNS);
    let (width, height) = (WIDTH * COLUMNS as f64, HEIGHT * rows as f64 + 30.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{MARGIN}\" y=\"20\" font-size=\"14\">{title}</text>\n"
    );
    for (n, curve) in curves.iter().enumerate() {
        let (left, top) = ((n % COLUMNS) as f64 * WIDTH, (n / COLUMNS) as f64 * HEIGHT + 30.0);
        frame(&mut svg, curve, left, top);
    }
    svg + "</svg>\n"
}

fn frame(svg: &mut String, curve: &Curve, left: f64, top: f64) {
    let most = |value: fn(&(f64, f64)) -> f64| curve.points.iter().map(value).fold(f64::MIN_POSITIVE, f64::max);
    let (widest, highest) = (most(|point| point.0), most(|point| point.1) * 1.1);
    let (x0, x1) = (left + MARGIN, left + WIDTH - 14.0);
    let (y0, y1) = (top + HEIGHT - 26.0, top + 24.0);
    let line: String = curve.points.iter().fold(String::new(), |mut line, (x, y)| {
        // Writing to a string never fails.
        let _ = write!(line, "{:.1},{:.1} ", x0 + x / widest * (x1 - x0), y0 - y / highest * (y0 - y1));
        line
    });
    let _ = write!(
        svg,
        "<text x=\"{x0}\" y=\"{}\" fill=\"#222\">{}</text>\n\
         <path d=\"M{x0} {y1}V{y0}H{x1}\" fill=\"none\" stroke=\"#999\"/>\n\
         <polyline points=\"{line}\" fill=\"none\" stroke=\"#0b6e99\" stroke-width=\"2\"/>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#555\">{}</text>\n\
         <text x=\"{}\" y=\"{y0}\" text-anchor=\"end\" fill=\"#555\">0</text>\n\
         <text x=\"{x1}\" y=\"{}\" text-anchor=\"end\" fill=\"#555\">{widest}</text>\n",
        y1 - 8.0,
        curve.title,
        x0 - 4.0,
        y1 + 8.0,
        short(highest),
        x0 - 4.0,
        y0 + 14.0,
    );
}

fn short(value: f64) -> String {
    if value >= 10_000.0 { format!("{:.0}k", value / 1e3) } else { format!("{value:.0}") }
}
