//! A clock that was ahead destroys nothing, stops no hold, and can be corrected by somebody who says why.
#![cfg(feature = "cli")]

mod support;

use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";
const AHEAD: &str = "2036-01-15T12:00:00Z";
const CORRECT: [&str; 4] = ["audit", "correct-clock", "--reason", "the battery was replaced"];
const PLAN: [&str; 4] = ["disposition", "plan", "--output", "plan.json"];

/// A mail of Ann and one of Bob, which may be disposed of.
fn office() -> TestArchive {
    let archive = TestArchive::new();
    for (to, subject) in [(ANN, "alpha"), (BOB, "beta")] {
        archive.ok(&["mailbox", "add", to]);
        let mail = format!(
            "From: eve@y.example\nTo: {to}\nDate: Wed, 15 Jan 2020 12:00:00 +0000\nMessage-ID: <{subject}@y>\n\
             Subject: {subject}\n\n"
        );
        archive.import(&archive.write(&format!("{subject}.eml"), mail), &["--mailbox", to]);
    }
    let policy = ["retention", "policy", "add", "day", "--action", "delete", "--period", "1d"];
    archive.ok(&[&policy[..], &["--without-simulation", "test"]].concat());
    archive
}

/// Runs a command under a clock that is ten years ahead.
fn ahead(archive: &mut TestArchive, arguments: &[&str]) {
    archive.set_clock(AHEAD);
    archive.ok(arguments);
    archive.set_clock("2026-01-16T12:00:00Z");
}

fn outcomes(archive: &TestArchive) -> Vec<String> {
    ["1", "2"].iter().map(|item| text(&archive.ok(&["explain", item]).remove(0), "outcome")).collect()
}

fn planned(archive: &TestArchive) -> (u64, u64) {
    let summary = archive.one("summary", &PLAN);
    (number(&summary, "eligible"), number(&summary, "held"))
}

fn refused(archive: &TestArchive, code: i32, arguments: &[&str], words: &str) {
    let outcome = archive.json(code, arguments);
    assert!(text(&outcome.error(), "message").contains(words), "{}", outcome.stderr);
}

