//! Whoever supervises finds what the policy says and nothing else, once; and what reviewers said of it is kept.
#![cfg(feature = "cli")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use redb::TableDefinition;
use serde_json::Value;
use support::{Outcome, TestArchive, firm, number, text};

const ANN: &str = "ann@firm.example";
const BOB: &str = "bob@firm.example";
const OUT: &str = "client@elsewhere.example";

fn mail(n: usize, from: &str, to: &str, subject: &str, body: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nMessage-ID: <{n}@firm.example>\n\
         Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    )
}

/// Takes in mails of (from, to, body); each goes to the mailboxes of those who have one.
fn deliver(archive: &TestArchive, name: &str, mails: &[(&str, &str, &str)]) {
    let mut mbox = String::new();
    for (n, (from, to, body)) in mails.iter().enumerate() {
        let mail = mail(n, from, to, &format!("{name} {n}"), body).replace(&format!("<{n}@"), &format!("<{name}-{n}@"));
        write!(mbox, "From x@firm.example Wed Jan 15 12:00:00 2020\n{mail}\n").expect("strings take it");
    }
    archive.import(&archive.write(&format!("{name}.mbox"), mbox), &[]);
}

/// Ann and Bob have mailboxes.
fn archive() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    archive.ok(&["mailbox", "add", BOB]);
    archive
}

fn add(archive: &TestArchive, name: &str, options: &[&str]) -> Value {
    let reviewer = ["supervise", "policy", "add", name, "--reviewer", "rita"];
    archive.one("supervision_policy", &[&reviewer[..], options].concat())
}

/// Matched and drawn.
fn run(archive: &TestArchive) -> (u64, u64) {
    let summary = archive.one("summary", &["supervise", "run"]);
    (number(&summary, "matched"), number(&summary, "drawn"))
}

fn queue(archive: &TestArchive, options: &[&str]) -> Vec<Value> {
    let mut lines = archive.ok(&[&["supervise", "queue"], options].concat());
    let summary = lines.pop().expect("a summary");
    assert_eq!(number(&summary, "matches"), lines.len() as u64);
    lines
}

/// Subjects in the queue, with mailbox and direction.
fn waiting(archive: &TestArchive, options: &[&str]) -> BTreeSet<String> {
    let line =
        |found: &Value| format!("{} {} {}", text(found, "subject"), text(found, "mailbox"), text(found, "direction"));
    let lines: Vec<String> = queue(archive, options).iter().map(line).collect();
    let all: BTreeSet<String> = lines.iter().cloned().collect();
    assert_eq!(all.len(), lines.len(), "nothing is found twice");
    all
}

fn set(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn as_actor(archive: &TestArchive, actor: &str, arguments: &[&str]) -> Outcome {
    archive.run(&[&["--json", "--actor", actor, "supervise"], arguments].concat())
}

#[track_caller]
fn done(archive: &TestArchive, actor: &str, arguments: &[&str]) -> Vec<Value> {
    let outcome = as_actor(archive, actor, arguments);
    assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.stderr);
    outcome.lines()
}

#[track_caller]
fn refused(archive: &TestArchive, code: i32, actor: &str, arguments: &[&str], named: &str) {
    let outcome = as_actor(archive, actor, arguments);
    assert_eq!(outcome.code, code, "{arguments:?}: {}{}", outcome.text(), outcome.stderr);
    assert!(outcome.stderr.contains(named), "{arguments:?}: {}", outcome.stderr);
}

const GUARANTEE: [&str; 4] =
    ["--query", "guarantee* NEAR(6) return*", "--exclude", "\"not guaranteed\" OR \"no guarantee\""];

#[test]
fn each_message_that_goes_a_wanted_way_is_found_once() {
    let archive = archive();
    let body = "I guarantee a high return.";
    let mails = [(ANN, OUT, body), (OUT, ANN, body), (ANN, BOB, body), (OUT, BOB, body), (OUT, ANN, "harmless")];
    deliver(&archive, "old", &mails);
    for (direction, found) in [
        ("outbound", &["old 0 ann@firm.example outbound", "old 2 ann@firm.example outbound"][..]),
        ("inbound", &["old 1 ann@firm.example inbound"]),
        ("internal", &[]),
    ] {
        add(
            &archive,
            direction,
            &[&GUARANTEE[..], &["--mailbox", ANN, "--direction", direction, "--backfill"]].concat(),
        );
        run(&archive);
        assert_eq!(waiting(&archive, &["--policy", direction]), set(found), "{direction}");
    }
    add(&archive, "both", &[&GUARANTEE[..], &["--direction", "internal", "--backfill"]].concat());
    assert_eq!(run(&archive), (2, 2));
    let both = set(&["old 2 ann@firm.example internal", "old 2 bob@firm.example internal"]);
    assert_eq!(waiting(&archive, &["--policy", "both"]), both);
    assert_eq!(run(&archive), (0, 0), "what was looked through is not looked through again");
    archive.verify_clean();
}

