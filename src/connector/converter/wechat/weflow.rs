//! JSON of `WeFlow` and `echotrace`.

use serde_json::{Value, json};

use super::columns::first;
use super::message::{Message, chat, person};
use super::sort::Sort;
use super::when::When;
use crate::connector::converter::json::{shown, strings, text};
use crate::message::converted::Person;
use crate::model::Conversation;

/// The chat that a file is an export of.
#[derive(Debug, Default)]
pub(super) struct Session {
    chat: Option<Conversation>,
    peer: Person,
}

impl Session {
    /// That of the member `session`.
    pub(super) fn of(session: &Value) -> Self {
        let (id, name) = (text(session, "wxid"), first(text(session, "displayName"), text(session, "nickname")));
        let mut chat = chat(id, name);
        if let Some(chat) = &mut chat {
            chat.group |= text(session, "type").contains("群");
        }
        let peer = if chat.as_ref().is_some_and(|chat| chat.group) { Person::default() } else { person(id, name) };
        Self { chat, peer }
    }
}

/// The message of an element of `messages`.
pub(super) fn message(value: &Value, session: &Session) -> Message {
    let (content, more) = content(value.get("content"));
    let when = match value.get("createTime") {
        None | Some(Value::Null) => When::read_json(value.get("formattedTime")),
        given => When::read_json(given),
    };
    let sender = text(value, "senderUsername");
    let chat_id = session.chat.as_ref().map_or("", |chat| chat.id.as_str());
    let mut sort = Sort::of_word(text(value, "type"));
    if sort == Sort::Unknown && text(value, "type").is_empty() && !content.is_empty() {
        sort = Sort::Text;
    }
    if !sender.is_empty() && sender == chat_id && session.chat.as_ref().is_some_and(|chat| chat.group) {
        sort = if sort == Sort::Recall { sort } else { Sort::System };
    }
    let mut message = Message::new(sort, when, content);
    message.more = more;
    message.chat.clone_from(&session.chat);
    message.peer = session.peer.clone();
    message.own = match value.get("isSend") {
        Some(flag) if *flag == json!(1) || *flag == json!(true) => Some(true),
        Some(flag) if *flag == json!(0) || *flag == json!(false) => Some(false),
        _ => None,
    };
    if sort != Sort::System && sender != chat_id || !message.is_group() {
        message.sender = person(sender, text(value, "senderDisplayName"));
    }
    if !sender.is_empty() && message.sender.id.is_empty() {
        message.sender = Person::default();
    }
    for name in ["platformMessageId", "serverId", "MsgSvrID"] {
        if message.native_id.is_empty() {
            message.native_id = shown(value, name);
        }
    }
    if let Some(path) =
        ["mediaPath", "localPath", "filePath"].into_iter().map(|name| text(value, name)).find(|p| !p.is_empty())
    {
        message.paths.push(path.to_owned());
    }
    message
}

/// Content is a text, or anything: then all texts in it, or the value itself.
fn content(value: Option<&Value>) -> (String, Vec<String>) {
    match value {
        None | Some(Value::Null) => (String::new(), Vec::new()),
        Some(Value::String(text)) => (text.replace("\r\n", "\n"), Vec::new()),
        Some(object @ (Value::Object(_) | Value::Array(_))) => (String::new(), strings(object, &[])),
        Some(other) => (other.to_string(), Vec::new()),
    }
}
