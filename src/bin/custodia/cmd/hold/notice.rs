//! `hold notice`

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use custodia::archive::{Archive, HoldNoticeChange, HoldNoticeReport, IssuedLetter, NewHoldNotice, NotifiedPerson};
use custodia::model::{LetterKind, LetterText, NoticeEntry, NoticeEvent, Repetition, UtcTime};
use custodia::{Error, Result};
use serde_json::{Value, json};

use crate::args::{HoldNoticeCommand, NoticeTextArgs, RepeatedLetter};
use crate::ui::{Table, Ui, counted, escape};

/// Most bytes of a file that is read.
const LARGEST: u64 = 1 << 20;

pub(super) fn run(archive: &mut Archive, command: &HoldNoticeCommand, ui: &Ui) -> Result<()> {
    match command {
        HoldNoticeCommand::Create { name, case, custodians, said } => {
            let (name, case, custodians) = (name.clone(), case.clone(), custodians.clone());
            let report = archive.create_hold_notice(&NewHoldNotice { name, case, custodians, said: change(said)? })?;
            print(&report, archive.now(), ui)?;
            ui.hint("nothing has gone out yet: `custodia hold notice issue` writes the letters that are due");
        }
        HoldNoticeCommand::Change { notice, without, said } => {
            let without = without.iter().map(|letter| match letter {
                RepeatedLetter::Reminder => LetterKind::Reminder,
                RepeatedLetter::Escalation => LetterKind::Escalation,
            });
            let change = HoldNoticeChange { without: without.collect(), ..change(said)? };
            print(&archive.change_hold_notice(notice, &change)?, archive.now(), ui)?;
        }
        HoldNoticeCommand::Add { notice, addresses } => {
            print(&archive.add_to_hold_notice(notice, addresses)?, archive.now(), ui)?;
        }
        HoldNoticeCommand::List { case } => list(&archive.list_hold_notices(case.as_deref())?, archive.now(), ui)?,
        HoldNoticeCommand::Show { notice, letter: None } => {
            print(&archive.show_hold_notice(notice)?, archive.now(), ui)?;
        }
        HoldNoticeCommand::Show { notice, letter: Some(number) } => {
            show_letter(notice, *number, &archive.hold_notice_letter(notice, *number)?, ui)?;
        }
        HoldNoticeCommand::Issue { notice, output, channel, .. } => {
            print_issued(&archive.issue_hold_notices(notice.as_deref(), output, channel)?, output, ui)?;
        }
        HoldNoticeCommand::Acknowledge { notice, address, channel, comment } => {
            let report = archive.acknowledge_hold_notice(notice, address, channel, comment)?;
            print(&report, archive.now(), ui)?;
        }
    }
    Ok(())
}

fn change(args: &NoticeTextArgs) -> Result<HoldNoticeChange> {
    let files: [(LetterKind, &Option<PathBuf>); 5] = [
        (LetterKind::Issuance, &args.issuance),
        (LetterKind::Reissuance, &args.reissuance),
        (LetterKind::Reminder, &args.reminder),
        (LetterKind::Escalation, &args.escalation),
        (LetterKind::Release, &args.release),
    ];
    let mut letters = BTreeMap::new();
    for (kind, file) in files {
        if let Some(file) = file {
            letters.insert(kind, letter(file)?);
        }
    }
    let repeated =
        |days: Option<u32>, times: Option<u32>| days.zip(times).map(|(days, times)| Repetition { days, times });
    Ok(HoldNoticeChange {
        officer: args.officer.clone(),
        letters,
        without: BTreeSet::new(),
        portal: args.portal.as_deref().map(text_of).transpose()?,
        reminders: repeated(args.reminder_days, args.reminders),
        escalations: repeated(args.escalation_days, args.escalations),
    })
}

/// A letter as it stands in a file: its subject, an empty line, and the rest.
fn letter(path: &Path) -> Result<LetterText> {
    let text = text_of(path)?;
    let parts = text.split_once('\n').and_then(|(first, rest)| {
        let subject = first.strip_prefix("Subject:")?.trim().to_owned();
        Some(LetterText { subject, body: rest.trim_start_matches('\n').to_owned() })
    });
    parts.ok_or_else(|| {
        Error::InvalidInput(format!(
            "`{}` is no letter: begin it with a line such as `Subject: Duty to preserve`, an empty line, and the text",
            path.display()
        ))
    })
}

