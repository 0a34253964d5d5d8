//! What the index is given of one message: one document, never one for each item.

use std::collections::{BTreeMap, HashSet};
use std::slice;

use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};
use unicode_normalization::UnicodeNormalization as _;

use crate::message::Facts;
use crate::model::{AddressGroup, Digest, MessageNo, Participant, Role};
use crate::query::TokenField;

use super::budget::Share;
use super::fold::fold;
use super::key::{
    PeopleRole, PersonKey, READ_TERM, attachment_term, digits, event_reference_term, journal_id_term, likeness_term,
    native_id_term, reversed_labels, token_term,
};
use super::person_number;
use super::schema::{Fields, TextField};
use super::tokenizer::NAME_END;

/// A value of a field.
#[derive(Debug)]
pub(super) enum FieldValue {
    Text(String),
    Count(u64),
    Time(i64),
}

/// One message on its way into the index; it holds its share of the memory for waiting documents until it is there.
#[derive(Debug)]
pub(super) struct MessageDocument {
    values: Vec<(Field, FieldValue)>,
    _share: Share,
}

impl MessageDocument {
    pub(super) fn new(
        fields: &Fields,
        share: Share,
        message: MessageNo,
        digest: &Digest,
        raw: u64,
        facts: &Facts,
    ) -> Self {
        let mut builder = Builder { fields, values: Vec::new() };
        builder.numbers(message, raw, facts);
        builder.digest(digest);
        builder.texts(facts);
        builder.people(&facts.participants, &facts.groups);
        builder.labels(facts);
        builder.tokens(facts);
        builder.links(facts);
        Self { values: builder.values, _share: share }
    }
}

struct Builder<'a> {
    fields: &'a Fields,
    values: Vec<(Field, FieldValue)>,
}

impl Builder<'_> {
    fn add(&mut self, field: Field, value: FieldValue) {
        self.values.push((field, value));
    }

    fn key(&mut self, term: String) {
        self.add(self.fields.key, FieldValue::Text(term));
    }

    fn token(&mut self, field: TokenField, value: &str) {
        if !value.trim().is_empty() {
            self.key(token_term(field, value));
        }
    }

    fn numbers(&mut self, message: MessageNo, raw: u64, facts: &Facts) {
        self.add(self.fields.message, FieldValue::Count(message.0));
        self.add(self.fields.size, FieldValue::Count(raw));
        let either = facts.received_at.or(facts.sent_at);
        let (sent, received, date) = (self.fields.sent, self.fields.received, self.fields.date);
        for (field, time) in [(sent, facts.sent_at), (received, facts.received_at), (date, either)] {
            if let Some(time) = time {
                self.add(field, FieldValue::Time(time.0));
            }
        }
        let (created, modified) = (self.fields.created, self.fields.modified);
        for (field, times) in [(created, &facts.documents.created), (modified, &facts.documents.modified)] {
            for time in times {
                self.add(field, FieldValue::Time(time.0));
            }
        }
    }

    fn digest(&mut self, digest: &Digest) {
        for (field, half) in self.fields.digest.into_iter().zip(digest.0.as_chunks::<8>().0) {
            self.add(field, FieldValue::Count(u64::from_be_bytes(*half)));
        }
    }

    fn texts(&mut self, facts: &Facts) {
        self.parts(self.fields.subject, [facts.subject.as_str()]);
        self.parts(self.fields.body, [facts.body.as_str()]);
        let attachments = &facts.attachments;
        self.numbered_parts(self.fields.attachment_names, attachments.iter().map(|a| a.attachment.name.as_str()));
        let journal = facts.journal.iter().map(|report| report.text.as_str());
        let texts = attachments.iter().map(|a| a.text.as_str()).chain(journal);
        self.numbered_parts(self.fields.attachment_text, texts);
        self.parts(self.fields.category, facts.categories.iter().map(String::as_str));
        self.parts(self.fields.author, facts.documents.authors.iter().map(String::as_str));
        self.parts(self.fields.title, facts.documents.titles.iter().map(String::as_str));
    }

    fn parts<'t>(&mut self, field: TextField, texts: impl IntoIterator<Item = &'t str>) {
        self.numbered_parts(field, texts.into_iter().filter(|text| !text.trim().is_empty()));
    }

    /// Parts that are told apart by their number: empty ones count, if not all are.
    fn numbered_parts<'t>(&mut self, field: TextField, texts: impl IntoIterator<Item = &'t str>) {
        let texts: Vec<&str> = texts.into_iter().collect();
        if texts.iter().all(|text| text.trim().is_empty()) {
            return;
        }
        for text in texts {
            self.add(field.field, FieldValue::Text(text.to_owned()));
        }
        self.key(field.presence());
    }

    fn people(&mut self, participants: &[Participant], groups: &[AddressGroup]) {
        let named: HashSet<Identity> = participants
            .iter()
            .filter(|person| matches!(person.role, Role::To | Role::Cc | Role::Bcc))
            .map(Identity::of)
            .collect();
        let mut present = BTreeMap::new();
        for person in participants {
            if person.role == Role::Envelope && named.contains(&Identity::of(person)) {
                continue;
            }
            let role = PeopleRole::of_role(person.role);
            self.person(role, person);
            present.insert(role.name(), role);
        }
        for AddressGroup { role, name } in groups {
            let (kept_as, name) = (PeopleRole::of_role(*role), name.clone());
            let named = Participant { role: *role, name, address: String::new(), number: None, id: None };
            self.person(kept_as, &named);
            present.insert(kept_as.name(), kept_as);
        }
        for role in present.into_values() {
            self.key(self.fields.people(role).presence());
        }
    }

    /// What hits are counted and sorted by.
    fn labels(&mut self, facts: &Facts) {
        let author = facts.participants.iter().find(|person| person.role == Role::From).map(sender_label);
        for (field, label) in [(self.fields.sender, author), (self.fields.platform, Some(facts.platform.clone()))] {
            if let Some(label) = label.filter(|label| !label.is_empty()) {
                self.add(field, FieldValue::Text(bounded_label(label)));
            }
        }
    }

    fn person(&mut self, role: PeopleRole, person: &Participant) {
        let number = person.number.as_deref().unwrap_or_default();
        let name = person.name.replace(NAME_END, " ");
        let address = fold(person.address.trim());
        let id = fold(person.id.as_deref().unwrap_or_default().trim());
        let shown = address.rsplit_once('@').is_some_and(|(local, _)| local == id);
        let mut text = format!("{name}{NAME_END}{} {number}", person.address);
        if !id.is_empty() && !shown {
            text.push(' ');
            text.push_str(&id);
            self.key(PersonKey::Local.term(role, &id));
        }
        self.add(self.fields.people(role).field, FieldValue::Text(text));
        if !address.is_empty() {
            self.key(PersonKey::Address.term(role, &address));
            let local = match address.rsplit_once('@') {
                Some((local, domain)) => {
                    self.key(PersonKey::Domain.term(role, &reversed_labels(domain)));
                    local
                }
                None => &address,
            };
            self.key(PersonKey::Local.term(role, local));
        }
        for (kind, digits) in person_number::kept(person) {
            self.key(kind.term(role, &digits));
        }
    }

    fn tokens(&mut self, facts: &Facts) {
        self.token(TokenField::Kind, facts.kind.as_str());
        self.token(TokenField::Importance, facts.importance.as_str());
        self.token(TokenField::Platform, &facts.platform);
        self.token(TokenField::Event, facts.event.event.as_str());
        self.token(TokenField::ItemClass, &facts.item_class);
        if let Some(conversation) = &facts.conversation {
            self.token(TokenField::Conversation, &conversation.id);
            self.token(TokenField::Conversation, &conversation.name);
        }
        self.ids(facts);
        for attachment in &facts.attachments {
            if let Some((_, ending)) = attachment.attachment.name.rsplit_once('.') {
                self.token(TokenField::FileType, ending);
            }
        }
        self.key(attachment_term(!facts.attachments.is_empty()));
        if facts.read {
            self.key(READ_TERM.to_owned());
        }
    }
}

