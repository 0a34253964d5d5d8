//! The text of HTML, in one pass and without a tree.
//!
//! Everything that is text is kept, shown or hidden by styles: hidden text is a way to hide something from
//! search. Left out are `script`, `style`, `title` and comments. A parser that builds a tree (html2text) was
//! rejected: it costs many times the parsing of the rest of the mail, and its tree is as deep as the sender likes.

use std::collections::HashSet;

use mail_parser::decoders::html::add_html_token;
use memchr::{memchr, memchr2, memmem};

use super::html_attribute::{alternative_text, link_target};
use super::telephone_link::{ShownNumbers, linked_number};

/// Text of `html`: tags removed, entities decoded, blocks on lines of their own, white space collapsed. Telephone numbers
/// that links alone show stand on lines of their own at the end, where they part no phrase.
pub fn text(html: &str) -> String {
    read(html).shown()
}

/// The same, and behind it what the text does not show.
pub fn searched_text(html: &str) -> String {
    let html = read(html);
    let shown = html.shown();
    if html.unshown.is_empty() {
        return shown;
    }
    let mut seen = SeenTargets::default();
    seen.add(&shown);
    let unshown = html.unshown(&mut seen);
    let mut text = shown.clone();
    for line in unshown {
        push_line(&mut text, line);
    }
    text
}

/// What HTML says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlText {
    text: String,
    /// Telephone numbers to which links lead.
    numbers: Vec<String>,
    /// Other targets of links, and texts that stand for pictures.
    unshown: Vec<String>,
}

impl HtmlText {
    /// As [`text`].
    pub fn shown(&self) -> String {
        let mut shown = self.text.clone();
        if !self.numbers.is_empty() {
            for number in ShownNumbers::of(&self.text).missing(&self.numbers) {
                push_line(&mut shown, &number);
            }
        }
        shown
    }

    /// The telephone numbers that only links have.
    pub fn numbers(&self) -> &[String] {
        &self.numbers
    }

    /// Whether there may be something that it does not show.
    pub fn has_unshown(&self) -> bool {
        !self.unshown.is_empty()
    }

    /// The other targets of links, and the texts that stand for pictures, that are not in `seen` yet. A target is followed by
    /// itself without escapes (RFC 3986 2.1): links that are checked by a service on the way have theirs inside.
    pub fn unshown<'t>(&'t self, seen: &mut SeenTargets<'t>) -> Vec<&'t str> {
        self.unshown.iter().map(String::as_str).filter(|line| seen.0.insert(without_slash(line))).collect()
    }
}

/// Targets, and all else that stands alone between blanks or brackets, or on a line.
#[derive(Debug, Default)]
pub struct SeenTargets<'t>(HashSet<&'t str>);

impl<'t> SeenTargets<'t> {
    /// Adds those of a text.
    pub fn add(&mut self, text: &'t str) {
        let is_around = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'');
        self.0.extend(text.split(is_around).map(without_slash));
        self.0.extend(text.lines().map(str::trim));
    }
}

/// A target as it may be written as well.
fn without_slash(target: &str) -> &str {
    let target = target.strip_prefix("mailto:").unwrap_or(target);
    target.trim_end_matches(['.', ',', ';', ':', '!', '?']).trim_end_matches('/')
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// Reads `html`, once for all that it says.
pub fn read(html: &str) -> HtmlText {
    let mut reader = Reader::new(html);
    while !reader.rest.is_empty() {
        let next = memchr2(b'<', b'&', reader.rest.as_bytes()).unwrap_or(reader.rest.len());
        let run = reader.take(next);
        reader.push(run);
        if reader.rest.starts_with('<') {
            reader.markup();
        } else if reader.rest.starts_with('&') {
            reader.entity();
        }
    }
    let Reader { text, numbers, unshown, .. } = reader;
    HtmlText { text, numbers, unshown }
}

/// The value of an attribute: entities decoded, white space collapsed.
pub(super) fn attribute_text(value: &str) -> String {
    let mut reader = Reader::new(value);
    while !reader.rest.is_empty() {
        let next = memchr(b'&', reader.rest.as_bytes()).unwrap_or(reader.rest.len());
        let run = reader.take(next);
        reader.push(run);
        if !reader.rest.is_empty() {
            reader.entity();
        }
    }
    reader.text
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
}

/// A search for an end. One that has failed would fail again and is not repeated: that keeps the whole linear.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Comment,
    QuotedTag,
    Tag,
    Script,
    Style,
    Title,
}

