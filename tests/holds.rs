//! Holds cover what they say, now and later, and nothing that they covered is free before it may be.
#![cfg(feature = "cli")]

mod support;

use serde_json::{Value, json};
use support::merger::{self, ANN, BOB, IN_2020, IN_2023, import, mail};
use support::{TestArchive, number, text};

/// Two mailboxes, whose mails may be disposed of after a day.
fn office() -> TestArchive {
    let archive = merger::office();
    import(&archive, BOB, "delta", IN_2023, "holidays");
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "day",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1d",
    ]);
    archive
}

fn place(archive: &TestArchive, name: &str, options: &[&str]) -> Value {
    archive.one("hold", &[&["hold", "place", name, "--reason", "claim"], options].concat())
}

fn show(archive: &TestArchive, name: &str) -> Value {
    archive.one("hold", &["hold", "show", name])
}

/// The subjects of the items that are held.
fn held(archive: &TestArchive) -> Vec<String> {
    let hits = archive.hits(None);
    let held = hits.iter().filter(|hit| {
        let explained = archive.ok(&["explain", &text(hit, "item")]).remove(0);
        text(&explained, "outcome") == "held"
    });
    let mut subjects: Vec<String> = held.map(|hit| text(hit, "subject")).collect();
    subjects.sort();
    subjects
}

#[test]
fn a_duration_runs_for_each_item_from_its_own_date() {
    let mut archive = office();
    let options =
        ["--mailbox", ANN, "--duration", "4y", "--owner", "legal", "--date", "2019-01-01", "--comment", "keep"];
    let placed = place(&archive, "litigation", &options);
    assert_eq!((text(&placed, "kind"), text(&placed, "duration")), ("litigation".to_owned(), "P4Y".to_owned()));
    assert_eq!(
        (text(&placed, "owner"), text(&placed, "date")),
        ("legal".to_owned(), "2019-01-01T00:00:00Z".to_owned())
    );
    assert_eq!(held(&archive), ["beta"], "the duration of a mail of 2020 has run, and a lapse gives no delay");
    archive.set_clock("2027-01-15T13:00:00Z");
    assert_eq!(held(&archive), Vec::<String>::new());
    archive.verify_clean();
}

#[test]
fn a_range_of_dates_and_folders_narrow_a_hold() {
    let archive = office();
    import(&archive, ANN, "undated", "", "no date at all");
    let path = archive.write("filed.eml", mail(ANN, "filed", IN_2023, "in a folder"));
    archive.import(&path, &["--mailbox", ANN, "--folder", "Projects"]);
    let placed = place(&archive, "range", &["--mailbox", ANN, "--from", "2023-01-15", "--to", "2023-01-15"]);
    assert_eq!(number(&placed, "items"), 3);
    assert_eq!(held(&archive), ["beta", "filed", "undated"], "what has no date may be of the range");
    archive.ok(&["hold", "change", "range", "--folder", "projects", "--reason", "agreed"]);
    let changed = show(&archive, "range");
    assert_eq!((number(&changed, "items"), number(&changed, "former_items")), (1, 2));
    assert_eq!(text(&changed, "state"), "query-changed");
    assert_eq!(held(&archive), ["beta", "filed", "undated"], "nothing is free at once");
    assert_eq!(archive.ok(&["hold", "list"]).iter().map(|hold| number(hold, "kept_items")).collect::<Vec<_>>(), [3]);
    let listed = archive.run(&["hold", "list"]).text();
    assert!(listed.contains("3, 2 of them from before a change"), "{listed}");
    assert_eq!(
        archive
            .json(
                2,
                &[
                    "hold",
                    "place",
                    "x",
                    "--mailbox",
                    ANN,
                    "--from",
                    "2024-01-02",
                    "--to",
                    "2024-01-01",
                    "--reason",
                    "r"
                ]
            )
            .code,
        2
    );
    assert_eq!(
        archive.json(1, &["hold", "place", "x", "--mailbox", ANN, "--folder", "Nowhere", "--reason", "r"]).code,
        1
    );
    archive.verify_clean();
}

