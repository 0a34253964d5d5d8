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

    /// Finds what the query surely finds: nothing for when it was received where nothing says so.
    #[must_use]
    pub fn certain(&self) -> Self {
        Self { root: judged(&self.root, false) }
    }

    /// Finds what the query may find, whenever it was received where nothing says so.
    #[must_use]
    pub fn possible(&self) -> Self {
        Self { root: judged(&self.root, true) }
    }
}

/// The node, in which a condition on when a message was received is met by those of which nobody knows, if `unknown_meets`; an
/// exclusion turns that round (Kleene, strong three-valued logic).
fn judged(node: &Node, unknown_meets: bool) -> Node {
    let each = |nodes: &[Node]| nodes.iter().map(|node| judged(node, unknown_meets)).collect();
    match node {
        Node::And(nodes) => Node::And(each(nodes)),
        Node::Or(nodes) => Node::Or(each(nodes)),
        Node::Rows(nodes) => Node::Rows(each(nodes)),
        Node::Not(inner) => Node::Not(Box::new(judged(inner, !unknown_meets))),
        Node::Date { property: DateProperty::Received, .. } if unknown_meets => {
            let known =
                Node::Date { property: DateProperty::Received, interval: Interval { from: None, before: None } };
            Node::Or(vec![node.clone(), Node::Not(Box::new(known))])
        }
        other => other.clone(),
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
