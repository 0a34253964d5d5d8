//! The command line of Custodia.

mod args;
mod cmd;
mod exit;
mod ui;

use std::process::ExitCode;

use clap::Parser as _;

use args::Cli;
use ui::Ui;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let printed = error.print();
            return ExitCode::from(if error.use_stderr() || printed.is_err() { 2 } else { 0 });
        }
    };
    let ui = Ui::new(cli.global.json, cli.global.quiet);
    let ended = cmd::run(&cli.global, &cli.command, &ui).and_then(|code| ui.flush().map(|()| code));
    ExitCode::from(ended.unwrap_or_else(|error| exit::report(&error, &ui)))
}
