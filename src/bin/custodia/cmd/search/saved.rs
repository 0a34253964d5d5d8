//! Saved searches, and results that are kept.

use custodia::archive::{Archive, CheckedResult, DifferingItem, ResultDifference, SearchRequest};
use custodia::model::{FrozenSearch, SavedSearch, SearchText};
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::explain::listed_names;
use super::{show, shown};
use crate::args::{FirstDay, SearchCommand, SearchTextArgs};
use crate::exit::{INTEGRITY, point_at};
use crate::ui::{Table, Ui, counted, escape, short};

pub(super) fn run(archive: &mut Archive, command: &SearchCommand, ui: &Ui) -> Result<u8> {
    match command {
        SearchCommand::Save { name, search, replace } => save(archive, name, &search_text(search)?, *replace, ui)?,
        SearchCommand::List => list(&archive.saved_searches()?, ui)?,
        SearchCommand::Run { name, output } => {
            let (saved, _) = archive.saved_search(name)?;
            let request = asked(&saved.search, shown(output, false, ui));
            return show(archive, &request, output, ui);
        }
        SearchCommand::Show { name } => return show_one(archive, name, ui),
        SearchCommand::Freeze { name, search } => freeze(archive, name, search, ui)?,
        SearchCommand::Remove { name } => remove(archive, name, ui)?,
        SearchCommand::Diff { from, to } => diff(archive, from, to.as_deref(), ui)?,
    }
    Ok(0)
}

/// What was typed to be searched for.
pub(in crate::cmd) fn search_text(args: &SearchTextArgs) -> Result<SearchText> {
    if args.query.is_none() && !args.all {
        return Err(Error::InvalidInput("say what to search for: a query, or --all".to_owned()));
    }
    Ok(typed(args))
}

/// What was typed, which may be nothing.
pub(in crate::cmd) fn typed(args: &SearchTextArgs) -> SearchText {
    SearchText {
        query: args.query.clone(),
        lenient: args.reading.lenient,
        no_expand: args.reading.no_expand,
        weeks_from_sunday: matches!(args.reading.week_start, FirstDay::Sunday),
        mailboxes: args.mailboxes.clone(),
        folders: args.folders.clone(),
    }
}

/// A request for `search` that shows what `request` says.
pub(super) fn asked(search: &SearchText, request: SearchRequest) -> SearchRequest {
    let SearchRequest { query, mode, no_expand, week_start, mailboxes, folders, .. } = SearchRequest::from(search);
    SearchRequest { query, mode, no_expand, week_start, mailboxes, folders, ..request }
}

fn save(archive: &mut Archive, name: &str, search: &SearchText, replace: bool, ui: &Ui) -> Result<()> {
    let saved = archive.save_search(name, search, replace);
    let (saved, report) = saved.inspect_err(|error| point_at(search.query.as_deref(), error, ui))?;
    if ui.json {
        return ui.json(&saved_json(&saved, &[]));
    }
    super::print_summary(&report, ui)?;
    ui.line(&format!("Saved as `{}`", escape(&saved.name, false)))
}

fn freeze(archive: &mut Archive, name: &str, args: &SearchTextArgs, ui: &Ui) -> Result<()> {
    let given = args.query.is_some() || args.all;
    let search = if given { Some(search_text(args)?) } else { None };
    if search.is_none() && typed(args) != SearchText::default() {
        return Err(Error::InvalidInput(
            "the saved search has its own reading and scope: leave the options out, or give a query too".to_owned(),
        ));
    }
    let frozen = archive.freeze_search(name, search.as_ref());
    let frozen = frozen.inspect_err(|error| point_at(args.query.as_deref(), error, ui))?;
    if ui.json { ui.json(&frozen_json(&frozen)) } else { print_frozen(&frozen, ui) }
}

fn remove(archive: &mut Archive, name: &str, ui: &Ui) -> Result<()> {
    archive.remove_search(name)?;
    if ui.json {
        return ui.json(&json!({ "type": "removed_search", "schema_version": 1, "name": name }));
    }
    ui.line(&format!("Removed `{}`", escape(name, false)))
}

