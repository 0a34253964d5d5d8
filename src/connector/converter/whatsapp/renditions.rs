//! What messages with media have in common with those of another export of the chat, with or without its media.

use std::collections::HashMap;

use crate::message::converted::Record;
use crate::model::Rendition;

/// Tells the messages with media of a chat apart by their place among those that are equal in all that exports have in
/// common. The app writes them in the same order whether their media come with it or not.
#[derive(Debug, Default)]
pub(super) struct Renditions {
    occurred: HashMap<[u8; 16], u64>,
}

impl Renditions {
    /// The rendition that the next message of the chat is; `beside` is the kind of the media,
    /// where both forms tell it, and the text beside them. `None` if nothing tells
    /// the chat or the sender.
    pub(super) fn next(
        &mut self,
        record: &Record,
        (kind, beside): &(&str, String),
        has_media: bool,
    ) -> Option<Rendition> {
        let (chat, sender) = (record.conversation.as_ref()?, record.sender.as_ref()?);
        let person = [&sender.name, &sender.number, &sender.address, &sender.id];
        let texts = [&chat.id, &record.sent_text].into_iter().chain(person).map(String::as_str);
        let mut form = blake3::Hasher::new_derive_key("custodia rendition of a chat message 1");
        for text in texts.chain([*kind, beside.as_str()]) {
            form.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        let occurred = self.occurred.entry(first(&form)).or_default();
        form.update(&occurred.to_le_bytes());
        *occurred += 1;
        Some(Rendition { of: first(&form), has_media })
    }
}

fn first(form: &blake3::Hasher) -> [u8; 16] {
    form.finalize().as_bytes().first_chunk().copied().unwrap_or_default()
}
