//! What narrows a policy to a part of its mailboxes: folders, and a query.

use std::collections::{HashMap, HashSet};

use roaring::RoaringTreemap;

use crate::Result;
use crate::model::{FolderNo, Item, MessageNo, RetentionPolicy};
use crate::retention::AppliedPolicy;
use crate::store::{MessageSet, Tables, folders, load_set};

/// What narrows one policy.
pub(super) struct Narrowing {
    /// `None` if it covers all folders.
    folders: Option<HashSet<FolderNo>>,
    /// The messages that its query matches, and the last one that it was evaluated on; `None` without query.
    matches: Option<(RoaringTreemap, MessageNo)>,
}

impl Narrowing {
    /// How the policy applies to an item of a mailbox that it covers as `policy`; `None` if not at all.
    ///
    /// An item that the query may miss is retained, and not deleted.
    pub(super) fn applied(
        &self,
        policy: &AppliedPolicy,
        item: &Item,
        partially_indexed: bool,
    ) -> Option<AppliedPolicy> {
        if self.folders.as_ref().is_some_and(|folders| !folders.contains(&item.folder)) {
            return None;
        }
        let Some((matches, through)) = &self.matches else { return Some(policy.clone()) };
        if matches.contains(item.message.0) {
            return Some(policy.clone());
        }
        if partially_indexed || item.message > *through { policy.clone().in_doubt() } else { None }
    }
}

/// What narrows each policy that is narrowed, by its place in the list.
pub(super) fn narrowings(tables: &impl Tables, policies: &[RetentionPolicy]) -> Result<HashMap<usize, Narrowing>> {
    let mut narrowings = HashMap::new();
    let narrowed: Vec<_> = policies.iter().enumerate().filter(|(_, policy)| policy.is_narrowed()).collect();
    if narrowed.is_empty() {
        return Ok(narrowings);
    }
    let all = folders(tables)?;
    for (place, policy) in narrowed {
        let listed: HashSet<String> = policy.folders.iter().map(|path| path.to_lowercase()).collect();
        let covered = all.iter().filter(|folder| listed.contains(&folder.path.to_lowercase())).map(|folder| folder.no);
        let matches = match policy.query {
            Some(_) => Some((load_set(tables, MessageSet::PolicyMatches(policy.id))?, policy.evaluated_through)),
            None => None,
        };
        let folders = (!listed.is_empty()).then(|| covered.collect());
        narrowings.insert(place, Narrowing { folders, matches });
    }
    Ok(narrowings)
}
