//! What one source file held.

use super::interleaved::ChatSpan;
use crate::connector::{FileAccount, Format, Untaken};
use crate::message::Facts;
use crate::model::{DateOrder, Event, UtcTime};

/// What one source file held, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileReport {
    /// Its path, and its place in a zip file.
    pub path: String,
    /// How it was read.
    pub format: &'static str,
    /// Records read, events of the platform among them.
    pub records: u64,
    /// Records that are events of the platform itself: somebody joined, a title changed.
    pub system: u64,
    /// Attachments, those that its records name and that did not come with it among them.
    pub attachments: u64,
    /// Attachments that its records name and that did not come with it.
    pub absent_attachments: u64,
    /// Records that could not be taken.
    pub rejected: u64,
    /// Time of the earliest record.
    pub first: Option<UtcTime>,
    /// Time of the latest record.
    pub last: Option<UtcTime>,
    /// The order in which its dates were read, if they left a choice.
    pub date_order: Option<DateOrder>,
    /// What somebody who relies on the file should know: guesses made, signs of a cut.
    pub notes: Vec<String>,
}

/// Counts what the file at hand holds.
#[derive(Debug, Default)]
pub(super) struct FileTally {
    report: Option<FileReport>,
    /// How many new messages there were before it.
    after: u64,
    /// What the files of one chat each brought.
    pub(super) chats: Vec<ChatSpan>,
}

impl FileTally {
    /// A file begins, after so many new messages; returns the report on the one before.
    pub(super) fn open(&mut self, path: String, format: Format, messages: u64) -> Option<FileReport> {
        self.after = messages;
        let report = FileReport { path, format: format.as_str(), ..FileReport::default() };
        self.report.replace(report)
    }

    pub(super) fn message(&mut self, facts: &Facts) {
        let Some(report) = &mut self.report else { return };
        report.records += 1;
        report.system += u64::from(facts.event.event == Event::System);
        report.attachments += facts.attachments.len() as u64;
        if let Some(sent) = facts.sent_at {
            report.first = Some(report.first.map_or(sent, |first| first.min(sent)));
            report.last = report.last.max(Some(sent));
        }
    }

    /// A record was rejected; it counts here if it is of the file at hand.
    pub(super) fn reject(&mut self, origin: &str) {
        self.report
            .iter_mut()
            .filter(|report| origin.starts_with(&report.path))
            .for_each(|report| report.rejected += 1);
    }

    /// Somebody who relies on the file at hand should know this.
    pub(super) fn note(&mut self, note: &str) {
        let Some(report) = self.report.as_mut().filter(|report| !report.notes.iter().any(|known| known == note)) else {
            return;
        };
        report.notes.push(note.to_owned());
    }

    /// The file at hand ends, with so many new messages; returns the report on it.
    pub(super) fn close(&mut self, account: FileAccount, messages: u64) -> Option<FileReport> {
        if !account.conversation.is_empty() && messages > self.after {
            let (conversation, after) = (account.conversation, self.after);
            self.chats.push(ChatSpan { conversation, after, until: messages });
        }
        let mut report = self.report.take()?;
        if let Some(Untaken { records, system, attachments }) = account.untaken {
            report.records += records;
            report.system += system;
            report.attachments += attachments;
            report.rejected += 1;
        }
        report.attachments += account.absent_attachments;
        report.absent_attachments = account.absent_attachments;
        report.date_order = account.date_order;
        report.notes.extend(account.notes);
        Some(report)
    }

    /// There are no more files; returns the report on the last one.
    pub(super) fn end(&mut self) -> Option<FileReport> {
        self.report.take()
    }
}
