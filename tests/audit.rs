//! Every act leaves an audit entry that says who did what and why, and a changed entry is found.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use custodia::store::{Store, audit_leaf, audit_size};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use support::{TestArchive, number, text};

fn log(archive: &TestArchive) -> Vec<Value> {
    archive.ok(&["audit", "log"])
}

/// An archive with two mails of one mailbox, a policy that deletes them and a plan.
fn prepared() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@x.example"]);
    for n in 1..=2 {
        let mail = format!("From: a@x.example\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nSubject: mail {n}\n\nbody\n");
        archive.write(&format!("in/{n}.eml"), mail);
    }
    archive.import(&archive.path("in"), &["--mailbox", "ann@x.example"]);
    archive.ok(&["hold", "place", "old", "--mailbox", "ann@x.example", "--reason", "r", "--query", "mail"]);
    archive.ok(&[
        "retention",
        "policy",
        "add",
        "year",
        "--without-simulation",
        "test",
        "--action",
        "delete",
        "--period",
        "1y",
    ]);
    archive
}

#[test]
fn each_act_leaves_one_entry_with_actor_and_purpose() {
    let archive = prepared();
    archive.write("later.eml", "From: a@x.example\nSubject: later\n\nmore mail\n");
    let mut known = log(&archive).len() + 1;
    for (action, arguments) in [
        ("search", vec!["search", "mail"]),
        ("search", vec!["search", "--all", "--count"]),
        ("show", vec!["show", "1"]),
        ("show.raw", vec!["show", "1", "--raw"]),
        ("show.headers", vec!["show", "1", "--headers"]),
        ("explain", vec!["explain", "1"]),
        ("audit.checkpoint", vec!["audit", "checkpoint"]),
        ("audit.verify", vec!["audit", "verify"]),
        ("audit.prove", vec!["audit", "prove", "0", "--output", "proof.json"]),
        ("mailbox.add", vec!["mailbox", "add", "bob@x.example"]),
        ("mailbox.set", vec!["mailbox", "set", "bob@x.example", "--name", "Bob"]),
        ("hold.place", vec!["hold", "place", "new", "--mailbox", "bob@x.example", "--reason", "case 7"]),
        ("hold.release", vec!["hold", "release", "new", "--reason", "case closed"]),
        ("retention.policy.add", vec!["retention", "policy", "add", "p", "--action", "retain", "--period", "1d"]),
        ("retention.policy.remove", vec!["retention", "policy", "remove", "p", "--reason", "unused"]),
        ("retention.simulate", vec!["retention", "simulate"]),
        ("disposition.plan", vec!["disposition", "plan", "--output", "plan.json"]),
        ("disposition.execute", vec!["disposition", "execute", "plan.json", "--yes"]),
        ("index.rebuild", vec!["index", "rebuild"]),
        ("verify", vec!["verify"]),
        ("audit.log", vec!["audit", "log"]),
    ] {
        let who = ["--actor", "Grace H.", "--purpose", "matter 4711"];
        let outcome = archive.run(&[arguments.as_slice(), &who].concat());
        assert_eq!(outcome.code, 0, "{arguments:?}: {}", outcome.stderr);
        let entries = log(&archive);
        let new = entries.get(known..).expect("the log only grows");
        assert_eq!(new.len(), 1, "{arguments:?} leaves one entry: {new:?}");
        for entry in new {
            assert_eq!(text(entry, "action"), action, "{entry}");
            assert_eq!(
                (text(entry, "actor"), text(entry, "purpose")),
                ("Grace H.".to_owned(), "matter 4711".to_owned())
            );
            assert_eq!(text(entry, "at"), support::NOW);
        }
        known = entries.len() + 1;
    }
    let numbers: Vec<u64> = log(&archive).iter().map(|entry| number(entry, "seq")).collect();
    assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>());
    archive.verify_clean();
}

#[test]
fn an_import_leaves_its_beginning_and_its_end() {
    let archive = prepared();
    let known = log(&archive).len() + 1;
    archive.import(
        &archive.write("later.eml", "From: a@x.example\nSubject: later\n\nmail\n"),
        &["--mailbox", "ann@x.example"],
    );
    let entries = log(&archive);
    let new = entries.get(known..).expect("the log only grows");
    let imports: Vec<String> =
        new.iter().filter(|e| text(e, "action") == "import").map(|e| text(e, "outcome")).collect();
    assert!(imports.len() >= 2, "{new:?}");
    assert!(imports.first().is_some_and(|outcome| outcome.contains("begins")), "{imports:?}");
    assert!(imports.last().is_some_and(|outcome| outcome.contains("1 stored")), "{imports:?}");
    assert!(new.iter().any(|e| text(e, "action") == "hold.evaluate"), "the query hold took note of it: {new:?}");
}