#[test]
fn a_changed_query_frees_nothing_for_thirty_days() {
    let mut archive = office();
    place(&archive, "merger", &["--all-mailboxes", "--query", "merger"]);
    assert_eq!(held(&archive), ["alpha", "gamma"]);
    archive.ok(&["hold", "change", "merger", "--query", "lunch", "--reason", "agreed"]);
    assert_eq!(held(&archive), ["alpha", "beta", "gamma"]);
    let changed = show(&archive, "merger");
    assert_eq!(
        (text(&changed, "state"), text(&changed, "delay_until")),
        ("query-changed".to_owned(), "2026-02-14T12:00:00Z".to_owned())
    );
    assert_eq!((number(&changed, "items"), number(&changed, "former_items")), (1, 2));
    archive.set_clock("2026-02-14T11:59:59Z");
    assert_eq!(held(&archive), ["alpha", "beta", "gamma"]);
    archive.set_clock("2026-02-14T12:00:00Z");
    assert_eq!(held(&archive), ["beta"]);
    assert_eq!(text(&show(&archive, "merger"), "state"), "on");
    archive.verify_clean();
}

#[test]
fn a_hold_on_everything_is_not_narrowed_by_adding_a_mailbox() {
    let archive = office();
    place(&archive, "all", &["--all-mailboxes"]);
    for change in ["--add-mailbox", "--remove-mailbox"] {
        archive.json(2, &["hold", "change", "all", change, BOB, "--reason", "too"]);
    }
    assert_eq!(held(&archive), ["alpha", "beta", "delta", "gamma"]);
}

#[test]
fn a_mailbox_that_is_named_stays_covered_when_its_owner_is_no_custodian_any_more() {
    let mut archive = office();
    archive.ok(&["case", "create", "Initech"]);
    archive.ok(&["custodian", "add", ANN, "--case", "Initech"]);
    place(&archive, "named", &["--case", "Initech", "--custodians", "--mailbox", ANN]);
    place(&archive, "added", &["--case", "Initech", "--custodians"]);
    archive.ok(&["hold", "change", "added", "--add-mailbox", ANN, "--reason", "she herself, too"]);
    archive.ok(&["custodian", "release", ANN, "--case", "Initech", "--reason", "not a custodian"]);
    archive.set_clock("2026-03-15T12:00:00Z");
    assert_eq!(held(&archive), ["alpha", "beta"]);
    for name in ["named", "added"] {
        assert_eq!(number(&show(&archive, name), "items"), 2, "{name}");
    }
}

#[test]
fn custodians_are_added_all_or_none_and_shown_with_cases_and_holds() {
    let archive = office();
    archive.ok(&["case", "create", "Initech"]);
    archive.ok(&["case", "create", "Quay"]);
    place(&archive, "people", &["--case", "Initech", "--custodians"]);
    let refused = archive.json(1, &["custodian", "add", ANN, "nobody@firm.example", "--case", "Initech"]);
    assert!(text(&refused.error(), "message").contains("nobody@firm.example"));
    assert_eq!(archive.ok(&["custodian", "list"]).len(), 0);
    let added = archive.ok(&["custodian", "add", ANN, BOB, "--case", "Initech"]);
    let shown = |lines: &[Value]| -> Vec<(String, String, Value)> {
        let of = lines.iter().map(|one| (text(one, "case_name"), text(one, "mailbox"), one["holds"].clone()));
        let mut all: Vec<_> = of.collect();
        all.sort_by_key(|(case, mailbox, _)| (case.clone(), mailbox.clone()));
        all
    };
    let on = json!([{ "name": "people", "state": "on" }]);
    let of = |case: &str, mailbox: &str, holds: &Value| (case.to_owned(), mailbox.to_owned(), holds.clone());
    assert_eq!(shown(&added), [of("Initech", ANN, &on), of("Initech", BOB, &on)]);
    assert_eq!(held(&archive), ["alpha", "beta", "delta", "gamma"]);
    assert_eq!(archive.json(1, &["custodian", "add", ANN, "--case", "Initech"]).code, 1, "she is one already");

    archive.ok(&["custodian", "add", ANN, "--case", "Quay"]);
    let released = archive.one("custodian", &["custodian", "release", ANN, "--case", "Initech", "--reason", "left"]);
    assert_eq!(
        (text(&released, "release_reason"), text(&released, "released_by")),
        ("left".to_owned(), "tester".to_owned())
    );
    let changed = json!([{ "name": "people", "state": "query-changed" }]);
    assert_eq!(released["holds"], changed, "what she has stays held for 30 days");
    let of_ann = [of("Initech", ANN, &changed), of("Quay", ANN, &json!([]))];
    assert_eq!(shown(&archive.ok(&["custodian", "show", ANN])), of_ann);
    assert_eq!(archive.ok(&["custodian", "list"]).len(), 3);
    assert_eq!(shown(&archive.ok(&["custodian", "list", "--case", "Quay"])), [of("Quay", ANN, &json!([]))]);
}

