//! Which messages a search is about.

use std::sync::Arc;

use roaring::RoaringTreemap;

use crate::model::MessageNo;

/// The messages among which hits are looked for. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct MessageScope {
    within: Option<Arc<RoaringTreemap>>,
    without: Option<Arc<RoaringTreemap>>,
    from: u64,
}

impl MessageScope {
    /// Those of `within`; all, if that is not given.
    pub fn new(within: Option<RoaringTreemap>) -> Self {
        Self { within: within.map(Arc::new), ..Self::default() }
    }

    /// Only those of number `from` and above.
    #[must_use]
    pub fn from(self, from: MessageNo) -> Self {
        Self { from: from.0, ..self }
    }

    /// None of `without`, nor of what was left out before.
    #[must_use]
    pub fn without(self, mut without: RoaringTreemap) -> Self {
        if let Some(before) = &self.without {
            without |= &**before;
        }
        Self { without: Some(without).filter(|without| !without.is_empty()).map(Arc::new), ..self }
    }

    pub(super) fn within(&self) -> Option<&RoaringTreemap> {
        self.within.as_deref()
    }

    pub(super) fn first(&self) -> u64 {
        self.from
    }

    pub(super) fn contains(&self, message: u64) -> bool {
        message >= self.from
            && self.within.as_ref().is_none_or(|within| within.contains(message))
            && self.without.as_ref().is_none_or(|without| !without.contains(message))
    }
}
