//! No change of rules brings disposition forward before somebody has seen what would go by all rules as they would be
//! then, or says why not; and what only keeps more needs neither.
#![cfg(feature = "cli")]

mod support;

use support::sales::{ANN, BOB, office};
use support::{TestArchive, number, text};

const UNSEEN: [&str; 2] = ["--without-simulation", "test"];

fn policy(archive: &TestArchive, arguments: &str) {
    let words: Vec<&str> = arguments.split(' ').collect();
    archive.ok(&[&["retention", "policy"], &words[..]].concat());
}

/// Adds a policy such as `keep --action retain --period 9y`, whatever it deletes.
fn add(archive: &TestArchive, rule: &str) {
    let words: Vec<&str> = rule.split(' ').collect();
    archive.ok(&[&["retention", "policy", "add"], &words[..], &UNSEEN].concat());
}

fn eligible(archive: &TestArchive, as_of: &str) -> u64 {
    number(&archive.one("summary", &["retention", "simulate", "--as-of", as_of]), "eligible")
}

/// `change` is refused, is made after `--simulate`, and is recorded with what was seen; `then` can go when the delay of a
/// release has ended.
fn is_simulated_first(archive: &TestArchive, change: &[&str], why: &str, then: u64) {
    let plain: Vec<&str> = change.iter().copied().filter(|word| *word != "--simulate").collect();
    let refused = archive.run(&plain);
    assert_eq!(refused.code, 21, "{change:?}: {}{}", refused.text(), refused.stderr);
    assert!(refused.stderr.contains(why) && refused.stderr.contains("was not simulated"), "{}", refused.stderr);
    let log = archive.ok(&["audit", "log"]);
    assert!(log.iter().any(|entry| text(entry, "outcome").contains("was not simulated")), "the refusal is recorded");
    let before = archive.ok(&["retention", "policy", "list"]);
    let seen = archive.one("summary", &[change, &["--simulate"]].concat());
    let proposed = seen.get("proposed").expect("something is proposed");
    assert_eq!(number(proposed, "eligible"), then, "{change:?}: {seen}");
    assert_eq!(archive.ok(&["retention", "policy", "list"]), before, "a simulation changes nothing");
    archive.ok(&plain);
    let log = archive.ok(&["audit", "log"]);
    let done = text(log.last().expect("entries"), "outcome");
    assert!(done.contains(why) && done.contains("simulated on"), "{done}");
    let unseen =
        archive.run(&["retention", "policy", "add", "x", "--action", "retain", "--period", "1y", UNSEEN[0], ""]);
    assert_eq!(unseen.code, 2, "{}", unseen.stderr);
}

#[test]
fn a_label_whose_next_one_deletes_is_simulated_first() {
    let archive = office();
    archive.ok(&["retention", "label", "add", "gone", "--action", "delete", "--period", "1y", "--start", "labelled"]);
    let retain = ["retention", "label", "add", "draft", "--action", "retain", "--period", "1y", "--next-label", "gone"];
    is_simulated_first(&archive, &[&retain[..], &["--auto", "alpha"]].concat(), "label `draft` deletes", 1);
    assert_eq!(eligible(&archive, support::NOW), 1);
}

#[test]
fn a_retention_that_becomes_shorter_or_narrower_is_simulated_where_another_rule_deletes() {
    let archive = office();
    add(&archive, "keep --action retain --period 9y");
    add(&archive, "clear --action delete --period 1y");
    let why = "policy `keep` retains less, and policy `clear` deletes";
    let set = ["retention", "policy", "set", "keep"];
    is_simulated_first(&archive, &[&set[..], &["--period", "5y"]].concat(), why, 2);
    policy(&archive, "set keep --period 9y");
    is_simulated_first(&archive, &[&set[..], &["--exclude", ANN]].concat(), why, 1);
    policy(&archive, "set keep --remove-exclude ann@x.example");
    is_simulated_first(&archive, &["retention", "policy", "remove", "keep", "--reason", "over"], why, 2);
    policy(&archive, "reenable keep --reason mistake");
    assert_eq!(eligible(&archive, "2026-03-01"), 0);
    let removal = ["retention", "policy", "remove", "keep", "--reason", "over"];
    archive.ok(&[&removal[..], &["--without-simulation", "the board said so"]].concat());
    let log = archive.ok(&["audit", "log"]);
    let done = text(log.last().expect("entries"), "outcome");
    assert!(done.contains("without simulation: the board said so"), "{done}");
}

