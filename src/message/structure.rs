//! The parts of a message, and what each is to its reader.

use super::content::Content;
use super::header::Header;
use super::notes::Notes;
use super::walk::Walk;

/// The media type of what declares none (RFC 2046 4.5.1).
pub(super) const UNDECLARED: &str = "application/octet-stream";

/// What a part is to the reader of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Text to be read as it is.
    Plain,
    /// Text in HTML.
    Html,
    /// Anything else: offered as a file. Numbered from 1 in the order of the message.
    Attachment,
}

/// A part that is not a multipart.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// What its header says.
    pub(super) content: Content,
    /// Its bytes, still encoded.
    pub(super) body: &'a [u8],
    /// How it is presented.
    pub(super) kind: PartKind,
    /// The outermost `multipart/alternative` that it is in: of these parts one is read (RFC 2046 5.1.4).
    pub(super) alternative: Option<usize>,
}

impl Part<'_> {
    /// Media type in lower case, never empty.
    pub(super) fn media_type(&self) -> &str {
        if self.content.media_type.is_empty() { UNDECLARED } else { &self.content.media_type }
    }

    /// Whether it is a message (RFC 2046 5.2.1, RFC 6532 3.7).
    pub(super) fn is_message(&self) -> bool {
        matches!(self.content.media_type.as_str(), "message/rfc822" | "message/global")
    }
}

/// The parts of a message.
#[derive(Debug)]
pub(super) struct Structure<'a> {
    /// In the order of the text.
    pub(super) parts: Vec<Part<'a>>,
    /// Lines of the headers that are no fields: text all the same, and searched.
    pub(super) stray: Vec<&'a [u8]>,
    /// What stands in multiparts outside of their parts.
    pub(super) margins: Vec<&'a [u8]>,
}

/// The structure of the message with the given header.
pub(super) fn structure<'a>(raw: &'a [u8], header: &Header<'a>, notes: &mut Notes) -> Structure<'a> {
    let body = raw.get(header.length..).unwrap_or_default();
    let content = Content::of(header);
    if !content.media_type.starts_with("multipart/") {
        let part = leaf(content, body, Place { is_root: true, ..Place::default() });
        return Structure { parts: vec![part], stray: header.stray.clone(), margins: Vec::new() };
    }
    let mut walk = Walk::new(body, header.stray.clone(), notes);
    walk.enter(content, 0, Place { is_root: true, ..Place::default() });
    walk.run();
    Structure { parts: walk.parts, stray: walk.stray, margins: walk.margins }
}

/// Where a part stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// It is the whole message.
    pub(super) is_root: bool,
    /// In `multipart/digest`, where the default type is a message (RFC 2046 5.1.5).
    pub(super) in_digest: bool,
    /// In `multipart/related`, but not its root part (RFC 2387 3.4).
    pub(super) is_related: bool,
    /// The outermost `multipart/alternative` around it.
    pub(super) alternative: Option<usize>,
}

/// A part whose structure cannot be made out is read as it stands.
pub(super) fn as_text(content: Content) -> Content {
    Content { media_type: "text/plain".to_owned(), ..content }
}

/// Decides how a part is presented. Text is read in the message unless it is declared an attachment, has a
/// file name, or belongs to another part; the only part of a message is read whatever its name.
pub(super) fn leaf(mut content: Content, body: &[u8], place: Place) -> Part<'_> {
    if content.media_type.is_empty() && !content.is_attachment {
        // RFC 2045 5.2, RFC 2046 5.1.5.
        let default = if place.in_digest { "message/rfc822" } else { "text/plain" };
        default.clone_into(&mut content.media_type);
    }
    let is_read = !content.is_attachment && !place.is_related && (place.is_root || content.name.is_empty());
    let kind = match content.media_type.as_str() {
        "text/plain" if is_read => PartKind::Plain,
        "text/html" if is_read => PartKind::Html,
        _ => PartKind::Attachment,
    };
    Part { content, body, kind, alternative: place.alternative }
}

#[cfg(test)]
mod tests {
    use super::super::walk::PART_LIMIT;
    use super::*;

    fn walk(text: &str) -> (Vec<(PartKind, String, String)>, Vec<String>) {
        let header = Header::of_message(text.as_bytes());
        let mut notes = Notes::default();
        let parts = structure(text.as_bytes(), &header, &mut notes)
            .parts
            .iter()
            .map(|part| (part.kind, part.media_type().to_owned(), String::from_utf8_lossy(part.body).into_owned()))
            .collect();
        let codes = notes.defects.iter().chain(&notes.partially_indexed).map(|defect| defect.code.clone()).collect();
        (parts, codes)
    }

    fn check(text: &str, expected: &[(PartKind, &str, &str)], codes: &[&str]) {
        let (parts, found) = walk(text);
        let parts: Vec<_> = parts.iter().map(|(kind, media, body)| (*kind, media.as_str(), body.as_str())).collect();
        assert_eq!(parts, expected, "{text}");
        assert_eq!(found, codes, "{text}");
    }

