//! The text of a message for people.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::margin::margin_texts;
use super::notes::Notes;
use super::structure::{Part, PartKind, Structure};
use super::transfer::{Encoding, base64_end, has_base64_lines};
use super::unsaid::{Said, UnsaidLine};
use super::uuencode::{EncodedFile, encoded_files};
use crate::text::ShownNumbers;
use crate::text::charset;
use crate::text::html::{self, HtmlText, SeenTargets};

/// Most characters of one text that are kept for search.
pub(super) const TEXT_LIMIT: usize = 2_000_000;

/// A text part, decoded and not yet made readable.
#[derive(Debug)]
pub(super) struct BodyPart<'a> {
    /// Whether it is HTML.
    pub(super) is_html: bool,
    /// As the sender wrote it.
    pub(super) source: Cow<'a, str>,
    /// Of base64 with something else behind it.
    mixed: Option<Mixed<'a>>,
    alternative: Option<usize>,
    flowed: bool,
    delete_space: bool,
}

impl BodyPart<'_> {
    /// The files that are written into it, if it is plain text.
    pub(super) fn files(&self) -> Vec<EncodedFile<'_>> {
        if self.is_html { Vec::new() } else { encoded_files(&self.source) }
    }

    /// Whether a file is written into it as yEnc, which mail seldom survives: its first line has these words.
    pub(super) fn has_yenc(&self) -> bool {
        let mut begun = memmem::find_iter(self.source.as_bytes(), "=ybegin ");
        !self.is_html
            && begun.any(|at| {
                let starts_line =
                    self.source.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
                let line = self.source.get(at..).and_then(|rest| rest.lines().next());
                starts_line && line.is_some_and(|line| line.contains(" name="))
            })
    }
}

/// Decodes the parts that are read in the message.
pub(super) fn body_parts<'a>(parts: &[Part<'a>], notes: &mut Notes) -> Vec<BodyPart<'a>> {
    let read = parts.iter().filter(|part| part.kind != PartKind::Attachment);
    read.map(|part| {
        let source = decoded_text(part, notes);
        BodyPart {
            is_html: part.kind == PartKind::Html,
            mixed: mixed(part, &source, notes),
            source,
            alternative: part.alternative,
            flowed: part.content.flowed,
            delete_space: part.content.delete_space,
        }
    })
    .collect()
}

/// What is said by base64 with something else behind it, beyond the decoding of all of it (RFC 2045 6.8), which is right if
/// the base64 goes on after the foreign characters, and not if these are text.
#[derive(Debug)]
struct Mixed<'a> {
    /// The end of the base64 before the first foreign line, where it runs into what is behind it.
    end: String,
    /// What stands there in plain.
    behind: &'a [u8],
}

fn mixed<'a>(part: &Part<'a>, source: &str, notes: &mut Notes) -> Option<Mixed<'a>> {
    if part.content.encoding != Encoding::Base64 {
        return None;
    }
    let (base64, behind) =
        part.body.split_at_checked(base64_end(part.body)).filter(|(_, behind)| !behind.is_empty())?;
    if has_base64_lines(behind) {
        let reason = "base64 behind lines that are not base64 may not be searched as it was meant";
        notes.partial("unread_base64", reason);
    }
    let (bytes, _) = part.content.encoding.decode(base64);
    let text = charset::decode(&bytes, part.content.charset.as_deref()).text;
    Some(Mixed { end: end_unlike(&text, source).to_owned(), behind })
}

/// The end of `text` from the line on where `other` goes on differently.
fn end_unlike<'t>(text: &'t str, other: &str) -> &'t str {
    let mut pairs = text.char_indices().zip(other.chars());
    let same = pairs.find(|((_, one), two)| one != two).map_or(text.len(), |((at, _), _)| at);
    let line = text.get(..same).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    text.get(line..).unwrap_or_default().trim()
}

fn decoded_text<'a>(part: &Part<'a>, notes: &mut Notes) -> Cow<'a, str> {
    let (bytes, broken) = part.content.encoding.decode(part.body);
    if broken {
        notes.defect("bad_encoding", "a text part breaks the rules of its transfer encoding");
    }
    match bytes {
        Cow::Borrowed(bytes) => part_text(part, bytes, notes),
        Cow::Owned(bytes) => {
            let text = part_text(part, &bytes, notes);
            match text {
                // The decoded bytes are the text: nothing needs to be copied.
                Cow::Borrowed(text) if text.len() == bytes.len() => {}
                text => return Cow::Owned(text.into_owned()),
            }
            Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
        }
    }
}

