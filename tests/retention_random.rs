//! In archives with rules, labels, holds and reviews at random: what is simulated for a date is what is planned and
//! executed on it, a hold always wins, and no stronger rule lets anything go earlier.
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;

use custodia::archive::{
    Archive, Counts, NewHold, NewLabel, NewPolicy, NewScope, PlanFile, PolicyChange, ReviewChoice, ReviewSelection,
    SimulatedRules, WantedReviews,
};
use custodia::model::{
    Actor, ItemNo, LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger, ReviewStage, UtcTime,
};
use custodia::retention::Outcome;
use support::TestArchive;
use support::firm::Random;

const MAILBOXES: [&str; 3] = ["ann@x.example", "bob@x.example", "cy@x.example"];

/// Messages in each mailbox.
const MESSAGES: u64 = 8;

const ITEMS: u64 = MESSAGES * MAILBOXES.len() as u64;

const NOW: &str = "2026-01-15T12:00:00Z";

/// A rule before it is in an archive.
enum Rule {
    Policy(NewPolicy),
    Label(NewLabel, Vec<ItemNo>),
    Hold(NewHold),
}

fn period(random: &mut Random) -> RetentionPeriod {
    let days = random.pick(&["P10D", "P6M", "P1Y", "P2Y", "P3Y90D", "P5Y", "P9Y", "unlimited"]);
    days.parse().expect("a period")
}

fn ending(random: &mut Random) -> RetentionPeriod {
    random.pick(&["P10D", "P6M", "P1Y", "P2Y", "P3Y90D", "P5Y"]).parse().expect("a period")
}

fn query(random: &mut Random) -> Option<String> {
    random.pick(&[None, None, Some("copper"), Some("subject:tin"), Some("copper NOT tin")]).map(str::to_owned)
}

fn policy(random: &mut Random, n: usize) -> NewPolicy {
    let action = *random.pick(&[RetentionAction::Retain, RetentionAction::Delete, RetentionAction::RetainAndDelete]);
    let mailbox = || (*MAILBOXES.first().expect("there is one")).to_owned();
    let scope = match random.below(4) {
        0 => NewScope::All { except: vec![mailbox()] },
        1 => NewScope::Include(vec![mailbox(), (*random.pick(&MAILBOXES)).to_owned()]),
        _ => NewScope::All { except: Vec::new() },
    };
    NewPolicy {
        name: format!("policy {n}"),
        action,
        period: if action == RetentionAction::Retain { period(random) } else { ending(random) },
        trigger: RetentionTrigger::Created,
        scope,
        folders: Vec::new(),
        query: query(random),
    }
}

/// `chained` lets a label that retains give way to the first one at the end of its period.
fn label(random: &mut Random, n: usize, chained: bool) -> (NewLabel, Vec<ItemNo>) {
    let (deletes, reviewed) = (random.below(3) > 0, random.below(2) > 0);
    let stage = ReviewStage { reviewers: vec![Actor("holder".to_owned())] };
    let start = match random.below(3) {
        0 => LabelStart::Labelled,
        1 => LabelStart::Event("ended".to_owned()),
        _ => LabelStart::Created,
    };
    let label = NewLabel {
        name: format!("label {n}"),
        action: if deletes { RetentionAction::RetainAndDelete } else { RetentionAction::Retain },
        period: ending(random),
        start,
        record: RecordKind::None,
        folders: Vec::new(),
        query: None,
        review: if deletes && reviewed { vec![stage; 1 + random.below(2)] } else { Vec::new() },
        next: (chained && n > 0 && !deletes).then(|| "label 0".to_owned()),
    };
    // Each label on items of its own, so that the order of labelling means nothing.
    let items = (1..=ITEMS).filter(|no| no % 4 == n as u64 && random.below(2) > 0).map(ItemNo);
    (label, items.collect())
}

fn hold(random: &mut Random, n: usize) -> NewHold {
    let duration = (random.below(4) == 0).then(|| ending(random));
    NewHold {
        name: format!("hold {n}"),
        mailboxes: vec![(*random.pick(&MAILBOXES)).to_owned()],
        query: query(random),
        duration,
        reason: "random".to_owned(),
        ..NewHold::default()
    }
}

fn rules(random: &mut Random, chained: bool) -> Vec<Rule> {
    let policies = (0..=random.below(4)).map(|n| Rule::Policy(policy(random, n))).collect::<Vec<_>>();
    let labels =
        (0..random.below(3)).map(|n| label(random, n, chained)).map(|(label, items)| Rule::Label(label, items));
    let labels = labels.collect::<Vec<_>>();
    let holds = (0..random.below(3)).map(|n| Rule::Hold(hold(random, n))).collect::<Vec<_>>();
    policies.into_iter().chain(labels).chain(holds).collect()
}

