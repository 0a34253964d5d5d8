//! What a label or a policy in force demands.

use std::sync::Arc;

use crate::model::{RetentionAction, RetentionTrigger, UtcTime};

use super::{
    AppliedLabel, AppliedPolicy, ItemTimes, LabelTrigger, PolicyRank, RetainUntil, Source, Span, SpanStart, Subject,
};

/// How explicit a demand is; decides between deletions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Policy(PolicyRank),
    Label,
}

/// A demand of a label or a policy, with its period in place.
#[derive(Debug)]
pub(super) struct Claim<'s> {
    pub(super) source: Source,
    pub(super) rank: Rank,
    pub(super) name: &'s Arc<str>,
    pub(super) action: RetentionAction,
    pub(super) span: Span,
    pub(super) end: RetainUntil,
    /// Whether it may not concern the item at all.
    pub(super) doubtful: bool,
}

impl Claim<'_> {
    /// Who demands it, as reasons name it.
    pub(super) fn by(&self) -> (Source, Arc<str>) {
        (self.source, Arc::clone(self.name))
    }
}

/// The claims of the label, first, of those that the item may get, and of each policy that is in force at `as_of`.
pub(super) fn in_force(subject: &Subject, as_of: UtcTime) -> Vec<Claim<'_>> {
    let policies = subject.policies.iter().filter(|policy| policy.release_known(as_of).is_none());
    let mut claims = of_label_and_next(subject.label.as_ref(), &subject.times, subject.label_doubt.is_some());
    for possible in &subject.possible_labels {
        claims.extend(of_label_and_next(Some(&possible.label), &subject.times, true));
    }
    claims.extend(policies.map(|policy| of_policy(policy, &subject.times)));
    claims
}

/// The claims of a label and of those that take its place; `doubtful` if nobody knows whether the item gets it.
fn of_label_and_next<'s>(label: Option<&'s AppliedLabel>, times: &ItemTimes, doubtful: bool) -> Vec<Claim<'s>> {
    let mut claims: Vec<Claim<'s>> = Vec::new();
    for label in label.into_iter().flat_map(AppliedLabel::succession) {
        let before = claims.last().and_then(|claim| claim.end.at());
        claims.push(Claim { doubtful, ..of_label(label, times, before) });
    }
    claims
}

/// `before` is the end of the label before.
fn of_label<'s>(label: &'s AppliedLabel, times: &ItemTimes, before: Option<UtcTime>) -> Claim<'s> {
    let span = label.span(times, before);
    let (source, rank, name, action) = (Source::Label, Rank::Label, &label.name, label.action);
    Claim { source, rank, name, action, span, end: span.end(), doubtful: false }
}

impl AppliedLabel {
    /// When its own period ends for an item with these times, whatever takes its place then.
    pub fn end(&self, times: &ItemTimes) -> RetainUntil {
        self.span(times, None).end()
    }

    /// `before` is the end of the label whose place it takes.
    fn span(&self, times: &ItemTimes, before: Option<UtcTime>) -> Span {
        let start = match self.trigger {
            LabelTrigger::Created => SpanStart::Creation(times.created),
            LabelTrigger::Modified => SpanStart::Modification(times.modified_or_created()),
            LabelTrigger::Labelled(at) => SpanStart::Labelling(at),
            LabelTrigger::Event(event) => SpanStart::Event(event.map(|event| event.at)),
            LabelTrigger::Succession => SpanStart::Succession(before),
        };
        Span { period: self.period, start, extension: self.extension }
    }
}

fn of_policy<'s>(policy: &'s AppliedPolicy, times: &ItemTimes) -> Claim<'s> {
    let start = match policy.trigger {
        RetentionTrigger::Created => SpanStart::Creation(times.created),
        RetentionTrigger::Modified => SpanStart::Modification(times.modified_or_created()),
    };
    let span = Span { period: policy.period, start, extension: None };
    let (source, rank, name, action) = (Source::Policy, Rank::Policy(policy.rank), &policy.name, policy.action);
    Claim { source, rank, name, action, span, end: span.end(), doubtful: policy.doubtful }
}
