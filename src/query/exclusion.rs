//! Whether a query finds messages for what they lack.

use super::{Node, Query, TokenField};

impl Query {
    /// Whether it may find a message of which not all can be searched only because of that: it excludes what the rest might
    /// say (`NOT contract`).
    pub fn excludes_text(&self) -> bool {
        excludes_text(&self.root, false)
    }
}

/// `excluded` is whether the node is: an exclusion of an exclusion asks for what it names.
fn excludes_text(node: &Node, excluded: bool) -> bool {
    match node {
        Node::Not(node) => excludes_text(node, !excluded),
        Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => {
            nodes.iter().any(|node| excludes_text(node, excluded))
        }
        Node::Anywhere(_) | Node::Near { .. } | Node::Text { .. } | Node::HasText(_) | Node::Date { .. } => excluded,
        Node::HasAttachment(present) => excluded == *present,
        Node::Token { field, .. } => excluded && *field == TokenField::FileType,
        Node::People { .. } | Node::HasPeople(_) | Node::Size(_) | Node::IsRead(_) | Node::Item { .. } | Node::All => {
            false
        }
    }
}
