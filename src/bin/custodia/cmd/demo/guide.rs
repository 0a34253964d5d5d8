//! Runs commands as if they were typed, and says before each what it is good for.

use std::path::{Path, PathBuf};

use clap::Parser as _;
use custodia::archive::shell_word;
use custodia::{Error, Result};
use serde_json::json;

use super::transcript::Transcript;
use crate::args::{Cli, Global};
use crate::cmd::Afterwards;
use crate::exit;
use crate::ui::Ui;

/// Who leads through the demo.
pub(super) struct Guide {
    ui: Ui,
    actor: Option<String>,
    archive: PathBuf,
    chapter: &'static str,
    steps: u64,
    checks: u64,
}

/// A command that was run.
pub(super) struct Step<'a> {
    guide: &'a mut Guide,
    command: String,
    printed: Transcript,
}

impl Guide {
    pub(super) fn new(global: &Global, archive: &Path) -> Self {
        Self {
            ui: Ui::narrated(global.json),
            actor: global.actor.clone(),
            archive: archive.to_owned(),
            chapter: "",
            steps: 0,
            checks: 0,
        }
    }

    /// Begins a part of the story.
    pub(super) fn chapter(&mut self, title: &'static str) -> Result<()> {
        self.chapter = title;
        if self.ui.json {
            return Ok(());
        }
        let rule = "=".repeat(title.len());
        self.ui.line(&format!("\n{}\n{rule}", self.ui.strong(title)))
    }

    /// Says something to people.
    pub(super) fn say(&self, text: &str) -> Result<()> {
        if self.ui.json { Ok(()) } else { self.ui.line(text) }
    }

    /// Shows a command of the shell, which is not run.
    pub(super) fn shell(&self, why: &str, command: &str) -> Result<()> {
        let why = if why.is_empty() { String::new() } else { format!("# {why}\n") };
        self.say(&format!("\n{why}{}", self.ui.strong(&format!("$ {command}"))))
    }

    /// Runs a command that must succeed.
    pub(super) fn run(&mut self, why: &str, words: &[&str]) -> Result<Step<'_>> {
        self.step(why, words, 0)
    }

    /// Runs a command that must fail with this exit code; its error is shown.
    pub(super) fn run_refused(&mut self, why: &str, words: &[&str], code: u8) -> Result<Step<'_>> {
        self.step(why, words, code)
    }

    fn step(&mut self, why: &str, words: &[&str], expected: u8) -> Result<Step<'_>> {
        let command = std::iter::once("custodia".to_owned()).chain(words.iter().map(|word| shell_word(word)));
        let command = command.collect::<Vec<_>>().join(" ");
        self.steps += 1;
        if self.ui.json {
            self.ui.json(&json!({
                "type": "step", "step": self.steps, "chapter": self.chapter, "why": why, "command": command,
            }))?;
        } else {
            self.shell(why, &command)?;
        }
        self.ui.begin_copy();
        let ended = self.typed(words);
        let code = match ended {
            Ok(code) => code,
            Err(error) if expected == 0 => return Err(error),
            Err(error) => exit::report(&error, &self.ui),
        };
        let printed = Transcript::new(self.ui.end_copy(), self.ui.json);
        let step = Step { guide: self, command, printed };
        step.check(code == expected, || format!("exit code {code} instead of {expected}"))
    }

    /// Runs what a command line means, on the archive of the demo.
    fn typed(&self, words: &[&str]) -> Result<u8> {
        let mut line = vec!["custodia".into(), "--archive".into(), self.archive.clone().into_os_string()];
        if self.ui.json {
            line.push("--json".into());
        }
        if let Some(actor) = self.actor.as_ref().filter(|_| !words.contains(&"--actor")) {
            line.extend(["--actor".into(), actor.into()]);
        }
        line.extend(words.iter().map(Into::into));
        let cli = Cli::try_parse_from(line).map_err(|error| Error::InvalidInput(error.to_string()))?;
        crate::cmd::run(&cli.global, &cli.command, &self.ui, Afterwards::GoesOn)
    }

    /// Says how it went.
    pub(super) fn end(&self) -> Result<()> {
        if self.ui.json {
            self.ui
                .json(&json!({ "type": "summary", "schema_version": 1, "steps": self.steps, "checks": self.checks }))?;
        } else {
            let (steps, checks) = (self.steps, self.checks);
            self.ui.line(&format!("\n{steps} commands run; {checks} results checked, all as expected."))?;
        }
        self.ui.flush()
    }
}

impl Step<'_> {
    /// Fails the demo unless the output gives these numbers for these nouns.
    pub(super) fn counts(self, expected: &[(&str, u64)]) -> Result<Self> {
        expected.iter().try_fold(self, |step, (noun, number)| {
            let found = step.printed.count(noun);
            step.check(found == Some(*number), || {
                let found = found.map_or_else(|| "no number".to_owned(), |found| found.to_string());
                format!("{found} of {noun} instead of {number}")
            })
        })
    }

    /// Fails the demo unless the output has each of these texts in it.
    pub(super) fn has(self, expected: &[&str]) -> Result<Self> {
        expected.iter().try_fold(self, |step, text| {
            let found = step.printed.has(text);
            step.check(found, || format!("nothing about `{text}`"))
        })
    }

    /// The item of the first hit.
    pub(super) fn first_item(self) -> Result<String> {
        let item = self.printed.first_item();
        self.check(item.is_some(), || "no item".to_owned())?;
        Ok(item.unwrap_or_default())
    }

    fn check(self, held: bool, found: impl FnOnce() -> String) -> Result<Self> {
        if !held {
            return Err(Error::Io {
                action: "finish",
                path: "custodia demo".into(),
                source: std::io::Error::other(format!("`{}` gave {}", self.command, found())),
            });
        }
        self.guide.checks += 1;
        Ok(self)
    }
}
