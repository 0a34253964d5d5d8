//! Reading never panics and takes little time, whatever the bytes are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ThreadTime;
use proptest::prelude::*;

use crate::message::{attachment, facts, header_section};

/// Reads everything that can be read of `raw` and returns the processor time that took.
fn read(raw: &[u8]) -> Duration {
    let start = ThreadTime::now();
    let facts = facts(raw);
    let elapsed = start.elapsed();
    assert!(raw.starts_with(header_section(raw)));
    for (index, attached) in facts.attachments.iter().enumerate().take(3) {
        let bytes = attachment(raw, index + 1).expect("numbered attachment");
        assert_eq!(bytes.len() as u64, attached.attachment.bytes);
    }
    elapsed
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_sample_is_read_quickly() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let mut found = Vec::new();
    for folder in ["mail-eml", "mail-mbox", "mail-maildir"] {
        files(&Path::new(&shared).join("samples").join(folder), &mut found);
    }
    assert!(found.len() > 600);
    for path in found {
        let raw = fs::read(&path).expect("sample");
        assert!(read(&raw) < Duration::from_secs(1), "{}", path.display());
        for mail in
            raw.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>().split(|line| line.starts_with(b"From "))
        {
            assert!(read(&mail.concat()) < Duration::from_secs(1), "{}", path.display());
        }
    }
}

/// How many times as long as a usual mail of 20 MB a hostile one may take, whatever the machine. Those of which every byte is
/// read as a part of something take seven times as long where nothing is optimised; one that is read again and again, hundreds.
const MOST: u32 = 15;

/// What a usual mail of 20 MB takes: HTML, as marketing and software write it.
fn usual() -> Duration {
    let line = b"<p style=\"margin:0\">Dear all, the <b>figures</b> of March &amp; April are attached.</p>\n";
    let mail = [&b"Subject: x\nContent-Type: text/html\n\n"[..], &line.repeat(20_000_000 / line.len())].concat();
    read(&mail)
}

