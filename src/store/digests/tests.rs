//! Keys are found wherever they stand, against a plain set.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::test_store::test_store;
use super::super::{ArchiveInfo, FORMAT, Store};
use super::*;

const ROOM: u64 = 4;

/// What is added to an archive, or removed from it, at once.
#[derive(Debug, Clone)]
enum Change {
    /// So many digests with new numbers.
    Insert(Vec<u64>),
    /// Those known keys whose place leaves this rest when divided by the first number.
    Remove(usize, usize),
}

/// Few digests, so that many have several numbers, and some that differ in the last of the five bytes only.
fn digest() -> impl Strategy<Value = u64> {
    prop_oneof![0..4_u64, 0..=u64::MAX, (0..3_u64).prop_map(|n| n << 24), Just(u64::MAX)]
}

fn change() -> impl Strategy<Value = Change> {
    let insert = prop_oneof![vec(digest(), 0..4), vec(digest(), 0..40), vec(digest(), 600..1_500)];
    prop_oneof![
        4 => insert.prop_map(Change::Insert),
        1 => (1..4_usize, 0..3_usize).prop_map(|(step, rest)| Change::Remove(step, rest)),
    ]
}

fn assert_found(store: &Store, known: &BTreeSet<(u64, u64)>, asked: &[u64]) -> std::result::Result<(), TestCaseError> {
    let snapshot = store.snapshot().unwrap();
    let reader = reader(&snapshot, DigestKind::Contents).unwrap();
    for &digest in asked {
        let mut found = BTreeSet::new();
        let end = reader.find(digest, |no| Ok(Some(no).filter(|no| !found.insert(*no)))).unwrap();
        prop_assert_eq!(end, None, "a number is offered once");
        let expected: BTreeSet<u64> = known.iter().filter(|key| key.0 >> 24 == digest >> 24).map(|key| key.1).collect();
        prop_assert_eq!(&found, &expected);
        let first = reader.find(digest, |no| Ok(Some(no))).unwrap();
        prop_assert_eq!(first.is_some(), !expected.is_empty());
        for no in (1..30).chain(expected.iter().copied()) {
            prop_assert_eq!(reader.leads_to(digest, no).unwrap(), expected.contains(&no));
        }
    }
    prop_assert_eq!(count(&snapshot, DigestKind::Contents).unwrap(), known.len() as u64);
    prop_assert_eq!(count(&snapshot, DigestKind::Messages).unwrap(), 0);
    Ok(())
}

