//! Every JSON output of the program is described by a schema, every schema has examples, and every kind of line is met.
#![cfg(feature = "cli")]

mod sample;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use custodia::model::{FolderNo, MessageNo};
use custodia::store::{MessageSet, Store, extend_set};
use serde_json::{Value, json};

use sample::{CHAT, Sample};
use schema::Schema;

/// A file of retention rules.
const RULES: &str = r#"
version = 1

[[policy]]
name = "Mails"
action = "retain+delete"
period = "6m"
query = "kind:email"

[[label]]
name = "Offers"
action = "retain+delete"
period = "P3Y"
auto = "offer"
review = [["ann@firm.example"], ["bob@firm.example"]]

[remove]
policies = ["Sales"]
reason = "replaced"
"#;

/// Checks outputs, and remembers which schemas and kinds of lines they were.
struct Checker {
    schemas: BTreeMap<String, Schema>,
    met: BTreeSet<(String, String)>,
}

impl Checker {
    fn new() -> Self {
        Self { schemas: schema::all(), met: BTreeSet::new() }
    }

    fn check(&mut self, name: &str, line: &Value) {
        let schema = self.schemas.get(name).unwrap_or_else(|| panic!("there is no schema `{name}`"));
        if let Some(problem) = schema.problem(line) {
            panic!("{name}: {problem}\n{line}");
        }
        self.met.extend(schema.kinds(line).into_iter().map(|kind| (name.to_owned(), kind)));
    }

    fn run(&mut self, sample: &Sample, name: &str, arguments: &[&str]) {
        let output = sample.run(arguments);
        assert!([0, 3, 20].contains(&output.code), "{arguments:?}: {output:?}");
        assert!(!output.lines.is_empty(), "{arguments:?} printed nothing");
        for line in &output.lines {
            self.check(name, line);
        }
    }

    fn fail(&mut self, sample: &Sample, code: i32, arguments: &[&str]) {
        let output = sample.run(arguments);
        assert_eq!(output.code, code, "{arguments:?}: {output:?}");
        let error = output.error.clone().unwrap_or_else(|| panic!("{arguments:?} printed no error: {output:?}"));
        assert_eq!(error.get("code"), Some(&json!(code)));
        self.check("error", &error);
    }

    fn assert_all_met(&self) {
        for (name, schema) in &self.schemas {
            for kind in schema.all_kinds() {
                assert!(self.met.contains(&(name.clone(), kind.clone())), "no output was `{kind}` of schema `{name}`");
            }
        }
    }
}

#[test]
fn every_output_is_as_its_schema_says() {
    let mut checker = Checker::new();
    let sample = Sample::new();
    for record in CHAT {
        checker.check("message", &serde_json::from_str(record).expect("the sample is JSON"));
    }
    take_in(&mut checker, &sample);
    map(&mut checker, &sample);
    look(&mut checker, &sample);
    decide(&mut checker, &sample);
    apply(&mut checker, &sample);
    account(&mut checker, &sample);
    connect(&mut checker, &sample);
    refuse(&mut checker, &sample);
    for line in sample.run(&["demo", "guided"]).lines {
        let summary = line.get("type") == Some(&json!("summary")) && line.get("steps").is_some();
        if summary || line.get("type") == Some(&json!("step")) {
            checker.check("demo", &line);
        }
    }
    damage(&sample);
    checker.run(&sample, "verify", &["verify"]);
    checker.assert_all_met();
}

fn take_in(checker: &mut Checker, sample: &Sample) {
    checker.run(sample, "init", &["init", "--min-residence", "0", "--name", "sample"]);
    let ann = ["mailbox", "add", "ann@firm.example", "--phone", "+48555010001", "--attr", "department=Sales"];
    checker.run(sample, "mailbox", &ann);
    checker.run(sample, "mailbox", &["mailbox", "add", "ben@firm.example", "--name", "Ben Okafor"]);
    checker.run(sample, "mailbox", &["mailbox", "set", "ben@firm.example", "--alias", "b.okafor@firm.example"]);
    checker.run(sample, "import", &["import", "--dry-run", "mail", "chat"]);
    checker.run(sample, "import", &["import", "mail", "chat"]);
    checker.run(sample, "import", &["import", "mail", "--create-mailboxes"]);
    #[cfg(feature = "remote")]
    for line in &sample.run_until_terminated(&["receive", "--listen", "127.0.0.1:0"]) {
        checker.check("receive", line);
    }
    checker.run(sample, "mailbox", &["mailbox", "list"]);
    checker.run(sample, "mailbox", &["mailbox", "show", "ann@firm.example"]);
    checker.run(sample, "batch", &["batch", "list"]);
    checker.run(sample, "batch", &["batch", "show", "1"]);
}

