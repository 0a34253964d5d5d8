//! Decisions over stored items: gathers what applies and asks the engine.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::Archive;
use super::hold::{Coverage, coverages};
use crate::Result;
use crate::model::{Item, MailboxNo, RetentionPolicy, UtcTime};
use crate::retention::{AppliedPolicy, Decision, ItemTimes, Subject, evaluate};
use crate::store::{ArchiveInfo, MessageSet, Tables, holds, load_set, policies};

/// Everything that decisions over one state of the archive depend on.
pub(super) struct Judge {
    policies: Vec<RetentionPolicy>,
    holds: Vec<Coverage>,
    partially_indexed: RoaringTreemap,
    residence_days: u32,
    as_of: UtcTime,
    subjects: HashMap<MailboxNo, (Subject, Vec<usize>)>,
}

impl Judge {
    /// A judge of the state that `tables` shows, at `as_of`. The matches of query holds must be current.
    pub(super) fn new(tables: &impl Tables, info: &ArchiveInfo, as_of: UtcTime) -> Result<Self> {
        Ok(Self {
            policies: policies(tables)?,
            holds: coverages(tables, &holds(tables)?)?,
            partially_indexed: load_set(tables, MessageSet::PartiallyIndexed)?,
            residence_days: info.min_residence_days,
            as_of,
            subjects: HashMap::new(),
        })
    }

    /// The decision over `item`.
    pub(super) fn decide(&mut self, item: &Item) -> Decision {
        let (subject, holds) = self.subjects.entry(item.mailbox).or_insert_with(|| {
            let mut subject = Subject::new(ItemTimes::from(item), self.residence_days);
            subject.policies =
                self.policies.iter().filter_map(|policy| AppliedPolicy::covering(policy, item.mailbox)).collect();
            let covering = self.holds.iter().enumerate();
            let covering = covering.filter(|(_, coverage)| coverage.covers_mailbox(item.mailbox));
            (subject, covering.map(|(place, _)| place).collect())
        });
        subject.times = ItemTimes::from(item);
        subject.partially_indexed = self.partially_indexed.contains(item.message.0);
        subject.holds.clear();
        let covering = holds.iter().filter_map(|place| self.holds.get(*place));
        subject.holds.extend(covering.filter_map(|coverage| coverage.applied(item)));
        evaluate(subject, self.as_of)
    }
}

impl Archive {
    /// Brings everything that decisions depend on up to date: the index first, then the matches of query holds.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.catch_up(&mut |_, _| {})?;
        self.evaluate_query_holds()
    }
}
