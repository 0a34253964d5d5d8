//! What reviewers do with matches. All matches of one act, or none.

use std::collections::BTreeMap;
use std::ops::Range;

use super::change::actors;
use super::direction::Parties;
use super::exclusion::{Exclusion, outside};
use super::policy::current;
use super::queue::{QueueContext, QueueReader, QueuedMatch};
use crate::archive::Archive;
use crate::archive::follow::read_facts;
use crate::archive::mappings::own_mapping;
use crate::index::Highlighter;
use crate::message::Facts;
use crate::model::{
    Actor, Finding, FoundIn, Mailbox, Participant, SupervisionEntry, SupervisionMatch, SupervisionMatchNo,
    SupervisionPolicy, SupervisionState, SupervisionStep,
};
use crate::people::{Directory, Resolver};
use crate::query::{Context, parse};
use crate::store::{
    ContentReader, MessageReader, Snapshot, Transaction, mailboxes, open_supervision_matches, put_supervision_match,
    supervision_match, supervision_policies,
};
use crate::{Error, Result};

/// Characters that are shown on each side of what was found.
const EXCERPT_CHARS: usize = 80;

/// What a reviewer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SupervisionAct {
    /// Writes a comment.
    Annotate,
    /// Says what it is, and goes on.
    Tag(Finding),
    /// Gives it to another reviewer.
    Escalate(String),
    /// Says what it is, for good.
    Resolve(Finding),
}

/// A match that a reviewer looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedMatch {
    /// The match, this look at it included.
    pub queued: QueuedMatch,
    /// The policy as it was when it found the match.
    pub policy: SupervisionPolicy,
    /// Everybody named.
    pub participants: Vec<Participant>,
    /// The text for people.
    pub text: String,
    /// The bytes of it that the policy's query finds.
    pub highlights: Vec<Range<usize>>,
    /// The names of the attachments, in the order of the message.
    pub attachments: Vec<String>,
    /// What was found in subject and text, with what stands around it.
    pub excerpts: Vec<Excerpt>,
}

/// A piece of a text, with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Where it is.
    pub place: FoundIn,
    /// What stands before.
    pub before: String,
    /// What was found.
    pub found: String,
    /// What stands behind.
    pub after: String,
}

impl Excerpt {
    /// That of a place, if it lies in a text.
    fn of(place: &FoundIn, facts: &Facts) -> Option<Self> {
        let (text, from, to) = match *place {
            FoundIn::Subject(from, to) => (&facts.subject, from as usize, to as usize),
            FoundIn::Body(from, to) => (&facts.body, from as usize, to as usize),
            FoundIn::Attachment(_) | FoundIn::People => return None,
        };
        let start = text.get(..from)?.char_indices().rev().take(EXCERPT_CHARS).last().map_or(from, |(at, _)| at);
        let behind = text.get(to..)?;
        let end = behind.char_indices().nth(EXCERPT_CHARS).map_or(text.len(), |(at, _)| to + at);
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
        Some(Self { place: *place, before: part(start, from), found: part(from, to), after: part(to, end) })
    }
}

/// Matches on which something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedMatches {
    /// Those, as they are now.
    pub done: Vec<SupervisionMatch>,
    /// Copies of them that were left, and why.
    pub left: Vec<(SupervisionMatchNo, String)>,
}

impl Archive {
    /// Opens a match: what was found, and what has been done with it. That is recorded, for nobody may resolve what they have not
    /// opened.
    ///
    /// # Errors
    /// There is none, its message is damaged, or the store failed.
    pub fn open_supervision_match(&mut self, no: SupervisionMatchNo) -> Result<OpenedMatch> {
        let snapshot = self.store.snapshot()?;
        let found = known(&snapshot, no)?;
        let policy = policy_of(&snapshot, &found)?;
        let context = QueueContext::of(&snapshot, self.now())?;
        let (mut queued, facts) = QueueReader::new(self, &snapshot, &context)?.queued(found)?;
        // What cannot be read was not looked at.
        let gone = if facts.is_none() { "its message had been disposed of" } else { "" };
        let transaction = self.store.begin()?;
        self.append(&transaction, &mut queued.found, SupervisionStep::Opened, gone)?;
        transaction.commit()?;
        let (mut participants, mut text) = (Vec::new(), String::new());
        let (mut attachments, mut excerpts) = (Vec::new(), Vec::new());
        if let Some(facts) = facts {
            text = facts.shown_text();
            excerpts = queued.found.places.iter().filter_map(|place| Excerpt::of(place, &facts)).collect();
            attachments = facts.attachments.into_iter().map(|facts| facts.attachment.name).collect();
            participants = facts.participants;
        }
        let highlights = self.highlights(&policy, &text);
        Ok(OpenedMatch { queued, policy, participants, text, highlights, attachments, excerpts })
    }

