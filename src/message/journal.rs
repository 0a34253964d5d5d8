//! Journal reports: mails in which a mail server wraps the original, unaltered, with the envelope in a text before it.
//!
//! Exchange marks them with `X-MS-Journal-Report`, other products with `X-WM-Journal-Report`. What is searched, shown
//! and compared is the message inside, so that a copy that took another way is known as the same; the envelope adds
//! who got it, which alone tells hidden recipients and members of lists. The raw bytes stay those of the report.
//!
//! Anybody can send a mail that looks like a report. So nothing of it is ever out of sight: its sender is a participant,
//! and its subject and whatever its text says beyond an envelope are searched. A mail that does not have exactly the
//! shape of a report, whose text names another message than it holds, or that wraps a further report is left as it is:
//! then the messages in it are attachments, and searched as those.

mod envelope;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Serialize;

use self::envelope::Envelope;
use super::attached_file::Unread;
use super::attachments::attachments;
use super::body_text::{body_parts, push_text};
use super::encoded_word::unstructured;
use super::header::Header;
use super::margin::margin_texts;
use super::notes::Notes;
use super::parse::message_id;
use super::participants::Participants;
use super::structure::{Part, PartKind, structure};
use super::{Facts, content::Content};
use crate::model::{AddressGroup, Participant, Role, UtcTime};

/// Fields that mark a report.
const MARKS: [&str; 2] = ["x-ms-journal-report", "x-wm-journal-report"];

/// Participants that a message and its report have together.
const PARTICIPANT_LIMIT: usize = 100_000;

/// What a journal report says of the message in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct JournalReport {
    /// Who sent the report: the mail server, unless somebody forged it.
    pub from: String,
    /// Subject of the report.
    pub subject: String,
    /// Message-ID of the report, without angle brackets; empty if it has none.
    pub message_id: String,
    /// Address of the sender, as the transport knew it; empty if not said.
    pub sender: String,
    /// Address of the person for whom the sender wrote; empty if not said.
    pub on_behalf_of: String,
    /// To whom it was delivered.
    pub recipients: Vec<JournalRecipient>,
    /// What the report holds beside the envelope and the message; empty as a rule.
    pub text: String,
}

/// Somebody to whom a reported message was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalRecipient {
    /// As whom; `Envelope` if the report does not tell.
    pub role: Role,
    /// The address.
    pub address: String,
    /// Lists through which it was delivered.
    pub expanded: Vec<String>,
    /// Addresses from which it was forwarded.
    pub forwarded: Vec<String>,
}

/// Whether a mail is a journal report.
pub(super) enum Journaled<'a> {
    /// It does not say that it is one.
    No,
    /// It says so, but is left as it is, for a reason.
    Unusable(&'static str),
    /// It is one.
    Message(Box<Reported<'a>>),
}

/// The message of a report.
pub(super) struct Reported<'a> {
    /// Its raw bytes.
    pub(super) message: Cow<'a, [u8]>,
    report: JournalReport,
}

/// Looks for the message in a journal report.
pub(super) fn journaled<'a>(raw: &'a [u8], header: &Header<'a>) -> Journaled<'a> {
    if !is_marked(header) {
        return Journaled::No;
    }
    match reported(raw, header) {
        Ok(reported) => Journaled::Message(Box::new(reported)),
        Err(reason) => Journaled::Unusable(reason),
    }
}

fn is_marked(header: &Header<'_>) -> bool {
    MARKS.iter().any(|mark| header.first(mark).is_some())
}

fn reported<'a>(raw: &'a [u8], header: &Header<'a>) -> Result<Reported<'a>, &'static str> {
    const SHAPE: &str = "marked as a journal report, but not a text and one or two messages; read as it stands";
    let structure = structure(raw, header, &mut Notes::default());
    let [text, messages @ ..] = structure.parts.as_slice() else { return Err(SHAPE) };
    let is_report = text.kind == PartKind::Plain
        && matches!(messages.len(), 1 | 2)
        && messages.iter().all(Part::is_message)
        && structure.stray.is_empty();
    if !is_report {
        return Err(SHAPE);
    }
    let bodies = body_parts(std::slice::from_ref(text), &mut Notes::default());
    let envelope = Envelope::parse(bodies.first().map(|body| &*body.source).unwrap_or_default());
    if envelope.sender.is_empty() {
        return Err("marked as a journal report, but its text names no sender; read as it stands");
    }
    let chosen = messages.iter().position(is_readable).unwrap_or(0);
    let Some(part) = messages.get(chosen) else { return Err(SHAPE) };
    let message = part.content.encoding.decode(part.body).0;
    let inner = Header::of_message(&message);
    if inner.fields.is_empty() {
        return Err("a journal report whose message has no header; read as it stands");
    }
    if is_marked(&inner) {
        return Err("a journal report about a journal report; read as it stands");
    }
    let id = inner.first("message-id").and_then(message_id).unwrap_or_default();
    if !id.is_empty() && !envelope.message_id.is_empty() && id != envelope.message_id {
        return Err("a journal report that names another message than it holds; read as it stands");
    }
    let charset = Content::of(header).charset;
    let field = |header: &Header<'_>, name| unstructured(header.first(name).unwrap_or_default(), charset.as_deref());
    let mut report = JournalReport {
        from: String::new(),
        subject: field(header, "subject"),
        message_id: header.first("message-id").and_then(message_id).unwrap_or_default(),
        sender: envelope.sender,
        on_behalf_of: envelope.on_behalf_of,
        recipients: envelope.recipients,
        text: envelope.rest,
    };
    let subject = field(&inner, "subject");
    for other in [&report.subject, &envelope.subject] {
        if !other.is_empty() && *other != subject {
            push_text(&mut report.text, other);
        }
    }
    for (_, other) in messages.iter().enumerate().filter(|(index, _)| *index != chosen) {
        for message in attachments(std::slice::from_ref(other), &Unread, &mut Notes::default()) {
            push_text(&mut report.text, &message.facts.text);
        }
    }
    for margin in margin_texts(&structure.margins) {
        push_text(&mut report.text, &margin);
    }
    Ok(Reported { message, report })
}

