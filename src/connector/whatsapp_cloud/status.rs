//! What became of a message that the business sent: sent, delivered, read, played, failed.

use serde_json::Value;

use super::content::{add_line, error_lines};
use super::message::{Made, direct_id, finish};
use super::notification::Report;
use super::{PLATFORM, SOURCE};
use crate::connector::json_pieces::{Members, time_of, time_text};
use crate::message::converted::{Person, Record, RecordKind};
use crate::model::{Conversation, Event};

/// The statuses of one message as one record: an event of the platform on that message, whose time is that of the first.
///
/// # Errors
/// None of them says when it was: a text for people.
pub(super) fn statuses(reports: &[Report]) -> Result<Made, String> {
    let mut sorted: Vec<(Option<_>, usize, &Report)> = reports
        .iter()
        .map(|report| (report.value.get("timestamp").and_then(time_of), rank(&report.value), report))
        .collect();
    sorted.sort_by(|(time, rank, report), (other, other_rank, next)| {
        let text = |report: &Report| report.value.to_string();
        (time.is_none(), time, rank)
            .cmp(&(other.is_none(), other, other_rank))
            .then_with(|| text(report).cmp(&text(next)))
    });
    let first = sorted.first().and_then(|(time, _, report)| time.map(|time| (time, *report)));
    let (sent, first) = first.ok_or("statuses without `timestamp`; ask who keeps the notifications")?;
    let mut record = Record::new(SOURCE, PLATFORM, sent);
    record.event = Event::System;
    record.event_reference = first.value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let words = sorted.iter().map(|(time, _, report)| {
        let word = report.value.get("status").and_then(Value::as_str).unwrap_or("status unknown");
        time.map_or_else(|| word.to_owned(), |time| format!("{word} {}", time_text(time)))
    });
    record.text = words.collect::<Vec<_>>().join(", ");
    for (_, _, report) in &sorted {
        let errors = report.value.get("errors").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        error_lines(errors).iter().for_each(|line| add_line(&mut record, line));
    }
    if sorted.iter().any(|(_, _, report)| report.value.get("type").and_then(Value::as_str) == Some("call")) {
        record.kind = RecordKind::Call;
    }
    people(first, &mut record);
    record.fact("/statuses", &sorted.iter().map(|(_, _, report)| report.value.clone()).collect());
    finish(&first.setting, Members::default(), &first.value, &mut record);
    Ok(Made { record, media: Vec::new() })
}

/// The order of statuses of one second.
fn rank(status: &Value) -> usize {
    const ORDER: [&str; 8] = ["accepted", "sent", "delivered", "read", "played", "failed", "deleted", "warning"];
    let word = status.get("status").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    // A call rings before it is accepted.
    if word == "ringing" { 0 } else { 1 + ORDER.iter().position(|known| *known == word).unwrap_or(ORDER.len()) }
}

fn people(report: &Report, record: &mut Record) {
    let setting = report.setting.as_ref();
    let text = |name: &str| report.value.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_group = text("recipient_type") == "group";
    let customer = if is_group {
        setting.person(text("recipient_participant_id"), text("recipient_participant_user_id"))
    } else {
        setting.person(text("recipient_id"), text("recipient_user_id"))
    };
    record.conversation = Some(if is_group {
        Conversation { id: text("recipient_id").to_owned(), name: String::new(), group: true }
    } else {
        Conversation { id: direct_id(&setting.business, &customer), ..Conversation::default() }
    });
    record.recipients = vec![setting.business.clone(), customer];
    let shown: Vec<&Person> = record.recipients.iter().collect();
    let contacts = setting.contact_facts(&shown);
    if !contacts.is_empty() {
        record.fact("/contacts", &Value::Array(contacts));
    }
}