#[test]
fn what_was_not_done_is_not_recorded_as_done() {
    let archive = prepared();
    let known = log(&archive).len() + 1;
    for arguments in [
        vec!["show", "99"],
        vec!["mailbox", "add", "ann@x.example"],
        vec!["hold", "place", "old", "--mailbox", "ann@x.example", "--reason", "r"],
        vec![
            "retention",
            "policy",
            "add",
            "year",
            "--without-simulation",
            "test",
            "--action",
            "delete",
            "--period",
            "1y",
        ],
        vec!["import", "nowhere"],
        vec!["import", "in", "--mailbox", "ann@x.example", "--dry-run"],
    ] {
        archive.run(&arguments);
    }
    assert_eq!(log(&archive).get(known..).map(<[Value]>::len), Some(0));
    archive.run(&["search", "sent>=never"]);
    let last = log(&archive).pop().expect("entries");
    assert!(text(&last, "action") == "search" && text(&last, "outcome").contains("refused"), "{last}");
    archive.json(1, &["search", "mail", "--mailbox", "nobody@x.example"]);
    let last = log(&archive).pop().expect("entries");
    assert!(text(&last, "action") == "search" && text(&last, "outcome").contains("nobody@x.example"), "{last}");
    archive.json(1, &["export", "--result", "nothing", "-o", "out"]);
    let last = log(&archive).pop().expect("entries");
    assert!(text(&last, "action") == "export.search" && text(&last, "object") == "nothing", "{last}");
}

/// The root over `leaves` as RFC 6962 2.1 defines it.
fn root(leaves: &[Vec<u8>]) -> Vec<u8> {
    match leaves {
        [] => Sha256::digest([]).to_vec(),
        [leaf] => Sha256::digest([&[0], leaf.as_slice()].concat()).to_vec(),
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Sha256::digest([&[1], root(left).as_slice(), &root(right)].concat()).to_vec()
        }
    }
}

#[test]
fn verify_computes_the_root_of_the_tree_over_all_entries() {
    let archive = prepared();
    for _ in 0..9 {
        let verified = archive.verify_clean();
        let store = Store::open(&archive.path("archive/archive.redb")).expect("the store opens");
        let snapshot = store.snapshot().expect("snapshot");
        let size = number(&verified, "audit_entries");
        assert_eq!(audit_size(&snapshot).expect("size"), size + 1, "then its own entry was appended");
        let leaves: Vec<Vec<u8>> = (0..size).map(|seq| audit_leaf(&snapshot, seq).expect("leaf")).collect();
        assert_eq!(text(&verified, "audit_root"), data_encoding::HEXLOWER.encode(&root(&leaves)));
    }
}

#[test]
fn a_changed_entry_is_found() {
    let archive = prepared();
    archive.ok(&["search", "mail", "--purpose", "zanzibar"]);
    archive.ok(&["stats"]);
    let path = archive.path("archive/archive.redb");
    let mut bytes = fs::read(&path).expect("store");
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, b"zanzibar").collect();
    assert!(!places.is_empty(), "the entry stands in the store as text");
    for place in places {
        if let Some(byte) = bytes.get_mut(place) {
            *byte = b'Z';
        }
    }
    fs::write(&path, bytes).expect("store");
    let outcome = archive.json(20, &["verify"]);
    let lines = outcome.lines();
    let objects: BTreeSet<String> =
        lines.iter().filter(|line| text(line, "type") == "problem").map(|line| text(line, "object")).collect();
    assert_eq!(objects.iter().collect::<Vec<_>>(), ["audit", "store"]);
}

#[test]
fn times_never_go_back() {
    let mut archive = prepared();
    archive.set_clock("2025-12-24T00:00:00Z");
    archive.hits(None);
    let entries = log(&archive);
    let times: Vec<String> = entries.iter().map(|entry| text(entry, "at")).collect();
    assert!(times.is_sorted(), "{times:?}");
    archive.verify_clean();
}

fn problems(archive: &TestArchive, checkpoint: &str) -> Vec<String> {
    let mut lines = archive.json(20, &["audit", "verify", "--against", checkpoint]).lines();
    assert_eq!(lines.pop().map(|summary| number(&summary, "problems")), Some(lines.len() as u64));
    lines.iter().map(|line| text(line, "detail")).collect()
}