#[test]
fn who_sends_in_the_name_of_another_answers_for_it_too() {
    let archive = archive();
    let mail = mail(1, "boss@firm.example", OUT, "m", "We guarantee returns.");
    let mail = mail.replace("\nTo:", &format!("\nSender: {ANN}\nTo:"));
    archive.import(&archive.write("m.eml", &mail), &["--mailbox", ANN]);
    add(&archive, "p", &[&GUARANTEE[..], &["--mailbox", ANN, "--direction", "outbound", "--backfill"]].concat());
    assert_eq!(run(&archive), (1, 1));
    let summary = archive.one("summary", &["search", &format!("participants:{ANN}"), "--count"]);
    assert_eq!(number(&summary, "items"), 0, "searches find who stands in From");
}

#[test]
fn a_policy_begins_with_what_arrives_and_misses_nothing_of_it() {
    let archive = archive();
    let body = "We guarantee returns.";
    deliver(&archive, "before", &[(ANN, OUT, body)]);
    add(&archive, "p", &[&GUARANTEE[..], &["--direction", "outbound"]].concat());
    assert_eq!(run(&archive), (0, 0));
    deliver(&archive, "after", &[(ANN, OUT, body), (BOB, OUT, body)]);
    assert_eq!(run(&archive), (2, 2));
    archive.ok(&["supervise", "policy", "pause", "p", "--reason", "holidays"]);
    deliver(&archive, "paused", &[(ANN, OUT, body)]);
    assert_eq!(run(&archive), (0, 0));
    archive.json(2, &["supervise", "run", "p"]);
    archive.ok(&["supervise", "policy", "resume", "p", "--reason", "back"]);
    assert_eq!(run(&archive), (1, 1), "what arrived meanwhile is looked through");
    // A message that is old, and new in the mailbox of somebody who is supervised.
    archive.ok(&["mailbox", "add", "carl@firm.example"]);
    let again = archive.path("before.mbox");
    archive.import(&again, &["--mailbox", "carl@firm.example"]);
    add(&archive, "inbound", &[&GUARANTEE[..], &["--mailbox", "carl@firm.example"]].concat());
    assert_eq!(run(&archive), (0, 0), "it arrived before the policy");
    archive.import(&archive.path("after.mbox"), &["--mailbox", "carl@firm.example"]);
    assert_eq!(run(&archive), (2, 2));
}

#[test]
fn what_does_not_count_hides_no_real_hit() {
    let archive = archive();
    deliver(
        &archive,
        "m",
        &[
            (ANN, OUT, "Returns are not guaranteed."),
            (ANN, OUT, "Past returns give no guarantee of future returns."),
            (ANN, OUT, "I guarantee you a return of 8 %.\n\n-- \nReturns are not guaranteed."),
            (ANN, OUT, "NOT  GUARANTEED returns, but I can guarantee this return"),
            (ANN, OUT, "We guarantee it. And what returns is the spring, not guaranteed."),
        ],
    );
    let options = ["--direction", "outbound", "--backfill"];
    add(&archive, "p", &[&GUARANTEE[..], &options].concat());
    run(&archive);
    let found = ["m 2 ann@firm.example outbound", "m 3 ann@firm.example outbound", "m 4 ann@firm.example outbound"];
    assert_eq!(waiting(&archive, &[]), set(&found));
    let shown = done(&archive, "rita", &["show", &text(&queue(&archive, &[])[0], "match")]);
    let body = text(&shown[0], "text");
    let places = shown[0]["places"].as_array().expect("places").iter().map(|place| {
        let at = |name| usize::try_from(number(place, name)).expect("a place in memory");
        body.get(at("from")..at("to")).expect("inside the text").to_owned()
    });
    assert_eq!(places.collect::<Vec<_>>(), ["guarantee", "return", "Returns"]);
}