#[test]
fn a_hold_holds_at_once_after_the_clock_was_ahead() {
    let mut archive = office();
    ahead(&mut archive, &["stats"]);
    let placed = archive.one("hold", &["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    assert_eq!((text(&placed, "state"), number(&placed, "items")), ("on".to_owned(), 1));
    assert_eq!(outcomes(&archive), ["held", "eligible"]);
    let report = archive.ok(&["hold", "report"]);
    assert_eq!(number(report.first().expect("a hold"), "matching"), 1);
    assert_eq!(archive.ok(&["search", "--all", "--on-hold"]).len(), 2, "a summary and a hit");
    let simulated = archive.one("summary", &["retention", "simulate"]);
    assert_eq!((number(&simulated, "held"), number(&simulated, "eligible")), (1, 1));
    refused(&archive, 21, &PLAN, "custodia audit correct-clock");
}

#[test]
fn a_hold_placed_by_a_clock_that_was_ahead_holds() {
    let mut archive = office();
    ahead(&mut archive, &["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    assert_eq!(outcomes(&archive), ["held", "eligible"]);
    archive.ok(&CORRECT);
    assert_eq!(text(&archive.one("hold", &["hold", "show", "ann"]), "on_since"), "2026-01-16T12:00:00Z");
    assert_eq!(planned(&archive), (1, 1));
}

#[test]
fn a_corrected_clock_lets_dispositions_go_on() {
    let mut archive = office();
    ahead(&mut archive, &["stats"]);
    refused(&archive, 2, &["audit", "correct-clock", "--reason", " "], "needs a reason");
    refused(&archive, 21, &["audit", "confirm-clock", "--reason", "it is"], "correct-clock");
    let corrected = archive.one("clock", &CORRECT);
    assert_eq!(text(&corrected, "corrected_from"), AHEAD);
    let entry = archive.ok(&["audit", "log"]).into_iter().find(|entry| text(entry, "action") == "clock.correct");
    let entry = entry.expect("it is in the log");
    assert_eq!((text(&entry, "at"), text(&entry, "object")), ("2026-01-16T12:00:00Z".to_owned(), AHEAD.to_owned()));
    assert!(text(&entry, "outcome").contains("the battery was replaced"), "{entry}");
    assert_eq!(planned(&archive), (2, 0));
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    refused(&archive, 2, &CORRECT, "nothing is to be corrected");
    archive.verify_clean();
}

#[test]
fn what_a_clock_that_was_ahead_released_keeps_its_delay() {
    let mut archive = office();
    archive.ok(&["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    archive.ok(&["retention", "policy", "add", "ten", "--action", "retain", "--period", "10y", "--include", BOB]);
    let remove = ["retention", "policy", "remove", "ten", "--reason", "over", "--without-simulation", "test"];
    ahead(&mut archive, &["hold", "release", "ann", "--reason", "settled"]);
    ahead(&mut archive, &remove);
    archive.ok(&CORRECT);
    let shown = archive.one("hold", &["hold", "show", "ann"]);
    let until = (text(&shown, "state"), text(&shown, "delay_until"));
    assert_eq!(until, ("delay".to_owned(), "2036-02-14T12:00:00Z".to_owned()), "nothing shows which time was right");
    assert_eq!(planned(&archive), (0, 1), "Bob's is in the delay after the policy");
    std::fs::remove_file(archive.path("plan.json")).expect("the plan");
    archive.set_clock("2026-01-21T12:00:00Z");
    archive.ok(&["hold", "end-delay", "ann", "--reason", "court order"]);
    archive.ok(&["retention", "policy", "reenable", "ten", "--reason", "to be removed today"]);
    archive.ok(&remove);
    assert_eq!(planned(&archive), (1, 0));
    std::fs::remove_file(archive.path("plan.json")).expect("the plan");
    for day in ["2026-01-27T12:00:00Z", "2026-02-02T12:00:00Z", "2026-02-08T12:00:00Z", "2026-02-14T12:00:00Z"] {
        archive.set_clock(day);
        archive.ok(&["stats"]);
    }
    archive.set_clock("2026-02-20T12:00:00Z");
    assert_eq!(planned(&archive), (2, 0));
}

#[test]
fn a_delay_that_was_ended_by_a_clock_that_was_ahead_has_ended() {
    let mut archive = office();
    archive.ok(&["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    archive.set_clock(AHEAD);
    archive.ok(&["hold", "release", "ann", "--reason", "settled"]);
    archive.ok(&["hold", "end-delay", "ann", "--reason", "court order"]);
    archive.set_clock("2026-01-16T12:00:00Z");
    archive.ok(&CORRECT);
    assert_eq!(text(&archive.one("hold", &["hold", "show", "ann"]), "state"), "off");
    assert_eq!(planned(&archive), (2, 0));
}

#[test]
fn no_correction_shortens_a_delay() {
    let mut archive = office();
    archive.ok(&["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    let ten = ["retention", "policy", "add", "ten", "--action", "retain+delete", "--period", "10y", "--include", BOB];
    archive.ok(&[&ten[..], &["--without-simulation", "test"]].concat());
    archive.set_clock("2026-03-01T12:00:00Z");
    archive.ok(&["hold", "release", "ann", "--reason", "settled"]);
    archive.ok(&["retention", "policy", "remove", "ten", "--reason", "over", "--without-simulation", "test"]);
    // The archive lay unused before, and the clock is behind now: nobody can tell that from one that was ahead.
    archive.set_clock("2026-01-20T12:00:00Z");
    archive.ok(&CORRECT);
    assert_eq!(planned(&archive), (0, 1));
    std::fs::remove_file(archive.path("plan.json")).expect("the plan");
    for (day, expected) in
        [("2026-03-01T13:00:00Z", (0, 1)), ("2026-03-31T11:00:00Z", (0, 1)), ("2026-03-31T13:00:00Z", (2, 0))]
    {
        archive.set_clock(day);
        archive.ok(&["audit", "confirm-clock", "--reason", "compared with the time service"]);
        assert_eq!(planned(&archive), expected, "{day}");
        std::fs::remove_file(archive.path("plan.json")).expect("the plan");
    }
}

#[test]
fn what_was_simulated_by_a_clock_that_was_ahead_does_not_count_later() {
    let mut archive = office();
    let remove = ["retention", "policy", "remove", "ten", "--reason", "over"];
    archive.ok(&["retention", "policy", "add", "ten", "--action", "retain", "--period", "10y", "--include", BOB]);
    ahead(&mut archive, &["retention", "policy", "remove", "ten", "--simulate"]);
    archive.ok(&CORRECT);
    archive.set_clock(AHEAD);
    refused(&archive, 21, &remove, "not simulated");
}

#[test]
fn a_policy_removed_by_a_clock_that_was_ahead_deletes_nothing() {
    let mut archive = office();
    ahead(&mut archive, &["retention", "policy", "remove", "day", "--reason", "a mistake"]);
    archive.ok(&CORRECT);
    assert_eq!(planned(&archive), (0, 0));
}

#[test]
fn a_clock_that_is_set_back_is_not_corrected() {
    let mut archive = office();
    for day in ["2026-01-20T12:00:00Z", "2026-01-26T12:00:00Z"] {
        archive.set_clock(day);
        archive.ok(&["stats"]);
    }
    for day in ["2026-01-22T12:00:00Z", "2025-01-15T12:00:00Z"] {
        archive.set_clock(day);
        refused(&archive, 21, &CORRECT, "does not show that it was ahead");
        refused(&archive, 21, &PLAN, "set it right");
    }
}

#[test]
fn a_correction_is_not_undercut_by_another() {
    let mut archive = office();
    ahead(&mut archive, &["stats"]);
    archive.ok(&CORRECT);
    ahead(&mut archive, &["stats"]);
    archive.set_clock("2026-01-16T11:00:00Z");
    refused(&archive, 21, &CORRECT, "does not show that it was ahead");
    archive.set_clock("2026-01-17T12:00:00Z");
    archive.ok(&CORRECT);
    archive.verify_clean();
}

#[test]
fn under_dual_control_a_correction_needs_consent_and_voids_what_was_given_meanwhile() {
    let mut archive = office();
    archive.ok(&["hold", "place", "ann", "--mailbox", ANN, "--reason", "claim"]);
    let id = text(&archive.one("hold", &["hold", "show", "ann"]), "id");
    archive.ok(&["approval", "dual-control", "on", "--reason", "the rules of the house"]);
    ahead(&mut archive, &["approval", "give", "hold.release", &id, "--reason", "seen", "--actor", "second"]);
    let refusal = archive.json(21, &CORRECT);
    let message = text(&refusal.error(), "message");
    let object = message.split("clock.correct ").nth(1).and_then(|rest| rest.split(' ').next()).expect("an id");
    archive.ok(&["approval", "give", "clock.correct", object, "--reason", "seen", "--actor", "second"]);
    // Set since then, the clock says another time than the second person agreed to.
    archive.set_clock("2026-02-15T12:00:00Z");
    archive.json(21, &CORRECT);
    archive.set_clock("2026-01-16T12:00:00Z");
    archive.ok(&CORRECT);
    assert_eq!(archive.ok(&["approval", "list"]).len(), 0);
    refused(&archive, 21, &["hold", "release", "ann", "--reason", "settled"], "nobody else has approved");
}
