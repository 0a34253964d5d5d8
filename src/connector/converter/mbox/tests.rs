//! Each message of an mbox comes out as it stands between its separators, and every byte of the file is accounted for.

use std::io::Write;

use proptest::prelude::*;

use super::split::{EndedBy, Rule};
use super::*;
use crate::connector::Format;

const ANN: &str = "From ann@firm.example Mon Jun 01 10:00:00 2009\n";

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn bytes_of(raw: &Raw) -> Vec<u8> {
    let mut bytes = vec![0; raw.source().len() as usize];
    raw.source().read_exact_at(0, &mut bytes).unwrap();
    bytes
}

/// What was read: the format, the messages, and the reasons with the bytes passed over.
#[derive(Debug, PartialEq, Eq)]
struct ReadBack {
    format: Format,
    messages: Vec<Vec<u8>>,
    rejected: Vec<(String, u64)>,
}

fn read(bytes: &[u8]) -> ReadBack {
    read_file(file(bytes))
}

fn read_file(file: File) -> ReadBack {
    let mut all = ReadBack { format: Format::Eml, messages: Vec::new(), rejected: Vec::new() };
    for event in Mbox::open(file, Path::new("a.mbox"), "a.mbox".to_owned()).unwrap() {
        match event {
            SourceEvent::Opened { format, .. } => all.format = format,
            SourceEvent::Closed(_) => {}
            SourceEvent::Record(record) => all.messages.push(bytes_of(&record.raw)),
            SourceEvent::Rejected(rejection) => all.rejected.push((rejection.reason, rejection.bytes)),
        }
    }
    all
}

fn messages(text: &str) -> Vec<String> {
    let all = read(text.as_bytes());
    assert_eq!(all.rejected, [], "{text}");
    all.messages.into_iter().map(|message| String::from_utf8(message).unwrap()).collect()
}

/// The messages found by reading `chunk` bytes at once, behind where the first separator starts.
fn spans(bytes: &[u8], chunk: Option<usize>) -> (usize, Vec<Span>) {
    let shared = Arc::new(file(bytes));
    let len = bytes.len() as u64;
    let rule = survey(&shared, len).unwrap().rule;
    let mut splitter = Splitter::new(shared, len, len, rule);
    splitter.window.chunk = chunk.unwrap_or(splitter.window.chunk);
    let (mark, before) = splitter.preamble().unwrap();
    let spans = std::iter::from_fn(|| splitter.next_span().unwrap()).collect();
    ((mark + before) as usize, spans)
}

/// Between two messages, before the first and after the last there is nothing but blank lines and separators, and
/// it makes no difference how much is read at once.
fn account(bytes: &[u8]) {
    let (mut at, found) = spans(bytes, None);
    if bytes.len() < 100_000 {
        assert_eq!(spans(bytes, Some(7)), (at, found.clone()));
    }
    if found.is_empty() {
        assert_eq!(at, bytes.len());
        return;
    }
    for (n, span) in found.iter().enumerate() {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(at <= start && start <= end, "{at} {span:?}");
        let gap = &bytes[at..start];
        let gap = gap.strip_prefix(b"\r\n").or(gap.strip_prefix(b"\n")).unwrap_or(gap);
        assert!(gap.starts_with(b"From "));
        assert!(!gap.trim_ascii_end().contains(&b'\n'));
        assert!(span.ended_by != EndedBy::End || n + 1 == found.len());
        at = end;
    }
    assert!(matches!(&bytes[at..], b"" | b"\n" | b"\r\n"), "{:?}", &bytes[at..]);
}