#[test]
fn a_mailbox_taken_out_of_a_hold_stays_held_for_thirty_days() {
    let mut archive = office();
    place(&archive, "both", &["--mailbox", ANN, "--mailbox", BOB]);
    archive.ok(&["hold", "change", "both", "--remove-mailbox", BOB, "--reason", "agreed"]);
    assert_eq!(held(&archive), ["alpha", "beta", "delta", "gamma"]);
    archive.set_clock("2026-02-15T12:00:00Z");
    assert_eq!(held(&archive), ["alpha", "beta"]);
    archive.ok(&["hold", "change", "both", "--add-mailbox", BOB, "--reason", "again"]);
    assert_eq!(held(&archive), ["alpha", "beta", "delta", "gamma"]);
    assert_eq!(
        archive
            .json(2, &["hold", "change", "both", "--remove-mailbox", ANN, "--remove-mailbox", BOB, "--reason", "x"])
            .code,
        2
    );
}

#[test]
fn the_delay_can_be_ended_by_hand_with_a_reason() {
    let archive = office();
    place(&archive, "ann", &["--mailbox", ANN]);
    place(&archive, "merger", &["--all-mailboxes", "--query", "merger"]);
    archive.ok(&["hold", "release", "ann", "--reason", "settled"]);
    assert_eq!(text(&show(&archive, "ann"), "state"), "delay");
    assert_eq!(archive.json(2, &["hold", "end-delay", "ann", "--reason", " "]).code, 2);
    archive.ok(&["hold", "end-delay", "ann", "--reason", "court order"]);
    assert_eq!(text(&show(&archive, "ann"), "state"), "off");
    assert_eq!(held(&archive), ["alpha", "gamma"], "another hold is another matter");
    assert_eq!(archive.json(2, &["hold", "end-delay", "merger", "--reason", "not released"]).code, 2);
}

#[test]
fn a_draft_holds_nothing_until_it_is_turned_on() {
    let archive = office();
    let draft = place(&archive, "draft", &["--mailbox", ANN, "--query", "merger", "--draft"]);
    assert_eq!((text(&draft, "state"), number(&draft, "items")), ("draft".to_owned(), 1), "what it would cover");
    assert_eq!(held(&archive), Vec::<String>::new());
    import(&archive, ANN, "epsilon", IN_2020, "merger later");
    let on = archive.one("hold", &["hold", "on", "draft", "--reason", "letter arrived"]);
    assert_eq!((text(&on, "state"), number(&on, "items")), ("on".to_owned(), 2));
    assert_eq!(held(&archive), ["alpha", "epsilon"]);
    assert_eq!(archive.json(2, &["hold", "on", "draft", "--reason", "again"]).code, 2);
}

