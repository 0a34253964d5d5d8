//! People of a query under all the names that they are known by.

use std::collections::HashSet;
use std::sync::Arc;

use super::ast::{Node, PeopleField, Query, TextMatch};
use super::property::Property;
use crate::model::{PersonId, PersonNames};

/// A person of a query who is searched for under further names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// The property, such as `from`.
    pub property: &'static str,
    /// The name in the query.
    pub value: String,
    /// Byte offset of the name in the query.
    pub offset: usize,
    /// The other names and ids; at least one, none twice.
    pub names: Vec<String>,
    /// The ids that were added, that in the query too.
    pub ids: Arc<[PersonId]>,
}

impl Query {
    /// The query with every person whom `names_of` knows under the names that it gives, and what was added. A beginning
    /// of a name (`ann@firm*`) stays as it is.
    #[must_use]
    pub fn with_people(&self, names_of: &dyn Fn(&str) -> PersonNames) -> (Self, Vec<Expansion>) {
        let mut expansions = Vec::new();
        let root = expanded(&self.root, names_of, &mut expansions);
        (Self { root }, expansions)
    }

    /// Whether it names somebody who may be known by other names.
    pub fn names_people(&self) -> bool {
        let mut waiting = vec![&self.root];
        while let Some(node) = waiting.pop() {
            match node {
                Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => waiting.extend(nodes),
                Node::Not(inner) => waiting.push(inner),
                Node::People { text, .. } if !text.prefix => return true,
                _ => {}
            }
        }
        false
    }
}

fn expanded(node: &Node, names_of: &dyn Fn(&str) -> PersonNames, found: &mut Vec<Expansion>) -> Node {
    let mut all = |nodes: &[Node]| nodes.iter().map(|node| expanded(node, names_of, found)).collect();
    match node {
        Node::And(nodes) => Node::And(all(nodes)),
        Node::Or(nodes) => Node::Or(all(nodes)),
        Node::Rows(nodes) => Node::Rows(all(nodes)),
        Node::Not(inner) => Node::Not(Box::new(expanded(inner, names_of, found))),
        Node::People { field, text } if !text.prefix => person(*field, text, names_of, found),
        other => other.clone(),
    }
}

fn person(
    field: PeopleField,
    text: &TextMatch,
    names_of: &dyn Fn(&str) -> PersonNames,
    found: &mut Vec<Expansion>,
) -> Node {
    let PersonNames { names: known, ids } = names_of(&text.text);
    let mut seen = HashSet::from([text.text.to_lowercase()]);
    let mut names: Vec<String> = known.into_iter().filter(|name| seen.insert(name.to_lowercase())).collect();
    let named = |name: &String| {
        let quoted = name.contains(char::is_whitespace);
        Node::People { field, text: TextMatch { text: name.clone(), quoted, ..text.clone() } }
    };
    let itself = Node::People { field, text: text.clone() };
    let mut alternatives: Vec<Node> = std::iter::once(itself.clone()).chain(names.iter().map(named)).collect();
    let mut keys = HashSet::new();
    let ids: Arc<[PersonId]> = ids.into_iter().filter(|id| keys.insert(id.key.clone())).collect();
    names.extend(ids.iter().map(|id| &id.id).filter(|id| seen.insert(id.to_lowercase())).cloned());
    if names.is_empty() {
        return itself;
    }
    if !ids.is_empty() {
        alternatives.push(Node::PersonIds { field, ids: Arc::clone(&ids) });
    }
    let (property, value) = (Property::People(field).name(), text.text.clone());
    found.push(Expansion { property, value, offset: text.place.0, names, ids });
    Node::Or(alternatives)
}
