//! Rules that delete are put in force only by whoever has seen what they would do, or says why not; and rules in a file
//! are applied wholly or not at all, once or many times, and come back as they were.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::sales::{ANN, BOB, office};
use support::{TestArchive, number, text};

const YEAR: [&str; 8] = ["retention", "policy", "add", "year", "--action", "retain+delete", "--period", "1y"];

fn eligible(archive: &TestArchive) -> u64 {
    number(&archive.one("summary", &["retention", "simulate"]), "eligible")
}

fn refused(archive: &TestArchive, arguments: &[&str], code: i32, named: &str) {
    let outcome = archive.run(arguments);
    assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
    assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
}

fn last_outcome(archive: &TestArchive, action: &str) -> String {
    let log = archive.ok(&["audit", "log"]);
    let entry = log.iter().rev().find(|entry| text(entry, "action") == action);
    text(entry.unwrap_or_else(|| panic!("no {action} in the log")), "outcome")
}

#[test]
fn a_deletion_waits_until_it_was_simulated_and_is_put_in_force() {
    let mut archive = office();
    let policy = archive.one("policy", &YEAR);
    assert_eq!(text(&policy, "deletion"), "waiting");
    let enable = ["retention", "policy", "enable", "year"];
    refused(&archive, &enable, 21, "was not simulated");

    let summary = archive.one("summary", &["retention", "simulate"]);
    assert_eq!((number(&summary, "eligible"), number(&summary["proposed"], "eligible")), (0, 2));
    assert_eq!(summary["proposal"], serde_json::json!(["year"]));
    let plan = archive.one("summary", &["disposition", "plan", "--output", "plan.json"]);
    assert_eq!(number(&plan, "eligible"), 0, "what waits deletes nothing");

    archive.set_clock("2026-01-23T13:00:00Z");
    refused(&archive, &enable, 21, "more than 7 days ago");
    archive.ok(&["retention", "simulate"]);
    archive.set_clock("2026-01-29T12:00:00Z");
    assert_eq!(text(&archive.one("policy", &enable), "deletion"), "in force");
    assert!(last_outcome(&archive, "retention.policy.enable").contains("2 of 2 items eligible"));
    assert_eq!(eligible(&archive), 2);
    refused(&archive, &enable, 2, "no deletion of policy `year` waits");
}

#[test]
fn what_a_waiting_policy_retains_it_retains_at_once() {
    let archive = office();
    let delete = ["retention", "policy", "add", "day", "--action", "delete", "--period", "1d"];
    archive.ok(&[&delete[..], &["--without-simulation", "asked for by the board"]].concat());
    assert!(last_outcome(&archive, "retention.policy.add").contains("asked for by the board"));
    assert_eq!(eligible(&archive), 2);
    archive.ok(&["retention", "policy", "add", "ten", "--action", "retain+delete", "--period", "10y"]);
    assert_eq!(eligible(&archive), 0);
    refused(&archive, &[&YEAR[..], &["--without-simulation", " "]].concat(), 2, "needs a reason");
}

#[test]
fn a_change_by_which_more_is_deleted_is_simulated_first() {
    let archive = office();
    let mine = ["--include", ANN, "--without-simulation", "test"];
    archive.ok(&[&YEAR[..], &mine[..]].concat());
    archive.ok(&["retention", "policy", "set", "year", "--period", "9y"]);
    let shorter = ["retention", "policy", "set", "year", "--period", "2y"];
    refused(&archive, &shorter, 21, "was not simulated");
    refused(&archive, &["retention", "policy", "set", "year", "--include", BOB], 21, "was not simulated");
    let summary = archive.one("summary", &[&shorter[..], &["--simulate"]].concat());
    assert_eq!((number(&summary, "eligible"), number(&summary["proposed"], "eligible")), (0, 1));
    assert_eq!(text(&archive.one("policy", &["retention", "policy", "show", "year"]), "period"), "P9Y");
    refused(&archive, &["retention", "policy", "set", "year", "--period", "1y"], 21, "was not simulated");
    archive.ok(&shorter);
    assert_eq!(eligible(&archive), 1);
}