struct Reader<'a> {
    rest: &'a str,
    text: String,
    /// White space that is owed before the next word.
    gap: Gap,
    /// Searches not to be repeated.
    missing: Vec<End>,
    numbers: Vec<String>,
    unshown: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(html: &'a str) -> Self {
        Self {
            rest: html,
            text: String::with_capacity(html.len() / 2),
            gap: Gap::None,
            missing: Vec::new(),
            numbers: Vec::new(),
            unshown: Vec::new(),
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn push(&mut self, run: &str) {
        let mut rest = run;
        loop {
            let trimmed = rest.trim_start_matches(is_space);
            if trimmed.len() < rest.len() {
                self.gap = self.gap.max(Gap::Space);
            }
            if trimmed.is_empty() {
                return;
            }
            let end = trimmed.find(is_space).unwrap_or(trimmed.len());
            let (word, tail) = trimmed.split_at(end);
            self.fill_gap();
            self.text.push_str(word);
            rest = tail;
        }
    }

    fn fill_gap(&mut self) {
        match self.gap {
            _ if self.text.is_empty() => {}
            Gap::None => {}
            Gap::Space => self.text.push(' '),
            Gap::Line => self.text.push('\n'),
        }
        self.gap = Gap::None;
    }

    /// At `<`: a comment, a tag, or just the character.
    fn markup(&mut self) {
        let bytes = self.rest.as_bytes();
        if bytes.starts_with(b"<!--") && !self.missing.contains(&End::Comment) {
            match memmem::find(bytes.get(4..).unwrap_or_default(), b"-->") {
                Some(end) => {
                    self.take(end + 7);
                    return;
                }
                None => self.missing.push(End::Comment),
            }
        }
        let is_tag = matches!(bytes, [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?', ..]);
        if let Some(end) = is_tag.then(|| self.tag_end()).flatten() {
            let tag = self.take(end);
            self.tag(tag);
        } else {
            let character = self.take(1);
            self.push(character);
        }
    }

    /// Length of the tag at the start, up to the `>` that is not in a quoted attribute value.
    fn tag_end(&mut self) -> Option<usize> {
        let bytes = self.rest.as_bytes();
        if !self.missing.contains(&End::QuotedTag) {
            let mut quote = None;
            for (at, byte) in bytes.iter().enumerate() {
                match (quote, byte) {
                    (None, b'>') => return Some(at + 1),
                    (None, b'"' | b'\'') => quote = Some(*byte),
                    (Some(open), byte) if *byte == open => quote = None,
                    _ => {}
                }
            }
            self.missing.push(End::QuotedTag);
        }
        if self.missing.contains(&End::Tag) {
            return None;
        }
        let end = memchr(b'>', bytes);
        if end.is_none() {
            self.missing.push(End::Tag);
        }
        end.map(|at| at + 1)
    }

    fn tag(&mut self, tag: &str) {
        let inner = tag.strip_prefix('<').unwrap_or(tag);
        let (name, is_end) = inner.strip_prefix('/').map_or((inner, false), |name| (name, true));
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let mut buffer = [0_u8; 10];
        let Some(name) = name.as_bytes().get(..length).filter(|name| name.len() <= buffer.len()) else { return };
        let Some(lower) = buffer.get_mut(..length) else { return };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        match &*lower {
            name @ (b"script" | b"style" | b"title") if !is_end && !tag.ends_with("/>") => self.skip_element(name),
            b"a" | b"area" if !is_end => {
                let number = linked_number(tag);
                // A link to a text message may have the message behind the number.
                let target = link_target(tag).into_iter().filter(|target| number.is_none() || target.contains('?'));
                self.unshown.extend(target);
                self.numbers.extend(number);
                self.unshown.extend(alternative_text(tag).filter(|_| &*lower == b"area"));
            }
            b"img" => {
                self.gap = self.gap.max(Gap::Space);
                self.unshown.extend(alternative_text(tag));
            }
            b"td" | b"th" | b"option" => self.gap = self.gap.max(Gap::Space),
            name if is_block(name) => self.gap = Gap::Line,
            _ => {}
        }
    }

    /// Passes over an element whose content is no text; kept as text if it never ends.
    fn skip_element(&mut self, name: &[u8]) {
        let sort = match name {
            b"script" => End::Script,
            b"style" => End::Style,
            _ => End::Title,
        };
        if self.missing.contains(&sort) {
            return;
        }
        let bytes = self.rest.as_bytes();
        let end = memmem::find_iter(bytes, b"</")
            .find(|at| bytes.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)));
        match end {
            Some(end) => {
                self.take(end);
            }
            None => self.missing.push(sort),
        }
    }

    /// At `&`: a character reference, or just the character.
    fn entity(&mut self) {
        let head = self.rest.as_bytes().get(..40).unwrap_or(self.rest.as_bytes());
        let end = head.iter().skip(1).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#').map(|at| at + 1);
        match end {
            Some(end) if end > 1 && head.get(end) == Some(&b';') => {
                let token = self.take(end + 1);
                let mut decoded = String::new();
                add_html_token(&mut decoded, token.as_bytes(), false);
                self.push(&decoded);
            }
            _ => {
                let character = self.take(1);
                self.push(character);
            }
        }
    }
}

/// White space that separates words; a no-break space would keep a phrase from being found.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}')
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"br"
            | b"hr"
            | b"li"
            | b"ul"
            | b"ol"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"tr"
            | b"table"
            | b"tbody"
            | b"thead"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"pre"
            | b"blockquote"
            | b"body"
            | b"head"
            | b"html"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"form"
            | b"center"
            | b"address"
            | b"textarea"
            | b"caption"
            | b"fieldset"
            | b"legend"
            | b"main"
            | b"nav"
            | b"aside"
            | b"figure"
            | b"select"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_and_markup_is_not() {
        for (html, expected) in [
            ("<p>one</p><p>two</p>", "one\ntwo"),
            ("b<b>o</b>ld  <i>and</i>\n more", "bold and more"),
            ("<td>a</td><td>b</td>", "a b"),
            ("<style>p{}</style><script>if (a<b) x</script >text<title>t</title>", "text"),
            ("<STYLE>x</STYLE>a<!-- not <b>this</b> -->b", "ab"),
            ("a &lt; b &amp;&nbsp;c &#65;&#x42; &unknown; &", "a < b & c AB &unknown; &"),
            ("<a href=\"x>y\">link</a>", "link"),
            ("1 < 2 and 3 > 2 <", "1 < 2 and 3 > 2 <"),
            ("<span style=\"display:none\">hidden</span>", "hidden"),
            ("<script>never closed", "never closed"),
            ("<!-- never closed", "<!-- never closed"),
            ("<p attr=\"open>text", "text"),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("<p>Call <a href=\"tel:+491711234567\">us</a> now</p><p>x</p>", "Call us now\nx\n+491711234567"),
            ("<a href=\"tel:+491711234567\">0171 1234567</a>", "0171 1234567\n+491711234567"),
            ("<a href=\"tel:+491711234567\">+49 171 1234567</a>", "+49 171 1234567"),
            ("<![if !vml]>x<![endif]>", "x"),
            ("&#xD800;&#1114112;", "\u{fffd}\u{fffd}"),
            ("", ""),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_not_shown_is_said_once() {
        for (html, expected) in [
            ("<a href=\"https://x.example/a?b=1&amp;c=2\">here</a>", &["https://x.example/a?b=1&c=2"][..]),
            ("<a href='HTTPS://x.example/'>https://x.example</a>", &["HTTPS://x.example/"]),
            ("<a href='https://x.example/'>https://x.example.</a>", &[]),
            ("<a href='https://x.example'>a</a><a href='https://x.example/'>b</a>", &["https://x.example"]),
            ("<a href=\"mailto:ann@x.example\">ann@x.example</a>", &[]),
            (
                "<a href=\"mailto:ann@x.example?subject=hi%20you\">Ann</a>",
                &["mailto:ann@x.example?subject=hi%20you", "mailto:ann@x.example?subject=hi you"],
            ),
            (
                "<a href=\"https://safe.example/?url=https%3A%2F%2Fx.example%2Fa&amp;data=1\">here</a>",
                &[
                    "https://safe.example/?url=https%3A%2F%2Fx.example%2Fa&data=1",
                    "https://safe.example/?url=https://x.example/a&data=1",
                ],
            ),
            ("<a href=\"#top\">up</a><a href=\"javascript:go()\">x</a><img src=\"cid:1\"><a href>x</a>", &[]),
            ("<img alt=\"The  new &lt;plan&gt;\" src=x> <img alt=''>", &["The new <plan>"]),
            ("<area alt=north href=n.html>", &["n.html", "north"]),
            ("<a href=\"tel:+491711234567\">us</a>", &[]),
            ("<a href=\"sms:+491711234567?body=hi\">us</a>", &["sms:+491711234567?body=hi"]),
        ] {
            let read = read(html);
            let (shown, mut seen) = (read.shown(), SeenTargets::default());
            seen.add(&shown);
            assert_eq!(read.unshown(&mut seen), expected, "{html}");
        }
        assert_eq!(
            searched_text("<p>a <a href=\"tel:+491711234567\">b</a> <a href=http://c.example>c</a>"),
            "a b c\n+491711234567\nhttp://c.example"
        );
    }

    #[test]
    fn hostile_markup_is_linear() {
        for piece in [
            "<a href='x:%41",
            "<img alt='&",
            "<img alt=x><a href=y:z>",
            "<",
            "<a \"",
            "<!--",
            "<script>",
            "<a>",
            "&",
            "&a",
            "<p '",
            "</",
            "<style>\"<",
        ] {
            let html = piece.repeat(2_000_000 / piece.len());
            assert!(searched_text(&html).len() <= html.len() * 2, "{piece}");
        }
    }
}
