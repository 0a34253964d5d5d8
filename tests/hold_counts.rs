//! The counts of a hold are those of the items that it keeps at that moment, and of no others.
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use custodia::archive::{Archive, HoldChange, NewHold, NewPolicy, NewScope, SimulatedRules};
use custodia::model::{ItemNo, RetentionAction, RetentionTrigger, UtcTime};
use custodia::retention::{Effect, HoldEnd, Outcome, Source};
use serde_json::Value;
use support::firm::Random;
use support::merger::{ANN, BOB, IN_2020, office};
use support::{TestArchive, number, text};

const MAILBOXES: [&str; 3] = [ANN, BOB, "cy@x.example"];

/// Messages in each mailbox.
const MESSAGES: u64 = 8;

const ITEMS: u64 = MESSAGES * MAILBOXES.len() as u64;

/// Messages of ten years; one in six cannot be read wholly.
fn filled(random: &mut Random) -> TestArchive {
    let archive = TestArchive::new();
    for (place, mailbox) in MAILBOXES.iter().enumerate() {
        archive.ok(&["mailbox", "add", mailbox]);
        for folder in ["Inbox", "Projects"] {
            let mut mbox = String::new();
            for n in 0..MESSAGES / 2 {
                let part = if random.below(6) == 0 { "-----BEGIN PGP MESSAGE-----" } else { "plain" };
                let sent = UtcTime(1_452_000_000_000 + i64::try_from(random.below(315_000_000)).expect("small") * 1000);
                let body = random.pick(&["copper wire", "brass", "copper tin"]);
                write!(
                    mbox,
                    "From x@x.example Mon Jan  6 10:00:00 2025\nFrom: x@x.example\nTo: {mailbox}\nDate: {}\n\
                     Message-ID: <{place}-{folder}-{n}@x.example>\nSubject: tin\nMIME-Version: 1.0\n\
                     Content-Type: multipart/mixed; boundary=b\n\n\
                     --b\nContent-Type: text/plain\n\n{body} {n}\n--b\nContent-Type: application/octet-stream\n\n\
                     {part}\n--b--\n\n",
                    sent.to_chrono().to_rfc2822()
                )
                .expect("strings take it");
            }
            let path = archive.write(&format!("{place}-{folder}.mbox"), mbox);
            archive.import(&path, &["--mailbox", mailbox, "--folder", folder]);
        }
    }
    archive
}

fn query(random: &mut Random) -> Option<String> {
    random.pick(&[None, Some("copper"), Some("copper NOT tin"), Some("brass")]).map(str::to_owned)
}

fn mailbox(random: &mut Random) -> String {
    (*random.pick(&MAILBOXES)).to_owned()
}

/// Places, changes and releases holds.
fn act(archive: &mut Archive, random: &mut Random, step: usize) {
    let name = format!("hold {}", random.below(step + 1));
    match random.below(5) {
        0 | 1 => {
            let new = NewHold {
                name: format!("hold {step}"),
                mailboxes: if random.below(4) == 0 { Vec::new() } else { vec![mailbox(random)] },
                folders: if random.below(4) == 0 { vec!["Projects".to_owned()] } else { Vec::new() },
                query: query(random),
                duration: random.pick(&[None, Some("P3Y"), Some("P6Y90D")]).map(|p| p.parse().expect("a period")),
                reason: "random".to_owned(),
                ..NewHold::default()
            };
            drop(archive.place_hold(&new).expect("a hold"));
        }
        2 => {
            let change = HoldChange {
                query: Some(query(random)),
                folders: (random.below(3) == 0).then(|| vec!["Inbox".to_owned()]),
                ..HoldChange::default()
            };
            // There may be none of that name, or it is released.
            drop(archive.change_hold(&name, &change, "random"));
        }
        3 => drop(archive.release_hold(&name, "random")),
        _ => drop(archive.end_hold_delay(&name, "random")),
    }
}