/// What passes the samples of a policy is found in mails, and the other way round.
#[test]
fn a_run_finds_what_the_samples_say() {
    let archive = archive();
    let texts = [
        ("cross", "Could you lose? No. Guarantee of a return, I say."),
        ("plain", "There is no guarantee of a return."),
        ("both", "There is no guarantee. But I guarantee a return."),
        ("footer", "I guarantee a return. For internal use only."),
        ("footer alone", "Lunch? For internal use only."),
    ];
    for (subject, body) in texts {
        let mail = mail(1, ANN, OUT, subject, body).replace("<1@", &format!("<{}@", subject.replace(' ', "-")));
        archive.import(&archive.write(&format!("{subject}.eml"), mail), &[]);
    }
    let exclude = ["--exclude", "\"no guarantee\" OR \"internal use only\"", "--direction", "outbound", "--backfill"];
    for (name, query, found) in [
        ("size", "guarantee* size>10", &["cross", "both", "footer"][..]),
        ("not", "guarantee* NOT internal", &["cross", "both", "footer"]),
        ("near", "guarantee NEAR(3) return", &["cross", "both", "footer"]),
        ("dated", "guarantee* sent>=2019-01-01", &["cross", "both", "footer"]),
        ("old", "guarantee* sent<2019-01-01", &[]),
    ] {
        add(&archive, name, &[&["--query", query][..], &exclude].concat());
        archive.ok(&["supervise", "run", name]);
        let subjects: BTreeSet<String> =
            queue(&archive, &["--policy", name]).iter().map(|found| text(found, "subject")).collect();
        assert_eq!(subjects, set(found), "{name}");
        if !matches!(name, "size" | "old") {
            let tried = texts.iter().flat_map(|(_, body)| ["--text", *body]);
            let command: Vec<&str> = ["supervise", "policy", "test", name].into_iter().chain(tried).collect();
            let tried = archive.ok(&command);
            let expected: Vec<bool> = texts.iter().map(|(subject, _)| found.contains(subject)).collect();
            let found: Vec<bool> = tried.iter().map(|tried| tried["found"] == true).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn what_can_be_searched_in_part_is_counted_where_the_rest_does_not_count() {
    let archive = archive();
    let unread = format!(
        "From: {ANN}\nTo: {OUT}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nMessage-ID: <u@firm.example>\nSubject: u\n\
         MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nno guarantee\n\
         --b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n\n%PDF-broken\n--b--\n"
    );
    archive.import(&archive.write("u.eml", unread), &[]);
    add(&archive, "p", &[&GUARANTEE[..2], &["--direction", "outbound", "--backfill"]].concat());
    add(&archive, "q", &["--query", "guarantee*", "--exclude", "\"no guarantee\"", "--backfill"]);
    for policy in ["p", "q"] {
        let summary = archive.one("summary", &["supervise", "run", policy]);
        assert_eq!((number(&summary, "matched"), number(&summary, "partially_indexed")), (0, 1), "{policy}");
    }
}

#[test]
fn a_text_in_an_attachment_is_found() {
    let archive = archive();
    let attached = |n: usize, name: &str, content: &str| {
        format!(
            "From: {ANN}\nTo: {OUT}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nMessage-ID: <a{n}@firm.example>\n\
             Subject: attached {n}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\n\nnot guaranteed\n--b\nContent-Type: text/plain\n\
             Content-Disposition: attachment; filename={name}\n\n{content}\n--b--\n"
        )
    };
    let with = attached(0, "offer.txt", "we guarantee these returns");
    let without = attached(1, "offer.txt", "nothing");
    archive.import(&archive.write("0.eml", with), &[]);
    archive.import(&archive.write("1.eml", without), &[]);
    add(&archive, "p", &[&GUARANTEE[..], &["--backfill"]].concat());
    assert_eq!(run(&archive), (1, 1));
    let found = &queue(&archive, &[])[0];
    assert_eq!(found["places"], serde_json::json!([{ "in": "attachment", "n": 1 }]));
}

#[test]
fn a_sample_is_the_same_again_and_a_higher_share_only_adds() {
    let mut archive = archive();
    let mails: Vec<(&str, &str, &str)> = (0..300).map(|_| (ANN, OUT, "anything")).collect();
    deliver(&archive, "m", &mails);
    add(&archive, "p", &["--sample", "20", "--direction", "outbound", "--backfill"]);
    let (matched, drawn) = run(&archive);
    assert_eq!(matched, 300);
    assert!((30..=95).contains(&drawn), "{drawn}");
    let before: BTreeSet<String> = queue(&archive, &[]).iter().map(|found| text(found, "item")).collect();
    assert_eq!(queue(&archive, &["--state", "not-drawn"]).len() as u64, 300 - drawn);
    archive.ok(&["supervise", "policy", "set", "p", "--sample", "60", "--backfill", "--reason", "more"]);
    let (found_anew, added) = run(&archive);
    assert_eq!(found_anew, 0, "nothing is found twice");
    let after: BTreeSet<String> = queue(&archive, &[]).iter().map(|found| text(found, "item")).collect();
    assert!(before.is_subset(&after) && after.len() as u64 == drawn + added, "{drawn} {added} {}", after.len());
    assert!((130..=230).contains(&after.len()), "{}", after.len());
    // What is drawn later waits from then on, and the key shows that chance drew it.
    archive.set_clock("2026-03-01T12:00:00Z");
    archive.ok(&["supervise", "policy", "set", "p", "--sample", "100", "--backfill", "--reason", "all"]);
    assert_eq!(run(&archive), (0, 300 - drawn - added));
    let overdue = queue(&archive, &["--overdue"]);
    assert_eq!(overdue.len() as u64, drawn + added, "those that waited since January");
    let late = queue(&archive, &[]).into_iter().find(|found| found["overdue"] == false).expect("one of today");
    assert_eq!(text(&late, "due_at"), "2026-03-15T12:00:00Z");
    assert_eq!(
        (text(&late["reviews"][0], "action"), text(&late["reviews"][0], "at")),
        ("draw".into(), "2026-03-01T12:00:00Z".into())
    );
    let key = text(&archive.one("draw_key", &["supervise", "policy", "draw-key", "p"]), "key");
    let key: [u8; 32] = data_encoding::HEXLOWER.decode(key.as_bytes()).expect("digits").try_into().expect("32 bytes");
    let drawn_by = |percent| -> BTreeSet<String> {
        (1..=300)
            .filter(|item| custodia::evidence::is_drawn(&key, *item, percent))
            .map(|item| item.to_string())
            .collect()
    };
    assert_eq!((drawn_by(20), drawn_by(60)), (before, after));
}

#[test]
fn only_who_has_looked_may_say_what_it_is_and_never_of_their_own() {
    let mut archive = archive();
    deliver(&archive, "m", &[(ANN, OUT, "x"), (BOB, OUT, "x"), (ANN, OUT, "x"), (ANN, OUT, "y"), (ANN, OUT, "z")]);
    let reviewers = ["--reviewer", ANN, "--reviewer", "rita", "--direction", "outbound", "--backfill", "--due", "3"];
    archive.one("supervision_policy", &[&["supervise", "policy", "add", "p"], &reviewers[..]].concat());
    assert_eq!(run(&archive), (5, 5));
    let resolve = |n: &'static str| ["resolve", n, "--as", "compliant", "--comment", "fine"];
    refused(&archive, 21, "rita", &resolve("1"), "has not opened match 1");
    refused(&archive, 21, "mallory", &resolve("1"), "waits for ann@firm.example, rita, not for mallory");
    done(&archive, ANN, &["show", "1"]);
    refused(&archive, 21, ANN, &resolve("1"), "is a message of ann@firm.example");
    done(&archive, ANN, &["show", "2"]);
    let resolved = done(&archive, ANN, &resolve("2"));
    assert_eq!((text(&resolved[0], "state"), text(&resolved[0], "finding")), ("resolved".into(), "compliant".into()));
    refused(&archive, 21, ANN, &resolve("2"), "is resolved, which is final");
    done(&archive, "rita", &["show", "1"]);
    done(&archive, "rita", &["tag", "1", "--as", "questionable", "--comment", "ask"]);
    done(&archive, "rita", &["escalate", "1", "--to", "head", "--comment", "beyond me"]);
    refused(&archive, 21, "rita", &resolve("1"), "waits for head");
    done(&archive, "head", &["show", "1"]);
    done(&archive, "head", &["resolve", "1", "--as", "non-compliant", "--comment", "warned"]);
    refused(
        &archive,
        21,
        "rita",
        &["resolve", "3", "4", "--as", "compliant", "--comment", "x", "--unopened"],
        "does not allow",
    );
    refused(&archive, 2, "rita", &["resolve", "3", "--as", "compliant", "--comment", " "], "needs a comment");
    refused(&archive, 1, "rita", &["show", "99"], "99");
    assert_eq!(queue(&archive, &["--overdue"]).len(), 0);
    archive.set_clock("2026-08-01T00:00:00Z");
    assert_eq!(queue(&archive, &["--overdue", "--reviewer", "rita"]).len(), 3);
    let set = ["supervise", "policy", "set", "p", "--bulk", "true", "--reason", "holidays"];
    archive.ok(&set);
    done(
        &archive,
        "rita",
        &["resolve", "3", "4", "5", "--as", "false-positive", "--unopened", "--comment", "a newsletter"],
    );
    assert_eq!(queue(&archive, &[]).len(), 0);
    let report = archive.ok(&["supervise", "report", "--csv", "reviews.csv"]);
    let policy = &report[0];
    assert_eq!((number(policy, "matched"), number(policy, "drawn"), number(policy, "overdue")), (5, 5, 0));
    assert_eq!(policy["findings"], serde_json::json!({ "compliant": 1, "non-compliant": 1, "false-positive": 3 }));
    let mut csv = csv::Reader::from_path(archive.path("reviews.csv")).expect("a table");
    let mut steps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in csv.records() {
        let row = row.expect("a row");
        steps.entry(row[0].to_owned()).or_default().push(format!("{} {} {}", &row[10], &row[11], &row[12]));
    }
    let first = [
        "ann@firm.example open ",
        "rita open ",
        "rita tag questionable",
        "rita escalate ",
        "head open ",
        "head resolve non-compliant",
    ];
    assert_eq!(steps["1"], first);
    assert_eq!(steps["5"], ["rita resolve false-positive"]);
    // Each step stands in the audit log, what was refused too.
    let log = archive.ok(&["audit", "log"]);
    let count = |action: &str| log.iter().filter(|entry| text(entry, "action") == action).count();
    assert_eq!((count("supervise.open"), count("supervise.resolve"), count("supervise.refuse")), (4, 5, 6));
    archive.verify_clean();
}

#[test]
fn a_reviewer_without_mailbox_took_part_too() {
    let archive = archive();
    deliver(&archive, "m", &[(OUT, ANN, "x")]);
    archive.ok(&["supervise", "policy", "add", "p", "--reviewer", "Client@Elsewhere.example", "--backfill"]);
    run(&archive);
    done(&archive, "Client@Elsewhere.example", &["show", "1"]);
    let resolve = ["resolve", "1", "--as", "compliant", "--comment", "mine"];
    refused(&archive, 21, "Client@Elsewhere.example", &resolve, "is a message of Client@Elsewhere.example");
}

#[test]
fn people_join_and_leave_a_policy_and_nothing_escapes_by_a_change() {
    let archive = archive();
    let body = "We guarantee returns.";
    add(&archive, "named", &[&GUARANTEE[..], &["--mailbox", ANN]].concat());
    add(&archive, "all", &[&GUARANTEE[..], &["--except", BOB]].concat());
    deliver(&archive, "a", &[(ANN, OUT, body), (BOB, OUT, body)]);
    let set = |policy: &'static str, change: &[&'static str]| {
        [&["policy", "set", policy, "--reason", "changes"], change].concat()
    };
    for change in [
        &["--query", "nothing"][..],
        &["--exclude", "guarantee*"],
        &["--direction", "inbound"],
        &["--sample", "1"],
        &["--add-mailbox", BOB],
        &["--query", "nothing", "--backfill"],
    ] {
        refused(&archive, 21, "rita", &set("named", change), "has not looked at everything that arrived");
    }
    done(&archive, "rita", &["policy", "pause", "named", "--reason", "holidays"]);
    refused(&archive, 21, "rita", &set("named", &["--query", "nothing"]), "resume it");
    done(&archive, "rita", &["policy", "resume", "named", "--reason", "back"]);
    refused(&archive, 2, "rita", &set("named", &["--remove-mailbox", ANN]), "would supervise nobody");
    done(&archive, "rita", &set("named", &["--severity", "high"]));
    assert_eq!(run(&archive), (2, 2));
    let joined = done(&archive, "rita", &set("named", &["--add-mailbox", BOB]));
    assert_eq!(joined[0]["mailboxes"], serde_json::json!([ANN, BOB]));
    done(&archive, "rita", &set("all", &["--add-mailbox", BOB]));
    refused(&archive, 2, "rita", &set("all", &["--add-mailbox", BOB]), "supervises bob@firm.example already");
    deliver(&archive, "b", &[(BOB, OUT, body)]);
    assert_eq!(run(&archive), (2, 2), "from then on");
    let left = done(&archive, "rita", &set("named", &["--remove-mailbox", ANN]));
    assert_eq!(left[0]["mailboxes"], serde_json::json!([BOB]));
    let left = done(&archive, "rita", &set("all", &["--remove-mailbox", ANN]));
    assert_eq!((&left[0]["mailboxes"], &left[0]["except"]), (&serde_json::json!([]), &serde_json::json!([ANN])));
    deliver(&archive, "c", &[(ANN, OUT, body)]);
    assert_eq!(run(&archive), (0, 0));
}

/// Of several copies, those that somebody else decides over are left.
#[test]
fn copies_that_wait_for_somebody_else_are_left() {
    let archive = archive();
    let newsletter = mail(1, OUT, &format!("{ANN}, {BOB}"), "news", "the same for all");
    archive.import(&archive.write("news.eml", newsletter), &[]);
    add(&archive, "p", &["--backfill", "--reviewer", "Rene"]);
    assert_eq!(run(&archive), (2, 2));
    done(&archive, "rita", &["show", "1"]);
    done(&archive, "rita", &["escalate", "2", "--to", "head", "--comment", "look"]);
    let resolved =
        done(&archive, "RITA", &["resolve", "1", "--as", "compliant", "--comment", "a newsletter", "--duplicates"]);
    assert_eq!(resolved.len(), 1, "names differ in case at most");
    assert_eq!(queue(&archive, &["--reviewer", "Head"]).len(), 1);
}

#[test]
fn evidence_says_only_of_looks_before_a_step() {
    let mut archive = archive();
    deliver(&archive, "m", &[(OUT, ANN, "x"), (OUT, ANN, "y")]);
    add(&archive, "p", &["--backfill", "--bulk"]);
    run(&archive);
    let resolve = ["resolve", "1", "--as", "compliant", "--comment", "a newsletter", "--unopened"];
    done(&archive, "rita", &resolve);
    archive.set_clock("2026-01-16T12:00:00Z");
    done(&archive, "rita", &["show", "1"]);
    done(&archive, "rita", &["show", "2"]);
    archive.set_clock("2026-01-17T12:00:00Z");
    done(&archive, "rita", &["resolve", "2", "--as", "compliant", "--comment", "fine"]);
    archive.ok(&["supervise", "report", "--csv", "reviews.csv"]);
    let mut csv = csv::Reader::from_path(archive.path("reviews.csv")).expect("a table");
    let rows: Vec<String> = csv
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| format!("{} {} {} {}", &row[0], &row[11], row[13].get(..10).unwrap_or("-"), &row[14][..10]))
        .collect();
    let expected = [
        "1 resolve - 2026-01-15",
        "1 open 2026-01-16 2026-01-16",
        "2 open 2026-01-16 2026-01-16",
        "2 resolve 2026-01-16 2026-01-17",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn nobody_reviews_what_is_in_their_own_mailbox() {
    let archive = archive();
    let mail = mail(1, "annie88@private.example", OUT, "m", "x");
    archive.import(&archive.write("m.eml", mail), &["--mailbox", ANN]);
    archive.ok(&["supervise", "policy", "add", "p", "--reviewer", ANN, "--reviewer", BOB, "--backfill"]);
    run(&archive);
    done(&archive, ANN, &["show", "1"]);
    let resolve = ["resolve", "1", "--as", "compliant", "--comment", "fine"];
    refused(&archive, 21, ANN, &resolve, "is a message of ann@firm.example");
    refused(&archive, 21, BOB, &["escalate", "1", "--to", ANN, "--comment", "x"], "is a message of ann@firm.example");
    // Nor behind its disposition.
    let policy = ["retention", "policy", "add", "short", "--action", "delete", "--period", "1d"];
    archive.ok(&[&policy[..], &["--without-simulation", "test"]].concat());
    archive.ok(&["disposition", "plan", "-o", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    refused(&archive, 21, ANN, &resolve, "is a message of ann@firm.example");
    let shown = done(&archive, BOB, &["show", "1"]);
    assert!(text(&shown[0]["reviews"][1], "comment").contains("disposed of"), "{shown:?}");
}

#[test]
fn what_is_hidden_is_shown_where_it_was_found() {
    let archive = archive();
    let mail = mail(1, ANN, OUT, "m", "<p>Hello</p><img alt='we guarantee profit'>").replace("text/plain", "text/html");
    archive.import(&archive.write("m.eml", mail), &[]);
    add(&archive, "p", &["--query", "guarantee", "--direction", "outbound", "--backfill"]);
    assert_eq!(run(&archive), (1, 1));
    let shown = done(&archive, "rita", &["show", "1"]);
    let excerpt = &shown[0]["excerpts"][0];
    let around = (text(excerpt, "before"), text(excerpt, "found"), text(excerpt, "after"));
    assert!(around.0.ends_with("we ") && around.1 == "guarantee" && around.2.starts_with(" profit"), "{around:?}");
    let human = archive.run(&["--actor", "rita", "supervise", "show", "1"]);
    assert!(human.text().contains("\u{AB}guarantee\u{BB} profit"), "{}", human.text());
}

#[test]
fn copies_are_resolved_together_and_each_is_recorded() {
    let archive = archive();
    let newsletter = mail(1, OUT, &format!("{ANN}, {BOB}"), "news", "the same for all");
    archive.import(&archive.write("news.eml", newsletter), &[]);
    deliver(&archive, "m", &[(OUT, ANN, "another")]);
    add(&archive, "p", &["--backfill"]);
    assert_eq!(run(&archive), (3, 3));
    let first =
        queue(&archive, &[]).iter().find(|found| text(found, "subject") == "news").map(|found| text(found, "match"));
    let first = first.expect("it is there");
    done(&archive, "rita", &["show", &first]);
    let command = ["resolve", &first, "--as", "compliant", "--comment", "a newsletter", "--duplicates"];
    let resolved = done(&archive, "rita", &command);
    assert_eq!(resolved.len(), 2);
    let copy = resolved.iter().find(|found| text(found, "match") != first).expect("the copy");
    let steps: Vec<(String, Value)> = copy["reviews"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (text(step, "action"), step["copy_of"].clone()))
        .collect();
    assert_eq!(steps, [("copy".to_owned(), Value::from(first.clone())), ("resolve".to_owned(), Value::Null)]);
    let log = archive.ok(&["audit", "log"]);
    let says = |what: &str| log.iter().any(|entry| text(entry, "outcome").contains(what));
    assert!(says(&format!("copy of match {first}")) && says("resolve as compliant, unopened"), "{log:?}");
    let left = queue(&archive, &[]);
    assert_eq!(left.iter().map(|found| text(found, "subject")).collect::<Vec<_>>(), ["m 0"]);
}

#[test]
fn an_investigation_holds_the_message() {
    let archive = archive();
    deliver(&archive, "m", &[(ANN, OUT, "shred the files"), (ANN, OUT, "harmless")]);
    let policy = ["retention", "policy", "add", "short", "--action", "delete", "--period", "1d"];
    archive.ok(&[&policy[..], &["--without-simulation", "test"]].concat());
    add(&archive, "p", &["--query", "shred", "--backfill"]);
    assert_eq!(run(&archive), (1, 1));
    // A hold of that name that holds something else is none on the message.
    archive.ok(&["hold", "place", "supervision match 1", "--mailbox", BOB, "--reason", "another"]);
    let investigate = ["investigate", "1", "--case", "Files", "--comment", "ask counsel"];
    refused(&archive, 21, "rita", &investigate, "has not opened");
    done(&archive, "rita", &["show", "1"]);
    done(&archive, "rita", &investigate);
    refused(&archive, 2, "rita", &investigate, "already");
    let case = archive.one("case", &["case", "show", "Files"]);
    assert_eq!(case["holds"], serde_json::json!([{ "name": "supervision match 1 (2)", "state": "on" }]));
    let plan = archive.one("summary", &["disposition", "plan", "-o", "plan.json"]);
    assert_eq!((number(&plan, "held"), number(&plan, "eligible")), (1, 1));
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    let shown = done(&archive, "rita", &["show", "1"]);
    assert_eq!(text(&shown[0], "text").trim(), "shred the files");
    assert_eq!(text(&shown[0], "state"), "pending");
    // Once that hold is released, it can be investigated again.
    archive.ok(&["hold", "release", "supervision match 1 (2)", "--reason", "settled"]);
    done(&archive, "rita", &investigate);
    let case = archive.one("case", &["case", "show", "Files"]);
    let on = serde_json::json!({ "name": "supervision match 1 (3)", "state": "on" });
    assert!(case["holds"].as_array().is_some_and(|holds| holds.contains(&on)), "{case}");
    archive.ok(&["hold", "release", "supervision match 1 (3)", "--reason", "settled"]);
    archive.ok(&["case", "close", "Files", "--reason", "settled"]);
    let before = archive.ok(&["audit", "log"]).len();
    refused(&archive, 21, "rita", &investigate, "closed");
    let log = archive.ok(&["audit", "log"]);
    let is_refusal = |entry: &Value| text(entry, "action") == "supervise.refuse" && text(entry, "object") == "1";
    assert!(log[before..].iter().any(is_refusal), "{:?}", &log[before..]);
}

#[test]
fn what_was_disposed_of_stays_as_a_match_without_its_text() {
    let archive = archive();
    deliver(&archive, "m", &[(ANN, OUT, "the secret word")]);
    let policy = ["retention", "policy", "add", "short", "--action", "delete", "--period", "1d"];
    archive.ok(&[&policy[..], &["--without-simulation", "test"]].concat());
    add(&archive, "p", &["--query", "secret", "--backfill"]);
    run(&archive);
    let digest = text(&queue(&archive, &[])[0], "digest");
    archive.ok(&["disposition", "plan", "-o", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    let shown = done(&archive, "rita", &["show", "1"]);
    assert_eq!((text(&shown[0], "text"), text(&shown[0], "digest")), (String::new(), digest));
    assert_eq!(shown[0]["folder"], Value::Null);
    done(&archive, "rita", &["resolve", "1", "--as", "questionable", "--comment", "gone"]);
    archive.verify_clean();
}

#[test]
fn a_policy_has_to_find_and_miss_its_samples() {
    let archive = archive();
    let wrong = ["supervise", "policy", "add", "p", "--reviewer", "rita", "--query", "profit", "--hit", "a loss"];
    let error = archive.json(2, &wrong).error();
    assert!(text(&error, "message").contains("does not find what it must: a loss"), "{error}");
    let samples = ["--hit", "we guarantee a return", "--miss", "returns are not guaranteed"];
    add(&archive, "p", &[&GUARANTEE[..], &samples].concat());
    let tried =
        archive.ok(&["supervise", "policy", "test", "p", "--text", "I guarantee no return", "--text", "guarantee"]);
    let found: Vec<bool> = tried.iter().map(|tried| tried["found"] == true).collect();
    assert_eq!(found, [true, false, true, false]);
    let change = ["supervise", "policy", "set", "p", "--exclude", "", "--reason", "wider"];
    let error = archive.json(2, &change).error();
    assert!(text(&error, "message").contains("finds what it must not"), "{error}");
    let drop = ["--drop-sample", "returns are not guaranteed"];
    let changed = archive.one("supervision_policy", &[&change[..], &drop].concat());
    assert_eq!((number(&changed, "version"), &changed["exclude"]), (2, &Value::Null));
    let versions = archive.ok(&["supervise", "policy", "show", "p"]);
    assert_eq!(versions.iter().map(|version| number(version, "version")).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_no_policy_can_say_is_refused() {
    let archive = archive();
    for (options, named) in [
        (&["--query", "a b OR"][..], "E_"),
        (&["--query", "sent:today"], "today"),
        (&["--sample", "0"], "1 to 100"),
        (&["--sample", "101"], "1 to 100"),
        (&["--due", "0"], "a day at least"),
        (&["--due", "4294967295"], "ten years at most"),
        (&["--exclude", "x"], "without a query"),
        (&["--query", "x", "--exclude", "a NEAR(2) b"], "joined by OR"),
        (&["--mailbox", "nobody@firm.example"], "nobody"),
        (&["--reviewer", " "], "needs a name"),
    ] {
        let command = [&["--json", "supervise", "policy", "add", "p", "--reviewer", "rita"], options].concat();
        let outcome = archive.run(&command);
        assert!(matches!(outcome.code, 1 | 2), "{options:?}: {}", outcome.code);
        assert!(outcome.stderr.contains(named), "{options:?}: {}", outcome.stderr);
    }
    archive.json(2, &["supervise", "policy", "add", "p"]);
    assert!(archive.ok(&["supervise", "policy", "list"]).is_empty());
    add(&archive, "p", &[]);
    archive.json(1, &["supervise", "policy", "add", "p", "--reviewer", "rita"]);
    archive.json(2, &["supervise", "policy", "set", "p", "--severity", "medium", "--reason", "nothing"]);
    archive.json(2, &["supervise", "report", "--from", "2026-02-01", "--before", "2026-01-01"]);
}

/// A policy finds exactly what a search finds in the mailboxes, whatever is searched for.
#[test]
fn a_policy_finds_what_a_search_finds() {
    let archive = TestArchive::new();
    firm::write(&archive.path("in"), 5, 90, 60);
    for person in firm::PEOPLE {
        archive.ok(&["mailbox", "add", &format!("{person}@firm.example")]);
    }
    archive.import(&archive.path("in"), &[]);
    let (ada, bao) = ("ada@firm.example", "bao@firm.example");
    let queries = [
        "invoice OR harbour",
        "ledger NEAR(8) price",
        "from:ada",
        "NOT contract",
        "\u{5408}\u{540C}",
        "kind:im AND meeting",
        "subject:copper",
    ];
    for (n, query) in queries.iter().enumerate() {
        let name = format!("q{n}");
        add(&archive, &name, &["--query", query, "--mailbox", ada, "--mailbox", bao, "--backfill"]);
        archive.ok(&["supervise", "run", &name]);
        let found: BTreeSet<String> =
            queue(&archive, &["--policy", &name]).iter().map(|found| text(found, "item")).collect();
        let mut hits = archive.ok(&["search", query, "--mailbox", ada, "--mailbox", bao]);
        hits.remove(0);
        assert_eq!(found, hits.iter().map(|hit| text(hit, "item")).collect(), "{query}");
        assert!(!found.is_empty(), "{query}");
    }
}

const MATCHES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("supervision_matches");
const OPEN: TableDefinition<'_, u64, ()> = TableDefinition::new("supervision_open");

#[test]
fn a_match_that_is_gone_is_missed() {
    let archive = archive();
    deliver(&archive, "m", &[(OUT, ANN, "x"), (OUT, ANN, "y"), (OUT, ANN, "z")]);
    add(&archive, "p", &["--backfill"]);
    run(&archive);
    archive.verify_clean();
    let store = redb::Database::open(archive.directory().join("archive.redb")).expect("the store");
    let transaction = store.begin_write().expect("a transaction");
    transaction.open_table(MATCHES).expect("matches").remove(2).expect("removed");
    transaction.open_table(OPEN).expect("the open ones").remove(1).expect("removed");
    transaction.commit().expect("committed");
    drop(store);
    let found: String = archive
        .json(20, &["verify"])
        .lines()
        .iter()
        .filter(|line| line["type"] == "problem")
        .map(|line| text(line, "detail") + "\n")
        .collect();
    for part in
        ["3 matches were found, and 2 are there", "list of items has 3 rows for 2 matches", "the lists of open matches"]
    {
        assert!(found.contains(part), "{part}: {found}");
    }
}