#[test]
fn large_and_repetitive_messages_are_read_in_time() {
    let mut usual_time = usual();
    let header = b"From: a@x.org\nDate: Mon, 3 Jan 2022 10:00:00 +0100\n".to_vec();
    let with = |field: &[u8], piece: &[u8], count: usize| [&header, field, &piece.repeat(count)].concat();
    let numbered = |count: usize, piece: &dyn Fn(usize) -> String| (0..count).map(piece).collect::<Vec<_>>().concat();
    let nested = numbered(5_000, &|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
    let unclosed = numbered(20_000, &|n| format!("--b\nContent-Type: multipart/mixed; boundary=c{n}\n\n"));
    let untold = [&b"--b\nContent-Type: multipart/mixed\n\n".repeat(9_000), &b"c\n".repeat(3_000_000)[..]].concat();
    let words = numbered(300_000, &|n| format!("w{n} "));
    let others = numbered(300_000, &|n| format!("w{}\n", n / 2));
    let differing = format!("--b\n\n{words}\n--b\nContent-Type: text/html\n\n<pre>{others}\n--b--\n");
    for (what, mail) in [
        ("one line of 20 MB", with(b"\n", b"x", 20_000_000)),
        ("one line of 20 MB of base64", with(b"Content-Transfer-Encoding: base64\n\n", b"QUJD", 5_000_000)),
        ("blank lines of base64", with(b"Content-Transfer-Encoding: base64\n\n", b"\n", 3_000_000)),
        (
            "one line of declared encodings",
            with(b"Content-Type: multipart/mixed\n\n", b"content-transfer-encoding:x", 300_000),
        ),
        ("multiparts without boundaries", with(b"Content-Type: multipart/mixed; boundary=b\n\n", &untold, 1)),
        ("20 MB of escapes", with(b"Content-Transfer-Encoding: quoted-printable\n\n", b"=3D", 7_000_000)),
        ("20 MB of blanks", with(b"Content-Transfer-Encoding: quoted-printable\n\n", b" \n", 10_000_000)),
        ("20 MB of tags", with(b"Content-Type: text/html\n\n", b"<a \"'", 4_000_000)),
        ("nested multiparts", nested.into_bytes()),
        ("multiparts that never occur", with(b"Content-Type: multipart/mixed; boundary=b\n\n", unclosed.as_bytes(), 1)),
        ("parts", with(b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\n\nx\n", 1_000_000)),
        (
            "lines that look like boundaries",
            with(b"Content-Type: multipart/mixed; boundary=b\n\n", b"--c\n", 3_000_000),
        ),
        (
            "alternatives that differ",
            with(b"Content-Type: multipart/alternative; boundary=b\n\n", differing.as_bytes(), 1),
        ),
        ("nested messages", b"Content-Type: message/rfc822\n\n".repeat(5_000)),
        ("fields", with(b"", b"a:\n", 2_000_000)),
        ("lines that are no fields", with(b"", b"a\n", 2_000_000)),
        ("one folded field", with(b"Subject: x\n", b" x\n", 2_000_000)),
        ("recipients", with(b"To: ", b"a@b.c, ", 1_000_000)),
        ("open comments", with(b"To: ", b"(", 5_000_000)),
        ("open quotes", with(b"To: ", b"\"\\", 2_000_000)),
        ("broken encoded words", with(b"To: ", b"=?aa?q?x ", 500_000)),
        ("encoded words", with(b"Subject: ", b"=?utf-8?q?x?= ", 500_000)),
        ("parameters", with(b"Content-Type: text/plain", b"; a*1=b", 1_000_000)),
        ("files that begin in a text", with(b"\n", b"begin 644 a\n#0V%T\n", 1_000_000)),
        ("links", with(b"Content-Type: text/html\n\n", b"<a href=x:%41>", 1_400_000)),
        ("pictures", with(b"Content-Type: text/html\n\n", b"<img alt=\"&amp;\">", 1_000_000)),
        (
            "alternatives with links",
            with(
                b"Content-Type: multipart/alternative; boundary=b\n\n",
                &[
                    &b"--b\n\n"[..],
                    &b"seen ".repeat(1_000_000),
                    &b"\n--b\nContent-Type: text/html\n\n<a href=tel:+491711234567><a href=x:y>\n".repeat(20_000),
                ]
                .concat(),
                1,
            ),
        ),
        (
            "parts with links",
            with(
                b"Content-Type: multipart/mixed; boundary=b\n\n",
                &[
                    &b"--b\n\n"[..],
                    &b"seen ".repeat(1_000_000),
                    &b"\n--b\nContent-Type: text/html\n\n<a href=tel:+491711234567><a href=x:y>\n".repeat(20_000),
                ]
                .concat(),
                1,
            ),
        ),
        ("references", with(b"References: ", b"<a@b> ", 1_000_000)),
    ] {
        // Others on the machine may slow a reading down.
        let is_read_in_time = (0..4).any(|attempt| {
            let taken = read(&mail);
            if attempt > 0 {
                usual_time = usual_time.max(usual());
            }
            taken < MOST * usual_time
        });
        assert!(is_read_in_time, "{what} took longer than {MOST} times the usual, four times");
    }
}

const SEED: &[u8] =
    b"Received: from a; Mon, 3 Jan 2022 09:00:00 GMT\r\nMessage-ID: <1@x.org>\r\nFrom: \"A (b)\" <a@x.org>\r\n\
    To: G: b@x.org, =?utf-8?Q?=C3=BC?= <c@x.org>;\r\nSubject: =?utf-8?B?w7w=?= =?iso-8859-1?q?=FC?=\r\n\
    Date: Mon, 3 Jan 2022 10:00:00 +0100\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
    Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\ntext=\r\n--c\r\nContent-Type: text/html\r\n\r\n\
    <p style=\"x\">&uuml;<!-- c --></p>\r\n--c--\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n\
    --b\r\nContent-Type: text/csv; charset=koi8-r; name*0*=utf-8'en'%C3; name*1*=%BC\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nwdLJ\r\n--b--\r\n";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn random_bytes_are_read(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read(&raw);
    }

    #[test]
    fn mutated_mails_are_read(changes in prop::collection::vec((0..SEED.len(), 0_usize..30, prop::collection::vec(any::<u8>(), 0..4)), 1..12)) {
        let mut raw = SEED.to_vec();
        for (at, length, bytes) in changes {
            let start = at.min(raw.len());
            let end = (start + length).min(raw.len());
            raw.splice(start..end, bytes);
        }
        read(&raw);
    }

    #[test]
    fn words_of_the_grammar_in_any_order_are_read(words in prop::collection::vec(prop::sample::select(WORDS), 0..80)) {
        read(words.concat().as_bytes());
    }
}

const WORDS: &[&str] = &[
    "Content-Type: ",
    "multipart/mixed; boundary=b",
    "text/html",
    "message/rfc822",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "\n",
    "\r\n",
    "\n\n",
    "--b",
    "--",
    "--b--",
    "From: ",
    "To: ",
    "Subject: ",
    "Date: ",
    "a@x.org",
    "\"",
    "<",
    ">",
    "(",
    ")",
    "\\",
    ";",
    ",",
    ":",
    "=?utf-8?Q?",
    "?=",
    "=",
    "=3D",
    "<p>",
    "<!--",
    "-->",
    "<script>",
    "&amp;",
    "&#",
    "\u{fc}",
    " ",
    "\t",
    "*0*=",
    "utf-8''",
    "%",
    "3 Jan 2022 10:00:00 ",
    "+0100",
    "X-Custodia-Platform: ",
];
