//! Which items holds cover: the one answer that decisions, counts, reports and searches share.

use std::collections::HashSet;

use roaring::RoaringTreemap;

use crate::Result;
use crate::index::RULES;
use crate::model::{Folder, FolderNo, Hold, HoldEvaluation, HoldScope, Item, MailboxNo, MessageNo, UtcTime};
use crate::retention::AppliedHold;
use crate::store::{MessageSet, SetPart, Tables, folders, load_part};

/// A scope of a hold, the present one or a former, ready to be asked.
pub(in crate::archive) struct Coverage {
    /// Which of the holds that were asked for.
    pub(in crate::archive) hold: usize,
    /// Whether the hold had it before it was changed.
    pub(super) former: bool,
    scope: HoldScope,
    /// The folders that it names; `None` if it covers whole mailboxes.
    folders: Option<HashSet<FolderNo>>,
    matches: RoaringTreemap,
    /// Messages after this one are held until it is known whether they match.
    through: MessageNo,
    applied: AppliedHold,
}

/// What a scope covers of a folder.
#[derive(Default)]
pub(in crate::archive) struct Covered {
    /// Messages that it covers.
    pub(in crate::archive) messages: RoaringTreemap,
    /// Those of them that it covers only because not all of them can be searched.
    pub(in crate::archive) unread: RoaringTreemap,
    /// Those of them that it covers only because nobody knows whether they match.
    pub(in crate::archive) unevaluated: RoaringTreemap,
}

/// The scopes of `holds`, the present one of each hold before its former ones, with `part` of the matches. Drafts have
/// none. Each holds at `now` at the latest, however far the clock was ahead when it was placed.
pub(in crate::archive) fn coverages(
    tables: &impl Tables,
    holds: &[Hold],
    part: SetPart,
    now: UtcTime,
) -> Result<Vec<Coverage>> {
    let folders = folders(tables)?;
    let mut all = Vec::new();
    for (place, hold) in holds.iter().enumerate() {
        if let Some(applied) = AppliedHold::of(hold, false) {
            all.push(Coverage::new(tables, (place, part), &folders, &hold.scope, hold.evaluation, applied)?);
        }
        for former in &hold.former {
            if let Some(applied) = AppliedHold::of_former(hold, former, false) {
                let of = Coverage::new(tables, (place, part), &folders, &former.scope, former.evaluation, applied)?;
                all.push(Coverage { former: true, ..of });
            }
        }
    }
    for coverage in &mut all {
        coverage.applied.from = coverage.applied.from.min(now);
    }
    Ok(all)
}

impl Coverage {
    fn new(
        tables: &impl Tables,
        (hold, part): (usize, SetPart),
        folders: &[Folder],
        scope: &HoldScope,
        evaluation: HoldEvaluation,
        applied: AppliedHold,
    ) -> Result<Self> {
        let named = folders.iter().filter(|folder| scope.covers_folder(folder)).map(|folder| folder.no);
        let matches = if scope.is_narrowed() {
            load_part(tables, MessageSet::HoldMatches(evaluation.set), part)?
        } else {
            RoaringTreemap::new()
        };
        Ok(Self {
            hold,
            former: false,
            scope: scope.clone(),
            folders: (!scope.folders.is_empty()).then(|| named.collect()),
            matches,
            through: known_through(evaluation),
            applied,
        })
    }

    /// Whether `mailbox` is among its locations.
    pub(in crate::archive) fn covers_mailbox(&self, mailbox: MailboxNo) -> bool {
        self.scope.covers_mailbox(mailbox)
    }

    /// How it applies to what it matches of a folder; `None` if that is not among its locations.
    pub(in crate::archive) fn applied_in(&self, mailbox: MailboxNo, folder: FolderNo) -> Option<AppliedHold> {
        let covered =
            self.covers_mailbox(mailbox) && self.folders.as_ref().is_none_or(|folders| folders.contains(&folder));
        covered.then(|| self.applied.clone())
    }

    /// How it applies to an item; `None` if its folder is not among its locations.
    pub(in crate::archive) fn applied(&self, item: &Item) -> Option<AppliedHold> {
        let applied = self.applied_in(item.mailbox, item.folder)?;
        let (matches, unevaluated) = (self.matches(item.message), self.is_unevaluated(item.message));
        Some(AppliedHold { matches, unevaluated, ..applied })
    }

    /// Whether what narrows it matches a message, as far as known; what was not looked at yet counts as matching.
    pub(in crate::archive) fn matches(&self, message: MessageNo) -> bool {
        self.applied.has_query && (self.matches.contains(message.0) || message > self.through)
    }

    /// Whether nobody knows whether what narrows it matches a message.
    pub(in crate::archive) fn is_unevaluated(&self, message: MessageNo) -> bool {
        self.applied.has_query && message > self.through && !self.matches.contains(message.0)
    }

    /// Whether time ends it for each item on its own.
    pub(super) fn ends_by_item(&self) -> bool {
        self.applied.duration.is_some()
    }

    /// Whether it is on, or in the delay, at `now` for an item that was created at `created`.
    pub(super) fn runs(&self, created: UtcTime, now: UtcTime) -> bool {
        self.applied.runs(created, now)
    }

    /// What it covers of a folder with the messages `members`, durations and delays left aside.
    pub(in crate::archive) fn covered(
        &self,
        folder: &Folder,
        members: &RoaringTreemap,
        partially_indexed: &RoaringTreemap,
    ) -> Covered {
        if !self.scope.covers_folder(folder) {
            return Covered::default();
        }
        if !self.scope.is_narrowed() {
            return Covered { messages: members.clone(), ..Covered::default() };
        }
        let mut messages = members & &self.matches;
        let later: RoaringTreemap = members.iter().skip_while(|no| *no <= self.through.0).collect();
        let unevaluated = later - &messages;
        messages |= &unevaluated;
        let unread = &(members & partially_indexed) - &messages;
        messages |= &unread;
        Covered { messages, unread, unevaluated }
    }
}

/// The last message of which it is known whether it matches, by the rules of searching that are in use.
pub(super) fn known_through(evaluation: HoldEvaluation) -> MessageNo {
    if evaluation.rules == RULES { evaluation.through } else { MessageNo(0) }
}
