//! The manifest of an RSMF file: participants and conversations by id.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::connector::converter::json::{plain, shown};
use crate::message::converted::Person;
use crate::model::{Conversation, Digest};

/// Bytes of an id from which on it is taken for one that no other file uses for something else.
const LONG_ID: usize = 8;

/// What a manifest says beside its events.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    people: BTreeMap<String, Person>,
    conversations: BTreeMap<String, Room>,
    /// `eventcollectionid`; empty if there is none.
    pub(super) collection: String,
    /// Files that belong to no event: pictures of people and conversations.
    pub(super) pictures: HashSet<String>,
}

/// A conversation and who is in it.
#[derive(Debug, Clone)]
pub(super) struct Room {
    pub(super) conversation: Conversation,
    /// In lower case, as converted messages want it.
    pub(super) platform: String,
    pub(super) members: Vec<String>,
    /// `custodian` and `custom`, by JSON Pointer.
    pub(super) facts: Vec<(String, Value)>,
}

impl Manifest {
    /// Reads what stands before the events.
    pub(super) fn of(manifest: &Value) -> Self {
        let mut read = Self { collection: shown(manifest, "eventcollectionid"), ..Self::default() };
        for person in list(manifest, "participants") {
            read.pictures.extend(Some(shown(person, "avatar")).filter(|name| !name.is_empty()));
            read.people.insert(shown(person, "id"), person_of(person));
        }
        for room in list(manifest, "conversations") {
            read.pictures.extend(Some(shown(room, "icon")).filter(|name| !name.is_empty()));
            let read_room = read.room_of(room);
            read.conversations.insert(shown(room, "id"), read_room);
        }
        read
    }

    /// Somebody by id; one whom the manifest does not describe has nothing but it.
    pub(super) fn person(&self, id: &str) -> Person {
        let unknown = || Person { id: id.to_owned(), ..Person::default() };
        self.people.get(id).cloned().unwrap_or_else(unknown)
    }

    /// A conversation by id.
    pub(super) fn room(&self, id: &str) -> Option<&Room> {
        self.conversations.get(id)
    }

    fn room_of(&self, room: &Value) -> Room {
        let (id, name) = (shown(room, "id"), shown(room, "display"));
        let platform = platform(&shown(room, "platform"));
        let members: Vec<String> = list(room, "participants").map(plain).collect();
        let group = shown(room, "type") == "channel" || members.len() > 2;
        let id = if id.len() >= LONG_ID { id } else { self.distinct_id(&id, &platform, &name, &members) };
        let mut facts = Vec::new();
        if let Some(custodian) = room.get("custodian") {
            facts.push(("/conversation/custodian".to_owned(), self.display(&plain(custodian)).into()));
        }
        facts.extend(custom(room, "/conversation"));
        Room { conversation: Conversation { id, name, group }, platform, members, facts }
    }

    /// Many files number their conversations from 1. Such a number is made an id by what the conversation is, so that
    /// the same one in the file of the next day is known again, and no other.
    fn distinct_id(&self, id: &str, platform: &str, name: &str, members: &[String]) -> String {
        let mut people: Vec<String> = members.iter().map(|member| self.display(member)).collect();
        people.sort_unstable();
        let all = Value::from(vec![Value::from(platform), name.into(), people.into()]).to_string();
        let digest = Digest::of(all.as_bytes()).to_string();
        format!("{id}-{}", digest.get(..16).unwrap_or_default())
    }

    /// Whom an id means, in words.
    pub(super) fn display(&self, id: &str) -> String {
        let Person { name, address, .. } = self.person(id);
        [address, name].into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| id.to_owned())
    }
}

fn person_of(person: &Value) -> Person {
    let account = shown(person, "account_id");
    let digits = account.strip_prefix('+').unwrap_or(&account);
    let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { digits.to_owned() } else { String::new() };
    let id = if account.is_empty() || is_number { shown(person, "id") } else { account };
    Person { name: shown(person, "display"), number, address: shown(person, "email"), id }
}

/// The platform as a word that converted messages allow; `rsmf` if there is none.
fn platform(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut word: String = words.collect::<Vec<_>>().join("-").chars().take(32).collect();
    word.truncate(word.trim_end_matches('-').len());
    if word.starts_with(|c: char| c.is_ascii_lowercase()) { word } else { "rsmf".to_owned() }
}

/// The values of `custom`, by JSON Pointer.
pub(super) fn custom(object: &Value, below: &str) -> Vec<(String, Value)> {
    let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let field = |custom: &Value| {
        let value = custom.get("value").cloned().unwrap_or_default();
        (format!("{below}/custom/{}", escape(&shown(custom, "name"))), value)
    };
    list(object, "custom").map(field).collect()
}

/// The members of a list, or a single value as one.
pub(super) fn list<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let all = match object.get(name) {
        Some(Value::Array(list)) => list.as_slice(),
        Some(Value::Null) | None => &[],
        Some(other) => std::slice::from_ref(other),
    };
    all.iter()
}

/// Members of an object that are not among `known`, or not of the shape that is known.
pub(super) fn has_unknown(object: &Map<String, Value>, known: &[&str]) -> bool {
    object.keys().any(|name| !known.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_become_words() {
        for (text, word) in [
            ("Slack", "slack"),
            ("Microsoft Teams", "microsoft-teams"),
            ("  WhatsApp!", "whatsapp"),
            ("", "rsmf"),
            ("8x8", "rsmf"),
            ("\u{5fae}\u{4fe1}", "rsmf"),
        ] {
            assert_eq!(platform(text), word, "{text}");
        }
        assert!(platform(&"ab ".repeat(40)).len() <= 32);
    }
}
