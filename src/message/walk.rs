//! One pass over the body of a multipart message (RFC 2046 5.1).
//!
//! mail-parser's own message parser is not used for it: it searches to the end of the message for every
//! boundary that is missing, and nests messages in a tree whose drop recurses, so that a hostile message costs
//! quadratic time or the stack. Here multiparts are kept on a bounded stack and each line is looked at once.

use memchr::memmem;

use super::content::Content;
use super::header::{Header, line_length};
use super::notes::Notes;
use super::structure::{Part, Place, as_text, leaf};
use super::transfer::Encoding;

/// Multiparts in multiparts that are followed.
const DEPTH_LIMIT: usize = 100;

/// Parts of one message that are told apart; the last one holds all that follows.
pub(super) const PART_LIMIT: usize = 10_000;

/// A multipart that is not closed yet.
struct Multipart {
    boundary: Vec<u8>,
    is_digest: bool,
    is_related: bool,
    alternative: Option<usize>,
    /// Where its body begins.
    start: usize,
    /// None is allowed (RFC 2045 6.4); one that is declared all the same may hide the delimiters.
    encoding: Encoding,
    children: usize,
    place: Place,
}

/// The state of the pass over the body of a multipart message.
pub(super) struct Walk<'a, 'n> {
    text: &'a [u8],
    open: Vec<Multipart>,
    /// The part that is being read: its header and where its body begins.
    current: Option<(Content, usize, Place)>,
    /// Whether it is a multipart whose parts cannot be told apart.
    is_untold: bool,
    /// Parts that have ended.
    pub(super) parts: Vec<Part<'a>>,
    /// Lines in the headers of parts that are no fields.
    pub(super) stray: Vec<&'a [u8]>,
    /// What stands outside of the parts (RFC 2046 5.1.1), if it is not blank.
    pub(super) margins: Vec<&'a [u8]>,
    /// Where it began last.
    margin: usize,
    alternatives: usize,
    notes: &'n mut Notes,
}

impl<'a, 'n> Walk<'a, 'n> {
    /// Before the first byte of `text`; `stray` are lines found so far that are no fields.
    pub(super) fn new(text: &'a [u8], stray: Vec<&'a [u8]>, notes: &'n mut Notes) -> Self {
        let (open, parts, margins) = (Vec::new(), Vec::new(), Vec::new());
        let (current, is_untold) = (None, false);
        Self { text, open, current, is_untold, parts, stray, margins, margin: 0, alternatives: 0, notes }
    }

    /// Reads to the end.
    pub(super) fn run(&mut self) {
        let mut at = 0;
        while let Some(start) = self.next_dashes(at) {
            let end = start + line_length(self.text.get(start..).unwrap_or_default());
            let line = self.text.get(start..end).unwrap_or_default();
            let Some((level, closes)) = delimiter(&self.open, line) else {
                at = end;
                continue;
            };
            self.finish_part(start, closes || level + 1 < self.open.len());
            while self.open.len() > level + 1 {
                self.leave(start, false);
            }
            if closes {
                // Somebody may have written behind the delimiter.
                self.margin = start + self.open.last().map_or(0, |multipart| multipart.boundary.len() + 4);
                self.leave(start, true);
                at = end;
            } else if self.parts.len() + 1 >= PART_LIMIT {
                self.notes.partial("too_many_parts", format!("parts after the first {PART_LIMIT} are one attachment"));
                let content = Content { is_attachment: true, ..Content::default() };
                self.current = Some((content, end, Place::default()));
                self.finish_part(self.text.len(), true);
                self.open.clear();
                return;
            } else {
                at = self.start_part(end);
            }
        }
        self.finish_part(self.text.len(), true);
        if !self.open.is_empty() && self.open.iter().any(|multipart| multipart.children > 0) {
            self.notes.defect("truncated", "the last boundary of a multipart is missing");
        }
        while !self.open.is_empty() {
            self.leave(self.text.len(), true);
        }
    }

    /// The next line, from `at` on, that starts with two dashes; `at` is the start of a line.
    fn next_dashes(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        if rest.starts_with(b"--") {
            return Some(at);
        }
        memmem::find(rest, b"\n--").map(|found| at + found + 1)
    }

    /// Reads the header of a part and returns where the search for delimiters goes on.
    fn start_part(&mut self, at: usize) -> usize {
        let open = &self.open;
        let text = self.text.get(at..).unwrap_or_default();
        let header = Header::of_part(text, &|line| delimiter(open, line).is_some());
        if !header.stray.is_empty() {
            self.notes.defect("header_without_colon", "the header of a part has lines that are no fields");
            self.stray.extend_from_slice(&header.stray);
        }
        let body = at + header.length;
        let mut place = Place::default();
        if let Some(parent) = self.open.last_mut() {
            place.in_digest = parent.is_digest;
            place.is_related = parent.is_related && parent.children > 0;
            place.alternative = parent.alternative;
            parent.children += 1;
        }
        self.enter(Content::of(&header), body, place);
        body
    }

