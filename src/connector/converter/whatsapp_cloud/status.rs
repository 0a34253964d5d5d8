//! What became of a message that the business sent: sent, delivered, read, played, failed.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::content::error_lines;
use super::message::{Made, direct_id, finish};
use super::notification::Report;
use super::party::Setting;
use super::{PLATFORM, SOURCE};
use crate::connector::converter::draft::add_line;
use crate::connector::converter::json::{Members, items, time_of, time_text};
use crate::message::converted::{Person, Record, RecordKind};
use crate::model::{Conversation, Event};

/// One status.
struct Status<'a> {
    time: Option<DateTime<FixedOffset>>,
    whole: &'a Value,
}

impl<'a> Status<'a> {
    fn of(whole: &'a Value) -> Self {
        Self { time: whole.get("timestamp").and_then(time_of), whole }
    }

    fn text(&self, name: &str) -> &'a str {
        self.whole.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn is_of_group(&self) -> bool {
        self.text("recipient_type") == "group"
    }

    /// To whom the message went.
    fn recipient(&self, setting: &Setting) -> Person {
        if self.is_of_group() {
            setting.person(self.text("recipient_participant_id"), self.text("recipient_participant_user_id"))
        } else {
            setting.person(self.text("recipient_id"), self.text("recipient_user_id"))
        }
    }

    /// `delivered 2024-01-02T03:04:05Z`, in a group with who it is about.
    fn line(&self, setting: &Setting) -> String {
        let mut line = self.text("status").to_owned();
        if line.is_empty() {
            "status unknown".clone_into(&mut line);
        }
        if let Some(time) = self.time {
            line = format!("{line} {}", time_text(time));
        }
        let Person { number, id, .. } = self.recipient(setting);
        let who = [number, id].into_iter().find(|text| !text.is_empty()).filter(|_| self.is_of_group());
        who.map_or(line.clone(), |who| format!("{line} ({who})"))
    }

    /// Place among statuses: by time, and within a second as they follow from one another.
    fn order(&self) -> (bool, Option<DateTime<FixedOffset>>, usize, String) {
        const ORDER: [&str; 9] =
            ["ringing", "accepted", "sent", "delivered", "read", "played", "failed", "deleted", "warning"];
        let word = self.text("status").to_ascii_lowercase();
        let rank = ORDER.iter().position(|known| *known == word).unwrap_or(ORDER.len());
        (self.time.is_none(), self.time, rank, self.whole.to_string())
    }
}

/// The statuses of one message as one record: an event of the platform on that message, whose time is that of the first.
///
/// # Errors
/// None of them says when it was: a text for people.
pub(super) fn statuses(reports: &[Report]) -> Result<Made, String> {
    let setting = Setting::together(reports);
    let mut sorted: Vec<Status<'_>> = reports.iter().map(|report| Status::of(&report.value)).collect();
    sorted.sort_by_cached_key(Status::order);
    let sent = sorted.first().and_then(|status| status.time);
    let sent = sent.ok_or("statuses without `timestamp`; ask who keeps the notifications")?;
    let mut record = Record::new(SOURCE, PLATFORM, sent);
    record.event = Event::System;
    record.text = sorted.iter().map(|status| status.line(&setting)).collect::<Vec<_>>().join(", ");
    for status in &sorted {
        for line in error_lines(items(status.whole, "errors")) {
            add_line(&mut record, &line);
        }
    }
    if sorted.iter().any(|status| status.text("type") == "call") {
        record.kind = RecordKind::Call;
    }
    people(&setting, &sorted, &mut record);
    record.fact("/statuses", &sorted.iter().map(|status| status.whole.clone()).collect());
    finish(&setting, Members::default(), &Value::Null, &mut record);
    Ok(Made { record, media: Vec::new() })
}

fn people(setting: &Setting, statuses: &[Status<'_>], record: &mut Record) {
    let Some(first) = statuses.first() else { return };
    first.text("id").clone_into(&mut record.event_reference);
    let recipient = first.recipient(setting);
    record.conversation = Some(if first.is_of_group() {
        Conversation { id: first.text("recipient_id").to_owned(), name: String::new(), group: true }
    } else {
        Conversation { id: direct_id(&setting.business, &recipient), ..Conversation::default() }
    });
    record.recipients = vec![setting.business.clone()];
    let mut known = HashSet::new();
    for person in statuses.iter().map(|status| status.recipient(setting)) {
        if known.insert((person.number.clone(), person.id.clone())) {
            record.recipients.push(person);
        }
    }
    let shown: Vec<&Person> = record.recipients.iter().collect();
    let contacts = setting.contact_facts(&shown);
    if !contacts.is_empty() {
        record.fact("/contacts", &Value::Array(contacts));
    }
}
