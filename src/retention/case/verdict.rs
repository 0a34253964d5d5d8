//! What becomes of the item of a case.

use serde::Serialize;
use serde_json::Value;

use crate::model::UtcTime;
use crate::retention::{Decision, Disposition, Effect, Outcome, Reason, RetainUntil, Rule, Subject, evaluate};

use super::Case;

/// Later than everything that can happen.
const EVERYTHING_KNOWN: UtcTime = UtcTime(i64::MAX);

/// What becomes of the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The number or name of the case.
    pub n: Value,
    /// A date, or a time where it is not the first instant of one; `forever`, `until-event`, or nothing if nothing
    /// retains the item.
    pub retain_until: Option<String>,
    /// The first possible day, `never`, `held`, or `pending-review from DATE`.
    pub delete_on: String,
    /// The rules that decided.
    pub why: Vec<String>,
}

impl Case {
    /// Judges the item, with all known that the case tells.
    ///
    /// # Errors
    /// Fields contradict each other, or one that is needed is absent.
    pub fn judge(&self) -> Result<Verdict, String> {
        let decision = self.decide(&self.subject()?);
        Ok(Verdict {
            n: self.n.clone(),
            retain_until: retained(decision.retain_until),
            delete_on: delete_on(decision.earliest),
            why: decision.reasons.iter().filter_map(|reason| why(reason, &decision)).collect(),
        })
    }

    fn decide(&self, subject: &Subject) -> Decision {
        let at_the_run = self.purge_run.map(|run| evaluate(subject, run));
        match at_the_run {
            Some(decision) if decision.outcome == Outcome::Eligible => decision,
            _ => evaluate(subject, EVERYTHING_KNOWN),
        }
    }
}

fn retained(until: RetainUntil) -> Option<String> {
    match until {
        RetainUntil::No => None,
        RetainUntil::At(at) => Some(date(at)),
        RetainUntil::Event => Some("until-event".to_owned()),
        RetainUntil::Forever => Some("forever".to_owned()),
    }
}

fn delete_on(earliest: Disposition) -> String {
    match earliest {
        Disposition::Never => "never".to_owned(),
        Disposition::Held => "held".to_owned(),
        Disposition::PendingReview { since } => format!("pending-review from {}", date(since)),
        Disposition::At(at) => date(at),
    }
}

/// A reason in the words of a case; `None` if it had no part in the verdict.
fn why(reason: &Reason, decision: &Decision) -> Option<String> {
    let name = &reason.name;
    match reason.rule {
        Rule::Retain | Rule::Delete | Rule::Delay | Rule::Hold | Rule::UnreadQuery => {
            Some(format!("{}:{name}", reason.rule))
        }
        // A deletion that waits for ever is none.
        Rule::Suspend => decision.retain_until.at().map(|_| "suspended until retain end".to_owned()),
        Rule::Review => Some("disposition review".to_owned()),
        Rule::Approval => match reason.effect {
            Effect::Approved { at } => Some(format!("approved {}", date(at))),
            _ => None,
        },
        Rule::EventRecordedLate => Some("event recorded late".to_owned()),
        Rule::NoDeleteAction => Some("no delete action".to_owned()),
        Rule::MinimumResidence => Some("minimum residence".to_owned()),
        Rule::Overruled | Rule::HoldLater | Rule::Lapsed => None,
    }
}

fn date(at: UtcTime) -> String {
    let text = at.to_string();
    text.strip_suffix("T00:00:00Z").unwrap_or(&text).to_owned()
}