    /// Does something with matches; with `duplicates`, with all open ones of the same policies that have the same content, too,
    /// but for those with which whoever acts may not.
    /// With `unopened`, matches that whoever acts has not opened can be resolved, where their policy allows it.
    ///
    /// # Errors
    /// There is no comment, a match does not exist, was not drawn, is resolved, was not opened, waits for somebody else or is a
    /// message of whoever acts, or the store failed. Nothing is done then.
    pub fn act_on_supervision_matches(
        &mut self,
        numbers: &[SupervisionMatchNo],
        act: &SupervisionAct,
        comment: &str,
        duplicates: bool,
        unopened: bool,
    ) -> Result<ReviewedMatches> {
        if comment.trim().is_empty() {
            return Err(Error::InvalidInput("a review needs a comment: say --comment \"...\"".to_owned()));
        }
        match self.act_within(numbers, act, comment, duplicates, unopened) {
            Err(refusal @ Error::Refused(_)) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                self.record_alone("supervise.refuse", &numbers.join(", "), &refusal.to_string())?;
                Err(refusal)
            }
            done => done,
        }
    }

    fn act_within(
        &self,
        numbers: &[SupervisionMatchNo],
        act: &SupervisionAct,
        comment: &str,
        duplicates: bool,
        unopened: bool,
    ) -> Result<ReviewedMatches> {
        let snapshot = self.store.snapshot()?;
        let mut all: BTreeMap<SupervisionMatchNo, Option<SupervisionMatchNo>> = BTreeMap::new();
        if duplicates {
            all.extend(copies(&snapshot, numbers)?.into_iter().map(|(copy, of)| (copy, Some(of))));
        }
        all.extend(numbers.iter().map(|no| (*no, None)));
        let step = match act {
            SupervisionAct::Annotate => SupervisionStep::Annotated,
            SupervisionAct::Tag(finding) => SupervisionStep::Tagged(*finding),
            SupervisionAct::Resolve(finding) => SupervisionStep::Resolved(*finding),
            SupervisionAct::Escalate(to) => {
                let to = actors(std::slice::from_ref(to))?.pop();
                SupervisionStep::Escalated(to.ok_or_else(|| Error::InvalidInput("say to whom".to_owned()))?)
            }
        };
        let checks = Checks::of(self, &snapshot)?;
        let transaction = self.store.begin()?;
        let mut reviewed = ReviewedMatches { done: Vec::with_capacity(all.len()), left: Vec::new() };
        for (no, copy_of) in all {
            let mut found = known(&snapshot, no)?;
            match (checks.may(&found, &step), copy_of) {
                (Err(Error::Refused(why)), Some(_)) => {
                    reviewed.left.push((no, why));
                    continue;
                }
                (may, _) => may?,
            }
            match copy_of {
                // Of copies, one that was opened stands for the others.
                Some(of) => self.append(&transaction, &mut found, SupervisionStep::CopyOf(of), "")?,
                None if step.is_finding() => checks.was_opened(&found, unopened)?,
                None => {}
            }
            self.append(&transaction, &mut found, step.clone(), comment)?;
            reviewed.done.push(found);
        }
        transaction.commit()?;
        Ok(reviewed)
    }

    /// Refuses an investigation by whoever may not look into a match, or has not.
    pub(super) fn check_investigation(&self, snapshot: &Snapshot, found: &SupervisionMatch) -> Result<()> {
        let checks = Checks::of(self, snapshot)?;
        checks.may(found, &SupervisionStep::Annotated)?;
        checks.was_opened(found, false)
    }

    /// Writes a step and its audit entry.
    pub(super) fn append(
        &self,
        transaction: &Transaction,
        found: &mut SupervisionMatch,
        step: SupervisionStep,
        comment: &str,
    ) -> Result<()> {
        let (at, by) = (self.act_time(transaction)?, self.session.actor.clone());
        let action = format!("supervise.{}", step.as_str());
        let is_unopened = step.is_finding() && !found.was_opened_by(&by);
        let outcome = in_words(found, &step, is_unopened, comment);
        found.entries.push(SupervisionEntry { step, by, at, comment: comment.to_owned() });
        put_supervision_match(transaction, found)?;
        self.record(transaction, &action, &found.no.to_string(), &outcome).map(drop)
    }

    /// Where the query of a policy finds something in a text; nowhere if it cannot be read any longer.
    fn highlights(&self, policy: &SupervisionPolicy, text: &str) -> Vec<Range<usize>> {
        let read = |query: &str| parse(query, &Context::rule(self.now())).map(|parsed| parsed.query).ok();
        let Some(query) = policy.query.as_deref().and_then(read) else { return Vec::new() };
        let excluded = policy.exclude.as_deref().and_then(|text| Exclusion::read(text, self.now()).ok());
        let out = excluded.map_or_else(Vec::new, |excluded| excluded.ranges(text));
        outside(Highlighter::of(&query).all(text), &out)
    }
}

