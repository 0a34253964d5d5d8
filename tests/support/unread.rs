//! Rules whose query cannot be read, as if another version of the program had taken it.

use custodia::model::{Hold, RetentionLabel, RetentionPolicy};
use custodia::store::{
    MessageSet, Store, Transaction, holds, labels, policies, put_hold, put_label, put_policy, replace_set,
};
use roaring::RoaringTreemap;

use super::TestArchive;

/// What no version of the program reads.
const UNREADABLE: &str = "harbour AND (";

fn spoil(archive: &TestArchive, rule: impl FnOnce(&Transaction)) {
    let store = Store::open(&archive.directory().join("archive.redb")).expect("the store opens");
    let transaction = store.begin().expect("a transaction");
    rule(&transaction);
    transaction.commit().expect("it commits");
}

fn hold(transaction: &Transaction, name: &str) -> Hold {
    let mut all = holds(transaction).expect("holds").into_iter();
    all.find(|hold| hold.name == name).expect("it is there")
}

/// Spoils the query of a hold, which is to be evaluated anew.
pub(crate) fn spoil_hold(archive: &TestArchive, name: &str) {
    spoil(archive, |transaction| {
        let mut hold = hold(transaction, name);
        hold.scope.query = Some(UNREADABLE.to_owned());
        hold.evaluation.rules = 0;
        put_hold(transaction, &hold).expect("it is written");
    });
}

/// Spoils the query of a hold after its evaluation.
pub(crate) fn spoil_evaluated_hold(archive: &TestArchive, name: &str) {
    spoil(archive, |transaction| {
        let mut hold = hold(transaction, name);
        hold.scope.query = Some(UNREADABLE.to_owned());
        put_hold(transaction, &hold).expect("it is written");
    });
}

/// Takes from a hold all that its query found.
pub(crate) fn forget_matches(archive: &TestArchive, name: &str) {
    spoil(archive, |transaction| {
        let set = MessageSet::HoldMatches(hold(transaction, name).evaluation.set);
        replace_set(transaction, set, &RoaringTreemap::new()).expect("it is written");
    });
}

/// Spoils the query of a policy.
pub(crate) fn spoil_policy(archive: &TestArchive, name: &str) {
    spoil(archive, |transaction| {
        let mut all = policies(transaction).expect("policies").into_iter();
        let policy = all.find(|policy| policy.name == name).expect("it is there");
        let query = Some(UNREADABLE.to_owned());
        put_policy(transaction, &RetentionPolicy { query, ..policy }).expect("it is written");
    });
}

/// Spoils the query of a label.
pub(crate) fn spoil_label(archive: &TestArchive, name: &str) {
    spoil(archive, |transaction| {
        let mut all = labels(transaction).expect("labels").into_iter();
        let label = all.find(|label| label.name == name).expect("it is there");
        let query = Some(UNREADABLE.to_owned());
        put_label(transaction, &RetentionLabel { query, ..label }).expect("it is written");
    });
}

/// Has the index be one that older rules of searching made, which kept no checksum behind what it says of itself.
pub(crate) fn age_index(archive: &TestArchive) {
    let meta = archive.directory().join("index/meta.json");
    let made = std::fs::read_to_string(&meta).expect("the index says what it is");
    let (made, _) = made.rsplit_once("xxh3 ").expect("a checksum");
    let rules = format!("_{}\"", custodia::index::RULES);
    assert!(made.contains(&rules), "{made}");
    std::fs::write(&meta, made.replace(&rules, "_1\"")).expect("file");
}
