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

/// The exit code of an error.
fn code(error: &Error) -> u8 {
    match error {
        Error::InvalidInput(_) | Error::Query { .. } => 2,
        Error::ErasureUnfinished { .. } => PARTLY,
        Error::NoArchive { .. } => 10,
        Error::Locked { .. } => 11,
        Error::UnsupportedFormat { .. } => 12,
        Error::Corrupt(_) | Error::Untrusted(_) => INTEGRITY,
        Error::Refused(_) | Error::PlanStale(_) => 21,
        Error::Interrupted => INTERRUPTED,
        _ => 1,
    }
}

/// What to do where something is not what was written.
const DAMAGED: &str = "keep the files as they are; `custodia verify` names all that is damaged, `custodia index rebuild` makes the index \
     anew, and what else is damaged comes back from a backup";

/// What to do next.
fn hint(error: &Error) -> Option<&str> {
    Some(match error {
        Error::Query { hint, .. } => return Some(hint.as_str()).filter(|hint| !hint.is_empty()),
        Error::NoArchive { .. } => {
            "name it with --archive DIR or CUSTODIA_ARCHIVE, or create one with `custodia init DIR`"
        }
        Error::Locked { .. } => "wait longer for it with --wait SECONDS",
        Error::UnsupportedFormat { .. } => "use the version of custodia that wrote it",
        Error::ErasureUnfinished { source } if matches!(source.downcast_ref(), Some(Error::Corrupt(_))) => DAMAGED,
        Error::Corrupt(_) => DAMAGED,
        Error::Untrusted(_) => "get it, and the key, again from whoever gave them to you, in another way",
        Error::PlanStale(_) => "nothing was disposed of; make a new plan with `custodia disposition plan`",
        Error::ErasureUnfinished { .. } => {
            "make room on the disk: every command tries again to rewrite them, and `verify` ends clean"
        }
        Error::NotFound { what, .. } => return where_listed(what),
        Error::AlreadyExists { what, .. } => return instead(what),
        error if is_full(error) => {
            "make room on the disk, or name another one, and run the same command again: what was reported before is kept"
        }
        Error::Io { action: "create", source, .. } if source.kind() == ErrorKind::AlreadyExists => {
            "nothing is written over: name another file"
        }
        Error::Io { source, .. } if source.kind() == ErrorKind::NotFound => "look whether its name is right",
        Error::Io { source, .. } if source.kind() == ErrorKind::ReadOnlyFilesystem => {
            "an archive is used where it can be written, as every look at it is noted in its audit log: copy it to such a place"
        }
        Error::Index { .. } => "the index holds nothing of its own: `custodia index rebuild` makes it anew",
        Error::Store { .. } => "everything reported before is on disk; run the same command again",
        _ => return None,
    })
}

/// Where people see what there is of something that was not found.
fn where_listed(what: &str) -> Option<&'static str> {
    Some(match what {
        "mailbox" => {
            "see `custodia mailbox list`, add one with `custodia mailbox add`, or import with --create-mailboxes"
        }
        "connector" => "see `custodia connector list`",
        "item" | "message" => "items are found with `custodia search`",
        "attachment" => "`custodia show ITEM` lists the attachments of an item",
        "folder" => "`custodia search QUERY --stats` names the folders",
        "batch" => "see `custodia batch list`",
        "message in quarantine" => "see `custodia quarantine list`",
        "simulation" => {
            "simulate the change first, with --simulate or `custodia retention simulate`: it prints the digest of the rules"
        }
        "plan" => "name the file of the plan",
        "execution of a plan that begins with" => "`custodia disposition list` says what was disposed of by which plan",
        "hold" => "see `custodia hold list`",
        "hold notice" => "see `custodia hold notice list`",
        "letter of the notice" | "custodian on the notice" => "see `custodia hold notice show NOTICE`",
        "case" => "see `custodia case list`",
        "custodian" => "see `custodia custodian list CASE`",
        "retention label" => "see `custodia retention label list`",
        "retention policy" => "see `custodia retention policy list`",
        "saved search" | "frozen result" => "see `custodia search list` and `custodia search show NAME`",
        "supervision policy" => "see `custodia supervise policy list`",
        "supervision match" => "see `custodia supervise queue POLICY`",
        "audit entry" => "see `custodia audit log`",
        _ => return None,
    })
}

/// What to do where something has that name already.
fn instead(what: &str) -> Option<&'static str> {
    Some(match what {
        "connector" => "name this one otherwise, or remove the other with `custodia connector remove`",
        "saved search" => {
            "name this one otherwise, or replace the other with `custodia search save NAME QUERY --replace`"
        }
        "demo directory" => "name another one with `custodia demo DIR`, or remove it first",
        "archive" => "use it as it is, or name another directory",
        _ => return None,
    })
}

/// Whether there is no room for what was to be written.
fn is_full(error: &Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::FileTooLarge | ErrorKind::QuotaExceeded)
        {
            return true;
        }
        next = error.source();
    }
    false
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
    let code = code(error);
    ui.error(code, &with_causes(error), hint(error));
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