#[test]
fn a_case_ends_its_holds_and_does_not_begin_them_again() {
    let mut archive = office();
    archive.ok(&["case", "create", "Initech"]);
    archive.ok(&["custodian", "add", ANN, "--case", "Initech"]);
    let placed = place(&archive, "of Initech", &["--case", "Initech", "--custodians"]);
    assert_eq!((text(&placed, "kind"), text(&placed, "case")), ("case".to_owned(), "Initech".to_owned()));
    assert_eq!(held(&archive), ["alpha", "beta"]);
    archive.ok(&["custodian", "add", BOB, "--case", "Initech"]);
    assert_eq!(held(&archive), ["alpha", "beta", "delta", "gamma"], "a custodian who comes later is covered");
    archive.ok(&["custodian", "release", ANN, "--case", "Initech", "--reason", "not involved"]);
    assert_eq!(held(&archive).len(), 4, "not free at once");
    archive.set_clock("2026-02-14T12:00:00Z");
    assert_eq!(held(&archive), ["delta", "gamma"]);

    assert_eq!(archive.json(21, &["case", "delete", "Initech", "--reason", "done"]).code, 21);
    archive.ok(&["case", "close", "Initech", "--reason", "settled"]);
    assert_eq!(text(&show(&archive, "of Initech"), "state"), "delay");
    assert_eq!(
        archive.json(21, &["hold", "place", "late", "--case", "Initech", "--custodians", "--reason", "x"]).code,
        21
    );
    archive.ok(&["case", "reopen", "Initech", "--reason", "appeal"]);
    assert_eq!(text(&show(&archive, "of Initech"), "state"), "delay", "reopening turns nothing on");
    archive.set_clock("2026-03-20T12:00:00Z");
    assert_eq!(held(&archive), Vec::<String>::new());
    archive.ok(&["case", "delete", "Initech", "--reason", "done"]);
    assert_eq!(archive.ok(&["case", "list"]).len(), 0);
    assert_eq!(
        archive
            .json(2, &["hold", "place", "x", "--mailbox", ANN, "--duration", "1y", "--case", "y", "--reason", "r"])
            .code,
        2
    );
}

#[test]
fn releasing_one_of_several_holds_frees_nothing() {
    let mut archive = office();
    place(&archive, "one", &["--mailbox", ANN]);
    place(&archive, "two", &["--mailbox", ANN, "--query", "merger"]);
    archive.ok(&["hold", "release", "one", "--reason", "settled"]);
    archive.set_clock("2026-03-20T12:00:00Z");
    assert_eq!(held(&archive), ["alpha"]);
}

fn chat(id: &str, event: &str, reference: &str, text: &str) -> String {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let record = json!({
        "platform": "whatsapp", "source": "test 1", "id": id, "sent": "2020-01-15T12:00:00Z", "text": text,
        "conversation": { "id": "c1" }, "sender": { "number": "+48555010001" },
        "recipients": [{ "number": "+48555010002" }], "event": given(event), "event_reference": given(reference),
    });
    format!("{record}\n")
}

#[test]
fn a_chat_message_is_held_with_its_versions_and_they_with_it() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "day",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1d",
    ]);
    let first = archive.write(
        "first.jsonl",
        chat("m1", "", "", "the merger") + &chat("m2", "", "", "lunch") + &chat("m3", "", "", "dinner"),
    );
    archive.import(&first, &["--mailbox", ANN]);
    place(&archive, "merger", &["--mailbox", ANN, "--query", "merger"]);
    assert_eq!(number(&show(&archive, "merger"), "items"), 1);
    // The message that was held is edited, one is edited so that it matches, and one is deleted that does not.
    let later = chat("e1", "edited", "m1", "the picnic")
        + &chat("e2", "edited", "m2", "merger lunch")
        + &chat("e3", "deleted", "m3", "");
    archive.import(&archive.write("later.jsonl", later), &["--mailbox", ANN]);
    assert_eq!(number(&show(&archive, "merger"), "items"), 4, "m1 and e1, m2 and e2");
    place(&archive, "again", &["--mailbox", ANN, "--query", "merger"]);
    assert_eq!(number(&show(&archive, "again"), "items"), 4, "the same when all of it is there already");
    // What a held event is about may come after it.
    let event = archive.write("event.jsonl", chat("e9", "deleted", "m9", "about the merger"));
    archive.import(&event, &["--mailbox", ANN]);
    archive.import(&archive.write("late.jsonl", chat("m9", "", "", "nothing of it")), &["--mailbox", ANN]);
    assert_eq!(number(&show(&archive, "merger"), "items"), 6);
    archive.verify_clean();
}

