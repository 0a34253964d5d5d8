//! Holds: placed, listed, kept current, released.

use roaring::RoaringTreemap;
use serde::Serialize;

use super::Archive;
use super::mailboxes::find_mailbox;
use super::named::find_named;
use crate::model::{Hold, HoldId, HoldScope, MailboxNo, MessageNo, Release};
use crate::query::{Context, Query, parse};
use crate::retention::DELAY_DAYS;
use crate::store::{
    MessageSet, Snapshot, Transaction, extend_set, folders, holds, last_message, load_set, mailboxes, put_hold, replace_set,
};
use crate::{Error, Result};

/// A hold to be placed.
#[derive(Debug, Clone, Default)]
pub struct NewHold {
    /// Its name, unique in the archive.
    pub name: String,
    /// Addresses of the mailboxes; empty means all, later ones included.
    pub mailboxes: Vec<String>,
    /// The content search query that narrows it.
    pub query: Option<String>,
    /// Why it is placed.
    pub reason: String,
}

/// A hold with what it covers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldReport {
    /// The hold.
    pub hold: Hold,
    /// Its mailboxes by address; empty means all.
    pub mailboxes: Vec<String>,
    /// Messages that it covers, partially indexed ones included.
    pub messages: u64,
    /// Items that it covers.
    pub items: u64,
    /// Items that it covers only because not all of them can be searched.
    pub partially_indexed: u64,
}

impl Archive {
    /// Places a hold, in force from now on for what is there and what comes.
    ///
    /// # Errors
    /// The name is taken, a mailbox does not exist, the query is refused, or no reason is given.
    pub fn place_hold(&mut self, new: &NewHold) -> Result<HoldReport> {
        if new.reason.trim().is_empty() {
            return Err(Error::InvalidInput("a hold needs a reason: say --reason \"...\"".to_owned()));
        }
        if new.name.trim().is_empty() {
            return Err(Error::InvalidInput("a hold needs a name".to_owned()));
        }
        self.catch_up(&mut |_, _| {})?;
        let snapshot = self.store.snapshot()?;
        if holds(&snapshot)?.iter().any(|hold| hold.name == new.name) {
            return Err(Error::AlreadyExists { what: "hold", id: new.name.clone() });
        }
        let mailboxes = match new.mailboxes.as_slice() {
            [] => None,
            addresses => Some(addresses.iter().map(|a| find_mailbox(&snapshot, a)).collect::<Result<Vec<_>>>()?),
        };
        let query = new.query.as_deref().map(|text| self.hold_query(text)).transpose()?;
        let last = last_message(&snapshot)?;
        let hold = Hold {
            id: HoldId(self.new_id("hold", &new.name)),
            name: new.name.clone(),
            scope: HoldScope { mailboxes, query: new.query.clone() },
            reason: new.reason.clone(),
            placed_at: self.act_time(&snapshot)?,
            placed_by: self.session.actor.clone(),
            released: None,
            evaluated_through: if query.is_some() { last } else { MessageNo(0) },
        };
        let transaction = self.store.begin()?;
        put_hold(&transaction, &hold)?;
        if let Some(query) = query {
            let matches = self.index.matches(&query, MessageNo(0))?;
            replace_set(&transaction, MessageSet::HoldMatches(hold.id), &matches)?;
        }
        let report = report(&transaction, hold)?;
        let outcome = format!("{} messages, {} items; reason: {}", report.messages, report.items, new.reason);
        self.record(&transaction, "hold.place", &report.hold.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(report)
    }

    /// All holds, released ones included, in the order of placing.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn list_holds(&mut self) -> Result<Vec<HoldReport>> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut all = holds(&snapshot)?;
        all.sort_by_key(|hold| (hold.placed_at, hold.id));
        all.into_iter().map(|hold| report(&snapshot, hold)).collect()
    }

