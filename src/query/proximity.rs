//! NEAR and ONEAR: distances and operands.

use crate::{Error, Result};

use super::ast::{Node, TextMatch};
use super::code;
use super::parse::MAX_NESTING;
use super::parser::{Parser, too_deep};
use super::refusal::refuse;
use super::run::Operand;
use super::token::TokenKind;

/// The distance of a NEAR or ONEAR without a number, in words between the operands.
pub const DEFAULT_DISTANCE: u32 = 8;

/// The largest distance, in words: an indexed text part of two million characters has no more.
pub const MAX_DISTANCE: u32 = 1_000_000;

/// The number of `NEAR(5)` or `NEAR(n=5)`, without the parentheses.
pub(super) fn parse_distance(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("n=").or_else(|| text.strip_prefix("N=")).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|distance| *distance <= MAX_DISTANCE)
}

impl Parser<'_> {
    /// A chain of `NEAR` and `ONEAR`, each taking the span of what stands left of it.
    pub(super) fn proximity(&mut self) -> Result<Operand> {
        let mut left = self.primary()?;
        let mut links = chain_length(&left.node);
        while let Some(&TokenKind::Near { ordered, distance }) = self.peek() {
            let near_offset = self.offset();
            if self.scope.is_some() {
                return Err(near_operand(near_offset));
            }
            self.next();
            links += 1;
            if self.depth + links > MAX_NESTING {
                return Err(too_deep(near_offset));
            }
            let left_offset = left.offset;
            let left_node = match left.node {
                chain @ Node::Near { .. } => chain,
                other => operand(other).ok_or_else(|| near_operand(left_offset))?,
            };
            let right = self.near_right(near_offset, distance)?;
            let distance = distance.unwrap_or(DEFAULT_DISTANCE);
            let node = Node::Near { ordered, distance, left: Box::new(left_node), right: Box::new(right) };
            left = Operand::other(node, left_offset);
        }
        Ok(left)
    }

    /// The operand on the right of `NEAR`.
    fn near_right(&mut self, near_offset: usize, distance: Option<u32>) -> Result<Node> {
        let offset = self.offset();
        match self.peek() {
            Some(TokenKind::Not | TokenKind::Sign { .. } | TokenKind::Restriction { .. }) => {
                return Err(near_operand(offset));
            }
            Some(TokenKind::Open) if distance.is_none() => {
                let right = self.primary()?.node;
                return match right {
                    Node::Anywhere(text) if is_number(&text) => Err(detached_distance(near_offset, &text.text)),
                    right => operand(right).ok_or_else(|| near_operand(offset)),
                };
            }
            _ => {}
        }
        operand(self.primary()?.node).ok_or_else(|| near_operand(offset))
    }
}

/// An operand as the tree holds it: free text, or one `Or` of free texts however they were nested. `None` for anything
/// else, as a position is known for words only.
fn operand(node: Node) -> Option<Node> {
    match node {
        Node::Anywhere(_) => Some(node),
        Node::Or(alternatives) => {
            let mut flat = Vec::with_capacity(alternatives.len());
            for alternative in alternatives {
                match operand(alternative)? {
                    Node::Or(inner) => flat.extend(inner),
                    text => flat.push(text),
                }
            }
            Some(Node::Or(flat))
        }
        _ => None,
    }
}

/// How many NEAR stand one in the left operand of the other.
fn chain_length(node: &Node) -> usize {
    std::iter::successors(Some(node), |node| match node {
        Node::Near { left, .. } => Some(&**left),
        _ => None,
    })
    .count()
        - 1
}

fn is_number(text: &TextMatch) -> bool {
    !text.quoted && !text.prefix && text.text.bytes().all(|byte| byte.is_ascii_digit())
}

fn near_operand(offset: usize) -> Error {
    let hint = "NEAR takes words, phrases, prefixes and `(a OR b)` of these, without properties, AND and NOT";
    refuse(code::E_NEAR_OPERAND, offset, "NEAR works on free text only", hint)
}

fn detached_distance(offset: usize, digits: &str) -> Error {
    let hint = format!("write `NEAR({digits})` without a blank; for the number itself write \"{digits}\"");
    refuse(code::E_NEAR_DISTANCE, offset, "a blank stands between NEAR and its distance", hint)
}
