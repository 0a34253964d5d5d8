//! What narrows a policy to a part of its mailboxes: folders, and a query.

use std::collections::HashSet;

use roaring::RoaringTreemap;

use super::simulation::DraftMatches;
use super::unsearched::Unsearched;
use crate::Result;
use crate::index::RULES;
use crate::model::{Folder, FolderNo, MessageNo, RetentionPolicy};
use crate::query::{Context, Exclusions, parse};
use crate::retention::AppliedPolicy;
use crate::store::{MessageSet, SetPart, Tables, folders, load_part};

/// What narrows one policy.
pub(super) struct Narrowing {
    /// `None` if it covers all folders.
    folders: Option<HashSet<FolderNo>>,
    /// What its query matches; `None` without query.
    matches: Option<Matches>,
}

/// What a policy's query matches.
struct Matches {
    found: RoaringTreemap,
    /// What older rules of searching found, or the query before it, and these do not; and what came while that could not
    /// be read.
    former: RoaringTreemap,
    /// The last message that it was evaluated on by the rules of searching that hold now.
    through: MessageNo,
    /// What it excludes, so that it finds what is not searched in full only as far as is known.
    exclusions: Exclusions,
}

impl Narrowing {
    /// Takes other matches, found among the messages up to `through`.
    pub(super) fn found(&mut self, draft: &DraftMatches, through: MessageNo) {
        let DraftMatches { found, unread } = draft;
        let Some(Matches { found: known, former, exclusions, .. }) = self.matches.take() else { return };
        let former = (known | former | unread) - found;
        self.matches = Some(Matches { former, found: found.clone(), through, exclusions });
    }

    /// What its query excludes.
    pub(super) fn exclusions(&self) -> Exclusions {
        self.matches.as_ref().map_or_else(Exclusions::default, |matches| matches.exclusions)
    }

    /// Whether it leaves anything of the folder.
    pub(super) fn covers_folder(&self, folder: FolderNo) -> bool {
        self.folders.as_ref().is_none_or(|folders| folders.contains(&folder))
    }

    /// Whether a query narrows the folders that it leaves.
    pub(super) fn has_query(&self) -> bool {
        self.matches.is_some()
    }

    /// How the policy applies to an item of a folder that it covers as `policy`; `None` if not at all.
    ///
    /// An item that the query may miss is in doubt, and so is one that only older rules of searching found, or that it finds for
    /// what the part of it lacks that can be searched.
    pub(super) fn applied(
        &self,
        policy: &AppliedPolicy,
        message: MessageNo,
        unsearched: &Unsearched,
    ) -> Option<AppliedPolicy> {
        let Some(Matches { found, former, through, exclusions }) = &self.matches else {
            return Some(policy.clone());
        };
        if message <= *through && found.contains(message.0) {
            let is_certain = !unsearched.may_hide(message, *exclusions);
            return Some(if is_certain { policy.clone() } else { policy.clone().in_doubt() });
        }
        let may_match = unsearched.contains(message) || message > *through || former.contains(message.0);
        may_match.then(|| policy.clone().in_doubt())
    }
}

/// Each policy with what narrows it, if something does.
pub(super) fn narrowings(
    tables: &impl Tables,
    policies: Vec<RetentionPolicy>,
    part: SetPart,
) -> Result<Vec<(RetentionPolicy, Option<Narrowing>)>> {
    let all = if policies.iter().any(|policy| !policy.folders.is_empty()) { folders(tables)? } else { Vec::new() };
    let with_narrowing = |policy: RetentionPolicy| {
        let narrowing = if policy.is_narrowed() { Some(narrowing(tables, &policy, &all, part)?) } else { None };
        Ok((policy, narrowing))
    };
    policies.into_iter().map(with_narrowing).collect()
}

/// The last message that a policy's query was evaluated on by the rules of searching that hold now.
pub(super) fn known_through(policy: &RetentionPolicy) -> MessageNo {
    if policy.evaluated_rules == RULES { policy.evaluated_through } else { MessageNo(0) }
}

fn narrowing(tables: &impl Tables, policy: &RetentionPolicy, all: &[Folder], part: SetPart) -> Result<Narrowing> {
    let listed: HashSet<String> = policy.folders.iter().map(|path| path.to_lowercase()).collect();
    let covered = all.iter().filter(|folder| listed.contains(&folder.path.to_lowercase())).map(|folder| folder.no);
    let matches = match &policy.query {
        Some(query) => Some(Matches {
            found: load_part(tables, MessageSet::PolicyMatches(policy.id), part)?,
            former: load_part(tables, MessageSet::FormerPolicyMatches(policy.id), part)?,
            through: known_through(policy),
            exclusions: parse(query, &Context::rule(policy.added_at))
                .map_or(Exclusions::UNKNOWN, |read| read.query.exclusions()),
        }),
        None => None,
    };
    Ok(Narrowing { folders: (!listed.is_empty()).then(|| covered.collect()), matches })
}
