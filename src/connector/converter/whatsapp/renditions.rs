//! What the messages of a chat have in common with those of another export of it, however that writes them.

use super::chat_sort::chat_sort;
use super::substance::Substance;
use super::survey::Survey;
use super::title::Title;
use crate::message::converted::Record;
use crate::model::{ChatSort, Digest, MessageForm, Rendition};

/// What the messages of a chat have in common with their other renditions.
#[derive(Debug)]
pub(super) struct Renditions {
    /// The chat; empty if nothing tells it.
    chat: String,
    /// What is told of its sort.
    sort: Option<ChatSort>,
}

impl Renditions {
    /// Those of a chat that was surveyed.
    pub(super) fn new(title: &Title, survey: &Survey) -> Self {
        Self { chat: title.id(), sort: chat_sort(survey, title) }
    }

    /// The rendition that a message is; `sent` are the seconds since the epoch, `second` is that of its minute, `file` the
    /// digest of the file that came with it. `None` in a chat that nothing calls by a name: it may be any other such chat.
    pub(super) fn of(
        &self,
        record: &Record,
        (sent, second): (i64, Option<u8>),
        said: &Substance,
        file: Option<Digest>,
    ) -> Option<Rendition> {
        if self.chat.is_empty() {
            return None;
        }
        let of = Rendition::at_place(self.form(record, sent, said), 0)?;
        let media = said.media.clone().map(|media| crate::model::RenditionMedia { file, ..media });
        Some(Rendition { of, second, chat: self.sort, media })
    }

    /// Times count to the minute: not all exports have seconds. Nor have all the beginning, which tells of a group.
    fn form(&self, record: &Record, sent: i64, said: &Substance) -> MessageForm {
        let mut form = blake3::Hasher::new_derive_key("custodia rendition of a chat message 4");
        form.update(&sent.div_euclid(60).to_le_bytes()).update(&[0]);
        let sender = record.sender.iter().filter(|_| !said.of_app);
        let person = sender.flat_map(|sender| [&sender.name, &sender.number, &sender.address, &sender.id]);
        let words = said.words.iter().map(String::as_str);
        let chat = std::iter::once(self.chat.as_str());
        for text in chat.chain(person.map(String::as_str)).chain(["says"]).chain(words) {
            form.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        let mut first = [0; 13];
        form.finalize_xof().fill(&mut first);
        first
    }
}