impl Builder<'_> {
    /// Message-IDs. The message's own is of its thread too, but stands once.
    fn ids(&mut self, facts: &Facts) {
        let own = facts.message_id.as_deref().unwrap_or_default();
        self.token(TokenField::MessageId, own);
        if let Some(report) = facts.journal.as_ref().filter(|report| !report.message_id.trim().is_empty()) {
            self.key(journal_id_term(&report.message_id));
        }
        for id in facts.thread_ids.iter().filter(|id| *id != own) {
            self.token(TokenField::ThreadId, id);
        }
    }

    /// By what events and the messages that they are about are found.
    fn links(&mut self, facts: &Facts) {
        if !facts.native_id.is_empty() {
            self.key(native_id_term(&facts.native_id));
        }
        if !facts.event.reference.is_empty() {
            self.key(event_reference_term(&facts.event.reference));
        }
        if let Some(likeness) = facts.likeness() {
            self.key(likeness_term(likeness.key));
        }
    }
}

/// What a sender is counted under: the number, by which chats know people, else the address, the id or the name, in lower
/// case and composed (NFC, UAX #15), with accents, by which people differ.
fn sender_label(person: &Participant) -> String {
    let number = person_number::plain(person.number.as_deref().unwrap_or_default());
    if !number.is_empty() {
        return if number.starts_with('0') { number } else { format!("+{number}") };
    }
    let id = person.id.as_deref().unwrap_or_default();
    let known = [person.address.trim(), id.trim(), person.name.trim()].into_iter().find(|text| !text.is_empty());
    known.unwrap_or_default().to_lowercase().nfc().collect()
}

/// A label that hostile messages cannot make long; two that are cut stay two.
fn bounded_label(mut label: String) -> String {
    const LONGEST: usize = 320;
    if label.len() > LONGEST {
        let digest = Digest::of(label.as_bytes()).to_string();
        label.truncate(label.floor_char_boundary(LONGEST));
        label.push_str(digest.get(..16).unwrap_or_default());
    }
    label
}

/// By what two participants are the same person.
#[derive(PartialEq, Eq, Hash)]
struct Identity(String, String);

impl Identity {
    fn of(person: &Participant) -> Self {
        let number = digits(person.number.as_deref().unwrap_or_default());
        let address = fold(person.address.trim());
        let named = if address.is_empty() && number.is_empty() { fold(person.name.trim()) } else { address };
        Self(named.into_owned(), number)
    }
}

impl Document for MessageDocument {
    type Value<'a> = ValueRef<'a>;
    type FieldsValuesIter<'a> = FieldValues<'a>;

    fn iter_fields_and_values(&self) -> FieldValues<'_> {
        FieldValues(self.values.iter())
    }
}

/// Goes through the values of a document.
pub(super) struct FieldValues<'a>(slice::Iter<'a, (Field, FieldValue)>);

impl<'a> Iterator for FieldValues<'a> {
    type Item = (Field, ValueRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(field, value)| (*field, ValueRef(value)))
    }
}

/// A borrowed value.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueRef<'a>(&'a FieldValue);

impl<'a> Value<'a> for ValueRef<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self.0 {
            FieldValue::Text(text) => ReferenceValueLeaf::Str(text),
            FieldValue::Count(count) => ReferenceValueLeaf::U64(*count),
            FieldValue::Time(time) => ReferenceValueLeaf::I64(*time),
        })
    }
}
