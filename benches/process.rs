//! Whole processes: how long a command takes and how much memory it has.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a command takes, and the most memory that it has resident, in KiB.
pub(crate) fn measure(archive: &Path, arguments: &[&str]) -> io::Result<(Duration, u64)> {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_custodia"));
    command.arg("--archive").arg(archive).arg("--json").args(arguments).stdout(Stdio::null());
    let mut process = command.spawn()?;
    let mut peak = 0;
    loop {
        peak = resident(process.id()).unwrap_or(peak);
        if let Some(status) = process.try_wait()? {
            assert!(status.success(), "{arguments:?}: {status}");
            return Ok((start.elapsed(), peak));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The most memory that a process has had resident so far, in KiB.
fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