/// A third archive, where nobody is known at first.
fn map(checker: &mut Checker, sample: &Sample) {
    let third = sample.beside("third");
    checker.run(&third, "init", &["init", "--min-residence", "0"]);
    checker.run(&third, "mailbox", &["mailbox", "add", "ann@firm.example"]);
    sample.write("mapping.csv", "User ID;Mailbox\n+48 555 010 001;ann@firm.example\n0555;gone@firm.example\n");
    checker.run(&third, "import", &["import", "chat", "--no-auto-mapping"]);
    checker.run(&third, "quarantine", &["quarantine", "list"]);
    checker.run(&third, "quarantine", &["quarantine", "show", "1"]);
    checker.run(&third, "mapping", &["mapping", "check", "mapping.csv"]);
    checker.run(&third, "mapping", &["mapping", "import", "mapping.csv"]);
    checker.run(&third, "mapping", &["mapping", "list"]);
    checker.run(&third, "quarantine", &["quarantine", "remap"]);
    checker.run(&third, "mailbox", &["mailbox", "add", "late@firm.example", "--phone", "+48555010042"]);
    checker.run(&third, "mapping", &["mapping", "apply", "--dry-run"]);
}

fn look(checker: &mut Checker, sample: &Sample) {
    checker.run(sample, "search", &["search", "harbour or prices"]);
    checker.run(sample, "search", &["search", "participants:\"Ben Okafor\""]);
    let explained = "(harb* NEAR(5) price*) or from:ben@firm.example sent>=2020-01-01 size<1MB NOT kind:docs";
    checker.run(sample, "search-explain", &["search", explained, "--explain"]);
    checker.run(sample, "search-explain", &["search", "--all", "--explain"]);
    checker.run(sample, "search", &["search", "--all", "--sort", "oldest"]);
    checker.run(sample, "search", &["search", "harbour", "--count", "--mailbox", "ann@firm.example"]);
    checker.run(sample, "search", &["search", "--all", "--dedupe", "--sort", "relevance"]);
    checker.run(sample, "search", &["search", "--all", "--stats", "--top", "1"]);
    sample.write("terms.txt", "harbour or prices\nx*\nnews\n");
    checker.run(sample, "search", &["search", "--keywords", "terms.txt"]);
    checker.run(sample, "search-explain", &["search", "--keywords", "terms.txt", "--explain"]);
    checker.run(sample, "saved-search", &["search", "save", "Terms", "harbour or prices"]);
    checker.run(sample, "saved-search", &["search", "freeze", "Terms"]);
    checker.run(sample, "search", &["search", "run", "Terms"]);
    checker.run(sample, "saved-search", &["search", "save", "Terms", "news OR harbour AND offer", "--replace"]);
    checker.run(sample, "saved-search", &["search", "freeze", "Terms"]);
    checker.run(sample, "saved-search", &["search", "list"]);
    checker.run(sample, "saved-search", &["search", "show", "Terms"]);
    checker.run(sample, "saved-search", &["search", "show", "Terms@1"]);
    checker.run(sample, "saved-search", &["search", "diff", "Terms@1", "Terms@2"]);
    checker.run(sample, "saved-search", &["search", "diff", "Terms@2", "Terms@1"]);
    checker.run(sample, "saved-search", &["search", "save", "Gone", "news"]);
    checker.run(sample, "saved-search", &["search", "remove", "Gone"]);
    hand_over(checker, sample);
    supervise(checker, sample);
    checker.run(sample, "index", &["index", "status"]);
    checker.run(sample, "index", &["index", "rebuild"]);
    let all = sample.run(&["search", "--all"]);
    let items = all.lines.iter().filter_map(|line| line.get("item")?.as_str());
    for item in items {
        checker.run(sample, "show", &["show", item]);
        checker.run(sample, "show", &["show", item, "--context", "1"]);
        checker.run(sample, "explain", &["explain", item]);
    }
}

