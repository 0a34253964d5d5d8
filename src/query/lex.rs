//! Cuts a query into tokens.

use crate::{Error, Result};

use super::code;
use super::context::Mode;
use super::glyphs::Glyphs;
use super::mark::is_dash;
use super::property::Property;
use super::proximity::parse_distance;
use super::refusal::refuse;
use super::token::{Comparison, RawText, Token, TokenKind};
use super::warning::Warning;

/// Operators of KeyQL with arguments that are refused.
const UNSUPPORTED_CALLS: [&str; 4] = ["WORDS", "ALL", "ANY", "NONE"];

/// Reads a query from left to right.
pub(super) struct Lexer<'a> {
    pub(super) mode: Mode,
    pub(super) glyphs: Glyphs,
    pub(super) tokens: Vec<Token>,
    pub(super) warnings: &'a mut Vec<Warning>,
}

/// The tokens of a query in order.
///
/// # Errors
/// Unbalanced quotes, detached signs, unknown or detached properties, unsupported operators.
pub(super) fn lex(text: &str, mode: Mode, warnings: &mut Vec<Warning>) -> Result<Vec<Token>> {
    let mut lexer = Lexer { mode, glyphs: Glyphs::new(text), tokens: Vec::new(), warnings };
    while lexer.glyphs.skip_blanks() {
        let offset = lexer.glyphs.offset();
        if let Some(kind) = lexer.token(offset)? {
            lexer.tokens.push(Token { kind, offset });
        }
    }
    lexer.warnings.extend(lexer.glyphs.warnings());
    Ok(lexer.tokens)
}

