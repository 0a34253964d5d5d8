//! What was committed is there after anything, and nothing else is.

use super::fixture::{TestIndex, add, any, body};
use crate::index::{Index, Load};
use crate::model::MessageNo;

#[test]
fn the_last_message_is_that_of_the_last_commit() {
    let index = TestIndex::of_bodies(&["one", "two"]);
    assert_eq!(index.index.last_message().expect("last"), MessageNo(2));
    let writer = index.index.writer(Load::Few).expect("writer");
    add(&writer, 3, &body("three"));
    drop(writer);
    let again = Index::open(index.path()).expect("open");
    assert_eq!(again.last_message().expect("last"), MessageNo(2));
    assert_eq!(again.reader().expect("reader").messages(), 2);
}

#[test]
fn a_reader_moves_when_told() {
    let index = TestIndex::of_bodies(&["one"]);
    let mut writer = index.index.writer(Load::Bulk).expect("writer");
    add(&writer, 2, &body("one more"));
    writer.delete(MessageNo(1));
    writer.commit(MessageNo(2)).expect("commit");
    writer.close().expect("close");
    assert_eq!(index.find(any("one")), [1]);
    index.reader.reload().expect("reload");
    assert_eq!(index.find(any("one")), [2]);
}

#[test]
fn an_index_is_created_once_and_removed_whole() {
    let index = TestIndex::of_bodies(&["one"]);
    assert!(Index::create(index.path()).is_err());
    assert!(index.index.bytes().expect("bytes") > 0);
    assert!(index.index.writer(Load::Few).is_ok());
    Index::remove(index.path()).expect("remove");
    Index::remove(index.path()).expect("remove again");
    assert!(Index::open(index.path()).is_err());
    assert_eq!(Index::create(index.path()).expect("create").last_message().expect("last"), MessageNo(0));
}

#[test]
fn large_documents_pass_the_bounded_queue() {
    let index = TestIndex::of_bodies(&[]);
    let mut writer = index.index.writer(Load::Bulk).expect("writer");
    let text = "lorem ipsum ".repeat(1_000_000);
    for number in 1..=8 {
        add(&writer, number, &body(&text));
    }
    writer.commit(MessageNo(8)).expect("commit");
    index.reader.reload().expect("reload");
    assert_eq!(index.find(any("ipsum lorem")).len(), 8);
}
