//! The item and the rules of a case, as they are written.

use serde::Deserialize;

use crate::model::{RetentionAction, RetentionPeriod, RetentionTrigger, UtcTime};
use crate::retention::{
    AppliedHold, AppliedLabel, AppliedPolicy, Extension, ItemTimes, LabelTrigger, PolicyRank, RecordedEvent, Review,
};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenItem {
    created: UtcTime,
    #[serde(default)]
    modified: Option<UtcTime>,
    #[serde(default)]
    captured: Option<UtcTime>,
    /// Whether all of it is indexed; so if absent.
    #[serde(default)]
    indexed: Option<bool>,
}

impl GivenItem {
    /// Its instants, where `min_residence` days have to pass after its capture. A case that says nothing of either is
    /// about rules alone, whose dates may lie before the item's own.
    pub(super) fn times(&self, min_residence: u32) -> ItemTimes {
        let assumed = if min_residence == 0 { UtcTime(i64::MIN) } else { self.created };
        let captured = self.captured.unwrap_or(assumed);
        ItemTimes { created: self.created, modified: self.modified, captured }
    }

    pub(super) fn partially_indexed(&self) -> bool {
        self.indexed == Some(false)
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum GivenScope {
    Org,
    Static,
    Adaptive,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenPolicy {
    id: String,
    scope: GivenScope,
    action: RetentionAction,
    period: RetentionPeriod,
    #[serde(default)]
    start: Option<RetentionTrigger>,
    #[serde(default)]
    excluded: Option<bool>,
    #[serde(default)]
    released: Option<UtcTime>,
    #[serde(default)]
    reenabled: Option<UtcTime>,
}

impl GivenPolicy {
    /// Whether the item's mailbox is left out of the scope.
    pub(super) fn is_excluded(&self) -> bool {
        self.excluded == Some(true)
    }

    pub(super) fn applied(&self) -> AppliedPolicy {
        AppliedPolicy {
            name: self.id.as_str().into(),
            rank: match self.scope {
                GivenScope::Org => PolicyRank::OrganisationWide,
                GivenScope::Static | GivenScope::Adaptive => PolicyRank::Explicit,
            },
            action: self.action,
            period: self.period,
            trigger: self.start.unwrap_or_default(),
            released_at: self.released,
            reenabled_at: self.reenabled,
            doubtful: false,
            unread: None,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum GivenStart {
    Created,
    Modified,
    #[serde(alias = "labelled")]
    Labeled,
    Event,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenLabel {
    id: String,
    action: RetentionAction,
    period: RetentionPeriod,
    #[serde(default)]
    start: Option<GivenStart>,
    #[serde(default, alias = "labelled_on")]
    labeled_on: Option<UtcTime>,
    #[serde(default)]
    event_date: Option<UtcTime>,
    /// When the event was recorded; on its own date, if absent.
    #[serde(default)]
    event_recorded: Option<UtcTime>,
    #[serde(default)]
    review: Option<bool>,
    #[serde(default)]
    approved_on: Option<UtcTime>,
    #[serde(default)]
    extended: Option<RetentionPeriod>,
}

impl GivenLabel {
    pub(super) fn applied(&self) -> Result<AppliedLabel, String> {
        Ok(AppliedLabel {
            name: self.id.as_str().into(),
            action: self.action,
            period: self.period,
            trigger: self.trigger()?,
            extension: self.extended.map(Extension::By),
            review: (self.review == Some(true)).then_some(Review { approved_at: self.approved_on }),
            next: None,
        })
    }

    fn trigger(&self) -> Result<LabelTrigger, String> {
        match self.start.unwrap_or(GivenStart::Created) {
            GivenStart::Created => Ok(LabelTrigger::Created),
            GivenStart::Modified => Ok(LabelTrigger::Modified),
            GivenStart::Labeled => self
                .labeled_on
                .map(LabelTrigger::Labelled)
                .ok_or_else(|| format!("label `{}` counts from the labelling, but `labeled_on` is absent", self.id)),
            GivenStart::Event => {
                let event =
                    self.event_date.map(|at| RecordedEvent { at, recorded_at: self.event_recorded.unwrap_or(at) });
                if event.is_none() && self.event_recorded.is_some() {
                    return Err(format!("label `{}` has `event_recorded`, but `event_date` is absent", self.id));
                }
                Ok(LabelTrigger::Event(event))
            }
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenHold {
    id: String,
    from: UtcTime,
    #[serde(default)]
    query: Option<String>,
    /// Whether the item satisfies the query; so if absent.
    #[serde(default)]
    matches: Option<bool>,
    #[serde(default)]
    duration: Option<RetentionPeriod>,
    #[serde(default)]
    released: Option<UtcTime>,
    #[serde(default)]
    delay_removed: Option<UtcTime>,
}

impl GivenHold {
    pub(super) fn applied(&self) -> AppliedHold {
        let matches = self.matches.unwrap_or(true);
        AppliedHold {
            name: self.id.as_str().into(),
            from: self.from,
            // What an item does not match is a query, even one that is not told.
            has_query: self.query.is_some() || !matches,
            matches,
            unevaluated: false,
            duration: self.duration,
            released_at: self.released,
            delay_removed_at: self.delay_removed,
        }
    }
}