#[test]
fn a_label_by_hand_needs_a_reason_where_the_item_could_go_earlier() {
    let archive = office();
    add(&archive, "clear --action delete --period 1y --include ann@x.example");
    let label = |words: &[&str]| archive.ok(&[&["retention", "label"], words].concat()).remove(0);
    label(&["add", "books", "--action", "retain", "--period", "9y"]);
    label(&["add", "erase", "--action", "delete", "--period", "0d", "--start", "labelled"]);
    let earlier = |item: &serde_json::Value| item.get("earlier").and_then(|words| words.as_str().map(str::to_owned));
    assert_eq!(earlier(&label(&["set", "books", "1"])), None, "it keeps longer");
    archive.ok(&["hold", "place", "matter", "--mailbox", BOB, "--reason", "letter"]);
    let erase = ["set", "erase", "1"];
    let refused = archive.run(&[&["retention", "label"], &erase[..]].concat());
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    let why = "it could go from 2026-01-15T12:00:00Z on, and before that from 2029-01-15T12:00:00Z on";
    assert!(refused.stderr.contains(why) && refused.stderr.contains("--reason"), "{}", refused.stderr);
    let set = label(&[&erase[..], &["--reason", "request of 3 January"]].concat());
    assert_eq!(earlier(&set).as_deref(), Some(why));
    let log = archive.ok(&["audit", "log"]);
    assert!(log.iter().any(|entry| text(entry, "outcome").contains(why)), "it is recorded");
    assert_eq!(earlier(&label(&["set", "books", "1"])), None);
    assert!(earlier(&label(&["clear", "1", "--reason", "set by mistake"])).is_some(), "the policy deletes it");

    let first = label(&["set", "erase", "2"]);
    assert!(earlier(&first).is_some_and(|words| words.contains("never")), "a hold is left out: {first}");
    let cleared = label(&["clear", "2", "--reason", "set by mistake"]);
    assert_eq!(earlier(&cleared), None, "nothing deletes it then");
}

#[test]
fn a_refused_query_of_a_rule_is_shown_with_its_place() {
    let archive = office();
    let rule = ["--action", "retain", "--period", "1y", "--without-simulation", "x"];
    for command in [["policy", "--query"], ["label", "--auto"]] {
        let [noun, option] = command;
        let added = ["retention", noun, "add", "x", option, "merger sent:soon"];
        let refused = archive.run(&[&added[..], &rule].concat());
        assert_eq!(refused.code, 2);
        assert!(refused.stderr.contains("merger sent:soon\n            ^"), "{}", refused.stderr);
    }
}

#[test]
fn a_retention_that_nothing_deletes_after_changes_freely() {
    let archive = office();
    add(&archive, "keep --action retain --period 9y");
    add(&archive, "other --action delete --period 1y --include bob@x.example");
    add(&archive, "bobs --action retain --period 12y --include bob@x.example");
    policy(&archive, "set keep --period 5y");
    policy(&archive, "set keep --exclude ann@x.example");
    policy(&archive, "remove keep --reason over");
    policy(&archive, "remove other --reason over");
    policy(&archive, "remove bobs --reason over");
}

#[test]
fn a_mailbox_that_leaves_a_longer_deletion_for_a_shorter_one_is_simulated_first() {
    let archive = office();
    add(&archive, "all --action delete --period 5y");
    add(&archive, "listed --action delete --period 20y --include ann@x.example --include bob@x.example");
    let leave = ["retention", "policy", "set", "listed", "--remove-include", ANN];
    is_simulated_first(&archive, &leave, "policy `listed` no longer decides, and policy `all` deletes earlier", 1);
    let remove = ["retention", "policy", "remove", "listed", "--reason", "over"];
    is_simulated_first(&archive, &remove, "policy `listed` no longer decides", 2);
}

#[test]
fn a_policy_that_comes_back_and_deletes_is_simulated_first() {
    let archive = office();
    add(&archive, "clear --action delete --period 1y");
    policy(&archive, "remove clear --reason mistake");
    assert_eq!(eligible(&archive, support::NOW), 0);
    let back = ["retention", "policy", "reenable", "clear", "--reason", "it was none"];
    is_simulated_first(&archive, &back, "policy `clear` deletes", 2);
}

#[test]
fn a_shorter_period_of_a_label_is_simulated_first_whoever_sets_it() {
    let archive = office();
    let label = |words: &[&str]| archive.ok(&[&["retention", "label"], words].concat());
    label(&["add", "erase", "--action", "delete", "--period", "9y"]);
    label(&["add", "keep", "--action", "retain", "--period", "9y"]);
    label(&["set", "keep", "1"]);
    label(&["set-period", "keep", "8y"]);
    label(&["set-period", "keep", "9y"]);
    label(&["set", "erase", "2"]);
    is_simulated_first(&archive, &["retention", "label", "set-period", "erase", "1y"], "label `erase` deletes", 1);
    add(&archive, "clear --action delete --period 1y --include ann@x.example");
    let shorter = ["retention", "label", "set-period", "keep", "5y"];
    is_simulated_first(&archive, &shorter, "label `keep` retains less, and policy `clear` deletes", 2);
}

