//! Webhook notifications of the WhatsApp Business Cloud API, as whoever receives them keeps them: one body a file, one a
//! line, or a list of bodies.
//!
//! - A message is a record; so are an edit, a deletion and a reaction, each on the message that it names.
//! - The statuses of one message in one file are one record on it, and so are the beginning and end of a call.
//! - Changes of accounts, templates and preferences, and reports of kinds that are not known, are events of the platform
//!   with all that they say.
//! - The chat of a business number with a customer is called by both: `15550783881:447700900123`.
//! - A notification has only the ids of files. Their bytes are taken from `<id>` or `<id>.<extension>` beside the file, or
//!   in a folder `media` beside it.
//! - What a record holds follows from its own notification only, except where reports are gathered: notifications are
//!   delivered more than once, and the second must not be another message.

mod call;
mod card;
mod content;
mod gathered;
mod media;
mod message;
mod notice;
mod notification;
mod party;
mod status;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use gathered::{Gathered, Group};
use message::Made;
use notification::{Report, ReportKind, reports};

use super::draft::{Delivery, Draft};
use super::json::{Next, RecordFile, parse};
use super::{Converter, Opening, Start};
use crate::connector::input::{Input, Reader};
use crate::connector::{As, Format, Options, SourceEvent};

/// Who makes the records.
const SOURCE: &str = "whatsapp-cloud";
const PLATFORM: &str = "whatsapp";

/// Notifications of the WhatsApp Business Cloud API.
pub(super) const CONVERTER: Converter =
    Converter { format: Format::WhatsappCloud, read_as: As::WhatsappCloud, recognises, bundles: |_| false, open };

/// The envelope of a notification, or an entry, change or value without it. The file may be cut at the end of the head.
fn recognises(start: &Start<'_>) -> bool {
    let text = start.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.head).trim_ascii_start();
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        return false;
    }
    let place = |name: &str| memchr::memmem::find(text, format!("\"{name}\"").as_bytes());
    let has = |names: &[&str]| names.iter().all(|name| place(name).is_some());
    // A converted message may quote a notification.
    let is_quoted = |at: usize| place("platform").is_some_and(|platform| platform <= at);
    if let Some(at) = place("whatsapp_business_account") {
        return !is_quoted(at);
    }
    let is_bare = has(&["changes", "field", "value"]) || has(&["messaging_product", "metadata", "phone_number_id"]);
    is_bare && place("platform").is_none()
}

fn open(input: Input, _: &Options) -> Opening {
    let bodies = RecordFile::open(input.content.file()?, &[]).map_err(|error| format!("cannot read it: {error}"))?;
    Ok(Box::new(Notifications {
        bodies,
        body_no: 0,
        jobs: VecDeque::new(),
        gathered: Gathered::default(),
        delivery: Delivery::new(input.origin, input.beside),
        ended: false,
    }))
}

struct Notifications {
    bodies: RecordFile,
    body_no: u64,
    jobs: VecDeque<Job>,
    gathered: Gathered,
    delivery: Delivery,
    /// Whether no body is left.
    ended: bool,
}

/// What is yet to be made an event.
enum Job {
    Report { place: String, report: Report },
    Group(Group),
}

impl Notifications {
    /// Reads the next body; what it yields at once.
    fn read_body(&mut self) -> Option<SourceEvent> {
        self.body_no += 1;
        let (bytes, reason) = match self.bodies.next() {
            Ok(Next::Record(bytes)) => match parse(&bytes).and_then(reports) {
                Ok(reports) => {
                    self.take(reports);
                    return None;
                }
                Err(reason) => (bytes.len() as u64, reason),
            },
            Ok(Next::Rejected(bytes, reason)) => (bytes, reason),
            Ok(Next::End) => {
                self.end();
                return None;
            }
            Err(error) => {
                self.end();
                return Some(self.delivery.failed(&error));
            }
        };
        Some(self.delivery.rejected(&self.body_no.to_string(), bytes, reason))
    }

    fn take(&mut self, reports: Vec<Report>) {
        for (index, report) in reports.into_iter().enumerate() {
            let place = format!("{}.{}", self.body_no, index + 1);
            if let Some(report) = self.gathered.add(&place, report) {
                self.jobs.push_back(Job::Report { place, report });
            }
        }
        if self.gathered.is_full() {
            self.jobs.extend(self.gathered.drain().into_iter().map(Job::Group));
        }
    }

    fn end(&mut self) {
        self.jobs.extend(self.gathered.drain().into_iter().map(Job::Group));
        self.ended = true;
    }

    fn run(&mut self, job: Job) -> SourceEvent {
        let (place, made, bytes) = match job {
            Job::Report { place, report } => {
                let made = match &report.kind {
                    ReportKind::Message | ReportKind::Echo | ReportKind::History(_) => message::message(&report),
                    ReportKind::Status => notice::notice(&report, "status"),
                    ReportKind::Call => notice::notice(&report, "call"),
                    ReportKind::Other(name) => notice::notice(&report, name),
                };
                (place, made, report.value.to_string().len())
            }
            Job::Group(group) => {
                let is_call = group.reports.first().is_some_and(|report| report.kind == ReportKind::Call);
                let made = if is_call { call::call(&group.reports) } else { status::statuses(&group.reports) };
                let bytes = group.reports.iter().map(|report| report.value.to_string().len()).sum();
                (group.place, made, bytes)
            }
        };
        self.delivery.event(&place, bytes as u64, made.map(draft))
    }
}

fn draft(made: Made) -> Draft {
    Draft { files: made.media, ..Draft::new(made.record) }
}

impl Reader for Notifications {
    fn bytes_done(&self) -> u64 {
        self.bodies.bytes_done()
    }
}

impl Iterator for Notifications {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        loop {
            if let Some(job) = self.jobs.pop_front() {
                return Some(self.run(job));
            }
            if self.ended {
                return (!self.delivery.has_ended()).then(|| self.delivery.closed());
            }
            if let Some(event) = self.read_body() {
                return Some(event);
            }
        }
    }
}