/// The policy as it was when it found a match.
fn policy_of(snapshot: &Snapshot, found: &SupervisionMatch) -> Result<SupervisionPolicy> {
    let versions = supervision_policies(snapshot)?;
    let version = versions.into_iter().find(|one| one.id == found.policy && one.version == found.version);
    version.ok_or_else(|| Error::Corrupt(format!("supervision policy {} is missing", found.policy)))
}

/// The match with a number.
pub(super) fn known(snapshot: &Snapshot, no: SupervisionMatchNo) -> Result<SupervisionMatch> {
    supervision_match(snapshot, no)?.ok_or_else(|| Error::NotFound { what: "supervision match", id: no.to_string() })
}

/// The open matches of the same policies whose messages have the same content as those of `named`, each with that.
fn copies(snapshot: &Snapshot, named: &[SupervisionMatchNo]) -> Result<Vec<(SupervisionMatchNo, SupervisionMatchNo)>> {
    let mut rows = MessageReader::new(snapshot)?;
    let mut wanted = BTreeMap::new();
    for no in named {
        let found = known(snapshot, *no)?;
        wanted.extend(rows.get(found.message)?.map(|row| ((found.policy, row.content_hash.0), *no)));
    }
    let mut copies = Vec::new();
    open_supervision_matches(snapshot, &mut |found| {
        let row = rows.get(found.message)?;
        let of = row.and_then(|row| wanted.get(&(found.policy, row.content_hash.0)));
        copies.extend(of.map(|of| (found.no, *of)));
        Ok(())
    })?;
    Ok(copies)
}

/// What decides over who may do what.
struct Checks<'a> {
    archive: &'a Archive,
    snapshot: &'a Snapshot,
    policies: Vec<SupervisionPolicy>,
    mailboxes: Vec<Mailbox>,
    resolver: Resolver,
}

impl<'a> Checks<'a> {
    fn of(archive: &'a Archive, snapshot: &'a Snapshot) -> Result<Self> {
        let mailboxes = mailboxes(snapshot)?;
        let resolver = Resolver::new(vec![own_mapping(snapshot)?], Directory::new(&mailboxes), false);
        Ok(Self { archive, snapshot, policies: current(snapshot)?, mailboxes, resolver })
    }

    fn policy(&self, found: &SupervisionMatch) -> Result<&SupervisionPolicy> {
        let policy = self.policies.iter().find(|policy| policy.id == found.policy);
        policy.ok_or_else(|| Error::Corrupt(format!("supervision policy {} is missing", found.policy)))
    }

    fn may(&self, found: &SupervisionMatch, step: &SupervisionStep) -> Result<()> {
        let no = found.no;
        let refuse = |why: String| Err(Error::Refused(format!("match {no} {why}")));
        match found.state() {
            SupervisionState::Resolved => return refuse("is resolved, which is final".to_owned()),
            SupervisionState::NotDrawn => {
                return refuse(
                    "was not drawn for review: `supervise policy set POLICY --sample PERCENT --backfill` draws more"
                        .to_owned(),
                );
            }
            _ => {}
        }
        let policy = self.policy(found)?;
        let actor = &self.archive.session.actor;
        let decides = step.is_finding();
        let deciders = found.deciders(policy);
        let is_among = |actors: &[Actor]| actors.iter().any(|one| one.is_same_person(actor));
        if !is_among(deciders) && (decides || !is_among(&policy.reviewers)) {
            let names: Vec<&str> = deciders.iter().map(|actor| actor.0.as_str()).collect();
            return refuse(format!("waits for {}, not for {}", names.join(", "), actor.0));
        }
        if let SupervisionStep::Escalated(to) = step {
            if matches!(deciders, [one] if one.is_same_person(to)) {
                return refuse(format!("waits for {} already", to.0));
            }
            if self.is_own(found, to)? {
                return refuse(format!("is a message of {}: somebody else has to review it", to.0));
            }
        }
        if decides && self.is_own(found, actor)? {
            return refuse(format!(
                "is a message of {}: somebody else has to review it (`supervise escalate`)",
                actor.0
            ));
        }
        Ok(())
    }

