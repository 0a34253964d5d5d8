//! What waits for reviewers.

use std::collections::HashMap;
use std::path::Path;

use super::policy::{current, find};
use crate::archive::Archive;
use crate::archive::follow::listed_facts;
use crate::message::Facts;
use crate::model::{
    Actor, FolderNo, MailboxNo, Participant, Role, SupervisionMatch, SupervisionPolicy, SupervisionPolicyId,
    SupervisionState, UtcTime,
};
use crate::store::{
    ContentReader, MessageReader, Snapshot, folders, item, mailboxes, open_supervision_matches, supervision_matches,
};
use crate::{Error, Result};

/// Which matches are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupervisionFilter {
    /// Those of this policy, by name, id, or unique prefix of its id.
    pub policy: Option<String>,
    /// Those that wait for this reviewer.
    pub reviewer: Option<String>,
    /// Those that wait for whoever acts.
    pub mine: bool,
    /// Those whose review stands there; those that are open unless said.
    pub state: Option<SupervisionState>,
    /// Those that are overdue.
    pub overdue: bool,
    /// Most that are shown; all are counted.
    pub limit: Option<u64>,
}

/// A match with what a reviewer has to see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMatch {
    /// The match.
    pub found: SupervisionMatch,
    /// The policy as it is now.
    pub policy: SupervisionPolicy,
    /// The address of the mailbox that the item is in.
    pub mailbox: String,
    /// Its folder; `None` if the item was disposed of.
    pub folder: Option<String>,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The author; empty if the message was destroyed.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// When it has to be resolved.
    pub due_at: UtcTime,
    /// Whether it is open behind that.
    pub overdue: bool,
}

impl QueuedMatch {
    /// Whom it waits for; nobody once it is resolved.
    pub fn waits_for(&self) -> &[Actor] {
        if self.found.state().is_open() { self.found.deciders(&self.policy) } else { &[] }
    }
}

impl Archive {
    /// Shows matches, the oldest first; returns how many there are, shown or not.
    ///
    /// # Errors
    /// There is no such policy, a message is damaged, the store failed, or `visit` did.
    pub fn visit_supervision_queue(
        &mut self,
        filter: &SupervisionFilter,
        visit: &mut dyn FnMut(QueuedMatch) -> Result<()>,
    ) -> Result<u64> {
        let snapshot = self.store.snapshot()?;
        let policy = filter.policy.as_deref().map(|name| find(&snapshot, name)).transpose()?.map(|policy| policy.id);
        let context = QueueContext::of(&snapshot, self.now())?;
        let named = filter.reviewer.as_ref().map(|name| Actor(name.trim().to_owned()));
        let reviewer = if filter.mine { Some(self.session.actor.clone()) } else { named };
        let is_wanted = |found: &SupervisionMatch| -> Result<bool> {
            let of = context.policy(found.policy)?;
            Ok(policy.is_none_or(|policy| policy == found.policy)
                && filter.state.map_or_else(|| found.state().is_open(), |state| found.state() == state)
                && reviewer
                    .as_ref()
                    .is_none_or(|reviewer| found.deciders(of).iter().any(|one| one.is_same_person(reviewer)))
                && (!filter.overdue || context.is_overdue(found, of)))
        };
        let is_of_open = filter.state.is_none_or(SupervisionState::is_open);
        let all = |visit: &mut dyn FnMut(SupervisionMatch) -> Result<()>| {
            if is_of_open { open_supervision_matches(&snapshot, visit) } else { supervision_matches(&snapshot, visit) }
        };
        // Counted first, for the record is made before anything is shown.
        let mut count = 0_u64;
        all(&mut |found| {
            count += u64::from(is_wanted(&found)?);
            Ok(())
        })?;
        let limit = filter.limit.unwrap_or(u64::MAX);
        let outcome = format!("{count} matches, {} shown; {}", count.min(limit), filter.in_words());
        self.record_alone("supervise.queue", "", &outcome)?;
        let mut reader = QueueReader::new(self, &snapshot, &context)?;
        let mut shown = 0;
        all(&mut |found| {
            if shown < limit && is_wanted(&found)? {
                shown += 1;
                visit(reader.queued(found)?.0)?;
            }
            Ok(())
        })?;
        Ok(count)
    }
}

