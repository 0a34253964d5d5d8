//! Progress on a terminal.

use std::cell::Cell;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on stderr; nothing where nobody watches.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// The template in use.
    template: Cell<&'static str>,
}

impl Progress {
    pub(super) fn new(what: &'static str, visible: bool) -> Self {
        let target = if visible { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        Self { bar: bar.with_message(what), template: Cell::new("") }
    }

    /// So many bytes of so many, and so many messages.
    pub(crate) fn bytes(&self, messages: u64, done: u64, total: u64) {
        self.style("{msg} {bytes}/{total_bytes}, {prefix}, {binary_bytes_per_sec}, {eta} left {wide_bar}");
        self.bar.set_length(total.max(done));
        self.bar.set_position(done);
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        self.bar.set_prefix(format!("{messages} messages ({:.0}/s)", messages as f64 / seconds));
    }

    /// So many messages of so many.
    pub(crate) fn messages(&self, done: u64, total: u64) {
        self.style("{msg} {human_pos}/{human_len} messages, {per_sec}, {eta} left {wide_bar}");
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// So many deliveries of so many looked at or fetched.
    pub(crate) fn deliveries(&self, done: u64, total: u64) {
        self.style("{msg} {human_pos}/{human_len} deliveries, {per_sec}, {eta} left {wide_bar}");
        self.bar.set_length(total.max(done));
        self.bar.set_position(done);
    }

    fn style(&self, template: &'static str) {
        if self.template.replace(template) != template
            && let Ok(style) = ProgressStyle::with_template(template)
        {
            self.bar.set_style(style);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