/// How many items each hold keeps, by what is explained of each.
fn explained(archive: &mut Archive, now: UtcTime) -> BTreeMap<String, u64> {
    let mut kept = BTreeMap::new();
    for no in (1..=ITEMS).map(ItemNo) {
        let explanation = archive.explain(no).expect("it is there");
        let keeping = |effect: &Effect| match effect {
            Effect::Holds { end: HoldEnd::Open, .. } => true,
            Effect::Holds { end: HoldEnd::Delay { until, .. } | HoldEnd::Duration { until, .. }, from, .. } => {
                now < *until && from < until
            }
            _ => false,
        };
        let names = explanation.reasons.iter().filter(|r| r.source == Source::Hold && keeping(&r.effect));
        let names: BTreeSet<String> = names.map(|reason| reason.name.to_string()).collect();
        assert_eq!(explanation.outcome == Outcome::Held, !names.is_empty(), "item {no}");
        for name in names {
            *kept.entry(name).or_default() += 1;
        }
    }
    kept
}

#[test]
fn each_hold_counts_the_items_that_explain_says_it_keeps() {
    let mut counted = 0;
    for seed in 0..3 {
        let mut random = Random(seed);
        let mut archive = filled(&mut random);
        for step in 0..10_usize {
            let mut opened = archive.open();
            act(&mut opened, &mut random, step);
            let now = opened.now();
            let explained = explained(&mut opened, now);
            for row in opened.hold_rows().expect("a report") {
                let report = &row.report;
                let kept = explained.get(&report.hold.name).copied().unwrap_or_default();
                let what = format!("seed {seed}, step {step}, hold `{}`", report.hold.name);
                assert_eq!(report.items + report.former_items, kept, "{what}");
                assert_eq!(row.matching + row.partially_indexed, kept, "{what}");
                counted += kept;
            }
            drop(opened);
            let later = now.0 + i64::try_from(random.below(20)).expect("small") * 24 * 3600 * 1000;
            archive.set_clock(&UtcTime(later).to_string());
        }
    }
    assert!(counted > 300, "{counted} are too few to prove anything");
}

fn counts(hold: &Value) -> (u64, u64, u64) {
    (number(hold, "messages"), number(hold, "items"), number(hold, "former_items"))
}

#[test]
fn items_whose_duration_has_run_are_not_counted() {
    let mut archive = office();
    let place = ["hold", "place", "four", "--mailbox", ANN, "--duration", "4y", "--reason", "claim"];
    let placed = archive.one("hold", &place);
    assert_eq!(counts(&placed), (1, 1, 0), "that of the mail of 2020 has run");
    archive.set_clock("2027-01-15T13:00:00Z");
    assert_eq!(counts(&archive.one("hold", &["hold", "show", "four"])), (0, 0, 0));
}

