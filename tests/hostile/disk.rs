//! A disk that is full.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::firm::{Random, mbox};
use super::support::shared::skipped;
use super::support::{TestArchive, number};

const SINK: [&str; 3] = ["--mailbox", "all@x.example", "--create-mailboxes"];

/// A file system of a few MiB in memory, gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&at).expect("directory");
        let done = run("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], &at);
        done.then_some(Self(at))
    }

    fn resize(&self, size: &str) {
        assert!(run("mount", &["-o", &format!("remount,size={size}")], &self.0), "it can be resized");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run("umount", &["-l"], &self.0);
    }
}

fn run(program: &str, arguments: &[&str], at: &Path) -> bool {
    Command::new(program).args(arguments).arg(at).output().is_ok_and(|output| output.status.success())
}

/// Text that does not compress below half of its size.
fn noise_of(random: u64, n: usize) -> String {
    format!("{random:016x}{}", if n.is_multiple_of(4) { "\n" } else { "" })
}

#[test]
fn a_full_disk_loses_nothing_and_the_import_can_be_completed() {
    for size in ["8m", "9m", "11m", "14m"] {
        let archive = TestArchive::absent();
        let Some(disk) = SmallDisk::mount(archive.directory(), size) else {
            skipped("no file system can be mounted here");
            return;
        };
        archive.ok(&["init", "--min-residence", "0"]);
        let first = archive.write("first.eml", "From: a@x.example\nSubject: first\n\nbefore\n");
        archive.import(&first, &SINK);
        let mut random = Random(4);
        let noise: String = (0..1_600_000).map(|n| noise_of(random.next(), n)).collect();
        let large = format!(
            "From x Mon Jan  6 10:00:00 2025
Subject: large

{noise}
"
        );
        let many = archive.write("many.mbox", mbox(&mut random, 600) + &large);
        let arguments = [&["import", many.to_str().expect("UTF-8")], SINK.as_slice()].concat();
        let outcome = archive.run(&arguments);
        assert_eq!(outcome.code, 1, "{size}: {}{}", outcome.text(), outcome.stderr);
        assert!(outcome.stderr.to_lowercase().contains("no space"), "{size}: {}", outcome.stderr);

        disk.resize("200m");
        let verified = archive.verify_clean();
        assert!(number(&verified, "messages") >= 1, "what was there before is there still");
        assert_eq!(archive.hits(Some("before")).len(), 1);
        let summary = archive.import(&many, &SINK);
        assert_eq!((number(&summary, "offered"), number(&summary, "rejected")), (601, 0));
        assert_eq!(number(archive.ok(&["stats"]).first().expect("stats"), "messages"), 602);
        assert_eq!(archive.hits(Some("unique599")).len(), 1);
        archive.verify_clean();
    }
}
