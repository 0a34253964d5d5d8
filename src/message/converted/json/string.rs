//! Strings of JSON (RFC 8259 section 7).

use std::borrow::Cow;

use super::Json;

impl<'a> Json<'a> {
    /// Reads a string.
    pub(in crate::message::converted) fn string(&mut self) -> Result<Cow<'a, str>, String> {
        if !self.take(b'"') {
            return Err(self.invalid("a string"));
        }
        let start = self.at;
        let mut owned: Option<String> = None;
        loop {
            let run = self.at;
            let stop = self.rest().iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            self.at = stop.map_or(self.text.len(), |stop| run + stop);
            if let Some(text) = &mut owned {
                text.push_str(self.text.get(run..self.at).unwrap_or_default());
            }
            match self.rest().first() {
                Some(b'"') => {
                    let borrowed = self.text.get(start..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(owned.map_or(Cow::Borrowed(borrowed), Cow::Owned));
                }
                Some(b'\\') => {
                    let text =
                        owned.get_or_insert_with(|| self.text.get(start..self.at).unwrap_or_default().to_owned());
                    let mut rest = Self { text: self.text, at: self.at + 1, depth: 0 };
                    text.push(rest.escape()?);
                    self.at = rest.at;
                }
                Some(_) => return Err(self.invalid("no control character in a string")),
                None => return Err(self.invalid("the end of a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let letter = self.rest().first().copied();
        self.at += usize::from(letter.is_some());
        match letter {
            Some(b'"') => Ok('"'),
            Some(b'\\') => Ok('\\'),
            Some(b'/') => Ok('/'),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode_escape(),
            _ => Err(self.invalid("an escape that JSON knows")),
        }
    }

    fn unicode_escape(&mut self) -> Result<char, String> {
        let unit = self.four_digits()?;
        if let Some(single) = char::from_u32(unit) {
            return Ok(single);
        }
        let low = if unit < 0xdc00 && self.rest().starts_with(b"\\u") {
            self.at += 2;
            self.four_digits()?
        } else {
            0
        };
        if !(0xdc00..0xe000).contains(&low) {
            return Err(self.invalid("a whole character after `\\u`; half of a surrogate pair stands alone"));
        }
        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)).ok_or_else(|| self.invalid("a character"))
    }

    fn four_digits(&mut self) -> Result<u32, String> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.invalid("four hexadecimal digits after `\\u`"))?;
        self.at += 4;
        Ok(unit)
    }
}

/// Appends `text` as a JSON string in ASCII.
pub(in crate::message::converted) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str("\\u");
                    for shift in [12, 8, 4, 0] {
                        out.extend(char::from_digit(u32::from(*unit >> shift) & 15, 16));
                    }
                }
            }
        }
    }
    out.push('"');
}