#[test]
fn what_a_released_or_changed_hold_no_longer_keeps_is_not_counted() {
    let mut archive = office();
    archive.ok(&["hold", "place", "all", "--all-mailboxes", "--reason", "claim"]);
    archive.ok(&["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    archive.ok(&["hold", "change", "ann", "--query", "subject:alpha", "--reason", "agreed"]);
    archive.ok(&["hold", "release", "all", "--reason", "settled"]);
    let shown = |archive: &TestArchive, name: &str| counts(&archive.one("hold", &["hold", "show", name]));
    assert_eq!((shown(&archive, "all"), shown(&archive, "ann")), ((3, 3, 0), (1, 1, 1)));
    archive.set_clock("2026-02-14T12:00:00Z");
    assert_eq!((shown(&archive, "all"), shown(&archive, "ann")), ((0, 0, 0), (1, 1, 0)), "the delays are over");
    let printed = archive.run(&["hold", "show", "all"]).text();
    assert!(printed.contains("keeps nothing any longer"), "{printed}");
}

#[test]
fn a_mailbox_shows_no_hold_that_has_left_it() {
    let mut archive = office();
    archive.ok(&["hold", "place", "both", "--mailbox", ANN, "--mailbox", BOB, "--reason", "claim"]);
    archive.ok(&["hold", "change", "both", "--remove-mailbox", BOB, "--reason", "agreed"]);
    let holds =
        |archive: &TestArchive| archive.one("mailbox", &["mailbox", "show", BOB])["holds"].as_array().map(Vec::len);
    assert_eq!(holds(&archive), Some(1));
    archive.set_clock("2026-02-14T12:00:00Z");
    archive.ok(&["hold", "change", "both", "--query", "subject:alpha", "--reason", "agreed"]);
    assert_eq!(holds(&archive), Some(0), "another change does not bring it back");
}

#[test]
fn a_duration_that_holds_nothing_is_refused() {
    let archive = office();
    for duration in ["0d", "P0Y", "0m0d"] {
        let place = ["hold", "place", "none", "--mailbox", ANN, "--duration", duration, "--reason", "claim"];
        let refused = archive.json(2, &place);
        assert!(text(&refused.error(), "message").contains("holds nothing"), "{}", refused.stderr);
    }
    assert_eq!(archive.ok(&["hold", "list"]).len(), 0);
}

/// The items that each hold keeps and that could be disposed of at `date` without it.
fn conflicts(archive: &mut Archive, date: &str) -> Vec<(String, u64)> {
    let date = UtcTime::parse(date).expect("a date");
    let simulation = archive.simulate(date, SimulatedRules::Waiting, None).expect("a simulation");
    simulation.conflicts.into_iter().map(|conflict| (conflict.hold, conflict.items)).collect()
}

#[test]
fn what_is_due_but_on_hold_would_be_gone_without_the_hold() {
    let mut archive = TestArchive::absent();
    archive.ok(&["init", "--min-residence", "30"]);
    archive.ok(&["mailbox", "add", ANN]);
    let mail = format!("From: eve@y.example\nTo: {ANN}\nDate: {IN_2020}\nMessage-ID: <a@y>\nSubject: alpha\n\n");
    let path = archive.write("alpha.eml", mail.as_bytes());
    archive.import(&path, &["--mailbox", ANN]);
    let policy = |name: &str, action| NewPolicy {
        name: name.to_owned(),
        action,
        period: "P1Y".parse().expect("a period"),
        trigger: RetentionTrigger::Created,
        scope: NewScope::All { except: Vec::new() },
        folders: Vec::new(),
        query: None,
    };
    let mut now = archive.open();
    now.add_policy(&policy("delete", RetentionAction::Delete), Some("test")).expect("a policy");
    now.add_policy(&policy("retain", RetentionAction::Retain), None).expect("a policy");
    let hold = NewHold { name: "all".to_owned(), reason: "claim".to_owned(), ..NewHold::default() };
    now.place_hold(&hold).expect("a hold");
    assert_eq!(conflicts(&mut now, "2026-01-20"), [], "it resides for 30 days");
    assert_eq!(conflicts(&mut now, "2026-02-15"), [("all".to_owned(), 1)]);
    drop(now);
    archive.set_clock("2026-02-10T12:00:00Z");
    let mut later = archive.open();
    later.remove_policy("retain", "no longer needed", Some("test")).expect("it is there");
    assert_eq!(conflicts(&mut later, "2026-02-20"), [], "the delay after the policy is running");
    assert_eq!(conflicts(&mut later, "2026-03-20"), [("all".to_owned(), 1)]);
    let stage = custodia::model::ReviewStage { reviewers: vec![custodia::model::Actor("holder".to_owned())] };
    let label = custodia::archive::NewLabel {
        name: "reviewed".to_owned(),
        action: RetentionAction::Delete,
        period: "P1Y".parse().expect("a period"),
        start: custodia::model::LabelStart::Created,
        record: custodia::model::RecordKind::None,
        folders: Vec::new(),
        query: None,
        review: vec![stage],
        next: None,
    };
    later.add_label(&label, Some("test")).expect("a label");
    later.set_label("reviewed", &[ItemNo(1)], None, "").expect("an item");
    assert_eq!(conflicts(&mut later, "2026-03-20"), [], "reviewers have not decided");
}