    fn was_opened(&self, found: &SupervisionMatch, unopened: bool) -> Result<()> {
        let policy = self.policy(found)?;
        if found.was_opened_by(&self.archive.session.actor) || (unopened && policy.bulk) {
            return Ok(());
        }
        let hint = if unopened {
            format!("and policy `{}` does not allow to resolve what was not opened", policy.name)
        } else {
            format!("look at it first: `custodia supervise show {}`", found.no)
        };
        Err(Error::Refused(format!("{} has not opened match {}: {hint}", self.archive.session.actor.0, found.no)))
    }

    /// Whether somebody took part in the message, or has it in their mailbox.
    fn is_own(&self, found: &SupervisionMatch, actor: &Actor) -> Result<bool> {
        let is_actor = |no| self.mailboxes.iter().any(|mailbox| mailbox.no == no && is_of(mailbox, actor));
        if is_actor(found.mailbox) {
            return Ok(true);
        }
        let Some(row) = MessageReader::new(self.snapshot)?.get(found.message)? else { return Ok(false) };
        let facts = read_facts(&self.archive.directory, &mut ContentReader::new(self.snapshot)?, &row)?;
        let parties = Parties::of(&facts, &self.resolver);
        // Those who have no mailbox are known by what the message calls them.
        let is_named = facts.participants.iter().chain(&facts.agents).any(|one| is_called(one, actor));
        Ok(is_named || parties.mailboxes().any(is_actor))
    }
}

/// Whether a mailbox is that of an actor, who may be named by an address, the part of it before the @, or a display name.
fn is_of(mailbox: &Mailbox, actor: &Actor) -> bool {
    let name = actor.0.trim().to_lowercase();
    let mut addresses = std::iter::once(&mailbox.address).chain(&mailbox.aliases);
    let is_address = |address: &String| {
        let address = address.to_lowercase();
        address == name || address.split('@').next() == Some(name.as_str())
    };
    addresses.any(is_address) || (!name.is_empty() && mailbox.display_name.to_lowercase() == name)
}

/// Whether a message names an actor as who took part, by address.
fn is_called(participant: &Participant, actor: &Actor) -> bool {
    let name = actor.0.trim();
    name.contains('@') && participant.address.to_lowercase() == name.to_lowercase()
}

/// A step in words, for the audit log.
fn in_words(found: &SupervisionMatch, step: &SupervisionStep, is_unopened: bool, comment: &str) -> String {
    let what = match step {
        SupervisionStep::Opened | SupervisionStep::Annotated | SupervisionStep::Drawn => String::new(),
        SupervisionStep::CopyOf(no) => format!(" of match {no}"),
        SupervisionStep::Tagged(finding) | SupervisionStep::Resolved(finding) => format!(" as {}", finding.as_str()),
        SupervisionStep::Escalated(to) => format!(" to {}", to.0),
        SupervisionStep::Investigated { case, hold } => format!(" in case {case}, on hold {hold}"),
    };
    let comment = if comment.is_empty() { String::new() } else { format!("; comment: {comment}") };
    let unopened = if is_unopened { ", unopened" } else { "" };
    format!(
        "{}{what}{unopened}: item {}, digest {}, found by policy {} version {}{comment}",
        step.as_str(),
        found.item,
        found.digest,
        found.policy,
        found.version
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MailboxNo, UtcTime};

    #[test]
    fn an_actor_is_known_by_address_first_part_or_name() {
        let mailbox = Mailbox {
            no: MailboxNo(1),
            address: "ann@firm.example".to_owned(),
            display_name: "Ann Li".to_owned(),
            aliases: vec!["a.li@firm.example".to_owned()],
            phones: Vec::new(),
            attributes: std::collections::BTreeMap::new(),
            active: true,
            created_at: UtcTime(0),
        };
        for (name, is) in [
            ("ann@firm.example", true),
            ("Ann", true),
            ("a.li", true),
            ("ann li", true),
            ("bob", false),
            ("", false),
            ("ann@other.example", false),
        ] {
            assert_eq!(is_of(&mailbox, &Actor(name.to_owned())), is, "{name}");
        }
    }
}
