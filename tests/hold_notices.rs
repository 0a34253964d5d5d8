//! Custodians are told in writing what is due, once; what went out and who acknowledged is kept, and decides nothing else.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeMap;

use redb::{ReadableTable as _, TableDefinition};
use serde_json::{Value, json};
use support::merger::{self, ANN, BOB};
use support::{TestArchive, number, text};

const LETTERS: TableDefinition<'_, (u64, u64), &[u8]> = TableDefinition::new("hold_notice_letters");

/// A case with two custodians, one of them with a manager, and the texts of a notice.
fn office() -> TestArchive {
    let archive = merger::office();
    archive.ok(&["mailbox", "set", ANN, "--name", "Ann Löwe", "--attr", "manager=Boss@Firm.example"]);
    archive.ok(&["case", "create", "Smith v. Firm"]);
    archive.ok(&["custodian", "add", ANN, BOB, "--case", "Smith v. Firm"]);
    archive.write("portal.txt", "Keep everything about the harbour, {{custodian}}.\n");
    for kind in ["issuance", "reissuance", "reminder", "escalation", "release"] {
        let letter =
            format!("Subject: {kind} of {{{{case}}}}\r\n\r\nDear {{{{custodian}}}},\r\n{kind} of {{{{date}}}}\r\n");
        archive.write(&format!("{kind}.txt"), letter);
    }
    archive
}

const TEXTS: [&str; 10] = [
    "--portal",
    "portal.txt",
    "--issuance",
    "issuance.txt",
    "--reissuance",
    "reissuance.txt",
    "--release",
    "release.txt",
    "--officer",
    "Lena Law <lena@firm.example>",
];
const REMINDERS: [&str; 6] = ["--reminder", "reminder.txt", "--reminder-days", "7", "--reminders", "2"];
const ESCALATIONS: [&str; 6] = ["--escalation", "escalation.txt", "--escalation-days", "3", "--escalations", "1"];

fn create(archive: &TestArchive, name: &str, more: &[&str]) -> Value {
    let create = ["hold", "notice", "create", name, "--case", "Smith v. Firm"];
    archive.one("hold_notice", &[&create[..], &TEXTS, more].concat())
}

fn show(archive: &TestArchive, name: &str) -> Value {
    archive.one("hold_notice", &["hold", "notice", "show", name])
}

/// Issues what is due into a new directory: for each letter its kind, whom it is to, and whom a copy is to.
fn issue(archive: &TestArchive, directory: &str) -> Vec<(String, String, Value)> {
    let lines = archive.ok(&["hold", "notice", "issue", "--all", "--output", directory]);
    let (summary, issued) = lines.split_last().expect("a summary");
    assert_eq!(number(summary, "letters"), issued.len() as u64);
    assert_eq!(archive.path(directory).exists(), !issued.is_empty());
    issued.iter().map(|one| (text(one, "event"), text(one, "mailbox"), one["manager"].clone())).collect()
}

/// Where each custodian stands: state, count, the letter that is next and its day.
fn standing(notice: &Value) -> BTreeMap<String, (String, Value, Value, Value)> {
    let people = notice["custodians"].as_array().expect("custodians");
    let of = |one: &Value| {
        (
            text(one, "mailbox"),
            (text(one, "state"), one["count"].clone(), one["next_letter"].clone(), one["next_due"].clone()),
        )
    };
    people.iter().map(of).collect()
}

fn to(kind: &str, address: &str) -> (String, String, Value) {
    (kind.to_owned(), address.to_owned(), Value::Null)
}

