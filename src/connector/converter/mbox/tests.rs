//! Each message of an mbox comes out as it stands between its separators, and every byte of the file is accounted for.

mod generated;
mod lengths;
mod separators;
mod size;

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
