//! What is said anew of a supervision policy.

use crate::archive::mailboxes::find_mailbox;
use crate::model::{Actor, Direction, MailboxNo, Severity, SupervisionPolicy};
use crate::store::Snapshot;
use crate::{Error, Result};

/// What is said anew of a supervision policy; `None` and empty lists leave what there is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupervisionChange {
    /// The risk that it watches for.
    pub description: Option<String>,
    /// How much its matches matter.
    pub severity: Option<Severity>,
    /// Which messages are looked through.
    pub directions: Vec<Direction>,
    /// The query that finds; the empty one finds all.
    pub query: Option<String>,
    /// What does not count; the empty text takes it away.
    pub exclude: Option<String>,
    /// How many of a hundred matches are drawn.
    pub percent: Option<u32>,
    /// Who reviews.
    pub reviewers: Vec<String>,
    /// Days after which a match is overdue.
    pub due_days: Option<u32>,
    /// Whether matches may be resolved unopened, with a reason.
    pub bulk: Option<bool>,
    /// Texts that it must find, beside those that there are.
    pub hits: Vec<String>,
    /// Texts that it must not find, beside those that there are.
    pub misses: Vec<String>,
    /// Texts that it need no longer find or miss.
    pub dropped_samples: Vec<String>,
    /// Mailboxes of people who are supervised from now on, by address.
    pub added_mailboxes: Vec<String>,
    /// Mailboxes of people who no longer are, by address.
    pub removed_mailboxes: Vec<String>,
}

impl SupervisionChange {
    /// Says it of a policy.
    pub(super) fn apply(&self, policy: &mut SupervisionPolicy, snapshot: &Snapshot) -> Result<()> {
        let text = |said: &Option<String>, there: Option<String>| match said.as_deref().map(str::trim) {
            None => there,
            Some("") => None,
            Some(text) => Some(text.to_owned()),
        };
        policy.query = text(&self.query, policy.query.take());
        policy.exclude = text(&self.exclude, policy.exclude.take());
        if let Some(description) = &self.description {
            description.clone_into(&mut policy.description);
        }
        policy.severity = self.severity.unwrap_or(policy.severity);
        policy.percent = self.percent.unwrap_or(policy.percent);
        policy.due_days = self.due_days.unwrap_or(policy.due_days);
        policy.bulk = self.bulk.unwrap_or(policy.bulk);
        if !self.directions.is_empty() {
            policy.directions.clone_from(&self.directions);
            policy.directions.sort_unstable();
            policy.directions.dedup();
        }
        if !self.reviewers.is_empty() {
            policy.reviewers = actors(&self.reviewers)?;
        }
        for (samples, more) in [(&mut policy.hits, &self.hits), (&mut policy.misses, &self.misses)] {
            samples.retain(|sample| !self.dropped_samples.contains(sample));
            let new: Vec<String> = more.iter().filter(|sample| !samples.contains(sample)).cloned().collect();
            samples.extend(new);
        }
        for (addresses, supervise) in [(&self.added_mailboxes, true), (&self.removed_mailboxes, false)] {
            for address in addresses {
                let mailbox = find_mailbox(snapshot, address)?;
                if !supervise_or_not(policy, mailbox, supervise) {
                    let word = if supervise { "supervises" } else { "does not supervise" };
                    return Err(Error::InvalidInput(format!(
                        "supervision policy `{}` {word} {address} already",
                        policy.name
                    )));
                }
            }
        }
        Ok(())
    }
}

/// Begins or ends to supervise the owner of a mailbox; whether that changed anything.
fn supervise_or_not(policy: &mut SupervisionPolicy, mailbox: MailboxNo, supervise: bool) -> bool {
    if policy.supervises(mailbox) == supervise {
        return false;
    }
    // Of those who are named, or of those who are left out of all.
    let is_of_named = !policy.mailboxes.is_empty();
    let list = if is_of_named { &mut policy.mailboxes } else { &mut policy.except };
    if is_of_named == supervise {
        list.push(mailbox);
        list.sort_unstable();
    } else {
        list.retain(|one| *one != mailbox);
    }
    true
}

/// Whether two versions find and draw the same.
pub(super) fn is_alike(one: &SupervisionPolicy, other: &SupervisionPolicy) -> bool {
    one.query == other.query
        && one.exclude == other.exclude
        && one.directions == other.directions
        && one.percent == other.percent
        && one.mailboxes == other.mailboxes
        && one.except == other.except
}

/// People as actors are named, each once.
pub(super) fn actors(names: &[String]) -> Result<Vec<Actor>> {
    let mut actors: Vec<Actor> = Vec::with_capacity(names.len());
    for name in names {
        let actor = Actor(name.trim().to_owned());
        if actor.0.is_empty() {
            return Err(Error::InvalidInput("a reviewer needs a name".to_owned()));
        }
        if !actors.contains(&actor) {
            actors.push(actor);
        }
    }
    Ok(actors)
}