#[test]
fn a_notice_goes_from_issuance_to_release() {
    let mut archive = office();
    let created = create(&archive, "smith", &[&REMINDERS[..], &ESCALATIONS].concat());
    let pending = ("pending".to_owned(), Value::Null, json!("issuance"), json!("2026-01-15T12:00:00Z"));
    assert_eq!(standing(&created), BTreeMap::from([(ANN.to_owned(), pending.clone()), (BOB.to_owned(), pending)]));
    assert_eq!(issue(&archive, "first"), [to("issuance", ANN), to("issuance", BOB)]);
    assert_eq!(issue(&archive, "again"), [], "what went out is not due again");

    archive.set_clock("2026-01-20T09:00:00Z");
    archive.ok(&["hold", "notice", "acknowledge", "smith", BOB, "--comment", "his reply"]);
    assert_eq!(archive.json(2, &["hold", "notice", "acknowledge", "smith", BOB]).code, 2, "he has already");
    archive.set_clock("2026-01-22T11:59:59Z");
    assert_eq!(issue(&archive, "early"), []);
    archive.set_clock("2026-01-22T12:00:00Z");
    assert_eq!(issue(&archive, "remind"), [to("reminder", ANN)]);
    archive.set_clock("2026-01-31T12:00:00Z");
    assert_eq!(issue(&archive, "remind again"), [to("reminder", ANN)]);
    let reminded = ("reminded".to_owned(), json!(2), json!("escalation"), json!("2026-02-03T12:00:00Z"));
    assert_eq!(standing(&show(&archive, "smith"))[ANN], reminded);
    archive.set_clock("2026-02-04T12:00:00Z");
    let copied = ("escalation".to_owned(), ANN.to_owned(), json!("boss@firm.example"));
    assert_eq!(issue(&archive, "escalate"), [copied]);
    archive.set_clock("2027-02-04T12:00:00Z");
    assert_eq!(issue(&archive, "done"), [], "there is one escalation");

    archive.ok(&["custodian", "release", BOB, "--case", "Smith v. Firm", "--reason", "left"]);
    assert_eq!(issue(&archive, "release"), [to("release", BOB)]);
    let released = archive.ok(&["custodian", "show", BOB]).remove(0);
    assert_eq!(released["notice"], json!({ "name": "smith", "state": "released", "count": null }));
    archive.ok(&["case", "close", "Smith v. Firm", "--reason", "settled"]);
    assert_eq!(issue(&archive, "closed"), [to("release", ANN)]);
    let over = ("released".to_owned(), Value::Null, Value::Null, Value::Null);
    assert_eq!(standing(&show(&archive, "smith")).into_values().collect::<Vec<_>>(), [over.clone(), over]);
    archive.verify_clean();
}

#[test]
fn reminders_and_escalations_can_be_ended() {
    let mut archive = office();
    create(&archive, "smith", &[&REMINDERS[..], &ESCALATIONS].concat());
    issue(&archive, "first");
    archive.set_clock("2026-01-31T12:00:00Z");
    let change = ["hold", "notice", "change", "smith", "--without", "reminder", "--without", "escalation"];
    let changed = archive.one("hold_notice", &change);
    assert_eq!((&changed["reminders"], &changed["escalations"]), (&Value::Null, &Value::Null));
    assert_eq!(issue(&archive, "none"), []);
    archive.json(2, &change);
    archive.ok(&[&["hold", "notice", "change", "smith"][..], &REMINDERS].concat());
    assert_eq!(issue(&archive, "remind"), [to("reminder", ANN), to("reminder", BOB)]);
}

#[test]
fn another_portal_text_is_told_to_everybody_and_ends_acknowledgements() {
    let mut archive = office();
    create(&archive, "smith", &REMINDERS);
    issue(&archive, "first");
    archive.ok(&["hold", "notice", "acknowledge", "smith", ANN, "--channel", "telephone"]);
    archive.ok(&["hold", "notice", "change", "smith", "--officer", "max@firm.example"]);
    assert_eq!(issue(&archive, "nothing"), [], "another officer changes nothing of what is to be preserved");
    archive.write("wider.txt", "Keep everything.");
    archive.set_clock("2026-01-16T12:00:00Z");
    let changed = archive.one("hold_notice", &["hold", "notice", "change", "smith", "--portal", "wider.txt"]);
    assert_eq!((number(&changed, "version"), text(&changed, "officer_address")), (2, "max@firm.example".to_owned()));
    let issued = ("issued".to_owned(), Value::Null, json!("reissuance"), json!("2026-01-16T12:00:00Z"));
    assert_eq!(standing(&changed)[ANN], issued, "what she acknowledged is no longer what it says");
    assert_eq!(issue(&archive, "second"), [to("reissuance", ANN), to("reissuance", BOB)]);
    archive.set_clock("2026-01-23T12:00:00Z");
    assert_eq!(issue(&archive, "reminders"), [to("reminder", ANN), to("reminder", BOB)], "reminders begin anew");
    archive.ok(&["hold", "notice", "acknowledge", "smith", ANN]);
    let entries = show(&archive, "smith")["custodians"][0]["entries"].clone();
    let told: Vec<(String, u64)> =
        entries.as_array().expect("entries").iter().map(|one| (text(one, "event"), number(one, "version"))).collect();
    let expected = [("issuance", 1), ("acknowledged", 1), ("reissuance", 2), ("reminder", 2), ("acknowledged", 2)];
    assert_eq!(told, expected.map(|(event, version)| (event.to_owned(), version)));
    assert_eq!(archive.json(2, &["hold", "notice", "change", "smith", "--portal", "wider.txt"]).code, 2);
}

