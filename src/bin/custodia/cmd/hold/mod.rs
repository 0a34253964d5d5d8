//! `hold`

mod notice;
mod report;

use std::path::Path;

use custodia::archive::{Archive, HoldChange, HoldReport, HoldState, NewHold, UnreadHold, UnreadRule};
use custodia::model::UtcTime;
use custodia::{Error, Result};
use serde_json::{Value, json};

use super::retention::warn_of_unread;
use crate::args::{HoldChangeArgs, HoldCommand, HoldPlaceArgs, Narrowing};
use crate::exit::point_at;
use crate::ui::{Table, Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &HoldCommand, ui: &Ui) -> Result<u8> {
    match command {
        HoldCommand::Place(args) => {
            let placed = archive.place_hold(&new_hold(args));
            print(&placed.inspect_err(|error| point_at(args.query.as_deref(), error, ui))?, ui)?;
        }
        HoldCommand::On { hold, reason } => print(&archive.turn_hold_on(hold, reason)?, ui)?,
        HoldCommand::Change(args) => {
            let changed = archive.change_hold(&args.hold, &change(args), &args.reason);
            print(&changed.inspect_err(|error| point_at(args.query.as_deref(), error, ui))?, ui)?;
        }
        HoldCommand::EndDelay { hold, reason } => print(&archive.end_hold_delay(hold, reason)?, ui)?,
        HoldCommand::Show { hold } => print(&archive.show_hold(hold)?, ui)?,
        HoldCommand::Release { hold, reason } => print(&archive.release_hold(hold, reason)?, ui)?,
        HoldCommand::Report(args) => report::report(archive, args, ui)?,
        HoldCommand::Certificate { hold, output, .. } => {
            let (hold, output) = hold
                .as_deref()
                .zip(output.as_deref())
                .ok_or_else(|| Error::InvalidInput("say which hold, and --output FILE".to_owned()))?;
            report::certify(archive, hold, output, ui)?;
        }
        HoldCommand::Notice(command) => notice::run(archive, command, ui)?,
        HoldCommand::List => list(&archive.list_holds()?, ui)?,
    }
    Ok(0)
}

/// Checks a certificate; no archive is needed.
pub(super) fn verify(path: &Path, ui: &Ui) -> Result<u8> {
    report::verify(path, ui).map(|()| 0)
}

fn new_hold(args: &HoldPlaceArgs) -> NewHold {
    NewHold {
        name: args.name.clone(),
        case: args.case.clone(),
        custodians: args.custodians,
        mailboxes: args.mailboxes.clone(),
        folders: args.folders.clone(),
        query: args.query.clone(),
        from: args.from,
        before: args.to,
        duration: args.duration,
        stated_date: args.date,
        owner: args.owner.clone(),
        comment: args.comment.clone(),
        url: args.url.clone(),
        draft: args.draft,
        reason: args.reason.clone(),
    }
}

fn change(args: &HoldChangeArgs) -> HoldChange {
    let lifts = |narrowing: Narrowing| args.lift.contains(&narrowing);
    let date = |date: Option<UtcTime>| date.map(Some).or(lifts(Narrowing::Dates).then_some(None));
    HoldChange {
        add_mailboxes: args.add_mailboxes.clone(),
        remove_mailboxes: args.remove_mailboxes.clone(),
        all_mailboxes: args.all_mailboxes,
        folders: (lifts(Narrowing::Folders) || !args.folders.is_empty()).then(|| args.folders.clone()),
        query: args.query.clone().map(Some).or(lifts(Narrowing::Query).then_some(None)),
        from: date(args.from),
        before: date(args.to),
        owner: args.owner.clone(),
        comment: args.comment.clone(),
        url: args.url.clone(),
    }
}

