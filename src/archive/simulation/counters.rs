//! Decisions over all items, counted on all cores.

use rayon::prelude::*;

use super::proposal::Proposal;
use super::sample::Samples;
use super::tally::Tally;
use super::{SimulatedItem, SimulatedItems};
use crate::Result;
use crate::archive::decide::Judge;
use crate::model::{Item, UtcTime};
use crate::retention::Outcome;
use crate::store::{ArchiveInfo, Snapshot, folder, mailbox};

/// Items that are judged together, about a hundred bytes each.
const WINDOW: usize = 1 << 12;

/// Most threads; each has the rules of many folders in memory.
const THREADS: usize = 8;

/// What was counted.
#[derive(Default)]
pub(super) struct Counted {
    /// By the rules in force.
    pub(super) in_force: Tally,
    /// With what is proposed, if something is.
    pub(super) proposed: Tally,
    /// The first items that each rule deletes; where something is proposed, those that only that deletes.
    pub(super) samples: Samples,
}

/// One thread's judges, and what it counted.
struct Counter<'t> {
    in_force: Judge<'t, Snapshot>,
    proposed: Option<Judge<'t, Snapshot>>,
    as_of: UtcTime,
    counted: Counted,
    /// The items of the window that could be disposed of, with where they stand by the rules in force, if they are listed.
    eligible: Option<Vec<(Item, Outcome)>>,
}

impl Counter<'_> {
    fn another(&self) -> Self {
        Self {
            in_force: self.in_force.another(),
            proposed: self.proposed.as_ref().map(Judge::another),
            as_of: self.as_of,
            counted: Counted::default(),
            eligible: self.eligible.as_ref().map(|_| Vec::new()),
        }
    }

    fn count(&mut self, item: &Item) -> Result<()> {
        let decision = self.in_force.decide_without_reasons(item)?;
        let Counted { in_force, proposed, samples } = &mut self.counted;
        in_force.count(item.mailbox, &decision, self.as_of);
        let before = decision.outcome;
        let (judge, tally, decision) = match &mut self.proposed {
            Some(judge) => {
                let decision = judge.decide_without_reasons(item)?;
                proposed.count(item.mailbox, &decision, self.as_of);
                (&*judge, proposed, decision)
            }
            None => (&self.in_force, in_force, decision),
        };
        if decision.due_but_held {
            for hold in judge.holding(item) {
                *tally.conflicts.entry(hold).or_default() += 1;
            }
        }
        if decision.outcome == Outcome::Eligible {
            if self.proposed.is_none() || before != Outcome::Eligible {
                samples.add(decision.deleted_by.as_ref(), item);
            }
            self.eligible.iter_mut().for_each(|eligible| eligible.push((*item, before)));
        }
        Ok(())
    }

    /// Hands over the items of the window that could be disposed of.
    fn list(&mut self, snapshot: &Snapshot, list: SimulatedItems<'_>) -> Result<()> {
        let judge = self.proposed.as_mut().unwrap_or(&mut self.in_force);
        for (item, before) in self.eligible.iter_mut().flat_map(|eligible| eligible.drain(..)) {
            list(listed(snapshot, judge, &item, before)?)?;
        }
        Ok(())
    }
}

/// Counters at work, each with its part of every window.
pub(super) struct Counters<'t, 'v> {
    snapshot: &'t Snapshot,
    threads: Vec<Counter<'t>>,
    window: Vec<Item>,
    list: Option<SimulatedItems<'v>>,
}

impl<'t, 'v> Counters<'t, 'v> {
    /// Counts as of a date by the rules in force as known at `now`, and by those with `proposal`, if there is something in
    /// it. The items that could be disposed of go to `list`.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn new(
        snapshot: &'t Snapshot,
        info: &ArchiveInfo,
        (as_of, now): (UtcTime, UtcTime),
        proposal: &'t Proposal,
        list: Option<SimulatedItems<'v>>,
    ) -> Result<Self> {
        let in_force = Judge::of_date(snapshot, info, as_of, now)?;
        let mut proposed = None;
        if !proposal.is_empty() {
            proposed = Some(Judge::of_proposal(snapshot, info, as_of, proposal)?);
        }
        let eligible = list.is_some().then(Vec::new);
        let first = Counter { in_force, proposed, as_of, counted: Counted::default(), eligible };
        let mut threads = vec![first];
        let most = rayon::current_num_threads().clamp(1, THREADS);
        while let (Some(first), true) = (threads.first(), threads.len() < most) {
            threads.push(first.another());
        }
        Ok(Self { snapshot, threads, window: Vec::with_capacity(WINDOW), list })
    }

    /// Counts an item, sooner or later.
    ///
    /// # Errors
    /// The store failed, or the list returned an error.
    pub(super) fn take(&mut self, item: Item) -> Result<()> {
        self.window.push(item);
        if self.window.len() < WINDOW { Ok(()) } else { self.count() }
    }

    fn count(&mut self) -> Result<()> {
        let part = self.window.len().div_ceil(self.threads.len()).max(1);
        let parts = self.window.par_chunks(part).zip(self.threads.par_iter_mut());
        parts.try_for_each(|(items, counter)| items.iter().try_for_each(|item| counter.count(item)))?;
        self.window.clear();
        let Some(list) = &mut self.list else { return Ok(()) };
        self.threads.iter_mut().try_for_each(|counter| counter.list(self.snapshot, &mut **list))
    }

    /// Counts what is left.
    ///
    /// # Errors
    /// As for [`take`](Self::take).
    pub(super) fn finish(mut self) -> Result<Counted> {
        self.count()?;
        let mut all = Counted::default();
        for Counter { counted, .. } in self.threads {
            all.in_force.add(counted.in_force);
            all.proposed.add(counted.proposed);
            all.samples.add_all(counted.samples);
        }
        Ok(all)
    }
}

fn listed(
    snapshot: &Snapshot,
    judge: &mut Judge<'_, Snapshot>,
    item: &Item,
    in_force: Outcome,
) -> Result<SimulatedItem> {
    let decision = judge.decide(item)?;
    Ok(SimulatedItem {
        item: item.no,
        mailbox: mailbox(snapshot, item.mailbox)?.address,
        folder: folder(snapshot, item.folder)?.path,
        created_at: item.created_at,
        rule: decision.deleted_by.as_deref().unwrap_or_default().to_owned(),
        in_force,
        reasons: decision.reasons.iter().map(|r| format!("{} `{}` {}", r.source, r.name, r.effect)).collect(),
    })
}