    /// One hold, by name, id, or unique prefix of its id.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn show_hold(&mut self, name: &str) -> Result<HoldReport> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let hold = find(&snapshot, name)?;
        report(&snapshot, hold)
    }

    /// Releases a hold. What it covered stays held for 30 days more.
    ///
    /// # Errors
    /// There is none, it is released already, or no reason is given.
    pub fn release_hold(&mut self, name: &str, reason: &str) -> Result<HoldReport> {
        if reason.trim().is_empty() {
            return Err(Error::InvalidInput("a release needs a reason: say --reason \"...\"".to_owned()));
        }
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut hold = find(&snapshot, name)?;
        if let Some(release) = &hold.released {
            return Err(Error::InvalidInput(format!("hold `{}` was released on {} already", hold.name, release.at)));
        }
        hold.released =
            Some(Release { at: self.act_time(&snapshot)?, by: self.session.actor.clone(), reason: reason.to_owned() });
        let transaction = self.store.begin()?;
        put_hold(&transaction, &hold)?;
        let report = report(&transaction, hold)?;
        let outcome = format!("released; {} items stay held for 30 days; reason: {reason}", report.items);
        self.record(&transaction, "hold.release", &report.hold.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(report)
    }

    /// Finds, for each query hold, its matches among the messages that came since it was last evaluated.
    pub(super) fn evaluate_query_holds(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let last = last_message(&snapshot)?;
        let behind: Vec<Hold> = holds(&snapshot)?
            .into_iter()
            .filter(|hold| hold.scope.query.is_some() && hold.evaluated_through < last && self.still_holds(hold))
            .collect();
        if behind.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for mut hold in behind {
            let Some(text) = hold.scope.query.as_deref() else { continue };
            let query = self.hold_query(text)?;
            let since = MessageNo(hold.evaluated_through.0 + 1);
            let matches = self.index.matches(&query, since)?;
            extend_set(&transaction, MessageSet::HoldMatches(hold.id), matches.iter().map(MessageNo), [])?;
            let object = hold.id.to_string();
            self.record(&transaction, "hold.evaluate", &object, &format!("{} new matches", matches.len()))?;
            hold.evaluated_through = last;
            put_hold(&transaction, &hold)?;
        }
        transaction.commit()
    }

    /// Finds the matches of all query holds among messages that can be searched better than before.
    pub(super) fn match_query_holds(&self, transaction: &Transaction, within: &RoaringTreemap) -> Result<()> {
        if within.is_empty() {
            return Ok(());
        }
        for hold in holds(transaction)?.into_iter().filter(|hold| self.still_holds(hold)) {
            let Some(text) = hold.scope.query.as_deref() else { continue };
            let matches = self.index.matches_within(&self.hold_query(text)?, within)?;
            extend_set(transaction, MessageSet::HoldMatches(hold.id), matches.iter().map(MessageNo), [])?;
        }
        Ok(())
    }

    /// Whether a hold is on, or in the delay after its release.
    fn still_holds(&self, hold: &Hold) -> bool {
        let delay = i64::from(DELAY_DAYS) * 24 * 3600 * 1000;
        hold.released.as_ref().is_none_or(|release| self.now().0.saturating_sub(release.at.0) <= delay)
    }

    /// Parses a query that must mean the same on every day.
    pub(super) fn hold_query(&self, text: &str) -> Result<Query> {
        let parsed = parse(text, &Context::rule(self.now()))?;
        match parsed.warnings.first() {
            None => Ok(parsed.query),
            Some(warning) => Err(Error::Query {
                code: warning.code,
                offset: warning.offset,
                message: warning.message.clone(),
                hint: "a hold takes only queries that can be read in one way".to_owned(),
            }),
        }
    }

    /// An id for something new called `name`, different from all others of this archive.
    pub(super) fn new_id(&self, kind: &str, name: &str) -> u64 {
        let seed = format!("{}\0{kind}\0{name}\0{}", self.info.id, self.now());
        crate::model::Digest::of(seed.as_bytes()).prefix()
    }
}

fn find(snapshot: &Snapshot, name: &str) -> Result<Hold> {
    find_named("hold", holds(snapshot)?, name, |hold| (&hold.name, hold.id))
}

fn report(tables: &impl crate::store::Tables, hold: Hold) -> Result<HoldReport> {
    let covered = |mailbox: MailboxNo| hold.scope.mailboxes.as_ref().is_none_or(|listed| listed.contains(&mailbox));
    let partial = load_set(tables, MessageSet::PartiallyIndexed)?;
    let matches = load_set(tables, MessageSet::HoldMatches(hold.id))?;
    let (mut all, mut items, mut partially_indexed) = (RoaringTreemap::new(), 0, 0);
    for folder in folders(tables)?.into_iter().filter(|folder| covered(folder.mailbox)) {
        let mut held = load_set(tables, MessageSet::Folder(folder.no))?;
        if hold.scope.query.is_some() {
            let unread = &(&held & &partial) - &matches;
            partially_indexed += unread.len();
            held = (&held & &matches) | unread;
        }
        items += held.len();
        all |= held;
    }
    let addresses = mailboxes(tables)?.into_iter().map(|mailbox| (mailbox.no, mailbox.address));
    let listed = hold.scope.mailboxes.clone().unwrap_or_default();
    Ok(HoldReport {
        mailboxes: addresses.filter(|(no, _)| listed.contains(no)).map(|(_, address)| address).collect(),
        messages: all.len(),
        items,
        partially_indexed,
        hold,
    })
}
