//! How an archive does as it grows: `CUSTODIA_GROWTH=DIR cargo bench` imports slice after slice of generated messages and
//! measures each import, searches and a simulation as whole processes. Figures go to DIR as tables, curves as pictures.
//!
//! `CUSTODIA_SLICES` says how many slices of each kind (20: ten million chat messages and a million mails).

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use custodia::archive::{NewMailbox, NewPolicy, NewScope};
use custodia::model::{RetentionAction, RetentionPeriod, RetentionTrigger};

use crate::corpus::{COMMON, PHRASE, PREFIX, RARE, SEED, library_in, mails, records_from};
use crate::curve::{Curve, picture};
use crate::process::measure;

/// Runs of each search at each size.
const SEARCHES: usize = 9;

/// A kind of message, and how many are imported at once.
struct Kind {
    name: &'static str,
    slice: usize,
    write: fn(usize, usize, &Path) -> io::Result<()>,
}

/// What was measured once a slice had been imported.
struct Point {
    messages: usize,
    rate: f64,
    peak_kib: u64,
    search: f64,
    count: f64,
    simulate: f64,
    bytes: u64,
}

/// Measures in `directory`, which is made.
pub(crate) fn run(directory: &Path) -> io::Result<()> {
    let slices = std::env::var("CUSTODIA_SLICES").ok().and_then(|slices| slices.parse().ok()).unwrap_or(20);
    fs::create_dir_all(directory)?;
    for kind in [
        Kind { name: "chat", slice: 500_000, write: write_records },
        Kind { name: "mail", slice: 50_000, write: write_mails },
    ] {
        let points = grow(directory, &kind, slices)?;
        draw(&directory.join(format!("growth-{}.svg", kind.name)), &kind, &points)?;
    }
    Ok(())
}

fn grow(directory: &Path, kind: &Kind, slices: usize) -> io::Result<Vec<Point>> {
    let archive = directory.join(kind.name);
    prepare(&archive);
    let file = directory.join(if kind.name == "mail" { "slice.mbox" } else { "slice.jsonl" });
    let mut table = File::create(directory.join(format!("growth-{}.tsv", kind.name)))?;
    writeln!(table, "messages\timported a second\tpeak MiB\tsearch p95 ms\tcount p95 ms\tsimulate ms\tbytes")?;
    let mut points = Vec::new();
    for slice in 0..slices {
        (kind.write)(slice * kind.slice, kind.slice, &file)?;
        let name = file.to_string_lossy();
        let (took, peak_kib) = measure(&archive, &["import", &name, "--mailbox", "all@firm.example"])?;
        let listed = searches(&archive, &["--limit", "50"])?;
        let counted = searches(&archive, &["--count"])?;
        let (simulated, _) = measure(&archive, &["retention", "simulate"])?;
        let point = Point {
            messages: (slice + 1) * kind.slice,
            rate: kind.slice as f64 / took.as_secs_f64(),
            peak_kib,
            search: listed.as_secs_f64() * 1e3,
            count: counted.as_secs_f64() * 1e3,
            simulate: simulated.as_secs_f64() * 1e3,
            bytes: size(&archive)?,
        };
        let Point { messages, rate, search, count, simulate, bytes, .. } = point;
        let peak = peak_kib / 1024;
        writeln!(table, "{messages}\t{rate:.0}\t{peak}\t{search:.1}\t{count:.1}\t{simulate:.0}\t{bytes}")?;
        points.push(point);
    }
    fs::remove_file(&file)?;
    Ok(points)
}

fn prepare(archive: &Path) {
    let mut library = library_in(archive);
    let mailbox = NewMailbox { address: "all@firm.example".to_owned(), ..NewMailbox::default() };
    library.add_mailbox(&mailbox).expect("nobody has the address");
    let policy = NewPolicy {
        name: "clear".to_owned(),
        action: RetentionAction::RetainAndDelete,
        period: RetentionPeriod::Span { months: 12, days: 0 },
        trigger: RetentionTrigger::Created,
        scope: NewScope::All { except: Vec::new() },
        folders: Vec::new(),
        query: None,
    };
    library.add_policy(&policy, Some("measurement")).expect("the name is new");
}

fn write_records(first: usize, count: usize, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for record in records_from(SEED, first, count) {
        writeln!(out, "{record}")?;
    }
    out.flush()
}

fn write_mails(first: usize, count: usize, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for mail in mails(SEED ^ first as u64, count) {
        out.write_all(b"From bench@firm.example Mon Jan  1 00:00:00 2024\n")?;
        out.write_all(&mail)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// The 95th percentile of searches of several kinds.
fn searches(archive: &Path, options: &[&str]) -> io::Result<Duration> {
    let mut times = Vec::new();
    for query in [RARE, COMMON, PHRASE, PREFIX] {
        for _ in 0..SEARCHES {
            times.push(measure(archive, &[&["search", query], options].concat())?.0);
        }
    }
    times.sort();
    Ok(times.get(times.len() * 95 / 100).copied().unwrap_or_default())
}

/// What the files take on disk: they may have holes.
fn size(directory: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.blocks() * 512 };
    }
    Ok(bytes)
}

fn draw(path: &Path, kind: &Kind, points: &[Point]) -> io::Result<()> {
    let curve = |title: &'static str, value: fn(&Point) -> f64| Curve {
        title,
        points: points.iter().map(|point| (point.messages as f64 / 1e6, value(point))).collect(),
    };
    let curves = [
        curve("imported a second", |point| point.rate),
        curve("peak memory of an import, MiB", |point| point.peak_kib as f64 / 1024.0),
        curve("search, 50 hits, p95 ms", |point| point.search),
        curve("search --count, p95 ms", |point| point.count),
        curve("retention simulate, ms", |point| point.simulate),
        curve("store and index, bytes a message", |point| point.bytes as f64 / point.messages as f64),
    ];
    fs::write(path, picture(&format!("{}: by millions of messages", kind.name), &curves))
}
