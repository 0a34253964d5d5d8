//! Where a search looks: mailboxes and folders.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::super::hold::messages_on_hold;
use super::super::mailboxes::find_mailbox;
use super::reading::Reading;
use super::{SearchReport, SearchRequest};
use crate::index::{RULES, Tally};
use crate::model::{Folder, FolderNo, Item, Mailbox, MailboxNo, UtcTime};
use crate::store::{MessageSet, Snapshot, folders, last_message, load_common, load_set, mailboxes};
use crate::{Error, Result};

/// Items, as the messages of each folder.
pub(super) type ItemSets = HashMap<FolderNo, RoaringTreemap>;

/// The items that are searched.
pub(super) struct Scope {
    pub(super) folders: HashMap<FolderNo, Folder>,
    pub(super) mailboxes: HashMap<MailboxNo, Mailbox>,
    whole: bool,
    /// Those that are held; `None` if it does not matter.
    held: Option<ItemSets>,
    /// Those for which the conditions on items hold; `None` without such conditions.
    matching: Option<ItemSets>,
}

impl Scope {
    /// What `request` names.
    pub(super) fn of(snapshot: &Snapshot, request: &SearchRequest, now: UtcTime) -> Result<Self> {
        let wanted: Vec<MailboxNo> =
            request.mailboxes.iter().map(|address| find_mailbox(snapshot, address)).collect::<Result<_>>()?;
        let all = folders(snapshot)?;
        for path in &request.folders {
            if !all.iter().any(|folder| same_path(&folder.path, path)) {
                return Err(Error::NotFound { what: "folder", id: path.clone() });
            }
        }
        let in_scope = |folder: &Folder| {
            (wanted.is_empty() || wanted.contains(&folder.mailbox))
                && (request.folders.is_empty() || request.folders.iter().any(|path| same_path(&folder.path, path)))
        };
        Ok(Self {
            folders: all.into_iter().filter(in_scope).map(|folder| (folder.no, folder)).collect(),
            mailboxes: mailboxes(snapshot)?.into_iter().map(|mailbox| (mailbox.no, mailbox)).collect(),
            whole: wanted.is_empty() && request.folders.is_empty() && !request.on_hold,
            held: request.on_hold.then(|| messages_on_hold(snapshot, now)).transpose()?,
            matching: None,
        })
    }

    /// The messages in scope; `None` if the scope is the whole archive.
    pub(super) fn messages(&self, snapshot: &Snapshot) -> Result<Option<RoaringTreemap>> {
        if self.whole {
            return Ok(None);
        }
        let mut messages = RoaringTreemap::new();
        for folder in self.folders.keys() {
            messages |= self.members(snapshot, *folder)?;
        }
        Ok(Some(messages))
    }

    /// The messages of the items of a folder that are searched.
    pub(super) fn members(&self, snapshot: &Snapshot, folder: FolderNo) -> Result<RoaringTreemap> {
        Ok(those_of(self.held.as_ref(), folder, load_set(snapshot, MessageSet::Folder(folder))?))
    }

    /// Those among `messages` that items of a folder which are searched have.
    pub(super) fn members_among(
        &self,
        snapshot: &Snapshot,
        folder: FolderNo,
        messages: &RoaringTreemap,
    ) -> Result<RoaringTreemap> {
        Ok(those_of(self.held.as_ref(), folder, load_common(snapshot, MessageSet::Folder(folder), messages)?))
    }

    /// Of `members` of a folder, those for whose items the conditions on items hold.
    pub(super) fn matching(&self, folder: FolderNo, members: RoaringTreemap) -> RoaringTreemap {
        those_of(self.matching.as_ref(), folder, members)
    }

    /// Leaves only these items to be found. What is counted beside them, such as those searched in part, stays.
    pub(super) fn narrow(&mut self, items: ItemSets) {
        self.matching = Some(items);
    }

    /// Whether an item can be found.
    pub(super) fn contains(&self, item: &Item) -> bool {
        self.searches(item) && has(self.matching.as_ref(), item)
    }

    /// Whether an item is searched, found or not.
    pub(super) fn searches(&self, item: &Item) -> bool {
        self.folders.contains_key(&item.folder) && has(self.held.as_ref(), item)
    }

    pub(super) fn report(
        &self,
        snapshot: &Snapshot,
        tally: &Tally,
        partial: &RoaringTreemap,
        request: &SearchRequest,
        reading: Reading,
    ) -> Result<SearchReport> {
        let (mut items, mut partially_indexed) = (0, 0);
        for folder in self.folders.keys() {
            partially_indexed += self.members_among(snapshot, *folder, partial)?.len();
            let members = self.members_among(snapshot, *folder, &tally.messages)?;
            items += self.matching(*folder, members).len();
        }
        Ok(SearchReport {
            messages: tally.messages.len(),
            items,
            bytes: tally.bytes,
            partially_indexed,
            mode: request.mode,
            read_as: reading.read_as,
            warnings: reading.warnings,
            people: reading.people,
            through: last_message(snapshot)?,
            index_rules: RULES,
            prefixes: Vec::new(),
            unique: None,
            statistics: None,
            keywords: Vec::new(),
        })
    }
}

fn has(sets: Option<&ItemSets>, item: &Item) -> bool {
    sets.is_none_or(|sets| sets.get(&item.folder).is_some_and(|set| set.contains(item.message.0)))
}

fn those_of(sets: Option<&ItemSets>, folder: FolderNo, members: RoaringTreemap) -> RoaringTreemap {
    match sets {
        None => members,
        Some(sets) => sets.get(&folder).map_or_else(RoaringTreemap::new, |set| members & set),
    }
}

fn same_path(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