/// What was removed is in no key of a block either.
fn assert_no_other_key(store: &Store, known: &BTreeSet<(u64, u64)>) -> std::result::Result<(), TestCaseError> {
    let keys: BTreeSet<Key> = known.iter().map(|(prefix, no)| Key::new(*prefix, *no)).collect();
    let snapshot = store.snapshot().unwrap();
    for row in snapshot.table(CONTENT_HASH_BLOCKS).unwrap().iter().unwrap() {
        let (place, bytes) = row.unwrap();
        let first = first_key(place.value());
        prop_assert!(keys.contains(&first));
        prop_assert!(Block::read(first, bytes.value()).unwrap().keys().all(|key| keys.contains(&key)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_key_is_found_whatever_was_merged_and_removed(
        changes in vec(change(), 1..25),
        others in vec(digest(), 20),
    ) {
        let (_directory, store) = test_store();
        let mut known = BTreeSet::new();
        let mut next = 1;
        for change in changes {
            let transaction = store.begin().unwrap();
            match change {
                Change::Insert(digests) => {
                    let keys: Vec<_> = digests.into_iter().zip(next..).collect();
                    next += keys.len() as u64;
                    known.extend(keys.iter().copied());
                    insert_with_room(&transaction, DigestKind::Contents, keys, ROOM).unwrap();
                }
                Change::Remove(step, rest) => {
                    let gone: Vec<_> = known.iter().copied().skip(rest).step_by(step).collect();
                    known.retain(|key| !gone.contains(key));
                    remove(&transaction, DigestKind::Contents, &gone).unwrap();
                }
            }
            transaction.commit().unwrap();
            assert_no_other_key(&store, &known)?;
            let levels = runs(&store.snapshot().unwrap(), DigestKind::Contents).unwrap();
            for (level, run) in levels {
                prop_assert!(run.keys > 0 && run.keys <= ROOM * GROWTH.pow(level.into()));
            }
        }
        let asked: Vec<u64> = known.iter().map(|key| key.0).step_by(17).chain(others).collect();
        assert_found(&store, &known, &asked)?;
    }
}

#[test]
fn nothing_of_merged_runs_is_left() {
    let (_directory, store) = test_store();
    for first in (1..4_000).step_by(1_000) {
        let transaction = store.begin().unwrap();
        let keys = (first..first + 1_000).map(|no: u64| (no.wrapping_mul(0x9e37_79b9_7f4a_7c15), no)).collect();
        insert_with_room(&transaction, DigestKind::Parts, keys, 2_000).unwrap();
        transaction.commit().unwrap();
    }
    let snapshot = store.snapshot().unwrap();
    let blocks = snapshot.table(PART_DIGEST_BLOCKS).unwrap();
    let numbers: BTreeSet<u32> =
        blocks.iter().unwrap().map(|row| u32::from_be_bytes(*row.unwrap().0.value().first_chunk().unwrap())).collect();
    let known: BTreeSet<u32> = runs(&snapshot, DigestKind::Parts).unwrap().iter().map(|(_, run)| run.no).collect();
    assert_eq!(numbers, known);
}

#[test]
fn more_numbers_than_fit_are_an_error() {
    let (_directory, store) = test_store();
    let transaction = store.begin().unwrap();
    let error = insert(&transaction, DigestKind::Parts, vec![(1, MAX_NUMBER + 1)]).unwrap_err();
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
}

#[test]
fn an_archive_of_format_2_is_read_and_belongs_to_the_newest_then() {
    let (directory, store) = test_store();
    let transaction = store.begin().unwrap();
    let mut tree = transaction.writable(MESSAGE_DIGESTS).unwrap();
    for no in 1..=40_000_u64 {
        tree.insert(&Key::new(no << 40, no).bytes(), ()).unwrap();
    }
    drop(tree);
    for blocks in [MESSAGE_DIGEST_BLOCKS, CONTENT_HASH_BLOCKS, PART_DIGEST_BLOCKS] {
        transaction.0.delete_table(blocks).unwrap();
    }
    transaction.0.delete_table(super::super::tables::DIGEST_RUNS).unwrap();
    let info = ArchiveInfo { format: 2, ..store.info().unwrap() };
    super::super::info::put(&transaction, &info).unwrap();
    transaction.commit().unwrap();
    drop(store);

    let store = Store::open(&directory.path().join("archive.redb")).unwrap();
    assert_eq!(store.info().unwrap().format, FORMAT);
    let leads = |no: u64| reader(&store.snapshot().unwrap(), DigestKind::Messages).unwrap().leads_to(no << 40, no);
    assert!(leads(40_000).unwrap());
    let transaction = store.begin().unwrap();
    insert(&transaction, DigestKind::Messages, vec![(5 << 40, 40_001)]).unwrap();
    transaction.commit().unwrap();
    assert!(leads(1).unwrap() && leads(40_000).unwrap() && !leads(40_002).unwrap());
    assert_eq!(digest_counts(&store.snapshot().unwrap()).unwrap().messages, 40_001);
}

#[test]
fn other_formats_are_refused() {
    for format in [1, FORMAT + 1] {
        let (directory, store) = test_store();
        let transaction = store.begin().unwrap();
        super::super::info::put(&transaction, &ArchiveInfo { format, ..store.info().unwrap() }).unwrap();
        transaction.commit().unwrap();
        drop(store);
        let error = Store::open(&directory.path().join("archive.redb")).map(drop).unwrap_err();
        assert!(matches!(error, Error::UnsupportedFormat { found, .. } if found == format), "{error}");
    }
}

#[test]
fn a_run_that_lacks_keys_is_damage() {
    let (_directory, store) = test_store();
    let transaction = store.begin().unwrap();
    let keys = (1..=100).map(|no: u64| (no << 40, no)).collect();
    insert_with_room(&transaction, DigestKind::Messages, keys, ROOM).unwrap();
    let (level, run) = runs(&transaction, DigestKind::Messages).unwrap().remove(0);
    assert_eq!(count(&transaction, DigestKind::Messages).unwrap(), 100);
    put_run(&transaction, DigestKind::Messages, level, DigestRun { keys: 99, ..run }).unwrap();
    assert!(matches!(count(&transaction, DigestKind::Messages), Err(Error::Corrupt(_))));
}
