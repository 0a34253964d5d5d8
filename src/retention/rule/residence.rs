//! The minimum residence after capture.

use crate::model::UtcTime;
use crate::retention::reasons::Reasons;
use crate::retention::{Effect, Reason, Rule, Source, Subject};

/// When the minimum residence ends, for an item that is due at `due`. It is what a sender cannot
/// shorten by claiming that the message is old.
pub(in crate::retention) fn minimum_residence(subject: &Subject, due: UtcTime, reasons: &mut Reasons) -> UtcTime {
    let until = subject.residence_end();
    if until > due {
        reasons.add(|| Reason {
            rule: Rule::MinimumResidence,
            source: Source::Guard,
            name: "minimum residence".into(),
            effect: Effect::Resides { captured: subject.times.captured, days: subject.residence_days, until },
        });
    }
    until
}
