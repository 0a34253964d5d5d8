//! Files that are written into a text as uuencode (POSIX.1-2017, `uuencode`), historical or base64: what mail programs did
//! before MIME, and some still do.

use std::borrow::Cow;
use std::ops::Range;

use super::transfer::base64;

/// Files of one text that are read.
const FILE_LIMIT: usize = 1_000;

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

/// `text` without the lines of its files.
pub(super) fn without_files<'t>(text: &'t str, files: &[EncodedFile<'_>]) -> Cow<'t, str> {
    if files.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for EncodedFile { lines, .. } in files {
        rest.push_str(text.get(at..lines.start).unwrap_or_default());
        at = lines.end;
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(rest)
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
    let is_base64 = first.starts_with("begin-base64 ");
    let name = name(first.strip_prefix(if is_base64 { "begin-base64 " } else { "begin " })?)?;
    let (mut bytes, mut length, mut is_whole) = (Vec::new(), first.len(), false);
    if is_base64 {
        let mut encoded = Vec::new();
        for line in lines {
            let word = line.trim_ascii();
            is_whole = word == "====";
            if !is_whole && !is_base64_line(word) {
                break;
            }
            length += line.len();
            if is_whole {
                break;
            }
            encoded.extend_from_slice(word.as_bytes());
        }
        bytes = base64(&encoded).0;
    } else {
        for line in lines {
            let content = line.strip_suffix('\n').unwrap_or(line);
            let content = content.strip_suffix('\r').unwrap_or(content);
            is_whole = content.trim_ascii_end() == "end";
            if !is_whole && !decode_line(content, &mut bytes) {
                break;
            }
            length += line.len();
            if is_whole {
                break;
            }
        }
    }
    (!bytes.is_empty()).then(|| EncodedFile { name, lines: start..start + length, bytes, is_whole })
}

/// The name behind the mode of three or four octal digits.
fn name(line: &str) -> Option<&str> {
    let (mode, name) = line.split_once(' ')?;
    let is_mode = matches!(mode.len(), 3 | 4) && mode.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    let name = name.trim();
    (is_mode && !name.is_empty()).then_some(name)
}

fn is_base64_line(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// Appends what a line encodes; whether it is one. Its first character says how many bytes: behind that stand four characters
/// for every three of them, without the blanks that transport took off the end, or with a checksum behind them.
fn decode_line(line: &str, bytes: &mut Vec<u8>) -> bool {
    let value = |byte: u8| matches!(byte, b' '..=b'`').then(|| byte.wrapping_sub(b' ') & 0x3f);
    let Some((first, encoded)) = line.as_bytes().split_first() else { return true };
    let Some(count) = value(*first).map(usize::from) else { return false };
    let width = count.div_ceil(3) * 4;
    // Blanks stand for zero where no grave accents do.
    let may_lack_blanks = !encoded.contains(&b'`');
    // Who writes only as many characters as the last bytes need leaves out up to two.
    if encoded.len() > width + 1 || (encoded.len() + 2 < width && !may_lack_blanks) {
        return false;
    }
    let Some(values) = encoded.iter().map(|byte| value(*byte)).collect::<Option<Vec<u8>>>() else { return false };
    let start = bytes.len();
    let mut at = 0;
    while bytes.len() < start + count {
        let of = |n: usize| values.get(at + n).copied().unwrap_or(0);
        let group = [of(0) << 2 | of(1) >> 4, of(1) << 4 | of(2) >> 2, of(2) << 6 | of(3)];
        bytes.extend(group.into_iter().take(start + count - bytes.len()));
        at += 4;
    }
    true
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
            bytes in prop::collection::vec(any::<u8>(), 1..400), blanks: bool, stripped: bool, crlf: bool,
        ) {
            let file = format!("begin 644 my file.doc\n{}", encoded(&bytes, blanks));
            let file = if stripped { file.lines().flat_map(|line| [line.trim_end_matches(' '), "\n"]).collect() } else { file };
            let text = format!("before\n{file}behind\n");
            let text = if crlf { text.replace('\n', "\r\n") } else { text };
            let files = encoded_files(&text);
            prop_assert_eq!(files.len(), 1);
            prop_assert_eq!(&files[0].bytes, &bytes);
            prop_assert!(files[0].is_whole && files[0].name == "my file.doc");
            prop_assert_eq!(without_files(&text, &files).replace('\r', ""), "before\nbehind\n");
        }

        #[test]
        fn any_text_has_files_in_order(text in "(begin 644 a\n|begin|[ -`\n]{0,9}|M[ -`]{60}\n|end\n|\u{fc})*") {
            let files = encoded_files(&text);
            prop_assert!(files.is_sorted_by(|a, b| a.lines.end <= b.lines.start));
            prop_assert!(without_files(&text, &files).len() <= text.len());
        }
    }

    #[test]
    fn only_files_are_files() {
        for (text, expected) in [
            ("begin 644 a.txt\n#0V%T\n`\nend\n", Some(("a.txt", "Cat", true))),
            ("begin 644 a.txt\n#0V%T\n", Some(("a.txt", "Cat", false))),
            ("begin 644 a.txt\n#0V%T\nNow text\n", Some(("a.txt", "Cat", false))),
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
