//! JSON of chatlog's local service.

use serde_json::Value;

use super::columns::first;
use super::message::{Message, chat, person};
use super::sort::Sort;
use super::when::When;
use crate::connector::converter::json::{number, shown, strings, text};
use crate::message::converted::Person;

/// Members of `contents` that are keys and paths, no text.
const NO_TEXT: [&str; 10] =
    ["md5", "rawmd5", "path", "thumb", "imgfile", "videofile", "voice", "cdnurl", "thumbpath", "rawmd5hd"];

/// The message of an element.
pub(super) fn message(value: &Value) -> Message {
    let sort = Sort::of_code(number(value, "type").unwrap_or_default(), number(value, "subType").unwrap_or_default());
    let content = shown(value, "content").replace("\r\n", "\n");
    let mut message = Message::new(sort, When::read_json(value.get("time")), content);
    let (talker, name) = (text(value, "talker"), text(value, "talkerName"));
    message.chat = chat(talker, name);
    if let Some(chat) = &mut message.chat {
        chat.group |= value.get("isChatRoom").and_then(Value::as_bool) == Some(true);
    }
    message.own = value.get("isSelf").and_then(Value::as_bool);
    if !message.is_group() {
        message.peer = person(talker, name);
    }
    message.sender = person(text(value, "sender"), text(value, "senderName"));
    if sort == Sort::System {
        message.sender = Person::default();
    }
    first(&shown(value, "serverId"), &shown(value, "MsgSvrID")).clone_into(&mut message.native_id);
    let contents = value.get("contents").unwrap_or(&Value::Null);
    message.more = strings(contents, &NO_TEXT).into_iter().filter(|text| *text != message.content).collect();
    message.paths = ["path", "imgfile", "videofile", "rawpath"]
        .into_iter()
        .map(|name| text(contents, name).to_owned())
        .filter(|path| !path.is_empty())
        .collect();
    message
}
