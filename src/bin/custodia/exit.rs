//! From an error to its exit code and hint.

use std::error::Error as _;
use std::io::ErrorKind;

use custodia::Error;
use custodia::query::caret;

use crate::ui::{Ui, escape};

/// Done, but some of the input could not be taken; the rest is listed.
pub(crate) const PARTLY: u8 = 3;
/// An integrity problem was found.
pub(crate) const INTEGRITY: u8 = 20;
/// Interrupted between two commits.
pub(crate) const INTERRUPTED: u8 = 130;

/// The exit code of an error, and what to do next.
fn code_and_hint(error: &Error) -> (u8, Option<String>) {
    match error {
        Error::InvalidInput(_) => (2, None),
        Error::Query { hint, .. } => (2, Some(hint.clone()).filter(|hint| !hint.is_empty())),
        Error::NoArchive { .. } => (
            10,
            Some("name it with --archive DIR or CUSTODIA_ARCHIVE, or create one with `custodia init DIR`".to_owned()),
        ),
        Error::Locked { .. } => (11, Some("wait for it with --wait SECONDS".to_owned())),
        Error::UnsupportedFormat { .. } => (12, Some("use the version of custodia that wrote it".to_owned())),
        Error::Corrupt(_) => {
            (20, Some("run `custodia verify` to see all of it; keep the files as they are".to_owned()))
        }
        Error::Untrusted(_) => {
            (INTEGRITY, Some("get it, and the key, again from whoever gave them to you, in another way".to_owned()))
        }
        Error::Refused(_) => (21, None),
        Error::PlanStale(_) => {
            (21, Some("nothing was disposed of; make a new plan with `custodia disposition plan`".to_owned()))
        }
        Error::ErasureUnfinished { .. } => (
            PARTLY,
            Some(
                "make room on the disk: every command tries again to rewrite them, and `verify` ends clean".to_owned(),
            ),
        ),
        Error::Interrupted => (INTERRUPTED, None),
        Error::NotFound { what: "mailbox", .. } => (
            1,
            Some(
                "see `custodia mailbox list`, add one with `custodia mailbox add`, or import with --create-mailboxes"
                    .to_owned(),
            ),
        ),
        Error::NotFound { what: "connector", .. } => (1, Some("see `custodia connector list`".to_owned())),
        Error::AlreadyExists { what: "connector", .. } => {
            (1, Some("name this one otherwise, or remove the other with `custodia connector remove`".to_owned()))
        }
        Error::NotFound { what: "item" | "message", .. } => {
            (1, Some("items are found with `custodia search`".to_owned()))
        }
        Error::NotFound { what: "message in quarantine", .. } => (1, Some("see `custodia quarantine list`".to_owned())),
        Error::NotFound { what: "simulation", .. } => (
            1,
            Some(
                "simulate the change first, with --simulate or `custodia retention simulate`: it prints the digest of the rules"
                    .to_owned(),
            ),
        ),
        Error::NotFound { what: "plan", .. } => (1, Some("name the file of the plan".to_owned())),
        Error::NotFound { what: "hold", .. } => (1, Some("see `custodia hold list`".to_owned())),
        Error::NotFound { what: "retention label", .. } => (1, Some("see `custodia retention label list`".to_owned())),
        Error::NotFound { what: "retention policy", .. } => {
            (1, Some("see `custodia retention policy list`".to_owned()))
        }
        Error::NotFound { what: "saved search" | "frozen result", .. } => {
            (1, Some("see `custodia search list` and `custodia search show NAME`".to_owned()))
        }
        Error::AlreadyExists { what: "saved search", .. } => (
            1,
            Some(
                "name this one otherwise, or replace the other with `custodia search save NAME QUERY --replace`"
                    .to_owned(),
            ),
        ),
        Error::AlreadyExists { what: "demo directory", .. } => {
            (1, Some("name another one with `custodia demo DIR`, or remove it first".to_owned()))
        }
        Error::AlreadyExists { what: "archive", .. } => {
            (1, Some("use it as it is, or name another directory".to_owned()))
        }
        Error::Io { action: "create", source, .. } if source.kind() == ErrorKind::AlreadyExists => {
            (1, Some("nothing is written over: name another file".to_owned()))
        }
        Error::Index { .. } => {
            (1, Some("the index holds nothing of its own: `custodia index rebuild` makes it anew".to_owned()))
        }
        Error::Store { .. } => {
            (1, Some("everything reported before is on disk; run the same command again".to_owned()))
        }
        _ => (1, None),
    }
}

/// What is wrong, with its causes.
pub(crate) fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

/// Prints an error with its causes and what to do next; returns its exit code.
pub(crate) fn report(error: &Error, ui: &Ui) -> u8 {
    if is_closed_pipe(error) {
        return 0;
    }
    let (code, hint) = code_and_hint(error);
    let text = with_causes(error);
    ui.error(code, &text, hint.as_deref());
    code
}

/// Shows people the place in `query`, if a refusal of it is why something failed.
pub(crate) fn point_at(query: Option<&str>, error: &Error, ui: &Ui) {
    if let (Error::Query { offset, .. }, Some(query), false) = (error, query, ui.json) {
        ui.status(&caret(&escape(query, false), *offset));
    }
}

/// The reader of the output had enough: `custodia search ... | head`.
fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if source.kind() == ErrorKind::BrokenPipe)
}
