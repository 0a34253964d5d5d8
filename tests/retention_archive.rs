//! What becomes of an item in a real archive is what the engine says of the case on paper: imported, ruled, labelled, held,
//! released and reviewed by commands, each at its time, and planned and executed at the first possible instant.
#![cfg(feature = "cli")]

mod support;

use std::fs;

use custodia::model::UtcTime;
use serde_json::Value;
use support::shared::shared;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";
const LEGAL: &str = "legal@x.example";

/// The content of a mail of which nothing can be searched.
const UNREADABLE: &str = "MIME-Version: 1.0\n\
    Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n\
    --b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n\
    --b\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\nabcd\n--b--\n";

/// When nothing is left to happen.
const LATER: &str = "2100-01-01";

/// A fixed order of what happens at one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Step {
    Act,
    /// A decision of the reviewer, for which the clock must be trusted.
    Review,
    /// Nothing may go, and the item does not wait for a review.
    NotYet,
    /// The item may go now.
    Due,
    /// It goes now.
    Execute,
    /// It stays, or waits, whatever time passes.
    Stays,
}

struct Timeline {
    steps: Vec<(UtcTime, Step, Vec<String>)>,
}

impl Timeline {
    fn add(&mut self, at: &str, step: Step, arguments: &[&str]) {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.steps.push((UtcTime::parse(at).expect("a date"), step, arguments));
    }

    fn act(&mut self, at: &str, arguments: &[&str]) {
        self.add(at, Step::Act, arguments);
    }
}

fn list<'c>(case: &'c Value, name: &str) -> impl Iterator<Item = &'c Value> {
    case[name].as_array().into_iter().flatten()
}

fn field<'c>(value: &'c Value, name: &str) -> Option<&'c str> {
    value[name].as_str()
}

fn known<'c>(value: &'c Value, name: &str) -> &'c str {
    field(value, name).unwrap_or_else(|| panic!("no `{name}` in {value}"))
}

fn policies(case: &Value, created: &str, timeline: &mut Timeline) {
    for policy in list(case, "policies") {
        let id = known(policy, "id");
        let mut add =
            vec!["retention", "policy", "add", id, "--action", known(policy, "action"), "--without-simulation", "test"];
        add.extend(["--period", known(policy, "period"), "--start", field(policy, "start").unwrap_or("created")]);
        match known(policy, "scope") {
            "static" => add.extend(["--include", ANN]),
            "adaptive" => add.extend(["--adaptive", "department equals Sales"]),
            _ if policy["excluded"] == true => add.extend(["--exclude", ANN]),
            _ => {}
        }
        timeline.act(created, &add);
        match (field(policy, "released"), known(policy, "scope")) {
            (Some(at), "adaptive") => {
                timeline.act(at, &["mailbox", "set", ANN, "--attr", "department=Board"]);
                // The scope is evaluated when it is read.
                timeline.act(at, &["explain", "1"]);
            }
            (Some(at), _) => timeline
                .act(at, &["retention", "policy", "remove", id, "--reason", "case", "--without-simulation", "test"]),
            (None, _) => {}
        }
        if let Some(at) = field(policy, "reenabled") {
            timeline
                .act(at, &["retention", "policy", "reenable", id, "--reason", "case", "--without-simulation", "test"]);
        }
    }
}