fn hand_over(checker: &mut Checker, sample: &Sample) {
    checker.run(sample, "export", &["export", "--all", "--format", "jsonl", "--output", "handed-over"]);
    checker.check("export", &sample.json("handed-over/export.json"));
    checker.check("audit-proof", &sample.json("handed-over/audit-proof.json"));
    for line in sample.text("handed-over/items.jsonl").lines() {
        checker.check("export-item", &serde_json::from_str(line).expect("JSON"));
    }
    checker.run(sample, "export", &["export", "verify", "handed-over"]);
    checker.run(sample, "export", &["export", "--result", "Terms@1", "--output", "frozen"]);
    sample.write("frozen/added.txt", "not of it");
    checker.run(sample, "export", &["export", "verify", "frozen"]);
}

fn supervise(checker: &mut Checker, sample: &Sample) {
    let policy = ["supervise", "policy", "add", "p", "--reviewer", "rita", "--backfill"];
    let lexicon =
        ["--query", "harbour OR offer", "--exclude", "\"no harbour\"", "--hit", "an offer", "--miss", "nothing"];
    checker.run(sample, "supervision-policy", &[&policy[..], &lexicon].concat());
    checker.run(sample, "supervision-policy", &["supervise", "policy", "test", "p", "--text", "harbour"]);
    checker.run(sample, "supervision-policy", &["supervise", "policy", "list"]);
    checker.run(sample, "supervision-policy", &["supervise", "policy", "show", "p"]);
    checker.run(sample, "supervision-policy", &["supervise", "policy", "draw-key", "p"]);
    checker.run(sample, "supervision-run", &["supervise", "run"]);
    checker.run(sample, "supervision-match", &["supervise", "queue"]);
    checker.run(sample, "supervision-match", &["supervise", "show", "1", "--actor", "rita"]);
    let review = |checker: &mut Checker, step: &[&str]| {
        let command = [&["supervise"], step, &["--comment", "looked at", "--actor", "rita"]].concat();
        checker.run(sample, "supervision-match", &command);
    };
    review(checker, &["tag", "1", "--as", "questionable"]);
    review(checker, &["annotate", "1"]);
    review(checker, &["investigate", "1", "--case", "Harbour case"]);
    review(checker, &["resolve", "1", "--as", "compliant"]);
    review(checker, &["escalate", "2", "--to", "head"]);
    checker.run(sample, "supervision-report", &["supervise", "report"]);
    checker.run(sample, "supervision-policy", &["supervise", "policy", "pause", "p", "--reason", "enough"]);
}

fn notify(checker: &mut Checker, sample: &Sample) {
    sample.write("portal.txt", "Keep what is about the quay.");
    sample.write("letter.txt", "Subject: {{case}}\n\nDear {{custodian}}\n");
    let texts =
        ["--portal", "portal.txt", "--issuance", "letter.txt", "--reissuance", "letter.txt", "--release", "letter.txt"];
    let create = ["hold", "notice", "create", "quay", "--case", "Quay", "--officer", "lena@firm.example"];
    checker.run(sample, "hold-notice", &[&create[..], &texts].concat());
    checker.run(sample, "hold-notice", &["hold", "notice", "issue", "quay", "--output", "letters"]);
    checker.run(sample, "hold-notice", &["hold", "notice", "show", "quay", "--letter", "1"]);
    checker.run(sample, "hold-notice", &["hold", "notice", "acknowledge", "quay", "ann@firm.example"]);
    checker.run(sample, "hold-notice", &["hold", "notice", "list"]);
}

