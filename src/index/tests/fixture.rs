//! An index in a temporary directory, and messages for it.

use std::path::Path;

use roaring::RoaringTreemap;
use tempfile::TempDir;

use crate::error::Result;
use crate::index::{Index, IndexWriter, Load, MessageScope, Reader};
use crate::message::{AttachmentFacts, Facts};
use crate::model::{
    Attachment, ContentHash, Digest, DocumentProperties, Importance, Kind, MessageEvent, MessageNo, Participant, Role,
    Trust, UtcTime,
};
use crate::query::{Node, Place, Query, TextMatch};

/// A message without anything.
pub(super) fn facts() -> Facts {
    Facts {
        message_id: None,
        thread_ids: Vec::new(),
        subject: String::new(),
        sent_at: None,
        received_at: None,
        agents: Vec::new(),
        participants: Vec::new(),
        groups: Vec::new(),
        body: String::new(),
        repeated: Vec::new(),
        attachments: Vec::new(),
        kind: Kind::Email,
        platform: "email".to_owned(),
        importance: Importance::Medium,
        read: false,
        categories: Vec::new(),
        item_class: "IPM.Note".to_owned(),
        event: MessageEvent::default(),
        conversation: None,
        call: None,
        reply_to: String::new(),
        native_id: String::new(),
        source: String::new(),
        details: serde_json::Map::new(),
        journal: None,
        trust: Trust::All,
        content_hash: ContentHash([0; 32]),
        defects: Vec::new(),
        partially_indexed: Vec::new(),
        documents: DocumentProperties::default(),
    }
}

pub(super) fn body(text: &str) -> Facts {
    Facts { body: text.to_owned(), ..facts() }
}

pub(super) fn person(role: Role, name: &str, address: &str) -> Participant {
    Participant { role, name: name.to_owned(), address: address.to_owned(), number: None, id: None }
}

pub(super) fn attachment(name: &str, text: &str) -> AttachmentFacts {
    let attachment = Attachment {
        name: name.to_owned(),
        media_type: "application/octet-stream".to_owned(),
        bytes: text.len() as u64,
        digest: Digest::of(text.as_bytes()),
    };
    AttachmentFacts { attachment, text: text.to_owned() }
}

pub(super) fn time(text: &str) -> UtcTime {
    UtcTime::parse(text).expect("time")
}

/// An index of messages numbered from 1.
pub(super) struct TestIndex {
    pub(super) index: Index,
    pub(super) reader: Reader,
    pub(super) dir: TempDir,
}

impl TestIndex {
    pub(super) fn of(messages: impl IntoIterator<Item = Facts>) -> Self {
        let dir = TempDir::new().expect("directory");
        let index = Index::create(dir.path()).expect("index");
        let mut writer = index.writer(Load::Few).expect("writer");
        let mut last = 0;
        for facts in messages {
            last += 1;
            add(&mut writer, last, &facts);
        }
        writer.commit(MessageNo(last)).expect("commit");
        writer.close().expect("close");
        let reader = index.reader().expect("reader");
        Self { index, reader, dir }
    }

    pub(super) fn of_bodies(bodies: &[&str]) -> Self {
        Self::of(bodies.iter().map(|text| body(text)))
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn find(&self, root: Node) -> Vec<u64> {
        self.try_find(root).expect("search")
    }

    pub(super) fn try_find(&self, root: Node) -> Result<Vec<u64>> {
        Ok(self.reader.matches(&Query { root }, &MessageScope::default())?.into_iter().collect())
    }

    pub(super) fn code(&self, root: Node) -> &'static str {
        match self.try_find(root) {
            Err(crate::Error::Query { code, .. }) => code,
            other => panic!("not refused: {other:?}"),
        }
    }
}

pub(super) fn add(writer: &mut IndexWriter, number: u64, facts: &Facts) {
    let digest = Digest::of(&number.to_le_bytes());
    writer.add(MessageNo(number), &digest, facts.body.len() as u64, facts).expect("add");
}

pub(super) fn set(numbers: impl IntoIterator<Item = u64>) -> RoaringTreemap {
    numbers.into_iter().collect()
}

/// Text as the parser gives it: a final `*` makes a prefix.
pub(super) fn text(text: &str) -> TextMatch {
    let (text, prefix) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
    TextMatch { text: text.to_owned(), quoted: text.contains(' '), prefix, place: Place::default() }
}

pub(super) fn any(words: &str) -> Node {
    Node::Anywhere(text(words))
}

pub(super) fn near(left: Node, distance: u32, right: Node) -> Node {
    Node::Near { ordered: false, distance, left: Box::new(left), right: Box::new(right) }
}

pub(super) fn onear(left: Node, distance: u32, right: Node) -> Node {
    Node::Near { ordered: true, distance, left: Box::new(left), right: Box::new(right) }
}

pub(super) fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}
