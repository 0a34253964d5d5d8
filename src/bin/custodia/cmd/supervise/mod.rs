//! `supervise`

mod policy;
mod queue;
mod report;

use custodia::archive::{Archive, Interrupt, SupervisionAct, SupervisionRun};
use custodia::model::SupervisionMatch;
use custodia::{Error, Result};
use serde_json::json;

use crate::args::{ReviewArgs, SuperviseCommand};
use crate::ui::{Ui, counted, escape};

pub(super) fn run(archive: &mut Archive, command: &SuperviseCommand, ui: &Ui) -> Result<u8> {
    match command {
        SuperviseCommand::Policy(command) => policy::run(archive, command, ui),
        SuperviseCommand::Run { policies } => look_through(archive, policies, ui),
        SuperviseCommand::Queue(args) => queue::list(archive, args, ui).map(|()| 0),
        SuperviseCommand::Show { number } => queue::show(archive, *number, ui).map(|()| 0),
        SuperviseCommand::Annotate(review) => act(archive, review, &SupervisionAct::Annotate, false, ui),
        SuperviseCommand::Tag { review, finding } => {
            act(archive, review, &SupervisionAct::Tag((*finding).into()), false, ui)
        }
        SuperviseCommand::Escalate { review, to } => {
            act(archive, review, &SupervisionAct::Escalate(to.clone()), false, ui)
        }
        SuperviseCommand::Resolve { review, finding, unopened } => {
            act(archive, review, &SupervisionAct::Resolve((*finding).into()), *unopened, ui)
        }
        SuperviseCommand::Investigate { number, case, comment } => {
            let found = archive.investigate_supervision_match(*number, case, comment)?;
            print(&found, ui)?;
            ui.hint(&format!("`custodia case show '{case}'`, `custodia export 'hash:{}' -o DIR`", found.digest));
            Ok(0)
        }
        SuperviseCommand::Report { policy, from, before, csv } => {
            let report = archive.supervision_report(policy.as_deref(), (*from, *before), csv.as_deref())?;
            report::print(&report, csv.as_deref(), ui).map(|()| 0)
        }
    }
}

fn look_through(archive: &mut Archive, policies: &[String], ui: &Ui) -> Result<u8> {
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    // Without a handler an interruption is a kill, after which the next run goes on from the last commit.
    ctrlc::set_handler(move || raised.raise()).ok();
    let bar = ui.progress("looking through");
    let runs = archive.run_supervision(policies, &interrupt, &mut |done, all| bar.messages(done, all));
    drop(bar);
    let runs = runs?;
    if runs.is_empty() && !ui.json {
        ui.hint("there is no supervision policy that is not paused: `custodia supervise policy add --help`");
    }
    runs.iter().try_for_each(|run| print_run(run, ui))?;
    let drawn: u64 = runs.iter().map(|run| run.drawn).sum();
    if ui.json {
        let sum = |of: fn(&SupervisionRun) -> u64| runs.iter().map(of).sum::<u64>();
        ui.json(&json!({
            "type": "summary", "schema_version": 1, "policies": runs.len(), "items": sum(|run| run.items),
            "partially_indexed": sum(|run| run.partially_indexed), "matched": sum(|run| run.matched), "drawn": drawn,
            "refused": runs.iter().filter(|run| run.refused.is_some()).count(),
        }))?;
    } else if drawn > 0 {
        ui.hint("`custodia supervise queue` lists what waits for reviewers");
    }
    Ok(if runs.iter().any(|run| run.refused.is_some()) { 3 } else { 0 })
}

fn print_run(run: &SupervisionRun, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&json!({
            "type": "run", "policy": run.policy, "version": run.version, "items": run.items,
            "partially_indexed": run.partially_indexed, "matched": run.matched, "drawn": run.drawn,
            "through": run.through.to_string(), "refused": run.refused,
        }));
    }
    let policy = escape(&run.policy, false);
    ui.line(&format!(
        "{policy}: {} looked through, {} matched, {} drawn for review",
        counted(run.items, "item"),
        run.matched,
        run.drawn
    ))?;
    if run.partially_indexed > 0 {
        ui.warn(&format!(
            "policy `{policy}` could look at {} only in part: `custodia search --all --partially-indexed`",
            counted(run.partially_indexed, "item")
        ));
    }
    if let Some(why) = &run.refused {
        let why = escape(why, false);
        ui.warn(&format!("policy `{policy}` has looked at nothing behind item {}: {why}", run.through));
    }
    Ok(())
}

fn act(archive: &mut Archive, review: &ReviewArgs, act: &SupervisionAct, unopened: bool, ui: &Ui) -> Result<u8> {
    let (matches, comment) = (&review.matches, &review.comment);
    let reviewed = archive.act_on_supervision_matches(matches, act, comment, review.duplicates, unopened)?;
    reviewed.done.iter().try_for_each(|found| print(found, ui))?;
    for (_, why) in &reviewed.left {
        ui.warn(&format!("a copy is left: {}", escape(why, false)));
    }
    Ok(0)
}

/// What became of a match.
fn print(found: &SupervisionMatch, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&queue::reviewed_json(found));
    }
    let last = found.entries.last().ok_or_else(|| Error::Corrupt("a reviewed match has no review".to_owned()))?;
    ui.line(&format!("Match {}: {}", found.no, escape(&queue::in_words(last), false)))
}