fn labels(case: &Value, created: &str, timeline: &mut Timeline) {
    let label = &case["label"];
    let Some(id) = field(label, "id") else { return };
    let mut add = vec!["retention", "label", "add", id, "--action", known(label, "action")];
    add.extend(["--period", known(label, "period"), "--start", field(label, "start").unwrap_or("created")]);
    if field(label, "start") == Some("event") {
        add.extend(["--event-type", "ended"]);
    }
    if label["review"] == true {
        add.extend(["--review", LEGAL]);
    }
    timeline.act(created, &add);
    let set_on = field(label, "labeled_on").unwrap_or(created);
    timeline.act(set_on, &["retention", "label", "set", id, "1", "--asset-id", "asset"]);
    if let Some(date) = field(label, "event_date") {
        let record = ["retention", "event", "record", "--type", "ended", "--asset-id", "asset", "--date", date];
        timeline.act(field(label, "event_recorded").unwrap_or(date), &record);
    }
    let review = |more: &[&'static str]| [&["--actor", LEGAL, "disposition", "review"], more].concat();
    if let Some(at) = field(label, "approved_on") {
        timeline.add(at, Step::Review, &review(&["approve", "1", "--comment", "case"]));
    }
    if let Some(period) = field(label, "extended") {
        let extend = [&review(&["extend", "1", "--comment", "case", "--period"])[..], &[period]].concat();
        timeline.add("2023-01-15", Step::Review, &extend);
    }
}

fn holds(case: &Value, timeline: &mut Timeline) {
    for hold in list(case, "holds") {
        let id = known(hold, "id");
        let mut place = vec!["hold", "place", id, "--mailbox", ANN, "--reason", "case"];
        place.extend(field(hold, "query").into_iter().flat_map(|query| ["--query", query]));
        place.extend(field(hold, "duration").into_iter().flat_map(|duration| ["--duration", duration]));
        timeline.act(known(hold, "from"), &place);
        if let Some(at) = field(hold, "released") {
            timeline.act(at, &["hold", "release", id, "--reason", "case"]);
        }
        if let Some(at) = field(hold, "delay_removed") {
            timeline.act(at, &["hold", "end-delay", id, "--reason", "case"]);
        }
    }
}

fn outcome(case: &Value, delete_on: &str, timeline: &mut Timeline) {
    let from = delete_on.strip_prefix("pending-review from ").unwrap_or(delete_on);
    if let Ok(at) = UtcTime::parse(from) {
        timeline.add(&UtcTime(at.0 - 1000).to_string(), Step::NotYet, &[]);
    }
    match (field(case, "purge_run"), delete_on) {
        (run, "held" | "never") => {
            timeline.add(run.unwrap_or(LATER), Step::Stays, &[]);
            timeline.add(LATER, Step::Stays, &[]);
        }
        (_, pending) if pending != from => {
            timeline.add(from, Step::Stays, &[]);
            timeline.add(LATER, Step::Stays, &[]);
        }
        (run, _) => {
            timeline.add(from, Step::Due, &[]);
            timeline.add(run.unwrap_or(from), Step::Execute, &[]);
        }
    }
}

/// The archive of a case, at the instant at which its item was created.
fn begun(case: &Value, created: &str) -> TestArchive {
    let mut archive = TestArchive::absent();
    archive.set_clock(&UtcTime::parse(created).expect("a date").to_string());
    archive.ok(&["init", "--name", "test", "--min-residence", "0"]);
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address, "--attr", "department=Sales"]);
    }
    let date = UtcTime::parse(created).expect("a date").to_chrono().to_rfc2822();
    let content =
        if case.pointer("/item/indexed") == Some(&Value::Bool(false)) { UNREADABLE } else { "\nnothing of interest\n" };
    let mail = format!(
        "Received: from mx.elsewhere.example by mx.x.example; {date}\nFrom: eve@elsewhere.example\nTo: {ANN}\nDate: {date}\n\
         Message-ID: <case@elsewhere.example>\nSubject: case\n{content}"
    );
    archive.import(&archive.write("case.eml", mail), &["--mailbox", ANN]);
    archive
}

/// Eligible, held, and waiting for a review, by the plan and by the simulation.
fn plan(archive: &TestArchive) -> [u64; 3] {
    archive.ok(&["audit", "confirm-clock", "--reason", "the test moves it"]);
    fs::remove_file(archive.path("plan.json")).ok();
    let plan = archive.one("summary", &["disposition", "plan", "-o", "plan.json"]);
    let simulation = archive.one("summary", &["retention", "simulate"]);
    let counts = |summary: &Value| ["eligible", "held", "review"].map(|name| number(summary, name));
    assert_eq!(counts(&plan), counts(&simulation));
    counts(&plan)
}

fn day(value: Option<&Value>) -> Value {
    let shorter = |text: &str| text.strip_suffix("T00:00:00Z").unwrap_or(text).to_owned();
    value.and_then(Value::as_str).map_or(Value::Null, |text| Value::from(shorter(text)))
}