#[test]
fn a_label_that_sets_itself_and_deletes_is_simulated_first() {
    let archive = office();
    let label = ["retention", "label", "add", "short", "--action", "delete", "--period", "1y", "--auto", "alpha"];
    refused(&archive, &label, 21, "was not simulated");
    let file = "version = 1\n[[label]]\nname = \"short\"\naction = \"delete\"\nperiod = \"1y\"\nauto = \"alpha\"\n";
    archive.write("label.toml", file);
    let summary = archive.one("summary", &["retention", "simulate", "--policy", "label.toml"]);
    assert_eq!((number(&summary, "eligible"), number(&summary["proposed"], "eligible")), (0, 1));
    assert_eq!(eligible(&archive), 0, "a simulation sets no label");
    archive.ok(&label);
    assert_eq!(eligible(&archive), 1);
}

#[test]
fn a_simulation_lists_what_would_go_and_what_holds_keep() {
    let archive = office();
    archive.ok(&[&YEAR[..], &["--without-simulation", "test"]].concat());
    archive.ok(&["hold", "place", "matter", "--mailbox", BOB, "--reason", "letter"]);
    let lines = archive.ok(&["retention", "simulate", "--list", "--csv", "list.csv"]);
    let of = |kind: &str| -> Vec<&Value> { lines.iter().filter(|line| text(line, "type") == kind).collect() };
    assert_eq!(of("item").iter().map(|item| text(item, "mailbox")).collect::<Vec<_>>(), [ANN]);
    assert!(of("item")[0]["reasons"].to_string().contains("year"));
    let months: Vec<_> = of("month").iter().map(|month| (text(month, "month"), number(month, "items"))).collect();
    assert_eq!(months, [("2026-01".to_owned(), 1)], "the item that is on hold has no known date");
    let conflicts: Vec<_> = of("conflict").iter().map(|row| (text(row, "hold"), number(row, "items"))).collect();
    assert_eq!(conflicts, [("matter".to_owned(), 1)]);
    assert_eq!(of("sample").iter().map(|row| text(row, "subject")).collect::<Vec<_>>(), ["alpha"]);
    let csv = std::fs::read_to_string(archive.path("list.csv")).expect("a file");
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.contains("ann@x.example,"), "{csv}");
}

const RULES: &str = r#"version = 1

[[policy]]
name = "keep"
action = "retain"
period = "9y"
exclude = ["bob@x.example"]

[[policy]]
name = "clear"
action = "delete"
period = "1y"
adaptive = "department equals Sales"
folders = ["Inbox", "Archive"]
query = "kind:email"

[[label]]
name = "contract"
action = "retain+delete"
period = "P10Y"
start = "event"
event_type = "contract-end"
record = "record"
review = [["ann"], ["bob", "eve"]]

[[label]]
name = "draft"
action = "retain"
period = "30d"
folders = ["Drafts"]
next_label = "contract"
"#;

fn apply(archive: &TestArchive, options: &[&str]) -> u64 {
    number(&archive.one("summary", &[&["retention", "apply", "rules.toml", "--yes"], options].concat()), "changes")
}

fn exported(archive: &TestArchive, file: &str) -> String {
    assert_eq!(archive.run(&["retention", "export", "--output", file]).code, 0);
    std::fs::read_to_string(archive.path(file)).expect("a file")
}

