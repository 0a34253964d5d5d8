//! Copies of one message: what differs only in the way it took.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::hits::missing;
use super::scope::Scope;
use crate::model::{ContentHash, ItemNo, MessageNo};
use crate::store::{ItemReader, MessageReader, Snapshot};
use crate::{Error, Result};

/// Most messages whose contents are compared at a time, which bounds the memory for it at 16 MB. Of more, the contents are
/// divided by their hashes, and the messages gone through once for each part.
const MOST: u64 = if cfg!(test) { 16 } else { 1 << 20 };

/// What was found, each content once: the one of each content that came first stands for all, so that what arrives later
/// takes no other's place. Only sets are kept; which message is a copy of which is looked up where it is shown.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// Messages that stand for others too.
    firsts: RoaringTreemap,
    /// Messages that another one stands for.
    others: RoaringTreemap,
}

impl Copies {
    /// Finds copies among `found`, all of which have an item in `scope`.
    pub(super) fn among(snapshot: &Snapshot, scope: &Scope, found: &RoaringTreemap) -> Result<Self> {
        let (mut arrivals, mut copies) = (Arrivals::new(snapshot, scope)?, Self::default());
        let parts = found.len().div_ceil(MOST);
        for part in 0..parts {
            let alike = alike(&mut arrivals.messages, found, |prefix| prefix % parts == part)?;
            for messages in alike.chunk_by(|a, b| a.0 == b.0).filter(|messages| messages.len() > 1) {
                for messages in arrivals.by_content(messages.iter().map(|(_, no)| *no))? {
                    copies.add(arrivals.in_order(messages)?);
                }
            }
        }
        Ok(copies)
    }

    fn add(&mut self, messages: Vec<MessageNo>) {
        let mut messages = messages.into_iter().map(|message| message.0);
        self.firsts.extend(messages.next());
        self.others.extend(messages);
    }

    /// Messages that are not shown, because another one stands for them.
    pub(super) fn others(&self) -> &RoaringTreemap {
        &self.others
    }

    /// The copies that a message stands for, in the order of their arrival.
    pub(super) fn of(&self, snapshot: &Snapshot, scope: &Scope, first: MessageNo) -> Result<Vec<MessageNo>> {
        if !self.firsts.contains(first.0) {
            return Ok(Vec::new());
        }
        let mut arrivals = Arrivals::new(snapshot, scope)?;
        let content = arrivals.content(first)?;
        let others = arrivals.messages.of_content(&content, &self.others)?;
        arrivals.in_order(others)
    }

    /// The message that stands for `message`: another one only if that is a copy.
    pub(super) fn first_of(&self, snapshot: &Snapshot, scope: &Scope, message: MessageNo) -> Result<MessageNo> {
        if !self.others.contains(message.0) {
            return Ok(message);
        }
        let mut arrivals = Arrivals::new(snapshot, scope)?;
        let content = arrivals.content(message)?;
        let firsts = arrivals.messages.of_content(&content, &self.firsts)?;
        firsts.first().copied().ok_or_else(|| Error::Corrupt(format!("message {message} is a copy of nothing")))
    }
}

/// Those of `found` whose content hash begins with numbers that are wanted, sorted by these numbers.
fn alike(
    messages: &mut MessageReader<'_>,
    found: &RoaringTreemap,
    wanted: impl Fn(u64) -> bool,
) -> Result<Vec<(u64, MessageNo)>> {
    let mut hashes = Vec::with_capacity(usize::try_from(found.len().min(MOST + MOST / 8)).unwrap_or_default());
    let mut read = 0;
    messages.each(found, |no, row| {
        read += 1;
        let prefix = row.content_hash.prefix();
        if wanted(prefix) {
            hashes.push((prefix, no));
        }
        Ok(())
    })?;
    if read < found.len() {
        return Err(Error::Corrupt(format!("the index has {} messages that the store has not", found.len() - read)));
    }
    hashes.sort_unstable();
    Ok(hashes)
}

/// When messages came into a scope.
struct Arrivals<'s> {
    messages: MessageReader<'s>,
    items: ItemReader,
    scope: &'s Scope,
}

impl<'s> Arrivals<'s> {
    fn new(snapshot: &'s Snapshot, scope: &'s Scope) -> Result<Self> {
        Ok(Self { messages: MessageReader::new(snapshot)?, items: ItemReader::new(snapshot)?, scope })
    }

    fn content(&mut self, message: MessageNo) -> Result<ContentHash> {
        Ok(self.messages.get(message)?.ok_or_else(|| missing(message))?.content_hash)
    }

    /// Groups of messages that have one content.
    fn by_content(&mut self, messages: impl Iterator<Item = MessageNo>) -> Result<Vec<Vec<MessageNo>>> {
        let mut contents: HashMap<ContentHash, Vec<MessageNo>> = HashMap::new();
        for message in messages {
            contents.entry(self.content(message)?).or_default().push(message);
        }
        Ok(contents.into_values().filter(|messages| messages.len() > 1).collect())
    }

    /// In the order in which their items came into the scope. A message of a lower number may come later, by another
    /// mailbox.
    fn in_order(&mut self, messages: Vec<MessageNo>) -> Result<Vec<MessageNo>> {
        let mut arrived: Vec<(Option<ItemNo>, MessageNo)> = Vec::with_capacity(messages.len());
        for message in messages {
            let items = self.items.of_message(message)?.into_iter();
            arrived.push((items.filter(|item| self.scope.contains(item)).map(|item| item.no).min(), message));
        }
        arrived.sort_unstable();
        Ok(arrived.into_iter().map(|(_, message)| message).collect())
    }
}