#[test]
fn letters_are_mails_that_are_kept_as_they_were_written() {
    let archive = office();
    create(&archive, "smith", &[]);
    let lines = archive.ok(&["hold", "notice", "issue", "smith", "--output", "letters"]);
    let (file, digest) = (text(&lines[0], "file"), text(&lines[0], "digest"));
    let written = std::fs::read(archive.path("letters").join(&file)).expect("the letter");
    assert_eq!(blake3::hash(&written).to_hex().as_str(), digest);
    let mail = mail_parser::MessageParser::default().parse(&written).expect("a mail");
    assert_eq!(mail.subject(), Some("issuance of Smith v. Firm"));
    assert_eq!(
        mail.body_text(0).expect("text").replace("\r\n", "\n").trim_end(),
        "Dear Ann Löwe,\nissuance of 2026-01-15\n\nKeep everything about the harbour, Ann Löwe."
    );
    assert_eq!(mail.to().and_then(|to| to.first()?.address()), Some(ANN));
    assert_eq!(archive.run(&["hold", "notice", "show", "smith", "--letter", "1"]).stdout, written);
    let logged = archive.ok(&["audit", "log"]);
    let said = |entry: &Value| text(entry, "action") == "hold.notice.issue" && text(entry, "outcome").contains(&digest);
    assert_eq!(logged.iter().filter(|entry| said(entry)).count(), 1, "the log commits to the letter");
    archive.verify_clean();

    let store = redb::Database::open(archive.directory().join("archive.redb")).expect("the store opens");
    let transaction = store.begin_write().expect("a transaction");
    {
        let mut letters = transaction.open_table(LETTERS).expect("letters");
        let key = letters.first().expect("a row").expect("one").0.value();
        letters.insert(key, &b"something else"[..]).expect("a row");
    }
    transaction.commit().expect("a commit");
    drop(store);
    let problems = archive.json(20, &["verify"]).lines();
    assert!(problems.iter().any(|line| line["object"] == "hold_notice"), "{problems:?}");
}

#[test]
fn who_is_added_again_before_the_release_was_told_is_told_anew() {
    let mut archive = office();
    create(&archive, "smith", &[]);
    issue(&archive, "first");
    let acknowledge = ["hold", "notice", "acknowledge", "smith", BOB, "--channel", "mail", "--comment", "x"];
    archive.ok(&acknowledge);
    archive.ok(&["custodian", "release", BOB, "--case", "Smith v. Firm", "--reason", "left"]);
    archive.set_clock("2026-01-20T09:00:00Z");
    archive.ok(&["custodian", "add", BOB, "--case", "Smith v. Firm"]);
    let (state, _, next, _) = standing(&show(&archive, "smith")).remove(BOB).expect("Bob");
    assert_eq!((state.as_str(), next), ("pending", json!("issuance")));
    let early = archive.run(&acknowledge);
    assert!(early.code != 0 && early.stderr.contains("nothing that bob@"), "{}", early.stderr);
    assert_eq!(issue(&archive, "second"), [to("issuance", BOB)]);
    archive.ok(&acknowledge);
}

#[test]
fn letters_go_to_the_address_and_no_other() {
    let archive = office();
    let (special, nowhere) = ("a(b)@firm.example", "a@firm(b).example");
    archive.ok(&["mailbox", "add", special]);
    archive.ok(&["mailbox", "add", nowhere]);
    archive.ok(&["custodian", "add", special, nowhere, "--case", "Smith v. Firm"]);
    create(&archive, "smith", &["--custodian", special]);
    issue(&archive, "first");
    let mail = archive.run(&["hold", "notice", "show", "smith", "--letter", "1"]).text();
    assert!(mail.contains("\r\nTo: \"a(b)\"@firm.example\r\n"), "{mail}");
    for refused in
        [&["hold", "notice", "add", "smith", nowhere][..], &["hold", "notice", "change", "smith", "--officer", nowhere]]
    {
        let outcome = archive.run(refused);
        assert!(outcome.code == 2 && outcome.stderr.contains("is no domain"), "{}", outcome.stderr);
    }
}

