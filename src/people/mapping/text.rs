//! The characters of a mapping file, and what separates its columns.

use encoding_rs::{UTF_8, WINDOWS_1252};

use crate::people::normalize_address;

/// Lines that are looked at to find what separates the columns.
const SAMPLE_LINES: usize = 100;

/// The text of a file: by its byte order mark, else UTF-8, else Windows-1252, which older spreadsheets write.
/// Returns the name of the character set too.
pub(super) fn text(bytes: &[u8]) -> (String, &'static str) {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return (text.into_owned(), encoding.name());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), UTF_8.name()),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), WINDOWS_1252.name()),
    }
}

/// What separates the columns: the mark by which most lines have an address in a column of its own. Spreadsheets write
/// the one of their country.
pub(super) fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE_LINES).collect();
    let score = |separator: u8| {
        let split = lines.iter().map(|line| cells(line, char::from(separator)));
        let (mut addressed, mut parted) = (0_usize, 0_usize);
        for cells in split.filter(|cells| cells.len() > 1) {
            let is_address = |cell: &&str| normalize_address(cell.trim().trim_matches('"')).is_ok();
            addressed += usize::from(cells.iter().any(is_address));
            parted += 1;
        }
        (addressed, parted)
    };
    let mut best = (b',', score(b','));
    for separator in [b';', b'\t', b'|'] {
        let score = score(separator);
        if score > best.1 {
            best = (separator, score);
        }
    }
    best.0
}

/// The cells of a line; quoted ones keep their quotes.
fn cells(line: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    line.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}