#[test]
fn messages_are_what_stands_between_separators() {
    let cases: [(&str, &[&str]); 12] = [
        // The blank line belongs to the file, at its end too.
        (
            "From a@b.example Mon Jun 01 10:00:00 2009\nA: 1\n\none\n\nFrom - Mon Jun 01 10:00:00 2009\nB: 2\n\ntwo\n\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n"],
        ),
        // One blank line only.
        (
            "From - Mon Jun 01 10:00:00 2009\nA: 1\n\none\n\n\n\nFrom - Mon Jun 01 10:00:00 2009\nB: 2\n",
            &["A: 1\n\none\n\n\n", "B: 2\n"],
        ),
        // The last message is cut.
        ("From - Mon Jun 01 10:00:00 2009\nA: 1\n\none tw", &["A: 1\n\none tw"]),
        // No header.
        ("From - Mon Jun 01 10:00:00 2009\n\none\n\nFrom - Mon Jun 01 10:00:00 2009\n\ntwo", &["\none\n", "\ntwo"]),
        // CRLF.
        (
            "From a@b.example Mon Jun 01 10:00:00 2009\r\nA: 1\r\n\r\none\r\n\r\n\
             From a@b.example Mon Jun 01 10:00:00 2009\r\nB: 2\r\n\r\ntwo\r\n\r\n",
            &["A: 1\r\n\r\none\r\n", "B: 2\r\n\r\ntwo\r\n"],
        ),
        // A byte order mark, and blank lines before the first separator.
        ("\u{feff}From - Mon Jun 01 10:00:00 2009\nA: 1\n", &["A: 1\n"]),
        ("\n\nFrom - Mon Jun 01 10:00:00 2009\nA: 1\n", &["A: 1\n"]),
        // Body lines that look like separators only at first sight.
        (
            "From - Mon Jun 01 10:00:00 2009\nA: 1\n\nfrom\n\nFrom Russia with love\n\nFrom us all\n",
            &["A: 1\n\nfrom\n\nFrom Russia with love\n\nFrom us all\n"],
        ),
        (
            "From - Mon Jun 01 10:00:00 2009\nA: 1\n\nno blank line before\nFrom - Mon Jun 01 10:00:00 2009\nis text\n",
            &["A: 1\n\nno blank line before\nFrom - Mon Jun 01 10:00:00 2009\nis text\n"],
        ),
        // Envelopes without a date separate where a header follows.
        (
            "From 1234@xxx\nA: 1\n\none\n\nFrom 5678@xxx\nB: 2\n\ntwo\n\nFrom ann@firm.example\nwith regards\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n\nFrom ann@firm.example\nwith regards\n"],
        ),
        // Quoting stays.
        ("From - Mon Jun 01 10:00:00 2009\nA: 1\n\n>From one\n>>From two\n", &["A: 1\n\n>From one\n>>From two\n"]),
        // No blank line between messages anywhere.
        (
            "From - \nA: 1\n\none\nFrom - \nB: 2\n\ntwo\nFrom - \nC: 3\n\nthree\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n", "C: 3\n\nthree\n"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(messages(text), expected, "{text:?}");
        account(text.as_bytes());
    }
}

#[test]
fn a_message_is_the_same_after_another_was_appended() {
    let one = format!("{ANN}A: 1\n\none\n\n");
    assert_eq!(messages(&one), messages(&format!("{one}{ANN}B: 2\n\ntwo\n\n"))[..1]);
}

#[test]
fn a_file_with_blank_lines_needs_them_before_each_separator() {
    let forged = format!("{ANN}A: 1\n\none\n{ANN}Subject: forged\n\nx\n\n{ANN}B: 2\n\ntwo\n");
    let all = messages(&forged);
    assert_eq!(all.len(), 2);
    assert!(all[0].contains("forged"));
}

