//! `explain`

use custodia::Result;
use custodia::archive::{Archive, Explanation};
use custodia::model::ItemNo;
use custodia::retention::Outcome;

use super::disposition::{print_notes, say_if_disposed};
use crate::ui::{Ui, escape};

pub(super) fn run(archive: &mut Archive, item: ItemNo, ui: &Ui) -> Result<u8> {
    let explanation = archive.explain(item).inspect_err(|error| say_if_disposed(archive, item, error, ui))?;
    if ui.json {
        ui.document("explanation", &explanation)?;
    } else {
        print(&explanation, ui)?;
    }
    Ok(0)
}

fn print(explanation: &Explanation, ui: &Ui) -> Result<()> {
    let until = match (explanation.outcome, explanation.until) {
        (Outcome::Eligible, _) => "; it may be disposed of now".to_owned(),
        (_, Some(until)) => format!(" until {until}"),
        (_, None) => ", without a known end".to_owned(),
    };
    ui.line(&format!("Item {} is {}{until}.", explanation.item, ui.strong(explanation.outcome.as_str())))?;
    if let (Some(earliest), Outcome::Kept | Outcome::Held) = (explanation.earliest_disposition, explanation.outcome) {
        ui.line(&format!("It may be disposed of from {earliest} on, unless a rule or a hold is added."))?;
    }
    if let Some(waits) = &explanation.waits_for {
        let names: Vec<&str> = waits.reviewers.iter().map(|reviewer| reviewer.0.as_str()).collect();
        let (stage, stages, since) = (waits.stage, waits.stages, waits.since);
        let text = format!("It waits since {since} at stage {stage} of {stages} for {}.", names.join(", "));
        ui.line(&escape(&text, false))?;
    }
    for reason in &explanation.reasons {
        ui.line(&escape(&format!("- {} `{}` {}", reason.source, reason.name, reason.effect), false))?;
    }
    print_notes(&explanation.reviews, ui)
}
