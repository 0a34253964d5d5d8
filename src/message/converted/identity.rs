//! What makes a record the same record.

use super::record::{Person, Record};
use crate::model::Digest;

/// Version of the canonical form. Another form gives every message another identity, so it never changes for a record
/// that this one can express.
const VERSION: &str = "custodia converted message 1";

impl Record {
    /// BLAKE3 of the canonical record: all fields in fixed order, each with its length, the attachments by name, type,
    /// path and digest, and the ordinal. `digests` are those of the attachments' bytes, in order.
    ///
    /// With the ordinal 0 it is what makes two records equal.
    pub fn identity(&self, digests: &[Digest], ordinal: u64) -> Digest {
        let mut form = CanonicalForm(blake3::Hasher::new());
        for text in [VERSION, &self.source, &self.platform, self.kind.as_str(), &self.native_id, &self.sent_text] {
            form.text(text);
        }
        form.people(self.sender.as_slice());
        form.people(&self.recipients);
        form.count(usize::from(self.conversation.is_some()));
        if let Some(chat) = &self.conversation {
            form.text(&chat.id).text(&chat.name).count(usize::from(chat.group));
        }
        form.text(&self.text).text(self.event.as_str()).text(&self.event_reference).text(&self.reply_to);
        form.count(usize::from(self.call.is_some()));
        if let Some(call) = &self.call {
            let answered = call.answered.map_or("", |answered| if answered { "yes" } else { "no" });
            let duration = call.duration_seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
            form.text(&call.direction).text(answered).text(&duration);
        }
        form.count(self.attachments.len());
        for (attachment, digest) in self.attachments.iter().zip(digests) {
            form.text(&attachment.name).text(&attachment.media_type).text(attachment.shown_path());
            form.0.update(&digest.0);
        }
        form.count(self.extra.len());
        for (pointer, value) in &self.extra {
            form.text(pointer).text(value);
        }
        form.0.update(&self.ordinal(ordinal).to_be_bytes());
        Digest(*form.0.finalize().as_bytes())
    }

    /// The ordinal that counts: a native id tells equals apart by itself.
    pub(super) fn ordinal(&self, ordinal: u64) -> u64 {
        if self.native_id.is_empty() { ordinal } else { 0 }
    }
}

struct CanonicalForm(blake3::Hasher);

impl CanonicalForm {
    fn count(&mut self, count: usize) -> &mut Self {
        self.0.update(&(count as u64).to_be_bytes());
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.count(text.len());
        self.0.update(text.as_bytes());
        self
    }

    fn people(&mut self, people: &[Person]) {
        self.count(people.len());
        for person in people {
            self.text(&person.name).text(&person.number).text(&person.address).text(&person.id);
        }
    }
}