impl Lexer<'_> {
    /// The next token; `None` if what was read stands for none, or for several that are in the list already.
    fn token(&mut self, offset: usize) -> Result<Option<TokenKind>> {
        let token = match self.glyphs.peek(0) {
            Some('(') => self.opening(),
            Some(')') => {
                self.glyphs.bump();
                TokenKind::Close
            }
            Some('"') => self.quoted().map(TokenKind::Text)?,
            Some(c) if is_sign(c) => self.sign(offset, c != '+')?,
            _ => return self.word(offset),
        };
        Ok(Some(token))
    }

    /// `(`, `(c:s)` or `(c:c)`.
    fn opening(&mut self) -> TokenKind {
        let marker = |letter| {
            [(1, 'c'), (2, ':'), (3, letter), (4, ')')]
                .iter()
                .all(|(ahead, wanted)| self.glyphs.peek(*ahead).is_some_and(|c| c.eq_ignore_ascii_case(wanted)))
        };
        let (kind, length) = match (marker('s'), marker('c')) {
            (true, _) => (TokenKind::Row, 5),
            (_, true) => (TokenKind::Conditions, 5),
            _ => (TokenKind::Open, 1),
        };
        for _ in 0..length {
            self.glyphs.bump();
        }
        kind
    }

    /// A phrase or a quoted value; no escape for a quote. The text stays as written but for a `*`, which has a meaning.
    pub(super) fn quoted(&mut self) -> Result<RawText> {
        let offset = self.glyphs.offset();
        self.glyphs.bump();
        let mut text = String::new();
        while let Some(next) = self.glyphs.peek(0) {
            match next {
                '"' => {
                    self.glyphs.bump();
                    self.check_after_quote()?;
                    return Ok(RawText { text, quoted: true, offset });
                }
                '*' => {
                    self.glyphs.bump();
                    text.push('*');
                }
                _ => text.extend(self.glyphs.bump_raw().map(|glyph| glyph.raw)),
            }
        }
        let hint = "add the closing quote, or remove this one";
        Err(refuse(code::E_UNBALANCED_QUOTE, offset, "this quote is not closed", hint))
    }

    fn check_after_quote(&self) -> Result<()> {
        if !self.glyphs.peek(0).is_some_and(is_sign) {
            return Ok(());
        }
        let hint =
            "put a blank before the sign to exclude or include what follows, or put all of it in one pair of quotes";
        let message = "a sign directly behind a quote belongs to neither side";
        Err(refuse(code::E_DETACHED_SIGN, self.glyphs.offset(), message, hint))
    }

    fn sign(&mut self, offset: usize, negative: bool) -> Result<TokenKind> {
        if self.glyphs.bump_raw().is_some_and(|glyph| !glyph.raw.is_ascii()) {
            self.glyphs.note_typographic(offset);
        }
        let attached = self.glyphs.peek(0).is_some_and(|c| c != ')' && !c.is_whitespace() && !is_sign(c));
        if attached {
            return Ok(TokenKind::Sign { negative });
        }
        let hint = "put one sign directly before its word, as in `-draft`; for a sign that is meant as text use quotes";
        Err(refuse(code::E_DETACHED_SIGN, offset, "this sign does not stand directly before a word", hint))
    }

    fn word(&mut self, offset: usize) -> Result<Option<TokenKind>> {
        let start = self.glyphs.position();
        let text = self.glyphs.word();
        if let Some(operator) = text.chars().position(|c| matches!(c, ':' | '=' | '<' | '>')) {
            if self.detached(start, &text, operator) {
                return Ok(None);
            }
            return self.restriction(start, &text, operator).map(Some);
        }
        if self.mode == Mode::Lenient && text == "WORDS" && self.glyphs.peek(0) == Some('(') {
            return self.words_call(offset).map(|()| None);
        }
        self.check_supported(&text, offset)?;
        Ok(Some(match text.as_str() {
            "AND" => TokenKind::And,
            "OR" => TokenKind::Or,
            "NOT" => TokenKind::Not,
            "NEAR" | "ONEAR" => TokenKind::Near { ordered: text == "ONEAR", distance: self.distance()? },
            _ => {
                self.check_unit(&text, offset)?;
                self.warn_lowercase(&text, offset);
                self.warn_question_mark(&text, offset);
                TokenKind::Text(RawText { text, quoted: false, offset })
            }
        }))
    }

    /// The parenthesised number directly behind `NEAR`.
    fn distance(&mut self) -> Result<Option<u32>> {
        if self.glyphs.peek(0) != Some('(') {
            return Ok(None);
        }
        let offset = self.glyphs.offset();
        self.glyphs.bump();
        let text = self.glyphs.word();
        if self.glyphs.peek(0) == Some(')')
            && let Some(distance) = parse_distance(&text)
        {
            self.glyphs.bump();
            return Ok(Some(distance));
        }
        let hint = "write `NEAR(5)`, or a blank between NEAR and a parenthesised operand; at most 1000000 words";
        Err(refuse(code::E_NEAR_DISTANCE, offset, "the distance must be a whole number of words", hint))
    }

    /// A word that holds an operator sign as its character number `operator`; it began at the position `start`.
    fn restriction(&mut self, start: usize, word: &str, operator: usize) -> Result<TokenKind> {
        let name: String = word.chars().take(operator).collect();
        let rest: String = word.chars().skip(operator).collect();
        let (comparison, value) = Comparison::split(&rest).expect("the caller found an operator sign here");
        if name.is_empty() {
            return Err(property_space(self.glyphs.offset_of(start)));
        }
        let offset = self.glyphs.offset_of(start);
        let property = Property::lookup(&name).map_err(|refusal| refusal.at(offset))?;
        let signs = rest.len() - value.len();
        let value = self.value(property, value, self.glyphs.offset_of(start + operator + signs))?;
        Ok(TokenKind::Restriction { property, comparison, value })
    }

    /// The value behind an operator, of which `text` has been read; `None` if a group follows.
    fn value(&mut self, property: Property, text: &str, offset: usize) -> Result<Option<RawText>> {
        let next = self.glyphs.peek(0);
        if !text.is_empty() {
            if next == Some('"') {
                let hint = "put the whole value in quotes, or a blank before the quote";
                return Err(refuse(code::E_QUOTE_POSITION, self.glyphs.offset(), "a quote inside a value", hint));
            }
            self.check_supported(text, offset)?;
            if property.is_words() {
                self.warn_question_mark(text, offset);
            }
            return Ok(Some(RawText { text: text.to_owned(), quoted: false, offset }));
        }
        match next {
            Some('(') => Ok(None),
            Some('"') => match self.quoted()? {
                value if value.text.trim().is_empty() => Err(empty_value(property, offset)),
                value => Ok(Some(value)),
            },
            None | Some(')') => Err(empty_value(property, offset)),
            Some(_) => Err(property_space(offset)),
        }
    }

    fn check_supported(&self, word: &str, offset: usize) -> Result<()> {
        let call = UNSUPPORTED_CALLS.contains(&word) && self.glyphs.peek(0) == Some('(');
        if !call && word != "XRANK" {
            return Ok(());
        }
        let hint = match word {
            "XRANK" => "results are not ranked here, so leave it out; for the word itself use quotes",
            "WORDS" | "ANY" => "write the alternatives with OR: `(a OR b)`; for the word itself use quotes",
            "NONE" => "write `NOT (a OR b)`; for the word itself use quotes",
            _ => "write `(a AND b)`; for the word itself use quotes",
        };
        Err(refuse(code::E_OPERATOR_UNSUPPORTED, offset, format!("the operator {word} is not supported"), hint))
    }

    /// A unit behind a size and a blank would be searched as a word.
    fn check_unit(&self, word: &str, offset: usize) -> Result<()> {
        let after_size = matches!(
            self.tokens.last().map(|token| &token.kind),
            Some(TokenKind::Restriction { property: Property::Size, .. })
        );
        if !after_size || !["KB", "MB", "GB"].iter().any(|unit| word.eq_ignore_ascii_case(unit)) {
            return Ok(());
        }
        let hint = "write number and unit without a blank, `size>5MB`; for the word itself use quotes";
        Err(refuse(code::E_NUMBER_VALUE, offset, "a blank stands between a size and its unit", hint))
    }

    fn warn_lowercase(&mut self, word: &str, offset: usize) {
        if ["and", "or", "not", "near", "onear"].iter().any(|operator| word.eq_ignore_ascii_case(operator)) {
            let upper = word.to_ascii_uppercase();
            let message = format!("`{word}` is searched as a word; for the operator write `{upper}`, else quote it");
            self.warnings.push(Warning::new(code::W_LOWERCASE_OPERATOR, offset, message));
        }
    }

    fn warn_question_mark(&mut self, word: &str, offset: usize) {
        if word.trim_end_matches('?').contains('?') {
            let message = "`?` separates words and stands for no character; use `*` at the end of a word, or OR";
            self.warnings.push(Warning::new(code::W_QUESTION_MARK, offset, message));
        }
    }
}

/// Whether a character before an operand is a sign.
pub(super) fn is_sign(c: char) -> bool {
    c == '+' || is_dash(c)
}

fn property_space(offset: usize) -> Error {
    let hint = "write property, operator and value without blanks: `to:ann`; for plain text use quotes";
    refuse(code::E_PROPERTY_SPACE, offset, "a blank stands beside the operator", hint)
}

fn empty_value(property: Property, offset: usize) -> Error {
    let hint = if property.is_words() {
        format!("add a value; for messages without any write `NOT {}:*`", property.name())
    } else {
        "add a value directly behind the operator".to_owned()
    };
    refuse(code::E_EMPTY_VALUE, offset, "the value is missing", hint)
}