    #[test]
    fn parts_are_told_apart() {
        use PartKind::{Attachment, Html, Plain};
        let mixed = "Content-Type: multipart/mixed; boundary=b\n\n";
        check("Subject: x\n\nbody\n", &[(Plain, "text/plain", "body\n")], &[]);
        check("Content-Type: text/html\n\n<p>\n", &[(Html, "text/html", "<p>\n")], &[]);
        check("Content-Type: image/png\n\nx", &[(Attachment, "image/png", "x")], &[]);
        check(
            &format!("{mixed}preamble\n--b\n\none\n\n--b  \r\nContent-Type: text/csv\r\n\r\n1,2\r\n--b--\nepilogue"),
            &[(Plain, "text/plain", "one\n"), (Attachment, "text/csv", "1,2")],
            &[],
        );
        check(
            &format!("{mixed}--b\n\none\n--b\n\ntwo"),
            &[(Plain, "text/plain", "one"), (Plain, "text/plain", "two")],
            &["truncated"],
        );
        check(
            &format!("{mixed}nothing here\n--c\n"),
            &[(Plain, "text/plain", "nothing here\n--c\n")],
            &["bad_boundary"],
        );
        check("Content-Type: multipart/mixed\n\ntext", &[(Plain, "text/plain", "text")], &["bad_boundary"]);
        check(
            &format!("{mixed}--b\nContent-Type: text/plain; name=a.txt\n\none\n--b--"),
            &[(Attachment, "text/plain", "one")],
            &[],
        );
        check(
            &format!("{mixed}--b\nContent-Type: text/plain\n--b\n\n--b--"),
            &[(Plain, "text/plain", ""), (Plain, "text/plain", "")],
            &[],
        );
        check(
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n--b--",
            &[(Attachment, "message/rfc822", "Subject: x\n")],
            &[],
        );
        check(
            "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>\n--b\nContent-Type: text/html\n\n<i>\n--b--",
            &[(Html, "text/html", "<p>"), (Attachment, "text/html", "<i>")],
            &[],
        );
    }

    #[test]
    fn what_stands_outside_of_parts_is_kept() {
        let outer = "Content-Type: multipart/mixed; boundary=o\n\n";
        let inner = "Content-Type: multipart/mixed; boundary=i\n\n";
        for (body, margins) in [
            ("--o\n\none\n--o--\n".to_owned(), &[][..]),
            ("\n \n--o\n\none\n--o--\n\n".to_owned(), &[]),
            ("before\n\n--o\n\none\n--o--\nbehind\nit\n".to_owned(), &["before", "behind\nit"]),
            ("--o\n\none\n--o-- beside\n".to_owned(), &["beside"]),
            ("--o\n\none\n--o--\n--o\n\ntwo\n".to_owned(), &["--o\n\ntwo"]),
            (format!("--o\n{inner}a\n--i\n\none\n--i--\nb\n--o--\nc"), &["a", "b", "c"]),
            (format!("--o\n{inner}a\n--i\n\none\n--o\n\ntwo\n--o--\nc"), &["a", "c"]),
            (format!("--o\n{inner}no part\n--o\n\ntwo\n--o--\nc"), &["c"]),
            (format!("--o\n{inner}no part\n--i--\nb\n--o--\nc"), &["b", "c"]),
            (format!("a\n--o\n{inner}--i\n\none\n--i--\nb"), &["a", "b"]),
            ("no part".to_owned(), &[]),
            ("--o--\nbehind".to_owned(), &["behind"]),
        ] {
            let text = format!("{outer}{body}");
            let header = Header::of_message(text.as_bytes());
            let found = structure(text.as_bytes(), &header, &mut Notes::default());
            let found: Vec<_> = found.margins.iter().map(|margin| String::from_utf8_lossy(margin)).collect();
            assert_eq!(found, margins, "{text}");
        }
    }

    #[test]
    fn an_unclosed_inner_multipart_ends_with_the_outer_one() {
        let text = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\none\n--o\n\ntwo\n--o--\n";
        check(
            text,
            &[(PartKind::Plain, "text/plain", "one"), (PartKind::Plain, "text/plain", "two")],
            &["bad_boundary"],
        );
        let header = Header::of_message(text.as_bytes());
        let parts = structure(text.as_bytes(), &header, &mut Notes::default()).parts;
        assert_eq!(parts.iter().map(|part| part.alternative).collect::<Vec<_>>(), [Some(1), None]);
    }

    #[test]
    fn depth_and_number_of_parts_are_limited() {
        let level = |n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n");
        let text = (0..5_000).map(level).collect::<String>();
        let (parts, codes) = walk(&text);
        assert_eq!(parts.len(), 1);
        assert!(codes.contains(&"nested_too_deep".to_owned()));
        let (parts, codes) =
            walk(&format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(50_000)));
        assert_eq!(parts.len(), PART_LIMIT);
        assert!(codes.contains(&"too_many_parts".to_owned()));
    }
}
