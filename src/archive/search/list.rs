//! What was found, in order, as much of it at a time as memory is given for.

use roaring::RoaringTreemap;

use super::SearchRequest;
use super::order::not_a_hit;
use crate::archive::follower::Follower;
use crate::index::{Found, MessageScope, Ranking, Tally};
use crate::model::{ItemNo, MessageNo};
use crate::query::{Node, Query};
use crate::store::{Snapshot, item};
use crate::{Error, Result};

/// Most messages that are listed at a time. To list more, the index is asked again for those that follow; the less often,
/// the longer the lists are.
const MOST: usize = if cfg!(test) { 24 } else { 1 << 18 };

/// The beginning of what was found, and where to find the rest.
pub(super) struct List {
    query: Query,
    scope: MessageScope,
    ranking: Ranking,
    /// The first, in order; from the one on behind which hits are wanted, if that was said.
    pub(super) found: Vec<Found>,
    /// Whether there may be more than `found`.
    goes_on: bool,
}

/// As much of a list as a request needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    from: Option<(ItemNo, MessageNo)>,
    messages: usize,
}

impl Wanted {
    /// What `request` shows. `listed` says in which message's place a message is listed.
    pub(super) fn of(
        snapshot: &Snapshot,
        request: &SearchRequest,
        listed: &dyn Fn(MessageNo) -> Result<MessageNo>,
    ) -> Result<Self> {
        let limit = request.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        if limit == 0 && request.after.is_none() {
            return Ok(Self { from: None, messages: 0 });
        }
        if request.after.is_some() && !request.sort.is_lasting() {
            return Err(Error::InvalidInput(
                "--after cannot be used with this order: what arrives between two pages changes how well others match; \
                 ask for more with --limit"
                    .to_owned(),
            ));
        }
        let message_of = |after| {
            let message = item(snapshot, after)?.ok_or_else(|| not_a_hit(after))?.message;
            listed(message).map(|message| (after, message))
        };
        let from = request.after.map(message_of).transpose()?;
        // Every message that is found has an item in scope, so no more of them are needed than hits; the first may have
        // been shown already.
        Ok(Self { from, messages: limit.saturating_add(usize::from(from.is_some())).min(MOST) })
    }
}

impl List {
    /// What matches in `scope`, counted, and as much of it as is wanted.
    ///
    /// # Errors
    /// What hits are wanted behind is none; or the index failed.
    pub(super) fn of(
        index: &Follower,
        query: &Query,
        scope: MessageScope,
        ranking: Ranking,
        wanted: Wanted,
    ) -> Result<(Tally, Self)> {
        let from = match wanted.from {
            Some((after, message)) => {
                let alone = MessageScope::new(Some(RoaringTreemap::from_iter([message.0])));
                let (_, found) = index.first(&Query { root: Node::All }, &alone, &ranking, None, 1)?;
                Some(found.first().copied().ok_or_else(|| not_a_hit(after))?)
            }
            None => None,
        };
        let (tally, found) = match wanted.messages {
            0 => (index.tally(query, &scope)?, Vec::new()),
            messages => index.first(query, &scope, &ranking, from, messages)?,
        };
        if let Some((after, message)) = wanted.from
            && !tally.messages.contains(message.0)
        {
            return Err(not_a_hit(after));
        }
        let goes_on = found.len() == MOST && wanted.messages == MOST;
        Ok((tally, Self { query: query.clone(), scope, ranking, found, goes_on }))
    }