const BOTH: &str = "version = 1\n[[policy]]\nname = \"clear\"\naction = \"delete\"\nperiod = \"1y\"\n\n\
                    [[policy]]\nname = \"keep\"\naction = \"retain\"\nperiod = \"9y\"\n";

#[test]
fn a_simulation_counts_for_all_that_it_assumed() {
    let archive = office();
    archive.write("both.toml", BOTH);
    let clear = BOTH.split("\n\n").next().expect("a first part");
    archive.write("clear.toml", clear);
    let seen = archive.one("summary", &["retention", "simulate", "--policy", "both.toml"]);
    assert_eq!(number(&seen["proposed"], "eligible"), 0);
    let apply = |file: &str| archive.run(&["retention", "apply", file, "--yes"]);
    let alone = apply("clear.toml");
    assert_eq!(alone.code, 21, "{}", alone.stderr);
    assert!(alone.stderr.contains("policy `clear` deletes"), "{}", alone.stderr);
    policy(&archive, "add clear --action delete --period 1y");
    assert_eq!(archive.run(&["retention", "policy", "enable", "clear"]).code, 21, "what would keep is not in force");
    assert_eq!(eligible(&archive, support::NOW), 0);
    assert_eq!(apply("both.toml").code, 0);
    assert_eq!(eligible(&archive, support::NOW), 0);
}

#[test]
fn a_simulation_no_longer_counts_when_what_it_assumed_to_keep_is_gone() {
    let archive = office();
    add(&archive, "keep --action retain --period 9y");
    policy(&archive, "add clear --action delete --period 1y");
    archive.ok(&["retention", "simulate"]);
    policy(&archive, "remove keep --reason over");
    assert_eq!(archive.run(&["retention", "policy", "enable", "clear"]).code, 21);
    archive.ok(&["retention", "simulate"]);
    // What keeps more takes nothing away from what was seen.
    add(&archive, "more --action retain --period 2y");
    policy(&archive, "enable clear");
}

#[test]
fn of_several_deletions_that_were_seen_together_one_may_come_first_unless_it_waits_for_another() {
    let archive = office();
    policy(&archive, "add one --action delete --period 1y");
    policy(&archive, "add two --action delete --period 2y");
    archive.ok(&["retention", "simulate"]);
    policy(&archive, "enable two");
    policy(&archive, "enable one");

    let archive = office();
    policy(&archive, "add all --action delete --period 1y");
    policy(&archive, "add listed --action delete --period 20y --include ann@x.example");
    archive.ok(&["retention", "simulate"]);
    let refused = archive.run(&["retention", "policy", "enable", "all"]);
    assert_eq!(refused.code, 21, "Ann's mail would go by the rule for all: {}", refused.text());
    policy(&archive, "enable listed");
    policy(&archive, "enable all");
}

#[test]
fn who_may_come_to_satisfy_an_adaptive_scope_counts_as_found() {
    let archive = office();
    add(&archive, "keep --action retain --period 30y");
    let left = ["--action", "delete", "--period", "1y", "--adaptive", "department equals Gone"];
    archive.ok(&["mailbox", "add", "old@x.example", "--attr", "department=Gone"]);
    archive.ok(&[&["retention", "policy", "add", "left"], &left[..], &UNSEEN].concat());
    let change = ["retention", "policy", "set", "keep", "--exclude", ANN];
    let refused = archive.run(&change);
    assert_eq!(refused.code, 21, "Ann may leave one day: {}", refused.stderr);
    archive.ok(&["mailbox", "set", ANN, "--attr", "department=Gone"]);
    is_simulated_first(&archive, &change, "policy `left` deletes", 1);
}

#[test]
fn a_simulation_without_a_label_that_items_carry_by_now_does_not_count() {
    let archive = office();
    add(&archive, "keep --action retain --period 30y");
    let removal = ["retention", "policy", "remove", "keep", "--reason", "test"];
    archive.ok(&[&removal[..], &["--simulate"]].concat());
    let label = ["retention", "label", "add", "gone", "--action", "delete", "--period", "0d", "--start", "labelled"];
    archive.ok(&label);
    let item = text(archive.hits(Some("alpha")).first().expect("a hit"), "item");
    archive.ok(&["retention", "label", "set", "gone", &item]);
    let refused = archive.run(&removal);
    assert!(refused.code == 21 && refused.stderr.contains("label `gone` deletes"), "{}", refused.stderr);
}

#[test]
fn a_file_that_removes_a_rule_is_simulated_for_when_its_delay_has_ended() {
    let archive = office();
    add(&archive, "keep --action retain --period 30y");
    add(&archive, "clear --action delete --period 1y");
    archive.write("rules.toml", "version = 1\n[remove]\npolicies = [\"keep\"]\nreason = \"test\"\n");
    let summary = archive.one("summary", &["retention", "simulate", "--policy", "rules.toml"]);
    assert_eq!(number(summary.get("proposed").expect("something is proposed"), "eligible"), 2, "{summary}");
}