/// The reasons that decided, in the words of a case.
fn why(explanation: &Value) -> Vec<String> {
    let retained = field(explanation, "retain_until").is_some_and(|until| UtcTime::parse(until).is_ok());
    let in_words = |reason: &Value| match (known(reason, "rule"), known(reason, "name")) {
        (rule @ ("retain" | "delete" | "hold" | "delay"), name) => Some(format!("{rule}:{name}")),
        ("suspend", _) => retained.then(|| "suspended until retain end".to_owned()),
        ("review", _) => Some("disposition review".to_owned()),
        ("approval", _) => Some(known(reason, "effect").replace("disposition approved on", "approved")),
        ("event-recorded-late", _) => Some("event recorded late".to_owned()),
        ("no-delete-action", _) => Some("no delete action".to_owned()),
        _ => None,
    };
    let mut words: Vec<String> = list(explanation, "reasons").filter_map(in_words).collect();
    words.sort();
    words
}

#[track_caller]
fn explains(archive: &TestArchive, case: &Value) -> Value {
    let explanation = archive.ok(&["explain", "1"]).remove(0);
    let expected = case.get("expect").expect("it says");
    assert_eq!(day(explanation.get("retain_until")), *expected.get("retain_until").expect("it says"), "{explanation}");
    let mut words: Vec<String> = list(expected, "why").map(|word| word.as_str().expect("text").to_owned()).collect();
    words.sort();
    assert_eq!(why(&explanation), words, "{explanation}");
    explanation
}

fn run(case: &Value) {
    let created = known(&case["item"], "created");
    let delete_on = known(&case["expect"], "delete_on");
    let mut timeline = Timeline { steps: Vec::new() };
    policies(case, created, &mut timeline);
    labels(case, created, &mut timeline);
    holds(case, &mut timeline);
    outcome(case, delete_on, &mut timeline);
    timeline.steps.sort_by_key(|(at, step, _)| (*at, *step));
    let mut archive = begun(case, created);
    for (at, step, arguments) in &timeline.steps {
        archive.set_clock(&at.to_string());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match step {
            Step::Act => drop(archive.ok(&arguments)),
            Step::Review => {
                archive.ok(&["audit", "confirm-clock", "--reason", "the test moves it"]);
                archive.ok(&arguments);
            }
            Step::NotYet => {
                let [eligible, _, review] = plan(&archive);
                assert_eq!((eligible, review * u64::from(delete_on.starts_with("pending"))), (0, 0), "at {at}");
            }
            Step::Due => {
                assert_eq!(plan(&archive), [1, 0, 0], "at {at}");
                explains(&archive, case);
            }
            Step::Execute => {
                assert_eq!(plan(&archive), [1, 0, 0], "at {at}");
                archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
                assert_eq!(text(&archive.ok(&["disposition", "list"]).remove(0), "disposed_at"), at.to_string());
                archive.verify_clean();
                return;
            }
            Step::Stays => {
                let (held, review) = (u64::from(delete_on == "held"), u64::from(delete_on.starts_with("pending")));
                assert_eq!(plan(&archive), [0, held, review], "at {at}");
                explains(&archive, case);
            }
        }
    }
}

#[test]
fn the_shared_cases_come_out_in_an_archive() {
    let Some(shared) = shared() else { return };
    let cases = fs::read(shared.join("samples/legal/retention_cases.json")).expect("the cases");
    let mut cases: Vec<Value> = serde_json::from_slice(&cases).expect("JSON");
    assert_eq!(cases.len(), 45);
    for case in &mut cases {
        if case["item"]["modified"].is_string() {
            // An archived item is never modified, so what counts from then counts from its creation.
            assert_eq!(case["n"], 13);
            case["expect"] = serde_json::json!({
                "retain_until": "2027-01-15", "delete_on": "2027-01-15",
                "why": ["retain:B", "delete:A", "suspended until retain end"],
            });
        }
    }
    let failed: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = cases.chunks(23).map(|half| scope.spawn(move || failures(half))).collect();
        halves.into_iter().flat_map(|half| half.join().expect("cases are judged")).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn failures(cases: &[Value]) -> Vec<String> {
    let judged = cases.iter().map(|case| (case, std::panic::catch_unwind(|| run(case))));
    let failed = judged.filter(|(_, judged)| judged.is_err());
    failed.map(|(case, _)| format!("case {}: {}", case["n"], case["desc"])).collect()
}

/// Ann's and Bob's item of one message of January 2020, in January 2026.
fn shared_by_two() -> TestArchive {
    let archive = TestArchive::new();
    let mail = "From: eve@elsewhere.example\nTo: ann@x.example, bob@x.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\n\
        Message-ID: <two@elsewhere.example>\nSubject: two\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee the files\n\
        --b\nContent-Type: text/plain; name=one.txt\nContent-Disposition: attachment; filename=one.txt\n\nthe merger\n\
        --b\nContent-Type: text/plain; name=two.txt\nContent-Disposition: attachment; filename=two.txt\n\nlunch\n--b--\n";
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
        archive.import(&archive.write("two.eml", mail), &["--mailbox", address]);
    }
    archive
}