fn decide(checker: &mut Checker, sample: &Sample) {
    let scope = ["--mailbox", "ann@firm.example", "--query", "harbour", "--reason", "inquiry"];
    checker.run(sample, "hold", &[&["hold", "place", "Harbour"], &scope[..]].concat());
    checker.run(sample, "hold", &["hold", "place", "Brief", "--all-mailboxes", "--reason", "to be sure"]);
    checker.run(sample, "hold", &["hold", "show", "Harbour"]);
    checker.run(sample, "hold", &["hold", "change", "Harbour", "--to", "2021-01-01", "--reason", "narrowed"]);
    checker.run(sample, "case", &["case", "create", "Quay", "--description", "theft"]);
    checker.run(sample, "custodian", &["custodian", "add", "ann@firm.example", "--case", "Quay"]);
    checker.run(
        sample,
        "hold",
        &["hold", "place", "Of the case", "--case", "Quay", "--custodians", "--reason", "letter"],
    );
    notify(checker, sample);
    checker.run(sample, "custodian", &["custodian", "list"]);
    checker.run(sample, "case", &["case", "list"]);
    checker.run(sample, "case", &["case", "close", "Quay", "--reason", "settled"]);
    checker.run(sample, "hold", &["hold", "list"]);
    checker.run(sample, "hold-report", &["hold", "report", "--report", "holds.html", "--csv", "holds.csv"]);
    checker.run(sample, "certificate", &["hold", "certificate", "Harbour", "--out", "hold.json"]);
    checker.check("hold-certificate", &sample.json("hold.json"));
    checker.run(sample, "certificate", &["hold", "certificate", "--verify", "hold.json"]);
    checker.run(sample, "mailbox", &["mailbox", "show", "ann@firm.example"]);
    checker.run(sample, "approval", &["approval", "give", "dual-control.off", "--reason", "seen"]);
    checker.run(sample, "approval", &["approval", "list"]);
    checker.run(sample, "approval", &["approval", "dual-control"]);
    let year = ["--action", "retain+delete", "--period", "1y", "--exclude", "clara@northwind.example"];
    checker.run(sample, "retention-policy", &[&["retention", "policy", "add", "One year"], &year[..]].concat());
    let unseen = ["retention", "policy", "set", "One year", "--period", "9m", "--simulate"];
    checker.run(sample, "retention-simulate", &unseen);
    checker.run(sample, "retention-simulate", &["retention", "simulate"]);
    checker.run(sample, "retention-policy", &["retention", "policy", "enable", "One year"]);
    let ever = ["--action", "retain", "--period", "unlimited", "--include", "clara@northwind.example"];
    checker.run(sample, "retention-policy", &[&["retention", "policy", "add", "For ever"], &ever[..]].concat());
    checker.run(sample, "retention-policy", &["retention", "policy", "show", "One year"]);
    let sales = ["--action", "retain", "--period", "1y", "--adaptive", "department = Sales", "--query", "kind:email"];
    checker.run(sample, "retention-policy", &[&["retention", "policy", "add", "Sales"], &sales[..]].concat());
    checker.run(sample, "mailbox", &["mailbox", "set", "ann@firm.example", "--attr", "department=Board"]);
    checker.run(sample, "retention-policy", &["retention", "policy", "list"]);
    checker.run(sample, "retention-policy", &["retention", "policy", "set", "One year", "--period", "2y"]);
    checker.run(sample, "retention-policy", &["retention", "policy", "lock", "One year", "--reason", "rule"]);
    checker.run(sample, "retention-simulate", &["retention", "simulate", "--as-of", "2036-01-01"]);
    checker.run(sample, "explain", &["explain", "1"]);
    checker.run(sample, "disposition", &["disposition", "plan", "-o", "held.json"]);
    checker.check("disposition-plan", &sample.json("held.json"));
    let contract = ["--action", "retain", "--period", "1y", "--start", "event", "--event-type", "contract-end"];
    checker.run(sample, "retention-label", &[&["retention", "label", "add", "Contract"], &contract[..]].concat());
    checker.run(sample, "retention-label", &["retention", "label", "set", "Contract", "1", "--asset-id", "C-1"]);
    let event = ["--type", "contract-end", "--asset-id", "C-1", "--date", "2025-01-01"];
    checker.run(sample, "retention-label", &[&["retention", "event", "record"], &event[..]].concat());
    checker.run(sample, "retention-label", &["retention", "event", "types"]);
    let reviewed = ["--action", "delete", "--period", "1d", "--review", "ann, eve", "--review", "ann"];
    checker.run(sample, "retention-label", &[&["retention", "label", "add", "Reviewed"], &reviewed[..]].concat());
    checker.run(sample, "retention-label", &["retention", "label", "set", "Reviewed", "2", "3", "4"]);
    let review = |more: &[&'static str]| [&["--actor", "ann", "disposition", "review"], more].concat();
    checker.run(sample, "disposition-review", &review(&["add-reviewer", "2", "--reviewer", "bob", "--comment", "c"]));
    checker.run(sample, "disposition-review", &review(&["approve", "2", "--comment", "c"]));
    checker.run(sample, "disposition-review", &review(&["extend", "3", "--until", "2030-01-01", "--comment", "c"]));
    checker.run(sample, "disposition-review", &review(&[]));
    checker.run(sample, "disposition-review", &review(&["--plan", "held.json"]));
    let others =
        ["retention", "label", "set-reviewers", "Reviewed", "--review", "ann, eve", "--reason", "one is enough"];
    checker.run(sample, "retention-label", &others);
    checker.run(sample, "disposition-review", &review(&["relabel", "4", "--label", "Contract", "--comment", "c"]));
    for item in ["2", "3", "4"] {
        checker.run(sample, "explain", &["explain", item]);
        checker.run(sample, "show", &["show", item]);
    }
    let cases = schema::examples("retention-cases");
    let cases = cases.iter().filter(|(name, _)| name.starts_with("valid-")).map(|(_, file)| file);
    for file in cases {
        checker.check("retention-cases", file);
        sample.write("cases.json", &file.to_string());
        checker.run(sample, "retention-test", &["retention", "test", "cases.json"]);
    }
    checker.run(sample, "hold", &["hold", "release", "Brief", "--reason", "not needed"]);
    checker.run(
        sample,
        "retention-policy",
        &["retention", "policy", "remove", "For ever", "--reason", "no need", "--without-simulation", "test"],
    );
}

/// Rules of each kind in a file: simulated, put in force, and written again.
fn apply(checker: &mut Checker, sample: &Sample) {
    let rules = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).expect("TOML")).expect("JSON");
    checker.check("retention-rules", &rules(RULES));
    sample.write("rules.toml", RULES);
    checker.run(sample, "retention-simulate", &["retention", "simulate", "--policy", "rules.toml"]);
    let unseen = ["retention", "apply", "rules.toml", "--yes", "--without-simulation", "sample"];
    checker.run(sample, "retention-apply", &unseen);
    sample.run(&["retention", "export", "--output", "exported.toml"]);
    checker.check("retention-rules", &rules(&sample.text("exported.toml")));
}

