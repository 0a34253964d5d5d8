//! Events that were recorded late.

use crate::model::UtcTime;
use crate::retention::{AppliedLabel, Effect, LabelTrigger, Reason, RetainUntil, Rule, Source};

/// When the event that the label waits for was recorded, if the period from it had ended by then:
/// until then the item was retained without known end, whatever the event's own date says.
pub(in crate::retention) fn late_event(
    label: &AppliedLabel,
    end: RetainUntil,
    reasons: &mut Vec<Reason>,
) -> Option<UtcTime> {
    let LabelTrigger::Event(Some(event)) = label.trigger else { return None };
    if end >= RetainUntil::At(event.recorded_at) {
        return None;
    }
    reasons.push(Reason {
        rule: Rule::EventRecordedLate,
        source: Source::Label,
        name: label.name.clone(),
        effect: Effect::RecordedLate { event: event.at, recorded_at: event.recorded_at },
    });
    Some(event.recorded_at)
}
