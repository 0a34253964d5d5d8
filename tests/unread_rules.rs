//! A rule whose query cannot be read says so wherever it is shown, and what it covers for that reason alone is counted
//! apart.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::unread::{age_index, forget_matches, spoil_evaluated_hold, spoil_hold, spoil_label, spoil_policy};
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";

/// One mailbox with two mails that say `harbour` and one that does not, and a hold `claim` on the two.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    for (name, body) in [("one", "the harbour"), ("two", "harbour again"), ("three", "lunch")] {
        mail(&archive, name, body);
    }
    archive
        .one("hold", &["hold", "place", "it's a claim", "--mailbox", ANN, "--query", "harbour", "--reason", "letter"]);
    archive
}

fn mail(archive: &TestArchive, name: &str, body: &str) {
    let mail = format!("From: eve@elsewhere.example\nTo: {ANN}\nSubject: {name}\n\n{body}\n");
    let path = archive.write(&format!("{name}.eml"), mail);
    archive.import(&path, &["--mailbox", ANN]);
}

fn show(archive: &TestArchive) -> Value {
    archive.one("hold", &["hold", "show", "it's a claim"])
}

fn report(archive: &TestArchive) -> Value {
    archive.one("hold_report", &["hold", "report"])
}

fn unread(line: &Value) -> bool {
    line.get("unread").expect("a field").is_string()
}

#[test]
fn a_hold_says_that_its_query_cannot_be_read_and_what_it_holds_for_that() {
    let archive = office();
    let before = show(&archive);
    assert_eq!((number(&before, "items"), number(&before, "unevaluated_items"), unread(&before)), (2, 0, false));
    assert_eq!((number(&report(&archive), "matching"), number(&report(&archive), "held_unevaluated")), (2, 0));

    spoil_hold(&archive, "it's a claim");
    let after = show(&archive);
    assert_eq!((number(&after, "items"), number(&after, "unevaluated_items"), unread(&after)), (3, 1, true));
    let row = report(&archive);
    assert_eq!((number(&row, "matching"), number(&row, "held_unevaluated"), unread(&row)), (2, 1, true));
    assert_eq!(text(&row, "evaluation"), "error");
    let explained = archive.ok(&["explain", "3"]).remove(0);
    assert!(explained.to_string().contains("not known whether the hold's query finds it"), "{explained}");
    let stats = archive.one("stats", &["stats"]);
    let rules = stats.get("unread_rules").and_then(Value::as_array).expect("a list");
    assert_eq!(rules.iter().map(|rule| text(rule, "source")).collect::<Vec<_>>(), ["hold"]);

    for command in [&["hold", "show", "it's a claim"][..], &["hold", "list"], &["hold", "report"]] {
        let outcome = archive.run(command);
        assert!(outcome.text().contains("its query cannot be read"), "{command:?}: {}", outcome.text());
        assert!(outcome.stderr.contains("hold `it's a claim` holds everything"), "{command:?}: {}", outcome.stderr);
        let hint = r"custodia hold change 'it'\''s a claim' --query QUERY --reason REASON";
        assert!(outcome.stderr.contains(hint), "{command:?}: {}", outcome.stderr);
    }
    archive.run(&["hold", "report", "--csv", "holds.csv"]);
    let csv = std::fs::read_to_string(archive.path("holds.csv")).expect("a report");
    assert!(csv.lines().next().expect("heads").ends_with("Unevaluated items,Query cannot be read because"), "{csv}");
    assert!(csv.contains(",1,"), "{csv}");
}

#[test]
fn a_mended_hold_holds_what_it_held_for_the_delay_and_says_for_how_long() {
    let mut archive = office();
    spoil_hold(&archive, "it's a claim");
    archive.ok(&["hold", "change", "it's a claim", "--query", "harbour", "--reason", "as it was meant"]);
    let mended = show(&archive);
    assert_eq!((number(&mended, "items"), number(&mended, "former_items")), (2, 1));
    assert!(unread(&mended), "what it covered before is held for want of a readable query: {mended}");
    let outcome = archive.run(&["hold", "list"]);
    assert!(!outcome.stderr.contains("hold change"), "nothing is to be mended: {}", outcome.stderr);
    archive.set_clock("2026-02-20T12:00:00Z");
    let later = show(&archive);
    assert_eq!((number(&later, "items"), number(&later, "former_items"), unread(&later)), (2, 0, false));
}