#[test]
fn a_custodian_has_one_notice_in_a_case() {
    let archive = office();
    create(&archive, "ann", &["--custodian", ANN]);
    for (arguments, why) in [
        (&["--custodian", ANN][..], "hold notice `ann` is for ann@"),
        (&["--custodian", "clara@firm.example"], "clara@firm.example"),
    ] {
        let create = ["hold", "notice", "create", "bob", "--case", "Smith v. Firm"];
        let outcome = archive.run(&[&create[..], &TEXTS, arguments].concat());
        assert!(outcome.code != 0 && outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    archive.ok(&["custodian", "release", BOB, "--case", "Smith v. Firm", "--reason", "left"]);
    let again = archive.run(&["custodian", "add", BOB, "--case", "Smith v. Firm"]);
    assert!(again.stderr.contains(&format!("`custodia hold notice add ann {BOB}`")), "{}", again.stderr);
    let rest = create(&archive, "bob", &[]);
    assert_eq!(standing(&rest).into_keys().collect::<Vec<_>>(), [BOB], "those whom no other notice is for");
    let nobody = archive.run(&[&["hold", "notice", "create", "c", "--case", "Smith v. Firm"][..], &TEXTS].concat());
    assert!(nobody.stderr.contains("no custodian whom no notice is for"), "{}", nobody.stderr);
}

#[test]
fn texts_that_nobody_could_be_sent_are_refused() {
    let archive = office();
    archive.write("field.txt", "Subject: x\n\nDear {{name}}");
    archive.write("bare.txt", "Dear {{custodian}}");
    archive.write("latin.txt", b"Subject: x\n\n\xe4".as_slice());
    let create = ["hold", "notice", "create", "x", "--case", "Smith v. Firm"];
    for (more, why) in [
        (&["--issuance", "field.txt"][..], "`{{name}}` is no field"),
        (&["--issuance", "bare.txt"], "begin it with a line such as"),
        (&["--issuance", "latin.txt"], "UTF-8"),
        (&["--issuance", "missing.txt"], "missing.txt"),
        (&["--officer", "Lena"], "is not an address"),
        (&["--reminder", "reminder.txt"], "does not say when"),
        (&["--reminders", "1", "--reminder-days", "7"], "has no text for it"),
        (&["--reminder", "reminder.txt", "--reminders", "0", "--reminder-days", "7"], "from 1 to"),
    ] {
        let options = TEXTS.chunks(2).filter(|pair| pair[0] != more[0]).flatten().copied();
        let outcome = archive.run(&create.into_iter().chain(options).chain(more.iter().copied()).collect::<Vec<_>>());
        assert!(outcome.code != 0 && outcome.stderr.contains(why), "{more:?}: {}", outcome.stderr);
    }
    let bare = archive.run(&create);
    assert!(bare.stderr.contains("needs an officer"), "{}", bare.stderr);
    assert_eq!(archive.ok(&["hold", "notice", "list"]).len(), 0, "nothing is left of it");
}

#[test]
fn what_is_interrupted_is_due_still() {
    let archive = office();
    create(&archive, "smith", &[]);
    let mut command = archive.command(&["hold", "notice", "issue", "--all", "--output", "cut"]);
    assert!(!command.env("CUSTODIA_TEST_FAIL", "notice.written").output().expect("it runs").status.success());
    assert_eq!(issue(&archive, "whole"), [to("issuance", ANN), to("issuance", BOB)]);
    let taken = archive.json(1, &["hold", "notice", "issue", "--all", "--output", "whole"]);
    assert!(text(&taken.error(), "message").contains("exists already"));
    let inside = archive.directory().join("letters");
    let inside = archive.run(&["hold", "notice", "issue", "--all", "--output", inside.to_str().expect("UTF-8")]);
    assert!(inside.stderr.contains("inside of the archive"), "{}", inside.stderr);
}
