//! Who is meant by a name, and by what else they may be named in messages.

use std::collections::{BTreeSet, HashMap};

use super::phone::{account_number, other_writings};
use super::{equivalence_class, id_key, normalize_address, number_key, number_of_key, other_writing};
use crate::model::{Mailbox, MailboxNo, MappedId, PersonId, PersonNames};
use crate::text::phone::{Form, Writing, number};

/// The people whom mailboxes and a mapping know, found by any of their names in the same time however many there are.
///
/// A person is a mailbox, or an address that is none and has ids in the mapping. Ids that are not to be archived belong to
/// nobody.
#[derive(Debug, Default)]
pub struct People {
    all: Vec<Person>,
    addresses: Places,
    /// By what stands before the `@` of an address, and by display name.
    words: Places,
    /// By key of an id; numbers of mailboxes have one too.
    ids: Places,
    numbers: HashMap<(Form, String), Vec<usize>>,
    /// By the class of a number; `None` where its members are of different people.
    classes: HashMap<String, Option<usize>>,
}

/// People by a name, each by its place.
type Places = HashMap<String, Vec<usize>>;

#[derive(Debug)]
struct Person {
    /// `None` if the address is no mailbox.
    mailbox: Option<MailboxNo>,
    /// Addresses, phone numbers with `+`, display name.
    names: Vec<String>,
    ids: Vec<PersonId>,
}

