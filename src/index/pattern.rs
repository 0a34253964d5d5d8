//! A word, phrase or prefix of a query as tokens at positions.

use crate::error::Result;
use crate::query::TextMatch;
use crate::text::phone::number;

use super::failure::refused;
use super::number::sought;
use super::scanner::{Kind, Scanner};

/// Tokens that must stand at fixed distances from each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    /// In the order of their offsets; at least one, the first at 0.
    pub(super) slots: Vec<Slot>,
    /// Positions that a match covers.
    pub(super) length: u32,
    /// Byte offset into the query.
    pub(super) place: usize,
    /// Beginnings of tokens of which each will do in place of the others: those of the phone number that the text is.
    pub(super) numbers: Vec<String>,
}

/// One token of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    /// Positions after the start of a match.
    pub(super) offset: u32,
    /// Its folded form.
    pub(super) text: String,
    /// Whether `text` is only the beginning of the token.
    pub(super) prefix: bool,
}

impl Pattern {
    /// The tokens of `text`.
    ///
    /// A run of two or more characters without spaces is matched by its pairs, so anywhere inside a longer run; a
    /// single one at the end by whatever begins with it.
    ///
    /// # Errors
    /// `E_NO_SEARCHABLE_TEXT` if there are none.
    pub(super) fn of(text: &TextMatch) -> Result<Self> {
        let mut slots: Vec<Slot> = Vec::new();
        let (mut scanner, mut token) = (Scanner::new(&text.text), String::new());
        let (mut offset, mut last_kind) = (0, None);
        while let Some(mark) = scanner.next(&mut token) {
            if mark.kind != Kind::Last || last_kind != Some(Kind::Pair) {
                slots.push(Slot { offset, text: token.clone(), prefix: false });
            }
            last_kind = Some(mark.kind);
            offset += 1;
        }
        if let Some(last) = slots.last_mut() {
            last.prefix = last.offset + 1 == offset
                && match last_kind {
                    Some(Kind::Last) => true,
                    Some(Kind::Word) => text.prefix,
                    _ => false,
                };
            let number = if text.prefix { None } else { number(&text.text) };
            let numbers = number.as_ref().map(sought).unwrap_or_default();
            return Ok(Self { slots, length: offset, place: text.place.0, numbers });
        }
        let message = format!("`{}` has no letter, digit or symbol to search for", text.text);
        Err(refused("E_NO_SEARCHABLE_TEXT", text.place.0, message, "punctuation separates words and is not searched"))
    }

    /// Whether it is one token.
    pub(super) fn single(&self) -> Option<&Slot> {
        match self.slots.as_slice() {
            [slot] => Some(slot),
            _ => None,
        }
    }

    /// The same in the second form that words of display names have.
    pub(super) fn in_name(mut self) -> Self {
        for slot in &mut self.slots {
            slot.text.insert(0, super::tokenizer::NAME_MARK);
        }
        self.numbers.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str, prefix: bool) -> String {
        let text = super::super::compile::as_text(text, prefix);
        let Ok(pattern) = Pattern::of(&text) else { return "none".to_owned() };
        let slots: Vec<_> = pattern
            .slots
            .iter()
            .map(|slot| format!("{}@{}{}", slot.text, slot.offset, if slot.prefix { "*" } else { "" }))
            .collect();
        format!("{} /{}", slots.join(" "), pattern.length)
    }

    #[test]
    fn patterns() {
        for (text, prefix, expected) in [
            ("Budget", false, "budget@0 /1"),
            ("Budg", true, "budg@0* /1"),
            ("AT&T", false, "at@0 t@1 /2"),
            ("advanced sear", true, "advanced@0 sear@1* /2"),
            ("\u{4E2D}\u{56FD}\u{4EBA}", true, "\u{4E2D}\u{56FD}@0 \u{56FD}\u{4EBA}@1 /3"),
            ("\u{4E2D}", false, "\u{4E2D}@0* /1"),
            ("\u{7B2C}3\u{7AE0}", false, "\u{7B2C}@0 3@1 \u{7AE0}@2* /3"),
            ("\u{4E2D}\u{56FD} x", false, "\u{4E2D}\u{56FD}@0 x@2 /3"),
            ("\u{1F600}", true, "\u{1F600}@0 /1"),
            ("?!", false, "none"),
        ] {
            assert_eq!(pattern(text, prefix), expected, "{text}");
        }
    }
}