fn part_text<'b>(part: &Part<'_>, bytes: &'b [u8], notes: &mut Notes) -> Cow<'b, str> {
    let charset = part.content.charset.as_deref();
    let decoded = charset::decode(bytes, charset);
    if decoded.faulty && !fits_before_foreign(part) {
        note_charset(bytes, charset, "a text part", notes);
    }
    decoded.text
}

/// Whether base64 before the first foreign line is in its character set: what is behind it, decoded as base64, is not.
fn fits_before_foreign(part: &Part<'_>) -> bool {
    if part.content.encoding != Encoding::Base64 {
        return false;
    }
    let split = part.body.split_at_checked(base64_end(part.body)).filter(|(_, behind)| !behind.is_empty());
    split.is_some_and(|(base64, _)| {
        let (bytes, _) = part.content.encoding.decode(base64);
        !charset::decode(&bytes, part.content.charset.as_deref()).faulty
    })
}

/// Text of bytes free of their transfer encoding; a character set that does not fit is noted.
pub(super) fn charset_text<'b>(bytes: &'b [u8], charset: Option<&str>, what: &str, notes: &mut Notes) -> Cow<'b, str> {
    let decoded = charset::decode(bytes, charset);
    if decoded.faulty {
        note_charset(bytes, charset, what, notes);
    }
    decoded.text
}

fn note_charset(bytes: &[u8], charset: Option<&str>, what: &str, notes: &mut Notes) {
    let declared = charset.map_or("none is declared".to_owned(), |label| format!("`{}`", first_chars(label, 60)));
    notes.defect("bad_charset", format!("{what} is not in its character set ({declared})"));
    if !bytes.is_ascii() {
        let reason = format!("{what} is read in a character set that was guessed ({declared})");
        notes.partial("charset_guessed", reason);
    }
}

/// The text of a message for people.
#[derive(Debug, Default)]
pub(super) struct BodyText {
    /// All that is searched.
    pub(super) text: String,
    /// Lines of it that say again what stands before them, or that the HTML does not show, by their bytes, in order.
    pub(super) repeated: Vec<Range<usize>>,
}

