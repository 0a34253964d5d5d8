//! Lines of the platform: somebody joined, a message was recalled.

use super::message::{Message, person};
use super::sort::Sort;
use crate::connector::converter::draft::Draft;
use crate::connector::converter::xml::Element;
use crate::message::converted::Person;
use crate::model::Event;

/// How the application says in its languages that a message was recalled.
const RECALLED: [&str; 3] = ["撤回了一条消息", "撤回了一條訊息", "recalled a message"];
/// How it calls the owner of the account.
const OWN: [&str; 2] = ["你", "You"];

/// Makes a line without XML an event.
pub(super) fn describe_text(draft: &mut Draft, message: &Message) -> Sort {
    if message.sort == Sort::Recall || RECALLED.iter().any(|text| message.content.contains(text)) {
        recall(draft, message, &message.content);
        return Sort::Recall;
    }
    draft.record.event = Event::System;
    Sort::System
}

/// Makes the XML of the platform an event.
pub(super) fn describe_xml(draft: &mut Draft, message: &Message, system: &Element) -> Sort {
    let Some(revoked) = Some(system).filter(|element| element.name == "revokemsg").or_else(|| system.find("revokemsg"))
    else {
        draft.record.event = Event::System;
        system.texts().into_iter().for_each(|text| _ = draft.line(text));
        return Sort::System;
    };
    let text = revoked.text_of("replacemsg");
    let text = if text.is_empty() { revoked.text.trim() } else { text };
    draft.line(text);
    revoked.text_of("newmsgid").clone_into(&mut draft.record.event_reference);
    recall(draft, message, text);
    Sort::Recall
}

/// Only its sender can recall a message, and the line names them; group owners are named the same way.
fn recall(draft: &mut Draft, message: &Message, text: &str) {
    draft.record.event = Event::Recalled;
    if OWN.iter().any(|own| text.starts_with(own)) {
        draft.record.sender = Some(message.owner());
        return;
    }
    if message.sender != Person::default() {
        return;
    }
    let quotes = ['"', '\u{201c}', '\u{201d}'];
    let name =
        text.strip_prefix(quotes).and_then(|rest| rest.split(quotes).next()).filter(|name| !name.trim().is_empty());
    draft.record.sender = name.map(|name| person("", name));
}
