//! Whether a query finds messages for what they lack.

use super::{Node, Query, TokenField};

/// What a query excludes, so that a message of which that cannot be searched in full may be found only because of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exclusions {
    /// What any part of it might say (`NOT contract`).
    pub text: bool,
    /// Whom its address fields might name, or the ids of its thread (`NOT participants:ann`, `NOT threadid:a@b`).
    pub people: bool,
}

impl Exclusions {
    /// Those of a query that nobody can read: it may exclude anything.
    pub const UNKNOWN: Self = Self { text: true, people: true };
}

impl Query {
    /// What it excludes.
    pub fn exclusions(&self) -> Exclusions {
        let mut found = Exclusions::default();
        find(&self.root, false, &mut found);
        found
    }
}

/// `excluded` is whether the node is: an exclusion of an exclusion asks for what it names.
fn find(node: &Node, excluded: bool, found: &mut Exclusions) {
    match node {
        Node::Not(node) => find(node, !excluded, found),
        Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => {
            for node in nodes {
                find(node, excluded, found);
            }
        }
        Node::Anywhere(_) | Node::Near { .. } | Node::Text { .. } | Node::HasText(_) | Node::Date { .. } => {
            found.text |= excluded;
        }
        Node::HasAttachment(present) => found.text |= excluded == *present,
        Node::Token { field: TokenField::FileType, .. } => found.text |= excluded,
        Node::People { .. }
        | Node::PersonIds { .. }
        | Node::HasPeople(_)
        | Node::Token { field: TokenField::ThreadId | TokenField::MessageId, .. } => found.people |= excluded,
        Node::Token { .. } | Node::Size(_) | Node::IsRead(_) | Node::Item { .. } | Node::All => {}
    }
}
