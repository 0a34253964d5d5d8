//! Facts of a message from its raw bytes.

use std::collections::HashSet;

use super::Facts;
use super::attached_file::{ReadFile, Unread};
use super::attachments::{attachments, written_files};
use super::body_text::{BodyText, body_parts, body_text, push_text};
use super::captured_number::Shown;
use super::content::Content;
use super::content_hash::Canonical;
use super::custodia_fields::{ChatFacts, chat_facts};
use super::dates;
use super::encoded_word::{unfold, unstructured};
use super::header::Header;
use super::journal::{self, Journaled};
use super::notes::Notes;
use super::participants::{Participants, agents, participants};
use super::person_ids::{correct_numbers, fill_ids};
use super::read_state::is_read;
use super::structure::structure;
use super::telemessage;
use crate::model::{ContentHash, Importance, Kind, MessageEvent, Participant, Trust, UtcTime};

/// Longest field that is read as a list of words, in bytes.
const LIST_LIMIT: usize = 1024 * 1024;

/// Reads what can be read. Damage never fails it: what is wrong is among the defects. Takes time proportional to
/// the size of the message; texts, nesting and numbers of parts are limited, and what is beyond a limit is said
/// in `partially_indexed`.
///
/// Of a journal report, the facts are those of the message that it reports.
///
/// Of attachments, plain text, HTML and messages are read; others have no text here, and no reason why: see
/// [`facts_with`].
pub fn facts(raw: &[u8]) -> Facts {
    facts_trusting(raw, Trust::All)
}

/// As [`facts`], but what the message says of itself is believed as far as `trust` goes: what is not is noted as a
/// defect, and read as the mail that it is.
pub fn facts_trusting(raw: &[u8], trust: Trust) -> Facts {
    facts_with(raw, trust, &Unread)
}

/// As [`facts_trusting`], of a message whose content hash is known.
pub fn facts_hashed(raw: &[u8], trust: Trust, content_hash: ContentHash) -> Facts {
    read_message(raw, &Reading { trust, files: &Unread, content_hash: Some(content_hash) })
}

/// As [`facts_trusting`], with the text of all attachments, which `files` reads.
pub fn facts_with(raw: &[u8], trust: Trust, files: &dyn ReadFile) -> Facts {
    read_message(raw, &Reading { trust, files, content_hash: None })
}

/// How a message is read.
struct Reading<'r> {
    trust: Trust,
    files: &'r dyn ReadFile,
    /// Where it is known.
    content_hash: Option<ContentHash>,
}

fn read_message(raw: &[u8], reading: &Reading<'_>) -> Facts {
    let trust = reading.trust;
    let header = Header::of_message(raw);
    let mut notes = Notes::default();
    match journal::journaled(raw, &header) {
        Journaled::No => {}
        Journaled::Unusable(_) | Journaled::Message(_) if trust < Trust::Journal => {
            let reason = "marked as a journal report, by a source that is not trusted to write them; read as it stands";
            notes.defect("distrusted_journal_report", reason);
            return Facts { trust, ..read(raw, &header, false, reading, notes) };
        }
        Journaled::Unusable(reason) => notes.defect("bad_journal_report", reason),
        Journaled::Message(reported) => {
            let inner = Header::of_message(&reported.message);
            let facts = read(&reported.message, &inner, true, reading, Notes::default());
            let outer = participants(&header, Content::of(&header).charset.as_deref(), &mut notes);
            let received_at = header.first("received").and_then(|value| received_at(value, &mut notes));
            return reported.complete(facts, outer, received_at, notes);
        }
    }
    read(raw, &header, false, reading, notes)
}

/// The people whom a header field of a mail names, or of the message that it reports. `raw` is its beginning at least.
pub fn users(raw: &[u8], field: &str, trust: Trust) -> Vec<Participant> {
    let header = Header::of_message(raw);
    let mut found = Participants::default();
    found.add_users(&header, &[field], &mut Notes::default());
    if trust >= Trust::Journal
        && let Journaled::Message(reported) = journal::journaled(raw, &header)
    {
        found.add_users(&Header::of_message(&reported.message), &[field], &mut Notes::default());
    }
    found.list
}