#[test]
fn a_report_shows_what_would_go_with_texts_escaped() {
    let archive = office();
    let name = "<b>year</b>";
    archive.ok(&["retention", "policy", "add", name, "--action", "delete", "--period", "1y"]);
    archive.ok(&["hold", "place", "<i>", "--mailbox", BOB, "--reason", "letter"]);
    archive.ok(&["retention", "simulate", "--as-of", "2040-01-01", "--report", "page.html"]);
    let page = std::fs::read_to_string(archive.path("page.html")).expect("a file");
    for part in ["&lt;b&gt;year&lt;/b&gt;", "&lt;i&gt;", "alpha", "<svg", "With what is not in force yet"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(name) && !page.contains("<i>") && page.trim_end().ends_with("</html>"));
    refused(&archive, &["retention", "simulate", "--report", "page.html"], 1, "page.html");
}

#[test]
fn a_file_is_applied_once_and_comes_back_the_same_from_another_archive() {
    let archive = office();
    archive.write("rules.toml", RULES);
    refused(&archive, &["retention", "apply", "rules.toml", "--json"], 2, "say --yes");
    refused(&archive, &["retention", "apply", "rules.toml", "--yes"], 21, "policy `clear` deletes");
    assert!(archive.ok(&["retention", "policy", "list"]).is_empty(), "all of it or nothing");
    archive.ok(&["retention", "simulate", "--policy", "rules.toml"]);
    assert_eq!(apply(&archive, &[]), 4);
    assert_eq!(apply(&archive, &[]), 0);
    let first = exported(&archive, "first.toml");
    archive.write("rules.toml", &first);
    assert_eq!(apply(&archive, &[]), 0);

    let other = office();
    other.write("rules.toml", &first);
    assert_eq!(apply(&other, &["--without-simulation", "as in the first archive"]), 4);
    assert_eq!(exported(&other, "second.toml"), first);
}

#[test]
fn a_file_changes_what_it_names_and_removes_what_it_says() {
    let archive = office();
    archive.write("rules.toml", RULES);
    apply(&archive, &["--without-simulation", "test"]);
    archive.ok(&["retention", "policy", "add", "other", "--action", "retain", "--period", "1y"]);
    let changed = RULES.replace("\"9y\"", "\"12y\"").replace("\"P10Y\"", "\"P12Y\"");
    archive.write("rules.toml", &changed);
    assert_eq!(apply(&archive, &[]), 2);
    archive.write("rules.toml", "version = 1\n[remove]\npolicies = [\"keep\"]\nreason = \"over\"\n");
    refused(&archive, &["retention", "apply", "rules.toml", "--yes"], 21, "policy `keep` retains less");
    archive.ok(&["retention", "simulate", "--policy", "rules.toml"]);
    assert_eq!(apply(&archive, &[]), 1);
    assert_eq!(apply(&archive, &[]), 0);
    let policies = archive.ok(&["retention", "policy", "list"]);
    let removed: Vec<_> = policies.iter().filter(|policy| !policy["removed_at"].is_null()).collect();
    assert_eq!((policies.len(), removed.len()), (3, 1));
    assert_eq!((text(removed[0], "name"), text(removed[0], "period")), ("keep".to_owned(), "P12Y".to_owned()));
}

#[test]
fn what_a_lock_or_a_record_forbids_is_refused_with_all_the_rest() {
    let archive = office();
    let regulatory = RULES.replace("record = \"record\"", "record = \"regulatory\"");
    archive.write("rules.toml", &regulatory);
    apply(&archive, &["--without-simulation", "test"]);
    archive.ok(&["retention", "policy", "lock", "keep", "--reason", "rule 17"]);
    let more = "[[policy]]\nname = \"more\"\naction = \"retain\"\nperiod = \"1y\"\n\n[[label]]";
    let added = regulatory.replacen("[[label]]", more, 1);
    for (from, to, why) in [
        ("\"9y\"", "\"8y\"", "line 6: policy `keep`"),
        ("exclude = [\"bob@x.example\"]", "exclude = [\"ann@x.example\", \"bob@x.example\"]", "is locked"),
        ("\"P10Y\"", "\"P9Y\"", "regulatory"),
    ] {
        archive.write("rules.toml", added.replace(from, to));
        refused(&archive, &["retention", "apply", "rules.toml", "--yes"], 21, why);
    }
    archive.write("rules.toml", "version = 1\n[remove]\npolicies = [\"keep\"]\nreason = \"over\"\n");
    refused(&archive, &["retention", "apply", "rules.toml", "--yes"], 21, "is locked");
    assert_eq!(archive.ok(&["retention", "policy", "list"]).len(), 2);
}