fn hold_json(report: &HoldReport) -> Value {
    let hold = &report.hold;
    let released = hold.released.as_ref();
    json!({
        "type": "hold", "id": hold.id.to_string(), "name": hold.name, "state": report.state.as_str(),
        "kind": report.kind(), "case": report.case, "messages": report.messages, "items": report.items,
        "partially_indexed": report.partially_indexed, "unevaluated_items": report.unevaluated,
        "unread": report.unread.as_ref().map(|unread| &unread.why), "not_evaluated": report.not_evaluated,
        "former_items": report.former_items,
        "kept_items": report.kept_items(),
        "mailboxes": report.mailboxes, "all_mailboxes": hold.scope.mailboxes.is_none(),
        "custodians": hold.follows_custodians, "folders": hold.scope.folders, "query": hold.scope.query,
        "from": hold.scope.from, "before": hold.scope.before,
        "duration": hold.duration.map(|duration| duration.to_string()), "date": hold.stated_date, "owner": hold.owner,
        "comment": hold.comment, "url": hold.url, "reason": hold.reason, "placed_at": hold.placed_at,
        "placed_by": hold.placed_by.0, "on_since": hold.on_since,
        "released_at": released.map(|release| release.at), "released_by": released.map(|release| &release.by.0),
        "release_reason": released.map(|release| &release.reason), "delay_until": report.delay_until,
    })
}

fn scope(report: &HoldReport) -> String {
    let scope = &report.hold.scope;
    let mut text = if scope.mailboxes.is_none() { "all mailboxes".to_owned() } else { report.mailboxes.join(", ") };
    if report.hold.follows_custodians {
        text = format!("custodians ({text})");
    }
    if scope.folders.is_empty() { text } else { format!("{text}; folders {}", scope.folders.join(", ")) }
}

/// What narrows it, in words.
fn condition(report: &HoldReport) -> String {
    let scope = &report.hold.scope;
    let mut parts: Vec<String> = scope.query.iter().cloned().collect();
    parts.extend(scope.from.map(|from| format!("from {from}")));
    parts.extend(scope.before.map(|before| format!("before {before}")));
    parts.join("; ")
}

