//! Reads HTML from its start to its end.

use mail_parser::decoders::html::add_html_token;
use memchr::{memchr, memchr2, memmem};

use super::html::HtmlText;
use super::html_attribute::{alternative_text, input_text, link_target};
use super::html_line::Line;
use super::telephone_link::linked_number;

/// Reads `html`, once for all that it says.
pub fn read(html: &str) -> HtmlText {
    read_all(Reader::new(html))
}

fn read_all(mut reader: Reader<'_>) -> HtmlText {
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
    reader.end_reading();
    reader.line.end(&reader.text, &mut reader.unshown);
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
    Xml,
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
    line: Line,
    /// Whether this is what only Outlook reads, which has settings of Office in elements called `xml`.
    is_condition: bool,
    /// The text and the white space owed to it, while the reading of a character stands in the place of the text (HTML 4.5.11).
    outer: Option<(String, Gap)>,
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
            line: Line::default(),
            is_condition: false,
            outer: None,
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
            if self.outer.is_none() {
                self.line.word(&self.text, word);
            }
            self.text.push_str(word);
            rest = tail;
        }
    }

    fn fill_gap(&mut self) {
        match self.gap {
            _ if self.text.is_empty() => {}
            Gap::None => {}
            Gap::Space => self.text.push(' '),
            Gap::Line => {
                self.line.end(&self.text, &mut self.unshown);
                self.text.push('\n');
                self.line.begin(self.text.len());
            }
        }
        self.gap = Gap::None;
    }

    /// At `<`: a comment, a tag, or just the character.
    fn markup(&mut self) {
        let bytes = self.rest.as_bytes();
        if bytes.starts_with(b"<!--") && !self.missing.contains(&End::Comment) {
            match memmem::find(bytes.get(4..).unwrap_or_default(), b"-->") {
                Some(end) => {
                    let comment = self.take(end + 7);
                    self.condition(comment);
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

    /// What is in a comment that only Outlook reads: `<!--[if mso]> … <![endif]-->`.
    fn condition(&mut self, comment: &str) {
        let conditional = comment.strip_prefix("<!--[if").and_then(|rest| rest.split_once("]>"));
        let Some((inner, _)) = conditional.and_then(|(_, inner)| inner.rsplit_once("<![endif]")) else { return };
        let HtmlText { text, numbers, unshown } = read_all(Reader { is_condition: true, ..Reader::new(inner) });
        self.unshown.extend(text.lines().map(str::to_owned));
        self.unshown.extend(unshown);
        self.numbers.extend(numbers);
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
        let is_ruby = matches!(&*lower, b"rt" | b"rp" | b"ruby" | b"rb" | b"rtc");
        if is_block(lower) || is_ruby {
            self.end_reading();
        }
        if self.outer.is_none() && !is_ruby {
            self.line.tag(&*lower, is_end, self.text.len());
        }
        match &*lower {
            name @ (b"script" | b"style" | b"title") if !is_end && !tag.ends_with("/>") => self.skip_element(name),
            b"xml" if self.is_condition && !is_end && !tag.ends_with("/>") => self.skip_element(b"xml"),
            b"rt" | b"rp" if !is_end => self.begin_reading(),
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
            b"input" => {
                self.gap = self.gap.max(Gap::Space);
                self.unshown.extend(input_text(tag));
            }
            b"td" | b"th" | b"option" | b"button" | b"video" | b"audio" | b"iframe" | b"object" | b"svg"
            | b"canvas" => {
                self.gap = self.gap.max(Gap::Space);
            }
            name if is_block(name) => self.gap = Gap::Line,
            _ => {}
        }
    }

    /// Passes over an element whose content is no text; kept as text if it never ends.
    fn skip_element(&mut self, name: &[u8]) {
        let sort = match name {
            b"script" => End::Script,
            b"style" => End::Style,
            b"xml" => End::Xml,
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
                let content = self.take(end);
                if sort == End::Title {
                    self.unshown.extend(Some(attribute_text(content)).filter(|title| !title.is_empty()));
                }
            }
            None => self.missing.push(sort),
        }
    }

    fn begin_reading(&mut self) {
        self.outer = Some((std::mem::take(&mut self.text), self.gap));
        self.gap = Gap::None;
    }

    fn end_reading(&mut self) {
        if let Some((outer, gap)) = self.outer.take() {
            let reading = std::mem::replace(&mut self.text, outer);
            self.unshown.extend(Some(reading).filter(|reading| !reading.is_empty()));
            self.gap = gap;
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
            | b"figcaption"
            | b"main"
            | b"details"
            | b"summary"
            | b"dialog"
            | b"menu"
            | b"optgroup"
            | b"tfoot"
            | b"nav"
            | b"aside"
            | b"figure"
            | b"select"
    )
}
