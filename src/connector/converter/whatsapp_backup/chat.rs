//! Chats of a backup, and who takes part in them.

use serde_json::Value;

use crate::message::converted::Person;
use crate::model::Conversation;

/// What the messages of a chat have in common.
#[derive(Debug, Clone, Default)]
pub(super) struct Chat {
    /// Its identifier: `447700900123@s.whatsapp.net`, `120363041234567890@g.us`.
    pub(super) jid: String,
    /// Its title, or the name of the other person; empty if unknown.
    pub(super) name: String,
    /// The folder of the media files.
    pub(super) media_base: String,
}

impl Chat {
    /// A chat of which only the identifier is known.
    pub(super) fn new(jid: String) -> Self {
        Self { jid, ..Self::default() }
    }

    /// Takes what the chat says of itself. Pictures and the status line are of the day of the backup, and no messages;
    /// they would make every message another one in the next backup. The bytes that are held of it.
    pub(super) fn learn(&mut self, name: &str, value: Value) -> usize {
        let (place, text) = match (name, value) {
            ("name", Value::String(text)) => (&mut self.name, text),
            ("media_base", Value::String(text)) => (&mut self.media_base, text),
            _ => return 0,
        };
        *place = text;
        place.len()
    }

    /// The conversation as records name it.
    pub(super) fn conversation(&self) -> Conversation {
        Conversation { id: self.jid.clone(), name: self.name.clone(), group: self.is_group() }
    }

    /// Whether more than two people take part.
    pub(super) fn is_group(&self) -> bool {
        !matches!(server(&self.jid), "s.whatsapp.net" | "c.us" | "lid" | "")
    }

    /// The other person of a chat of two.
    pub(super) fn other(&self) -> Person {
        Person { name: self.name.clone(), ..person(&self.jid) }
    }
}

/// The phone's owner, whom a backup does not name: `Me`, with the id `owner`, which a mapping can give an address.
pub(super) fn owner() -> Person {
    Person { name: "Me".to_owned(), id: "owner".to_owned(), ..Person::default() }
}

/// A person of an identifier, a number or a name. Identifiers at `lid` hide the number, so their digits are none.
pub(super) fn person(text: &str) -> Person {
    let (user, server) = text.rsplit_once('@').unwrap_or((text, ""));
    // A device of the person, such as `:12`, is no part of the number.
    let user = if server.is_empty() { user } else { user.split(':').next().unwrap_or_default() };
    let digits: String = user.chars().filter(|letter| !"+ -().\u{a0}".contains(*letter)).collect();
    let is_number = (5..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match server {
        "s.whatsapp.net" | "c.us" | "" if is_number => Person { number: digits, ..Person::default() },
        "" => Person { name: text.to_owned(), ..Person::default() },
        _ => Person { id: text.to_owned(), ..Person::default() },
    }
}

fn server(jid: &str) -> &str {
    jid.rsplit_once('@').map_or("", |(_, server)| server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_people() {
        for (text, number, name, id) in [
            ("447700900123@s.whatsapp.net", "447700900123", "", ""),
            ("447700900123:12@s.whatsapp.net", "447700900123", "", ""),
            ("+44 7700 900123", "447700900123", "", ""),
            ("98765432109876@lid", "", "", "98765432109876@lid"),
            ("0@s.whatsapp.net", "", "", "0@s.whatsapp.net"),
            ("status@broadcast", "", "", "status@broadcast"),
            ("Ann 2", "", "Ann 2", ""),
            ("007", "", "007", ""),
        ] {
            let found = person(text);
            assert_eq!((found.number.as_str(), found.name.as_str(), found.id.as_str()), (number, name, id), "{text}");
        }
        for (jid, group) in [("1@s.whatsapp.net", false), ("1@lid", false), ("1-2@g.us", true), ("1@broadcast", true)] {
            assert_eq!(Chat::new(jid.to_owned()).is_group(), group);
        }
    }
}
