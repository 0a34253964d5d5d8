//! Operators, parentheses and operands, by recursive descent.

use crate::{Error, Result};

use super::ast::Node;
use super::code;
use super::parser::Parser;
use super::refusal::refuse;
use super::restriction::{group_property, restriction, words};
use super::run::{Operand, Run};
use super::token::{RawText, TokenKind};
use super::warning::Warning;

impl Parser<'_> {
    /// Operands joined by OR, the weakest operator.
    pub(super) fn alternatives(&mut self) -> Result<Operand> {
        let first = self.conjunction()?;
        if !matches!(self.peek(), Some(TokenKind::Or)) {
            return Ok(first);
        }
        let (start, or_offset) = (first.offset, self.offset());
        let mut mixed = first.bare_and;
        let mut nodes = vec![first.node];
        while matches!(self.peek(), Some(TokenKind::Or)) {
            self.next();
            let next = self.conjunction()?;
            mixed |= next.bare_and;
            nodes.push(next.node);
        }
        if mixed {
            let message = "AND binds tighter than OR here; use parentheses to show which is meant";
            self.warnings.push(Warning::new(code::W_MIXED_AND_OR, or_offset, message));
        }
        Ok(Operand::other(Node::Or(nodes), start))
    }

    /// Operands joined by AND or by nothing, which bind equally.
    fn conjunction(&mut self) -> Result<Operand> {
        let offset = self.offset();
        let mut parts = Vec::new();
        let mut run = Run::default();
        run.push(self.negation()?);
        loop {
            match self.peek() {
                Some(TokenKind::And) => {
                    self.next();
                    parts.extend(std::mem::take(&mut run).finish(self.warnings));
                }
                Some(
                    TokenKind::Open
                    | TokenKind::Not
                    | TokenKind::Sign { .. }
                    | TokenKind::Text(_)
                    | TokenKind::Restriction { .. },
                ) => {}
                _ => break,
            }
            run.push(self.negation()?);
        }
        if parts.is_empty() {
            run = match run.into_single() {
                Ok(only) => return Ok(only),
                Err(run) => run,
            };
        }
        parts.extend(run.finish(self.warnings));
        Ok(conjoin(parts, offset))
    }

    /// `NOT`, `-` and `+`.
    fn negation(&mut self) -> Result<Operand> {
        let offset = self.offset();
        match self.peek() {
            Some(TokenKind::Not) => {
                self.next();
                let inner = self.nested(offset, Self::negation)?;
                Ok(Operand::other(Node::Not(Box::new(inner.node)), offset))
            }
            Some(&TokenKind::Sign { negative }) => {
                self.next();
                let inner = self.proximity()?.node;
                let node = if negative { Node::Not(Box::new(inner)) } else { inner };
                Ok(Operand::other(node, offset))
            }
            _ => self.proximity(),
        }
    }

    /// A parenthesis, a restriction, a group, a phrase or a word.
    pub(super) fn primary(&mut self) -> Result<Operand> {
        let offset = self.offset();
        if matches!(self.peek(), Some(TokenKind::Open)) {
            return Ok(Operand::other(self.parenthesised()?.node, offset));
        }
        match self.next().map(|token| token.kind) {
            Some(TokenKind::Text(text)) => self.text(&text),
            Some(TokenKind::Restriction { .. }) if self.scope.is_some() => {
                let hint = "name the property once before the group, or leave the group: `(subject:a OR from:b)`";
                Err(refuse(code::E_GROUP_PROPERTY, offset, "a property inside the group of a property", hint))
            }
            Some(TokenKind::Restriction { property, comparison, value: Some(value) }) => {
                restriction(property, comparison, &value, offset, self.context, self.warnings)
            }
            Some(TokenKind::Restriction { property, comparison, value: None }) => {
                group_property(property, comparison).map_err(|refusal| refusal.at(offset))?;
                self.scope = Some(property);
                let group = self.parenthesised()?;
                self.scope = None;
                Ok(Operand::other(group.node, offset))
            }
            Some(TokenKind::Close) if self.depth == 0 => Err(unopened(offset)),
            found => Err(missing_operand(offset, found.as_ref())),
        }
    }

    fn text(&self, text: &RawText) -> Result<Operand> {
        let node = words(self.scope, text).map_err(|refusal| refusal.at(text.offset))?;
        Ok(Operand::other(node, text.offset))
    }

    /// What stands in the parentheses that open here. Keeps what the same-property rule has to know, for conditions.
    pub(super) fn parenthesised(&mut self) -> Result<Operand> {
        let offset = self.offset();
        self.next();
        if matches!(self.peek(), Some(TokenKind::Close)) {
            return Err(refuse(code::E_EMPTY_GROUP, offset, "the parentheses are empty", "remove them"));
        }
        if self.peek().is_none() {
            return Err(unclosed(offset));
        }
        let inner = self.nested(offset, Self::alternatives)?;
        if matches!(self.peek(), Some(TokenKind::Close)) {
            self.next();
            return Ok(inner);
        }
        Err(unclosed(offset))
    }
}

fn conjoin(mut parts: Vec<Node>, offset: usize) -> Operand {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => Operand::other(only, offset),
        (last, _) => {
            parts.extend(last);
            Operand { bare_and: true, ..Operand::other(Node::And(parts), offset) }
        }
    }
}

fn missing_operand(offset: usize, found: Option<&TokenKind>) -> Error {
    let hint = "put a word, a phrase or a condition on both sides of AND, OR and NEAR, and after NOT; an operator that \
                is meant as a word goes in quotes";
    let message = match found {
        Some(TokenKind::And) => "a word or condition is missing before AND",
        Some(TokenKind::Or) => "a word or condition is missing before OR",
        Some(TokenKind::Near { .. }) => "a word is missing before NEAR",
        Some(_) => "a word or condition is missing here",
        None => "a word or condition is missing at the end",
    };
    refuse(code::E_MISSING_OPERAND, offset, message, hint)
}

/// The refusal of a parenthesis that closes nothing.
pub(super) fn unopened(offset: usize) -> Error {
    refuse(code::E_UNBALANCED_PAREN, offset, "this parenthesis was never opened", "remove it, or open it further left")
}

fn unclosed(offset: usize) -> Error {
    refuse(
        code::E_UNBALANCED_PAREN,
        offset,
        "this parenthesis is not closed",
        "add the closing one, or remove this one",
    )
}