#[test]
fn a_certificate_says_what_is_held_for_want_of_a_readable_query() {
    let archive = office();
    archive.ok(&["hold", "certificate", "it's a claim", "--out", "before.json"]);
    let read = |name: &str| -> Value {
        let bytes = std::fs::read(archive.path(name)).expect("a certificate");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    assert!(read("before.json").pointer("/certified/unevaluated").is_none(), "nothing is, and older ones are the same");
    spoil_hold(&archive, "it's a claim");
    archive.ok(&["hold", "certificate", "it's a claim", "--out", "after.json"]);
    assert_eq!(read("after.json").pointer("/certified/unevaluated"), Some(&Value::from(1)));
    for name in ["before.json", "after.json"] {
        archive.ok(&["hold", "certificate", "--verify", name]);
    }
}

fn add_policy(archive: &TestArchive, name: &str) {
    let policy = ["--action", "retain", "--period", "1y", "--query", "harbour"];
    archive.ok(&[&["retention", "policy", "add", name], &policy[..]].concat());
}

#[test]
fn a_locked_policy_is_mended_with_a_reason_and_seen_before_and_stays_locked() {
    let archive = office();
    add_policy(&archive, "locked");
    archive.ok(&["retention", "policy", "lock", "locked", "--reason", "rule"]);
    spoil_policy(&archive, "locked");
    let set = ["retention", "policy", "set", "locked", "--query", "harbour OR quay"];
    let hint = archive.run(&["retention", "policy", "list"]).stderr;
    assert!(hint.contains("policy set locked --query QUERY --reason REASON"), "{hint}");
    let silent = archive.json(2, &set);
    assert!(silent.stderr.contains("--reason"), "{}", silent.stderr);
    let with_reason = [&set[..], &["--reason", "the port was renamed"]].concat();
    let unseen = archive.json(21, &with_reason);
    assert!(unseen.stderr.contains("--simulate"), "{}", unseen.stderr);
    archive.json(0, &[&set[..], &["--simulate"]].concat());
    let mended = archive.one("policy", &with_reason);
    assert!(!unread(&mended) && mended.get("locked_at").is_some_and(Value::is_string), "{mended}");
    archive.json(21, &["retention", "policy", "remove", "locked", "--reason", "gone"]);
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("the policy is locked, and stays so; reason: the port was renamed"), "{log}");
}

/// Takes in a mail by which `zzz*` stands for too many words, and one behind it, which a policy would delete in a month; it is
/// years later then.
fn overburden(archive: &mut TestArchive) {
    let purge = ["--action", "delete", "--period", "30d", "--without-simulation", "test"];
    archive.ok(&[&["retention", "policy", "add", "purge"], &purge[..]].concat());
    let many: Vec<String> = (0..=10_000).map(|n| format!("zzz{n}")).collect();
    mail(archive, "many", &many.join(" "));
    mail(archive, "late", "zzzalpha call later");
    archive.set_clock("2027-01-15T12:00:00Z");
}

/// How the five items stand.
fn outcomes(archive: &TestArchive) -> Vec<String> {
    (1..=5).map(|item| text(&archive.ok(&["explain", &item.to_string()]).remove(0), "outcome")).collect()
}

#[test]
fn a_mail_that_makes_a_query_stand_for_too_much_is_no_way_round_a_lock_and_frees_nothing() {
    let mut archive = office();
    archive.ok(&["hold", "release", "it's a claim", "--reason", "settled"]);
    for name in ["locked", "free"] {
        let policy = ["--action", "retain", "--period", "10y", "--query", "zzz* NEAR(3) call"];
        archive.ok(&[&["retention", "policy", "add", name], &policy[..]].concat());
    }
    archive.ok(&["retention", "policy", "lock", "locked", "--reason", "rule"]);
    overburden(&mut archive);
    assert_eq!(outcomes(&archive), ["kept"; 5]);
    let listed = archive.run(&["retention", "policy", "list"]).stderr;
    assert!(listed.contains("E_TOO_MANY_VARIANTS") && listed.contains("policy set free"), "{listed}");
    assert!(!listed.contains("policy set locked"), "it cannot be mended: {listed}");

    let set = ["retention", "policy", "set", "locked", "--query", "lunch", "--reason", "board"];
    for more in [&["--simulate"][..], &["--without-simulation", "test"], &[]] {
        let refused = archive.json(21, &[&set[..], more].concat());
        assert!(refused.stderr.contains("stands for too much"), "{}", refused.stderr);
    }
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("retention.policy.refuse"), "{log}");

    let set = ["retention", "policy", "set", "free", "--query", "lunch"];
    archive.json(0, &[&set[..], &["--simulate"]].concat());
    archive.ok(&set);
    let kept_by = |item: &str| -> bool { archive.ok(&["explain", item])[0].to_string().contains("\"free\"") };
    assert!(kept_by("5") && kept_by("3"), "what it was taken to cover stays retained by it");
    assert_eq!(outcomes(&archive), ["kept"; 5]);
}