/// Messages of ten years; one in six cannot be read wholly.
fn filled(random: &mut Random) -> TestArchive {
    let archive = TestArchive::new();
    for (place, mailbox) in MAILBOXES.iter().enumerate() {
        archive.ok(&["mailbox", "add", mailbox]);
        let mut mbox = String::new();
        for n in 0..MESSAGES {
            let sealed = if random.below(6) == 0 { "-----BEGIN PGP MESSAGE-----" } else { "plain" };
            let sent = UtcTime(1_452_000_000_000 + i64::try_from(random.below(315_000_000)).expect("small") * 1000);
            let date = sent.to_chrono().to_rfc2822();
            let subject = random.pick(&["tin", "zinc"]);
            let body = random.pick(&["copper wire", "brass", "copper tin"]);
            write!(
                mbox,
                "From x@x.example Mon Jan  6 10:00:00 2025\nFrom: x@x.example\nTo: {mailbox}\nDate: {date}\n\
                 Message-ID: <{place}-{n}@x.example>\nSubject: {subject}\nMIME-Version: 1.0\n\
                 Content-Type: multipart/mixed; boundary=b\n\n\
                 --b\nContent-Type: text/plain\n\n{body} {n}\n--b\nContent-Type: application/octet-stream\n\n\
                 {sealed}\n--b--\n\n"
            )
            .expect("strings take it");
        }
        let path = archive.write(&format!("{place}.mbox"), mbox);
        archive.import(&path, &["--mailbox", mailbox]);
    }
    archive
}

fn apply<'r>(archive: &mut Archive, rules: impl Iterator<Item = &'r Rule>) {
    for rule in rules {
        match rule {
            Rule::Policy(policy) => drop(archive.add_policy(policy, Some("test")).expect("a policy")),
            Rule::Label(label, items) => {
                archive.add_label(label, Some("test")).expect("a label");
                archive.set_label(&label.name, items, Some("asset"), "").expect("items");
            }
            Rule::Hold(hold) => drop(archive.place_hold(hold).expect("a hold")),
        }
    }
}

/// Some rules are released, what waits is partly approved, and perhaps the event happens.
fn disturb(archive: &mut Archive, random: &mut Random) {
    if random.below(2) > 0 {
        archive.remove_policy("policy 0", "random", Some("random")).expect("it is there");
    }
    if random.below(2) > 0 && archive.show_hold("hold 0").is_ok() {
        archive.release_hold("hold 0", "random").expect("it is on");
    }
    if random.below(2) > 0 {
        let at = UtcTime::parse("2024-06-01").expect("a date");
        let event = custodia::archive::NewEvent { kind: "ended".to_owned(), asset: "asset".to_owned(), at };
        archive.record_event(&event).expect("an event");
    }
    let mut waiting = Vec::new();
    let mut note = |item: custodia::archive::WaitingItem| {
        waiting.push(item.item);
        Ok(())
    };
    archive.visit_waiting(&WantedReviews::default(), &mut note).expect("a list");
    for (n, item) in waiting.into_iter().enumerate() {
        let choice = match n % 3 {
            0 => ReviewChoice::Approve,
            1 => ReviewChoice::ExtendUntil(UtcTime::parse("2027-01-01").expect("a date")),
            _ => continue,
        };
        archive.decide_review(&ReviewSelection::Items(vec![item]), &choice, "random").expect("it waits");
    }
}

fn later(days: i64) -> UtcTime {
    UtcTime(UtcTime::parse(NOW).expect("a date").0 + days * 24 * 3600 * 1000)
}

/// The archive as somebody opens it at `at`.
fn opened(archive: &mut TestArchive, at: UtcTime) -> Archive {
    archive.set_clock(&at.to_string());
    let mut opened = archive.open();
    opened.confirm_clock("the test moves it").expect("time goes on");
    opened
}

/// The items of a plan.
fn planned(archive: &mut Archive, path: &std::path::Path) -> (Counts, BTreeSet<ItemNo>) {
    let summary = archive.plan_disposition(&mut File::create(path).expect("a file")).expect("a plan");
    let mut items = BTreeSet::new();
    let mut note = |planned: custodia::archive::PlannedItem| {
        items.insert(planned.item);
        Ok(())
    };
    PlanFile::open(path).expect("a plan").visit(&mut note).expect("a list");
    let custodia::archive::PlanSummary { items: all, eligible, kept, held, review, .. } = summary;
    assert_eq!(eligible, items.len() as u64);
    (Counts { items: all, eligible, kept, held, review }, items)
}