/// A second archive without holds, where something can be disposed of.
fn account(checker: &mut Checker, sample: &Sample) {
    let second = sample.beside("second");
    checker.run(&second, "init", &["init", "--min-residence", "0"]);
    checker.run(&second, "mailbox", &["mailbox", "add", "ann@firm.example"]);
    checker.run(&second, "import", &["import", "mail"]);
    let year = [
        "retention",
        "policy",
        "add",
        "One year",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1y",
    ];
    checker.run(&second, "retention-policy", &year);
    checker.run(&second, "retention-simulate", &["retention", "simulate", "--list"]);
    let label = ["retention", "label", "add", "Seen", "--action", "delete", "--period", "1d", "--review", "ann"];
    checker.run(&second, "retention-label", &label);
    checker.run(&second, "retention-label", &["retention", "label", "set", "Seen", "1"]);
    let approve = [
        "--actor",
        "ann",
        "disposition",
        "review",
        "approve",
        "--all-waiting",
        "--yes",
        "--comment",
        "no longer needed",
    ];
    checker.run(&second, "disposition-review", &approve);
    checker.run(&second, "disposition", &["disposition", "plan", "-o", "plan.json"]);
    let plan = second.json("plan.json");
    checker.check("disposition-plan", &plan);
    assert_ne!(plan.get("eligible"), Some(&json!(0)), "nothing is eligible, so nothing of a plan is checked");
    checker.run(&second, "disposition", &["disposition", "execute", "plan.json", "--yes"]);
    checker.run(&second, "disposition", &["disposition", "list"]);
    let digest = plan.get("digest").and_then(Value::as_str).expect("a plan has a digest");
    checker.run(&second, "certificate", &["disposition", "certificate", digest, "--out", "disposed.json"]);
    checker.check("disposition-certificate", &second.json("disposed.json"));
    checker.run(&second, "quarantine", &["quarantine", "list"]);
    checker.run(&second, "stats", &["stats"]);
    checker.run(&second, "layout", &["stats", "--layout"]);
    checker.run(&second, "clock", &["audit", "confirm-clock", "--reason", "compared with the time service"]);
    checker.run(&second, "audit", &["audit", "log"]);
    checker.run(&second, "audit", &["audit", "checkpoint", "--output", "checkpoint"]);
    checker.run(&second, "audit", &["audit", "verify", "--against", "checkpoint"]);
    checker.run(&second, "audit", &["audit", "new-key", "firm.example/log", "--output", "log.key"]);
    checker.run(&second, "audit", &["audit", "checkpoint", "--sign-with", "log.key", "--output", "signed"]);
    let forged = format!("{}=", "A".repeat(43));
    let checkpoint = second.text("checkpoint");
    let lines: Vec<&str> = checkpoint.lines().take(2).chain([forged.as_str()]).collect();
    second.write("forged", &lines.join("\n"));
    checker.run(&second, "audit", &["audit", "verify", "--against", "forged"]);
    checker.run(&second, "audit", &["audit", "prove", "0", "--output", "proof.json"]);
    checker.check("audit-proof", &second.json("proof.json"));
    checker.run(&second, "audit", &["audit", "prove", "--verify", "proof.json"]);
    let after = checkpoint.lines().nth(1).expect("its size");
    checker.run(&second, "audit", &["audit", "prove", after, "--output", "later.json", "--against", "checkpoint"]);
    checker.check("audit-proof", &second.json("later.json"));
    checker.run(&second, "verify", &["verify"]);
    checker.fail(&second, 21, &["disposition", "execute", "plan.json", "--yes"]);
}

