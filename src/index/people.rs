//! Whom a people value means: an address, a domain, a name or a number.

use std::collections::BTreeSet;

use tantivy::query::{Query, TermSetQuery};
use tantivy::schema::Term;

use crate::error::Result;
use crate::model::PersonId;
use crate::people::{address_of_key, id_key, number_of_key};
use crate::query::{PeopleField, TextMatch};

use super::compile::{Compiled, Compiler, any_of};
use super::dictionary::{for_each_term, prefix_query};
use super::failure::refused;
use super::fold::fold;
use super::key::{PeopleRole, PersonKey, reversed_labels};
use super::pattern::Pattern;
use super::person_number::sought;

/// Most terms of ids that are looked for one by one; more are looked for together.
const FEW: usize = 64;

/// One reading of a people value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reading {
    /// A key as a whole.
    Key(PersonKey, String),
    /// The beginning of a key.
    KeyPrefix(PersonKey, String),
    /// A domain and its subdomains.
    Domain(String),
    /// The beginning of a domain.
    DomainPrefix(String),
    /// Words of the display name.
    Name(Pattern),
    /// Words anywhere in the name, address and number.
    Text(Pattern),
    /// An id of a platform, by its key.
    Id(String),
}

impl Compiler<'_> {
    /// Somebody in any of the roles, in any reading of the value.
    pub(super) fn people(&self, field: PeopleField, text: &TextMatch) -> Result<Compiled> {
        let readings = readings(text)?;
        let mut queries = Vec::new();
        for role in PeopleRole::of(field) {
            for reading in &readings {
                self.reading(*role, reading, &mut queries)?;
            }
        }
        Ok(any_of(queries))
    }

    /// Somebody in any of the roles with any of the ids, or with the address or number that one is, in any writing.
    pub(super) fn person_ids(&self, field: PeopleField, ids: &[PersonId]) -> Compiled {
        let keys = ids.iter().flat_map(|id| keys_of_id(&id.key));
        let terms =
            keys.flat_map(|(kind, value)| PeopleRole::of(field).iter().map(move |role| kind.term(*role, &value)));
        let terms: BTreeSet<String> = terms.collect();
        if terms.len() <= FEW {
            return any_of(terms.iter().map(|term| self.key(term)).collect());
        }
        Box::new(TermSetQuery::new(terms.iter().map(|term| Term::from_field_text(self.fields.key, term))))
    }

    fn reading(&self, role: PeopleRole, reading: &Reading, queries: &mut Vec<Compiled>) -> Result<()> {
        let key = self.fields.key;
        match reading {
            Reading::Key(kind, value) => queries.push(self.key(&kind.term(role, value))),
            Reading::KeyPrefix(kind, value) => queries.push(prefix_query(key, &kind.term(role, value))),
            Reading::Domain(domain) => {
                let term = PersonKey::Domain.term(role, &reversed_labels(domain));
                queries.push(prefix_query(key, &format!("{term}.")));
                queries.push(self.key(&term));
            }
            Reading::DomainPrefix(prefix) => queries.push(self.domain_prefix(role, prefix)?),
            Reading::Name(pattern) => queries.push(self.pattern(self.fields.people(role), &pattern.clone().in_name())?),
            Reading::Text(pattern) => queries.push(self.pattern(self.fields.people(role), pattern)?),
            Reading::Id(id) => queries.push(self.key(&PersonKey::Id.term(role, id))),
        }
        Ok(())
    }

    /// Domains are kept in reverse, so their beginnings are looked for among all of them: far fewer than messages.
    fn domain_prefix(&self, role: PeopleRole, prefix: &str) -> Result<Compiled> {
        let all = PersonKey::Domain.term(role, "");
        let mut terms = BTreeSet::new();
        for_each_term(self.searcher, self.fields.key, &all, |term| {
            let term = String::from_utf8_lossy(term);
            let domain = reversed_labels(term.strip_prefix(&all).unwrap_or_default());
            if domain.match_indices('.').any(|(at, _)| domain.get(at + 1..).is_some_and(|d| d.starts_with(prefix)))
                || domain.starts_with(prefix)
            {
                terms.insert(Term::from_field_text(self.fields.key, &term));
            }
            true
        })?;
        let query: Box<dyn Query> = Box::new(TermSetQuery::new(terms));
        Ok(query)
    }
}

/// The keys of those who have an id.
fn keys_of_id(key: &str) -> Vec<(PersonKey, String)> {
    let mut keys = vec![(PersonKey::Id, key.to_owned())];
    if let Some(digits) = number_of_key(key) {
        keys.push((PersonKey::Number, digits.to_owned()));
        keys.extend(sought(&format!("+{digits}"), false));
    } else if let Some(address) = address_of_key(key) {
        keys.push((PersonKey::Address, fold(address).into_owned()));
    }
    keys
}

/// The readings of a value in words.
pub(super) fn describe(text: &TextMatch) -> Result<Vec<String>> {
    let spelt = |pattern: &Pattern| {
        let slots = pattern.slots.iter().map(|slot| format!("{}{}", slot.text, if slot.prefix { "*" } else { "" }));
        slots.collect::<Vec<_>>().join(" ")
    };
    Ok(readings(text)?
        .iter()
        .map(|reading| match reading {
            Reading::Key(kind, value) => format!("{} {value}", kind.title()),
            Reading::KeyPrefix(kind, value) => format!("{} {value}*", kind.title()),
            Reading::Domain(domain) => format!("domain {domain} with its subdomains"),
            Reading::DomainPrefix(prefix) => format!("domains that begin with {prefix}"),
            Reading::Name(pattern) => format!("words of a display name: {}", spelt(pattern)),
            Reading::Text(pattern) => format!("words of a name and address: {}", spelt(pattern)),
            Reading::Id(_) => format!("{} {}", PersonKey::Id.title(), text.text.trim()),
        })
        .collect())
}

