//! The items that a search finds, to be handed over.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::answer::Answer;
use super::frozen::{checked, find};
use super::hits::missing;
use super::partial::Partial;
use super::{CheckedResult, SearchReport, SearchRequest};
use crate::archive::Archive;
use crate::model::{ContentHash, FolderNo, FrozenSearch, Item, ItemNo, MessageNo};
use crate::store::{ItemReader, MessageReader, Snapshot, frozen_items, item};
use crate::{Error, Result};

/// An item of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::archive) struct Selected {
    /// The item.
    pub(in crate::archive) item: ItemNo,
    /// Its message.
    pub(in crate::archive) message: MessageNo,
    /// The folder that it is in.
    pub(in crate::archive) folder: FolderNo,
    /// Whether the query surely finds it; otherwise not all of it can be searched.
    pub(in crate::archive) is_match: bool,
    /// The item of the same content that stands for it, if copies are one.
    pub(in crate::archive) duplicate_of: Option<ItemNo>,
}

/// What was found, as one state of the archive has it.
pub(in crate::archive) struct Selection {
    /// The state.
    pub(in crate::archive) snapshot: Snapshot,
    /// The items, by number.
    pub(in crate::archive) items: Vec<Selected>,
    /// What the query cannot judge; `None` of what was kept.
    partial: Option<Partial>,
    /// Items in scope that are not there, but might be if all of them could be searched; `None` where nobody knows, as of what was
    /// kept.
    pub(in crate::archive) left_out: Option<u64>,
}

impl Selection {
    /// Why the query cannot judge a message, beside what of it could not be read.
    pub(in crate::archive) fn why_unsure(&self, message: MessageNo) -> Option<String> {
        self.partial.as_ref()?.reason(message.0)
    }
}

impl Archive {
    /// What a request finds, all of it whatever its limit. `with_partial` adds the items in scope of which not all can be
    /// searched.
    ///
    /// # Errors
    /// As [`Archive::search`].
    pub(in crate::archive) fn select(
        &mut self,
        request: &SearchRequest,
        with_partial: bool,
    ) -> Result<(Selection, SearchReport)> {
        let answer = self.answer(&SearchRequest { limit: Some(0), after: None, ..request.clone() })?;
        let mut items = answer.found()?;
        let unsure = answer.unsure()?;
        let left_out = Some(if with_partial { 0 } else { unsure.len() as u64 });
        if with_partial {
            items.extend(unsure);
        }
        items.sort_unstable_by_key(|selected| selected.item);
        answer.mark_duplicates(&mut items)?;
        self.record_search("export.search", request, &answer.report)?;
        let Answer { snapshot, partial, report, .. } = answer;
        Ok((Selection { snapshot, items, partial: Some(partial), left_out }, report))
    }

    /// What a frozen result has that was not disposed of since; with it, how many items were.
    ///
    /// # Errors
    /// There is no such result, or it is not what was frozen.
    pub(in crate::archive) fn select_frozen(&self, label: &str) -> Result<(Selection, FrozenSearch, u64)> {
        let snapshot = self.store.snapshot()?;
        let frozen = find(&snapshot, label)?;
        let CheckedResult { frozen, disposed, is_intact } = checked(&snapshot, frozen)?;
        if !is_intact {
            return Err(Error::Corrupt(format!("result `{}` is not what was frozen", frozen.label())));
        }
        let mut items = Vec::with_capacity(usize::try_from(frozen.items).unwrap_or_default());
        for no in &frozen_items(&snapshot, &frozen)? {
            let selected = item(&snapshot, ItemNo(no))?.map(|item| Selected {
                item: item.no,
                message: item.message,
                folder: item.folder,
                is_match: true,
                duplicate_of: None,
            });
            items.extend(selected);
        }
        Ok((Selection { snapshot, items, partial: None, left_out: None }, frozen, disposed))
    }
}

impl Answer {
    /// The items that match.
    fn found(&self) -> Result<Vec<Selected>> {
        self.selected(&self.messages, true, |item| self.scope.contains(item))
    }

    /// The items in scope that do not, of messages that the query cannot judge as a whole. One message may have items of both
    /// sorts, where the query asks for a folder or a label.
    fn unsure(&self) -> Result<Vec<Selected>> {
        let matches = |item: &Item| self.messages.contains(item.message.0) && self.scope.contains(item);
        self.selected(&self.partial.messages, false, |item| self.scope.searches(item) && !matches(item))
    }

    fn selected(
        &self,
        messages: &RoaringTreemap,
        is_match: bool,
        wanted: impl Fn(&Item) -> bool,
    ) -> Result<Vec<Selected>> {
        let mut reader = ItemReader::new(&self.snapshot)?;
        let mut selected = Vec::new();
        for message in messages.iter().map(MessageNo) {
            let items = reader.of_message(message)?.into_iter().filter(&wanted);
            selected.extend(items.map(|item| Selected {
                item: item.no,
                message,
                folder: item.folder,
                is_match,
                duplicate_of: None,
            }));
        }
        Ok(selected)
    }

    /// Marks, where copies are one, all items of one content but the first of the message that came first. Where some surely
    /// match, one of these is the first.
    fn mark_duplicates(&self, items: &mut [Selected]) -> Result<()> {
        let Some(copies) = &self.copies else { return Ok(()) };
        let mut firsts: HashMap<MessageNo, ItemNo> = HashMap::with_capacity(items.len());
        for selected in items.iter().filter(|selected| selected.is_match) {
            firsts.entry(selected.message).or_insert(selected.item);
        }
        let first_match = |message| -> Result<Option<ItemNo>> {
            Ok(firsts.get(&copies.first_of(&self.snapshot, &self.scope, message)?).copied())
        };
        for selected in items.iter_mut().filter(|selected| selected.is_match) {
            selected.duplicate_of = first_match(selected.message)?.filter(|first| *first != selected.item);
        }
        let mut messages = MessageReader::new(&self.snapshot)?;
        let mut unsure: HashMap<ContentHash, ItemNo> = HashMap::new();
        for selected in items.iter_mut().filter(|selected| !selected.is_match) {
            let content = messages.get(selected.message)?.ok_or_else(|| missing(selected.message))?.content_hash;
            let first = match unsure.get(&content) {
                Some(first) => Some(*first),
                None => match messages.of_content(&content, &self.messages)?.first() {
                    Some(found) => first_match(*found)?,
                    None => None,
                },
            };
            unsure.entry(content).or_insert(first.unwrap_or(selected.item));
            selected.duplicate_of = first.filter(|first| *first != selected.item);
        }
        Ok(())
    }
}