#[test]
fn a_length_is_believed_where_it_leads_to_a_separator() {
    let body = format!("text\n\n{ANN}Subject: inner\n\ninner\n");
    let with = |length: usize, blank: &str| {
        format!("{ANN}A: 1\nContent-Length: {length}\n\n{body}{blank}{ANN}B: 2\nContent-Length: 4\n\ntwo\n{blank}")
    };
    let message = format!("A: 1\nContent-Length: {}\n\n{body}", body.len());
    for blank in ["\n", ""] {
        let all = messages(&with(body.len(), blank));
        assert_eq!(all, [message.clone(), "B: 2\nContent-Length: 4\n\ntwo\n".to_owned()], "{blank:?}");
    }
    for stale in [0, 3, body.len() - 1, body.len() + 5, 1 << 40, usize::MAX] {
        assert_eq!(messages(&with(stale, "\n")).len(), 3, "{stale}");
    }
}

#[test]
fn a_length_that_leads_to_the_end_ends_the_last_message() {
    let body = format!("text\n\n{ANN}Subject: inner\n\ninner\n\n");
    for blank in ["", "\n", "\r\n"] {
        let message = format!("Content-Length: {}\n\n{body}", body.len());
        assert_eq!(messages(&format!("{ANN}{message}{blank}")), [message]);
    }
}

#[test]
fn the_variant_is_guessed() {
    let body = "text\n\n>From me\n";
    for (text, format) in [
        (format!("{ANN}A: 1\n\ntext\n"), Format::Mboxo),
        (format!("{ANN}A: 1\n\n>From me\n"), Format::Mboxo),
        (format!("{ANN}A: 1\n\n>>From me\n"), Format::Mboxrd),
        (format!("{ANN}Content-Length: {}\n\n{body}\n", body.len()), Format::Mboxcl),
        (format!("{ANN}Content-Length: 5\n\ntext\n\n"), Format::Mboxcl2),
        (format!("{ANN}Content-Length: 2\n\ntext\n\n"), Format::Mboxo),
    ] {
        assert_eq!(read(text.as_bytes()).format, format, "{text}");
    }
}

#[test]
fn what_is_no_message_is_rejected_with_its_bytes() {
    let all = read(format!("garbage\n\n{ANN}A: 1\n").as_bytes());
    assert_eq!((all.messages.len(), all.rejected.len(), all.rejected[0].1), (1, 1, 9));
    let all = read(b"no mbox at all\n");
    assert_eq!((all.messages.len(), all.rejected.len(), all.rejected[0].1), (0, 1, 15));
    let all = read(format!("{ANN}\n{ANN}A: 1\n\n{ANN}").as_bytes());
    assert_eq!(all.messages, [b"A: 1\n"]);
    assert_eq!(all.rejected.len(), 2, "{all:?}");
    assert!(all.rejected.iter().all(|(reason, bytes)| reason.starts_with("empty message") && *bytes == 0));
}

#[test]
fn large_messages_stay_in_the_file() {
    let line = "x".repeat(76) + "\n";
    let large = line.repeat(LARGE as usize / 77 + 20_000);
    for length in [String::new(), format!("Content-Length: {}\n", large.len())] {
        let text = format!("{ANN}A: 1\n\none\n\n{ANN}{length}B: 2\n\n{large}\n{ANN}C: 3\n\nthree\n");
        let stored = Mbox::open(file(text.as_bytes()), Path::new("a"), "a".to_owned()).unwrap();
        let stored = stored.filter(
            |event| matches!(event, SourceEvent::Record(SourceRecord { raw: Raw::Stored(_), origin, .. }) if origin == "a#2"),
        );
        assert_eq!(stored.count(), 1);
        let all = read(text.as_bytes());
        assert_eq!(all.messages.len(), 3);
        assert!(all.messages[1] == format!("{length}B: 2\n\n{large}").into_bytes());
        account(text.as_bytes());
    }
}

#[test]
fn messages_around_the_limit_of_memory_are_whole() {
    for len in LARGE as usize - 3..LARGE as usize + 10 {
        let mut message = b"A: 1\n\n".to_vec();
        message.resize(len - 1, b'x');
        message.push(b'\n');
        let text = [ANN.as_bytes(), &message, b"\r\n", ANN.as_bytes(), b"B: 2\n"].concat();
        let all = read(&text);
        assert!(all.messages.len() == 2 && all.messages[0] == message && all.messages[1] == b"B: 2\n", "{len}");
    }
}

