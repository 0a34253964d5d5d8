//! Memory is bounded whatever is read: imports do with 400 MiB, searches and views with 150.
#![cfg(all(feature = "cli", target_os = "linux"))]

mod support;

use std::io::{BufWriter, Write as _};
use std::process::{Command, Output};

use support::TestArchive;
use support::firm;

const MIB: u64 = 1 << 20;

/// Has the allocator take memory as it is needed and give it back at once: the limit counts what is reserved, and it
/// reserves more than it ever touches.
const ALLOCATOR: [(&str, &str); 2] = [("MIMALLOC_DISALLOW_ARENA_ALLOC", "1"), ("MIMALLOC_PURGE_DELAY", "0")];

/// Runs the program where the system gives it no more than `limit` bytes of memory of its own.
fn within(archive: &TestArchive, limit: u64, arguments: &[&str]) -> Output {
    let program = archive.command(arguments);
    let mut limited = Command::new("sh");
    limited.arg("-c").arg(format!("ulimit -d {}; exec \"$0\" \"$@\"", limit / 1024)).arg(program.get_program());
    limited.args(program.get_args()).env_clear().envs(ALLOCATOR);
    limited.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(archive.path("")).output().expect("sh runs")
}

/// Most memory that the program had at a time, in bytes, with the allocator as its users have it; `None` without GNU time.
fn resident(archive: &TestArchive, arguments: &[&str]) -> Option<u64> {
    let (program, peak) = (archive.command(arguments), archive.path("peak"));
    let mut measured = Command::new("/usr/bin/time");
    measured.args(["-f", "%M", "-o"]).arg(&peak).arg(program.get_program()).args(program.get_args()).env_clear();
    measured.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = measured.current_dir(archive.path("")).output().ok()?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let kib: u64 = std::fs::read_to_string(peak).expect("peak").trim().parse().expect("a number");
    Some(kib * 1024)
}

/// A mail that passes through the import as a stream, and the mails and chats of a firm.
fn prepared() -> TestArchive {
    let archive = TestArchive::new();
    firm::write_with(&archive.path("in"), 3, 2_000, 8_000, 20_000);
    let mail = std::fs::File::create(archive.path("in/large.eml")).expect("file");
    let mut mail = BufWriter::new(mail);
    mail.write_all(
        b"From: ada@firm.example\r\nSubject: large\r\nContent-Type: application/octet-stream; name=large.bin\r\n\
          Content-Transfer-Encoding: base64\r\n\r\n",
    )
    .expect("file");
    let mut random = firm::Random(9);
    for _ in 0..64 * MIB / 57 {
        let bytes: Vec<u8> = (0..57).map(|_| random.next() as u8).collect();
        writeln!(mail, "{}\r", data_encoding::BASE64.encode(&bytes)).expect("file");
    }
    mail.flush().expect("file");
    archive
}

const IMPORT: [&str; 5] = ["import", "in", "--mailbox", "ada@firm.example", "--create-mailboxes"];

/// Commands behind an import, with what they may take.
const VIEWS: [(u64, &[&str]); 3] = [
    (150 * MIB, &["search", "--all", "--json"]),
    (150 * MIB, &["search", "harbour", "--limit", "50"]),
    (150 * MIB, &["show", "1"]),
];

#[test]
fn imports_searches_and_views_keep_to_their_memory() {
    let archive = prepared();
    assert!(!within(&archive, 16 * MIB, &IMPORT).status.success(), "the limit is one");
    for (limit, arguments) in [(400 * MIB, &IMPORT[..])].into_iter().chain(VIEWS) {
        let output = within(&archive, limit, arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} with {} MiB: {errors}", limit / MIB);
    }
    archive.verify_clean();
}

#[test]
fn what_the_allocator_keeps_is_bounded_too() {
    let archive = prepared();
    for (limit, arguments) in [(400 * MIB, &IMPORT[..])].into_iter().chain(VIEWS) {
        let Some(peak) = resident(&archive, arguments) else {
            return eprintln!("skipped: GNU time is not installed");
        };
        assert!(peak <= limit, "{arguments:?} took {} MiB of {}", peak / MIB, limit / MIB);
    }
}

#[test]
fn media_of_one_minute_that_come_later_keep_to_the_memory() {
    const MEDIA: usize = 20;
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ada@firm.example"]);
    let mut random = firm::Random(5);
    let chat = |folder: &str, said: &dyn Fn(usize) -> String| {
        let lines: Vec<String> = (0..MEDIA).map(|n| format!("13/01/2023, 16:13 - Ada: {}", said(n))).collect();
        archive.write(&format!("{folder}/WhatsApp Chat with Ben.txt"), lines.join("\n"));
    };
    chat("without", &|_| "<Media omitted>".to_owned());
    chat("with", &|n| format!("VID-20230113-WA{n:04}.mp4 (file attached)"));
    for n in 0..MEDIA {
        // Some are in memory when their minute is over, were it not for others, and some in a file of their own.
        let words = if n < 18 { MIB / 2 } else { 2 * MIB };
        let bytes: Vec<u8> = (0..words).flat_map(|_| random.next().to_le_bytes()).collect();
        archive.write(&format!("with/VID-20230113-WA{n:04}.mp4"), bytes);
    }
    archive.import(&archive.path("without"), &["--mailbox", "ada@firm.example"]);
    let output = within(&archive, 400 * MIB, &["import", "with", "--mailbox", "ada@firm.example", "--json"]);
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert!(text.contains("\"media_completed\":20,"), "each completes one that was there: {text} {errors}");
    archive.verify_clean();
}
