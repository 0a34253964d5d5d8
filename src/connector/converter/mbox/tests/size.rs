//! Large messages, and files that grow or were cut.

use super::*;

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
