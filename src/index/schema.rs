//! The fields of the index. Nothing is stored in it: texts live in the store, and are read from there.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use crate::query;

use super::key::{PeopleRole, presence_term};
use super::key_list::KeyTokenizer;
use super::person_tokenizer::PersonTokenizer;
use super::tokenizer::{Shape, TextTokenizer};

/// The version of the rules that texts are folded and divided by, and that keys are made by. It is part of the tokenizers' names, so that an
/// index made by other rules is recognised and rebuilt.
pub const RULES: u32 = 24;

/// A field of text. Every message with something in it has a key that says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextField {
    pub(super) field: Field,
    name: &'static str,
}

impl TextField {
    fn new(schema: &mut SchemaBuilder, name: &'static str, shape: Shape) -> Self {
        let options = options(&tokenizer_name(shape), IndexRecordOption::WithFreqsAndPositions);
        Self { field: schema.add_text_field(name, options), name }
    }

    /// The key of messages with something in the field.
    pub(super) fn presence(self) -> String {
        presence_term(self.name)
    }
}

/// The fields by name.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) message: Field,
    /// What messages of neighbouring numbers have in common.
    pub(super) block: Field,
    pub(super) subject: TextField,
    pub(super) body: TextField,
    pub(super) attachment_names: TextField,
    pub(super) attachment_text: TextField,
    pub(super) category: TextField,
    pub(super) author: TextField,
    pub(super) title: TextField,
    pub(super) key: Field,
    pub(super) sent: Field,
    pub(super) received: Field,
    pub(super) date: Field,
    pub(super) created: Field,
    pub(super) modified: Field,
    pub(super) size: Field,
    /// The first and the second eight bytes of the digest.
    pub(super) digest: [Field; 2],
    /// What of a hexadecimal Message-ID is in no term.
    pub(super) id: [Field; 2],
    /// What is in no term of the id that the platform gave.
    pub(super) native: Field,
    /// What is in no term of what a message and its deletion have in common.
    pub(super) alike: Field,
    pub(super) sender: Field,
    pub(super) platform: Field,
    people: [TextField; 4],
}

/// Name of the fast field of message numbers.
pub(super) const MESSAGE: &str = "message";
/// Name of the fast field of the sender's date.
pub(super) const SENT: &str = "sent";
/// Fast field: the raw length in bytes.
pub(super) const SIZE: &str = "size";
/// Fast field: the middle of a hexadecimal Message-ID.
pub(super) const ID: &str = "id";
/// Fast field: the end of a hexadecimal Message-ID.
pub(super) const ID_REST: &str = "id_rest";
/// Fast field: the end of the platform's id.
pub(super) const NATIVE: &str = "native";
/// Fast field: the end of what a message and its deletion have in common.
pub(super) const ALIKE: &str = "alike";
/// Fast field: the first author.
pub(super) const SENDER: &str = "sender";
/// Fast field: the platform.
pub(super) const PLATFORM: &str = "platform";

impl Fields {
    /// The schema, and the fields in it.
    pub(super) fn build() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let fields = Self {
            message: schema.add_u64_field(MESSAGE, NumericOptions::from(FAST)),
            block: schema.add_u64_field("block", NumericOptions::default().set_indexed()),
            subject: TextField::new(&mut schema, "subject", Shape::Text),
            body: TextField::new(&mut schema, "body", Shape::Text),
            attachment_names: TextField::new(&mut schema, "attachment_names", Shape::Part),
            attachment_text: TextField::new(&mut schema, "attachment_text", Shape::Part),
            category: TextField::new(&mut schema, "category", Shape::Part),
            author: TextField::new(&mut schema, "author", Shape::Part),
            title: TextField::new(&mut schema, "title", Shape::Part),
            people: PeopleRole::ALL.map(|role| TextField::new(&mut schema, role.name(), Shape::Person)),
            key: schema.add_text_field("key", options(&keys_name(), IndexRecordOption::Basic)),
            sent: schema.add_i64_field(SENT, NumericOptions::from(FAST)),
            received: schema.add_i64_field("received", NumericOptions::from(FAST)),
            date: schema.add_i64_field("date", NumericOptions::from(FAST)),
            created: schema.add_i64_field("created", NumericOptions::from(FAST)),
            modified: schema.add_i64_field("modified", NumericOptions::from(FAST)),
            size: schema.add_u64_field(SIZE, NumericOptions::from(FAST)),
            digest: ["digest", "digest_rest"].map(|name| schema.add_u64_field(name, NumericOptions::from(FAST))),
            id: [ID, ID_REST].map(|name| schema.add_u64_field(name, NumericOptions::from(FAST))),
            native: schema.add_u64_field(NATIVE, NumericOptions::from(FAST)),
            alike: schema.add_u64_field(ALIKE, NumericOptions::from(FAST)),
            sender: schema.add_text_field(SENDER, FAST),
            platform: schema.add_text_field(PLATFORM, FAST),
        };
        (schema.build(), fields)
    }

    /// The text of the people in one role.
    pub(super) fn people(&self, role: PeopleRole) -> TextField {
        let [from, to, cc, bcc] = self.people;
        match role {
            PeopleRole::From => from,
            PeopleRole::To => to,
            PeopleRole::Cc => cc,
            PeopleRole::Bcc => bcc,
        }
    }

    /// The field of a property.
    pub(super) fn text(&self, field: query::Field) -> TextField {
        match field {
            query::Field::Subject => self.subject,
            query::Field::Body => self.body,
            query::Field::AttachmentNames => self.attachment_names,
            query::Field::Category => self.category,
            query::Field::Author => self.author,
            query::Field::Title => self.title,
        }
    }

    /// The fields that free text is looked for in.
    pub(super) fn anywhere(&self) -> [TextField; 8] {
        let [from, to, cc, bcc] = self.people;
        [self.subject, self.body, self.attachment_names, self.attachment_text, from, to, cc, bcc]
    }

    /// Whether the field's values are parts that nothing matches across.
    pub(super) fn has_parts(&self, field: Field) -> bool {
        field != self.subject.field && field != self.body.field
    }
}

/// The tokenizers that the schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for shape in [Shape::Text, Shape::Part] {
        manager.register(&tokenizer_name(shape), TextTokenizer::new(shape));
    }
    manager.register(&tokenizer_name(Shape::Person), PersonTokenizer::new());
    manager.register(&keys_name(), KeyTokenizer::default());
    manager
}

fn keys_name() -> String {
    format!("custodia_keys_{RULES}")
}

fn tokenizer_name(shape: Shape) -> String {
    let shape = match shape {
        Shape::Text => "text",
        Shape::Part => "part",
        Shape::Person => "person",
    };
    format!("custodia_{shape}_{RULES}")
}

/// Without field norms: hits are sorted by date, never by relevance.
fn options(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(false),
    )
}