#[test]
fn a_mistake_in_a_file_is_pointed_at() {
    let archive = office();
    archive.write("rules.toml", RULES);
    apply(&archive, &["--without-simulation", "test"]);
    for (from, to, line, key) in [
        ("version = 1", "version = 2", 1, "version"),
        ("period = \"9y\"", "period = \"soon\"", 6, "not a period"),
        ("period = \"9y\"", "perod = \"9y\"", 6, "perod"),
        ("action = \"retain\"\nperiod = \"9y\"", "action = \"keep\"\nperiod = \"9y\"", 5, "keep"),
        ("exclude = [\"bob@x.example\"]", "exclude = [\"zoe@x.example\"]", 7, "exclude"),
        ("action = \"delete\"", "action = \"retain\"", 10, "fixed"),
        ("kind:email", "kind:im", 15, "query"),
        ("event_type = \"contract-end\"\n", "", 21, "event_type"),
        ("name = \"clear\"", "name = \"keep\"", 10, "twice"),
        ("next_label = \"contract\"", "next_label = \"nothing\"", 27, "only the period"),
    ] {
        assert!(RULES.contains(from), "{from}");
        archive.write("rules.toml", RULES.replacen(from, to, 1));
        let outcome = archive.run(&["retention", "apply", "rules.toml", "--yes"]);
        assert_eq!(outcome.code, 2, "{to}: {}", outcome.stderr);
        let at = format!("line {line}: ");
        assert!(outcome.stderr.contains(&at) && outcome.stderr.contains(key), "{to}: {}", outcome.stderr);
    }
    archive.write("rules.toml", "version = 1\n[[policy]]\n name = ");
    refused(&archive, &["retention", "apply", "rules.toml", "--yes"], 2, "line 3");
}

/// More items than are judged at a time, in two mailboxes.
#[test]
fn counts_and_lists_of_many_items_miss_none() {
    let archive = TestArchive::new();
    let lines: Vec<String> = (0..5_000)
        .map(|n| {
            format!(
                "{{\"platform\":\"whatsapp\",\"id\":\"{n}\",\"sent\":\"2020-01-15T12:00:00Z\",\"text\":\"note {n}\",\
                 \"sender\":{{\"address\":\"{}@x.example\"}},\"recipients\":[{{\"address\":\"eve@elsewhere.example\"}}]}}\n",
                if n % 3 == 0 { "ann" } else { "bob" }
            )
        })
        .collect();
    for name in ["ann", "bob"] {
        archive.ok(&["mailbox", "add", &format!("{name}@x.example")]);
    }
    archive.import(&archive.write("notes.jsonl", lines.concat()), &[]);
    let days = ["--action", "delete", "--period", "1d", "--without-simulation", "test"];
    archive.ok(&[&["retention", "policy", "add", "days"], &days[..]].concat());
    archive.ok(&["hold", "place", "Ann", "--mailbox", "ann@x.example", "--reason", "test"]);
    let later = ["retention", "simulate", "--as-of", "2040-01-01", "--list"];
    let lines = archive.ok(&later);
    let of = |kind: &str| lines.iter().filter(|line| text(line, "type") == kind).collect::<Vec<_>>();
    let listed: Vec<u64> = of("item").iter().map(|item| text(item, "item").parse().expect("number")).collect();
    assert!(listed.is_sorted_by(|a, b| a < b), "in the order of their numbers, none twice");
    let summary = of("summary").remove(0);
    assert_eq!((listed.len(), number(summary, "eligible"), number(summary, "held")), (3_333, 3_333, 1_667));
}
