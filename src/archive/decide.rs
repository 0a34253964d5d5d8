//! Decisions over stored items: gathers what applies and asks the engine.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Archive;
use super::hold::{Coverage, coverages};
use super::label::{Carried, CarriedLabel, Choice, Offer, chosen};
use super::narrowing::{Narrowing, known_through, narrowings};
use super::simulation::Proposal;
use super::unsearched::Unsearched;
use crate::model::{FolderNo, Item, LabelOrigin, RetentionPolicy, UtcTime};
use crate::retention::{
    AppliedHold, AppliedPolicy, Decision, Disposition, ItemTimes, PossibleLabel, RetainUntil, Subject, evaluate,
    evaluate_without_reasons,
};
use crate::store::{ArchiveInfo, SetPart, Tables, holds, policies};
use crate::{Error, Result};

/// Folders whose rules a judge keeps in memory.
const FOLDERS: usize = 1_024;

/// Decides over items of one state of the archive, one after the other. What applies in a folder is put together once.
pub(super) struct Judge<'t, T> {
    rules: Arc<Rules<'t, T>>,
    folders: HashMap<FolderNo, FolderRules>,
}

/// Everything that decisions over one state of the archive depend on.
struct Rules<'t, T> {
    tables: &'t T,
    /// Each with what narrows it, if something does.
    policies: Vec<(RetentionPolicy, Option<Narrowing>)>,
    holds: Vec<Coverage>,
    unsearched: Unsearched,
    labels: Carried,
    /// Labels that would be set by themselves, and when.
    offers: &'t [Offer],
    offered_at: UtcTime,
    residence_days: u32,
    as_of: UtcTime,
    /// The present.
    now: UtcTime,
}

/// What applies in one folder.
struct FolderRules {
    /// The item judged last, with the policies that cover everything in the folder first.
    subject: Subject,
    /// How many those are.
    whole: usize,
    /// The policies that cover what their query matches, each by its place.
    narrowed: Vec<(usize, AppliedPolicy)>,
    /// The holds of the subject, by their place.
    holds: Vec<usize>,
}

/// How an item is kept, holds left out.
pub(super) struct WithoutHolds {
    /// Its earliest disposition.
    pub(super) earliest: Disposition,
    /// How long the label that it carries retains it alone.
    pub(super) by_label: RetainUntil,
    /// Whether it may be meant by a query of a label that nobody can read, or could.
    pub(super) may_be_labelled: bool,
}

impl<'t, T: Tables> Judge<'t, T> {
    /// A judge of the state that `tables` shows, at `as_of`, the present. The matches of queries must be current.
    pub(super) fn new(tables: &'t T, info: &ArchiveInfo, as_of: UtcTime) -> Result<Self> {
        Self::over(tables, info, (as_of, as_of), SetPart::Whole)
    }

    /// A judge of that state at a date other than `now`: holds placed since an earlier one do not hold then.
    pub(super) fn of_date(tables: &'t T, info: &ArchiveInfo, as_of: UtcTime, now: UtcTime) -> Result<Self> {
        Self::over(tables, info, (as_of, now), SetPart::Whole)
    }

    /// A judge of that state as if other rules were in force, too.
    pub(super) fn of_proposal(
        tables: &'t T,
        info: &ArchiveInfo,
        as_of: UtcTime,
        proposal: &'t Proposal,
    ) -> Result<Self> {
        let mut rules = Rules::load(tables, info, (as_of, proposal.at), SetPart::Whole)?;
        rules.policies = narrowings(tables, proposal.policies(policies(tables)?), SetPart::Whole)?;
        for (policy, narrowing) in &mut rules.policies {
            if let (Some(narrowing), Some(matches)) = (narrowing, proposal.matches(policy.id)) {
                narrowing.found(matches, known_through(policy));
            }
        }
        rules.unsearched = unsearched(tables, &rules.policies, SetPart::Whole)?;
        rules.labels.propose(proposal.labels(), &proposal.in_doubt);
        rules.offers = &proposal.offers;
        rules.offered_at = proposal.at;
        Ok(Self::by(rules))
    }