/// A fourth archive that fetches what the first was given.
fn connect(checker: &mut Checker, sample: &Sample) {
    let fourth = sample.beside("fourth");
    checker.run(&fourth, "init", &["init"]);
    let add = ["connector", "add", "--kind", "mail"];
    checker.run(&fourth, "connector", &[&add[..], &["post", "--from", "mail", "--every", "12"]].concat());
    checker.run(&fourth, "connector", &[&add[..], &["chats", "--from", "chat", "--at", "02:30"]].concat());
    checker.run(&fourth, "connector", &["connector", "run", "--all"]);
    checker.run(&fourth, "connector", &["connector", "status"]);
    checker.run(&fourth, "connector", &["connector", "remove", "post", "--reason", "moved"]);
    checker.run(&fourth, "connector", &["connector", "list"]);
    checker.run(&fourth, "connector", &["connector", "show", "chats"]);
}

fn refuse(checker: &mut Checker, sample: &Sample) {
    checker.fail(sample, 1, &["show", "999"]);
    checker.fail(sample, 1, &["init"]);
    checker.fail(sample, 2, &["search", "sent>=2024-13-01"]);
    checker.fail(sample, 2, &["search", ""]);
    checker.fail(&sample.beside("nowhere"), 10, &["stats"]);
}

/// A folder that lists a message that it does not have.
fn damage(sample: &Sample) {
    let store = Store::open(&sample.archive().join("archive.redb")).expect("the store opens");
    let transaction = store.begin().expect("the store can be changed");
    extend_set(&transaction, MessageSet::Folder(FolderNo(1)), [MessageNo(999)], []).expect("a set can be changed");
    transaction.commit().expect("the store can be changed");
}

#[test]
fn examples_have_the_verdict_of_their_name() {
    let schemas = schema::all();
    assert_eq!(schemas.keys().cloned().collect::<BTreeSet<_>>(), schema::example_folders());
    for (name, schema) in &schemas {
        let (mut valid, mut invalid) = (0, 0);
        for (file, instance) in schema::examples(name) {
            let accepted = schema.accepts(&instance);
            if file.starts_with("valid-") {
                assert!(accepted, "{name}/{file} is refused: {:?}", schema.problem(&instance));
                valid += 1;
            } else {
                assert!(file.starts_with("invalid-"), "{name}/{file} says nothing of its verdict");
                assert!(!accepted, "{name}/{file} is accepted");
                invalid += 1;
            }
        }
        assert!(valid > 0 && invalid > 0, "schema `{name}` has {valid} valid and {invalid} invalid examples");
    }
}

#[test]
fn a_field_that_is_not_described_is_a_problem_for_an_output_only() {
    let schemas = schema::all();
    let schema = schemas.get("error").expect("there is a schema of errors");
    let more = json!({ "type": "error", "code": 1, "message": "x", "hint": null, "more": 1 });
    assert!(schema.accepts(&more), "readers must bear fields that are added");
    assert!(schema.problem(&more).is_some());
}
