//! The only place that prints. Data goes to stdout; everything else to stderr.

mod counted;
mod escape;
mod output;
mod progress;
mod short;
mod table;

use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Stdin, Write};

use custodia::{Error, Result};
use serde_json::json;

use output::Output;

pub(crate) use counted::counted;
pub(crate) use escape::escape;
pub(crate) use progress::Progress;
pub(crate) use short::short;
pub(crate) use table::{Columns, Table};

/// How text stands out.
enum Emphasis {
    Color,
    Marks,
}

/// Where status, hints, warnings and errors go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aside {
    /// To stderr.
    Stderr,
    /// To stderr, without status and hints.
    Quiet,
    /// To stdout in the order in which it is said, without hints.
    Story,
}

/// How output is shown.
pub(crate) struct Ui {
    pub(crate) json: bool,
    aside: Aside,
    emphasis: Emphasis,
    terminal: bool,
    input: Stdin,
    output: RefCell<Output>,
}

impl Ui {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let emphasis = if color { Emphasis::Color } else { Emphasis::Marks };
        let output = RefCell::new(Output::new());
        let aside = if quiet { Aside::Quiet } else { Aside::Stderr };
        Self { json, aside, emphasis, terminal, input: io::stdin(), output }
    }

    /// A view of several commands in a row as one text: errors and status stand on stdout where they happened, a copy
    /// is kept of what each command prints, and hints are left to whoever tells the story.
    pub(crate) fn narrated(json: bool) -> Self {
        Self { aside: Aside::Story, ..Self::new(json, false) }
    }

    /// Begins to keep a copy of what is printed.
    pub(crate) fn begin_copy(&self) {
        self.output.borrow_mut().begin_copy();
    }

    /// What was printed since the copy began, without emphasis.
    pub(crate) fn end_copy(&self) -> String {
        self.output.borrow_mut().end_copy()
    }

    /// One JSON document, or one JSON line.
    pub(crate) fn json(&self, value: &impl serde::Serialize) -> Result<()> {
        let mut line =
            serde_json::to_vec(value).map_err(|e| Error::Store { action: "write JSON", source: e.into() })?;
        line.push(b'\n');
        self.write(&line)
    }

    /// One JSON document made of `value`, with its type.
    pub(crate) fn document(&self, kind: &str, value: &impl serde::Serialize) -> Result<()> {
        let value = serde_json::to_value(value);
        let mut value = value.map_err(|e| Error::Store { action: "write JSON", source: e.into() })?;
        if let Some(object) = value.as_object_mut() {
            object.insert("type".to_owned(), json!(kind));
            object.insert("schema_version".to_owned(), json!(1));
        }
        self.json(&value)
    }

    /// A line of text for people. Text from messages must be escaped before.
    pub(crate) fn line(&self, text: &str) -> Result<()> {
        self.write(format!("{text}\n").as_bytes())
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        self.with_output(&mut |output| output.write_all(bytes).map_err(output_failed))?;
        if self.terminal { self.flush() } else { Ok(()) }
    }

    /// Hands stdout to `write`, for bytes as they are.
    pub(crate) fn with_output(&self, write: &mut dyn FnMut(&mut dyn Write) -> Result<()>) -> Result<()> {
        write(&mut *self.output.borrow_mut())
    }

    /// Sends everything printed so far.
    pub(crate) fn flush(&self) -> Result<()> {
        self.output.borrow_mut().flush().map_err(output_failed)
    }

    /// Whether stdout is a terminal, where raw bytes of messages must not go.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// What was done, for people who watch.
    pub(crate) fn status(&self, text: &str) {
        if self.aside != Aside::Quiet && !self.json {
            self.stderr(text);
        }
    }

    pub(crate) fn warn(&self, text: &str) {
        self.stderr(&format!("warning: {text}"));
    }

    pub(crate) fn hint(&self, text: &str) {
        if self.aside == Aside::Stderr && !self.json {
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
        if self.aside == Aside::Story {
            // A closed pipe is met again by the next line of data.
            self.line(text).ok();
            return;
        }
        // What was printed before comes first; a failure is met again where it is reported.
        self.flush().ok();
        // Nobody is left to be told if stderr is gone.
        writeln!(io::stderr().lock(), "{text}").ok();
    }

    pub(crate) fn progress(&self, what: &'static str) -> Progress {
        Progress::new(what, self.aside != Aside::Quiet && !self.json && io::stderr().is_terminal())
    }

    /// Text that stands out, on terminals that can show it.
    pub(crate) fn strong(&self, text: &str) -> String {
        match self.emphasis {
            Emphasis::Color => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Emphasis::Marks => text.to_owned(),
        }
    }

    /// A match: highlighted on terminals, in guillemets elsewhere.
    pub(crate) fn highlight(&self, text: &str) -> String {
        match self.emphasis {
            Emphasis::Color => format!("\u{1b}[7m{text}\u{1b}[0m"),
            Emphasis::Marks => format!("\u{ab}{text}\u{bb}"),
        }
    }

    /// Asks a person to type something; `None` if there is nobody to ask.
    pub(crate) fn ask(&self, question: &str) -> Option<String> {
        if !self.input.is_terminal() {
            return None;
        }
        write!(io::stderr().lock(), "{question} ").ok()?;
        let mut answer = String::new();
        self.input.read_line(&mut answer).ok()?;
        Some(answer.trim().to_owned())
    }
}

fn output_failed(source: io::Error) -> Error {
    Error::Io { action: "write", path: "standard output".into(), source }
}
