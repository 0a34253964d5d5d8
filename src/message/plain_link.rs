//! How a plain text that was made of HTML writes the links of it.
//!
//! Programs that make the plain text put the target of a link behind its words (`text <https://..>`, `[text](https://..)`),
//! or a mark that leads to a list of targets (`[1]text`), and for a picture its name (`[cid:..]`, `[image: ..]`). Where the
//! HTML is read, none of that stands between the words.

use std::ops::Range;

use memchr::memchr;

/// Bytes of the longest target in brackets that is recognised.
const LONGEST: usize = 4_000;

/// What a target in brackets begins with, in lower case.
const TARGETS: [&str; 14] = [
    "http://", "https://", "ftp://", "www.", "mailto:", "tel:", "sip:", "sips:", "callto:", "skype:", "news:", "file:",
    "cid:", "#",
];

/// What a target without brackets begins with, in lower case.
const BARE_TARGETS: [&str; 4] = ["http://", "https://", "ftp://", "www."];

/// Schemes of targets, in lower case.
const SCHEMES: [&str; 4] = ["http://", "https://", "ftp://", "mailto:"];

/// What stands in square brackets for a picture, in lower case.
const PICTURES: [&str; 3] = ["image:", "inline image", "image"];

/// Something that stands in a plain text for a link or a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlainLink {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// The scheme at its beginning, of those that the HTML may leave out where it shows the target.
    pub(super) scheme: Range<usize>,
    /// A target without brackets: the HTML may show it as well.
    pub(super) is_bare: bool,
}

impl PlainLink {
    fn new(text: &str, range: Range<usize>, is_bare: bool) -> Self {
        let target = text.get(range.clone()).unwrap_or_default().trim_start_matches(['<', '[', '(', ' ']);
        let start = range.end - target.len();
        let scheme =
            SCHEMES.iter().find(|scheme| starts_with(target.as_bytes(), scheme)).map_or(0, |scheme| scheme.len());
        Self { range, scheme: start..start + scheme, is_bare }
    }
}

/// The links of a plain text, in order. Takes time proportional to its length.
pub(super) fn plain_links(text: &str) -> Vec<PlainLink> {
    let bytes = text.as_bytes();
    let (mut links, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let (length, is_bare) = match byte {
            b'<' => (bracketed(text, at, b'>'), false),
            b'[' => (bracketed(text, at, b']'), false),
            b'(' => (bracketed(text, at, b')'), false),
            byte if byte.is_ascii_alphanumeric() => {
                let rest = bytes.get(at..).unwrap_or_default();
                let bare = bare(rest);
                if bare.is_none() {
                    at += rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                    continue;
                }
                (bare, true)
            }
            _ => (None, false),
        };
        links.extend(length.map(|length| PlainLink::new(text, at..at + length, is_bare)));
        at += length.unwrap_or(1);
    }
    links
}

/// The length of a target or mark in the brackets that open at `at`.
fn bracketed(text: &str, at: usize, close: u8) -> Option<usize> {
    let inner = text.as_bytes().get(at + 1..)?;
    let inner = inner.get(..LONGEST).unwrap_or(inner);
    let head = inner.trim_ascii_start();
    let is_mark = || close == b']' && is_mark(head);
    if !TARGETS.iter().any(|target| starts_with(head, target)) && !is_mark() {
        return None;
    }
    memchr(close, inner).map(|end| end + 2)
}

/// The number of a footnote, or a picture.
fn is_mark(head: &[u8]) -> bool {
    let digits = head.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_number = (1..=3).contains(&digits) && head.get(digits) == Some(&b']');
    is_number || PICTURES.iter().any(|picture| starts_with(head, picture))
}

/// The length of the target that `text` begins with, up to white space or a sign that ends it.
fn bare(text: &[u8]) -> Option<usize> {
    let is_target = BARE_TARGETS.iter().any(|target| starts_with(text, target));
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'>' | b'"' | b'[' | b']' | b')');
    is_target.then(|| text.iter().position(ends).unwrap_or(text.len()))
}

fn starts_with(text: &[u8], start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_from_words() {
        for (text, links) in [
            ("our site<https://x.example/a> today", &["<https://x.example/a>"][..]),
            ("our site < HTTPS://x.example/a\n b >", &["< HTTPS://x.example/a\n b >"]),
            ("a@x.example<mailto:a@x.example>", &["<mailto:a@x.example>"]),
            ("[our site](https://x.example/a_(b)) today", &["(https://x.example/a_(b)"]),
            ("our site [https://x.example]", &["[https://x.example]"]),
            ("[1]our site, [23] [4567] [a]", &["[1]", "[23]"]),
            (
                "[cid:image001.png@01] [image: Logo of us] [Inline image 1]",
                &["[cid:image001.png@01]", "[image: Logo of us]", "[Inline image 1]"],
            ),
            ("at https://x.example/a, or www.x.example", &["https://x.example/a,", "www.x.example"]),
            ("(see https://x.example)", &["https://x.example"]),
            ("Gr\u{fc}n <https://x.example/\u{fc}>", &["<https://x.example/\u{fc}>"]),
            ("Ann <ann@x.example> (note: sell) [sic] xhttp://y <b> <https://open", &["https://open"]),
            ("", &[]),
        ] {
            let found: Vec<_> = plain_links(text).into_iter().map(|link| &text[link.range]).collect();
            assert_eq!(found, links, "{text}");
        }
    }

    #[test]
    fn schemes_are_told_from_targets() {
        for (text, scheme) in [
            ("a <  https://x.example>", "https://"),
            ("(MAILTO:a@x.example)", "MAILTO:"),
            ("http://x.example", "http://"),
            ("<#top>", ""),
            ("[1]", ""),
            ("www.x.example", ""),
        ] {
            let found: Vec<_> = plain_links(text).into_iter().map(|link| &text[link.scheme]).collect();
            assert_eq!(found, [scheme], "{text}");
        }
    }

    #[test]
    fn open_brackets_are_linear() {
        for piece in ["<", "<https://", "[1", "(www.", "https://"] {
            plain_links(&piece.repeat(2_000_000 / piece.len()));
        }
    }
}
