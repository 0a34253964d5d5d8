//! What narrows a policy to a part of its mailboxes: folders, and a query.

use std::collections::HashSet;

use roaring::RoaringTreemap;

use crate::Result;
use crate::index::RULES;
use crate::model::{Folder, FolderNo, MessageNo, RetentionPolicy};
use crate::retention::AppliedPolicy;
use crate::store::{MessageSet, SetPart, Tables, folders, load_part};

/// What narrows one policy.
pub(super) struct Narrowing {
    /// `None` if it covers all folders.
    folders: Option<HashSet<FolderNo>>,
    /// The messages that its query matches, and the last one that it was evaluated on; `None` without query.
    matches: Option<(RoaringTreemap, MessageNo)>,
}

impl Narrowing {
    /// Takes other matches, found among the messages up to `through`.
    pub(super) fn found(&mut self, matches: RoaringTreemap, through: MessageNo) {
        self.matches = Some((matches, through));
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
    /// An item that the query may miss is in doubt.
    pub(super) fn applied(
        &self,
        policy: &AppliedPolicy,
        message: MessageNo,
        partially_indexed: bool,
    ) -> Option<AppliedPolicy> {
        let Some((matches, through)) = &self.matches else { return Some(policy.clone()) };
        if matches.contains(message.0) {
            return Some(policy.clone());
        }
        (partially_indexed || message > *through).then(|| policy.clone().in_doubt())
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
    let matches = match policy.query {
        Some(_) => Some((load_part(tables, MessageSet::PolicyMatches(policy.id), part)?, known_through(policy))),
        None => None,
    };
    Ok(Narrowing { folders: (!listed.is_empty()).then(|| covered.collect()), matches })
}
