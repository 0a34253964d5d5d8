//! Holds cover what is not read yet, and what is found once it is read.

use custodia::archive::{Archive, AttachmentProgram, Clock, NewLabel, NewPolicy, NewScope, Session, SimulatedRules};
use custodia::model::{Actor, LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger, UtcTime};

use super::files::pdf;
use super::mail::{found, reasons, take};
use super::support::{NOW, TestArchive, number};

fn session(attachments: Option<AttachmentProgram>) -> Session {
    Session {
        actor: Actor("tester".to_owned()),
        purpose: String::new(),
        command: "test".to_owned(),
        wait: std::time::Duration::ZERO,
        clock: Clock::Fixed(UtcTime::parse(NOW).expect("a time")),
        attachments,
    }
}

/// Takes in a mail with a PDF without a program that reads it.
fn unread() -> TestArchive {
    let archive = TestArchive::new();
    let mail = super::mail::mail("paper", &[("a.pdf", "application/pdf", pdf(&["secretword"]))]);
    let path = archive.write("paper.eml", mail);
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    let options = custodia::archive::ImportOptions {
        paths: vec![path],
        mailbox: Some("all@firm.example".to_owned()),
        create_mailboxes: true,
        ..Default::default()
    };
    let interrupt = custodia::archive::Interrupt::default();
    let report = opened.import(&options, &interrupt, &mut |_| {}).expect("it is taken in");
    assert_eq!(report.partially_indexed, 1);
    archive
}

#[test]
fn what_is_not_read_yet_is_partially_indexed_until_it_is_read() {
    let archive = unread();
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    let status = opened.index_status().expect("a status");
    assert_eq!((status.current, status.attachments_unread), (true, 1));
    let hold = custodia::archive::NewHold {
        name: "secret".to_owned(),
        query: Some("secretword".to_owned()),
        reason: "a letter".to_owned(),
        ..Default::default()
    };
    let placed = opened.place_hold(&hold).expect("a hold");
    assert_eq!((placed.items, placed.partially_indexed), (1, 1));
    drop(opened);
    // The program reads it before it searches.
    assert_eq!(found(&archive, "secretword"), (1, 0));
    assert_eq!(reasons(&archive), [""; 0]);
    let held = archive.one("hold", &["hold", "show", "secret"]);
    assert_eq!((number(&held, "items"), number(&held, "partially_indexed")), (1, 0));
    archive.verify_clean();
}

#[test]
fn rules_with_a_query_cover_what_only_an_attachment_says_once_it_is_read() {
    let archive = unread();
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    let period = RetentionPeriod::Span { months: 600, days: 0 };
    let (action, query) = (RetentionAction::Retain, Some("secretword".to_owned()));
    let policy = NewPolicy {
        name: "Keep".to_owned(),
        action,
        period,
        trigger: RetentionTrigger::Created,
        scope: NewScope::All { except: Vec::new() },
        folders: Vec::new(),
        query: query.clone(),
    };
    opened.add_policy(&policy, None).expect("a policy");
    let label = NewLabel {
        name: "Secret".to_owned(),
        action,
        period,
        start: LabelStart::Labelled,
        record: RecordKind::None,
        folders: Vec::new(),
        query,
        review: Vec::new(),
        next: None,
    };
    opened.add_label(&label, None).expect("a label");
    drop(opened);
    assert_eq!(found(&archive, "secretword"), (1, 0));
    let explained = archive.ok(&["explain", "1"]).remove(0);
    let reasons = explained.get("reasons").and_then(serde_json::Value::as_array).expect("reasons");
    for name in ["Keep", "Secret"] {
        assert!(reasons.iter().any(|reason| super::support::text(reason, "name") == name), "{name}: {explained}");
    }
}

#[test]
fn nothing_is_deleted_for_what_the_searched_part_of_it_lacks() {
    let mut archive = unread();
    let mut opened = Archive::open(&archive.directory(), session(None)).expect("the archive opens");
    let policy = NewPolicy {
        name: "Drop".to_owned(),
        action: RetentionAction::Delete,
        period: RetentionPeriod::Span { months: 0, days: 30 },
        trigger: RetentionTrigger::Created,
        scope: NewScope::All { except: Vec::new() },
        folders: Vec::new(),
        query: Some("NOT secretword".to_owned()),
    };
    opened.add_policy(&policy, Some("a test")).expect("a policy");
    let eligible = |opened: &mut Archive| {
        let as_of = UtcTime::parse("2027-01-15T12:00:00Z").expect("a time");
        opened.simulate(as_of, SimulatedRules::Waiting, None).expect("a simulation").counts.eligible
    };
    assert_eq!(eligible(&mut opened), 0, "the attachment may say it");
    drop(opened);
    // Read, it does; the next can never be read, and the third lacks it.
    take(&archive, "bad", &[("b.pdf", "application/pdf", b"%PDF-1.4 broken".to_vec())]);
    take(&archive, "other", &[("c.txt", "text/plain", b"lunch".to_vec())]);
    archive.set_clock("2027-01-15T12:00:00Z");
    let outcome = |item| super::support::text(&archive.ok(&["explain", item])[0], "outcome");
    assert_eq!(["1", "2", "3"].map(outcome), ["kept", "kept", "eligible"]);
}

#[test]
fn an_index_made_anew_finds_the_same() {
    let archive = TestArchive::new();
    take(&archive, "good", &[("a.pdf", "application/pdf", pdf(&["secretword"]))]);
    take(&archive, "bad", &[("b.pdf", "application/pdf", b"%PDF-1.4 broken".to_vec())]);
    take(&archive, "other", &[("c.txt", "text/plain", b"secretword".to_vec())]);
    let before = (archive.hits(Some("secretword")), found(&archive, "secretword"));
    assert_eq!(before.1, (2, 1));
    archive.ok(&["index", "rebuild"]);
    assert_eq!((archive.hits(Some("secretword")), found(&archive, "secretword")), before);
    std::fs::remove_dir_all(archive.directory().join("index")).expect("the index is removed");
    assert_eq!((archive.hits(Some("secretword")), found(&archive, "secretword")), before);
}

#[test]
fn a_program_that_does_not_start_leaves_it_for_later() {
    let archive = unread();
    let program = AttachmentProgram::new(archive.path("no such program"));
    let mut opened = Archive::open(&archive.directory(), session(Some(program))).expect("the archive opens");
    opened.catch_up(&mut |_, _| {}).expect("no program is no failure");
    assert_eq!(opened.index_status().expect("a status").attachments_unread, 1);
    drop(opened);
    assert_eq!(found(&archive, "secretword"), (1, 0));
}