fn list(reports: &[HoldReport], ui: &Ui) -> Result<()> {
    warn(reports, ui);
    if ui.json {
        return reports.iter().try_for_each(|report| ui.json(&hold_json(report)));
    }
    let mut table = Table::new(&["ID", "NAME", "STATE", "ITEMS", "SCOPE", "QUERY"]);
    for report in reports {
        table.row(&[
            report.hold.id.to_string(),
            report.hold.name.clone(),
            state(report),
            kept(report),
            scope(report),
            condition(report),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

/// Says why holds could not be evaluated, and names those that hold what nobody knows whether it matches.
fn warn<'r>(reports: impl IntoIterator<Item = &'r HoldReport>, ui: &Ui) {
    let (mut unread, mut not_evaluated) = (Vec::<UnreadRule>::new(), None);
    for report in reports {
        unread.extend(report.unread_rule());
        not_evaluated = not_evaluated.or(report.not_evaluated.as_deref());
    }
    warn_of_unread(&unread, ui);
    warn_of_not_evaluated(not_evaluated, ui);
}

/// Says why holds could not be evaluated, if so, what that means, and what to do.
pub(super) fn warn_of_not_evaluated(why: Option<&str>, ui: &Ui) {
    let Some(why) = why else { return };
    let text = format!(
        "holds could not be evaluated now; they hold everything of their locations that they were not evaluated on, and \
         are counted so: {why}"
    );
    ui.warn(&escape(&text, true));
    ui.hint("the index holds nothing of its own: `custodia index rebuild` makes it anew");
}

/// Where it stands, and whether its query cannot be read.
fn state(report: &HoldReport) -> String {
    match &report.unread {
        Some(UnreadHold { is_former: false, .. }) => format!("{}, its query cannot be read", report.state),
        Some(_) => format!("{}, the query before it cannot be read", report.state),
        None if report.not_evaluated.is_some() => format!("{}, not evaluated", report.state),
        None => report.state.to_string(),
    }
}

/// How many items it keeps, and how many of them only until the delay after a change ends.
fn kept(report: &HoldReport) -> String {
    match report.former_items {
        0 => report.items.to_string(),
        former => format!("{}, {former} of them from before a change", report.kept_items()),
    }
}

/// Says why a hold keeps nothing, as one that names the wrong people or words does.
fn warn_of_nothing(report: &HoldReport, ui: &Ui) {
    let is_over = matches!(report.state, HoldState::Off | HoldState::Delay);
    if is_over || report.kept_items() > 0 || report.unread.is_some() || report.not_evaluated.is_some() {
        return;
    }
    let scope = &report.hold.scope;
    let why = if scope.mailboxes.is_some() && report.mailboxes.is_empty() {
        match &report.case {
            Some(case) if report.hold.follows_custodians => format!("case `{case}` has no custodians"),
            _ => "no mailbox is in its scope".to_owned(),
        }
    } else {
        "nothing that is there is in its scope".to_owned()
    };
    ui.warn(&escape(&format!("hold `{}` keeps nothing so far: {why}", report.hold.name), false));
}

fn print(report: &HoldReport, ui: &Ui) -> Result<()> {
    warn([report], ui);
    warn_of_nothing(report, ui);
    if ui.json {
        return ui.json(&hold_json(report));
    }
    let hold = &report.hold;
    ui.line(&format!("Hold {} `{}` is {}", hold.id, escape(&hold.name, false), report.state))?;
    if let Some(UnreadHold { why, is_former }) = &report.unread {
        let before = if *is_former { " that it had before a change" } else { "" };
        ui.line(&escape(&format!("  its query{before} cannot be read: {why}"), false))?;
    }
    if report.not_evaluated.is_some() {
        ui.line("  it could not be evaluated now: the counts are with all that it was not evaluated on")?;
    }
    if let Some(case) = &report.case {
        ui.line(&format!("  of case `{}`", escape(case, false)))?;
    }
    ui.line(&format!("  on {}", escape(&scope(report), false)))?;
    let condition = condition(report);
    if !condition.is_empty() {
        ui.line(&format!("  for {}", escape(&condition, false)))?;
    }
    if let Some(duration) = hold.duration {
        ui.line(&format!("  each item for {duration} after its own date"))?;
    }
    let later = if hold.released.is_none() { ", and what arrives later" } else { "" };
    let (messages, items) = (counted(report.messages, "message"), counted(report.items, "item"));
    ui.line(&match report.state {
        HoldState::Off => "  keeps nothing any longer".to_owned(),
        HoldState::Draft => format!("  would cover {messages}, {items}{later}"),
        HoldState::On | HoldState::QueryChanged | HoldState::Delay => format!("  covers {messages}, {items}{later}"),
    })?;
    if report.partially_indexed > 0 {
        ui.line(&format!("  {} of them because they can be searched only in part", report.partially_indexed))?;
    }
    if report.unevaluated > 0 {
        ui.line(&format!("  {} of them because nobody knows whether they match", report.unevaluated))?;
    }
    if report.former_items > 0 {
        ui.line(&format!("  {} more from before it was changed", counted(report.former_items, "item")))?;
    }
    print_words(report, ui)
}

fn print_words(report: &HoldReport, ui: &Ui) -> Result<()> {
    let hold = &report.hold;
    let (by, reason) = (escape(&hold.placed_by.0, false), escape(&hold.reason, false));
    ui.line(&format!("  placed by {by} at {}: {reason}", hold.placed_at))?;
    for (name, text) in [("owner", &hold.owner), ("comment", &hold.comment), ("url", &hold.url)] {
        if !text.is_empty() && *text != hold.placed_by.0 {
            ui.line(&format!("  {name}: {}", escape(text, false)))?;
        }
    }
    if let Some(date) = hold.stated_date.filter(|date| *date != hold.placed_at) {
        ui.line(&format!("  dated {date}"))?;
    }
    if let Some(release) = &hold.released {
        let (by, reason) = (escape(&release.by.0, false), escape(&release.reason, false));
        ui.line(&format!("  released by {by} at {}: {reason}", release.at))?;
    }
    match report.delay_until {
        Some(until) => ui.line(&format!("  what it covered before stays held until {until}")),
        None => Ok(()),
    }
}
