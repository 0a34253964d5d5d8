//! Who is who in a notification.

use serde_json::Value;

use super::notification::Report;
use crate::connector::converter::json::Members;
use crate::message::converted::Person;

/// What a notification says besides its messages: the business, and the contacts that it names.
#[derive(Debug, Clone, Default)]
pub(super) struct Setting {
    /// Id of the business account.
    pub(super) account: String,
    /// The field of the change, such as `messages`.
    pub(super) field: String,
    /// The business's number, with the id of that number; empty if the notification names none.
    pub(super) business: Person,
    /// The contacts.
    pub(super) contacts: Vec<Contact>,
    /// Errors of the notification as a whole.
    pub(super) errors: Vec<Value>,
    /// What else it holds: facts of every record made of it.
    pub(super) rest: Members,
    /// Whether its text had to be mended.
    pub(super) mended: bool,
    /// When the notification was made. No part of a message: a second delivery would make another message of it.
    pub(super) time: Option<Value>,
}

/// Somebody whom a notification describes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Contact {
    person: Person,
    /// The whole description, if a person cannot hold all of it.
    whole: Option<Value>,
}

impl Contact {
    fn of(value: &Value) -> Self {
        let Some(mut members) = Members::of(value.clone()) else {
            return Self { whole: Some(value.clone()), ..Self::default() };
        };
        let number = members.text("wa_id");
        let mut person = person(&number, &members.text("user_id"));
        if let Some(mut profile) = members.object("profile") {
            person.name = profile.text("name");
            members.give_back("profile", profile);
        }
        Self { person, whole: (!members.is_empty()).then(|| value.clone()) }
    }
}

impl Setting {
    /// Takes what describes the business and the contacts from the value of a change.
    pub(super) fn take(&mut self, value: &mut Members) {
        if value.look("messaging_product").and_then(Value::as_str) == Some("whatsapp") {
            value.text("messaging_product");
        }
        if let Some(mut metadata) = value.object("metadata") {
            let number = metadata.text("display_phone_number");
            self.business = person(&number, &metadata.text("phone_number_id"));
            value.give_back("metadata", metadata);
        }
        self.contacts = value.list("contacts").unwrap_or_default().iter().map(Contact::of).collect();
        self.errors = value.list("errors").unwrap_or_default();
    }

    /// What several notifications about one thing say together; the first of them says who the business is.
    pub(super) fn together(reports: &[Report]) -> Self {
        let mut settings = reports.iter().map(|report| report.setting.as_ref());
        let mut all = settings.next().cloned().unwrap_or_default();
        let mut others: Vec<Value> = Vec::new();
        for next in settings {
            add_new(&mut all.contacts, &next.contacts);
            add_new(&mut all.errors, &next.errors);
            all.mended |= next.mended;
            if !next.rest.is_empty() && next.rest != all.rest {
                add_new(&mut others, &[next.rest.clone().into_value()]);
            }
        }
        if let Some(others) = Members::of(serde_json::json!({"others": others})).filter(|_| !others.is_empty()) {
            all.rest.give_back("notifications", others);
        }
        all
    }

    /// The person of a number or business-scoped id, with what the notification tells of them. The business if it is
    /// the business's number, or its id.
    pub(super) fn person(&self, number: &str, id: &str) -> Person {
        let mut found = person(number, id);
        if found == Person::default() {
            return match self.contacts.as_slice() {
                [only] => only.person.clone(),
                _ => found,
            };
        }
        if self.is_business(&found) {
            return self.business.clone();
        }
        let same = |known: &str, wanted: &str| !known.is_empty() && known == wanted;
        let contact = self.contacts.iter().map(|contact| &contact.person).find(|contact| {
            same(&contact.number, &found.number) || (found.number.is_empty() && same(&contact.id, &found.id))
        });
        if let Some(contact) = contact {
            found.name.clone_from(&contact.name);
            if found.number.is_empty() {
                found.number.clone_from(&contact.number);
            }
            if found.id.is_empty() {
                found.id.clone_from(&contact.id);
            }
        }
        found
    }

    /// Whether somebody is the business.
    pub(super) fn is_business(&self, person: &Person) -> bool {
        let same = |known: &str, found: &str| !known.is_empty() && known == found;
        same(&self.business.number, &person.number) || (person.id.is_empty() && same(&self.business.id, &person.number))
    }

    /// The descriptions of contacts that no person of `shown` holds all of.
    pub(super) fn contact_facts(&self, shown: &[&Person]) -> Vec<Value> {
        let hidden = |contact: &&Contact| contact.whole.is_some() || !shown.contains(&&contact.person);
        let value = |contact: &Contact| {
            contact.whole.clone().unwrap_or_else(|| {
                let Person { name, number, id, .. } = &contact.person;
                serde_json::json!({"profile": {"name": name}, "wa_id": number, "user_id": id})
            })
        };
        self.contacts.iter().filter(hidden).map(value).collect()
    }
}

fn add_new<T: Clone + PartialEq>(known: &mut Vec<T>, more: &[T]) {
    for value in more {
        if !known.contains(value) {
            known.push(value.clone());
        }
    }
}

/// A person of a number as the platform writes it: digits, or in the writing of people with plus and hyphens.
pub(super) fn person(number: &str, id: &str) -> Person {
    let digits: String = number.chars().filter(|letter| !" +-().\u{a0}".contains(*letter)).collect();
    let is_number = (1..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { digits } else { number.to_owned() };
    Person { number, id: id.to_owned(), ..Person::default() }
}
