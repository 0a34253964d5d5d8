//! A label is set by a query only on what is searched in full, where the query asks for what an item lacks.

use custodia::archive::{Archive, NewLabel, SimulatedRules};
use custodia::model::{LabelStart, RecordKind, RetentionAction, RetentionPeriod, UtcTime};

use super::holds::{session, unread};
use super::mail::take;
use super::support::TestArchive;

/// A label that is set on what a query finds, and counts 30 days from the creation if it deletes.
fn auto(name: &str, action: RetentionAction, query: &str) -> NewLabel {
    let months = if action == RetentionAction::Delete { 0 } else { 600 };
    NewLabel {
        name: name.to_owned(),
        action,
        period: RetentionPeriod::Span { months, days: 30 },
        start: LabelStart::Created,
        record: RecordKind::None,
        folders: Vec::new(),
        query: Some(query.to_owned()),
        review: Vec::new(),
        next: None,
    }
}

/// The label that an item carries, its outcome, and the rules of labels named in the reasons.
fn labelled(archive: &TestArchive, item: &str) -> String {
    let explained = archive.ok(&["explain", item]).remove(0);
    let label = explained.get("label").and_then(serde_json::Value::as_str).unwrap_or("-").to_owned();
    let reasons = explained.get("reasons").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    let of_labels = reasons.iter().filter(|reason| super::support::text(reason, "source") == "label");
    let named = of_labels.map(|reason| ["rule", "name"].map(|key| super::support::text(reason, key)).join(":"));
    [vec![label, super::support::text(&explained, "outcome")], named.collect()].concat().join(" ")
}

const LATER: &str = "2027-01-15T12:00:00Z";

#[test]
fn a_label_is_not_set_for_what_the_searched_part_of_an_item_lacks() {
    let mut archive = unread();
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    let as_of = UtcTime::parse(LATER).expect("a time");
    let drop_all = auto("Drop", RetentionAction::Delete, "NOT secretword");
    let proposed = opened.simulate(as_of, SimulatedRules::Label(&drop_all), None).expect("a simulation");
    assert_eq!(proposed.proposed.map(|counts| counts.eligible), Some(0));
    assert_eq!(proposed.labels_in_doubt, ["Drop"]);
    opened.add_label(&drop_all, Some("a test")).expect("a label");
    opened.add_label(&auto("Keep", RetentionAction::Retain, "file"), None).expect("a label");
    opened.add_label(&auto("Rest", RetentionAction::Delete, "see"), Some("a test")).expect("a label");
    let simulated = opened.simulate(as_of, SimulatedRules::Waiting, None).expect("a simulation");
    assert_eq!((simulated.counts.eligible, simulated.labels_in_doubt), (0, vec!["Drop".to_owned(), "Keep".to_owned()]));
    drop(opened);
    // Read, the first says it; the next can never be read, and the third lacks it.
    take(&archive, "bad", &[("b.pdf", "application/pdf", b"%PDF-1.4 broken".to_vec())]);
    take(&archive, "other", &[("c.txt", "text/plain", b"lunch".to_vec())]);
    archive.set_clock(LATER);
    assert_eq!(labelled(&archive, "1"), "Keep kept retain:Keep");
    let in_doubt = "- kept unread-query:Drop unread-query:Keep retain:Keep overruled:Drop";
    assert_eq!(labelled(&archive, "2"), in_doubt);
    assert_eq!(labelled(&archive, "3"), "Drop eligible delete:Drop");
    let words = archive.ok(&["explain", "2"]).remove(0).to_string();
    assert!(words.contains("not all of the item can be searched"), "{words}");
    let warned = archive.run(&["retention", "simulate"]).stderr;
    assert!(warned.contains("label `Drop` is in doubt"), "{warned}");
    // An index made anew changes nothing, and what a person sets stands.
    archive.ok(&["index", "rebuild"]);
    assert_eq!(labelled(&archive, "2"), in_doubt);
    archive.ok(&["retention", "label", "set", "Rest", "2", "--reason", "a draft"]);
    assert_eq!(labelled(&archive, "2"), "Rest eligible delete:Rest");
    archive.verify_clean();
}

#[test]
fn a_label_that_waited_for_the_rest_of_an_item_is_set_once_that_is_read() {
    let mut archive = unread();
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    opened.add_label(&auto("Drop", RetentionAction::Delete, "NOT contract"), Some("a test")).expect("a label");
    let as_of = UtcTime::parse(LATER).expect("a time");
    let simulated = opened.simulate(as_of, SimulatedRules::Waiting, None).expect("a simulation");
    assert_eq!(simulated.counts.eligible, 0);
    drop(opened);
    archive.set_clock(LATER);
    assert_eq!(labelled(&archive, "1"), "Drop eligible delete:Drop");
}

#[test]
fn a_label_that_may_mean_an_item_retains_it() {
    let mut archive = unread();
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    opened
        .add_label(&auto("Both", RetentionAction::RetainAndDelete, "NOT secretword"), Some("a test"))
        .expect("a label");
    opened.add_label(&auto("Drop", RetentionAction::Delete, "see"), Some("a test")).expect("a label");
    drop(opened);
    take(&archive, "bad", &[("b.pdf", "application/pdf", b"%PDF-1.4 broken".to_vec())]);
    archive.set_clock(LATER);
    assert_eq!(labelled(&archive, "1"), "Drop eligible delete:Drop");
    assert!(labelled(&archive, "2").starts_with("- kept"), "{}", labelled(&archive, "2"));
}
