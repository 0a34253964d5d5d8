//! Files that are written into a text as uuencode (POSIX.1-2017, `uuencode`), historical or base64: what mail programs did
//! before MIME, and some still do.

use std::ops::Range;

use super::transfer::base64;

/// Files of one text that are read.
pub(super) const FILE_LIMIT: usize = 1_000;

/// Longest name of a file, in bytes; longer ones are no names in any file system.
const NAME_LIMIT: usize = 255;

/// Bytes that all lines but the last encode, in what most programs write.
const USUAL: usize = 45;

/// A file in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EncodedFile<'a> {
    /// As its first line says.
    pub(super) name: &'a str,
    /// Where its lines stand in the text, the first and the last included.
    pub(super) lines: Range<usize>,
    /// What they encode, as far as they do.
    pub(super) bytes: Vec<u8>,
    /// Whether its last line is there.
    pub(super) is_whole: bool,
}

/// The files in `text`, in its order. What only begins like one is none.
pub(super) fn encoded_files(text: &str) -> Vec<EncodedFile<'_>> {
    let mut files = Vec::new();
    let mut at = 0;
    while files.len() < FILE_LIMIT
        && let Some(start) = next_beginning(text, at)
    {
        at = match encoded_file(text, start) {
            Some(file) => {
                let end = file.lines.end;
                files.push(file);
                end
            }
            None => start + 1,
        };
    }
    files
}

/// The only file in `text`, if that has nothing else.
pub(super) fn only_file(text: &str) -> Option<EncodedFile<'_>> {
    let mut files = encoded_files(text);
    let file = files.pop().filter(|file| files.is_empty() && file.is_whole)?;
    let beside = [text.get(..file.lines.start)?, text.get(file.lines.end..)?];
    beside.iter().all(|text| text.trim_ascii().is_empty()).then_some(file)
}

/// The next line from `at` on that begins with `begin`.
fn next_beginning(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let found = memchr::memmem::find_iter(rest.as_bytes(), b"begin");
    let mut found = found.map(|place| at + place);
    found.find(|&place| place == 0 || text.as_bytes().get(place - 1) == Some(&b'\n'))
}

fn encoded_file(text: &str, start: usize) -> Option<EncodedFile<'_>> {
    let rest = text.get(start..)?;
    let mut lines = rest.split_inclusive('\n');
    let first = lines.next()?;
    let base64 = first.strip_prefix("begin-base64 ");
    let name = name(base64.or_else(|| first.strip_prefix("begin "))?)?;
    let Decoded { bytes, length, is_whole } =
        if base64.is_some() { decode_base64(lines) } else { decode_historical(lines) };
    // Without its end, only full lines tell a file from words in capitals.
    let is_file = is_whole || bytes.len() >= USUAL;
    let lines = start..start + first.len() + length;
    (!bytes.is_empty() && is_file).then_some(EncodedFile { name, lines, bytes, is_whole })
}

/// What the lines behind the first encode.
#[derive(Default)]
struct Decoded {
    bytes: Vec<u8>,
    /// Bytes of these lines.
    length: usize,
    is_whole: bool,
}

fn decode_base64<'t>(lines: impl Iterator<Item = &'t str>) -> Decoded {
    let (mut decoded, mut encoded) = (Decoded::default(), Vec::new());
    for line in lines {
        let word = line.trim_ascii();
        decoded.is_whole = word == "====";
        if !decoded.is_whole && !is_base64_line(word) {
            break;
        }
        decoded.length += line.len();
        if decoded.is_whole {
            break;
        }
        encoded.extend_from_slice(word.as_bytes());
    }
    let (bytes, is_faulty) = base64(&encoded);
    if is_faulty && decoded.is_whole { Decoded::default() } else { Decoded { bytes, ..decoded } }
}

/// The lines of a file say each how much they encode: all but the last the same. Behind them stand one of nothing, which some
/// leave out, and the word that ends the file.
fn decode_historical<'t>(lines: impl Iterator<Item = &'t str>) -> Decoded {
    let mut decoded = Decoded::default();
    let mut counts: Option<(usize, usize)> = None;
    for line in lines {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let content = content.strip_suffix('\r').unwrap_or(content);
        if content.trim_ascii_end() == "end" {
            decoded.length += line.len();
            decoded.is_whole = true;
            break;
        }
        let is_over = counts.is_some_and(|(first, last)| last < first);
        match decoded_line(content) {
            Some(bytes) if bytes.is_empty() => counts = Some((usize::MAX, 0)),
            Some(bytes) if !is_over && counts.is_none_or(|(first, _)| bytes.len() <= first) => {
                counts = Some((counts.map_or(bytes.len(), |(first, _)| first), bytes.len()));
                decoded.bytes.extend(bytes);
            }
            _ => break,
        }
        decoded.length += line.len();
    }
    decoded
}

/// The name behind the mode, which is three octal digits, or four of which the first is zero: `begin 2026 with` is none.
fn name(line: &str) -> Option<&str> {
    let (mode, name) = line.split_once(' ')?;
    let digits = if mode.len() == 4 { mode.strip_prefix('0')? } else { mode };
    let is_mode = digits.len() == 3 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    let name = name.trim();
    (is_mode && !name.is_empty() && name.len() <= NAME_LIMIT).then_some(name)
}

