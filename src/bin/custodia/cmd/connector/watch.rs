//! `connector run --watch`

use std::thread::sleep;
use std::time::{Duration, Instant};

use custodia::archive::{Clock, Interrupt};
use custodia::model::UtcTime;
use custodia::{Error, Result};

use super::Open;
use super::fetch::{Total, interrupt, run_one};
use crate::args::ConnectorRunArgs;
use crate::exit::INTERRUPTED;
use crate::ui::Ui;

/// How often it is looked whether somebody asked to stop.
const PAUSE: Duration = Duration::from_millis(100);

/// Time after which an archive that others use is tried again.
const BUSY: Duration = Duration::from_secs(5);

/// Time after which connectors are looked at again, whatever is due: one minute.
const AGAIN_MILLISECONDS: i64 = 60_000;

/// Runs each connector when it is due, until somebody asks to stop. The archive is open only meanwhile.
pub(super) fn run(open: &Open<'_>, args: &ConnectorRunArgs, ui: &Ui) -> Result<u8> {
    let interrupt = interrupt();
    loop {
        let waited = match run_due(open, args, &interrupt, ui) {
            Ok(next) => {
                ui.flush()?;
                if interrupt.is_raised() {
                    return Ok(INTERRUPTED);
                }
                let next = next.unwrap_or(UtcTime(now().0.saturating_add(AGAIN_MILLISECONDS)));
                ui.status(&format!("next run {next}"));
                wait(&interrupt, || now() >= next)
            }
            Err(error @ Error::Locked { .. }) => {
                ui.warn(&format!("{error}; the connectors run when it is free"));
                let begun = Instant::now();
                wait(&interrupt, || begun.elapsed() >= BUSY)
            }
            Err(error) => return Err(error),
        };
        if !waited {
            // Nothing was at work: this is how a watch ends.
            return Ok(0);
        }
    }
}

/// Waits until `is_over`; `false` if somebody asks to stop.
fn wait(interrupt: &Interrupt, is_over: impl Fn() -> bool) -> bool {
    while !is_over() {
        if interrupt.is_raised() {
            return false;
        }
        sleep(PAUSE);
    }
    !interrupt.is_raised()
}

/// Runs what is due; returns when something is due next, `None` if nothing ever is.
fn run_due(open: &Open<'_>, args: &ConnectorRunArgs, interrupt: &Interrupt, ui: &Ui) -> Result<Option<UtcTime>> {
    let mut archive = open("connector run --watch")?;
    for name in &args.names {
        archive.show_connector(name)?;
    }
    let mut total = Total::default();
    let (mut next, mut ran): (Option<UtcTime>, bool) = (None, false);
    for status in archive.connector_status(None)? {
        let name = &status.connector.name;
        let Some(due) = status.next_run.filter(|_| args.all || args.names.contains(name)) else { continue };
        if interrupt.is_raised() {
            break;
        }
        let due = if due <= archive.now() {
            run_one(&mut archive, name, interrupt, &mut total, ui)?;
            ran = true;
            let after = archive.connector_status(Some(name))?.pop().and_then(|status| status.next_run);
            // However wrong the clock is, a connector that was just run is not run again at once.
            after.unwrap_or(due).max(UtcTime(archive.now().0.saturating_add(AGAIN_MILLISECONDS)))
        } else {
            due
        };
        next = Some(next.map_or(due, |next| next.min(due)));
    }
    if ran {
        total.print(ui)?;
    }
    Ok(next)
}

fn now() -> UtcTime {
    Clock::from_environment().now()
}
