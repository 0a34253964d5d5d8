//! What the index is given of people, who come again and again: put together once for each.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use crate::model::Participant;
use crate::people::{id_keys, other_writing};

use super::fold::fold;
use super::key::{PeopleRole, PersonKey, reversed_labels};
use super::key_list::push_key;
use super::person_number;
use super::tokenizer::NAME_END;

/// People that are kept at once.
const KEPT: usize = 2_048;

/// Longest person that is kept, in bytes of name, address and id.
const KEPT_BYTES: usize = 256;

/// What the index is given of one person.
#[derive(Debug)]
pub(super) struct Known {
    /// The text that words are looked for in.
    pub(super) text: Arc<str>,
    /// The list of its keys.
    pub(super) keys: String,
    /// What messages of this author are counted under.
    pub(super) label: String,
}

/// People by what their messages say of them.
#[derive(Debug, Default)]
pub(super) struct KnownPeople(HashMap<Participant, Arc<Known>>);

impl KnownPeople {
    /// What the index is given of a person.
    pub(super) fn get(&mut self, person: &Participant) -> Arc<Known> {
        if let Some(known) = self.0.get(person) {
            return Arc::clone(known);
        }
        let known = Arc::new(Known::of(person));
        let bytes = person.name.len() + person.address.len() + person.id.as_deref().map_or(0, str::len);
        if bytes <= KEPT_BYTES {
            if self.0.len() >= KEPT {
                self.0.clear();
            }
            self.0.insert(person.clone(), Arc::clone(&known));
        }
        known
    }
}

impl Known {
    fn of(person: &Participant) -> Self {
        let role = PeopleRole::of_role(person.role);
        let number = person.number.as_deref().unwrap_or_default();
        let name = person.name.replace(NAME_END, " ");
        let address = fold(person.address.trim());
        let id = fold(person.id.as_deref().unwrap_or_default().trim());
        let shown = address.rsplit_once('@').is_some_and(|(local, _)| local == id);
        let mut keys = String::new();
        let mut text = format!("{name}{NAME_END}{} {number}", person.address);
        if !id.is_empty() && !shown {
            text.push(' ');
            text.push_str(&id);
            push_key(&mut keys, &PersonKey::Local.term(role, &id));
        }
        if !address.is_empty() {
            push_key(
                &mut keys,
                &PersonKey::Local.term(role, address.rsplit_once('@').map_or(&*address, |(local, _)| local)),
            );
            push_address(&mut keys, role, &address);
        }
        if let Some(other) = other_writing(&person.address) {
            text.push(' ');
            text.push_str(&other);
            push_address(&mut keys, role, &fold(&other));
        }
        for id in id_keys(person) {
            push_key(&mut keys, &PersonKey::Id.term(role, &id));
        }
        for (kind, digits) in person_number::kept(person) {
            push_key(&mut keys, &kind.term(role, &digits));
        }
        Self { text: text.into(), keys, label: label(person) }
    }
}

fn push_address(keys: &mut String, role: PeopleRole, address: &str) {
    push_key(keys, &PersonKey::Address.term(role, address));
    if let Some((_, domain)) = address.rsplit_once('@') {
        push_key(keys, &PersonKey::Domain.term(role, &reversed_labels(domain)));
    }
}

/// What a sender is counted under: the number, by which chats know people, else the address, the id or the name, in lower
/// case and composed (NFC, UAX #15), with accents, by which people differ.
fn label(person: &Participant) -> String {
    let number = person_number::plain(person.number.as_deref().unwrap_or_default());
    if !number.is_empty() {
        return if number.starts_with('0') { number } else { format!("+{number}") };
    }
    let id = person.id.as_deref().unwrap_or_default();
    let known = [person.address.trim(), id.trim(), person.name.trim()].into_iter().find(|text| !text.is_empty());
    known.unwrap_or_default().to_lowercase().nfc().collect()
}