fn is_base64_line(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// What a line encodes. Its first character says how many bytes: behind that stand four characters for every three of them, up
/// to two fewer where a program leaves out what the last bytes do not need, or one more for a checksum. Blanks at its end, which
/// stand for zero, may have gone on the way, and then no more than one group is taken to lack.
fn decoded_line(line: &str) -> Option<Vec<u8>> {
    let value = |byte: u8| matches!(byte, b' '..=b'`').then(|| byte.wrapping_sub(b' ') & 0x3f);
    let Some((first, encoded)) = line.as_bytes().split_first() else { return Some(Vec::new()) };
    let count = usize::from(value(*first)?);
    let width = count.div_ceil(3) * 4;
    if encoded.len() > width + 1 || encoded.len() + 4 < width {
        return None;
    }
    let values: Vec<u8> = encoded.iter().map(|byte| value(*byte)).collect::<Option<_>>()?;
    let mut bytes = Vec::with_capacity(count + 2);
    for group in values.chunks(4) {
        let of = |n: usize| group.get(n).copied().unwrap_or(0);
        bytes.extend([of(0) << 2 | of(1) >> 4, of(1) << 4 | of(2) >> 2, of(2) << 6 | of(3)]);
    }
    bytes.resize(count, 0);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As `uuencode` writes it, with blanks for zero if `blanks`.
    fn encoded(bytes: &[u8], blanks: bool) -> String {
        let zero = if blanks { ' ' } else { '`' };
        let sign = |value: u8| if value == 0 { zero } else { char::from(value + b' ') };
        let mut text = String::new();
        for line in bytes.chunks(45) {
            text.push(sign(line.len() as u8));
            for group in line.chunks(3) {
                let of = |n: usize| group.get(n).copied().unwrap_or(0);
                let values = [of(0) >> 2, (of(0) & 3) << 4 | of(1) >> 4, (of(1) & 15) << 2 | of(2) >> 6, of(2) & 63];
                text.extend(values.into_iter().map(sign));
            }
            text.push('\n');
        }
        format!("{text}{zero}\nend\n")
    }

    proptest! {
        #[test]
        fn any_file_is_found_whole(
            bytes in prop::collection::vec(1_u8..=255, 1..400), blanks: bool, stripped: bool, crlf: bool,
        ) {
            let file = format!("begin 644 my file.doc\n{}", encoded(&bytes, blanks));
            let file = if stripped { file.lines().flat_map(|line| [line.trim_end_matches(' '), "\n"]).collect() } else { file };
            let text = format!("before\n{file}behind\n");
            let text = if crlf { text.replace('\n', "\r\n") } else { text };
            let files = encoded_files(&text);
            prop_assert_eq!(files.len(), 1);
            prop_assert_eq!(&files[0].bytes, &bytes);
            prop_assert!(files[0].is_whole && files[0].name == "my file.doc");
            let lines = files[0].lines.clone();
            prop_assert_eq!(format!("{}{}", &text[..lines.start], &text[lines.end..]).replace('\r', ""), "before\nbehind\n");
            prop_assert!(only_file(&text[lines.clone()]).is_some() && only_file(&text).is_none());
        }

        #[test]
        fn any_text_has_files_in_order(text in "(begin 644 a\n|begin|[ -`\n]{0,9}|M[ -`]{60}\n|end\n|\u{fc})*") {
            let files = encoded_files(&text);
            prop_assert!(files.is_sorted_by(|a, b| a.lines.end <= b.lines.start));
            prop_assert!(files.iter().all(|file| text.get(file.lines.clone()).is_some()));
        }
    }

    #[test]
    fn only_files_are_files() {
        for (text, expected) in [
            ("begin 644 a.txt\n#0V%T\n`\nend\n", Some(("a.txt", "Cat", true))),
            ("begin 644 a.txt\n#0V%T\nend\n", Some(("a.txt", "Cat", true))),
            ("begin 0644 a.txt\n#0V%T\n\nend\n", Some(("a.txt", "Cat", true))),
            ("begin 644 a.txt\n#0V%T\n", None),
            ("begin 644 a.txt\n#0V%T\nNow text\n", None),
            ("begin 2026 with these figures:\n\n1,200,777\nSELL NOW\n\nend\n", None),
            ("begin 644 a\nSELL HARBOUR TODAY\nend\n", None),
            ("begin 644 a\n\n1. ROOF\n2. WALLS\n\nend\n", None),
            ("begin-base64 644 deal\nSECRET\nSELL\n\n", None),
            ("begin-base64 644 a.txt\nQ2F0\n====\n", Some(("a.txt", "Cat", true))),
            ("begin 644 a.txt\n#0V%TX\n`\nend", Some(("a.txt", "Cat", true))),
            ("we begin 644 a.txt\n#0V%T\n`\nend\n", None),
            ("begin 2024 well\n\nand go on\n", None),
            ("begin 644 nothing\n`\nend\n", None),
            ("begin 999 a\n#0V%T\n`\nend\n", None),
            ("begin\n", None),
        ] {
            let files = encoded_files(text);
            let found = files.first().map(|file| (file.name, str::from_utf8(&file.bytes).unwrap(), file.is_whole));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn many_beginnings_take_no_time() {
        let text = "begin 644 a\n".repeat(300_000);
        assert_eq!(encoded_files(&text), []);
    }
}