#[test]
fn a_mail_that_makes_the_query_of_a_label_stand_for_too_much_frees_nothing() {
    let mut archive = office();
    archive.ok(&["hold", "release", "it's a claim", "--reason", "settled"]);
    let calls = ["--action", "retain", "--period", "10y", "--auto", "zzz* NEAR(3) call"];
    archive.ok(&[&["retention", "label", "add", "calls"], &calls[..]].concat());
    archive.ok(&["retention", "label", "add", "other", "--action", "delete", "--period", "30d"]);
    overburden(&mut archive);
    assert_eq!(outcomes(&archive), ["kept"; 5]);
    assert!(archive.run(&["retention", "label", "list"]).stderr.contains("E_TOO_MANY_VARIANTS"));

    let set = ["retention", "label", "set-query", "calls", "lunch"];
    archive.json(21, &set);
    let seen = archive.ok(&[&set[..], &["--simulate"]].concat());
    let proposed = seen.iter().find_map(|line| line.pointer("/proposed/eligible")).and_then(Value::as_u64);
    assert_eq!(proposed, Some(0), "{seen:?}");
    let mended = archive.one("label", &set);
    assert!(mended.get("mended_at").is_some_and(Value::is_string) && !unread(&mended), "{mended}");
    assert_eq!(outcomes(&archive), ["kept"; 5]);
    let late = archive.ok(&["explain", "5"]).remove(0).to_string();
    assert!(late.contains("a query that it had before, and that could not be read, may mean the item"), "{late}");
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("what it was taken to mean stays retained"), "{log}");

    let other = ["retention", "label", "set", "other", "5"];
    let silent = archive.json(2, &other);
    assert!(silent.stderr.contains("--reason"), "{}", silent.stderr);
    archive.ok(&[&other[..], &["--reason", "no call"]].concat());
    assert_eq!(outcomes(&archive), ["kept", "kept", "kept", "kept", "eligible"]);
}

#[test]
fn a_mailbox_names_what_cannot_be_read_of_its_rules() {
    let archive = office();
    add_policy(&archive, "mail");
    let marks = || -> Vec<bool> {
        let shown = archive.one("mailbox", &["mailbox", "show", ANN]);
        ["/holds/0/unread", "/policies/0/unread"].map(|at| shown.pointer(at).expect("a field").is_string()).to_vec()
    };
    assert_eq!(marks(), [false, false]);
    spoil_hold(&archive, "it's a claim");
    spoil_policy(&archive, "mail");
    assert_eq!(marks(), [true, true]);
    let outcome = archive.run(&["mailbox", "show", ANN]);
    for words in ["that cannot be read, so it holds all", "its query cannot be read, so it retains all"] {
        assert!(outcome.text().contains(words), "{}", outcome.text());
    }
    for words in ["hold `it's a claim` holds everything", "policy `mail` is taken to cover all that it may"] {
        assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    }
}

#[test]
fn a_policy_whose_query_cannot_be_read_is_not_locked() {
    let archive = office();
    add_policy(&archive, "mail");
    spoil_policy(&archive, "mail");
    let refused = archive.json(2, &["retention", "policy", "lock", "mail", "--reason", "rule"]);
    assert!(refused.stderr.contains("nobody knows what it retains"), "{}", refused.stderr);
    let policy = archive.one("policy", &["retention", "policy", "show", "mail"]);
    assert!(policy.get("locked_at").is_some_and(Value::is_null), "{policy}");
}