    /// A judge of one item, who reads no more than that needs.
    pub(super) fn of_item(tables: &'t T, info: &ArchiveInfo, as_of: UtcTime, item: &Item) -> Result<Self> {
        Self::over(tables, info, (as_of, as_of), SetPart::Around(item.message))
    }

    fn over(tables: &'t T, info: &ArchiveInfo, times: (UtcTime, UtcTime), part: SetPart) -> Result<Self> {
        Rules::load(tables, info, times, part).map(Self::by)
    }

    fn by(rules: Rules<'t, T>) -> Self {
        Self { rules: Arc::new(rules), folders: HashMap::new() }
    }

    /// Another judge of the same state, for another thread.
    pub(super) fn another(&self) -> Self {
        Self { rules: Arc::clone(&self.rules), folders: HashMap::new() }
    }

    /// The decision over `item`.
    pub(super) fn decide(&mut self, item: &Item) -> Result<Decision> {
        let as_of = self.rules.as_of;
        Ok(evaluate(self.subject(item)?, as_of))
    }

    /// The decision over `item` without its reasons.
    pub(super) fn decide_without_reasons(&mut self, item: &Item) -> Result<Decision> {
        let as_of = self.rules.as_of;
        Ok(evaluate_without_reasons(self.subject(item)?, as_of))
    }

    /// How `item` is kept if no hold keeps it.
    pub(super) fn without_holds(&mut self, item: &Item) -> Result<WithoutHolds> {
        let as_of = self.rules.as_of;
        let mut subject = self.subject(item)?.clone();
        subject.holds.clear();
        let earliest = evaluate_without_reasons(&subject, as_of).earliest;
        let may_be_labelled = !subject.possible_labels.is_empty();
        subject.policies.clear();
        subject.possible_labels.clear();
        let by_label = evaluate_without_reasons(&subject, as_of).retain_until;
        Ok(WithoutHolds { earliest, by_label, may_be_labelled })
    }

    /// The names of the holds that keep `item`, which was judged last in its folder.
    pub(super) fn holding(&self, item: &Item) -> BTreeSet<Arc<str>> {
        let Some(FolderRules { subject, .. }) = self.folders.get(&item.folder) else { return BTreeSet::new() };
        let keeps = |hold: &&AppliedHold| hold.keeps(item.created_at, subject.partially_indexed, self.rules.as_of);
        subject.holds.iter().filter(keeps).map(|hold| Arc::clone(&hold.name)).collect()
    }

    fn subject(&mut self, item: &Item) -> Result<&Subject> {
        if self.folders.len() >= FOLDERS && !self.folders.contains_key(&item.folder) {
            self.folders.clear();
        }
        let folder = self.folders.entry(item.folder).or_insert_with(|| self.rules.of_folder(item));
        self.rules.apply(folder, item)?;
        Ok(&folder.subject)
    }
}

impl<'t, T: Tables> Rules<'t, T> {
    fn load(tables: &'t T, info: &ArchiveInfo, (as_of, now): (UtcTime, UtcTime), part: SetPart) -> Result<Self> {
        let policies = narrowings(tables, policies(tables)?, part)?;
        Ok(Self {
            tables,
            unsearched: unsearched(tables, &policies, part)?,
            policies,
            holds: coverages(tables, &holds(tables)?, part, now)?,
            labels: Carried::load(tables, part)?,
            offers: &[],
            offered_at: as_of,
            residence_days: info.min_residence_days,
            as_of,
            now,
        })
    }

    /// Puts an item in the place of the one before it in its folder.
    fn apply(&self, folder: &mut FolderRules, item: &Item) -> Result<()> {
        let subject = &mut folder.subject;
        subject.times = ItemTimes::from(item);
        subject.partially_indexed = self.unsearched.contains(item.message);
        let (carried, possible) = self.labelled(item)?;
        subject.label_doubt = carried.as_ref().and_then(|label| label.doubt.clone());
        subject.label = carried.map(|label| label.applied);
        subject.possible_labels = possible;
        subject.policies.truncate(folder.whole);
        let in_part = folder.narrowed.iter().filter_map(|(place, policy)| {
            self.policies.get(*place)?.1.as_ref()?.applied(policy, item.message, &self.unsearched)
        });
        subject.policies.extend(in_part);
        for (hold, place) in subject.holds.iter_mut().zip(&folder.holds) {
            let coverage = self.holds.get(*place);
            hold.matches = coverage.is_some_and(|coverage| coverage.matches(item.message));
            hold.unevaluated = coverage.is_some_and(|coverage| coverage.is_unevaluated(item.message));
        }
        Ok(())
    }