type Decided = BTreeMap<ItemNo, (Outcome, Option<UtcTime>, Option<UtcTime>)>;

/// Outcome, until when, and the earliest disposition of each item.
fn decided(archive: &mut Archive) -> Decided {
    let explain = |no| {
        let explanation = archive.explain(no).expect("it is there");
        (no, (explanation.outcome, explanation.until, explanation.earliest_disposition))
    };
    (1..=ITEMS).map(ItemNo).map(explain).collect()
}

/// That nothing goes earlier in `after`; without an instant it is never, as far as known.
fn assert_no_earlier(before: &Decided, after: &Decided) {
    for (item, (_, _, earliest)) in before {
        let (_, _, now) = after[item];
        assert!(now.is_none() || earliest.is_some_and(|earliest| now >= Some(earliest)), "item {item}");
    }
}

#[test]
fn what_is_simulated_for_a_date_is_planned_and_executed_on_it() {
    let mut destroyed = 0;
    for seed in 0..6 {
        let mut random = Random(seed);
        let mut archive = filled(&mut random);
        let rules = rules(&mut random, true);
        let dates = [0, 20, 31, 400, 2500].map(later);
        let mut now = archive.open();
        apply(&mut now, rules.iter());
        disturb(&mut now, &mut random);
        let simulated =
            dates.map(|date| now.simulate(date, SimulatedRules::Waiting, None).expect("a simulation").counts);
        let path = archive.path("plan.json");
        drop(now);
        for (date, simulated) in dates.into_iter().zip(simulated) {
            let mut then = opened(&mut archive, date);
            let (counts, items) = planned(&mut then, &path);
            assert_eq!(counts, simulated, "seed {seed}, {date}");
            let outcomes = decided(&mut then);
            let eligible = outcomes.iter().filter(|(_, decided)| decided.0 == Outcome::Eligible).map(|(no, _)| *no);
            assert_eq!(eligible.collect::<BTreeSet<_>>(), items, "seed {seed}, {date}");
        }
        let mut last = opened(&mut archive, later(2500));
        let (counts, items) = planned(&mut last, &path);
        let execution = last.execute_disposition(&PlanFile::open(&path).expect("a plan")).expect("an execution");
        assert_eq!(execution.items, counts.eligible);
        destroyed += execution.items;
        for no in (1..=ITEMS).map(ItemNo) {
            assert_eq!(last.explain(no).is_err(), items.contains(&no), "seed {seed}, item {no}");
        }
        drop(last);
        archive.verify_clean();
    }
    assert!(destroyed > 20, "{destroyed} items are too few to prove anything");
}

#[test]
fn stronger_rules_let_nothing_go_earlier_and_a_hold_wins() {
    for seed in 100..104 {
        let mut random = Random(seed);
        let archive = filled(&mut random);
        let rules = rules(&mut random, true);
        let mut archive = archive.open();
        apply(&mut archive, rules.iter());
        disturb(&mut archive, &mut random);
        let mut before = decided(&mut archive);
        let retain = NewPolicy { action: RetentionAction::Retain, ..policy(&mut random, 50) };
        archive.add_policy(&retain, None).expect("a policy");
        let after = decided(&mut archive);
        assert_no_earlier(&before, &after);
        before = after;
        for rule in &rules {
            let Rule::Policy(NewPolicy { name, period: RetentionPeriod::Span { months, days }, .. }) = rule else {
                continue;
            };
            let period = Some(RetentionPeriod::Span { months: months + 7, days: *days });
            let change = PolicyChange { period, ..PolicyChange::default() };
            if archive.change_policy(name, &change, Some("test")).is_ok() {
                let after = decided(&mut archive);
                assert_no_earlier(&before, &after);
                before = after;
            }
        }
        let everywhere = NewHold { name: "all".to_owned(), reason: "random".to_owned(), ..NewHold::default() };
        archive.place_hold(&everywhere).expect("a hold");
        assert!(decided(&mut archive).values().all(|(outcome, until, _)| *outcome == Outcome::Held && until.is_none()));
    }
}

#[test]
fn the_order_of_rules_changes_nothing() {
    for seed in 200..204 {
        let both = [false, true].map(|reversed| {
            let mut random = Random(seed);
            let archive = filled(&mut random);
            let rules = rules(&mut random, false);
            let mut archive = archive.open();
            if reversed {
                apply(&mut archive, rules.iter().rev());
            } else {
                apply(&mut archive, rules.iter());
            }
            decided(&mut archive)
        });
        assert_eq!(both[0], both[1], "seed {seed}");
    }
}