#[test]
fn a_line_without_end_needs_no_memory() {
    let mut text = ANN.as_bytes().to_vec();
    text.resize(LARGE as usize * 3, b'F');
    let mut reader = Mbox::open(file(&text), Path::new("a"), "a".to_owned()).unwrap();
    assert_eq!(reader.by_ref().count(), 2);
    assert_eq!(reader.bytes_done(), text.len() as u64);
}

#[test]
fn a_file_that_grows_keeps_its_last_message_back() {
    let mut growing = tempfile::NamedTempFile::new().unwrap();
    growing.write_all(format!("{ANN}A: 1\n\none\n\n{ANN}B: 2\n\nhalf").as_bytes()).unwrap();
    let file = File::open(growing.path()).unwrap();
    let reader = Mbox::open(file, growing.path(), "g".to_owned()).unwrap();
    growing.write_all(b" and half\n\n").unwrap();
    let events: Vec<_> = reader.collect();
    assert!(matches!(&events[1], SourceEvent::Record(record) if bytes_of(&record.raw) == b"A: 1\n\none\n"));
    assert!(
        matches!(&events[2], SourceEvent::Rejected(r) if r.origin == "g#2" && r.reason.contains("grew") && r.bytes == 10)
    );
    assert_eq!(events.len(), 3);
}

#[test]
fn a_file_that_is_cut_is_reported_from_where_it_is_missing() {
    let cut = tempfile::NamedTempFile::new().unwrap();
    let one = format!("{ANN}A: 1\n\none\n\n");
    let many = one.repeat(100_000);
    std::fs::write(cut.path(), &many).unwrap();
    let mut reader = Mbox::open(File::open(cut.path()).unwrap(), cut.path(), "c".to_owned()).unwrap();
    assert!(reader.nth(1).is_some());
    cut.as_file().set_len(2_000_000).unwrap();
    let (mut bytes, mut rejected) = (one.len(), 0);
    for event in reader {
        match event {
            SourceEvent::Record(_) => bytes += one.len(),
            SourceEvent::Rejected(rejection) => {
                rejected += 1;
                bytes += rejection.bytes as usize + ANN.len();
                assert!(rejection.reason.contains("shorter"), "{}", rejection.reason);
            }
            SourceEvent::Opened { .. } | SourceEvent::Closed(_) => unreachable!(),
        }
    }
    assert_eq!((bytes, rejected), (many.len(), 1));
}

#[test]
fn separators_packed_together_are_read_in_linear_time() {
    for unit in
        ["\nFrom \n", "\n\nFrom -\n", "From x@y\nA: b\n", "From - \nA: b\n", "\n\nFrom - Mon Jun 01 10:00:00 2009\n"]
    {
        let text = format!("{ANN}A: 1\n\n") + &unit.repeat(3_000_000 / unit.len());
        account(text.as_bytes());
        assert_eq!(read(text.as_bytes()).format, Format::Mboxo);
    }
}

fn messages_of_generated_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = prop_oneof![
        Just(b"text".to_vec()),
        Just(Vec::new()),
        Just(b"From Russia with love".to_vec()),
        Just(ANN.trim_ascii_end().into()),
        Just(b">From ann@firm.example Mon Jun 01 10:00:00 2009".to_vec()),
        Just(b"From -".to_vec()),
        Just(b"Subject: inner".to_vec()),
        Just(b"\r".to_vec()),
        "[ -~]{0,20}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>().prop_filter("line end", |byte| *byte != b'\n'), 0..20),
    ];
    let body = proptest::collection::vec(line, 0..12);
    let message =
        body.prop_map(|lines| [b"Subject: s\nTo: b@c.example\n\n".to_vec(), lines.join(&b'\n'), vec![b'\n']].concat());
    proptest::collection::vec(message, 1..6)
}

