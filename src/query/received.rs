//! Queries for when something was received, which not every message says.

use super::ast::{DateProperty, Interval, Node, Query};

impl Query {
    /// The messages that a query for `received` cannot judge, because nothing says when they were received: `None` if
    /// the query does not ask for it. They count as partially indexed.
    pub fn undecidable(&self) -> Option<Self> {
        let known = Node::Date { property: DateProperty::Received, interval: Interval { from: None, before: None } };
        asks(&self.root).then(|| Self { root: Node::Not(Box::new(known)) })
    }

    /// The query, widened by the messages that it cannot judge.
    #[must_use]
    pub fn or_undecidable(&self) -> Self {
        match self.undecidable() {
            Some(undecidable) => Self { root: Node::Or(vec![self.root.clone(), undecidable.root]) },
            None => self.clone(),
        }
    }
}

fn asks(node: &Node) -> bool {
    match node {
        Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => nodes.iter().any(asks),
        Node::Not(inner) => asks(inner),
        Node::Date { property, .. } => *property == DateProperty::Received,
        _ => false,
    }
}