/// What a message says, whatever brought it. One in a report was transported, though it need not say so.
fn read(raw: &[u8], header: &Header<'_>, transported: bool, reading: &Reading<'_>, mut notes: Notes) -> Facts {
    let Reading { trust, files, content_hash } = *reading;
    check_header(header, &mut notes);
    let charset = Content::of(header).charset;
    let charset = charset.as_deref();
    let structure = structure(raw, header, &mut notes);
    let bodies = body_parts(&structure.parts, &mut notes);
    let attachments = attachments(&structure.parts, files, &mut notes);
    let mut participants = participants(header, charset, &mut notes);
    let message_id = header.first("message-id").and_then(message_id);
    let subject = unstructured(header.first("subject").unwrap_or_default(), charset);
    let date_field = header.first("date");
    let date = date_field.and_then(|value| sent_at(value, &mut notes));
    let canonical = Canonical {
        message_id: message_id.as_deref().unwrap_or_default(),
        participants: participants.list.get(..participants.by_author).unwrap_or_default(),
        date: date.map(|time| time.0).ok_or(date_field.unwrap_or_default()),
        subject: &subject,
        bodies: &bodies,
        attachments: &attachments,
    };
    let content_hash = content_hash.unwrap_or_else(|| canonical.hash());
    let received_at = header.first("received").and_then(|value| received_at(value, &mut notes));
    let written = written_files(&bodies, attachments.len(), files, &mut notes);
    let BodyText { text: mut body, repeated } = body_text(&bodies, &structure, &mut notes);
    for other in other_subjects(header, charset) {
        push_text(&mut body, &other);
    }
    let (chat, mut believed) = converted_facts(header, transported, trust, &mut notes);
    if let Some(chat) = &chat {
        fill_ids(&mut participants, &chat.platform, header.first("x-custodia-extra"));
    }
    let captured = || telemessage::chat_facts(&subject, &participants.list, &body);
    let chat = match chat.or_else(captured) {
        Some(chat) if chat.source == telemessage::SOURCE && trust < Trust::Journal => {
            notes.defect(
                "distrusted_chat",
                "looks like a captured chat, from a source that is not trusted to deliver them; read as mail",
            );
            believed = trust;
            None
        }
        chat => chat,
    };
    match &chat {
        Some(chat) if chat.source == telemessage::SOURCE => {
            participants.add_users(header, &telemessage::USER_FIELDS, &mut notes);
            participants.read_numbers(Shown::InName);
        }
        Some(_) => {
            participants.read_numbers(Shown::AsDigits);
            correct_numbers(&mut participants, header.first("x-custodia-extra"));
        }
        None => {}
    }
    let mut facts = Facts {
        message_id,
        thread_ids: thread_ids(header, &mut notes),
        subject,
        sent_at: date,
        received_at,
        participants: participants.list,
        agents: agents(header, charset),
        groups: participants.groups,
        body,
        repeated,
        attachments: attachments.into_iter().map(|attachment| attachment.facts).chain(written).collect(),
        kind: Kind::Email,
        platform: "email".to_owned(),
        importance: importance(header),
        read: is_read(header),
        categories: categories(header, charset, &mut notes),
        item_class: "IPM.Note".to_owned(),
        event: MessageEvent::default(),
        conversation: None,
        call: None,
        reply_to: String::new(),
        native_id: String::new(),
        source: String::new(),
        details: serde_json::Map::new(),
        journal: None,
        trust: believed,
        content_hash,
        defects: notes.defects,
        partially_indexed: notes.partially_indexed,
        documents: notes.documents,
    };
    if let Some(chat) = chat {
        fill_chat(&mut facts, chat);
    }
    facts
}

/// Says of a message what it is as one of a chat.
fn fill_chat(facts: &mut Facts, chat: ChatFacts) {
    facts.kind = chat.kind;
    facts.platform = chat.platform;
    facts.item_class = chat.item_class;
    facts.event = chat.event;
    facts.conversation = chat.conversation;
    facts.call = chat.call;
    facts.reply_to = chat.reply_to;
    facts.native_id = chat.native_id;
    facts.source = chat.source;
    facts.details = chat.details;
    // A record needs a time, so a converter that knows none writes a stand-in and says so.
    let is_known = !facts.details.contains_key("/time_unknown");
    facts.sent_at = chat.sent_at.or(facts.sent_at).filter(|_| is_known);
}

/// What a converted message says of itself, if it is believed, and how far it is.
fn converted_facts(
    header: &Header<'_>,
    transported: bool,
    trust: Trust,
    notes: &mut Notes,
) -> (Option<ChatFacts>, Trust) {
    let claims = header.first("x-custodia-platform").is_some();
    if claims && trust < Trust::All {
        let reason = "says that it is a converted message, and its source is not trusted to write them; read as mail";
        notes.defect("distrusted_custodia_fields", reason);
        return (None, trust);
    }
    (chat_facts(header, transported, notes), Trust::All)
}

