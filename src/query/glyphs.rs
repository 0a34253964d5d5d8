//! The characters of a query, read from left to right.

use super::code;
use super::mark::{is_invisible, plain};
use super::warning::Warning;

/// One character.
#[derive(Clone, Copy)]
pub(super) struct Glyph {
    /// Byte offset.
    offset: usize,
    /// As written.
    pub(super) raw: char,
    /// As read by the grammar.
    plain: char,
}

/// The characters and how far they have been read.
pub(super) struct Glyphs {
    all: Vec<Glyph>,
    at: usize,
    /// Length of the query in bytes.
    end: usize,
    /// The first typographic character read as ASCII, and how many.
    typographic: Option<(usize, usize)>,
}

impl Glyphs {
    /// Before the first character.
    pub(super) fn new(text: &str) -> Self {
        let all = text.char_indices().map(|(offset, raw)| Glyph { offset, raw, plain: plain(raw) }).collect();
        Self { all, at: 0, end: text.len(), typographic: None }
    }

    /// The character `ahead` of the next one, as the grammar reads it.
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.all.get(self.at + ahead).map(|glyph| glyph.plain)
    }

    /// How many characters have been read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Goes on at a position.
    pub(super) fn go_to(&mut self, position: usize) {
        self.at = position;
    }

    /// The byte offset of the next character.
    pub(super) fn offset(&self) -> usize {
        self.offset_of(self.at)
    }

    /// The byte offset of the character at a position.
    pub(super) fn offset_of(&self, position: usize) -> usize {
        self.all.get(position).map_or(self.end, |glyph| glyph.offset)
    }

    /// Takes the next character as the grammar reads it, and notes if that is not what is written.
    pub(super) fn bump(&mut self) {
        if let Some(glyph) = self.bump_raw()
            && glyph.raw != glyph.plain
        {
            self.note_typographic(glyph.offset);
        }
    }

    /// Takes the next character as it is written.
    pub(super) fn bump_raw(&mut self) -> Option<Glyph> {
        let glyph = *self.all.get(self.at)?;
        self.at += 1;
        Some(glyph)
    }

    /// Notes that the character at a byte offset is read as ASCII.
    pub(super) fn note_typographic(&mut self, offset: usize) {
        let (first, count) = self.typographic.unwrap_or((offset, 0));
        self.typographic = Some((first, count + 1));
    }

    /// Whether anything but blanks is left.
    pub(super) fn skip_blanks(&mut self) -> bool {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.at < self.all.len()
    }

    /// The characters up to a blank, a parenthesis or a quote.
    pub(super) fn word(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek(0)
            && !ends_word(c)
        {
            self.bump();
            text.push(c);
        }
        text
    }

    /// What a reader of the query would not see.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if let Some(Glyph { offset, raw, .. }) = self.all.iter().find(|glyph| is_invisible(glyph.raw)) {
            let message = format!("the query holds a character that cannot be seen: U+{:04X}", u32::from(*raw));
            warnings.push(Warning::new(code::W_INVISIBLE_CHARACTER, *offset, message));
        }
        if let Some((offset, count)) = self.typographic {
            let message = format!("{count} typographic or full-width characters are read as ASCII, the first one here");
            warnings.push(Warning::new(code::W_SMART_PUNCTUATION, offset, message));
        }
        warnings
    }
}

/// Whether a word ends before this character.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"')
}
