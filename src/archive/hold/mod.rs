//! Holds: placed, listed, kept current, changed, released.

mod certificate;
mod change;
mod coverage;
mod details;
mod evaluate;
mod family;
mod overview;
mod place;
mod release;
mod state;

use roaring::RoaringTreemap;

use super::Archive;
use super::named::find_named;
use crate::Result;
use crate::model::{Hold, UtcTime};
use crate::store::{MessageSet, SetPart, Tables, cases, folders, holds, load_set, mailboxes};

pub use certificate::{CertifiedHold, HoldCertificate, verify_hold_certificate};
pub use change::HoldChange;
pub use overview::{HOLD_COLUMNS, HoldRow};
pub use place::NewHold;
pub use state::HoldState;

pub(super) use coverage::{Coverage, coverages};
pub(super) use details::messages_on_hold;
pub(super) use place::require_reason;
pub(super) use state::{delay_until, in_delay};

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
    /// Messages that it covers, partially indexed ones included; durations are left aside.
    pub messages: u64,
    /// Items that it covers.
    pub items: u64,
    /// Items that it covers only because not all of them can be searched.
    pub partially_indexed: u64,
    /// Items that it covered before it was changed, and that stay held for the delay only.
    pub former_items: u64,
}

impl HoldReport {
    /// The word for what kind of hold it is, used in commands and JSON: `litigation` or `case`.
    pub fn kind(&self) -> &'static str {
        if self.hold.case.is_some() { "case" } else { "litigation" }
    }
}

impl Archive {
    /// All holds, released ones included, in the order of placing.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn list_holds(&mut self) -> Result<Vec<HoldReport>> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut all = holds(&snapshot)?;
        all.sort_by_key(|hold| (hold.placed_at, hold.id));
        self.reports(&snapshot, all)
    }

    /// One hold, by name, id, or unique prefix of its id.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_hold(&mut self, name: &str) -> Result<HoldReport> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let hold = find(&snapshot, name)?;
        self.report(&snapshot, hold)
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
        let counted: Vec<Hold> = all.iter().map(|hold| as_if_on(hold, now)).collect();
        let coverages = coverages(tables, &counted, SetPart::Whole)?;
        let addresses: Vec<_> = mailboxes(tables)?.into_iter().map(|mailbox| (mailbox.no, mailbox.address)).collect();
        let cases = cases(tables)?;
        let partial = load_set(tables, MessageSet::PartiallyIndexed)?;
        let mut totals = vec![Totals::default(); all.len()];
        for folder in folders(tables)? {
            let members = load_set(tables, MessageSet::Folder(folder.no))?;
            let mut held: Vec<Option<RoaringTreemap>> = vec![None; all.len()];
            for coverage in &coverages {
                let covered = coverage.covered(&folder, &members, &partial);
                let (Some(total), Some(held)) = (totals.get_mut(coverage.hold), held.get_mut(coverage.hold)) else {
                    continue;
                };
                match held {
                    // The present scope comes first.
                    None => {
                        total.items += covered.messages.len();
                        total.partially_indexed += covered.unread.len();
                        total.messages |= &covered.messages;
                        *held = Some(covered.messages);
                    }
                    Some(held) => {
                        let former = &covered.messages - &*held;
                        total.former += former.len();
                        *held |= former;
                    }
                }
            }
        }
        let reports = all.into_iter().zip(totals).map(|(hold, total)| {
            let listed = hold.scope.mailboxes.clone().unwrap_or_default();
            let case = hold.case.and_then(|id| cases.iter().find(|case| case.id == id));
            HoldReport {
                state: HoldState::of(&hold, now),
                case: case.map(|case| case.name.clone()),
                mailboxes: addresses.iter().filter(|(no, _)| listed.contains(no)).map(|(_, a)| a.clone()).collect(),
                delay_until: running_delay(&hold, now),
                messages: total.messages.len(),
                items: total.items,
                partially_indexed: total.partially_indexed,
                former_items: total.former,
                hold,
            }
        });
        Ok(reports.collect())
    }
}

/// A hold, or a draft as if it was turned on at `now`: drafts say what they would cover.
fn as_if_on(hold: &Hold, now: UtcTime) -> Hold {
    Hold { on_since: hold.on_since.or(hold.released.is_none().then_some(now)), ..hold.clone() }
}

/// What a hold covers in all.
#[derive(Clone, Default)]
struct Totals {
    messages: RoaringTreemap,
    items: u64,
    partially_indexed: u64,
    former: u64,
}

/// When the last delay ends that is running at `now`.
fn running_delay(hold: &Hold, now: UtcTime) -> Option<UtcTime> {
    hold.on_since?;
    let released = hold.released.as_ref().map(|release| delay_until(release, hold.delay_ended.as_ref()));
    let former = hold.former.iter().map(|former| delay_until(&former.ended, former.delay_ended.as_ref()));
    released.into_iter().chain(former.filter(|_| hold.released.is_none())).filter(|until| now < *until).max()
}

/// The hold with this name, id, or unique prefix of its id.
fn find(tables: &impl Tables, name: &str) -> Result<Hold> {
    find_named("hold", holds(tables)?, name, |hold| (&hold.name, hold.id))
}
