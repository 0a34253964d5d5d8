//! The content hash: equal for copies of one message that took different ways.
//!
//! It covers what people wrote and see, in a form that transport does not change: header fields decoded,
//! addresses with the domain in lower case, bodies free of transfer encoding and character set with plain line
//! ends. Left out is all that transport and lists add or drop: Received, Delivered-To, List-*, Resent-*, Bcc
//! (only the sender's copy has it), boundaries, and the header of each part. Text attachments count with plain
//! line ends for the same reason; all others by their exact bytes.
//!
//! The form is versioned by its first field and frozen: another form is another version. Each field is written as
//! a tag byte, its length as a 64-bit little-endian number, and its bytes, so that no two messages share a form.

use std::borrow::Cow;

use blake3::Hasher;

use super::attachments::Decoded;
use super::body_text::BodyPart;
use crate::model::{ContentHash, Participant, Role};

/// What the content hash is made of.
pub(super) struct Canonical<'a> {
    /// Without angle brackets; empty if there is none.
    pub(super) message_id: &'a str,
    /// The participants named by the author.
    pub(super) participants: &'a [Participant],
    /// Milliseconds since the epoch, or the text of a date that cannot be read.
    pub(super) date: Result<i64, &'a [u8]>,
    /// Decoded.
    pub(super) subject: &'a str,
    /// All text parts, the alternatives not shown included.
    pub(super) bodies: &'a [BodyPart<'a>],
    /// In the order of the message.
    pub(super) attachments: &'a [Decoded<'a>],
}

impl Canonical<'_> {
    /// Its hash.
    pub(super) fn hash(&self) -> ContentHash {
        let mut form = Form(Hasher::new());
        form.field(b'V', b"custodia content 1");
        form.field(b'I', self.message_id.as_bytes());
        for participant in self.participants.iter().filter(|p| matches!(p.role, Role::From | Role::To | Role::Cc)) {
            form.field(b'R', participant.role.as_str().as_bytes());
            form.field(b'N', participant.name.as_bytes());
            form.field(b'A', canonical_address(&participant.address).as_bytes());
        }
        match self.date {
            Ok(milliseconds) => form.field(b'D', &milliseconds.to_le_bytes()),
            Err(text) => form.field(b'd', text.trim_ascii()),
        }
        form.field(b'S', canonical_words(self.subject).as_bytes());
        for body in self.bodies {
            let text = plain_line_ends(body.source.as_bytes());
            form.field(if body.is_html { b'H' } else { b'T' }, text.trim_ascii_end());
        }
        for attachment in self.attachments {
            let declared = &attachment.facts.attachment;
            form.field(b'F', declared.name.as_bytes());
            match text_bytes(&declared.media_type, &attachment.bytes) {
                Some(plain) => form.field(b'C', blake3::hash(&plain).as_bytes()),
                None => form.field(b'C', &declared.digest.0),
            }
        }
        ContentHash(*form.0.finalize().as_bytes())
    }
}

struct Form(Hasher);

impl Form {
    fn field(&mut self, tag: u8, bytes: &[u8]) {
        let mut head = [tag; 9];
        for (slot, byte) in head.iter_mut().skip(1).zip((bytes.len() as u64).to_le_bytes()) {
            *slot = byte;
        }
        self.0.update(&head);
        self.0.update(bytes);
    }
}

/// Domains do not distinguish case (RFC 5321 2.4); local parts may.
fn canonical_address(address: &str) -> Cow<'_, str> {
    match address.rsplit_once('@') {
        Some((local, domain)) if domain.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Cow::Owned(format!("{local}@{}", domain.to_ascii_lowercase()))
        }
        _ => Cow::Borrowed(address),
    }
}

/// One space between words, wherever the field was folded.
fn canonical_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

fn plain_line_ends(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        plain.extend_from_slice(rest.get(..at).unwrap_or_default());
        plain.push(b'\n');
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

/// The bytes of a text attachment if they have line ends to be changed.
fn text_bytes<'b>(media_type: &str, bytes: &'b [u8]) -> Option<Cow<'b, [u8]>> {
    let is_text = media_type.starts_with("text/") || media_type.starts_with("message/");
    (is_text && memchr::memchr(b'\r', bytes).is_some()).then(|| plain_line_ends(bytes))
}

#[cfg(test)]
mod tests {
    use crate::message::facts;

