//! The `ChatLab` format 0.0.2.

use serde_json::Value;

use super::columns::first;
use super::message::{Message, chat, person};
use super::sort::Sort;
use super::when::When;
use crate::connector::converter::json::{number, shown, strings, text};
use crate::model::Conversation;

/// What stands before the messages.
#[derive(Debug, Default)]
pub(super) struct Head {
    chat: Option<Conversation>,
    owner_id: String,
}

impl Head {
    /// That of the member `meta`.
    ///
    /// # Errors
    /// It is a chat of another platform: a text for people.
    pub(super) fn of(meta: &Value) -> Result<Self, String> {
        let platform = text(meta, "platform");
        if !platform.is_empty() && !is_wechat(platform) {
            return Err(format!(
                "a chat of the platform `{platform}` in the ChatLab format; only WeChat is read of it"
            ));
        }
        let mut chat = chat(text(meta, "groupId"), text(meta, "name"));
        if let Some(chat) = &mut chat {
            chat.group |= text(meta, "type") == "group";
        }
        Ok(Self { chat, owner_id: shown(meta, "ownerId") })
    }
}

/// Whether a word for a platform means this one.
pub(super) fn is_wechat(platform: &str) -> bool {
    matches!(platform.to_lowercase().as_str(), "wechat" | "weixin" | "微信")
}

/// The value of the first member `platform` at the start of a file.
pub(super) fn named_platform(head: &[u8]) -> Option<&str> {
    let at = memchr::memmem::find(head, b"\"platform\"")?;
    let rest = std::str::from_utf8(head.get(at + 10..head.len().min(at + 100))?).ok()?;
    rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()
}

/// The message of an element of `messages`, or of a line.
pub(super) fn message(value: &Value, head: &Head) -> Message {
    let sort = number(value, "type").map_or(Sort::Unknown, Sort::of_chatlab);
    let (content, more) = match value.get("content") {
        Some(object @ (Value::Object(_) | Value::Array(_))) => (String::new(), strings(object, &[])),
        _ => (shown(value, "content").replace("\r\n", "\n"), Vec::new()),
    };
    let mut message = Message::new(sort, When::read_json(value.get("timestamp")), content);
    message.more = more;
    message.chat.clone_from(&head.chat);
    message.owner_id.clone_from(&head.owner_id);
    message.native_id = shown(value, "platformMessageId");
    message.reply_to = shown(value, "replyToMessageId");
    let sender = shown(value, "sender");
    message.own = (!head.owner_id.is_empty() && !sender.is_empty()).then(|| sender == head.owner_id);
    message.sender = person(&sender, first(text(value, "accountName"), text(value, "groupNickname")));
    message.paths = [text(value, "mediaPath").to_owned()].into_iter().filter(|path| !path.is_empty()).collect();
    message
}