#[test]
fn hints_name_what_can_be_mended_and_quote_it_for_a_shell() {
    let archive = office();
    add_policy(&archive, "locked");
    archive.ok(&["retention", "policy", "lock", "locked", "--reason", "rule"]);
    for (label, query) in [("it's", "harbour"), ("younger", "lunch")] {
        let label = ["retention", "label", "add", label, "--action", "retain", "--period", "1y", "--auto", query];
        archive.ok(&label);
    }
    spoil_policy(&archive, "locked");
    spoil_label(&archive, "it's");
    let simulation = archive.run(&["retention", "simulate"]).stderr;
    assert!(simulation.contains(r"label set-query 'it'\''s' QUERY"), "{simulation}");
    assert!(!simulation.contains("policy set"), "the locked one is named last: {simulation}");
    let younger = archive.run(&["retention", "label", "show", "younger"]).stderr;
    assert!(younger.contains("comes before it") && !younger.contains("mend it"), "its own can be read: {younger}");
    assert!(younger.contains("`younger` waits, retains what its query finds of what has no label"), "{younger}");
}

#[test]
fn an_event_says_from_when_periods_count() {
    let archive = office();
    let label = ["--action", "retain", "--period", "1y", "--start", "event", "--event-type", "end"];
    archive.ok(&[&["retention", "label", "add", "contract"], &label[..]].concat());
    archive.ok(&["retention", "label", "set", "contract", "1", "--asset-id", "C-1"]);
    let record = |date: &str| {
        let event = ["retention", "event", "record", "--type", "end", "--asset-id", "C-1", "--date", date];
        archive.run(&event).text()
    };
    for (date, words) in [
        ("2025-03-01", "the period of 1 item begins"),
        ("2025-01-01", "the period of 1 item goes on counting from 2025-03-01T00:00:00Z"),
        ("2025-03-01", "the period of 1 item counts from that time already"),
        ("2025-06-01", "the period of 1 item counts from 2025-06-01T00:00:00Z now, and not from 2025-03-01T00:00:00Z"),
    ] {
        let said = record(date);
        assert!(said.contains(words), "{date}: {said}");
    }
    let explained = archive.ok(&["explain", "1"]).remove(0).to_string();
    assert!(explained.contains("from the event on 2025-06-01"), "{explained}");
}

#[test]
fn a_file_of_rules_mends_what_cannot_be_read_but_not_under_a_lock() {
    let archive = office();
    add_policy(&archive, "mail");
    let label = ["retention", "label", "add", "talks", "--action", "retain", "--period", "1y", "--auto", "lunch"];
    archive.ok(&label);
    archive.ok(&["hold", "release", "it's a claim", "--reason", "settled"]);
    archive.run(&["retention", "export", "-o", "rules.toml"]);
    let rules = std::fs::read_to_string(archive.path("rules.toml")).expect("rules");
    archive.write(
        "other.toml",
        rules.replace("\"harbour\"", "\"harbour OR quay\"").replace("\"lunch\"", "\"lunch OR tea\""),
    );
    let apply = ["retention", "apply", "other.toml", "--yes"];
    archive.json(2, &apply);
    spoil_policy(&archive, "mail");
    spoil_label(&archive, "talks");
    let unread = |kind: &str, name: &str| unread(&archive.one(kind, &["retention", kind, "show", name]));
    assert_eq!((unread("policy", "mail"), unread("label", "talks")), (true, true));
    let changes = archive.ok(&apply);
    assert_eq!(changes.iter().filter(|line| line.get("change").is_some_and(|change| change == "change")).count(), 2);
    assert_eq!((unread("policy", "mail"), unread("label", "talks")), (false, false));
    assert_eq!(text(&archive.ok(&["explain", "3"])[0], "label"), "talks");
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("the query before could not be read"), "{log}");
    assert!(log.contains("query of talks from harbour AND ( to lunch OR tea; that could not be read"), "{log}");
    assert_eq!(archive.ok(&apply).len(), 1, "nothing is left to change");

    archive.ok(&["retention", "policy", "lock", "mail", "--reason", "rule"]);
    spoil_policy(&archive, "mail");
    let refused = archive.json(21, &apply);
    assert!(refused.stderr.contains("the policy is locked"), "{}", refused.stderr);
    assert!(unread("policy", "mail"));
}

