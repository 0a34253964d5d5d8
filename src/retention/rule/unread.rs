//! Rules whose query cannot be read, or may find the item only for what of it cannot be searched.

use crate::model::UtcTime;
use crate::retention::reasons::Reasons;
use crate::retention::{AppliedPolicy, Effect, Reason, Rule, Source, Subject};

/// Names the rules in force that are taken to concern the item because nobody can tell.
pub(in crate::retention) fn unread(subject: &Subject, as_of: UtcTime, reasons: &mut Reasons) {
    let in_force = |policy: &&AppliedPolicy| policy.release_known(as_of).is_none();
    let policies =
        subject.policies.iter().filter(in_force).map(|policy| (Source::Policy, &policy.name, &policy.unread));
    for (source, name, why) in policies {
        let Some(why) = why else { continue };
        reasons.add(|| reason(source, name.clone(), why.clone()));
    }
    if let (Some(label), Some(why)) = (&subject.label, &subject.label_doubt) {
        reasons.add(|| reason(Source::Label, label.name.clone(), why.clone()));
    }
    for possible in &subject.possible_labels {
        reasons.add(|| reason(Source::Label, possible.label.name.clone(), possible.why.clone()));
    }
}

fn reason(source: Source, name: std::sync::Arc<str>, why: std::sync::Arc<str>) -> Reason {
    Reason { rule: Rule::UnreadQuery, source, name, effect: Effect::Unread { why } }
}
