//! Decisions follow the principles of retention, and say so in their reasons.

mod cases;
mod decision;
mod forward;
mod model;
mod naive;
mod properties;
mod reasons;
mod table;

use crate::model::{RetentionAction, RetentionPeriod, RetentionTrigger, UtcTime};

use super::{
    AppliedHold, AppliedLabel, AppliedPolicy, Decision, Disposition, ItemTimes, LabelTrigger, PolicyRank, RetainUntil,
    Rule, Subject,
};

const EXPLICIT: PolicyRank = PolicyRank::Explicit;
const EVERYBODY: PolicyRank = PolicyRank::OrganisationWide;

fn day(text: &str) -> UtcTime {
    UtcTime::parse(text).unwrap()
}

fn period(text: &str) -> RetentionPeriod {
    text.parse().unwrap()
}

fn action(text: &str) -> RetentionAction {
    serde_json::from_value(text.into()).unwrap()
}

/// An item that was created and captured on that day, without minimum residence.
fn item(created: &str) -> Subject {
    Subject::new(ItemTimes { created: day(created), modified: None, captured: day(created) }, 0)
}

fn policy(name: &str, rank: PolicyRank, does: &str, span: &str) -> AppliedPolicy {
    AppliedPolicy {
        name: name.into(),
        rank,
        action: action(does),
        period: period(span),
        trigger: RetentionTrigger::Created,
        released_at: None,
        reenabled_at: None,
        doubtful: false,
        unread: None,
    }
}

fn label(name: &str, does: &str, span: &str, trigger: LabelTrigger) -> AppliedLabel {
    AppliedLabel {
        name: name.into(),
        action: action(does),
        period: period(span),
        trigger,
        extension: None,
        next: None,
        review: None,
    }
}

fn hold(name: &str, from: &str, released: Option<&str>) -> AppliedHold {
    AppliedHold {
        name: name.into(),
        from: day(from),
        has_query: false,
        matches: false,
        unevaluated: false,
        duration: None,
        released_at: released.map(day),
        delay_removed_at: None,
    }
}

/// The earliest disposition as one word or date.
fn earliest(decision: &Decision) -> String {
    let date = |time: UtcTime| time.to_string().trim_end_matches("T00:00:00Z").to_owned();
    match decision.earliest {
        Disposition::Never => "never".to_owned(),
        Disposition::Held => "held".to_owned(),
        Disposition::PendingReview { since } => format!("pending-review from {}", date(since)),
        Disposition::At(at) => date(at),
    }
}

fn retained(decision: &Decision) -> String {
    match decision.retain_until {
        RetainUntil::No => "-".to_owned(),
        RetainUntil::Event => "until-event".to_owned(),
        until => until.to_string(),
    }
}

/// The reasons that decided, in the order given: `retain:A delete:A hold:H`.
fn decisive(decision: &Decision) -> String {
    let decisive = decision.reasons.iter().filter(|reason| reason.rule.decides());
    let words = decisive.map(|reason| match reason.rule {
        Rule::NoDeleteAction | Rule::MinimumResidence => reason.rule.to_string(),
        rule => format!("{rule}:{}", reason.name),
    });
    words.collect::<Vec<_>>().join(" ")
}
