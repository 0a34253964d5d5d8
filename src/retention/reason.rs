//! Why something was decided.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::Effect;

/// What stands behind a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A retention policy.
    Policy,
    /// A retention label.
    Label,
    /// A hold.
    Hold,
    /// A rule of the archive itself.
    Guard,
}

impl Source {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Label => "label",
            Self::Hold => "hold",
            Self::Guard => "guard",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which rule a reason is an application of. The words are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The longest retention.
    Retain,
    /// The deletion that won.
    Delete,
    /// The deletion that won waits for the retention.
    Suspend,
    /// A retention or deletion that another one beats.
    Overruled,
    /// A released retention that still retains.
    Delay,
    /// A hold that is on, or that moved the earliest disposition.
    Hold,
    /// A hold placed after the as-of instant.
    HoldLater,
    /// A release whose delay has ended, or a hold whose duration has; without effect.
    Lapsed,
    /// A disposition review without decision.
    Review,
    /// A disposition review that approved.
    Approval,
    /// An event recorded only after the period from it had ended.
    EventRecordedLate,
    /// The minimum residence after capture.
    MinimumResidence,
    /// A rule of which nobody knows whether it concerns the item: a query cannot be read, or not all of the item could be
    /// searched that a query excludes.
    UnreadQuery,
    /// Nothing deletes the item.
    NoDeleteAction,
}

impl Rule {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retain => "retain",
            Self::Delete => "delete",
            Self::Suspend => "suspend",
            Self::Overruled => "overruled",
            Self::Delay => "delay",
            Self::Hold => "hold",
            Self::HoldLater => "hold-later",
            Self::Lapsed => "lapsed",
            Self::Review => "review",
            Self::Approval => "approval",
            Self::EventRecordedLate => "event-recorded-late",
            Self::MinimumResidence => "minimum-residence",
            Self::UnreadQuery => "unread-query",
            Self::NoDeleteAction => "no-delete-action",
        }
    }

    /// Whether such a reason had a part in the decision; the others are listed for completeness.
    pub fn decides(self) -> bool {
        !matches!(self, Self::Overruled | Self::HoldLater | Self::Lapsed)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One rule that was considered, and what it does to the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// What stands behind it.
    pub source: Source,
    /// The name of the policy, label, hold or guard.
    #[serde(serialize_with = "name_text")]
    pub name: Arc<str>,
    /// What it does; serialised in words.
    pub effect: Effect,
}

fn name_text<S: serde::Serializer>(name: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name)
}