impl People {
    /// The people of `mailboxes`, with the ids that `mapped` has for them.
    pub fn new<'m>(
        mailboxes: impl IntoIterator<Item = &'m Mailbox>,
        mapped: impl IntoIterator<Item = MappedId>,
    ) -> Self {
        let mut people = Self::default();
        for mailbox in mailboxes {
            people.add_mailbox(mailbox);
        }
        for MappedId { key, id, mailbox, .. } in mapped {
            match mailbox {
                Some(address) => people.add_id(key, id, address),
                None => people.add_unarchived(&key),
            }
        }
        people
    }

    /// The mailboxes that a value names, in their order: see [`People::names_of`].
    pub fn mailboxes_of(&self, value: &str) -> Vec<MailboxNo> {
        self.named(value).filter_map(|person| person.mailbox).collect()
    }

    /// By what else those may be named in messages whom a value names as a whole: by address, alias, phone number in any
    /// writing, display name, an id of the mapping, or by what stands before the `@` of an address. Never by a part of a name
    /// or by a domain. All of them where several are named alike.
    pub fn names_of(&self, value: &str) -> PersonNames {
        let mut found = PersonNames::default();
        for person in self.named(value) {
            found.names.extend(person.names.iter().cloned());
            found.ids.extend(person.ids.iter().cloned());
            found.ids.extend(self.other_numbers(person));
        }
        found
    }

    fn named(&self, value: &str) -> impl Iterator<Item = &Person> {
        let whole = value.trim();
        let inner = whole.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
        let value = inner.filter(|inner| inner.contains('@')).unwrap_or(whole);
        let mut found: BTreeSet<usize> = BTreeSet::new();
        if !value.is_empty() {
            let of = |places: &Places, name: &str| places.get(name).cloned().unwrap_or_default();
            if let Ok(address) = normalize_address(value) {
                found.extend(of(&self.addresses, &address));
            }
            found.extend(of(&self.words, &plain(value)));
            found.extend(of(&self.ids, &id_key(whole)));
            if let Some(digits) = account_number(value) {
                found.extend(of(&self.ids, &number_key(&digits)));
                found.extend(equivalence_class(&digits).and_then(|class| *self.classes.get(&class)?));
            }
            let writing = number(value).filter(|number| number.extension.is_none()).map(|number| number.writing);
            let forms = writing.iter().flat_map(Writing::sought);
            found.extend(forms.filter_map(|form| self.numbers.get(&form)).flatten());
        }
        found.into_iter().filter_map(|place| self.all.get(place))
    }

    /// The numbers that stand for the same accounts as those of a person, where nobody else has one of them.
    fn other_numbers(&self, person: &Person) -> impl Iterator<Item = PersonId> {
        let digits = person.ids.iter().filter_map(|id| number_of_key(&id.key));
        let is_own = |digits: &&str| equivalence_class(digits).and_then(|class| *self.classes.get(&class)?).is_some();
        digits.filter(is_own).flat_map(other_writings).map(|digits| number_id(&digits))
    }

    fn add_mailbox(&mut self, mailbox: &Mailbox) {
        let place = self.all.len();
        let addresses: Vec<String> = std::iter::once(&mailbox.address).chain(&mailbox.aliases).cloned().collect();
        let display = mailbox.display_name.split_whitespace().collect::<Vec<_>>().join(" ");
        self.add_addresses(place, &addresses);
        if !display.is_empty() {
            add(&mut self.words, plain(&display), place);
        }
        for digits in &mailbox.phones {
            self.add_number(place, digits);
            add(&mut self.ids, number_key(digits), place);
        }
        let phones = mailbox.phones.iter().map(|digits| format!("+{digits}"));
        let names = addresses.into_iter().chain(phones).chain(Some(display).filter(|name| !name.is_empty())).collect();
        let ids = mailbox.phones.iter().map(|digits| number_id(digits)).collect();
        self.all.push(Person { mailbox: Some(mailbox.no), names, ids });
    }

    /// Adds an id of whoever has an address (normalised).
    fn add_id(&mut self, key: String, id: String, address: String) {
        let known = self.addresses.get(&address).and_then(|places| places.first()).copied();
        let place = known.unwrap_or_else(|| self.add_stranger(address));
        let Some(digits) = number_of_key(&key) else { return self.add_own(place, PersonId { key, id }) };
        self.add_number(place, digits);
        self.add_own(place, number_id(digits));
        // A national number that a platform uses as its own id.
        if account_number(&id).as_deref() != Some(digits) {
            self.add_own(place, PersonId { key: id_key(&id), id });
        }
    }

    /// A number whose messages are not archived is nobody's, and is used for messages with exactly that number.
    fn add_unarchived(&mut self, key: &str) {
        if let Some(class) = number_of_key(key).and_then(equivalence_class) {
            self.classes.insert(class, None);
        }
    }

    fn add_own(&mut self, place: usize, id: PersonId) {
        add(&mut self.ids, id.key.clone(), place);
        if let Some(person) = self.all.get_mut(place) {
            person.ids.push(id);
        }
    }

    /// Adds somebody of whom only an address is known.
    fn add_stranger(&mut self, address: String) -> usize {
        let (place, names) = (self.all.len(), vec![address]);
        self.add_addresses(place, &names);
        self.all.push(Person { mailbox: None, names, ids: Vec::new() });
        place
    }

    fn add_addresses(&mut self, place: usize, addresses: &[String]) {
        for address in addresses {
            add(&mut self.addresses, address.clone(), place);
            if let Some(other) = other_writing(address) {
                add(&mut self.addresses, other, place);
            }
            if let Some((local, _)) = address.rsplit_once('@') {
                add(&mut self.words, local.to_lowercase(), place);
            }
        }
    }

    fn add_number(&mut self, place: usize, digits: &str) {
        for form in Writing::International(digits.to_owned()).kept() {
            let places = self.numbers.entry(form).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if let Some(class) = equivalence_class(digits) {
            let same = |known: &mut Option<usize>| *known = known.filter(|known| *known == place);
            self.classes.entry(class).and_modify(same).or_insert(Some(place));
        }
    }
}

fn add(places: &mut Places, name: String, place: usize) {
    let places = places.entry(name).or_default();
    if places.last() != Some(&place) {
        places.push(place);
    }
}

fn number_id(digits: &str) -> PersonId {
    PersonId { key: number_key(digits), id: format!("+{digits}") }
}

/// Without case and with single blanks.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