/// A file as text, with plain line ends.
fn text_of(path: &Path) -> Result<String> {
    let mut text = String::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    let read = file.take(LARGEST + 1).read_to_string(&mut text).map_err(Error::io("read", path))?;
    if read as u64 > LARGEST {
        return Err(Error::InvalidInput(format!("`{}` is too long for a letter", path.display())));
    }
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

fn notice_json(report: &HoldNoticeReport) -> Value {
    let notice = &report.notice;
    let repeated = |repetition: Option<Repetition>| {
        repetition.map(|Repetition { days, times }| json!({ "days": days, "times": times }))
    };
    let letters = notice
        .letters
        .iter()
        .map(|(kind, letter)| json!({ "letter": kind.as_str(), "subject": letter.subject, "text": letter.body }));
    let portal = notice.portal.iter().map(|portal| json!({ "text": portal.text, "at": portal.at, "by": portal.by.0 }));
    json!({
        "type": "hold_notice", "id": notice.id.to_string(), "name": notice.name, "case": report.case,
        "officer_name": notice.officer_name, "officer_address": notice.officer_address,
        "created_at": notice.created_at, "created_by": notice.created_by.0, "version": notice.version(),
        "reminders": repeated(notice.reminders), "escalations": repeated(notice.escalations),
        "letters": letters.collect::<Vec<_>>(), "portal": portal.collect::<Vec<_>>(),
        "custodians": report.people.iter().map(person_json).collect::<Vec<_>>(),
    })
}

fn person_json(person: &NotifiedPerson) -> Value {
    let standing = &person.standing;
    json!({
        "mailbox": person.address, "name": person.name, "added_at": person.custodian.added_at,
        "state": standing.state.as_str(), "count": standing.state.count(),
        "next_letter": standing.next.map(|(kind, _)| kind.as_str()), "next_due": standing.next.map(|(_, from)| from),
        "entries": person.custodian.entries.iter().map(entry_json).collect::<Vec<_>>(),
    })
}

fn entry_json(entry: &NoticeEntry) -> Value {
    let (event, letter, digest, comment) = match &entry.event {
        NoticeEvent::Letter { kind, number, digest } => (kind.as_str(), Some(number), Some(digest), None),
        NoticeEvent::Acknowledged { comment } => ("acknowledged", None, None, Some(comment)),
    };
    json!({
        "event": event, "at": entry.at, "by": entry.by.0, "channel": entry.channel, "version": entry.version,
        "letter": letter, "digest": digest, "comment": comment,
    })
}

fn list(reports: &[HoldNoticeReport], now: UtcTime, ui: &Ui) -> Result<()> {
    if ui.json {
        return reports.iter().try_for_each(|report| ui.json(&notice_json(report)));
    }
    let mut table = Table::new(&["ID", "NAME", "CASE", "CUSTODIANS", "ACKNOWLEDGED", "DUE NOW", "OFFICER"]);
    for report in reports {
        let acknowledged = report.people.iter().filter(|person| person.standing.state.as_str() == "acknowledged");
        let due = report.people.iter().filter(|person| person.standing.due(now).is_some());
        table.row(&[
            report.notice.id.to_string(),
            report.notice.name.clone(),
            report.case.clone(),
            report.people.len().to_string(),
            acknowledged.count().to_string(),
            due.count().to_string(),
            report.notice.officer_address.clone(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn print(report: &HoldNoticeReport, now: UtcTime, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&notice_json(report));
    }
    let notice = &report.notice;
    ui.line(&escape(
        &format!(
            "Hold notice {} `{}` for case `{}`, in the name of {}, portal text version {}",
            notice.id,
            notice.name,
            report.case,
            notice.officer_address,
            notice.version()
        ),
        false,
    ))?;
    for person in &report.people {
        let state = person.standing.state;
        let times = state.count().map_or_else(String::new, |count| format!(" {}", counted(u64::from(count), "time")));
        let next = match person.standing.next {
            Some((kind, from)) if from <= now => format!("; {} is due", kind.as_str()),
            Some((kind, from)) => format!("; {} from {from} on", kind.as_str()),
            None => String::new(),
        };
        ui.line(&escape(&format!("  {}: {}{times}{next}", person.address, state.as_str()), false))?;
        for entry in &person.custodian.entries {
            let what = match &entry.event {
                NoticeEvent::Letter { kind, number, .. } => format!("{}, letter {number}", kind.as_str()),
                NoticeEvent::Acknowledged { comment } if comment.is_empty() => "acknowledged".to_owned(),
                NoticeEvent::Acknowledged { comment } => format!("acknowledged: {comment}"),
            };
            ui.line(&escape(&format!("    {} {what} (by {}, {})", entry.at, entry.channel, entry.by.0), false))?;
        }
    }
    Ok(())
}

fn show_letter(notice: &str, number: u64, letter: &[u8], ui: &Ui) -> Result<()> {
    let text = String::from_utf8_lossy(letter);
    if ui.json {
        return ui.json(&json!({ "type": "letter", "notice": notice, "letter": number, "mail": text }));
    }
    if ui.is_terminal() {
        return text.lines().try_for_each(|line| ui.line(&escape(line, false)));
    }
    ui.with_output(&mut |output| output.write_all(letter).map_err(Error::io("write", "the output")))
}

fn print_issued(letters: &[IssuedLetter], directory: &Path, ui: &Ui) -> Result<()> {
    for letter in letters.iter().filter(|letter| letter.kind == LetterKind::Escalation && letter.manager.is_none()) {
        ui.warn(&escape(
            &format!(
                "nobody is known to be the manager of {0}: `custodia mailbox set {0} --attr manager=ADDRESS` says so",
                letter.address
            ),
            false,
        ));
    }
    if ui.json {
        for letter in letters {
            ui.json(&json!({
                "type": "issued", "notice": letter.notice, "letter": letter.number, "event": letter.kind.as_str(),
                "mailbox": letter.address, "manager": letter.manager, "file": letter.file, "digest": letter.digest,
                "version": letter.version,
            }))?;
        }
        return ui.json(&json!({ "type": "summary", "schema_version": 1, "letters": letters.len() }));
    }
    if letters.is_empty() {
        return ui.line("no letter is due");
    }
    let mut table = Table::new(&["NOTICE", "LETTER", "TO", "COPY TO", "FILE"]);
    for letter in letters {
        table.row(&[
            letter.notice.clone(),
            letter.kind.as_str().to_owned(),
            letter.address.clone(),
            letter.manager.clone().unwrap_or_default(),
            letter.file.clone(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    ui.line(&format!("{} written to {}", counted(letters.len() as u64, "letter"), directory.display()))?;
    ui.hint("they are recorded as sent: hand them to your mail system now");
    Ok(())
}