/// Plans and executes; the items that went, and whether the content of each did.
fn dispose(archive: &TestArchive) -> Vec<(String, bool)> {
    plan(archive);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    archive.verify_clean();
    let records = archive.ok(&["disposition", "list"]);
    records.iter().map(|record| (text(record, "item"), record["content_destroyed"] == true)).collect()
}

fn outcome_of(archive: &TestArchive, item: &str) -> String {
    text(&archive.ok(&["explain", item]).remove(0), "outcome")
}

#[test]
fn the_body_that_two_share_goes_with_the_last_item() {
    let mut archive = shared_by_two();
    for (name, period, mailbox) in [("one", "1y", ANN), ("seven", "7y", BOB)] {
        let unseen = ["--without-simulation", "test"];
        let add = [&["retention", "policy", "add", name, "--action", "retain+delete", "--period", period], &unseen[..]]
            .concat();
        archive.ok(&[&add[..], &["--include", mailbox]].concat());
    }
    assert_eq!(dispose(&archive), [("1".to_owned(), false)]);
    assert_eq!(archive.hits(Some("merger")).len(), 1);
    archive.set_clock("2027-01-15T12:00:00Z");
    assert_eq!(dispose(&archive), [("1".to_owned(), false), ("2".to_owned(), true)]);
}

#[test]
fn a_hold_on_one_owner_keeps_the_body_that_the_other_loses() {
    let archive = shared_by_two();
    let all = ["retention", "policy", "add", "all", "--action", "delete", "--period", "1y"];
    archive.ok(&[&all[..], &["--without-simulation", "test"]].concat());
    // An attachment matches: the message with all its attachments is held.
    let place = ["hold", "place", "claim", "--mailbox", BOB, "--query", "merger", "--reason", "claim"];
    assert_eq!(number(&archive.one("hold", &place), "items"), 1);
    assert_eq!(dispose(&archive), [("1".to_owned(), false)]);
    let shown = archive.ok(&["show", "2"]).remove(0);
    assert_eq!(list(&shown, "attachments").map(|file| text(file, "name")).collect::<Vec<_>>(), ["one.txt", "two.txt"]);
    for n in ["1", "2"] {
        assert_eq!(archive.run(&["show", "2", "--attachment", n]).code, 0);
    }
}

#[test]
fn an_erasure_waits_for_what_has_to_be_kept_and_is_carried_out_then() {
    let mut archive = shared_by_two();
    archive.ok(&["retention", "policy", "add", "books", "--action", "retain", "--period", "7y", "--include", ANN]);
    let erase = ["--action", "delete", "--period", "0d", "--start", "labelled"];
    archive.ok(&[&["retention", "label", "add", "erasure"], &erase[..]].concat());
    archive.ok(&["retention", "label", "set", "erasure", "1", "2", "--reason", "request of 3 January"]);
    let explanation = archive.ok(&["explain", "1"]).remove(0);
    assert_eq!(text(&explanation, "earliest_disposition"), "2027-01-15T12:00:00Z");
    assert!(why(&explanation).contains(&"suspended until retain end".to_owned()));
    assert_eq!(dispose(&archive), [("2".to_owned(), false)], "nothing keeps Bob's");
    archive.set_clock("2027-01-15T12:00:00Z");
    archive.ok(&["hold", "place", "claim", "--mailbox", ANN, "--reason", "claim"]);
    assert_eq!(outcome_of(&archive, "1"), "held");
    archive.ok(&["hold", "release", "claim", "--reason", "settled"]);
    archive.set_clock("2027-02-14T12:00:00Z");
    assert_eq!(dispose(&archive), [("1".to_owned(), true), ("2".to_owned(), false)]);
}
