//! Queries over the attributes of mailboxes, for scopes that follow people.
//!
//! ```text
//! department equals Sales AND country not equals PL
//! (Department -eq 'Sales' -or Title -like 'Head of*') -and IsInactiveMailbox -eq $false
//! ```
//!
//! A comparison is an attribute, an operator and a value. Operators in words: `equals`, `not equals`, `starts with`,
//! `not starts with`; those of OPATH: `-eq`, `-ne`, `-lt`, `-gt`, `-like`, `-notlike`; `=` and `!=` mean the first two.
//! Comparisons are joined by `AND`, `OR`, `NOT` or `-and`, `-or`, `-not`; `not` binds closest, then `and`. Case is
//! ignored everywhere. A value with blanks stands in single or double quotes. An attribute that a mailbox does not have
//! is empty.

mod parse;
mod token;

use std::cmp::Ordering;

use crate::model::Mailbox;

/// How an attribute is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equals,
    StartsWith,
    /// `*` stands for any text.
    Like,
    Less,
    Greater,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Compare { attribute: String, comparison: Comparison, value: String },
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

/// A query over the attributes of mailboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeQuery(Node);

impl AttributeQuery {
    /// Parses a query.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse::parse(text).map(Self)
    }

    /// Whether `mailbox` satisfies it.
    pub fn matches(&self, mailbox: &Mailbox) -> bool {
        holds(&self.0, mailbox)
    }
}

fn holds(node: &Node, mailbox: &Mailbox) -> bool {
    match node {
        Node::Compare { attribute, comparison, value } => {
            values(mailbox, attribute).iter().any(|found| compare(found, *comparison, value))
        }
        Node::Not(inner) => !holds(inner, mailbox),
        Node::And(all) => all.iter().all(|inner| holds(inner, mailbox)),
        Node::Or(any) => any.iter().any(|inner| holds(inner, mailbox)),
    }
}

/// The values of an attribute, in lower case; one empty value if there is none.
fn values(mailbox: &Mailbox, attribute: &str) -> Vec<String> {
    let of_list = |list: &[String]| -> Vec<String> { list.iter().map(|text| text.to_lowercase()).collect() };
    let values = match attribute {
        "address" | "primarysmtpaddress" => vec![mailbox.address.to_lowercase()],
        "emailaddresses" => of_list(&[std::slice::from_ref(&mailbox.address), &mailbox.aliases].concat()),
        "alias" | "aliases" => of_list(&mailbox.aliases),
        "phone" | "phones" => of_list(&mailbox.phones),
        "name" | "displayname" => vec![mailbox.display_name.to_lowercase()],
        "active" => vec![mailbox.active.to_string()],
        "isinactivemailbox" => vec![(!mailbox.active).to_string()],
        _ => {
            let named = mailbox.attributes.iter().filter(|(name, _)| name.to_lowercase() == attribute);
            named.map(|(_, value)| value.to_lowercase()).collect()
        }
    };
    if values.is_empty() { vec![String::new()] } else { values }
}

fn compare(found: &str, comparison: Comparison, value: &str) -> bool {
    match comparison {
        Comparison::Equals => found == value,
        Comparison::StartsWith => found.starts_with(value),
        Comparison::Like => is_like(found, value),
        Comparison::Less => order(found, value) == Ordering::Less,
        Comparison::Greater => order(found, value) == Ordering::Greater,
    }
}

/// As whole numbers where both are, else as text.
fn order(found: &str, value: &str) -> Ordering {
    match (found.parse::<i64>(), value.parse::<i64>()) {
        (Ok(found), Ok(value)) => found.cmp(&value),
        _ => found.cmp(value),
    }
}

fn is_like(found: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return found == pattern };
    let Some(mut found) = found.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match found.split_once(piece) {
            Some((_, after)) => found = after,
            None => return false,
        }
    }
    found.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MailboxNo, UtcTime};

    fn ann() -> Mailbox {
        Mailbox {
            no: MailboxNo(1),
            address: "ann@firm.example".to_owned(),
            display_name: "Ann Novak".to_owned(),
            aliases: vec!["a.novak@firm.example".to_owned()],
            phones: Vec::new(),
            attributes: [("Department", "Sales East"), ("country", "PL"), ("grade", "9")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            active: true,
            created_at: UtcTime(0),
        }
    }

    #[test]
    fn comparisons_are_those_of_the_words_and_of_opath() {
        for (query, expected) in [
            ("department equals 'sales east'", true),
            ("Department -eq \"Sales\"", false),
            ("department not equals Sales", true),
            ("department starts with Sales", true),
            ("department not starts with Sales", false),
            ("department -like 'sal*east'", true),
            ("department -like '*e*t'", true),
            ("department -like 'sales'", false),
            ("department -notlike '*west'", true),
            ("grade -lt 10", true),
            ("grade -gt 10", false),
            ("country = pl", true),
            ("country != pl", false),
            ("title equals ''", true),
            ("title -ne 'Head'", true),
            ("IsInactiveMailbox -eq $true", false),
            ("displayname starts with ann", true),
            ("emailaddresses -like 'a.novak@*'", true),
            ("NOT country = PL", false),
            ("country = DE OR country = PL AND grade = 9", true),
            ("(country = PL OR country = DE) AND grade = 8", false),
            ("-not (country -eq 'DE') -and grade -eq 9", true),
        ] {
            let parsed = AttributeQuery::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
            assert_eq!(parsed.matches(&ann()), expected, "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused_with_its_place() {
        for (query, named) in [
            ("", "is empty"),
            ("department", "an operator"),
            ("department equals", "a value"),
            ("department resembles x", "an operator"),
            ("(country = PL", "`)`"),
            ("country = PL country = DE", "`AND` or `OR`"),
            ("country = 'PL", "quote"),
            ("AND country = PL", "an attribute"),
            ("country -contains PL", "an operator"),
        ] {
            let error = AttributeQuery::parse(query).unwrap_err();
            assert!(error.contains(named), "{query}: {error}");
        }
        let deep = format!("{}country = PL", "(".repeat(100_000));
        assert!(AttributeQuery::parse(&deep).is_err());
    }
}
