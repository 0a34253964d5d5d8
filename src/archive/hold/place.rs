//! Placing of holds.

use roaring::RoaringTreemap;

use super::{HoldReport, find};
use crate::archive::Archive;
use crate::archive::case::open_case;
use crate::archive::mailboxes::find_mailbox;
use crate::index::RULES;
use crate::model::{Case, Hold, HoldEvaluation, HoldId, HoldScope, MailboxNo, MessageNo, RetentionPeriod, UtcTime};
use crate::store::{MessageSet, Snapshot, extend_set, folders, holds, last_message, put_hold};
use crate::{Error, Result};

/// A hold to be placed.
#[derive(Debug, Clone, Default)]
pub struct NewHold {
    /// Its name, unique in the archive.
    pub name: String,
    /// Name or id of the case that it belongs to; `None` for a litigation hold.
    pub case: Option<String>,
    /// Whether it covers the custodians of the case, later ones included.
    pub custodians: bool,
    /// Addresses of the mailboxes; empty means all, later ones included, unless it covers custodians.
    pub mailboxes: Vec<String>,
    /// Paths of the folders that narrow it; empty means all.
    pub folders: Vec<String>,
    /// The content search query that narrows it.
    pub query: Option<String>,
    /// The first instant of a range of dates that narrows it.
    pub from: Option<UtcTime>,
    /// The first instant after that range.
    pub before: Option<UtcTime>,
    /// For how long it holds each item, from the item's own date; litigation holds only.
    pub duration: Option<RetentionPeriod>,
    /// Date of the hold as stated; information only.
    pub stated_date: Option<UtcTime>,
    /// Who answers for it; whoever places it unless said.
    pub owner: String,
    /// For the people concerned.
    pub comment: String,
    /// Where they can read more.
    pub url: String,
    /// Whether it is only written down, to be turned on later.
    pub draft: bool,
    /// Why it is placed.
    pub reason: String,
}