    /// Opens a multipart, or makes the part the current one.
    pub(super) fn enter(&mut self, mut content: Content, start: usize, place: Place) {
        if !content.media_type.starts_with("multipart/") {
            self.current = Some((content, start, place));
            return;
        }
        if self.open.len() >= DEPTH_LIMIT {
            self.notes.partial("nested_too_deep", format!("multiparts are nested deeper than {DEPTH_LIMIT}"));
            content.is_attachment = true;
            self.current = Some((content, start, place));
            return;
        }
        let Some(boundary) = content.boundary.take() else {
            self.notes.defect("bad_boundary", "a multipart declares no boundary");
            self.current = Some((as_text(content), start, place));
            self.is_untold = true;
            return;
        };
        let kind = content.media_type.as_str();
        let alternative = place.alternative.or_else(|| {
            self.alternatives += usize::from(kind == "multipart/alternative");
            (kind == "multipart/alternative").then_some(self.alternatives)
        });
        self.margin = start;
        self.open.push(Multipart {
            boundary: boundary.trim_end().as_bytes().to_vec(),
            is_digest: kind == "multipart/digest",
            is_related: kind == "multipart/related",
            alternative,
            start,
            encoding: content.encoding,
            children: 0,
            place,
        });
    }

    /// Ends the current part, or what stands outside of parts, before the delimiter at `delimiter`, to which the line end
    /// before it belongs (RFC 2046 5.1.1). `leaves` if it ends the innermost multipart, which without parts is text itself.
    fn finish_part(&mut self, delimiter: usize, leaves: bool) {
        let Some((content, start, place)) = self.current.take() else {
            let is_part = leaves && self.open.last().is_some_and(|multipart| multipart.children == 0);
            let margin = self.text.get(self.margin..delimiter).unwrap_or_default().trim_ascii();
            if !is_part && !margin.is_empty() {
                self.margins.push(margin);
            }
            return;
        };
        let mut body = self.text.get(start..delimiter).unwrap_or_default();
        if delimiter < self.text.len() {
            body = body.strip_suffix(b"\n").unwrap_or(body);
            body = body.strip_suffix(b"\r").unwrap_or(body);
        }
        if std::mem::take(&mut self.is_untold) {
            self.note_unread(body, content.encoding);
        }
        self.parts.push(leaf(content, body, place));
    }

    /// Notes that parts of a multipart are searched as they stand, if they are encoded in it.
    fn note_unread(&mut self, text: &[u8], encoding: Encoding) {
        if has_encoded_parts(text) || (encoding != Encoding::Identity && has_encoded_parts(&encoding.decode(text).0)) {
            let reason = "encoded parts of a multipart are not searched, for they cannot be told apart";
            self.notes.partial("unread_parts", reason);
        }
    }

    /// Closes the innermost multipart. One without parts is shown as the text that it is.
    fn leave(&mut self, end: usize, is_closed: bool) {
        let Some(multipart) = self.open.pop() else { return };
        if multipart.children == 0 {
            self.notes.defect("bad_boundary", "a multipart has no part: its boundary never occurs");
            let body = self.text.get(multipart.start..end).unwrap_or_default();
            if !body.trim_ascii().is_empty() {
                self.note_unread(body, multipart.encoding);
                let content = Content { encoding: multipart.encoding, ..Content::default() };
                self.parts.push(leaf(as_text(content), body, multipart.place));
            }
        } else if !is_closed {
            self.notes.defect("bad_boundary", "an inner multipart is not closed");
        }
    }
}

/// Whether the header of a part in `text` declares that it is encoded.
fn has_encoded_parts(text: &[u8]) -> bool {
    const FIELD: &[u8] = b"content-transfer-encoding:";
    // More than any mechanism needs: a line may be as long as the message, and declare often.
    const VALUE: usize = 100;
    let declared =
        memchr::memchr2_iter(b'c', b'C', text).filter_map(|at| text.get(at..)?.split_at_checked(FIELD.len()));
    let mut values = declared.filter(|(name, _)| name.eq_ignore_ascii_case(FIELD)).map(|(_, value)| value);
    values.any(|value| {
        let value = value.trim_ascii_start();
        let word = String::from_utf8_lossy(value.get(..VALUE).unwrap_or(value));
        matches!(Encoding::of(&word), Encoding::Base64 | Encoding::QuotedPrintable)
    })
}

/// The open multipart that a line delimits, counted from the outermost, and whether it closes it. A closing
/// delimiter with something after it is accepted where nothing fits exactly.
fn delimiter(open: &[Multipart], line: &[u8]) -> Option<(usize, bool)> {
    let text = line.get(2..)?.trim_ascii_end();
    let rests = || {
        let levels = open.iter().enumerate().rev();
        levels.filter_map(|(level, multipart)| Some((level, text.strip_prefix(multipart.boundary.as_slice())?)))
    };
    let exact = rests().find_map(|(level, rest)| match rest {
        b"" => Some((level, false)),
        b"--" => Some((level, true)),
        _ => None,
    });
    exact.or_else(|| rests().find(|(_, rest)| rest.starts_with(b"--")).map(|(level, _)| (level, true)))
}
