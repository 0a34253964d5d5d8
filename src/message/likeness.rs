//! By what a deletion is known to belong to a message where neither has an id.

use blake3::Hasher;

use super::{Facts, telemessage};
use crate::model::{Event, Kind, Role};

/// Milliseconds of the finest time that an export of a chat may have.
const MINUTE: i64 = 60_000;

/// What a message and its deletion have in common. Several messages can have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    /// Equal for messages that are alike in all that counts; 64 bits of a hash of it.
    pub key: u64,
    /// What counts.
    pub by: LikenessBy,
}

/// What counts in a likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikenessBy {
    /// Conversation, subject without the mark of the deletion, and text: a deletion repeats them.
    Text,
    /// Conversation, sender and minute: a deletion stands where the message stood.
    Minute,
}

impl LikenessBy {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Minute => "minute",
        }
    }
}

impl Facts {
    /// What the message has in common with its deletion, or the other way round; `None` for mail, for messages whose
    /// platform gives them ids, and for what nobody deletes.
    pub fn likeness(&self) -> Option<Likeness> {
        let chat = self.conversation.as_ref().filter(|chat| !chat.id.is_empty())?;
        let deletable = matches!(self.event.event, Event::Sent | Event::Deleted) && self.event.reference.is_empty();
        if self.kind == Kind::Email || !self.native_id.is_empty() || !deletable {
            return None;
        }
        let mut form = Form(Hasher::new());
        form.text(&self.platform).text(&chat.id);
        let by = if self.source == telemessage::SOURCE {
            form.text(&telemessage::stripped(&self.subject));
            form.text(&self.body.split_whitespace().collect::<Vec<_>>().join(" "));
            LikenessBy::Text
        } else {
            let sender = self.participants.iter().find(|person| person.role == Role::From)?;
            form.text(sender.number.as_deref().unwrap_or_default()).text(&sender.address.to_lowercase());
            form.0.update(&self.sent_at?.0.div_euclid(MINUTE).to_le_bytes());
            LikenessBy::Minute
        };
        Some(Likeness { key: form.key(), by })
    }
}

struct Form(Hasher);

impl Form {
    fn text(&mut self, text: &str) -> &mut Self {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    fn key(&self) -> u64 {
        let hash = self.0.finalize();
        hash.as_bytes().first_chunk().map_or(0, |start| u64::from_le_bytes(*start))
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts;
    use super::*;

    fn likeness(subject: &str, body: &str) -> Option<Likeness> {
        let mail =
            format!("From: 16174354634@x.example\nSubject: {subject}\nDate: Mon, 3 Jan 2022 10:00:00 +0000\n\n{body}");
        facts(mail.as_bytes()).likeness()
    }

    #[test]
    fn a_deletion_is_like_its_original_and_nothing_else() {
        let subject = "WhatsApp Message from 16174354634 to 12124325249";
        let original = likeness(subject, "see you\r\n").unwrap();
        assert_eq!(original.by, LikenessBy::Text);
        assert_eq!(likeness(&format!("DELETED - READ - {subject}"), "see you"), Some(original));
        assert_ne!(likeness(&format!("DELETED - READ - {subject}"), "see me"), Some(original));
        assert_ne!(likeness("SMS Message from 16174354634 to 12124325249", "see you"), Some(original));
        assert_eq!(likeness("see you", "see you"), None);
    }

    #[test]
    fn a_placeholder_is_like_what_its_sender_wrote_in_that_minute() {
        let chat = |sender: &str, second: u32, event: &str, more: &str| {
            let fields = format!(
                "X-Custodia-Platform: whatsapp\nX-Custodia-Conversation-Id: c1\nX-Custodia-Event: {event}\n\
                 X-Custodia-Sent: 2026-03-27T21:41:{second:02}Z\n{more}"
            );
            facts(format!("From: {sender}@whatsapp.invalid\n{fields}\ntext {event}").as_bytes()).likeness()
        };
        let original = chat("445204334324", 0, "sent", "").unwrap();
        assert_eq!(original.by, LikenessBy::Minute);
        assert_eq!(chat("445204334324", 59, "deleted", ""), Some(original));
        assert_ne!(chat("445204334325", 0, "deleted", ""), Some(original));
        assert_eq!(chat("445204334324", 0, "system", ""), None);
        assert_eq!(chat("445204334324", 0, "deleted", "X-Custodia-Event-Reference: m1\n"), None);
        assert_eq!(chat("445204334324", 0, "sent", "X-Custodia-Native-Id: m1\n"), None);
    }
}