#[test]
fn a_certificate_says_what_a_hold_covers_and_proves_it_without_the_archive() {
    let archive = office();
    place(&archive, "merger", &["--all-mailboxes", "--query", "merger"]);
    let written = archive.one("certificate", &["hold", "certificate", "merger", "--out", "first.json"]);
    assert_eq!((number(&written, "items"), text(&written, "state")), (2, "on".to_owned()));
    let again = archive.one("certificate", &["hold", "certificate", "merger", "--out", "again.json"]);
    assert_eq!(again.get("items_digest"), written.get("items_digest"), "the same items have the same digest");
    import(&archive, ANN, "zeta", IN_2020, "another merger");
    let later = archive.one("certificate", &["hold", "certificate", "merger", "--out", "later.json"]);
    assert_ne!(later.get("items_digest"), written.get("items_digest"));
    std::fs::remove_dir_all(archive.directory()).expect("the archive");
    let verify = ["hold", "certificate", "--verify", "first.json"];
    assert_eq!(archive.one("certificate", &verify), written);
    let path = archive.path("first.json");
    let original = std::fs::read_to_string(&path).expect("file");
    for (from, to) in [("\"items\": 2", "\"items\": 3"), ("\"merger\"", "\"other\""), ("\"entry\": ", "\"entry\": 1")] {
        assert!(original.contains(from), "{from}");
        std::fs::write(&path, original.replacen(from, to, 1)).expect("file");
        archive.json(20, &verify);
    }
}

#[test]
fn the_report_counts_what_each_hold_keeps() {
    let archive = office();
    place(&archive, "=merger", &["--all-mailboxes", "--query", "merger"]);
    place(&archive, "four years", &["--mailbox", ANN, "--duration", "4y"]);
    let mut rows = archive.ok(&["hold", "report", "--csv", "holds.csv", "--report", "holds.html"]);
    rows.sort_by_key(|row| text(row, "name"));
    let counts = |row: &Value| (number(row, "matching"), number(row, "held_messages"), text(row, "evaluation"));
    assert_eq!(
        rows.iter().map(counts).collect::<Vec<_>>(),
        [(2, 2, "success".to_owned()), (1, 1, "success".to_owned())]
    );
    let oldest: Vec<String> = rows.iter().map(|row| text(row, "oldest")).collect();
    assert_eq!(oldest, ["2020-01-15T12:00:00Z", "2023-01-15T12:00:00Z"], "the duration of older items has run");
    let csv = std::fs::read_to_string(archive.path("holds.csv")).expect("CSV");
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.contains("'=merger"), "no cell is a formula");
    assert!(std::fs::read_to_string(archive.path("holds.html")).expect("HTML").contains("four years"));
}

#[test]
fn a_mailbox_shows_what_is_in_force_on_it_and_keeps_it_when_inactive() {
    let archive = office();
    place(&archive, "ann", &["--mailbox", ANN]);
    archive.ok(&["mailbox", "set", ANN, "--active", "false"]);
    let shown = archive.one("mailbox", &["mailbox", "show", ".ann@x.example"]);
    let names = |field: &str| -> Vec<String> {
        shown.get(field).and_then(Value::as_array).expect("a list").iter().map(|one| text(one, "name")).collect()
    };
    assert_eq!((names("holds"), names("policies")), (vec!["ann".to_owned()], vec!["day".to_owned()]));
    assert_eq!(held(&archive), ["alpha", "beta"]);
    let summary = archive.ok(&["search", "merger", "--mailbox", ".ann@x.example"]).remove(0);
    assert_eq!(number(&summary, "items"), 1);
    assert_eq!(archive.run(&["mailbox", "show", ".bob@x.example"]).code, 1, "an active one has no dot");
}

#[test]
fn a_refused_query_of_a_hold_is_shown_with_its_place() {
    let archive = office();
    let placed = archive.run(&["hold", "place", "h", "--mailbox", ANN, "--query", "merger sent:soon", "--reason", "x"]);
    assert_eq!(placed.code, 2);
    assert!(placed.stderr.contains("merger sent:soon\n            ^"), "{}", placed.stderr);
}