/// Reads what reviewers have to see of matches. Of matches in the order of their numbers, which is mostly that of their
/// messages, each pack is opened once.
pub(super) struct QueueReader<'s> {
    directory: &'s Path,
    snapshot: &'s Snapshot,
    context: &'s QueueContext,
    rows: MessageReader<'s>,
    contents: ContentReader,
    folders: HashMap<FolderNo, String>,
}

impl<'s> QueueReader<'s> {
    pub(super) fn new(archive: &'s Archive, snapshot: &'s Snapshot, context: &'s QueueContext) -> Result<Self> {
        Ok(Self {
            directory: &archive.directory,
            snapshot,
            context,
            rows: MessageReader::new(snapshot)?,
            contents: ContentReader::new(snapshot)?,
            folders: folders(snapshot)?.into_iter().map(|folder| (folder.no, folder.path)).collect(),
        })
    }

    /// A match as a reviewer has to see it, and its message; `None` if that was destroyed.
    pub(super) fn queued(&mut self, found: SupervisionMatch) -> Result<(QueuedMatch, Option<Facts>)> {
        let policy = self.context.policy(found.policy)?.clone();
        let facts = match self.rows.get(found.message)? {
            Some(row) => Some(listed_facts(self.directory, &mut self.contents, &row)?),
            None => None,
        };
        let author = facts.as_ref().and_then(|facts| facts.participants.iter().find(|one| one.role == Role::From));
        let item = item(self.snapshot, found.item)?;
        let queued = QueuedMatch {
            mailbox: self.context.addresses.get(&found.mailbox).cloned().unwrap_or_default(),
            folder: item.and_then(|item| self.folders.get(&item.folder).cloned()),
            sent_at: facts.as_ref().and_then(|facts| facts.sent_at),
            from: author.map_or_else(String::new, Participant::display),
            subject: facts.as_ref().map_or_else(String::new, |facts| facts.subject.clone()),
            due_at: due_at(&found, &policy),
            overdue: self.context.is_overdue(&found, &policy),
            found,
            policy,
        };
        Ok((queued, facts))
    }
}

/// What all matches are seen with.
pub(super) struct QueueContext {
    policies: HashMap<SupervisionPolicyId, SupervisionPolicy>,
    addresses: HashMap<MailboxNo, String>,
    now: UtcTime,
}

impl QueueContext {
    pub(super) fn of(snapshot: &Snapshot, now: UtcTime) -> Result<Self> {
        let policies = current(snapshot)?.into_iter().map(|policy| (policy.id, policy)).collect();
        let addresses = mailboxes(snapshot)?.into_iter().map(|mailbox| (mailbox.no, mailbox.address)).collect();
        Ok(Self { policies, addresses, now })
    }

    pub(super) fn policy(&self, id: SupervisionPolicyId) -> Result<&SupervisionPolicy> {
        self.policies.get(&id).ok_or_else(|| Error::Corrupt(format!("supervision policy {id} is missing")))
    }

    pub(super) fn is_overdue(&self, found: &SupervisionMatch, policy: &SupervisionPolicy) -> bool {
        found.state().is_open() && due_at(found, policy) <= self.now
    }
}

/// When a match has to be resolved.
fn due_at(found: &SupervisionMatch, policy: &SupervisionPolicy) -> UtcTime {
    const DAY: i64 = 86_400_000;
    UtcTime(found.drawn_at().0.saturating_add(i64::from(policy.due_days) * DAY))
}

impl SupervisionFilter {
    /// For the audit log.
    fn in_words(&self) -> String {
        let mut words = vec![self.state.map_or("open", SupervisionState::as_str).to_owned()];
        words.extend(self.policy.as_ref().map(|policy| format!("of {policy}")));
        words.extend(self.reviewer.as_ref().map(|reviewer| format!("waiting for {reviewer}")));
        words.extend(self.mine.then(|| "waiting for whoever asks".to_owned()));
        words.extend(self.overdue.then(|| "overdue".to_owned()));
        words.join(", ")
    }
}
