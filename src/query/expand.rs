//! People of a query under all the names that they are known by.

use super::ast::{Node, PeopleField, Query, TextMatch};
use super::property::Property;

/// A person of a query who is searched for under further names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// The property, such as `from`.
    pub property: &'static str,
    /// The name in the query.
    pub value: String,
    /// Byte offset of the name in the query.
    pub offset: usize,
    /// The other names; at least one, none twice.
    pub names: Vec<String>,
}

impl Query {
    /// The query with every person whom `names_of` knows under the names that it gives, and what was added. A beginning
    /// of a name (`ann@firm*`) stays as it is.
    #[must_use]
    pub fn with_people(&self, names_of: &dyn Fn(&str) -> Vec<String>) -> (Self, Vec<Expansion>) {
        let mut expansions = Vec::new();
        let root = expanded(&self.root, names_of, &mut expansions);
        (Self { root }, expansions)
    }
}

fn expanded(node: &Node, names_of: &dyn Fn(&str) -> Vec<String>, found: &mut Vec<Expansion>) -> Node {
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
    names_of: &dyn Fn(&str) -> Vec<String>,
    found: &mut Vec<Expansion>,
) -> Node {
    let mut names: Vec<String> = Vec::new();
    for name in names_of(&text.text) {
        let same = |known: &String| known.to_lowercase() == name.to_lowercase();
        if !same(&text.text) && !names.iter().any(same) {
            names.push(name);
        }
    }
    let named = |name: &str| {
        let quoted = name.contains(char::is_whitespace);
        Node::People { field, text: TextMatch { text: name.to_owned(), quoted, ..text.clone() } }
    };
    let itself = Node::People { field, text: text.clone() };
    if names.is_empty() {
        return itself;
    }
    let alternatives = std::iter::once(itself).chain(names.iter().map(|name| named(name))).collect();
    let (property, value) = (Property::People(field).name(), text.text.clone());
    found.push(Expansion { property, value, offset: text.place.0, names });
    Node::Or(alternatives)
}
