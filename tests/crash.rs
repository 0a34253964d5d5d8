//! Killed at any instant, an archive reopens clean: an import is completed by the same import without doubles, and a
//! disposition happened wholly or not at all.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Child;
use std::sync::{Mutex, PoisonError};
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

/// The tests measure how long a run takes, and so run one after the other.
static ALONE: Mutex<()> = Mutex::new(());

/// Kills that have to hit a process at work, for the test to mean something.
const WORTH: u32 = 15;

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

fn start(archive: &TestArchive, arguments: &[&str]) -> Child {
    let mut command = archive.command(arguments);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("the binary runs")
}

/// Kills a process `after` its start; tells whether it was still at work.
fn kill(child: Child, after: Duration) -> bool {
    let begun = Instant::now();
    kill_when(child, || begun.elapsed() >= after)
}

/// Bytes on disk of the store.
fn written(archive: &TestArchive) -> u64 {
    std::fs::metadata(archive.directory().join("archive.redb")).map_or(0, |metadata| metadata.blocks() * 512)
}

/// Kills a process once `ready`, or when it has ended; tells whether it was still at work.
fn kill_when(mut child: Child, ready: impl Fn() -> bool) -> bool {
    while !ready() && child.try_wait().expect("the process is ours").is_none() {
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
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let undisturbed = prepared();
    let begun = Instant::now();
    let summary = undisturbed.import(&undisturbed.path("firm"), &[]);
    let usual = begun.elapsed();
    assert_eq!(number(&summary, "offered"), (MAILS + CHATS) as u64, "{summary}");
    assert_eq!(number(&summary, "stored"), (MAILS + CHATS) as u64, "{summary}");
    let wanted = state(&undisturbed);
    let whole = written(&undisturbed);

    let mut random = Random(50);
    let (mut at_work, mut between_commits) = (0, 0);
    for round in 1..=ROUNDS {
        let archive = prepared();
        for attempt in 0..KILLS / ROUNDS {
            let share = random.below(1_000) as f64 / 1_000.0;
            let child = start(&archive, &["import", "firm", "--json"]);
            // Half of them by the clock, half by what is on disk: that meets the commits on a busy machine too.
            at_work += u32::from(if attempt % 2 == 0 {
                kill(child, usual.mul_f64(share))
            } else {
                kill_when(child, || written(&archive) as f64 >= whole as f64 * share)
            });
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

/// Whether `word` stands in a file of the archive, in a zstd frame of one, or is found by a search.
fn is_left(archive: &TestArchive, word: &str) -> bool {
    let in_file = |path: &Path| {
        let bytes = std::fs::read(path).expect("file");
        let frames = memchr::memmem::find_iter(&bytes, &[0x28, 0xB5, 0x2F, 0xFD]);
        let unpacked = |start| {
            let mut content = Vec::new();
            let frame = zstd::Decoder::with_buffer(bytes.get(start..).unwrap_or_default()).expect("memory suffices");
            frame.single_frame().take(64 << 20).read_to_end(&mut content).ok();
            content
        };
        let holds = |bytes: &[u8]| memchr::memmem::find(bytes, word.as_bytes()).is_some();
        holds(&bytes) || frames.map(unpacked).any(|content| holds(&content))
    };
    let files = walkdir::WalkDir::new(archive.directory()).into_iter().map(|entry| entry.expect("entry"));
    files.filter(|entry| entry.file_type().is_file()).any(|entry| in_file(entry.path()))
        || !archive.hits(Some(word)).is_empty()
}

fn copy(from: &Path, to: &Path) {
    std::fs::remove_dir_all(to).ok();
    for entry in walkdir::WalkDir::new(from).into_iter().map(|entry| entry.expect("entry")) {
        let target = to.join(entry.path().strip_prefix(from).expect("it is below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).expect("directory");
        } else {
            std::fs::copy(entry.path(), target).expect("file");
        }
    }
}

#[test]
fn a_killed_disposition_happened_wholly_or_not_at_all() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ada@firm.example"]);
    archive.ok(&["mailbox", "add", "bao@firm.example"]);
    firm::write(&archive.path("firm"), 9, 600, 300);
    archive.import(&archive.path("firm"), &["--mailbox", "ada@firm.example"]);
    let kept = archive.write("kept.eml", "From: a@x.example\nSubject: kept\n\nsurvivor\n");
    archive.import(&kept, &["--mailbox", "bao@firm.example"]);
    let delete =
        ["--without-simulation", "test", "--action", "delete", "--period", "1d", "--include", "ada@firm.example"];
    archive.ok(&[&["retention", "policy", "add", "day"], &delete[..]].concat());
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    let whole = archive.path("whole");
    copy(&archive.directory(), &whole);
    assert!(is_left(&archive, "unique7"));
    copy(&whole, &archive.directory());

    let execute = ["disposition", "execute", "plan.json", "--yes"];
    let begun = Instant::now();
    archive.ok(&execute);
    // How long an execution takes changes with what else the machine does: after each kill the next ones come earlier or
    // later, so that about half of them meet each side of the commit.
    let mut longest = begun.elapsed();
    assert!(!is_left(&archive, "unique7"), "an undisturbed execution leaves nothing");

    let mut random = Random(12);
    let (mut undone, mut done) = (0, 0);
    for n in 0..KILLS {
        copy(&whole, &archive.directory());
        kill(start(&archive, &execute), longest.mul_f64(random.below(1_000) as f64 / 1_000.0));
        let verified = archive.verify_clean();
        match number(&verified, "items") {
            1 => {
                done += 1;
                longest = longest.mul_f64(0.9);
                assert!(!is_left(&archive, "unique7"), "kill {n}: destroyed bytes are left after reopening");
                archive.json(21, &execute);
            }
            901 => {
                undone += 1;
                longest = longest.mul_f64(1.1);
                archive.ok(&execute);
                assert!(!is_left(&archive, "unique7"), "kill {n}");
            }
            other => panic!("kill {n}: {other} items are left of 901"),
        }
        assert_eq!(archive.hits(None).iter().map(|hit| text(hit, "subject")).collect::<Vec<_>>(), ["kept"]);
        archive.verify_clean();
    }
    println!("{undone} kills came before the commit, {done} after it");
    assert!(undone > 0 && done > 0, "{undone} kills came before the commit, {done} after it");
}
