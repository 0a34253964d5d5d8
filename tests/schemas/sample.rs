//! A small firm's messages, and the program run on them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;

const OFFER: &str = "\
Received: from mx.northwind.example by mail.firm.example; Wed, 14 Jan 2015 09:30:05 +0000
From: \"Clara Weiss\" <clara@northwind.example>
To: Ann Novak <ann@firm.example>
Cc: ben@firm.example
Subject: Offer for the harbour contract
Date: Wed, 14 Jan 2015 10:30:00 +0100
Message-ID: <offer-1@northwind.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=\"b1\"

--b1
Content-Type: text/plain; charset=utf-8

The prices are attached.
--b1
Content-Type: text/csv; name=\"prices.csv\"
Content-Disposition: attachment; filename=\"prices.csv\"
Content-Transfer-Encoding: base64

aXRlbSxwcmljZQpjcmFuZSwxMjAwMDAK
--b1--
";

const NEWS: &str = "\
From: news@list.example
To: everyone@list.example
Subject: January news
Date: Thu, 15 Jan 2015 08:00:00 +0000
Content-Type: text/plain; charset=no-such-charset

Nothing new.
";

/// Converted messages: one sent, one deleted, one call.
pub(crate) const CHAT: [&str; 3] = [
    r#"{"source":"sample 1","platform":"whatsapp","conversation":{"id":"4850","name":"Harbour","type":"group"},"id":"wa.1","sent":"2015-01-14T16:20:00+01:00","sender":{"name":"Clara Weiss","number":"+48555010042"},"recipients":[{"name":"Ann Novak","number":"+48555010001"}],"text":"Did the prices arrive?"}"#,
    r#"{"source":"sample 1","platform":"whatsapp","conversation":{"id":"4850","name":"Harbour","type":"group"},"id":"wa.2","sent":"2015-01-14T16:25:00+01:00","sender":{"name":"Clara Weiss","number":"+48555010042"},"recipients":[{"name":"Ann Novak","number":"+48555010001"}],"event":"deleted","event_reference":"wa.1"}"#,
    r#"{"source":"sample 1","platform":"whatsapp","kind":"call","conversation":{"id":"4855"},"id":"wa.3","sent":"2015-01-15T09:00:00+01:00","sender":{"number":"+48555010042"},"recipients":[{"number":"+48555010001"}],"call":{"direction":"incoming","answered":true,"duration":185}}"#,
];

/// A directory with messages and room for an archive.
pub(crate) struct Sample {
    directory: Rc<TempDir>,
    name: String,
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: i32,
    /// Lines of stdout.
    pub(crate) lines: Vec<Value>,
    /// The last line of stderr, if it is JSON.
    pub(crate) error: Option<Value>,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("a temporary directory can be made");
        let write = |path: &str, text: &str| {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        };
        write("mail/offer.eml", OFFER);
        write("mail/news.eml", NEWS);
        write("mail/empty.eml", "");
        write("chat/whatsapp.jsonl", &(CHAT.join("\n") + "\n"));
        Self { directory: Rc::new(directory), name: "archive".to_owned() }
    }

    /// Writes a file beside the archive.
    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.directory.path().join(file), text).expect("a file can be written");
    }

    /// The same messages with another archive.
    pub(crate) fn beside(&self, name: &str) -> Self {
        Self { directory: Rc::clone(&self.directory), name: name.to_owned() }
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.directory.path().join(&self.name)
    }

    /// The program with `--json`, at a time that stands still where the build allows it.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_custodia"));
        command
            .current_dir(self.directory.path())
            .env_clear()
            .envs([("CUSTODIA_TEST_CLOCK", "2026-01-15T12:00:00Z"), ("CUSTODIA_ARCHIVE", &self.name), ("USER", "olga")])
            .arg("--json")
            .args(arguments);
        command
    }

    /// Runs the program until it has printed something, and stops it then; the lines of stdout.
    pub(crate) fn run_until_terminated(&self, arguments: &[&str]) -> Vec<Value> {
        let mut child = self.command(arguments).stdout(Stdio::piped()).spawn().expect("the program can be run");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let first = lines.next();
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(asked.expect("it can be asked to stop").success());
        let lines = first.into_iter().chain(lines).map(|line| line.expect("a line"));
        let lines =
            lines.map(|line| serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect();
        assert!(child.wait().expect("it ends").success());
        lines
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("the program can be run");
        let stdout = String::from_utf8(output.stdout).expect("JSON is text");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
        Output {
            code: output.status.code().expect("the program was not killed"),
            lines: stdout.lines().map(parse).collect(),
            error: stderr.lines().last().and_then(|line| serde_json::from_str(line).ok()),
        }
    }

    /// A text that the program wrote.
    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.directory.path().join(file)).expect("the program wrote it")
    }

    /// A file that the program wrote.
    pub(crate) fn json(&self, file: &str) -> Value {
        let path: &Path = &self.directory.path().join(file);
        serde_json::from_slice(&fs::read(path).expect("the program wrote it")).expect("the file is JSON")
    }
}
