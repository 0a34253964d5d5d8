//! Documents of Word 97 to 2003 (MS-DOC): the pieces that the text is made of.

use std::io::Cursor;

use cfb::CompoundFile;

use super::{Reading, compound, loose_text};

/// Reads a document with its footnotes, headers, comments and text boxes.
pub(super) fn read(file: &mut CompoundFile<Cursor<&[u8]>>, reading: &mut Reading) {
    let Some(main) = compound::stream(file, "WordDocument", reading) else { return };
    let Some(flags) = short(&main, 10) else { return reading.damaged(&"its header is cut") };
    // MS-DOC 2.5.2: fEncrypted.
    if flags & 0x0100 != 0 {
        return reading.note("encrypted", "it is encrypted with a password");
    }
    // MS-DOC 2.5.1: nFib of Word 97 is 193; older ones have no table stream.
    if short(&main, 2).is_none_or(|version| version < 193) {
        return reading.note("no_extractor", "a document of Word before 97 is not searched");
    }
    let name = if flags & 0x0200 == 0 { "0Table" } else { "1Table" };
    let Some(table) = compound::stream(file, name, reading) else { return reading.damaged(&"its table is missing") };
    match pieces(&main, &table) {
        Some(text) => reading.text.push(&readable(&text)),
        None => reading.damaged(&"its list of pieces cannot be read"),
    }
}

/// The text of the pieces in order (MS-DOC 2.4.1).
fn pieces(main: &[u8], table: &[u8]) -> Option<String> {
    // MS-DOC 2.5.6: fcClx and lcbClx.
    let (start, length) = (word(main, 0x01A2)? as usize, word(main, 0x01A6)? as usize);
    let mut clx = table.get(start..start.checked_add(length)?)?;
    // MS-DOC 2.9.38: properties first, each with its length, then the table of pieces.
    while let [1, rest @ ..] = clx {
        clx = rest.get(2 + usize::from(short(rest, 0)?)..)?;
    }
    let [2, rest @ ..] = clx else { return None };
    let table = rest.get(4..4_usize.checked_add(word(rest, 0)? as usize)?)?;
    // MS-DOC 2.8.35: n + 1 positions of 4 bytes, then n descriptors of 8.
    let count = table.len().checked_sub(4)? / 12;
    let mut text = String::new();
    for n in 0..count {
        let characters = word(table, n * 4 + 4)?.checked_sub(word(table, n * 4)?)? as usize;
        let place = word(table, (count + 1) * 4 + n * 8 + 2)?;
        // MS-DOC 2.9.73: the second bit from the top says that a character is one byte, at half the offset.
        let is_narrow = place & 0x4000_0000 != 0;
        let place = (place & 0x3FFF_FFFF) as usize;
        let (from, length) = if is_narrow { (place / 2, characters) } else { (place, characters.checked_mul(2)?) };
        let bytes = main.get(from..from.checked_add(length)?)?;
        text.push_str(&loose_text(bytes, Some(if is_narrow { "windows-1252" } else { "utf-16le" })));
    }
    Some(text)
}

/// Marks of the text as what they stand for; what a field does is left out, what it shows is kept (MS-DOC 2.4.5).
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // For each open field whether its code is being passed, not its result.
    let mut fields = Vec::new();
    for character in text.chars() {
        match character {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                if let Some(in_code) = fields.last_mut() {
                    *in_code = false;
                }
            }
            '\u{15}' => drop(fields.pop()),
            _ if fields.contains(&true) => {}
            '\u{7}' => out.push('\t'),
            '\r' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\u{1e}' => out.push('-'),
            '\u{1f}' => {}
            c if c.is_control() && c != '\t' && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
