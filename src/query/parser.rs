//! The tokens of a query and the state of reading them.

use crate::{Error, Result};

use super::code;
use super::context::Context;
use super::parse::MAX_NESTING;
use super::property::Property;
use super::refusal::refuse;
use super::run::Operand;
use super::token::{Token, TokenKind};
use super::warning::Warning;

/// Reads tokens from left to right.
pub(super) struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    /// Length of the query in bytes.
    end: usize,
    /// What the meaning depends on beyond the text.
    pub(super) context: &'a Context,
    /// Where warnings go.
    pub(super) warnings: &'a mut Vec<Warning>,
    /// Levels of parentheses and NOT around the next token.
    pub(super) depth: usize,
    /// The property of the group `property:( .. )` being read.
    pub(super) scope: Option<Property>,
}

impl<'a> Parser<'a> {
    /// Before the first token.
    pub(super) fn new(tokens: Vec<Token>, end: usize, context: &'a Context, warnings: &'a mut Vec<Warning>) -> Self {
        Self { tokens: tokens.into_iter().peekable(), end, context, warnings, depth: 0, scope: None }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Option<&TokenKind> {
        self.tokens.peek().map(|token| &token.kind)
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.tokens.next()
    }

    /// The byte offset of the next token.
    pub(super) fn offset(&mut self) -> usize {
        self.tokens.peek().map_or(self.end, |token| token.offset)
    }

    /// Reads one level deeper.
    pub(super) fn nested(&mut self, offset: usize, read: fn(&mut Self) -> Result<Operand>) -> Result<Operand> {
        if self.depth == MAX_NESTING {
            return Err(too_deep(offset));
        }
        self.depth += 1;
        let operand = read(self);
        self.depth -= 1;
        operand
    }
}

/// The refusal of one level too many.
pub(super) fn too_deep(offset: usize) -> Error {
    let message = format!("more than {MAX_NESTING} levels of parentheses, NOT or NEAR");
    refuse(code::E_TOO_DEEP, offset, message, "take out parentheses that change nothing, or split the search")
}