#[test]
fn counts_are_told_whatever_the_index() {
    let archive = office();
    age_index(&archive);
    assert_eq!(number(&archive.one("stats", &["stats"]), "messages"), 3);
    archive.ok(&["index", "rebuild"]);
    archive.verify_clean();
}

#[test]
fn which_holds_there_are_is_told_whatever_the_index() {
    let archive = office();
    archive.ok(&["hold", "place", "whole", "--mailbox", ANN, "--reason", "letter"]);
    age_index(&archive);
    let mut listed = archive.ok(&["hold", "list"]);
    listed.sort_by_key(|hold| text(hold, "name"));
    let told: Vec<_> = listed.iter().map(|hold| (text(hold, "name"), number(hold, "items"))).collect();
    assert_eq!(told, [("it's a claim".to_owned(), 2), ("whole".to_owned(), 3)]);
    let not_evaluated = |hold: &Value| hold.get("not_evaluated").expect("a field").is_string();
    assert_eq!(listed.iter().map(not_evaluated).collect::<Vec<_>>(), [true, false]);
    assert!(not_evaluated(&show(&archive)));
    let shown = archive.one("mailbox", &["mailbox", "show", ANN]);
    assert!(not_evaluated(&shown), "{shown}");
    for command in [&["hold", "list"][..], &["hold", "show", "it's a claim"], &["mailbox", "show", ANN]] {
        let outcome = archive.run(command);
        assert_eq!(outcome.code, 0);
        for words in ["holds could not be evaluated now", "made by another version", "custodia index rebuild"] {
            assert!(outcome.stderr.contains(words), "{command:?}: {}", outcome.stderr);
        }
    }
    archive.json(1, &["hold", "release", "whole", "--reason", "no index"]);
    archive.ok(&["index", "rebuild"]);
    assert!(!not_evaluated(&show(&archive)));
}

#[test]
fn what_there_is_is_listed_whatever_the_index() {
    let archive = office();
    archive.ok(&["case", "create", "Port"]);
    archive.ok(&["search", "save", "Harbour", "harbour"]);
    archive.ok(&["search", "freeze", "Harbour"]);
    add_policy(&archive, "mail");
    let label =
        ["retention", "label", "add", "talks", "--action", "retain", "--period", "1y", "--auto", "zzz* NEAR(3) call"];
    archive.ok(&label);
    let many: Vec<String> = (0..=10_000).map(|n| format!("zzz{n}")).collect();
    mail(&archive, "many", &many.join(" "));
    let unread_label = || unread(&archive.one("label", &["retention", "label", "show", "talks"]));
    archive.ok(&["explain", "1"]);
    assert!(unread_label());
    let index = archive.directory().join("index");
    for state in ["of older rules", "missing"] {
        if state == "missing" {
            std::fs::remove_dir_all(&index).expect("the index goes");
        } else {
            age_index(&archive);
        }
        for command in [
            &["case", "list"][..],
            &["case", "show", "Port"],
            &["mailbox", "list"],
            &["retention", "policy", "list"],
            &["retention", "policy", "show", "mail"],
            &["retention", "label", "list"],
            &["search", "list"],
            &["search", "show", "Harbour@1"],
            &["connector", "list"],
            &["quarantine", "list"],
            &["batch", "list"],
            &["approval", "list"],
            &["audit", "log"],
            &["stats"],
        ] {
            let outcome = archive.run(command);
            assert_eq!(outcome.code, 0, "{state}: {command:?}: {}", outcome.stderr);
        }
        assert!(unread_label(), "{state}: what was noted stands until it can be tried again");
        if state != "missing" {
            archive.ok(&["index", "rebuild"]);
        }
    }
    assert_eq!(archive.ok(&["hold", "list"]).len(), 1);
    assert!(unread_label());
}

#[test]
fn a_hold_that_cannot_be_read_hides_no_damage_to_others() {
    let archive = office();
    archive.one("hold", &["hold", "place", "other", "--mailbox", ANN, "--query", "lunch", "--reason", "letter"]);
    spoil_evaluated_hold(&archive, "it's a claim");
    archive.verify_clean();
    forget_matches(&archive, "other");
    archive.json(20, &["verify"]);
}
