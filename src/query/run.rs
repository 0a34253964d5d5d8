//! Operands without an operator between them.

use std::collections::HashMap;

use super::ast::Node;
use super::code;
use super::property::Property;
use super::warning::Warning;

/// A part of a query and what the same-property rule has to know of it.
pub(super) struct Operand {
    /// The condition.
    pub(super) node: Node,
    /// The property, if this is a plain restriction: not negated, signed or parenthesised.
    pub(super) property: Option<Property>,
    /// Whether the restriction compares with `<`, `>`, `<=` or `>=`, or is a range.
    pub(super) ordering: bool,
    /// Whether it is an AND without parentheses around it.
    pub(super) bare_and: bool,
    /// Byte offset into the query.
    pub(super) offset: usize,
}

impl Operand {
    /// An operand that never joins others.
    pub(super) fn other(node: Node, offset: usize) -> Self {
        Self { node, property: None, ordering: false, bare_and: false, offset }
    }
}

/// A run of juxtaposed operands: plain restrictions on the same property are joined by OR, everything else by AND
/// (MS-KQL 2.2.4).
#[derive(Default)]
pub(super) struct Run {
    groups: Vec<Vec<Operand>>,
    by_property: HashMap<Property, usize>,
}

impl Run {
    /// Adds the next operand.
    pub(super) fn push(&mut self, operand: Operand) {
        let joined = operand.property.and_then(|property| self.by_property.get(&property).copied());
        if let Some(group) = joined.and_then(|index| self.groups.get_mut(index)) {
            group.push(operand);
            return;
        }
        if let Some(property) = operand.property {
            self.by_property.insert(property, self.groups.len());
        }
        self.groups.push(vec![operand]);
    }

    /// The only operand, if there is just one.
    pub(super) fn into_single(mut self) -> Result<Operand, Self> {
        match (self.groups.pop(), self.groups.is_empty()) {
            (Some(mut group), true) => match (group.pop(), group.is_empty()) {
                (Some(only), true) => Ok(only),
                (last, _) => {
                    group.extend(last);
                    self.groups.push(group);
                    Err(self)
                }
            },
            (last, _) => {
                self.groups.extend(last);
                Err(self)
            }
        }
    }

    /// The conditions that must all hold, in the order of first mention.
    pub(super) fn finish(self, warnings: &mut Vec<Warning>) -> Vec<Node> {
        self.groups.into_iter().map(|group| join(group, warnings)).collect()
    }
}

fn join(mut group: Vec<Operand>, warnings: &mut Vec<Warning>) -> Node {
    match (group.pop(), group.is_empty()) {
        (Some(only), true) => only.node,
        (last, _) => {
            group.extend(last);
            if let Some(warning) = warn_ranges(&group) {
                warnings.push(warning);
            }
            Node::Or(group.into_iter().map(|operand| operand.node).collect())
        }
    }
}

fn warn_ranges(group: &[Operand]) -> Option<Warning> {
    let second = group.get(1)?;
    let name = second.property?.name();
    group.iter().any(|operand| operand.ordering).then(|| {
        let message = format!(
            "comparisons and ranges of `{name}` without an operator between them are joined by OR; write AND or OR, or one \
             `{name}:a..b`"
        );
        Warning::new(code::W_IMPLICIT_OR_RANGE, second.offset, message)
    })
}
