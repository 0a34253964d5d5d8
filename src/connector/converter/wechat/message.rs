//! A message as all exports have it, on its way to a draft.

use serde_json::Value;

use super::content::describe;
use super::sort::Sort;
use super::when::When;
use super::{OWNER, PLATFORM, SOURCE};
use crate::connector::converter::draft::Draft;
use crate::message::converted::{Person, Record};
use crate::model::{Conversation, Event, TimeZone};

/// What an export says of one message.
pub(super) struct Message {
    /// The platform's id; empty if it is not exported.
    pub(super) native_id: String,
    /// The chat, if it is known.
    pub(super) chat: Option<Conversation>,
    /// The other side of a chat of two; nobody if it is not known.
    pub(super) peer: Person,
    /// Whether the owner of the account sent it, if that is said.
    pub(super) own: Option<bool>,
    /// Who sent it; nobody if it is not said.
    pub(super) sender: Person,
    /// Id of the owner of the account; empty if it is not said.
    pub(super) owner_id: String,
    /// When.
    pub(super) when: When,
    /// What it is.
    pub(super) sort: Sort,
    /// Its text or XML.
    pub(super) content: String,
    /// Further texts of it, in order.
    pub(super) more: Vec<String>,
    /// Paths at which its file may lie, as the export writes them.
    pub(super) paths: Vec<String>,
    /// Id of the message replied to.
    pub(super) reply_to: String,
    /// Facts: JSON Pointer and value.
    pub(super) facts: Vec<(&'static str, Value)>,
    /// The export's own record as JSON, where not all of it is said elsewhere.
    pub(super) whole: Option<String>,
}

impl Message {
    /// A message of which only its sort, time and text are known.
    pub(super) fn new(sort: Sort, when: When, content: String) -> Self {
        Self {
            native_id: String::new(),
            chat: None,
            peer: Person::default(),
            own: None,
            sender: Person::default(),
            owner_id: String::new(),
            when,
            sort,
            content,
            more: Vec::new(),
            paths: Vec::new(),
            reply_to: String::new(),
            facts: Vec::new(),
            whole: None,
        }
    }

    /// Whether it is of a group.
    pub(super) fn is_group(&self) -> bool {
        self.chat.as_ref().is_some_and(|chat| chat.group)
    }

    /// The owner of the account.
    pub(super) fn owner(&self) -> Person {
        if self.owner_id.is_empty() {
            Person { name: OWNER.to_owned(), ..Person::default() }
        } else {
            person(&self.owner_id, "")
        }
    }

    /// The draft of it. Local times are those of `zone`.
    pub(super) fn draft(mut self, zone: &TimeZone) -> Draft {
        self.find_group_sender();
        let sent = std::mem::replace(&mut self.when, When::Unknown(String::new())).resolve(zone, &mut self.facts);
        let mut draft = Draft::new(Record::new(SOURCE, PLATFORM, sent));
        draft.record.native_id = std::mem::take(&mut self.native_id);
        draft.record.reply_to = std::mem::take(&mut self.reply_to);
        for (pointer, value) in std::mem::take(&mut self.facts) {
            draft.fact(pointer, value);
        }
        describe(&mut draft, &self);
        for line in &self.more {
            draft.line(line);
        }
        self.take_part(&mut draft);
        draft.record.conversation = self.chat;
        draft.whole = self.whole;
        draft
    }

    /// Databases put the sender of a group's message before its text: `wxid_…:` and a line end.
    fn find_group_sender(&mut self) {
        if !self.is_group() || self.own == Some(true) || self.sender != Person::default() {
            return;
        }
        let Some((id, rest)) = self.content.split_once(":\n") else { return };
        let is_id =
            !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-@.".contains(&b));
        if is_id {
            self.sender = person(id, "");
            self.content = rest.to_owned();
        }
    }

    /// Says who sent it to whom.
    fn take_part(&self, draft: &mut Draft) {
        let nobody = Person::default();
        match self.own {
            Some(true) => _ = draft.fact("/account_owner", "sender"),
            Some(false) => _ = draft.fact("/account_owner", "recipient"),
            None => {}
        }
        let system = draft.record.event == Event::System;
        if draft.record.sender.is_none() && !system {
            draft.record.sender = Some(match self.own {
                _ if self.sender != nobody => self.sender.clone(),
                Some(true) => self.owner(),
                _ if !self.is_group() && self.peer != nobody => self.peer.clone(),
                _ => {
                    draft.fact("/sender_unknown", true);
                    Person { name: "unknown".to_owned(), ..nobody }
                }
            });
        }
        let to = match self.own {
            Some(true) if system => Some(self.owner()),
            Some(true) if self.is_group() => None,
            Some(true) => Some(self.peer.clone()).filter(|peer| Some(peer) != draft.record.sender.as_ref()),
            Some(false) => Some(self.owner()),
            None => system.then(|| self.owner()),
        };
        draft.record.recipients.extend(to);
    }
}

/// Somebody by id and display name.
pub(super) fn person(id: &str, name: &str) -> Person {
    Person { id: id.to_owned(), name: name.to_owned(), ..Person::default() }
}

/// The chat of an id; a group's ends with `@chatroom`. `None` for an empty id and name.
pub(super) fn chat(id: &str, name: &str) -> Option<Conversation> {
    let chat = Conversation { id: id.to_owned(), name: name.to_owned(), group: id.ends_with("@chatroom") };
    (chat != Conversation::default()).then_some(chat)
}
