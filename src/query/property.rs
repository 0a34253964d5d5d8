//! The properties of the search language.

use super::ast::{DateProperty, Field, ItemField, Node, PeopleField, TokenField};
use super::code;
use super::refusal::{ValueRefusal, excerpt};

/// A property and with it the type of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Property {
    /// Text: contains a word, phrase or prefix.
    Text(Field),
    /// Somebody in a role.
    People(PeopleField),
    /// A closed set or an identifier.
    Token(TokenField),
    /// A date.
    Date(DateProperty),
    /// `size`, in bytes.
    Size,
    /// `hasattachment`.
    HasAttachment,
    /// `isread`.
    IsRead,
    /// Something that is asked of items.
    Item(ItemField),
}

/// Each name of a property in lower case; the first of a property is the one printed.
const NAMES: [(&str, Property); 38] = [
    ("subject", Property::Text(Field::Subject)),
    ("subjecttitle", Property::Text(Field::Subject)),
    ("body", Property::Text(Field::Body)),
    ("attachmentnames", Property::Text(Field::AttachmentNames)),
    ("filename", Property::Text(Field::AttachmentNames)),
    ("category", Property::Text(Field::Category)),
    ("from", Property::People(PeopleField::From)),
    ("senderauthor", Property::People(PeopleField::From)),
    ("to", Property::People(PeopleField::To)),
    ("cc", Property::People(PeopleField::Cc)),
    ("bcc", Property::People(PeopleField::Bcc)),
    ("recipients", Property::People(PeopleField::Recipients)),
    ("participants", Property::People(PeopleField::Participants)),
    ("kind", Property::Token(TokenField::Kind)),
    ("importance", Property::Token(TokenField::Importance)),
    ("platform", Property::Token(TokenField::Platform)),
    ("channel", Property::Token(TokenField::Platform)),
    ("event", Property::Token(TokenField::Event)),
    ("conversation", Property::Token(TokenField::Conversation)),
    ("id", Property::Token(TokenField::MessageId)),
    ("hash", Property::Token(TokenField::Hash)),
    ("threadid", Property::Token(TokenField::ThreadId)),
    ("itemclass", Property::Token(TokenField::ItemClass)),
    ("filetype", Property::Token(TokenField::FileType)),
    ("sent", Property::Date(DateProperty::Sent)),
    ("received", Property::Date(DateProperty::Received)),
    ("date", Property::Date(DateProperty::Either)),
    ("size", Property::Size),
    ("hasattachment", Property::HasAttachment),
    ("isread", Property::IsRead),
    ("author", Property::Text(Field::Author)),
    ("title", Property::Text(Field::Title)),
    ("created", Property::Date(DateProperty::Created)),
    ("lastmodifiedtime", Property::Date(DateProperty::Modified)),
    ("folderid", Property::Item(ItemField::Folder)),
    ("custodian", Property::Item(ItemField::Custodian)),
    ("retentionlabel", Property::Item(ItemField::Label)),
    ("compliancetag", Property::Item(ItemField::Label)),
];

/// Properties of KeyQL in Content Search for which messages here have no data, and what to do instead.
const UNSUPPORTED: [(&str, &str); 6] = [
    ("fileextension", "a property of documents; for the ending of an attachment's name write `filetype:..`"),
    ("path", "a property of documents; limit the search with `--folder`"),
    ("site", "a property of documents; limit the search with `--mailbox`"),
    ("contenttype", "a property of documents; for messages write `kind:..` or `itemclass:..`"),
    ("sensitivetype", "content is not classified here; search for the words themselves"),
    ("sensitivitylabel", "sensitivity labels are not archived; leave the condition out"),
];

impl Property {
    /// The property of a name, ignoring case.
    pub(super) fn lookup(name: &str) -> Result<Self, ValueRefusal> {
        let folded = name.to_lowercase();
        if let Some((_, property)) = NAMES.iter().find(|(known, _)| *known == folded) {
            return Ok(*property);
        }
        if let Some((known, hint)) = UNSUPPORTED.iter().find(|(known, _)| *known == folded) {
            let message = format!("the archive holds no data for the property `{known}`");
            return Err(ValueRefusal::new(code::E_PROPERTY_UNSUPPORTED, message, *hint));
        }
        Err(unknown(name))
    }

    /// The property of a plain restriction.
    pub(super) fn of(node: &Node) -> Option<Self> {
        Some(match node {
            Node::Text { field, .. } | Node::HasText(field) => Self::Text(*field),
            Node::People { field, .. } | Node::PersonIds { field, .. } | Node::HasPeople(field) => Self::People(*field),
            Node::Token { field, .. } => Self::Token(*field),
            Node::Date { property, .. } => Self::Date(*property),
            Node::Size(_) => Self::Size,
            Node::HasAttachment(_) => Self::HasAttachment,
            Node::IsRead(_) => Self::IsRead,
            Node::Item { field, .. } => Self::Item(*field),
            _ => return None,
        })
    }

    /// The name printed.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, property)| *property == self).map_or("", |(name, _)| name)
    }

    /// Whether values are of a closed set.
    pub(super) fn is_closed(self) -> bool {
        let set = [TokenField::Kind, TokenField::Importance, TokenField::Event].map(Self::Token);
        set.contains(&self) || matches!(self, Self::HasAttachment | Self::IsRead)
    }

    /// Whether values are words: `property:( .. )` and `property:*` are possible.
    pub(super) fn is_words(self) -> bool {
        matches!(self, Self::Text(_) | Self::People(_))
    }
}

/// The refusal of a name that is no property. Text with a colon in it is the usual cause, so the hint is to quote.
fn unknown(name: &str) -> ValueRefusal {
    let shown = excerpt(name);
    let folded = shown.to_lowercase();
    let near = NAMES.iter().find(|(known, _)| is_near(&folded, known));
    let hint = match near {
        Some((known, _)) => format!("write `{known}`, or put the text in quotes if no property is meant"),
        None => "put the text in quotes if no property is meant, as in \"http://example.org\"".to_owned(),
    };
    ValueRefusal::new(code::E_UNKNOWN_PROPERTY, format!("there is no property `{shown}`"), hint)
}

/// Whether two names differ only by a final `s` or by one character left out, added or changed.
fn is_near(left: &str, right: &str) -> bool {
    if left.chars().count() < 3 {
        return false;
    }
    let same = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).count();
    let left: Vec<char> = left.chars().skip(same).collect();
    let right: Vec<char> = right.chars().skip(same).collect();
    let (left_rest, right_rest) = (left.get(1..).unwrap_or_default(), right.get(1..).unwrap_or_default());
    left_rest == right || left == right_rest || left_rest == right_rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_once_and_ignore_case() {
        for (index, (name, property)) in NAMES.iter().enumerate() {
            assert_eq!(Property::lookup(&name.to_uppercase()), Ok(*property));
            assert!(NAMES.iter().skip(index + 1).all(|(other, _)| other != name));
            assert!(UNSUPPORTED.iter().all(|(other, _)| other != name));
            assert_eq!(Property::lookup(property.name()), Ok(*property));
        }
    }

    #[test]
    fn a_misspelt_name_is_suggested() {
        for (name, wanted) in [("subjct", "`subject`"), ("recipient", "`recipients`"), ("fron", "`from`")] {
            let refusal = Property::lookup(name).unwrap_err();
            assert_eq!(refusal.code, code::E_UNKNOWN_PROPERTY);
            assert!(refusal.hint.contains(wanted), "{name}: {}", refusal.hint);
        }
        assert!(Property::lookup("http").unwrap_err().hint.contains("quotes"));
    }
}
