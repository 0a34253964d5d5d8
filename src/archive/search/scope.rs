//! Where a search looks: mailboxes and folders.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::super::mailboxes::find_mailbox;
use super::reading::Reading;
use super::{SearchReport, SearchRequest};
use crate::index::Found;
use crate::model::{Folder, FolderNo, Mailbox, MailboxNo};
use crate::store::{MessageSet, Snapshot, folders, load_set, mailboxes};
use crate::{Error, Result};

/// The folders that are searched.
pub(super) struct Scope {
    pub(super) folders: HashMap<FolderNo, Folder>,
    pub(super) mailboxes: HashMap<MailboxNo, Mailbox>,
    whole: bool,
}

impl Scope {
    /// What `request` names.
    pub(super) fn of(snapshot: &Snapshot, request: &SearchRequest) -> Result<Self> {
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
            whole: wanted.is_empty() && request.folders.is_empty(),
        })
    }

    /// The messages in scope; `None` if the scope is the whole archive.
    pub(super) fn messages(&self, snapshot: &Snapshot) -> Result<Option<RoaringTreemap>> {
        if self.whole {
            return Ok(None);
        }
        let mut messages = RoaringTreemap::new();
        for folder in self.folders.keys() {
            messages |= load_set(snapshot, MessageSet::Folder(*folder))?;
        }
        Ok(Some(messages))
    }

    pub(super) fn report(
        &self,
        snapshot: &Snapshot,
        found: &[Found],
        partial: &RoaringTreemap,
        request: &SearchRequest,
        reading: Reading,
    ) -> Result<SearchReport> {
        let hits: RoaringTreemap = found.iter().map(|found| found.message.0).collect();
        let (mut items, mut partially_indexed) = (0, 0);
        for folder in self.folders.keys() {
            let members = load_set(snapshot, MessageSet::Folder(*folder))?;
            items += members.intersection_len(&hits);
            partially_indexed += members.intersection_len(partial);
        }
        Ok(SearchReport {
            messages: hits.len(),
            items,
            bytes: found.iter().map(|found| found.size).sum(),
            partially_indexed,
            mode: request.mode,
            read_as: reading.read_as,
            warnings: reading.warnings,
            people: reading.people,
            unique: None,
            statistics: None,
            keywords: Vec::new(),
        })
    }
}

fn same_path(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