/// Whether a message can be read without rights: of a protected one, a report has both forms.
fn is_readable(part: &Part<'_>) -> bool {
    let raw = part.content.encoding.decode(part.body).0;
    let parts = structure(&raw, &Header::of_message(&raw), &mut Notes::default()).parts;
    let protected = |part: &Part<'_>| {
        part.media_type().contains("rpmsg") || part.content.name.to_ascii_lowercase().ends_with(".rpmsg")
    };
    let has_text = |part: &Part<'_>| part.kind != PartKind::Attachment && !part.body.trim_ascii().is_empty();
    parts.iter().any(has_text) && !parts.iter().any(protected)
}

impl Reported<'_> {
    /// The facts of the message with what the report adds. `outer` are those whom the report's own header
    /// names, `received_at` is when the report arrived, and `notes` what was met on the way.
    pub(super) fn complete(
        mut self,
        mut facts: Facts,
        outer: Participants,
        received_at: Option<UtcTime>,
        mut notes: Notes,
    ) -> Facts {
        let groups = outer.groups.into_iter().filter(|group| group.role == Role::From);
        facts.groups.extend(groups.map(|group| AddressGroup { role: Role::Envelope, ..group }));
        let reporters = outer.list.into_iter().filter(|person| person.role == Role::From);
        let reporters: Vec<Participant> = reporters.map(|p| Participant { role: Role::Envelope, ..p }).collect();
        self.report.from = reporters.iter().map(Participant::display).collect::<Vec<_>>().join(", ");
        let named = people(&self.report).into_iter().chain(reporters);
        let is_cut = !merge(&mut facts.participants, named) || self.report.recipients.len() >= PARTICIPANT_LIMIT;
        if is_cut {
            notes.partial("too_many_participants", format!("more than {PARTICIPANT_LIMIT} participants"));
        }
        // The report's own transport is believed before that of a message which anybody could have put into it.
        facts.received_at = received_at.or(facts.received_at);
        facts.defects.extend(notes.defects);
        facts.partially_indexed.extend(notes.partially_indexed);
        facts.journal = Some(self.report);
        facts
    }
}

/// Everybody whom the envelope names, each in the role that it gives.
fn people(report: &JournalReport) -> Vec<Participant> {
    let person = |role, address: &String| Participant {
        role,
        name: String::new(),
        address: address.clone(),
        number: None,
        id: None,
    };
    let mut people = vec![person(Role::From, &report.sender), person(Role::From, &report.on_behalf_of)];
    for recipient in &report.recipients {
        let all = std::iter::once(&recipient.address).chain(&recipient.expanded).chain(&recipient.forwarded);
        people.extend(all.map(|address| person(recipient.role, address)));
    }
    people
}

/// Adds those whose address the message does not name itself. Whom only its transport names gets the role that the
/// report knows. Returns whether there was room for all.
fn merge(participants: &mut Vec<Participant>, named: impl Iterator<Item = Participant>) -> bool {
    let key = |person: &Participant| person.address.trim().to_lowercase();
    let is_envelope = |person: &Participant| person.role == Role::Envelope;
    let mut known: HashSet<String> = participants.iter().filter(|person| !is_envelope(person)).map(key).collect();
    let mut transported: HashSet<String> = participants.iter().filter(|person| is_envelope(person)).map(key).collect();
    for person in named.filter(|person| !person.address.is_empty()) {
        let key = key(&person);
        let set = if is_envelope(&person) && !known.contains(&key) { &mut transported } else { &mut known };
        if set.insert(key) {
            if participants.len() >= PARTICIPANT_LIMIT {
                return false;
            }
            participants.push(person);
        }
    }
    true
}
