//! The conversation around an item.

use custodia::Result;
use custodia::archive::{ConversationContext, ConversationMessage};
use custodia::model::Event;
use serde_json::{Value, json};

use crate::ui::{Ui, counted, escape};

pub(super) fn context_json(context: &ConversationContext) -> Value {
    let message = |said: &ConversationMessage| {
        json!({
            "item": said.item.to_string(), "message": said.message.to_string(), "sent_at": said.sent_at,
            "from": said.from, "event": said.event, "text": said.text, "attachments": said.attachments,
            "is_shown": said.is_shown,
        })
    };
    let messages: Vec<Value> = context.messages.iter().map(message).collect();
    json!({ "messages": messages, "earlier": context.earlier, "later": context.later })
}

/// The messages in order; an arrow points at the item itself.
pub(super) fn print(context: &ConversationContext, ui: &Ui) -> Result<()> {
    let more = |n: u64, when: &str| {
        if n == 0 { Ok(()) } else { ui.line(&format!("  ... {} {when}", counted(n, "message"))) }
    };
    ui.line(&format!("\n{}", ui.strong("Conversation")))?;
    more(context.earlier, "before")?;
    for said in &context.messages {
        let sent = said.sent_at.map_or_else(|| "(no date)".to_owned(), |sent| sent.to_string());
        let event = if said.event == Event::Sent { "" } else { said.event.as_str() };
        let head = format!("{}  {sent}  {}  {event}", said.item, escape(&said.from, false));
        let (mark, head) = if said.is_shown { ("->", ui.strong(head.trim_end())) } else { ("  ", head) };
        ui.line(format!("{mark} {head}").trim_end())?;
        for line in escape(&said.text, true).lines() {
            ui.line(format!("     {line}").trim_end())?;
        }
        for name in &said.attachments {
            ui.line(&format!("     [{}]", escape(name, false)))?;
        }
    }
    more(context.later, "after")
}