/// The readings of a value, at least one.
fn readings(text: &TextMatch) -> Result<Vec<Reading>> {
    let value = fold(text.text.trim());
    let inner = value.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner.trim());
    let inner = inner.filter(|inner| inner.contains('@'));
    let value = inner.unwrap_or(&value);
    let mut readings = Vec::new();
    let one_word = !value.is_empty() && !value.chars().any(char::is_whitespace);
    match value.strip_prefix('@') {
        Some(domain) if one_word && !domain.is_empty() => readings.push(domain_reading(domain, text.prefix)),
        _ if one_word && value.contains('@') => readings.push(key_reading(PersonKey::Address, value, text.prefix)),
        _ if value.contains('@') => readings.push(Reading::Text(Pattern::of(text)?)),
        _ => {
            if one_word {
                readings.push(key_reading(PersonKey::Local, value, text.prefix));
                if value.contains('.') {
                    readings.push(domain_reading(value, text.prefix));
                }
            }
            let numbers = sought(value, text.prefix);
            readings.extend(numbers.into_iter().map(|(kind, digits)| key_reading(kind, &digits, text.prefix)));
            if !value.contains('.') || !one_word {
                readings
                    .extend(Pattern::of(&TextMatch { text: value.to_owned(), ..text.clone() }).ok().map(Reading::Name));
            }
        }
    }
    // Another word is the id itself where it has the key of a user.
    let may_be_id = inner.is_none() && !value.starts_with('@') && (!one_word || value.contains(['@', '.']));
    if may_be_id && !text.prefix && !readings.is_empty() {
        readings.push(Reading::Id(id_key(&text.text)));
    }
    if readings.is_empty() {
        let message = format!("`{}` names no address, domain, name or number", text.text);
        return Err(refused(
            "E_NO_SEARCHABLE_TEXT",
            text.place.0,
            message,
            "write an address, a domain, a name or a number",
        ));
    }
    Ok(readings)
}

fn key_reading(kind: PersonKey, value: &str, prefix: bool) -> Reading {
    if prefix { Reading::KeyPrefix(kind, value.to_owned()) } else { Reading::Key(kind, value.to_owned()) }
}

fn domain_reading(domain: &str, prefix: bool) -> Reading {
    if prefix { Reading::DomainPrefix(domain.to_owned()) } else { Reading::Domain(domain.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::super::compile::as_text;
    use super::*;

    fn of(text: &str, prefix: bool) -> String {
        let mut found = Vec::new();
        for reading in readings(&as_text(text, prefix)).unwrap_or_default() {
            found.push(match reading {
                Reading::Key(kind, value) => format!("{kind:?}={value}"),
                Reading::KeyPrefix(kind, value) => format!("{kind:?}={value}*"),
                Reading::Domain(domain) => format!("Domain={domain}"),
                Reading::DomainPrefix(domain) => format!("Domain={domain}*"),
                Reading::Name(pattern) => format!("Name/{}", pattern.length),
                Reading::Text(pattern) => format!("Text/{}", pattern.length),
                Reading::Id(id) => id,
            });
        }
        found.join(" ")
    }

    #[test]
    fn readings_of_people_values() {
        for (text, prefix, expected) in [
            ("AnnB@Contoso.com", false, "Address=annb@contoso.com id:annb@contoso.com"),
            ("Ann Beebe <annb@contoso.com>", false, "Address=annb@contoso.com"),
            ("annb@cont", true, "Address=annb@cont*"),
            ("contoso.com", false, "Local=contoso.com Domain=contoso.com id:contoso.com"),
            ("@contoso.com", false, "Domain=contoso.com"),
            ("@cont", true, "Domain=cont*"),
            ("annb", false, "Local=annb Name/1"),
            ("ann", true, "Local=ann* Name/1"),
            ("Ann Beebe", false, "Name/2 id:ann beebe"),
            ("wxid_a1", false, "Local=wxid_a1 Name/2"),
            (
                "+49 (171) 1234-567",
                false,
                "Number=491711234567 Number=01711234567 Number=1711234567 Name/4 id:+49 (171) 1234-567",
            ),
            (
                "00491711234567",
                false,
                "Local=00491711234567 Number=491711234567 Number=01711234567 Number=1711234567 Name/1",
            ),
            (
                "0171 1234567",
                false,
                "Number=01711234567 Number=1711234567 Subscriber=1711234567 Name/2 id:0171 1234567",
            ),
            ("0171", true, "Local=0171* Number=0171* Subscriber=171* Name/1"),
            ("+49 (0)171", true, "Number=49171* Name/3"),
            ("0049171", true, "Local=0049171* Number=49171* Name/1"),
            ("49171", true, "Local=49171* Number=49171* Name/1"),
            (
                "1 2 3 4 5 6 7 8 9 0",
                false,
                "Number=1234567890 Number=01234567890 Subscriber=1234567890 Number=0234567890 Number=234567890 Name/10 id:1 2 3 4 5 6 7 8 9 0",
            ),
            ("ann annb@contoso.com", false, "Text/4 id:ann annb@contoso.com"),
            ("\u{5F20}\u{4E09}", false, "Local=\u{5F20}\u{4E09} Name/2"),
            ("...", false, "Local=... Domain=... id:..."),
            (" ", false, ""),
        ] {
            assert_eq!(of(text, prefix), expected, "{text}");
        }
    }
}