fn check_header(header: &Header<'_>, notes: &mut Notes) {
    if header.fields.is_empty() {
        notes.defect("no_headers", "the message does not start with a header field");
        return;
    }
    if !header.stray.is_empty() {
        notes.defect("header_without_colon", format!("lines of the header that are no fields: {}", header.stray.len()));
    }
    if header.is_unterminated {
        notes.defect("header_without_colon", "the header is not ended by a blank line");
    }
    // RFC 5322 3.6: at most one of each.
    for name in ["From", "Date", "Message-ID", "Subject"] {
        if header.all(name).nth(1).is_some() {
            notes.defect("duplicate_header", format!("there is more than one {name} field; the first one counts"));
        }
    }
    if header.first("date").is_none() {
        notes.defect("no_date", "there is no Date field");
    }
}

/// Subjects beside the first, which alone is shown as such: mail programs differ in which one they show.
pub(super) fn other_subjects(header: &Header<'_>, charset: Option<&str>) -> Vec<String> {
    header.all("subject").skip(1).map(|value| unstructured(value, charset)).collect()
}

fn sent_at(value: &[u8], notes: &mut Notes) -> Option<UtcTime> {
    let date = dates::parse(&String::from_utf8_lossy(value));
    match date {
        None => notes.defect("bad_date", "the Date field cannot be read"),
        Some(date) if !date.has_zone => notes.defect("bad_date", "the Date field names no zone; UTC is assumed"),
        Some(_) => {}
    }
    date.map(|date| date.time)
}

/// RFC 5322 3.6.7: the date stands after the last semicolon.
fn received_at(value: &[u8], notes: &mut Notes) -> Option<UtcTime> {
    let date = memchr::memrchr(b';', value).and_then(|at| value.get(at + 1..));
    let date = date.and_then(|date| dates::parse(&String::from_utf8_lossy(date)));
    if date.is_none() {
        notes.defect("bad_date", "the topmost Received field has no date that can be read");
    }
    date.map(|date| date.time)
}

/// The identifier between angle brackets, or all of a value without them.
pub(super) fn message_id(value: &[u8]) -> Option<String> {
    ids(value).next().or_else(|| Some(compact(&String::from_utf8_lossy(value)))).filter(|id| !id.is_empty())
}

/// White space inside an identifier comes from folding.
fn compact(text: &str) -> String {
    text.split_whitespace().collect()
}

fn ids(value: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(value.get(..LIST_LIMIT).unwrap_or(value));
    let ids: Vec<_> =
        text.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| compact(id)).collect();
    ids.into_iter().filter(|id| !id.is_empty())
}

fn thread_ids(header: &Header<'_>, notes: &mut Notes) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut thread = Vec::new();
    for value in header.all("in-reply-to").chain(header.all("references")) {
        check_length(value, "In-Reply-To or References", notes);
        for id in ids(value) {
            if seen.insert(id.clone()) {
                thread.push(id);
            }
        }
    }
    thread
}

fn check_length(value: &[u8], what: &str, notes: &mut Notes) {
    if value.len() > LIST_LIMIT {
        notes.partial("long_field", format!("only the first {LIST_LIMIT} bytes of a {what} field are read"));
    }
}

/// Importance (RFC 2156 5.3.4), else X-Priority (1 and 2 high, 4 and 5 low), else Priority (RFC 2156 5.3.6).
fn importance(header: &Header<'_>) -> Importance {
    let word = |name: &str| {
        header.first(name).map(|value| unfold(&String::from_utf8_lossy(value)).trim().to_ascii_lowercase())
    };
    let by_name = |word: String| match word.as_str() {
        "high" | "urgent" => Some(Importance::High),
        "low" | "non-urgent" => Some(Importance::Low),
        "normal" | "medium" => Some(Importance::Medium),
        _ => None,
    };
    let by_number = |word: String| match word.bytes().next() {
        Some(b'1' | b'2') => Some(Importance::High),
        Some(b'3') => Some(Importance::Medium),
        Some(b'4' | b'5') => Some(Importance::Low),
        _ => None,
    };
    word("importance")
        .and_then(by_name)
        .or_else(|| word("x-priority").and_then(by_number))
        .or_else(|| word("priority").and_then(by_name))
        .unwrap_or_default()
}

fn categories(header: &Header<'_>, charset: Option<&str>, notes: &mut Notes) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut categories = Vec::new();
    for value in header.all("keywords") {
        check_length(value, "Keywords", notes);
        let text = unstructured(value.get(..LIST_LIMIT).unwrap_or(value), charset);
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            if seen.insert(word.to_owned()) {
                categories.push(word.to_owned());
            }
        }
    }
    categories
}
