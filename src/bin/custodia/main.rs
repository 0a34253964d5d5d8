//! The command line of Custodia.

mod args;
mod checkpoint_file;
mod cmd;
mod exit;
mod new_file;
mod ui;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

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
    ExitCode::from(unwound(run).unwrap_or_else(|error| exit::report(&error, &ui)))
}

/// Makes an error of a panic. Libraries below panic where a damaged file leads them to what they hold for impossible.
/// What was not committed is not on disk then, and the process ends.
fn unwound(run: impl FnOnce() -> Result<u8>) -> Result<u8> {
    let met = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&met);
    panic::set_hook(Box::new(move |info| {
        if let Ok(mut met) = noted.lock() {
            let text = info.to_string().replace('\n', " ");
            text.trim_start_matches("panicked ").clone_into(&mut met);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let met = met.lock().map(|met| met.clone()).unwrap_or_default();
        Err(Error::Corrupt(format!("stopped at something that no undamaged archive leads to ({met})")))
    })
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
