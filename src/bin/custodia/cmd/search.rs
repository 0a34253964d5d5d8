//! `search`

mod explain;
mod hit;
mod keywords;
mod saved;
mod statistics;

use std::fs::OpenOptions;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use custodia::archive::{Archive, SearchReport, SearchRequest, SortOrder};
use custodia::exporter::CsvFile;
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::case::custodians;
use crate::args::{SearchArgs, SearchOutputArgs, Sort};
use crate::exit::{PARTLY, point_at};
use crate::ui::{Ui, counted, escape};

use hit::{HitJson, print_hit, print_place};
pub(super) use saved::{search_text, typed};

/// Hits of a table unless said.
const TABLE_LIMIT: u64 = 50;

/// Words that are commands, not queries.
const COMMANDS: [&str; 7] = ["save", "list", "run", "show", "freeze", "diff", "remove"];

pub(super) fn run(archive: &mut Archive, args: &SearchArgs, ui: &Ui) -> Result<u8> {
    if let Some(command) = &args.command {
        return saved::run(archive, command, ui);
    }
    if let Some(word) = args.search.query.as_deref().filter(|query| COMMANDS.contains(query)) {
        return Err(Error::InvalidInput(format!(
            "`{word}` is a command of search: write its options behind it; to search for the word write '\"{word}\"'"
        )));
    }
    let keywords = args.keywords.as_deref().map(keywords::read).transpose()?.unwrap_or_default();
    if keywords.is_empty() && !args.output.partially_indexed {
        saved::search_text(&args.search)?;
    }
    let request = SearchRequest { keywords, on_hold: args.on_hold, ..shown(&args.output, args.keywords.is_some(), ui) };
    let mut request = saved::asked(&saved::typed(&args.search), request);
    if let Some(case) = &args.case {
        (request.case, request.mailboxes) = custodians(archive, case)?;
    }
    if args.explain {
        let explained = archive.explain_search(&request);
        let explained = explained.inspect_err(|error| point_at(request.query.as_deref(), error, ui))?;
        return explain::show(&explained, ui).map(|refused| if refused { PARTLY } else { 0 });
    }
    show(archive, &request, &args.output, ui)
}

/// What is to be shown of what is found.
fn shown(args: &SearchOutputArgs, counts_rows: bool, ui: &Ui) -> SearchRequest {
    let everything = ui.json || args.csv.is_some() || args.report.is_some();
    SearchRequest {
        limit: match args.limit {
            _ if args.count || args.stats => Some(0),
            None if counts_rows && args.report.is_none() => Some(0),
            None if !everything => Some(TABLE_LIMIT),
            limit => limit,
        },
        sort: match args.sort {
            Sort::Newest => SortOrder::Newest,
            Sort::Oldest => SortOrder::Oldest,
            Sort::Relevance => SortOrder::Relevance,
            Sort::Sender => SortOrder::Sender,
            Sort::Size => SortOrder::Size,
        },
        after: args.after,
        dedupe: args.dedupe,
        partially_indexed: args.partially_indexed,
        statistics: args.stats,
        ..SearchRequest::default()
    }
}

fn show(archive: &mut Archive, request: &SearchRequest, args: &SearchOutputArgs, ui: &Ui) -> Result<u8> {
    if args.stats && args.csv.is_some() && !request.keywords.is_empty() {
        return Err(Error::InvalidInput("--csv takes one table: leave out --stats or --keywords".to_owned()));
    }
    let counts = args.stats || !request.keywords.is_empty();
    let found = match (&args.report, &args.csv) {
        (Some(path), _) => write_report(archive, request, path, ui),
        (None, Some(path)) if counts => write_counts(archive, request, args, path, ui),
        (None, Some(path)) => write_csv(archive, request, path, ui),
        (None, None) => print_hits(archive, request, args, ui),
    };
    let report = found.inspect_err(|error| point_at(request.query.as_deref(), error, ui))?;
    let refused = keywords::show(&report, args, ui)?;
    if args.stats {
        statistics::show(&report, args, ui)?;
    }
    Ok(if refused { PARTLY } else { 0 })
}