fn search_json(search: &SearchText) -> Value {
    json!({
        "query": search.query, "mode": mode(search), "expand": !search.no_expand,
        "week_start": if search.weeks_from_sunday { "sunday" } else { "monday" }, "mailboxes": search.mailboxes, "folders": search.folders,
    })
}

fn mode(search: &SearchText) -> &'static str {
    if search.lenient { "lenient" } else { "strict" }
}

fn saved_json(saved: &SavedSearch, frozen: &[FrozenSearch]) -> Value {
    json!({
        "type": "saved", "schema_version": 1, "name": saved.name, "search": search_json(&saved.search),
        "saved_at": saved.saved_at, "saved_by": saved.saved_by.0,
        "results": frozen.iter().map(FrozenSearch::label).collect::<Vec<_>>(),
    })
}

fn frozen_json(frozen: &FrozenSearch) -> Value {
    let warnings = frozen.warnings.iter();
    let warnings = warnings.map(|(code, at, message)| json!({ "code": code, "offset": at, "message": message }));
    let people = frozen.people.iter().map(|(person, names)| json!({ "person": person, "names": names }));
    json!({
        "type": "frozen", "schema_version": 1, "result": frozen.label(), "search": search_json(&frozen.search),
        "read_as": frozen.read_as, "people": people.collect::<Vec<_>>(), "warnings": warnings.collect::<Vec<_>>(), "frozen_at": frozen.frozen_at,
        "frozen_by": frozen.frozen_by.0, "last_message": frozen.last_message.to_string(),
        "index_rules": frozen.index_rules, "program": frozen.program, "messages": frozen.messages,
        "items": frozen.items, "bytes": frozen.bytes, "partially_indexed": frozen.partially_indexed,
        "sha256": frozen.result,
    })
}

