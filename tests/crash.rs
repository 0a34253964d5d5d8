//! Killed at any instant of an import, the archive reopens clean, and the same import completes it without doubles.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeSet;
use std::process::Child;
use std::time::{Duration, Instant};

use support::firm::{self, Random};
use support::{TestArchive, number, text};

const MAILS: usize = 1_200;
const CHATS: usize = 2_000;

/// Bytes of an attachment: the import makes several commits of 48 MiB.
const ATTACHMENT: usize = 100_000;

const KILLS: u32 = 50;

/// Imports that are completed, each after some of the kills.
const ROUNDS: u32 = 10;

/// Kills that have to hit a process at work, for the test to mean something.
const WORTH: u32 = 20;

const QUERIES: [&str; 6] =
    ["contract", "unique1199", "chat1999", "\u{5408}\u{540C}", "subject:invoice", "hasattachment:true"];

/// What an import leaves, apart from the numbers that were given on the way.
#[derive(Debug, PartialEq, Eq)]
struct State {
    places: BTreeSet<(String, String, String)>,
    items: u64,
    messages: u64,
    answers: Vec<BTreeSet<(String, String, String)>>,
}

fn place(hit: &serde_json::Value) -> (String, String, String) {
    (text(hit, "mailbox"), text(hit, "folder"), text(hit, "digest"))
}

fn state(archive: &TestArchive) -> State {
    let stats = archive.ok(&["stats"]).remove(0);
    State {
        places: archive.hits(None).iter().map(place).collect(),
        items: number(&stats, "items"),
        messages: number(&stats, "messages"),
        answers: QUERIES.iter().map(|query| archive.hits(Some(query)).iter().map(place).collect()).collect(),
    }
}

fn prepared() -> TestArchive {
    let archive = TestArchive::new();
    firm::write_with(&archive.path("firm"), 7, MAILS, CHATS, ATTACHMENT);
    for person in firm::PEOPLE {
        archive.ok(&["mailbox", "add", &format!("{person}@firm.example")]);
    }
    archive
}

fn start(archive: &TestArchive) -> Child {
    let mut command = archive.command(&["import", "firm", "--json"]);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("the binary runs")
}

/// Kills a process `after` its start; tells whether it was still at work.
fn kill(mut child: Child, after: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < after {
        std::hint::spin_loop();
    }
    let at_work = child.try_wait().expect("the process is ours").is_none();
    child.kill().ok();
    child.wait().expect("it ends");
    at_work
}

fn assert_ledgers_add_up(archive: &TestArchive) {
    for batch in archive.ok(&["batch", "list"]) {
        let ledger = batch.get("ledger").expect("a ledger");
        let parts = ["stored", "duplicate", "quarantined", "rejected"];
        assert_eq!(number(ledger, "offered"), parts.iter().map(|part| number(ledger, part)).sum::<u64>(), "{batch}");
    }
}

#[test]
fn an_import_killed_fifty_times_ends_as_if_undisturbed() {
    let undisturbed = prepared();
    let begun = Instant::now();
    let summary = undisturbed.import(&undisturbed.path("firm"), &[]);
    let usual = begun.elapsed();
    assert_eq!(number(&summary, "offered"), (MAILS + CHATS) as u64, "{summary}");
    assert_eq!(number(&summary, "stored"), (MAILS + CHATS) as u64, "{summary}");
    let wanted = state(&undisturbed);

    let mut random = Random(50);
    let (mut at_work, mut between_commits) = (0, 0);
    for round in 1..=ROUNDS {
        let archive = prepared();
        for _ in 0..KILLS / ROUNDS {
            let after = usual.mul_f64(random.below(1_150) as f64 / 1_000.0);
            at_work += u32::from(kill(start(&archive), after));
            let verified = archive.verify_clean();
            let messages = number(&verified, "messages");
            between_commits += u32::from(messages > 0 && messages < wanted.messages);
            assert_ledgers_add_up(&archive);
        }
        archive.import(&archive.path("firm"), &[]);
        assert_ledgers_add_up(&archive);
        archive.verify_clean();
        assert_eq!(state(&archive), wanted, "round {round}");
    }
    println!("{at_work} of {KILLS} kills hit an import at work, {between_commits} found a part of it committed");
    assert!(at_work >= WORTH, "only {at_work} of {KILLS} kills hit an import at work");
    assert!(between_commits > 0, "no kill found a part of the import committed");
}
