//! Bytes to text by declared or guessed character set.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;
use memchr::memmem;

use super::shifted::unshifted;

/// Bytes that a character set is found out by: of lines that are not ASCII, which alone say something, and each of which costs
/// thousands of instructions.
const LOOK: usize = 4 << 10;

/// Bytes before the first of a line that is not ASCII, which may belong to its word.
const BEFORE: usize = 32;

/// Text, and whether the declared character set did not fit or is unknown.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text; undecodable bytes are U+FFFD.
    pub text: Cow<'a, str>,
    /// Whether something had to be guessed or replaced.
    pub faulty: bool,
}

/// Decodes `bytes` as `label` says. Unlabelled text, and text in an unknown character set, is taken for UTF-8 if
/// it is valid UTF-8, else for ISO-2022-JP if it has its escape sequences, else for what its bytes look most like, which may be
/// wrong.
pub fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Decoded<'a> {
    let label = label.map(str::trim).filter(|label| !label.is_empty()).map(known_label);
    let encoding = label.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    match (label, encoding) {
        (Some(_), Some(encoding)) if encoding == UTF_8 => utf8(bytes),
        (Some(label), Some(encoding)) if encoding == WINDOWS_1252 && is_ascii_label(label) => guess(bytes),
        (Some(_), Some(encoding)) => {
            let (text, faulty) = encoding.decode_without_bom_handling(bytes);
            Decoded { text, faulty }
        }
        (Some(label), None) if let Some((bytes, encoding)) = unshifted(bytes, label) => {
            let (text, faulty) = encoding.decode_without_bom_handling(&bytes);
            Decoded { text: Cow::Owned(text.into_owned()), faulty }
        }
        (Some(label), None) => match charset_decoder(label.as_bytes()) {
            Some(decoder) => {
                let text = decoder(bytes);
                let faulty = text.contains(char::REPLACEMENT_CHARACTER);
                Decoded { text: Cow::Owned(text), faulty }
            }
            None => Decoded { faulty: true, ..guess(bytes) },
        },
        (None, _) => guess(bytes),
    }
}

/// The text of bytes in the character set `label`, however it had to be guessed.
pub fn decode_text<'a>(bytes: &'a [u8], label: Option<&str>) -> Cow<'a, str> {
    decode(bytes, label).text
}

/// The name by which a character set is known that some senders call by the number of its code page, or by a former name.
fn known_label(label: &str) -> &str {
    const OTHER_NAMES: [(&str, &str); 10] = [
        ("cp932", "shift_jis"),
        ("ms932", "shift_jis"),
        ("windows-932", "shift_jis"),
        ("cp936", "gbk"),
        ("ms936", "gbk"),
        ("cp949", "euc-kr"),
        ("cp950", "big5"),
        ("cp65001", "utf-8"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("x-unicode-2-0-utf-7", "utf-7"),
    ];
    OTHER_NAMES.iter().find(|(other, _)| label.eq_ignore_ascii_case(other)).map_or(label, |(_, known)| known)
}

/// US-ASCII declares seven bits, so that anything above it is undeclared.
fn is_ascii_label(label: &str) -> bool {
    ["us-ascii", "ascii", "ansi_x3.4-1968"].iter().any(|name| label.eq_ignore_ascii_case(name))
}

fn utf8(bytes: &[u8]) -> Decoded<'_> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let faulty = matches!(text, Cow::Owned(_));
    Decoded { text, faulty }
}

fn guess(bytes: &[u8]) -> Decoded<'_> {
    let utf8 = str::from_utf8(bytes);
    if let Some(text) = utf8.ok().filter(|_| memmem::find(bytes, b"\x1b$").is_none()) {
        return Decoded { text: Cow::Borrowed(text), faulty: false };
    }
    let encoding = match utf8 {
        Ok(_) => ISO_2022_JP,
        Err(_) if is_damaged_utf8(bytes) => UTF_8,
        Err(_) => looks_like(bytes),
    };
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, faulty: replaced || encoding != ISO_2022_JP }
}

