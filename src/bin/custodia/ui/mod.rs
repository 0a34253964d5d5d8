//! The only place that prints. Data goes to stdout; everything else to stderr.

mod escape;
mod progress;
mod table;

use std::io::{self, IsTerminal as _, Write as _};

use custodia::{Error, Result};
use serde_json::{Value, json};

pub(crate) use escape::escape;
pub(crate) use progress::Progress;
pub(crate) use table::Table;

/// How output is shown.
pub(crate) struct Ui {
    pub(crate) json: bool,
    quiet: bool,
    color: bool,
}

impl Ui {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        let color = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { json, quiet, color }
    }

    /// One JSON document, or one JSON line.
    pub(crate) fn json(&self, value: &Value) -> Result<()> {
        self.write(format!("{value}\n").as_bytes())
    }

    /// A line of text for people. Text from messages must be escaped before.
    pub(crate) fn line(&self, text: &str) -> Result<()> {
        self.write(format!("{text}\n").as_bytes())
    }

    /// Bytes as they are.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<()> {
        let failed = |source| Error::Io { action: "write", path: "standard output".into(), source };
        io::stdout().lock().write_all(bytes).map_err(failed)
    }

    /// A place to write bytes as they are.
    pub(crate) fn output(&self) -> io::StdoutLock<'static> {
        io::stdout().lock()
    }

    /// Whether stdout is a terminal, where raw bytes of messages must not go.
    pub(crate) fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// What was done, for people who watch.
    pub(crate) fn status(&self, text: &str) {
        if !self.quiet && !self.json {
            self.stderr(text);
        }
    }

    pub(crate) fn warn(&self, text: &str) {
        self.stderr(&format!("warning: {text}"));
    }

    pub(crate) fn hint(&self, text: &str) {
        if !self.quiet && !self.json {
            self.stderr(&format!("\nhint: {text}"));
        }
    }

    /// A failure with its exit code and what to do next.
    pub(crate) fn error(&self, code: u8, text: &str, hint: Option<&str>) {
        if self.json {
            self.stderr(&json!({ "type": "error", "code": code, "message": text, "hint": hint }).to_string());
            return;
        }
        self.stderr(&format!("error: {}", escape(text, true)));
        if let Some(hint) = hint {
            self.stderr(&format!("\nhint: {hint}"));
        }
    }

    fn stderr(&self, text: &str) {
        // Nobody is left to be told if stderr is gone.
        writeln!(io::stderr().lock(), "{text}").ok();
    }

    pub(crate) fn progress(&self, what: &'static str) -> Progress {
        Progress::new(what, !self.quiet && !self.json && io::stderr().is_terminal())
    }

    /// Text that stands out, on terminals that can show it.
    pub(crate) fn strong(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A match: highlighted on terminals, in guillemets elsewhere.
    pub(crate) fn highlight(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[7m{text}\u{1b}[0m") } else { format!("\u{ab}{text}\u{bb}") }
    }

    /// Asks a person to type something; `None` if there is nobody to ask.
    pub(crate) fn ask(&self, question: &str) -> Option<String> {
        if !io::stdin().is_terminal() {
            return None;
        }
        write!(io::stderr().lock(), "{question} ").ok()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).ok()?;
        Some(answer.trim().to_owned())
    }
}
