//! What the index is given of one message: one document, never one for each item.

use std::collections::HashSet;
use std::slice;
use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};

use crate::message::Facts;
use crate::model::{AddressGroup, Digest, MessageNo, Participant, Role};
use crate::query::TokenField;

use super::budget::Share;
use super::documents::block;
use super::fold::fold;
use super::key::{
    PeopleRole, READ_TERM, attachment_term, digits, event_reference_term, journal_id_term, token_term, trimmed,
};
use super::key_list::push_key;
use super::known_people::{Known, KnownPeople};
use super::link::native_link;
use super::message_id::HexadecimalId;
use super::scattered_id::ScatteredLink;
use super::schema::{ALIKE, Fields, NATIVE, TextField};

/// A value of a field.
#[derive(Debug)]
pub(super) enum FieldValue {
    Text(String),
    Shared(Arc<str>),
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
        (fields, people): (&Fields, &mut KnownPeople),
        share: Share,
        message: MessageNo,
        digest: &Digest,
        raw: u64,
        facts: &Facts,
    ) -> Self {
        let mut builder = Builder { fields, people, values: Vec::new(), keys: String::new() };
        builder.numbers(message, raw, facts);
        builder.digest(digest);
        builder.texts(facts);
        builder.people(&facts.participants, &facts.groups);
        builder.platform(facts);
        builder.tokens(facts);
        builder.links(facts);
        let Builder { mut values, keys, .. } = builder;
        values.push((fields.key, FieldValue::Text(keys)));
        Self { values, _share: share }
    }
}

struct Builder<'a> {
    fields: &'a Fields,
    people: &'a mut KnownPeople,
    values: Vec<(Field, FieldValue)>,
    keys: String,
}

impl Builder<'_> {
    fn add(&mut self, field: Field, value: FieldValue) {
        self.values.push((field, value));
    }

    fn key(&mut self, key: &str) {
        push_key(&mut self.keys, key);
    }

    fn token(&mut self, field: TokenField, value: &str) {
        if !value.trim().is_empty() {
            self.key(&token_term(field, value));
        }
    }

    fn numbers(&mut self, message: MessageNo, raw: u64, facts: &Facts) {
        self.add(self.fields.message, FieldValue::Count(message.0));
        self.add(self.fields.block, FieldValue::Count(block(message)));
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
        self.key(&field.presence());
    }

    fn people(&mut self, participants: &[Participant], groups: &[AddressGroup]) {
        let named = named(participants);
        let mut present = Vec::new();
        let mut author = None;
        for person in participants {
            if person.role == Role::Envelope && named.contains(&Identity::of(person)) {
                continue;
            }
            let known = self.person(person, &mut present);
            if person.role == Role::From && author.is_none() {
                author = Some(known);
            }
        }
        for AddressGroup { role, name } in groups {
            let named = Participant { role: *role, name: name.clone(), address: String::new(), number: None, id: None };
            self.person(&named, &mut present);
        }
        for role in present {
            self.key(&self.fields.people(role).presence());
        }
        self.label(self.fields.sender, author.map_or(String::new(), |author| author.label.clone()));
    }

    fn person(&mut self, person: &Participant, present: &mut Vec<PeopleRole>) -> Arc<Known> {
        let known = self.people.get(person);
        let role = PeopleRole::of_role(person.role);
        self.add(self.fields.people(role).field, FieldValue::Shared(Arc::clone(&known.text)));
        self.keys.push_str(&known.keys);
        if !present.contains(&role) {
            present.push(role);
        }
        known
    }

    fn platform(&mut self, facts: &Facts) {
        self.label(self.fields.platform, facts.platform.clone());
    }

    /// What hits are counted and sorted by.
    fn label(&mut self, field: Field, label: String) {
        if !label.is_empty() {
            self.add(field, FieldValue::Text(bounded_label(label)));
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
        self.key(&attachment_term(!facts.attachments.is_empty()));
        if facts.read {
            self.key(READ_TERM);
        }
    }
}

impl Builder<'_> {
    /// Message-IDs. The message's own is of its thread too, but stands once.
    fn ids(&mut self, facts: &Facts) {
        let own = facts.message_id.as_deref().unwrap_or_default();
        match HexadecimalId::parse(trimmed(TokenField::MessageId, own)) {
            Some(id) => {
                id.terms().iter().for_each(|term| self.key(term));
                for (field, value) in self.fields.id.into_iter().zip(id.columns()) {
                    self.add(field, FieldValue::Count(value));
                }
            }
            None => self.token(TokenField::MessageId, own),
        }
        if let Some(report) = facts.journal.as_ref().filter(|report| !report.message_id.trim().is_empty()) {
            self.key(&journal_id_term(&report.message_id));
        }
        for id in facts.thread_ids.iter().filter(|id| *id != own) {
            self.token(TokenField::ThreadId, id);
        }
    }

    /// By what events and the messages that they are about are found.
    fn links(&mut self, facts: &Facts) {
        if !facts.native_id.is_empty() {
            self.link(self.fields.native, NATIVE, native_link(&facts.native_id));
        }
        if !facts.event.reference.is_empty() {
            self.key(&event_reference_term(&facts.event.reference));
        }
        if let Some(likeness) = facts.likeness() {
            self.link(self.fields.alike, ALIKE, ScatteredLink::of(likeness.key));
        }
    }

    fn link(&mut self, column: Field, name: &str, link: ScatteredLink) {
        self.key(&link.term(name));
        self.add(column, FieldValue::Count(link.rest));
    }
}

/// Those whom a message names as its recipients, where that is asked for: if an envelope names any.
fn named(participants: &[Participant]) -> HashSet<Identity> {
    if !participants.iter().any(|person| person.role == Role::Envelope) {
        return HashSet::new();
    }
    let recipients = participants.iter().filter(|person| matches!(person.role, Role::To | Role::Cc | Role::Bcc));
    recipients.map(Identity::of).collect()
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
            FieldValue::Shared(text) => ReferenceValueLeaf::Str(text),
            FieldValue::Count(count) => ReferenceValueLeaf::U64(*count),
            FieldValue::Time(time) => ReferenceValueLeaf::I64(*time),
        })
    }
}