/// Puts `>` before `From ` at line starts; before quoted ones too if `repeated`.
fn quote(message: &[u8], repeated: bool) -> Vec<u8> {
    let quoted = message.split_inclusive(|&byte| byte == b'\n').map(|line| {
        let bare = line.iter().position(|&byte| byte != b'>').unwrap_or(0);
        let quotes = line[bare..].starts_with(b"From ") && (bare == 0 || repeated);
        [if quotes { b">".as_slice() } else { b"" }, line].concat()
    });
    quoted.collect::<Vec<_>>().concat()
}

fn with_length(message: &[u8]) -> Vec<u8> {
    let body = memchr::memmem::find(message, b"\n\n").unwrap() + 2;
    [format!("Content-Length: {}\n", message.len() - body).as_bytes(), message].concat()
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    let lines = bytes.split(|&byte| byte == b'\n');
    lines.collect::<Vec<_>>().join(&b"\r\n"[..])
}

fn joined(messages: &[Vec<u8>]) -> Vec<u8> {
    messages.iter().flat_map(|message| [ANN.as_bytes(), message, b"\n"].concat()).collect()
}

proptest! {
    #[test]
    fn written_messages_come_back(messages in messages_of_generated_lines(), variant in 0..4) {
        let written: Vec<Vec<u8>> = messages.iter().map(|message| match variant {
            0 => quote(message, false),
            1 => quote(message, true),
            2 => with_length(&quote(message, false)),
            _ => with_length(message),
        }).collect();
        let text = joined(&written);
        let all = read(&text);
        prop_assert_eq!(all.rejected, []);
        prop_assert_eq!(all.messages, written);
        account(&text);
    }

    #[test]
    fn written_messages_with_crlf_come_back(messages in messages_of_generated_lines(), repeated in any::<bool>()) {
        let written: Vec<Vec<u8>> = messages.iter().map(|message| crlf(&quote(message, repeated))).collect();
        let text: Vec<u8> = written.iter().flat_map(|message| [&crlf(ANN.as_bytes()), message, &b"\r\n"[..]].concat()).collect();
        let all = read(&text);
        prop_assert_eq!(all.rejected, []);
        prop_assert_eq!(all.messages, written);
        account(&text);
    }

    #[test]
    fn any_bytes_are_accounted_for(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        account(&bytes);
        read(&bytes);
    }

    #[test]
    fn any_lines_are_accounted_for(parts in proptest::collection::vec(prop_oneof![
        Just("\n"), Just("\r\n"), Just("From "), Just(ANN), Just("From -\n"), Just("A: b\n"), Just("Content-Length: 7\n"),
        Just("text"), Just("\u{feff}"), Just("Content-Length: 0\n"), Just(" "), Just("x@y"),
    ], 0..60), mark in any::<bool>()) {
        let text = format!("{}{}", if mark { ANN } else { "" }, parts.concat());
        account(text.as_bytes());
        read(text.as_bytes());
    }
}

#[test]
fn sample_files_of_other_programs() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let dir = Path::new(&shared).join("samples/mail-mbox");
    for (name, count) in [
        ("freeeed_headers.mbox", 1),
        ("freeeed_simple.mbox", 2),
        ("freeeed_single_mail.mbox", 1),
        ("mime4j_mbox-example_mbox.rlug", 5),
        ("mimekit_issue1189.mbox.txt", 4),
        ("mimekit_simple.mbox.txt", 3),
    ] {
        let bytes = std::fs::read(dir.join(name)).unwrap();
        account(&bytes);
        let all = read(&bytes);
        assert_eq!((all.messages.len(), all.rejected), (count, vec![]), "{name}");
        assert_eq!(
            survey(&Arc::new(file(&bytes)), bytes.len() as u64).unwrap().rule == Rule::BeforeField,
            name == "mimekit_simple.mbox.txt"
        );
    }
}
