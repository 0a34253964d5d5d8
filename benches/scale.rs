//! Decisions over an archive of a million items, by whole processes: `CUSTODIA_SCALE=DIR cargo bench` makes the archive
//! in DIR, unless it is there, and prints the seconds and the memory of each command. 20 policies, 50 holds, two labels.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use custodia::archive::{Archive, NewHold, NewLabel, NewPolicy, NewScope, SimulatedRules};
use custodia::model::{LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger, UtcTime};

use crate::corpus::{COMMON, PHRASE, RARE, SEED, fill, library_in, records_from};
use crate::process::measure;

const ITEMS: u64 = 1_000_000;
/// Records of one import; each makes one item or two.
const SLICE: usize = 100_000;
const POLICIES: u32 = 20;
const HOLDS: u32 = 50;
const RUNS: u32 = 3;
/// 2026-01-15T12:00:00Z in milliseconds since the epoch.
const NOW: i64 = 1_768_478_400_000;
const DAY: i64 = 86_400_000;

/// Measures in `directory`.
pub(crate) fn run(directory: &Path) -> io::Result<()> {
    if !directory.join("archive").is_dir() {
        build(directory)?;
    }
    let out = &mut io::stdout().lock();
    for arguments in [
        &["stats"][..],
        &["retention", "simulate"],
        &["retention", "simulate", "--as-of", "2031-01-01"],
        &["explain", "500000"],
    ] {
        for _ in 0..RUNS {
            let (took, peak) = measure(&directory.join("archive"), arguments)?;
            writeln!(out, "{:<44} {:>8.3} s {:>6} MiB", arguments.join(" "), took.as_secs_f64(), peak / 1024)?;
        }
    }
    Ok(())
}

fn build(directory: &Path) -> io::Result<()> {
    let mut archive = library_in(&directory.join("archive"));
    let file = directory.join("chat.jsonl");
    let (mut items, mut first) = (0, 0);
    while items < ITEMS {
        let mut out = BufWriter::new(File::create(&file)?);
        for record in records_from(SEED, first, SLICE) {
            writeln!(out, "{record}")?;
        }
        out.flush()?;
        items += fill(&mut archive, &file).batch.ledger.items;
        first += SLICE;
    }
    fs::remove_file(&file)?;
    add_rules(&mut archive);
    archive.simulate(UtcTime(NOW), SimulatedRules::Waiting, None).expect("the archive is sound");
    Ok(())
}

fn add_rules(archive: &mut Archive) {
    let actions = [RetentionAction::Retain, RetentionAction::Delete, RetentionAction::RetainAndDelete];
    let addresses = archive.list_mailboxes().expect("the archive is sound");
    let addresses: Vec<String> = addresses.into_iter().map(|mailbox| mailbox.address).collect();
    let few = |n: u32| addresses.iter().skip(n as usize).step_by(3).cloned().collect();
    for (n, action) in (0..POLICIES).zip(actions.into_iter().cycle()) {
        let scope = if n % 3 == 0 { NewScope::All { except: Vec::new() } } else { NewScope::Include(few(n % 7)) };
        let policy = NewPolicy {
            name: format!("Policy {n}"),
            action,
            period: RetentionPeriod::Span { months: 12 + 3 * n, days: 0 },
            trigger: RetentionTrigger::Created,
            scope,
            folders: if n % 5 == 4 { vec!["WhatsApp Archiver".to_owned()] } else { Vec::new() },
            query: (n % 4 == 3).then(|| query(n)),
        };
        archive.add_policy(&policy, Some("measurement")).expect("the name is new");
    }
    for n in 0..HOLDS {
        let from = UtcTime(NOW - i64::from(700 - 10 * n) * DAY);
        let dated = n % 5 == 1;
        let hold = NewHold {
            name: format!("Matter {n}"),
            mailboxes: if n % 10 == 0 { Vec::new() } else { few(n % 11) },
            folders: if n % 5 == 2 { vec!["WeChat Archiver".to_owned()] } else { Vec::new() },
            query: (n % 5 != 1).then(|| query(n)),
            from: dated.then_some(from),
            before: dated.then_some(UtcTime(from.0 + 20 * DAY)),
            reason: "measurement".to_owned(),
            ..NewHold::default()
        };
        archive.place_hold(&hold).expect("the name is new");
        if n % 10 == 9 {
            archive.release_hold(&hold.name, "measurement").expect("it is on");
        }
    }
    for (name, query) in [("Deals", COMMON), ("Plants", RARE)] {
        let label = NewLabel {
            name: name.to_owned(),
            action: RetentionAction::RetainAndDelete,
            period: RetentionPeriod::Span { months: 60, days: 0 },
            start: LabelStart::Labelled,
            record: RecordKind::None,
            folders: Vec::new(),
            query: Some(query.to_owned()),
            review: Vec::new(),
            next: None,
        };
        archive.add_label(&label, Some("measurement")).expect("the name is new");
    }
}

fn query(n: u32) -> String {
    let queries = [COMMON, RARE, PHRASE, "harbour OR ledger", "platform:wechat", "amber"];
    queries.into_iter().cycle().nth(n as usize).unwrap_or(COMMON).to_owned()
}
