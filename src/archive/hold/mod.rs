//! Holds: placed, listed, kept current, changed, released.

mod certificate;
mod change;
mod consent;
mod count;
mod coverage;
mod details;
mod evaluate;
mod family;
mod overview;
mod place;
mod release;
mod state;
mod unread;

use super::Archive;
use super::named::find_named;
use super::rule_query::UnreadRule;
use crate::Result;
use crate::model::{Hold, UtcTime};
use crate::store::{Tables, cases, holds, mailboxes};

use count::counts;

pub use certificate::{CertifiedHold, HoldCertificate, verify_hold_certificate};
pub use change::HoldChange;
pub use overview::{HOLD_COLUMNS, HoldRow};
pub use place::NewHold;
pub use state::HoldState;
pub use unread::UnreadHold;

pub(super) use consent::{delayed_in_words, digest_of, hold_state, narrowings, refused_narrowing, scope_in_words};
pub(super) use coverage::{Coverage, coverages};
pub(super) use details::messages_on_hold;
pub(super) use evaluate::live_scopes;
pub(super) use place::require_reason;
pub(super) use state::{covers_mailbox, delay_until, in_delay};

/// A hold with what it covers now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldReport {
    /// The hold.
    pub hold: Hold,
    /// Where it stands.
    pub state: HoldState,
    /// The name of its case.
    pub case: Option<String>,
    /// Its mailboxes by address; empty means all.
    pub mailboxes: Vec<String>,
    /// When the last delay that is running ends.
    pub delay_until: Option<UtcTime>,
    /// Messages of these items.
    pub messages: u64,
    /// Items that its present scope keeps now, partially indexed ones included, or that of a draft would keep.
    pub items: u64,
    /// Items that it keeps only because not all of them can be searched.
    pub partially_indexed: u64,
    /// Items that it keeps only because nobody knows whether they match.
    pub unevaluated: u64,
    /// Why nobody knows what it matches, if its query cannot be read.
    pub unread: Option<UnreadHold>,
    /// Why it could not be evaluated now, if so: the counts are those of the last evaluation, and with those that it was not
    /// evaluated on, which it holds until it is.
    pub not_evaluated: Option<String>,
    /// Items more that only a scope before a change keeps now, for the delay.
    pub former_items: u64,
}

impl HoldReport {
    /// All items that it keeps now, those that it keeps for the delay after a change only included.
    pub fn kept_items(&self) -> u64 {
        self.items + self.former_items
    }

    /// Notes why holds could not be evaluated, if this one has something to be evaluated.
    fn note_not_evaluated(&mut self, why: Option<&str>) {
        self.not_evaluated =
            why.filter(|_| is_evaluated(&self.hold) && self.state != HoldState::Off).map(str::to_owned);
    }

    /// It as a rule of which nobody knows what it covers, if so.
    pub fn unread_rule(&self) -> Option<UnreadRule> {
        self.unread.as_ref().map(|unread| UnreadRule::of_hold(&self.hold, unread))
    }

    /// The word for what kind of hold it is, used in commands and JSON: `litigation` or `case`.
    pub fn kind(&self) -> &'static str {
        if self.hold.case.is_some() { "case" } else { "litigation" }
    }
}

impl Archive {
    /// All holds, released ones included, in the order of placing, whatever state the index is in.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_holds(&mut self) -> Result<Vec<HoldReport>> {
        let why = self.settle_or_why()?;
        let snapshot = self.store.snapshot()?;
        let mut all = holds(&snapshot)?;
        all.sort_by_key(|hold| (hold.placed_at, hold.id));
        let mut reports = self.reports(&snapshot, all)?;
        for report in &mut reports {
            report.note_not_evaluated(why.as_deref());
        }
        Ok(reports)
    }

    /// One hold, by name, id, or unique prefix of its id, whatever state the index is in.
    ///
    /// # Errors
    /// There is none, several begin so, or the store failed.
    pub fn show_hold(&mut self, name: &str) -> Result<HoldReport> {
        let why = self.settle_or_why()?;
        let snapshot = self.store.snapshot()?;
        let hold = find(&snapshot, name)?;
        let mut report = self.report(&snapshot, hold)?;
        report.note_not_evaluated(why.as_deref());
        Ok(report)
    }

    /// An id for something new called `name`, different from all others of this archive.
    pub(super) fn new_id(&self, kind: &str, name: &str) -> u64 {
        let seed = format!("{}\0{kind}\0{name}\0{}", self.info.id, self.now());
        crate::model::Digest::of(seed.as_bytes()).prefix()
    }

    fn report(&self, tables: &impl Tables, hold: Hold) -> Result<HoldReport> {
        let mut reports = self.reports(tables, vec![hold])?;
        reports.pop().ok_or_else(|| crate::Error::Corrupt("a hold without report".to_owned()))
    }

    fn reports(&self, tables: &impl Tables, all: Vec<Hold>) -> Result<Vec<HoldReport>> {
        let now = self.now();
        let counted = counts(tables, &all, now)?;
        let addresses: Vec<_> = mailboxes(tables)?.into_iter().map(|mailbox| (mailbox.no, mailbox.address)).collect();
        let cases = cases(tables)?;
        let unread = self.unread_holds(tables, &all)?;
        let reports = all.into_iter().zip(counted).zip(unread).map(|((hold, counts), unread)| {
            let listed = hold.scope.mailboxes.clone().unwrap_or_default();
            let case = hold.case.and_then(|id| cases.iter().find(|case| case.id == id));
            HoldReport {
                state: HoldState::of(&hold, now),
                case: case.map(|case| case.name.clone()),
                mailboxes: addresses.iter().filter(|(no, _)| listed.contains(no)).map(|(_, a)| a.clone()).collect(),
                delay_until: running_delay(&hold, now),
                messages: counts.messages.len(),
                items: counts.items,
                partially_indexed: counts.partially_indexed,
                unevaluated: counts.unevaluated,
                unread,
                not_evaluated: None,
                former_items: counts.former,
                hold,
            }
        });
        Ok(reports.collect())
    }
}

/// Whether what a hold covers is found by searching.
pub(super) fn is_evaluated(hold: &Hold) -> bool {
    hold.scope.is_narrowed() || hold.former.iter().any(|former| former.scope.is_narrowed())
}

/// When the last delay ends that is running at `now`.
fn running_delay(hold: &Hold, now: UtcTime) -> Option<UtcTime> {
    hold.on_since?;
    let released = hold.released.as_ref().map(|release| delay_until(release, hold.delay_ended.as_ref()));
    let former = hold.former.iter().map(|former| delay_until(&former.ended, former.delay_ended.as_ref()));
    released.into_iter().chain(former.filter(|_| hold.released.is_none())).filter(|until| now < *until).max()
}

/// The hold with this name, id, or unique prefix of its id.
pub(super) fn find(tables: &impl Tables, name: &str) -> Result<Hold> {
    find_named("hold", holds(tables)?, name, |hold| (&hold.name, hold.id))
}
