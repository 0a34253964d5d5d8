//! What the messages of a chat have in common with those of another export of it, however that writes them.

use std::collections::HashMap;

use super::substance::Substance;
use super::title::Title;
use crate::message::converted::Record;
use crate::model::{Digest, Rendition};

/// Tells the messages of a chat apart by their place among those that are equal in all that exports have in common. The
/// app writes them in the same order whatever it writes them like.
#[derive(Debug, Default)]
pub(super) struct Renditions {
    /// The chat; empty if nothing tells it.
    chat: String,
    /// Whether it is known to be a group.
    group: bool,
    /// How often each form occurred, by the first bytes of its hash.
    occurred: HashMap<u64, u32>,
}

impl Renditions {
    /// Those of a chat.
    pub(super) fn new(title: &Title, group: bool) -> Self {
        Self { chat: title.id(), group, occurred: HashMap::new() }
    }

    /// The rendition that the next message of the chat is; `sent` are the seconds since the epoch, `file` is the digest
    /// of the file that came with it. `None` in a chat that nothing calls by a name: it may be any other such chat.
    pub(super) fn next(
        &mut self,
        record: &Record,
        sent: i64,
        said: &Substance,
        file: Option<Digest>,
    ) -> Option<Rendition> {
        if self.chat.is_empty() {
            return None;
        }
        let mut form = self.form(record, sent, said);
        let occurred = self.occurred.entry(u64::from_le_bytes(first(&form))).or_default();
        form.update(&occurred.to_le_bytes());
        *occurred = occurred.saturating_add(1);
        let media = said.media.clone().map(|media| crate::model::RenditionMedia { file, ..media });
        Some(Rendition { of: first(&form), second: None, media })
    }

    /// What a message has in common with others. Times count to the minute: not all exports have seconds.
    fn form(&self, record: &Record, sent: i64, said: &Substance) -> blake3::Hasher {
        let mut form = blake3::Hasher::new_derive_key("custodia rendition of a chat message 3");
        form.update(&sent.div_euclid(60).to_le_bytes()).update(&[u8::from(self.group)]);
        let sender = record.sender.iter().filter(|_| !said.of_app);
        let person = sender.flat_map(|sender| [&sender.name, &sender.number, &sender.address, &sender.id]);
        let words = said.words.iter().map(String::as_str);
        let chat = std::iter::once(self.chat.as_str());
        for text in chat.chain(person.map(String::as_str)).chain(["says"]).chain(words) {
            form.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        form
    }
}

fn first<const BYTES: usize>(form: &blake3::Hasher) -> [u8; BYTES] {
    let mut first = [0; BYTES];
    form.finalize_xof().fill(&mut first);
    first
}