fn print_hits(
    archive: &mut Archive,
    request: &SearchRequest,
    args: &SearchOutputArgs,
    ui: &Ui,
) -> Result<SearchReport> {
    let mut shown = 0;
    let mut previous = None;
    let mut last = None;
    let report = archive.search(request, &mut |report| summary(report, ui), &mut |hit| {
        shown += 1;
        last = Some(hit.item);
        let repeated = previous.replace(hit.message) == Some(hit.message);
        match (ui.json, repeated) {
            (true, _) => ui.json(&HitJson::of(&hit)),
            (false, false) => print_hit(&hit, ui),
            (false, true) => print_place(&hit, ui),
        }
    })?;
    let all = report.unique.unwrap_or(report.items);
    if let (Some(last), false) = (last, ui.json || args.count || args.stats || shown == all) {
        let of = counted(all, if args.dedupe { "different content" } else { "item" });
        let next =
            if matches!(args.sort, Sort::Relevance) { String::new() } else { format!(", --after {last} the next") };
        ui.status(&format!("\n{shown} of {of} shown; --limit N shows more{next}"));
    }
    Ok(report)
}

fn write_csv(archive: &mut Archive, request: &SearchRequest, path: &Path, ui: &Ui) -> Result<SearchReport> {
    let mut csv = CsvFile::create(path, &hit::COLUMNS)?;
    let found = archive.search(request, &mut |report| summary(report, ui), &mut |hit| csv.row(&hit::cells(&hit)));
    let report = found.and_then(|report| csv.finish().map(|_| report)).inspect_err(|_| remove_half(path))?;
    ui.status(&format!("wrote {}", path.display()));
    Ok(report)
}

/// The counts of `--stats`, or else of `--keywords`. The file is there before anything is searched.
fn write_counts(
    archive: &mut Archive,
    request: &SearchRequest,
    args: &SearchOutputArgs,
    path: &Path,
    ui: &Ui,
) -> Result<SearchReport> {
    let heads: &[&str] = if args.stats { &statistics::COLUMNS } else { &keywords::COLUMNS };
    let mut csv = CsvFile::create(path, heads)?;
    let counted = print_hits(archive, request, args, ui).and_then(|report| {
        match &report.statistics {
            Some(statistics) => statistics::write(statistics, args, &mut csv)?,
            None => keywords::write(&report.keywords, &mut csv)?,
        }
        csv.finish().map(|_| report)
    });
    let report = counted.inspect_err(|_| remove_half(path))?;
    ui.status(&format!("wrote {}", path.display()));
    Ok(report)
}

fn write_report(archive: &mut Archive, request: &SearchRequest, path: &Path, ui: &Ui) -> Result<SearchReport> {
    let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(Error::io("create", path))?;
    let mut file = BufWriter::new(file);
    let written = archive
        .search_report(request, &mut file)
        .and_then(|report| file.flush().map_err(Error::io("write", path)).map(|()| report));
    let report = written.inspect_err(|_| remove_half(path))?;
    summary(&report, ui)?;
    ui.status(&format!("wrote {}", path.display()));
    Ok(report)
}

/// Half a file would be taken for all of it, and be in the way of the next attempt.
fn remove_half(path: &Path) {
    std::fs::remove_file(path).ok();
}

fn summary(report: &SearchReport, ui: &Ui) -> Result<()> {
    if ui.json { ui.json(&summary_json(report)) } else { print_summary(report, ui) }
}

fn summary_json(report: &SearchReport) -> Value {
    json!({
        "type": "summary", "schema_version": 1, "messages": report.messages, "items": report.items,
        "bytes": report.bytes, "partially_indexed": report.partially_indexed, "unique": report.unique,
        "mode": report.mode.as_str(), "read_as": report.read_as, "warnings": warnings_json(report),
        "people": explain::people_json(&report.people), "through": report.through.to_string(), "index_rules": report.index_rules,
        "prefixes": report.prefixes.iter().map(|(text, words)| json!({ "text": text, "words": words })).collect::<Vec<_>>(),
    })
}

fn warnings_json(report: &SearchReport) -> Vec<Value> {
    report.warnings.iter().map(|w| json!({ "code": w.code, "offset": w.offset, "message": w.message })).collect()
}

fn print_summary(report: &SearchReport, ui: &Ui) -> Result<()> {
    for warning in &report.warnings {
        ui.warn(&format!("{}: {}", warning.code, escape(&warning.message, false)));
    }
    for person in &report.people {
        ui.status(&explain::person_line(person));
    }
    print_counts(report, ui)
}

fn print_counts(report: &SearchReport, ui: &Ui) -> Result<()> {
    let unique = report.unique.map_or_else(String::new, |unique| format!(", {}", counted(unique, "different content")));
    ui.line(&format!(
        "{}, {}, {}{unique}",
        counted(report.messages, "message"),
        counted(report.items, "item"),
        counted(report.bytes, "byte")
    ))?;
    if report.partially_indexed > 0 {
        ui.line(&format!(
            "{} in scope can be searched only in part and may match too",
            counted(report.partially_indexed, "item")
        ))?;
    }
    Ok(())
}
