//! The decision engine: what keeps an item, until when, and what happens to it then.
//!
//! [`evaluate`] is pure: facts and rules in, a [`Decision`] with its reasons out. Simulation,
//! explanation and disposition call the same function, so they cannot disagree.
//!
//! Retention and deletion are computed apart from each other, and then joined:
//! 1. retention wins over deletion;
//! 2. of several retentions the longest wins;
//! 3. of several deletions a label's wins, then that of an explicit scope, then organisation-wide;
//! 4. of several in the same rank the shortest wins.
//!
//! Above all of these stand holds, the delay after a hold or a retention was released, and the
//! minimum residence after capture. Nothing is disposed of before the last of them has ended.
//!
//! Facts are taken as they stood at the as-of instant: a release that comes later has not happened,
//! and a hold that is placed later does not hold yet. Whoever executes a disposition passes the
//! present, and refuses when the clock is behind the last audit entry.

pub mod case;
mod claim;
mod decision;
mod delay;
mod effect;
mod evaluate;
mod forward;
mod hold;
mod label;
mod policy;
mod reason;
mod reasons;
mod rule;
mod subject;
mod words;

#[cfg(test)]
mod tests;

pub use decision::{Decision, Disposition, Outcome, RetainUntil};
pub use delay::{DELAY_DAYS, delay_end};
pub use effect::{Effect, Extension, HoldDoubt, HoldEnd, Span, SpanStart};
pub use evaluate::{evaluate, evaluate_without_reasons};
pub use forward::{Forward, brings_forward, brings_forward_beyond};
pub use hold::AppliedHold;
pub use label::{AppliedLabel, LabelTrigger, PossibleLabel, RecordedEvent, Review};
pub use policy::{AppliedPolicy, PolicyRank};
pub use reason::{Reason, Rule, Source};
pub use subject::{ItemTimes, Subject};
