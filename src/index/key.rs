//! Values that match whole: terms of the one field `key`, each led by the name of its property.

use crate::model::{Digest, Role};
use crate::query::{PeopleField, TokenField};

use super::fold::fold;
use super::key_list::in_key;

/// Longest value that is a term as it stands, in bytes of its folded form. Longer ones end in their digest, so that
/// they match whole too; tantivy drops terms of more than 65,530 bytes without an error.
pub(super) const MAX_VALUE_BYTES: usize = 1_000;

/// One role of people, as the index knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PeopleRole {
    From,
    To,
    Cc,
    Bcc,
}

impl PeopleRole {
    pub(super) const ALL: [Self; 4] = [Self::From, Self::To, Self::Cc, Self::Bcc];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
            Self::Cc => "cc",
            Self::Bcc => "bcc",
        }
    }

    /// That of somebody who took part; only the transport or the author knows of the last two.
    pub(super) fn of_role(role: Role) -> Self {
        match role {
            Role::From => Self::From,
            Role::To => Self::To,
            Role::Cc => Self::Cc,
            Role::Bcc | Role::Envelope => Self::Bcc,
        }
    }

    /// The roles that a people property stands for.
    pub(super) fn of(field: PeopleField) -> &'static [Self] {
        match field {
            PeopleField::From => &[Self::From],
            PeopleField::To => &[Self::To],
            PeopleField::Cc => &[Self::Cc],
            PeopleField::Bcc => &[Self::Bcc],
            PeopleField::Recipients => &[Self::To, Self::Cc, Self::Bcc],
            PeopleField::Participants => &Self::ALL,
        }
    }
}

/// What of a person a key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PersonKey {
    /// The whole address.
    Address,
    /// Its domain, labels in reverse order, so that a domain begins the keys of its subdomains.
    Domain,
    /// What stands before the `@`; the whole address if there is none.
    Local,
    /// The digits of the number, from the country code or the national zero on.
    Number,
    /// Those behind the country code.
    Subscriber,
    /// An id that neither number nor address shows, in the form in which mappings compare it.
    Id,
}

impl PersonKey {
    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Domain => "domain",
            Self::Local => "local",
            Self::Number => "number",
            Self::Subscriber => "subscriber",
            Self::Id => "id",
        }
    }

    /// What it is to people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Domain => "domain",
            Self::Local => "user",
            Self::Number => "number",
            Self::Subscriber => "number behind a country code",
            Self::Id => "id",
        }
    }

    /// The term of a folded value.
    pub(super) fn term(self, role: PeopleRole, folded: &str) -> String {
        bounded(format!("{}.{}:", role.name(), self.name()), folded)
    }
}

/// The term of a property's value.
pub(super) fn token_term(field: TokenField, value: &str) -> String {
    bounded(format!("{}:", name(field)), &fold(trimmed(field, value)))
}

/// The term that says that a field has a value.
pub(super) fn presence_term(field: &str) -> String {
    format!("has:{field}")
}

/// The term of messages that their source recorded as read.
pub(super) const READ_TERM: &str = "isread:true";

/// The term that says whether there is an attachment.
pub(super) fn attachment_term(present: bool) -> String {
    format!("hasattachment:{present}")
}

/// The term of the Message-ID of a journal report, which is no part of the thread of the message in it.
pub(super) fn journal_id_term(id: &str) -> String {
    bounded("journalid:".to_owned(), &fold(trimmed(TokenField::MessageId, id)))
}

/// The term of the id of the earlier message that an event is about. Ids of platforms tell upper from lower case.
pub(super) fn event_reference_term(id: &str) -> String {
    format!("about:{:016x}", Digest::of(id.as_bytes()).prefix())
}

/// The labels of a domain in reverse order.
pub(super) fn reversed_labels(domain: &str) -> String {
    let mut reversed = String::with_capacity(domain.len());
    for label in domain.trim_end_matches('.').rsplit('.') {
        if !reversed.is_empty() {
            reversed.push('.');
        }
        reversed.push_str(label);
    }
    reversed
}

/// The digits of a number, in whatever way it is written.
pub(super) fn digits(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_digit).collect()
}

fn bounded(mut term: String, folded: &str) -> String {
    let folded = in_key(folded);
    if folded.len() <= MAX_VALUE_BYTES {
        term.push_str(&folded);
        return term;
    }
    let cut = (0..=MAX_VALUE_BYTES).rev().find(|at| folded.is_char_boundary(*at)).unwrap_or(0);
    term.push_str(folded.get(..cut).unwrap_or_default());
    term.push('\u{1}');
    term.push_str(&blake3::hash(folded.as_bytes()).to_hex());
    term
}

fn name(field: TokenField) -> &'static str {
    match field {
        TokenField::Kind => "kind",
        TokenField::Importance => "importance",
        TokenField::Platform => "platform",
        TokenField::Event => "event",
        TokenField::Conversation => "conversation",
        TokenField::MessageId => "id",
        TokenField::Hash => "hash",
        TokenField::ThreadId => "threadid",
        TokenField::ItemClass => "itemclass",
        TokenField::FileType => "filetype",
    }
}

/// A property's value without what stands around it in some writings.
pub(super) fn trimmed(field: TokenField, value: &str) -> &str {
    let value = value.trim();
    match field {
        TokenField::MessageId | TokenField::ThreadId => value.trim_start_matches('<').trim_end_matches('>'),
        TokenField::FileType => value.trim_start_matches('.'),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_folded_bounded_and_distinct() {
        assert_eq!(token_term(TokenField::MessageId, " <A@B.C> "), "id:a@b.c");
        assert_eq!(token_term(TokenField::FileType, ".PDF"), "filetype:pdf");
        assert_eq!(reversed_labels("mail.contoso.com."), "com.contoso.mail");
        assert_eq!(reversed_labels(""), "");
        assert_eq!(digits("+49 (171) 123-45\u{FF16}"), "4917112346".replace("46", "456"));
        let long = "\u{4E2D}".repeat(MAX_VALUE_BYTES);
        let (a, b) = (token_term(TokenField::Conversation, &long), format!("{long}x"));
        assert!(a.len() < MAX_VALUE_BYTES + 100);
        assert_ne!(a, token_term(TokenField::Conversation, &b));
    }
}
