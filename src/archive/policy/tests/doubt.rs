//! Labels that were set while more of an item was searched, or before anybody asked whether all of it was.

use roaring::RoaringTreemap;

use super::*;
use crate::model::{LabelId, LabelOrigin};
use crate::retention::{Outcome, Rule};
use crate::store::{MessageSet, Transaction};

fn label(action: RetentionAction, record: RecordKind, query: &str) -> NewLabel {
    NewLabel {
        name: "auto".to_owned(),
        action,
        period: RetentionPeriod::Span { months: 0, days: 1 },
        start: LabelStart::Created,
        record,
        folders: Vec::new(),
        query: Some(query.to_owned()),
        review: Vec::new(),
        next: None,
    }
}

fn change(archive: &Archive, change: impl FnOnce(&Transaction)) {
    let transaction = archive.store.begin().unwrap();
    change(&transaction);
    transaction.commit().unwrap();
}

/// How the first item stands in the year 2100: its outcome, whether it is in doubt, and whether it carries the label.
fn first(archive: &Archive) -> (Outcome, bool, bool) {
    let snapshot = archive.store.snapshot().unwrap();
    let item = crate::store::item(&snapshot, ItemNo(1)).unwrap().unwrap();
    let later = UtcTime::parse("2100-01-01T00:00:00Z").unwrap();
    let decision =
        crate::archive::decide::Judge::of_date(&snapshot, &archive.info, later, archive.now()).unwrap().decide(&item);
    let decision = decision.unwrap();
    let in_doubt = decision.reasons.iter().any(|reason| reason.rule == Rule::UnreadQuery);
    (decision.outcome, in_doubt, item_label(&snapshot, ItemNo(1)).unwrap().is_some())
}

fn set(transaction: &Transaction, archive: &Archive, label: LabelId) {
    let (set_at, set_by) = (archive.now(), Actor("tester".to_owned()));
    let carried = ItemLabel { label, set_at, set_by, origin: LabelOrigin::Query, asset: None };
    put_item_label(transaction, ItemNo(1), Some(&carried)).unwrap();
    extend_set(transaction, MessageSet::PartiallyIndexed, [MessageNo(1)], []).unwrap();
}

#[test]
fn a_label_that_was_set_deletes_nothing_while_in_doubt_and_is_looked_at_once_the_rest_is_read() {
    use Outcome::{Eligible, Kept};
    use RetentionAction::{Delete, RetainAndDelete};
    for (action, record, query, then) in [
        (Delete, RecordKind::None, "NOT lunch", (Eligible, false, true)),
        (Delete, RecordKind::None, "NOT harbour", (Kept, false, false)),
        (Delete, RecordKind::Record, "NOT harbour", (Kept, true, true)),
        (RetainAndDelete, RecordKind::None, "NOT harbour", (Kept, true, true)),
        (RetainAndDelete, RecordKind::None, "NOT lunch", (Eligible, false, true)),
    ] {
        let (_directory, mut archive) = archive();
        let id = archive.add_label(&label(action, record, query), Some("a test")).unwrap().id;
        archive.settle().unwrap();
        change(&archive, |transaction| set(transaction, &archive, id));
        assert_eq!(first(&archive), (Kept, true, true), "{query}");
        archive.succeed_labels().unwrap();
        let within = (1..=1).collect();
        change(&archive, |transaction| {
            archive.offer_labels_again(transaction, &within, &within).unwrap();
        });
        assert_eq!(first(&archive).0, Kept, "{query}");
        change(&archive, |transaction| {
            archive.offer_labels_again(transaction, &within, &RoaringTreemap::new()).unwrap();
            extend_set(transaction, MessageSet::PartiallyIndexed, [], [MessageNo(1)]).unwrap();
        });
        assert_eq!(first(&archive), then, "{action:?} {record:?} {query}");
    }
}

#[test]
fn what_a_label_finds_for_what_it_says_is_not_in_doubt() {
    let (_directory, mut archive) = archive();
    let new = label(RetentionAction::Delete, RecordKind::None, "harbour");
    let id = archive.add_label(&new, Some("a test")).unwrap().id;
    change(&archive, |transaction| set(transaction, &archive, id));
    assert_eq!(first(&archive), (Outcome::Eligible, false, true));
}

#[test]
fn a_label_that_waits_and_a_folders_that_came_meanwhile_leave_doubt_in_favour_of_retention() {
    let (_directory, mut archive) = archive();
    change(&archive, |transaction| {
        extend_set(transaction, MessageSet::PartiallyIndexed, [MessageNo(1)], []).unwrap();
    });
    let keep = NewLabel {
        period: RetentionPeriod::Unlimited,
        ..label(RetentionAction::Retain, RecordKind::None, "NOT lunch")
    };
    let keep = archive.add_label(&keep, Some("a test")).unwrap();
    archive.settle().unwrap();
    assert_eq!(first(&archive), (Outcome::Kept, true, false));
    let snapshot = archive.store.snapshot().unwrap();
    let folder = crate::store::folders(&snapshot).unwrap().remove(0).path;
    drop(snapshot);
    let new = label(RetentionAction::Delete, RecordKind::None, "");
    let new = NewLabel { name: "folder".to_owned(), folders: vec![folder], query: None, ..new };
    archive.add_label(&new, Some("a test")).unwrap();
    archive.settle().unwrap();
    assert_eq!(first(&archive), (Outcome::Kept, true, true), "the one of the folder is set, and the other retains");
    change(&archive, |transaction| {
        archive.offer_labels_again(transaction, &(1..=1).collect(), &RoaringTreemap::new()).unwrap();
        extend_set(transaction, MessageSet::PartiallyIndexed, [], [MessageNo(1)]).unwrap();
    });
    assert_eq!(first(&archive), (Outcome::Kept, true, true), "it finds the item, which has another label by now");
    archive.set_label("folder", &[ItemNo(1)], None, "a person chose").unwrap();
    assert_eq!(first(&archive), (Outcome::Eligible, false, true));
    let snapshot = archive.store.snapshot().unwrap();
    assert_eq!(load_set(&snapshot, MessageSet::LabelDoubts(keep.id)).unwrap().len(), 1);
}
