//! Events that were recorded late.

use crate::model::UtcTime;
use crate::retention::reasons::Reasons;
use crate::retention::{AppliedLabel, Effect, LabelTrigger, Reason, Rule, Source};

/// From when an item that is due at `due` may go, given when the events that its label, and those that take its place,
/// wait for were recorded: until then nobody knew when a period would end, whatever the event's own date says.
pub(in crate::retention) fn late_events(label: &AppliedLabel, due: UtcTime, reasons: &mut Reasons) -> UtcTime {
    label.succession().fold(due, |due, label| late_event(label, due, reasons).unwrap_or(due))
}

fn late_event(label: &AppliedLabel, due: UtcTime, reasons: &mut Reasons) -> Option<UtcTime> {
    let LabelTrigger::Event(Some(event)) = label.trigger else { return None };
    if due >= event.recorded_at {
        return None;
    }
    reasons.add(|| Reason {
        rule: Rule::EventRecordedLate,
        source: Source::Label,
        name: label.name.clone(),
        effect: Effect::RecordedLate { event: event.at, recorded_at: event.recorded_at },
    });
    Some(event.recorded_at)
}