    const MAIL: &str = "Received: from a by b; Mon, 3 Jan 2022 09:00:01 +0000\r\nMessage-ID: <1@x.org>\r\n\
        From: \"Ann Lee\" <ann@X.org>\r\nTo: Bob <bob@y.org>, carl@y.org\r\nCc: dan@y.org\r\n\
        Date: Mon, 3 Jan 2022 10:00:00 +0100\r\nSubject: The budget\r\n of spring\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 8bit\r\n\r\nGr\u{fc}n line\r\nsecond line\r\n\r\n--b\r\n\
        Content-Type: text/csv; name=a.csv\r\n\r\n1,2\r\n3,4\r\n--b\r\n\
        Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n";

    /// Replacements in `MAIL`, each given as what is there and what it becomes.
    fn changed(replacements: &[(&str, &str)]) -> Vec<u8> {
        let mut mail = MAIL.to_owned();
        for (from, to) in replacements {
            assert!(mail.contains(from), "{from}");
            mail = mail.replace(from, to);
        }
        mail.into_bytes()
    }

    #[test]
    fn transport_and_encoding_do_not_change_it() {
        let hash = facts(MAIL.as_bytes()).content_hash;
        for replacements in [
            &[("\r\n", "\n")][..],
            &[("Received: from a by b", "Received: from z by y")],
            &[("Received: ", "List-Id: <l.x.org>\r\nDelivered-To: me@z.org\r\nBcc: hidden@z.org\r\nReceived: ")],
            &[("Received: ", "Resent-From: r@x.org\r\nResent-To: s@x.org\r\nReceived: ")],
            &[("The budget\r\n of", "The budget of")],
            &[("To: Bob <bob@y.org>, carl", "TO: Bob\r\n\t<bob@y.org>,\r\n carl")],
            &[("\"Ann Lee\"", "Ann Lee")],
            &[("Ann Lee", "=?utf-8?Q?Ann_Lee?=")],
            &[("The budget", "=?utf-8?B?VGhlIGJ1ZGdldA==?=")],
            &[("ann@X.org", "ann@x.ORG")],
            &[("<1@x.org>", "\r\n <1@x.org>")],
            &[("second line\r\n\r\n", "second line\r\n\r\n\r\n\r\n"), ("--b\r\n", "--b \r\n")],
            &[("10:00:00 +0100", "04:00:00 EST")],
            &[("8bit", "quoted-printable"), ("Gr\u{fc}n line", "Gr=C3=BC=\r\nn line")],
            &[("8bit", "base64"), ("Gr\u{fc}n line\r\nsecond line", "R3LDvG4gbGluZQ0Kc2Vjb25kIGxpbmU=")],
            &[
                (
                    "utf-8\r\nContent-Transfer-Encoding: 8bit",
                    "iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable",
                ),
                ("Gr\u{fc}n", "Gr=FCn"),
            ],
            &[("1,2\r\n3,4", "1,2\n3,4")],
            &[("AAEC", "AA\r\nEC")],
            &[("boundary=b\r\n", "boundary=\"bb\"\r\n"), ("--b", "--bb")],
        ] {
            assert_eq!(facts(&changed(replacements)).content_hash, hash, "{replacements:?}");
        }
    }

    #[test]
    fn what_people_wrote_changes_it() {
        let mut hashes = vec![facts(MAIL.as_bytes()).content_hash];
        for replacement in [
            ("budget", "Budget"),
            ("second", "third"),
            ("Gr\u{fc}n", "Gru\u{308}n"),
            ("bob@y.org", "bill@y.org"),
            ("bob@y.org", "Bob@y.org"),
            ("Bob <", "Bill <"),
            ("dan@y.org", "dan@z.org"),
            ("Cc: dan", "To: dan"),
            ("ann@X.org", "eve@X.org"),
            ("10:00:00", "10:00:01"),
            ("Mon, 3 Jan 2022 10:00:00 +0100", "never"),
            ("<1@x.org>", "<2@x.org>"),
            ("a.csv", "b.csv"),
            ("3,4", "3,5"),
            ("AAEC", "AAED"),
            ("\r\n--b--", "\r\n--b\r\n\r\none more\r\n--b--"),
        ] {
            let hash = facts(&changed(&[replacement])).content_hash;
            assert!(!hashes.contains(&hash), "{replacement:?}");
            hashes.push(hash);
        }
    }

    #[test]
    fn the_form_is_frozen() {
        assert_eq!(
            facts(MAIL.as_bytes()).content_hash.to_string(),
            "c7038e343a8fa33dece8d9af4401bcf7c63d23eff62e15070078df0261fffd03"
        );
    }
}