#[test]
fn a_log_only_grows_since_a_checkpoint() {
    let archive = prepared();
    let older = fs::read(archive.directory().join("archive.redb")).unwrap();
    archive.ok(&["audit", "checkpoint", "--output", "first"]);
    let first = fs::read_to_string(archive.path("first")).unwrap();
    let [origin, size, root] = first.lines().collect::<Vec<_>>()[..] else { panic!("{first}") };
    assert_eq!((size.parse::<usize>().unwrap(), root.len()), (log(&archive).len(), 44));
    archive.ok(&["search", "mail"]);
    let summary = archive.one("summary", &["audit", "verify", "--against", "first"]);
    assert_eq!((number(&summary, "against").to_string(), number(&summary, "problems")), (size.to_owned(), 0));
    // Another root, fewer entries than there were, and another archive.
    archive.write("forged", format!("{origin}\n{size}\n{}=\n", "A".repeat(43)));
    assert!(problems(&archive, "forged").concat().contains("not those of the checkpoint"));
    fs::write(archive.directory().join("archive.redb"), older).unwrap();
    assert!(problems(&archive, "first").concat().contains("older copy"));
    let other = TestArchive::new();
    other.write("first", &first);
    assert!(text(&other.json(2, &["audit", "verify", "--against", "first"]).error(), "message").contains("of archive"));
    other.write("none", "no checkpoint");
    assert!(
        text(&other.json(2, &["audit", "verify", "--against", "none"]).error(), "message").contains("no checkpoint")
    );
}

