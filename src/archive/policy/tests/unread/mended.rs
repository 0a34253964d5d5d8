//! What the query of a label may have meant that could not be read is retained after another query took its place.

use super::*;
use crate::model::{LabelId, ReviewStage};
use crate::store::former_items;

/// The names of the labels that may be meant for an item.
fn possible(archive: &mut Archive, item: u64) -> Vec<String> {
    unread(&explained(archive, item)).into_iter().map(|(_, name)| name).collect()
}

fn in_doubt(archive: &Archive, label: LabelId) -> Vec<u64> {
    former_items(&archive.store.snapshot().unwrap(), label).unwrap().iter().collect()
}

/// An archive with the labels, all of them set by query, everything deleted after 30 days, and the query of the first mended
/// to `lunch` a hundred days on.
fn mended(labels: &[NewLabel]) -> (TempDir, Archive, LabelId) {
    let (directory, mut archive) = archive();
    let added: Vec<LabelId> = labels.iter().map(|label| archive.add_label(label, Some("a test")).unwrap().id).collect();
    spoil_label(&archive, 0);
    delete_all(&mut archive);
    later(&mut archive, 100);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    archive.set_label_query(&added[0].to_string(), "lunch", Some("a test")).unwrap();
    archive.settle().unwrap();
    (directory, archive, added[0])
}

#[test]
fn what_the_query_before_may_have_meant_stays_retained_for_the_period() {
    let (_directory, mut archive, label) = mended(&[auto_label("older", "harbour")]);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    assert_eq!((possible(&mut archive, 1), explained(&mut archive, 1).label), (vec!["older".to_owned()], None));
    assert_eq!((possible(&mut archive, 3), explained(&mut archive, 3).label), (vec![], Some("older".to_owned())));
    assert_eq!(in_doubt(&archive, label), [1, 2, 3]);
    let listed = archive.simulate(archive.now(), SimulatedRules::Waiting, None).unwrap();
    assert_eq!((listed.counts.eligible, listed.unread), (0, vec![]));
    // Mended again, it may be either.
    spoil_label(&archive, 0);
    archive.set_label_query("older", "nothing", Some("a test")).unwrap();
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    later(&mut archive, 400);
    assert_eq!(outcomes(&mut archive), [Outcome::Eligible; 3]);
}

#[test]
fn a_younger_label_that_finds_it_does_not_free_it() {
    let short = RetentionPeriod::Span { months: 0, days: 30 };
    let younger = NewLabel { action: RetentionAction::Delete, period: short, ..auto_label("younger", "harbour") };
    let (_directory, mut archive, _) = mended(&[auto_label("older", "again"), younger]);
    assert_eq!(explained(&mut archive, 1).label.as_deref(), Some("younger"));
    assert_eq!(
        (outcomes(&mut archive), possible(&mut archive, 1)),
        ([Outcome::Kept; 3].to_vec(), vec!["older".to_owned()])
    );
    later(&mut archive, 400);
    assert_eq!(outcomes(&mut archive), [Outcome::Eligible; 3]);
}

#[test]
fn a_period_from_labelling_counts_from_the_mending() {
    let labelled = NewLabel { start: LabelStart::Labelled, ..auto_label("older", "harbour") };
    let (_directory, mut archive, _) = mended(&[labelled]);
    later(&mut archive, 400);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    later(&mut archive, 500);
    assert_eq!(outcomes(&mut archive), [Outcome::Eligible; 3]);
}

#[test]
fn what_may_have_to_be_reviewed_stays_until_a_person_decides() {
    let review = vec![ReviewStage { reviewers: vec![Actor("ann".to_owned())] }];
    let (_directory, mut archive, _) = mended(&[NewLabel { review, ..auto_label("older", "harbour") }]);
    archive.add_label(&NewLabel { query: None, ..auto_label("by hand", "") }, Some("a test")).unwrap();
    later(&mut archive, 900);
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
    assert!(archive.set_label("by hand", &[ItemNo(1)], None, "").is_err(), "it loses what may keep it");
    archive.set_label("by hand", &[ItemNo(1)], None, "an offer").unwrap();
    assert_eq!(explained(&mut archive, 1).outcome, Outcome::Eligible);
    archive.clear_label(&[ItemNo(1)], "no offer").unwrap();
    assert_eq!(possible(&mut archive, 1), [""; 0], "what a person decided does not come back");
}

#[test]
fn what_came_after_the_mending_was_never_taken_to_be_meant() {
    let (directory, mut archive, _) = mended(&[auto_label("older", "harbour")]);
    let path = directory.path().join("later.eml");
    std::fs::write(&path, "From: ben@x.example\nTo: ann@firm.example\nSubject: 4\n\nthe harbour\n").unwrap();
    let mailbox = Some("ann@firm.example".to_owned());
    let import = ImportOptions { paths: vec![path], mailbox, ..ImportOptions::default() };
    archive.import(&import, &Interrupt::default(), &mut |_| {}).unwrap();
    assert_eq!(possible(&mut archive, 4), [""; 0]);
    assert_eq!(possible(&mut archive, 2), ["older"]);
}

#[test]
fn a_file_of_rules_that_mends_frees_nothing_either() {
    let (_directory, mut archive) = archive();
    archive.add_label(&auto_label("older", "harbour"), Some("a test")).unwrap();
    let text = archive.export_rules().unwrap().replace("\"harbour\"", "\"lunch\"");
    spoil_label(&archive, 0);
    delete_all(&mut archive);
    later(&mut archive, 100);
    archive.settle().unwrap();
    let file = crate::archive::RuleFile::parse(&text).unwrap();
    let seen = archive.simulate(archive.now(), SimulatedRules::File(&file), None).unwrap();
    assert_eq!(seen.proposed.map(|counts| counts.eligible), Some(0));
    archive.apply_rules(&file, None).unwrap();
    assert_eq!(outcomes(&mut archive), [Outcome::Kept; 3]);
}
