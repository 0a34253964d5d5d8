//! The beginning of a line as it is matched: without direction marks, with plain spaces and digits.

/// Characters of a line that are looked at; the longest stamp has about 60.
const MOST: usize = 90;

/// The zeros of the decimal digits (Unicode 16, general category Nd, basic plane); nine more follow each.
const ZEROS: [u32; 37] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// Whether a character only directs how others are shown: direction marks, embeddings, isolates, byte order mark.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character is a space that is not plain.
pub(super) fn is_odd_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}')
}

/// The plain form of a character: spaces and decimal digits of all scripts.
fn plain(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    if is_odd_space(c) {
        return ' ';
    }
    let code = u32::from(c);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code).filter(|zero| code - **zero < 10);
    zero.and_then(|zero| char::from_digit(code - zero, 10)).unwrap_or(c)
}

/// A place in the plain form of a line's beginning.
#[derive(Debug, Clone)]
pub(super) struct Glyphs {
    /// Each character with the offsets in the line of its first byte and of the byte after it.
    characters: Vec<(char, usize, usize)>,
    at: usize,
}

impl Glyphs {
    /// The beginning of `line`.
    pub(super) fn new(line: &str) -> Self {
        let kept = line.char_indices().take(2 * MOST).filter(|(_, c)| !is_mark(*c)).take(MOST);
        Self { characters: kept.map(|(at, c)| (plain(c), at, at + c.len_utf8())).collect(), at: 0 }
    }

    /// The place, to come back to.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Goes back to a place.
    pub(super) fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.characters.get(self.at).map(|(c, ..)| *c)
    }

    /// Offset in the line of the next character, or of the byte after the last one.
    pub(super) fn offset(&self) -> usize {
        self.characters.get(self.at).map_or_else(|| self.end(), |(_, start, _)| *start)
    }

    /// Offset in the line after the last character that was taken.
    pub(super) fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.characters.get(last)).map_or(0, |(.., end)| *end)
    }

    /// Takes the next character if `wanted` agrees.
    pub(super) fn take_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let next = self.peek().filter(|c| wanted(*c))?;
        self.at += 1;
        Some(next)
    }

    /// Takes `c`.
    pub(super) fn take(&mut self, c: char) -> bool {
        self.take_if(|next| next == c).is_some()
    }

    /// Takes `word`, whose letters are in lower case, in whatever case it is written.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let start = self.at;
        for letter in word.chars() {
            if self.take_if(|c| c == letter || c.to_lowercase().eq([letter])).is_none() {
                self.at = start;
                return false;
            }
        }
        true
    }

    /// Takes letters, and gives them in lower case.
    pub(super) fn letters(&mut self) -> String {
        let mut letters = String::new();
        while let Some(c) = self.take_if(char::is_alphabetic) {
            letters.extend(c.to_lowercase());
        }
        letters
    }

    /// Takes a number of 1 to `most` digits that no further digit follows; gives it and the number of digits.
    pub(super) fn number(&mut self, most: u8) -> Option<(u16, u8)> {
        let (start, mut value, mut digits) = (self.at, 0_u16, 0_u8);
        while let Some(digit) = self.take_if(|c| c.is_ascii_digit()).and_then(|c| c.to_digit(10)) {
            if digits == most {
                self.at = start;
                return None;
            }
            value = value * 10 + digit as u16;
            digits += 1;
        }
        if digits == 0 { None } else { Some((value, digits)) }
    }
}