#[test]
fn a_signed_checkpoint_is_believed_by_its_key_alone() {
    let archive = prepared();
    let key = text(&archive.one("key", &["audit", "new-key", "firm.example/log", "--output", "log.key"]), "key");
    let other = text(&archive.one("key", &["audit", "new-key", "firm.example/log", "--output", "other.key"]), "key");
    assert_eq!(fs::metadata(archive.path("log.key")).unwrap().permissions().mode() & 0o777, 0o600);
    archive.json(1, &["audit", "new-key", "x", "--output", "log.key"]);
    archive.ok(&["audit", "checkpoint", "--sign-with", "log.key", "--sign-with", "other.key", "--output", "both"]);
    archive.ok(&["audit", "checkpoint", "--sign-with", "log.key", "--output", "first"]);
    archive.ok(&["audit", "checkpoint", "--output", "bare"]);
    let verify =
        |code, file: &str, key: &str| archive.json(code, &["audit", "verify", "--against", file, "--key", key]);
    for (file, key) in [("both", &key), ("both", &other), ("first", &key)] {
        assert_eq!(number(&verify(0, file, key).lines()[0], "problems"), 0);
    }
    archive.ok(&["audit", "verify", "--against", "first"]);
    let first = fs::read_to_string(archive.path("first")).unwrap();
    let size = first.lines().nth(1).unwrap().to_owned();
    archive.write("changed", first.replacen(&format!("\n{size}\n"), "\n1\n", 1));
    for (file, key, why) in
        [("first", &other, "has not signed it"), ("bare", &key, "no signature"), ("changed", &key, "another text")]
    {
        let message = text(&verify(20, file, key).error(), "message");
        assert!(message.contains("not to be trusted") && message.contains(why), "{message}");
    }
    // What mailers do to it is told from forgery, and who signed it from nobody.
    for (name, text) in [("crlf", first.replace('\n', "\r\n")), ("blank", format!("{first}\n"))] {
        archive.write(name, text);
    }
    for name in ["crlf", "blank"] {
        let message = text(&verify(20, name, &key).error(), "message");
        assert!(message.contains("changed on its way"), "{message}");
    }
    assert_eq!(verify(0, "first", &key).lines()[0]["signed_by"], "firm.example/log");
    let unchecked = archive.json(0, &["audit", "verify", "--against", "first"]);
    assert!(unchecked.stderr.contains("signature was not checked"), "{}", unchecked.stderr);
    assert_eq!(unchecked.lines()[0]["signed_by"], Value::Null);
    for name in ["a b", "a+b", "a\u{202E}b", &"x".repeat(256)] {
        archive.json(2, &["audit", "new-key", name, "--output", "odd.key"]);
    }
    let empty = archive.write(
        "empty",
        format!("{}\n0\n{}\n", first.lines().next().unwrap(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    );
    archive.json(2, &["audit", "verify", "--against", empty.to_str().unwrap()]);
    let secret = fs::read_to_string(archive.path("log.key")).unwrap();
    assert!(text(&verify(2, "first", secret.trim()).error(), "message").contains("secret"));
    assert!(!archive.run(&["audit", "log"]).text().contains(secret.trim()), "the key is in no record");
    fs::set_permissions(archive.path("log.key"), fs::Permissions::from_mode(0o640)).unwrap();
    let open = archive.json(2, &["audit", "checkpoint", "--sign-with", "log.key"]).error();
    assert!(text(&open, "message").contains("chmod 600"), "{open}");
}

#[test]
fn an_entry_is_proved_without_the_archive() {
    let archive = prepared();
    archive.ok(&["audit", "prove", "1", "--output", "proof.json"]);
    let elsewhere = TestArchive::absent();
    let path = archive.path("proof.json");
    let check = |code: i32| elsewhere.json(code, &["audit", "prove", "--verify", path.to_str().unwrap()]);
    let proved = check(0).lines().pop().unwrap();
    assert_eq!(proved.get("entry"), log(&archive).get(1));
    let changed = fs::read_to_string(&path).unwrap().replacen("\"entry\": 1", "\"entry\": 2", 1);
    fs::write(&path, changed).unwrap();
    assert!(text(&check(20).error(), "message").contains("does not hold"));
    archive.json(1, &["audit", "prove", "999", "--output", "none.json"]);
    assert!(!archive.path("none.json").exists());
}

#[test]
fn an_entry_is_proved_to_whoever_has_a_checkpoint() {
    let archive = prepared();
    let key = text(&archive.one("key", &["audit", "new-key", "firm.example/log", "--output", "log.key"]), "key");
    let checkpoint = |name: &str| {
        archive.ok(&["audit", "checkpoint", "--sign-with", "log.key", "--output", name]);
    };
    checkpoint("early");
    archive.ok(&["search", "mail"]);
    let entry = (log(&archive).len() - 1).to_string();
    archive.ok(&["search", "body"]);
    checkpoint("late");
    let elsewhere = TestArchive::absent();
    let at = |name: &str| archive.path(name).to_str().unwrap().to_owned();
    let check = |code: i32, proof: &str, checkpoint: &str| {
        let (proof, checkpoint) = (at(proof), at(checkpoint));
        let command = ["audit", "prove", "--verify", &proof, "--against", &checkpoint, "--key", &key];
        elsewhere.json(code, &command)
    };
    // Of a checkpoint after it, the entry is in that log; of one before it, in a log that goes on from there.
    for name in ["early", "late"] {
        let proof = format!("{name}.json");
        archive.ok(&["audit", "prove", &entry, "--output", &proof, "--against", name, "--key", &key]);
        let proved = check(0, &proof, name).lines().pop().unwrap();
        assert_eq!(
            (text(&proved["entry"], "action"), text(&proved["entry"], "object")),
            ("search".into(), "mail".into())
        );
        let size = fs::read_to_string(archive.path(name)).unwrap().lines().nth(1).unwrap().to_owned();
        assert_eq!(number(&proved, "against").to_string(), size);
        assert_eq!(number(&proved, "size") > number(&proved, "against"), name == "early");
    }
    let silent = text(&check(2, "early.json", "late").error(), "message");
    assert!(silent.contains("says nothing of the checkpoint"), "{silent}");
    // A path that leads elsewhere, and a log that is not that of the checkpoint.
    let proof: Value = serde_json::from_slice(&fs::read(archive.path("early.json")).unwrap()).unwrap();
    let path = proof["earlier"]["path"][0].as_str().unwrap();
    archive.write("broken.json", proof.to_string().replacen(path, &"0".repeat(64), 1));
    assert!(text(&check(20, "broken.json", "early").error(), "message").contains("does not hold"));
    let note = fs::read_to_string(archive.path("late")).unwrap();
    let root = note.lines().nth(2).unwrap();
    let forged = note.lines().take(3).collect::<Vec<_>>().join("\n").replace(root, &format!("{}=", "A".repeat(43)));
    archive.write("forged", forged);
    let late = at("late.json");
    let against = elsewhere.json(20, &["audit", "prove", "--verify", &late, "--against", &at("forged")]);
    assert!(text(&against.error(), "message").contains("of another log"), "{}", against.stderr);
    let refused = archive.json(20, &["audit", "prove", "0", "--output", "none.json", "--against", "forged"]);
    assert!(text(&refused.error(), "message").contains("does not go on from the checkpoint"), "{}", refused.stderr);
    let other = TestArchive::new();
    other.write("late", note);
    let refused = other.json(2, &["audit", "prove", "0", "--output", "none.json", "--against", "late"]);
    assert!(text(&refused.error(), "message").contains("of archive"), "{}", refused.stderr);
}
