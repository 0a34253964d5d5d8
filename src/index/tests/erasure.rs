//! After erasure no byte of a deleted message's words is left in any file of the index.

use super::fixture::{TestIndex, add, any, body, person};
use crate::index::Load;
use crate::message::Facts;
use crate::model::{MessageNo, Role};

/// A word of Georgian letters: bytes that dictionaries of English and mail addresses have no short code for.
const SECRET: &str = "\u{10DF}\u{10E6}\u{10DF}\u{10E6}";

/// Whether any file of the index contains `word`, in one piece or as the transitions of an automaton: backwards, each
/// byte followed by one that says what it is.
fn on_disk(index: &TestIndex, word: &str) -> bool {
    std::fs::read_dir(index.path()).expect("directory").any(|entry| {
        let bytes = std::fs::read(entry.expect("entry").path()).expect("file");
        (0..bytes.len()).any(|at| {
            let rest = &bytes[at..];
            rest.starts_with(word.as_bytes())
                || rest.iter().step_by(2).take(word.len()).eq(word.as_bytes().iter().rev())
        })
    })
}

#[test]
fn deleted_words_are_gone_from_every_file() {
    let secret =
        Facts { participants: vec![person(Role::From, SECRET, "a@example.com")], ..body(&format!("{SECRET} plain")) };
    let TestIndex { index, reader, dir } = TestIndex::of([body("plain words"), secret, body("more plain words")]);
    let mut writer = index.writer(Load::Few).expect("writer");
    add(&mut writer, 4, &body("another plain segment"));
    writer.commit(MessageNo(4)).expect("commit");
    let test = TestIndex { index, reader, dir };
    assert!(on_disk(&test, SECRET));
    writer.delete(MessageNo(2)).expect("deletion");
    writer.commit(MessageNo(4)).expect("commit");
    test.reader.reload().expect("reload");
    assert_eq!(test.find(any("plain")), [1, 3, 4]);
    writer.erase_deleted().expect("erase");
    test.reader.reload().expect("reload");
    writer.erase_deleted().expect("erase again, without the old reader");
    writer.close().expect("close");
    test.index.check_erased().expect("no file left over");
    assert!(!on_disk(&test, SECRET));
    assert_eq!(test.find(any("plain")), [1, 3, 4]);
    assert_eq!(test.index.last_message().expect("last"), MessageNo(4));
}

#[test]
fn a_segment_without_survivors_vanishes() {
    let test = TestIndex::of_bodies(&["one", "two"]);
    let mut writer = test.index.writer(Load::Few).expect("writer");
    writer.delete(MessageNo(1)).expect("deletion");
    writer.delete(MessageNo(2)).expect("deletion");
    writer.commit(MessageNo(2)).expect("commit");
    test.reader.reload().expect("reload");
    writer.erase_deleted().expect("erase");
    writer.close().expect("close");
    test.index.check_erased().expect("no file left over");
    assert_eq!(test.reader.messages(), 0);
    assert_eq!(test.index.last_message().expect("last"), MessageNo(2));
}