impl Archive {
    /// Places a hold, in force from now on for what is there and what comes, unless it is a draft.
    ///
    /// # Errors
    /// The name is taken, a mailbox, folder or case does not exist, the case is closed, the query is refused, a case
    /// hold has a duration, a duration is empty, or no reason is given.
    pub fn place_hold(&mut self, new: &NewHold) -> Result<HoldReport> {
        check_words(new)?;
        self.catch_up(&mut |_, _| {})?;
        let snapshot = self.store.snapshot()?;
        if holds(&snapshot)?.iter().any(|hold| hold.name == new.name) {
            return Err(Error::AlreadyExists { what: "hold", id: new.name.clone() });
        }
        let case = new.case.as_deref().map(|name| open_case(&snapshot, name)).transpose()?;
        if let Some(query) = &new.query {
            self.hold_query(query)?;
        }
        let id = self.new_id("hold", &new.name);
        let mut hold = self.new_hold(&snapshot, new, id, case.as_ref())?;
        let matches = self.first_matches(&snapshot, &mut hold)?;
        let transaction = self.store.begin()?;
        put_hold(&transaction, &hold)?;
        extend_set(&transaction, MessageSet::HoldMatches(hold.evaluation.set), matches.iter().map(MessageNo), [])?;
        let report = self.report(&transaction, hold)?;
        let outcome =
            format!("{}; {} messages, {} items; reason: {}", report.state, report.messages, report.items, new.reason);
        self.record(&transaction, "hold.place", &report.hold.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(report)
    }

    /// Turns a draft on.
    ///
    /// # Errors
    /// There is none, it is on already, its case is closed, or no reason is given.
    pub fn turn_hold_on(&mut self, name: &str, reason: &str) -> Result<HoldReport> {
        require_reason("turning a hold on", reason)?;
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut hold = find(&snapshot, name)?;
        if hold.on_since.is_some() || hold.released.is_some() {
            return Err(Error::InvalidInput(format!("hold `{}` is not a draft", hold.name)));
        }
        if let Some(case) = hold.case {
            open_case(&snapshot, &case.to_string())?;
        }
        let matches = self.first_matches(&snapshot, &mut hold)?;
        hold.on_since = Some(self.act_time(&snapshot)?);
        let transaction = self.store.begin()?;
        put_hold(&transaction, &hold)?;
        extend_set(&transaction, MessageSet::HoldMatches(hold.evaluation.set), matches.iter().map(MessageNo), [])?;
        let report = self.report(&transaction, hold)?;
        let outcome = format!("on; {} messages, {} items; reason: {reason}", report.messages, report.items);
        self.record(&transaction, "hold.on", &report.hold.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(report)
    }

    /// Evaluates the scope of a hold on everything that is there.
    pub(super) fn first_matches(&self, snapshot: &Snapshot, hold: &mut Hold) -> Result<RoaringTreemap> {
        if !hold.scope.is_narrowed() {
            return Ok(RoaringTreemap::new());
        }
        let people = self.known_people(hold.scope.query.as_deref())?;
        let unevaluated = HoldEvaluation { set: hold.evaluation.set, through: MessageNo(0), rules: RULES, people };
        let matches = self.new_matches(snapshot, &hold.scope, unevaluated)?;
        hold.evaluation = HoldEvaluation { through: last_message(snapshot)?, ..unevaluated };
        Ok(matches)
    }

    fn new_hold(&self, snapshot: &Snapshot, new: &NewHold, id: u64, case: Option<&Case>) -> Result<Hold> {
        let now = self.act_time(snapshot)?;
        let custodians: Vec<MailboxNo> = match case.filter(|_| new.custodians) {
            Some(case) => case.custodians.iter().filter(|one| one.released.is_none()).map(|one| one.mailbox).collect(),
            None => Vec::new(),
        };
        let scope = HoldScope {
            mailboxes: locations(snapshot, &new.mailboxes, new.custodians.then_some(custodians.as_slice()))?,
            folders: known_folders(snapshot, &new.folders)?,
            query: new.query.clone(),
            from: new.from,
            before: new.before,
        };
        // A mailbox that is named, too, stays covered when its owner is no longer a custodian.
        let named = new.mailboxes.iter().map(|address| find_mailbox(snapshot, address)).collect::<Result<Vec<_>>>()?;
        let followed = custodians.into_iter().filter(|mailbox| !named.contains(mailbox)).collect();
        let owner = if new.owner.is_empty() { self.session.actor.0.clone() } else { new.owner.clone() };
        Ok(Hold {
            id: HoldId(id),
            name: new.name.clone(),
            case: case.map(|case| case.id),
            scope,
            follows_custodians: new.custodians,
            custodians: followed,
            duration: new.duration,
            stated_date: Some(new.stated_date.unwrap_or(now)),
            owner,
            comment: new.comment.clone(),
            url: new.url.clone(),
            reason: new.reason.clone(),
            placed_at: now,
            placed_by: self.session.actor.clone(),
            on_since: (!new.draft).then_some(now),
            released: None,
            delay_ended: None,
            evaluation: HoldEvaluation { set: id, through: MessageNo(0), rules: RULES, people: None },
            former: Vec::new(),
        })
    }
}

fn check_words(new: &NewHold) -> Result<()> {
    require_reason("a hold", &new.reason)?;
    let refuse = |why: &str| Err(Error::InvalidInput(why.to_owned()));
    if new.name.trim().is_empty() {
        return refuse("a hold needs a name");
    }
    if new.case.is_some() && new.duration.is_some() {
        return refuse("a case hold never ends by time: leave the duration out, or place a litigation hold");
    }
    if new.duration.is_some_and(RetentionPeriod::is_empty) {
        return refuse(
            "a duration of nothing holds nothing: say for how long, such as --duration 4y, or leave it out to hold until \
             the release",
        );
    }
    if new.custodians && new.case.is_none() {
        return refuse("custodians belong to a case: say --case NAME");
    }
    if new.from.zip(new.before).is_some_and(|(from, before)| from >= before) {
        return refuse("the range of dates is empty: it ends before it begins");
    }
    Ok(())
}

/// Refuses an act for which no reason is given.
pub(in crate::archive) fn require_reason(what: &str, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::InvalidInput(format!("{what} needs a reason: say --reason \"...\"")));
    }
    Ok(())
}

/// The mailboxes of a scope: those listed, and those of custodians; `None`, all, if there are neither.
fn locations(
    snapshot: &Snapshot,
    addresses: &[String],
    custodians: Option<&[MailboxNo]>,
) -> Result<Option<Vec<MailboxNo>>> {
    let mut listed = addresses.iter().map(|a| find_mailbox(snapshot, a)).collect::<Result<Vec<_>>>()?;
    match custodians {
        None if listed.is_empty() => return Ok(None),
        None => {}
        Some(custodians) => listed.extend(custodians),
    }
    listed.sort_unstable();
    listed.dedup();
    Ok(Some(listed))
}

/// `paths`, if each is the path of a folder.
pub(super) fn known_folders(snapshot: &Snapshot, paths: &[String]) -> Result<Vec<String>> {
    let all = folders(snapshot)?;
    for path in paths {
        let only = HoldScope { folders: vec![path.clone()], ..HoldScope::default() };
        if !all.iter().any(|folder| only.covers_folder(folder)) {
            return Err(Error::NotFound { what: "folder", id: path.clone() });
        }
    }
    Ok(paths.to_vec())
}
