//! An archive in a temporary directory, used through the binary with a cleared environment and a fixed clock.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod corpus;
pub(crate) mod erasure;
pub(crate) mod firm;
pub(crate) mod merger;
mod outcome;
pub(crate) mod sales;
pub(crate) mod shared;
pub(crate) mod unread;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use custodia::archive::{Archive, Clock, Session};
use custodia::model::{Actor, UtcTime};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) use outcome::{Outcome, number, text};

/// The time at which tests run unless they say otherwise.
pub(crate) const NOW: &str = "2026-01-15T12:00:00Z";

pub(crate) struct TestArchive {
    root: TempDir,
    clock: String,
}

impl TestArchive {
    /// An archive without minimum residence.
    pub(crate) fn new() -> Self {
        let archive = Self::absent();
        archive.ok(&["init", "--name", "test", "--min-residence", "0"]);
        archive
    }

    /// A place where no archive is yet.
    pub(crate) fn absent() -> Self {
        Self { root: tempfile::tempdir().expect("temporary directory"), clock: NOW.to_owned() }
    }

    pub(crate) fn set_clock(&mut self, clock: &str) {
        clock.clone_into(&mut self.clock);
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.path("archive")
    }

    /// A path beside the archive.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file beside the archive.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("directory");
        std::fs::write(&path, bytes).expect("file");
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("custodia"));
        command.env_clear().env("CUSTODIA_ARCHIVE", self.directory()).env("CUSTODIA_TEST_CLOCK", &self.clock);
        command.env("CUSTODIA_ACTOR", "tester").current_dir(self.root.path());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the binary; a panic in it fails the test whatever is expected.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).output().expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
        Outcome { code: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr }
    }

    /// Runs with `--json`, expecting `code`.
    pub(crate) fn json(&self, code: i32, arguments: &[&str]) -> Outcome {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        let outcome = self.run(&arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {}{}", outcome.text(), outcome.stderr);
        outcome
    }

    /// The JSON lines of a run that has to succeed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> Vec<Value> {
        self.json(0, arguments).lines()
    }

    /// The only line of type `type_` that a successful run prints.
    pub(crate) fn one(&self, type_: &str, arguments: &[&str]) -> Value {
        let mut found: Vec<Value> =
            self.ok(arguments).into_iter().filter(|v| v.get("type").is_some_and(|t| t == type_)).collect();
        assert_eq!(found.len(), 1, "{arguments:?} prints one `{type_}`");
        found.remove(0)
    }

    /// Imports with a ledger that adds up; returns the summary.
    pub(crate) fn import(&self, path: &Path, options: &[&str]) -> Value {
        let path = path.to_str().expect("test paths are UTF-8");
        let outcome = self.run(&[&["import", path, "--json"], options].concat());
        assert!(matches!(outcome.code, 0 | 3), "import {path}: {}{}", outcome.text(), outcome.stderr);
        let summary = outcome.lines().pop().expect("a summary");
        let parts = ["stored", "duplicate", "quarantined", "rejected"];
        assert_eq!(number(&summary, "offered"), parts.iter().map(|name| number(&summary, name)).sum::<u64>());
        assert_eq!(outcome.code == 3, number(&summary, "rejected") > 0);
        summary
    }

    /// Each item that a query finds, in order; `None` for all.
    pub(crate) fn hits(&self, query: Option<&str>) -> Vec<Value> {
        let mut lines = self.ok(&["search", query.unwrap_or("--all")]);
        lines.remove(0);
        lines
    }

    /// Where each message is: digests by mailbox and folder.
    pub(crate) fn places(&self) -> BTreeMap<(String, String, String), String> {
        let hits = self.hits(None);
        hits.iter()
            .map(|hit| ((text(hit, "mailbox"), text(hit, "folder"), text(hit, "digest")), text(hit, "item")))
            .collect()
    }

    pub(crate) fn verify_clean(&self) -> Value {
        let outcome = self.json(0, &["verify"]);
        outcome.lines().pop().expect("a summary")
    }

    /// The archive opened in this process.
    pub(crate) fn open(&self) -> Archive {
        let clock = Clock::Fixed(UtcTime::parse(&self.clock).expect("a time"));
        let (purpose, command) = (String::new(), "test".to_owned());
        let session = Session {
            actor: Actor("holder".to_owned()),
            purpose,
            command,
            wait: Duration::ZERO,
            clock,
            attachments: None,
        };
        Archive::open(&self.directory(), session).expect("the archive opens")
    }
}
