//! Readings of lenient mode that concern tokens: each as documented by the vendor, and each with a warning.

use crate::Result;

use super::code;
use super::context::Mode;
use super::display::OPERATORS;
use super::lex::{Lexer, is_sign};
use super::refusal::refuse;
use super::token::{Comparison, RawText, Token, TokenKind};
use super::warning::Warning;

impl Lexer<'_> {
    /// `to: x` and `to :x`, which are the words `to` and `x`: takes the part up to the operator as a word. Does nothing
    /// and returns false if no blank stands beside the operator, and in strict mode.
    ///
    /// The word began at the position `start` and holds an operator sign as its character number `operator`.
    pub(super) fn detached(&mut self, start: usize, word: &str, operator: usize) -> bool {
        if self.mode == Mode::Strict {
            return false;
        }
        let name: String = word.chars().take(operator).collect();
        let rest: String = word.chars().skip(operator).collect();
        let Some((comparison, value)) = Comparison::split(&rest) else { return false };
        let before_blank = value.is_empty() && self.glyphs.peek(0).is_some_and(char::is_whitespace);
        if !name.is_empty() && !before_blank {
            return false;
        }
        let offset = self.glyphs.offset_of(start);
        let message = format!(
            "a blank stands beside `{0}`, so words are searched and no property; for a property write `to{0}ann`",
            comparison.spelling()
        );
        self.warnings.push(Warning::new(code::W_PROPERTY_SPACE, offset, message));
        let signs = rest.chars().count() - value.chars().count();
        self.glyphs.go_to(start + operator + signs);
        if !name.is_empty() {
            let quoted = OPERATORS.contains(&name.as_str());
            let word = RawText { text: name, quoted, offset };
            self.tokens.push(Token { kind: TokenKind::Text(word), offset });
        }
        true
    }

    /// `WORDS(a,b)`, whose match set is that of `(a OR b)`; the name has been read.
    pub(super) fn words_call(&mut self, offset: usize) -> Result<()> {
        let message = "`WORDS(a,b)` is read as `(a OR b)`; results are not ranked here";
        self.warnings.push(Warning::new(code::W_WORDS, offset, message));
        self.glyphs.bump();
        self.tokens.push(Token { kind: TokenKind::Open, offset });
        let mut first = true;
        while self.glyphs.skip_blanks() {
            let at = self.glyphs.offset();
            match self.glyphs.peek(0) {
                Some(')') => break,
                Some(',') => self.glyphs.bump(),
                Some('(') => return Err(not_a_list(at)),
                Some('"') => {
                    let phrase = self.quoted()?;
                    self.alternative(&mut first, phrase);
                }
                Some(c) if is_sign(c) => return Err(not_a_list(at)),
                _ => self.listed(&mut first)?,
            }
        }
        Ok(())
    }

    /// Unquoted words between commas.
    fn listed(&mut self, first: &mut bool) -> Result<()> {
        let offset = self.glyphs.offset();
        let word = self.glyphs.word();
        for text in word.split(',') {
            if text.contains([':', '=', '<', '>']) || text.starts_with(is_sign) {
                return Err(not_a_list(offset));
            }
            if !text.is_empty() {
                // What is an operator elsewhere is a word here.
                let quoted = OPERATORS.contains(&text);
                self.alternative(first, RawText { text: text.to_owned(), quoted, offset });
            }
        }
        Ok(())
    }

    fn alternative(&mut self, first: &mut bool, text: RawText) {
        let offset = text.offset;
        if !std::mem::take(first) {
            self.tokens.push(Token { kind: TokenKind::Or, offset });
        }
        self.tokens.push(Token { kind: TokenKind::Text(text), offset });
    }
}

fn not_a_list(offset: usize) -> crate::Error {
    let hint = "write words or phrases between commas, as in `WORDS(tv,television)`, or `(tv OR television)`";
    refuse(code::E_OPERATOR_UNSUPPORTED, offset, "WORDS takes words and phrases only", hint)
}