/// Whether some bytes only are no UTF-8, as where a character was cut: other text hardly ever has its sequences.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut fitting, mut damaged) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        fitting += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    fitting > 4 * damaged
}

/// The character set that text which is no UTF-8 looks most like.
fn looks_like(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut left = LOOK;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(first) = line.iter().position(|byte| !byte.is_ascii()) else { continue };
        let line = line.get(first.saturating_sub(BEFORE)..).unwrap_or_default();
        let seen = line.get(..left).unwrap_or(line);
        detector.feed(seen, false);
        left -= seen.len();
        if left == 0 {
            break;
        }
    }
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_set_is_guessed_by_what_is_not_ascii_however_far_it_stands() {
        let russian = b"\xc4\xee\xe3\xee\xe2\xee\xf0 \xf1\xe5\xea\xf0\xe5\xf2\xed\xee. ";
        for (before, times) in [("a line\n", 10_000), ("one line ", 10_000), ("", 0)] {
            let text = [before.repeat(times).as_bytes(), &russian.repeat(3_000)].concat();
            assert!(decode(&text, None).text.ends_with("Договор секретно. "), "{before}");
        }
    }

    #[test]
    fn the_label_decides_and_its_absence_is_guessed() {
        for (bytes, label, text, faulty) in [
            (&b"plain"[..], None, "plain", false),
            (b"gr\xc3\xbcn", None, "gr\u{fc}n", false),
            (b"gr\xfcn", None, "gr\u{fc}n", true),
            (b"gr\xfcn", Some("us-ascii"), "gr\u{fc}n", true),
            (b"gr\xfcn", Some("ISO-8859-1"), "gr\u{fc}n", false),
            (b"gr\xfcn", Some("utf-8"), "gr\u{fffd}n", true),
            (b"\xef\xbb\xbfx", Some("utf-8"), "x", false),
            (b"\xc1\xd2\xc9", Some(" koi8-r "), "\u{430}\u{440}\u{438}", false),
            (b"\x82", Some("ibm850"), "\u{e9}", false),
            (b"+AOk-", Some("utf-7"), "\u{e9}", false),
            (b"\x1b$B%O\x1b(B", None, "\u{30cf}", false),
            (b"\x93\x8c\x8b\x9e", Some("CP932"), "\u{6771}\u{4eac}", false),
            (b"+AOk-", Some("unicode-1-1-utf-7"), "\u{e9}", false),
            (b"a ~~ ~{VP9z~} b~\nc", Some("HZ-GB-2312"), "a ~ \u{4e2d}\u{56fd} bc", false),
            (b"har~\r\nbour", Some("hz-gb-2312"), "harbour", false),
            (b"\x1b$)Ca \x0e0h>`\x0f b\n", Some("iso-2022-kr"), "a \u{acc4}\u{c57d} b\n", false),
            (b"x\xe9", Some("no-such-set"), "x\u{e9}", true),
            (b"\xc4\xee\xe3\xee\xe2\xee\xf0 \xf1\xe5\xea\xf0\xe5\xf2\xed\xee", None, "Договор секретно", true),
            (b"\xb6\xab\xbe\xa9\xb5\xc4\xba\xcf\xcd\xac", Some("x-unknown"), "东京的合同", true),
            (b"\x93\x8c\x8b\x9e\x82\xcc\x8c_\x96\xf1\x8f\x91", None, "東京の契約書", true),
            (b"\xd0\x94\xd0\xbe\xd0\xb3\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x80 \xd0", None, "Договор \u{fffd}", true),
            (b"x", Some("no-such-set"), "x", true),
        ] {
            let decoded = decode(bytes, label);
            assert_eq!((decoded.text.as_ref(), decoded.faulty), (text, faulty), "{bytes:?} {label:?}");
        }
    }
}
