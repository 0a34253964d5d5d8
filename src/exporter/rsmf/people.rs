//! The people of a file.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::model::Participant;

/// Everybody in a file.
#[derive(Default)]
pub(super) struct People {
    ids: HashMap<(&'static str, String), String>,
    /// As the manifest lists them.
    pub(super) listed: Vec<Value>,
    /// How they are shown, in that order.
    pub(super) displays: Vec<String>,
    /// Addresses of those who have one that a header takes as it is.
    pub(super) addresses: Vec<String>,
    by_address: HashMap<String, String>,
}

impl People {
    /// The id of somebody in the manifest.
    pub(super) fn id(&mut self, participant: &Participant) -> String {
        let Participant { name, address, .. } = participant;
        let key = Self::key(participant);
        let account = account(participant);
        if let Some(known) = self.ids.get(&key) {
            return known.clone();
        }
        let own = format!("P{}", self.listed.len() + 1);
        let display = if name.is_empty() { participant.display() } else { name.clone() };
        let mut fields = Map::new();
        fields.insert("id".to_owned(), json!(own));
        fields.insert("display".to_owned(), json!(display));
        if is_address(address) {
            fields.insert("email".to_owned(), json!(address));
            if address.is_ascii() {
                self.addresses.push(address.clone());
            }
            self.by_address.entry(address.to_lowercase()).or_insert_with(|| own.clone());
        }
        if !account.is_empty() {
            fields.insert("account_id".to_owned(), json!(account));
        }
        self.listed.push(Value::Object(fields));
        self.displays.push(display);
        self.ids.insert(key, own.clone());
        own
    }

    /// What somebody is told from others by: account, else address, else name.
    pub(super) fn key(participant: &Participant) -> (&'static str, String) {
        match (account(participant), participant.address.as_str()) {
            ("", "") => ("name", participant.name.clone()),
            ("", address) => ("address", address.to_lowercase()),
            (account, _) => ("account", account.to_owned()),
        }
    }

    pub(super) fn with_address(&self, address: &str) -> Option<&String> {
        self.by_address.get(&address.to_lowercase())
    }
}

/// The number or id of somebody on the platform; empty if there is none.
fn account(participant: &Participant) -> &str {
    participant.number.as_deref().or(participant.id.as_deref()).unwrap_or_default()
}

/// Whether it can stand where a format wants a mail address.
fn is_address(address: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._-+=!#$%&'*/?^`{|}~".contains(c))
    };
    address.split_once('@').is_some_and(|(local, domain)| is_word(local) && is_word(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_ids() {
        for (text, is) in [
            ("ann@firm.example", true),
            ("4850@g.us", true),
            ("a b@x", false),
            ("ann@", false),
            ("a@b@c", false),
            ("wxid_1", false),
            ("a@b\r\nBcc: c", false),
        ] {
            assert_eq!(is_address(text), is, "{text}");
        }
    }
}