    /// The label that an item carries, or would, and those that it may have to get.
    fn labelled(&self, item: &Item) -> Result<(Option<CarriedLabel>, Vec<PossibleLabel>)> {
        let (mut carried, mut in_doubt) = (self.labels.of(self.tables, item)?, Vec::new());
        if carried.is_none() {
            match chosen(self.offers, item) {
                Choice::Nothing => {}
                Choice::InDoubt(offers) => in_doubt = offers,
                Choice::Set(place, origin) => {
                    let id = self.offers.get(place).map(|offer| (offer.label.id, origin));
                    if origin == LabelOrigin::Query && !self.labels.in_doubt(self.tables, item, id)?.is_empty() {
                        in_doubt.push(place);
                    } else if let Some((id, origin)) = id {
                        let applied = self.labels.offered(id, self.offered_at);
                        carried = applied.map(|applied| CarriedLabel { id, origin, applied, doubt: None });
                    }
                }
            }
        }
        let mut possible = self.labels.possible(self.tables, item, carried.as_ref(), self.offered_at)?;
        for offer in in_doubt.into_iter().filter_map(|place| self.offers.get(place)) {
            self.labels.add_offered(&mut possible, offer.label.id, self.offered_at);
        }
        Ok((carried, possible))
    }

    fn of_folder(&self, item: &Item) -> FolderRules {
        let mut subject = Subject::new(ItemTimes::from(item), self.residence_days);
        let mut narrowed = Vec::new();
        for (place, (policy, narrowing)) in self.policies.iter().enumerate() {
            let Some(mut applied) = AppliedPolicy::covering(policy, item.mailbox) else { continue };
            // Released by a clock that was ahead: it deletes nothing any longer, and its delay has not begun.
            if let Some(why) = &policy.refused {
                applied = applied.unread(format!("its query cannot be read: {why}").into());
            }
            applied.doubtful |= applied.released_at.is_some_and(|at| at > self.now);
            match narrowing {
                Some(narrowing) if !narrowing.covers_folder(item.folder) => {}
                Some(narrowing) if narrowing.has_query() => narrowed.push((place, applied)),
                _ => subject.policies.push(applied),
            }
        }
        let mut holds = Vec::new();
        for (place, coverage) in self.holds.iter().enumerate() {
            if let Some(applied) = coverage.applied_in(item.mailbox, item.folder) {
                subject.holds.push(applied);
                holds.push(place);
            }
        }
        FolderRules { whole: subject.policies.len(), subject, narrowed, holds }
    }
}

/// What queries of policies are asked about of which not all can be searched.
fn unsearched(
    tables: &impl Tables,
    policies: &[(RetentionPolicy, Option<Narrowing>)],
    part: SetPart,
) -> Result<Unsearched> {
    let narrowings = policies.iter().filter_map(|(_, narrowing)| narrowing.as_ref());
    Unsearched::load(tables, part, narrowings.map(Narrowing::exclusions))
}

impl Archive {
    /// Brings everything that decisions depend on up to date: by which names people are known, and the index first, then the
    /// scopes of policies, the labels that are set by themselves, and the matches of queries of policies and holds.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.note_names()?;
        self.catch_up(&mut |_, _| {})?;
        self.evaluate_adaptive_scopes()?;
        self.evaluate_query_policies()?;
        self.offer_labels()?;
        self.evaluate_query_holds()
    }

    /// The same for those who show what there is, whatever state the index is in: why it cannot be used, if so. What was not
    /// evaluated counts as covered until it is.
    pub(super) fn settle_or_why(&mut self) -> Result<Option<String>> {
        match self.settle() {
            Err(error @ (Error::Index { .. } | Error::Corrupt(_) | Error::Io { .. })) => {
                let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
                Ok(Some(format!("{error}{cause}")))
            }
            settled => settled.map(|()| None),
        }
    }
}