    /// What stands behind `last`, which is the last of what was listed; nothing if that was all.
    ///
    /// # Errors
    /// The index failed.
    pub(super) fn next(&mut self, index: &Follower, last: Found) -> Result<Vec<Found>> {
        if !self.goes_on {
            return Ok(Vec::new());
        }
        let (_, mut found) = index.first(&self.query, &self.scope, &self.ranking, Some(last), MOST + 1)?;
        self.goes_on = found.len() > MOST;
        found.retain(|found| found.message != last.message);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use crate::archive::search::{Hit, SortOrder};
    use crate::archive::test_archive::new_archive;
    use crate::archive::{Archive, ImportOptions, Interrupt};

    use super::*;

    const MAILS: usize = 110;

    /// Mails of two mailboxes, so that some have two items; of some nobody knows when or by whom they were sent.
    fn archive() -> (tempfile::TempDir, Archive) {
        let (directory, mut archive) = new_archive();
        let mails = directory.path().join("mails");
        std::fs::create_dir(&mails).unwrap();
        for n in 0..MAILS {
            let sender = if n % 7 == 0 { String::new() } else { format!("From: s{}@x.example\n", n * 5 % 9) };
            let date =
                if n % 11 == 0 { String::new() } else { format!("Date: {} Jan 2024 00:00:00 +0000\n", n * 3 % 28 + 1) };
            let text = "harbour ".repeat(1 + n % 3);
            std::fs::write(mails.join(format!("{n}.eml")), format!("{sender}{date}Subject: {n}\n\n{text}\n")).unwrap();
        }
        for mailbox in ["ann@firm.example", "ben@firm.example"] {
            let mailbox = Some(mailbox.to_owned());
            let options =
                ImportOptions { paths: vec![mails.clone()], mailbox, create_mailboxes: true, ..Default::default() };
            archive.import(&options, &Interrupt::default(), &mut |_| {}).unwrap();
            std::fs::remove_file(mails.join("5.eml")).ok();
        }
        (directory, archive)
    }

    fn hits(archive: &mut Archive, request: &SearchRequest) -> Vec<Hit> {
        let mut hits = Vec::new();
        let visit = &mut |hit| {
            hits.push(hit);
            Ok(())
        };
        archive.search(request, &mut |_| Ok(()), visit).unwrap();
        hits
    }

    /// What no hit is behind its neighbour by.
    fn key(sort: SortOrder, hit: &Hit) -> (bool, String) {
        let date = hit.sent_at.map_or_else(String::new, |sent| sent.to_string());
        match sort {
            SortOrder::Newest => (hit.sent_at.is_none(), date.bytes().map(|byte| char::from(!byte & 0x7f)).collect()),
            SortOrder::Oldest => (hit.sent_at.is_none(), date),
            SortOrder::Sender => (hit.from.is_empty(), hit.from.clone()),
            SortOrder::Relevance | SortOrder::Size => (false, String::new()),
        }
    }

    #[test]
    fn long_lists_go_on_where_their_parts_end() {
        let (_directory, mut archive) = archive();
        for sort in [SortOrder::Newest, SortOrder::Oldest, SortOrder::Sender, SortOrder::Size, SortOrder::Relevance] {
            let request = SearchRequest { query: Some("harbour".to_owned()), sort, ..SearchRequest::default() };
            let all = hits(&mut archive, &request);
            let mut items: Vec<ItemNo> = all.iter().map(|hit| hit.item).collect();
            assert!(all.is_sorted_by_key(|hit| key(sort, hit)), "{sort:?}");
            for limit in [1, 23, 24, 25, 48, 150, 999] {
                let some = hits(&mut archive, &SearchRequest { limit: Some(limit), ..request.clone() });
                assert_eq!(some, all[..all.len().min(limit as usize)], "{sort:?} {limit}");
            }
            for place in [0, 23, 100].into_iter().filter(|_| sort.is_lasting()) {
                let after = Some(all[place].item);
                assert_eq!(
                    hits(&mut archive, &SearchRequest { after, ..request.clone() }),
                    all[place + 1..],
                    "{sort:?}"
                );
            }
            items.sort_unstable();
            items.dedup();
            assert_eq!(items.len(), MAILS * 2 - 1, "{sort:?}");
        }
    }

    #[test]
    fn a_page_begins_only_behind_a_hit() {
        let (_directory, mut archive) = archive();
        let query = Some("subject:7".to_owned());
        let request = |after| SearchRequest { query: query.clone(), after: Some(ItemNo(after)), ..Default::default() };
        for after in [1, 2, 100_000] {
            let refused = archive.search(&request(after), &mut |_| Ok(()), &mut |_| Ok(()));
            assert!(matches!(refused, Err(Error::InvalidInput(_))), "{after}");
        }
    }
}
