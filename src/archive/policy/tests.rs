//! What older rules of searching missed is covered once newer ones find it.

mod doubt;
mod unread;

use tempfile::TempDir;

use super::*;
use crate::archive::test_archive::new_archive;
use crate::archive::{Clock, ImportOptions, Interrupt, NewLabel};
use crate::model::{
    Actor, Digest, ItemLabel, ItemNo, LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger,
    UtcTime,
};
use crate::store::{extend_set, item_label, labels, load_set, put_item_label, put_label};

/// An archive of two mails that say `harbour`, and a third one.
fn archive() -> (TempDir, Archive) {
    let (directory, mut archive) = new_archive();
    let mails = directory.path().join("mails");
    std::fs::create_dir(&mails).unwrap();
    for (n, text) in ["the harbour", "harbour again", "lunch"].iter().enumerate() {
        let mail = format!("From: ben@x.example\nTo: ann@firm.example\nSubject: {n}\n\n{text}\n");
        std::fs::write(mails.join(format!("{n}.eml")), mail).unwrap();
    }
    let mailbox = Some("ann@firm.example".to_owned());
    let import = ImportOptions { paths: vec![mails], mailbox, create_mailboxes: true, ..ImportOptions::default() };
    archive.import(&import, &Interrupt::default(), &mut |_| {}).unwrap();
    (directory, archive)
}

fn policy(name: &str, action: RetentionAction) -> NewPolicy {
    NewPolicy {
        name: name.to_owned(),
        action,
        period: RetentionPeriod::Span { months: 12, days: 0 },
        trigger: RetentionTrigger::Created,
        scope: NewScope::All { except: Vec::new() },
        folders: Vec::new(),
        query: Some("harbour".to_owned()),
    }
}

fn matches(archive: &Archive, policy: &RetentionPolicy) -> Vec<u64> {
    let snapshot = archive.store.snapshot().unwrap();
    load_set(&snapshot, MessageSet::PolicyMatches(policy.id)).unwrap().iter().collect()
}

fn former(archive: &Archive, policy: &RetentionPolicy) -> Vec<u64> {
    let snapshot = archive.store.snapshot().unwrap();
    load_set(&snapshot, MessageSet::FormerPolicyMatches(policy.id)).unwrap().iter().collect()
}

#[test]
fn policies_are_evaluated_again_by_newer_rules() {
    let (_directory, mut archive) = archive();
    for (name, action) in [
        ("keep", RetentionAction::Retain),
        ("drop", RetentionAction::Delete),
        ("both", RetentionAction::RetainAndDelete),
    ] {
        let added = archive.add_policy(&policy(name, action), Some("a test")).unwrap();
        assert_eq!(matches(&archive, &added), [1, 2]);
        let transaction = archive.store.begin().unwrap();
        // The rules before found another message.
        extend_set(&transaction, MessageSet::PolicyMatches(added.id), [MessageNo(3)], [MessageNo(1)]).unwrap();
        put_policy(&transaction, &RetentionPolicy { evaluated_rules: RULES - 1, ..added.clone() }).unwrap();
        transaction.commit().unwrap();
        archive.evaluate_query_policies().unwrap();
        assert_eq!(matches(&archive, &added), [1, 2], "{name}");
        assert_eq!(former(&archive, &added), [3], "{name}");
        let policy = archive.show_policy(name).unwrap();
        assert_eq!(policy.evaluated_rules, RULES);
        assert_eq!(policy.deletion_waits, action.deletes(), "{name} finds message 1 for the first time");
    }
}

#[test]
fn other_names_are_told_of_rules_that_would_not_be_evaluated_again_without_them() {
    for (rules, told) in [(RULES, 1), (RULES - 1, 0)] {
        let (_directory, mut archive) = archive();
        let by_ben =
            NewPolicy { query: Some("from:ben@x.example".to_owned()), ..policy("ben", RetentionAction::Retain) };
        let added = archive.add_policy(&by_ben, None).unwrap();
        let transaction = archive.store.begin().unwrap();
        let people = Some(Digest([7; 32]));
        put_policy(&transaction, &RetentionPolicy { evaluated_rules: rules, people, ..added }).unwrap();
        transaction.commit().unwrap();
        archive.settle().unwrap();
        let now = archive.show_policy("ben").unwrap();
        assert_eq!((now.people, now.evaluated_rules), (None, RULES));
        let told_of =
            archive.audit_log(0).unwrap().into_iter().filter(|entry| entry.action == "retention.policy.names");
        assert_eq!(told_of.count(), told, "evaluated by {rules}");
    }
}

#[test]
fn labels_that_retain_are_offered_again_by_newer_rules() {
    let (_directory, mut archive) = archive();
    for (name, action, is_offered) in
        [("drop", RetentionAction::Delete, false), ("keep", RetentionAction::Retain, true)]
    {
        let new = NewLabel {
            name: name.to_owned(),
            action,
            period: RetentionPeriod::Span { months: 12, days: 0 },
            start: LabelStart::Created,
            record: RecordKind::None,
            folders: Vec::new(),
            query: Some("harbour".to_owned()),
            review: Vec::new(),
            next: None,
        };
        let label = archive.add_label(&new, Some("a test")).unwrap();
        archive.offer_labels().unwrap();
        let carried = |archive: &Archive, no: u64| -> Option<ItemLabel> {
            item_label(&archive.store.snapshot().unwrap(), ItemNo(no)).unwrap()
        };
        assert!(carried(&archive, 1).is_some_and(|set| set.label == label.id), "{name}");
        let transaction = archive.store.begin().unwrap();
        for no in [1, 2] {
            put_item_label(&transaction, ItemNo(no), None).unwrap();
        }
        let mut stored = labels(&transaction).unwrap().pop().unwrap();
        stored.offered_rules = RULES - 1;
        put_label(&transaction, &stored).unwrap();
        transaction.commit().unwrap();
        archive.offer_labels().unwrap();
        assert_eq!(carried(&archive, 1).is_some(), is_offered, "{name}");
        assert!(carried(&archive, 3).is_none());
    }
}
