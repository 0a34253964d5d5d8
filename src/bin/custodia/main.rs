//! The command line of Custodia.

mod args;
mod checkpoint_file;
mod cmd;
mod exit;
mod new_file;
mod ui;

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::{self, ExitCode};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Parser as _;
use custodia::{Error, Result};

use args::Cli;
use cmd::Afterwards;
use ui::Ui;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let ui = Ui::new(cli.global.json, cli.global.quiet);
    let run = || cmd::run(&cli.global, &cli.command, &ui, Afterwards::Ends).and_then(|code| ui.flush().map(|()| code));
    let result = unwound(cli.global.json, run);
    ExitCode::from(result.unwrap_or_else(|error| exit::report(&error, &ui)))
}

/// Makes an error of a panic. Libraries below panic where a damaged file leads them to what they hold for impossible.
/// What was not committed is not on disk then, and the process ends.
#[expect(clippy::exit, reason = "where a panic cannot be unwound, nothing returns to `main`")]
fn unwound(json: bool, run: impl FnOnce() -> Result<u8>) -> Result<u8> {
    let met = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&met);
    panic::set_hook(Box::new(move |info| {
        let mut met = noted.lock().unwrap_or_else(PoisonError::into_inner);
        if info.payload_as_str().is_some_and(|text| CANNOT_UNWIND.contains(&text)) {
            process::exit(exit::report(&impossible(&met), &Ui::new(json, true)).into());
        }
        // The thread's own panic says more.
        if info.payload_as_str() != Some("a scoped thread panicked") {
            *met = described(info);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let met = met.lock().unwrap_or_else(PoisonError::into_inner);
        Err(impossible(&met))
    })
}

/// What the standard library says when a panic met another one, or a function that cannot be unwound, and it is about to abort.
const CANNOT_UNWIND: [&str; 2] = ["panic in a destructor during cleanup", "panic in a function that cannot unwind"];

/// The file is named from the library's directory on: above it are directories of the machine that built the program.
fn described(info: &PanicHookInfo<'_>) -> String {
    let text = info.payload_as_str().unwrap_or_default().replace('\n', " ");
    let Some(location) = info.location() else { return text };
    let file = location.file();
    let file =
        file.split_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/')).map_or(file, |(_, rest)| rest);
    format!("{file}:{}: {text}", location.line())
}

fn impossible(met: &str) -> Error {
    Error::Corrupt(format!("stopped at something that no undamaged archive leads to ({met})"))
}

/// Prints help, or what is wrong with the arguments: as JSON if that can be seen in them.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let text = error.render().to_string();
        Ui::new(true, true).error(2, text.trim().trim_start_matches("error: "), Some("see `custodia --help`"));
        return ExitCode::from(2);
    }
    let printed = error.print();
    ExitCode::from(if error.use_stderr() || printed.is_err() { 2 } else { 0 })
}