fn list(all: &[(SavedSearch, Vec<FrozenSearch>)], ui: &Ui) -> Result<()> {
    if ui.json {
        return all.iter().try_for_each(|(saved, frozen)| ui.json(&saved_json(saved, frozen)));
    }
    if all.is_empty() {
        ui.hint("no search is saved; to search for the word write custodia search '\"list\"'");
        return Ok(());
    }
    let mut table = Table::new(&["NAME", "SAVED", "BY", "FROZEN", "SCOPE", "QUERY"]);
    for (saved, frozen) in all {
        table.row(&[
            saved.name.clone(),
            saved.saved_at.to_string(),
            saved.saved_by.0.clone(),
            frozen.len().to_string(),
            scope(&saved.search),
            query(&saved.search),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn query(search: &SearchText) -> String {
    search.query.clone().unwrap_or_else(|| "(all)".to_owned())
}

fn scope(search: &SearchText) -> String {
    let named: Vec<&str> = search.mailboxes.iter().chain(&search.folders).map(String::as_str).collect();
    if named.is_empty() { "everywhere".to_owned() } else { named.join(", ") }
}

fn show_one(archive: &Archive, name: &str, ui: &Ui) -> Result<u8> {
    if name.contains('@') {
        let checked = archive.frozen_search(name)?;
        print_checked(&checked, ui)?;
        return Ok(if checked.is_intact { 0 } else { INTEGRITY });
    }
    let (saved, frozen) = archive.saved_search(name)?;
    if ui.json {
        ui.json(&saved_json(&saved, &frozen))?;
        return Ok(0);
    }
    ui.line(&format!("Search `{}`, {}", escape(&saved.name, false), mode(&saved.search)))?;
    ui.line(&format!("  for {}", escape(&query(&saved.search), false)))?;
    ui.line(&format!("  in {}", escape(&scope(&saved.search), false)))?;
    ui.line(&format!("  saved by {} at {}", escape(&saved.saved_by.0, false), saved.saved_at))?;
    if !frozen.is_empty() {
        let mut table = Table::new(&["RESULT", "FROZEN", "BY", "MESSAGES", "ITEMS", "SHA-256"]);
        for frozen in &frozen {
            table.row(&[
                frozen.label(),
                frozen.frozen_at.to_string(),
                frozen.frozen_by.0.clone(),
                frozen.messages.to_string(),
                frozen.items.to_string(),
                short(&frozen.result.to_string()),
            ]);
        }
        ui.line("")?;
        table.lines().try_for_each(|line| ui.line(&line))?;
    }
    Ok(0)
}

fn print_frozen(frozen: &FrozenSearch, ui: &Ui) -> Result<()> {
    let line = |name: &str, value: &str| ui.line(&format!("  {name:<15}{}", escape(value, false)));
    ui.line(&format!("Result `{}`", escape(&frozen.label(), false)))?;
    line("query", &query(&frozen.search))?;
    line("read as", &frozen.read_as)?;
    for (person, names) in &frozen.people {
        line("people", &format!("{person} also as {}", listed_names(names)))?;
    }
    line("mode", mode(&frozen.search))?;
    line("scope", &scope(&frozen.search))?;
    for (code, offset, message) in &frozen.warnings {
        line("warning", &format!("{code} at byte {offset}: {message}"))?;
    }
    line("frozen", &format!("by {} at {}", frozen.frozen_by.0, frozen.frozen_at))?;
    let (rules, program) = (frozen.index_rules, &frozen.program);
    line("index", &format!("to message {}, rules {rules}, custodia {program}", frozen.last_message))?;
    let (messages, items) = (counted(frozen.messages, "message"), counted(frozen.items, "item"));
    line("found", &format!("{messages}, {items}, {}", counted(frozen.bytes, "byte")))?;
    line("in part", &format!("{} in scope could be searched only in part", counted(frozen.partially_indexed, "item")))?;
    line("sha256", &frozen.result.to_string())
}

fn print_checked(checked: &CheckedResult, ui: &Ui) -> Result<()> {
    if ui.json {
        let mut value = frozen_json(&checked.frozen);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("disposed".to_owned(), json!(checked.disposed));
            fields.insert("intact".to_owned(), json!(checked.is_intact));
        }
        return ui.json(&value);
    }
    print_frozen(&checked.frozen, ui)?;
    let state = if checked.is_intact { "intact: its items give the same digest" } else { "NOT what was frozen" };
    let disposed = match checked.disposed {
        0 => String::new(),
        n => format!("; {} disposed of since, their digests are kept", counted(n, "item")),
    };
    ui.line(&format!("  {:<15}{state}{disposed}", "checked"))
}

fn diff(archive: &mut Archive, from: &str, to: Option<&str>, ui: &Ui) -> Result<()> {
    archive.compare_results(from, to, &mut |difference| print_difference(difference, ui), &mut |is_added, item| {
        print_differing(is_added, item, ui)
    })
}

fn print_difference(difference: &ResultDifference, ui: &Ui) -> Result<()> {
    let ResultDifference { from, to, added, removed, unchanged, read_as } = difference;
    if ui.json {
        return ui.json(&json!({
            "type": "diff", "schema_version": 1, "from": from, "to": to, "added": added, "removed": removed,
            "unchanged": unchanged, "read_as": read_as.as_ref().map(|(from, to)| json!({ "from": from, "to": to })),
        }));
    }
    if let Some((before, after)) = read_as {
        ui.warn(&format!("the query was read as {}, then as {}", escape(before, false), escape(after, false)));
    }
    ui.line(&format!(
        "From {} to {}: {} added, {removed} removed, {unchanged} in both",
        escape(from, false),
        escape(to, false),
        counted(*added, "item")
    ))
}

fn print_differing(is_added: bool, item: &DifferingItem, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&json!({
            "type": if is_added { "added" } else { "removed" }, "item": item.item.to_string(),
            "message": item.message.to_string(), "digest": item.digest, "mailbox": item.mailbox,
            "folder": item.folder, "disposed_at": item.disposed_at,
        }));
    }
    let sign = if is_added { '+' } else { '-' };
    let place = escape(&format!("{} / {}", item.mailbox, item.folder), false);
    let disposed = item.disposed_at.map_or_else(String::new, |at| format!(", disposed of at {at}"));
    ui.line(&format!("{sign} {}  {place}  {}{disposed}", item.item, short(&item.digest.to_string())))
}