/// The text that is searched and shown: plain text parts as they are, `format=flowed` lines joined, HTML parts
/// as their text. Of alternatives (RFC 2046 5.1.4) the plain text is taken, and behind it the lines of the HTML that say
/// something else: what most readers see must not be hidden from search by a plain text that differs. What stands outside
/// of the parts comes last.
pub(super) fn body_text(parts: &[BodyPart<'_>], structure: &Structure<'_>, notes: &mut Notes) -> BodyText {
    let mut body = BodyText::default();
    for line in &structure.stray {
        push_text(&mut body.text, &charset::decode(line, None).text);
    }
    let mut rest = parts;
    while let Some(first) = rest.first() {
        let group = match first.alternative {
            Some(_) => rest.iter().take_while(|part| part.alternative == first.alternative).count(),
            None => 1,
        };
        let (members, tail) = rest.split_at(group);
        push_alternatives(&mut body, members);
        rest = tail;
    }
    for part in parts {
        let Some(Mixed { end, behind }) = &part.mixed else { continue };
        let end = if part.is_html { Cow::Owned(html::searched_text(end)) } else { Cow::Borrowed(end.as_str()) };
        push_text(&mut body.text, &end);
        push_text(&mut body.text, &charset::decode(behind, None).text);
    }
    for margin in margin_texts(&structure.margins) {
        push_text(&mut body.text, &margin);
    }
    body.text = cut(body.text, "the body", notes);
    body.repeated.retain(|line| line.end <= body.text.len());
    body
}

fn push_alternatives(body: &mut BodyText, members: &[BodyPart<'_>]) {
    let mut plain = String::new();
    for part in members.iter().filter(|part| !part.is_html) {
        let readable = if part.flowed {
            Cow::Owned(unflowed(&part.source, part.delete_space))
        } else {
            Cow::Borrowed(&*part.source)
        };
        push_text(&mut plain, &readable);
    }
    let BodyText { text, repeated } = body;
    let own = text.len();
    push_text(text, &plain);
    let read: Vec<HtmlText> = members.iter().filter(|part| part.is_html).map(|part| html::read(&part.source)).collect();
    let shown: Vec<String> = read.iter().map(HtmlText::shown).collect();
    if plain.trim().is_empty() {
        for shown in &shown {
            push_text(text, shown);
        }
    } else if !shown.is_empty() {
        let said = Said::new(&plain);
        for UnsaidLine { line, is_repeated } in shown.iter().flat_map(|shown| said.not_in(shown)) {
            let start = text.len();
            push_text(text, line);
            if is_repeated {
                repeated.push(start..text.len());
            }
        }
        push_numbers(text, own, &read);
    }
    push_unshown(body, &plain, &read, &shown);
}

/// Appends the telephone numbers that the links of the HTML have and the text from `own` on has not.
fn push_numbers(text: &mut String, own: usize, read: &[HtmlText]) {
    if read.iter().all(|html| html.numbers().is_empty()) {
        return;
    }
    let mut shown = ShownNumbers::of(text.get(own..).unwrap_or_default());
    for number in read.iter().flat_map(|html| shown.missing(html.numbers())) {
        push_text(text, &number);
    }
}

/// Appends what HTML says and does not show: it is searched all the same.
fn push_unshown(BodyText { text, repeated }: &mut BodyText, plain: &str, read: &[HtmlText], shown: &[String]) {
    if read.iter().all(|html| !html.has_unshown()) {
        return;
    }
    let mut seen = SeenTargets::default();
    for text in shown.iter().map(String::as_str).chain([plain]) {
        seen.add(text);
    }
    for line in read.iter().flat_map(|html| html.unshown(&mut seen)) {
        let start = text.len();
        push_text(text, line);
        repeated.push(start..text.len());
    }
}

/// Appends `more` with plain line ends, on a line of its own.
pub(super) fn push_text(text: &mut String, more: &str) {
    if !text.is_empty() && !text.ends_with('\n') && !more.is_empty() {
        text.push('\n');
    }
    if memchr::memchr(b'\r', more.as_bytes()).is_none() {
        text.push_str(more);
        return;
    }
    let mut rest = more;
    while let Some((line, tail)) = rest.split_once("\r\n") {
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str(rest);
}

/// Cuts a text at the limit, and says so.
pub(super) fn cut(mut text: String, what: &str, notes: &mut Notes) -> String {
    if text.len() > TEXT_LIMIT
        && let Some((end, _)) = text.char_indices().nth(TEXT_LIMIT)
    {
        text.truncate(end);
        notes.partial("text_cut", format!("only the first {TEXT_LIMIT} characters of {what} are searched"));
    }
    text
}

/// At most `limit` characters of `text`.
pub(super) fn first_chars(text: &str, limit: usize) -> &str {
    text.char_indices().nth(limit).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Joins the lines of flowed text (RFC 3676 4.1, 4.2): a line that ends with a space goes on in the next one of
/// the same quote depth; the signature line never does (RFC 3676 4.3).
fn unflowed(text: &str, delete_space: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open != Some(depth) || content == "-- " {
            if !joined.is_empty() {
                joined.push('\n');
            }
            if depth > 0 {
                joined.extend(std::iter::repeat_n('>', depth));
                joined.push(' ');
            }
        }
        let flows = content.ends_with(' ') && content != "-- ";
        let kept = if flows && delete_space { content.strip_suffix(' ').unwrap_or(content) } else { content };
        joined.push_str(kept);
        open = flows.then_some(depth);
    }
    joined.push('\n');
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines_are_joined() {
        for (text, delete_space, expected) in [
            ("one \r\ntwo\r\nthree\r\n", false, "one two\nthree\n"),
            ("> quoted \n> more\n> end\nmine", false, "> quoted more\n> end\nmine\n"),
            ("> quoted \nmine", false, "> quoted \nmine\n"),
            ("end \n-- \nAnn", false, "end \n-- \nAnn\n"),
            (" > stuffed", false, "> stuffed\n"),
            ("ab \ncd", true, "abcd\n"),
        ] {
            assert_eq!(unflowed(text, delete_space), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_character_and_noted() {
        let mut notes = Notes::default();
        let text = cut("\u{fc}".repeat(TEXT_LIMIT + 1), "the body", &mut notes);
        assert_eq!(text.chars().count(), TEXT_LIMIT);
        assert_eq!(notes.partially_indexed[0].code, "text_cut");
        assert_eq!(cut("\u{fc}".repeat(TEXT_LIMIT), "the body", &mut Notes::default()).len(), TEXT_LIMIT * 2);
    }
}
