//! What a policy says.

use std::collections::BTreeMap;

use crate::archive::mailboxes::find_mailbox;
use crate::model::{
    MailboxNo, PolicyScope, RetentionAction, RetentionPeriod, RetentionPolicy, RetentionTrigger, UtcTime,
};
use crate::store::Snapshot;
use crate::{Error, Result};

use super::members;

/// Longest name of a policy: characters.
const LONGEST_NAME: usize = 64;

/// A policy to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPolicy {
    /// Its name, unique in the archive; at most 64 characters.
    pub name: String,
    /// What it does.
    pub action: RetentionAction,
    /// For how long, or after how long.
    pub period: RetentionPeriod,
    /// From when.
    pub trigger: RetentionTrigger,
    /// Which mailboxes it covers.
    pub scope: NewScope,
    /// Folders by path that it covers alone; empty means all.
    pub folders: Vec<String>,
    /// The content search query that what it covers satisfies.
    pub query: Option<String>,
}

/// The mailboxes of a policy, by address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewScope {
    /// All, but for those listed.
    All {
        /// Addresses of mailboxes left out.
        except: Vec<String>,
    },
    /// Those listed, at least one.
    Include(Vec<String>),
    /// Those that satisfy a query over attributes.
    Adaptive(String),
}

impl NewPolicy {
    /// What a policy says, with the addresses of mailboxes.
    pub(in crate::archive) fn of(policy: &RetentionPolicy, addresses: &BTreeMap<MailboxNo, String>) -> Self {
        let listed = |numbers: &[MailboxNo]| numbers.iter().filter_map(|no| addresses.get(no)).cloned().collect();
        Self {
            name: policy.name.clone(),
            action: policy.action,
            period: policy.period,
            trigger: policy.trigger,
            scope: match &policy.scope {
                PolicyScope::All { except } => NewScope::All { except: listed(except) },
                PolicyScope::Include(include) => NewScope::Include(listed(include)),
                PolicyScope::Adaptive { query, .. } => NewScope::Adaptive(query.clone()),
            },
            folders: policy.folders.clone(),
            query: policy.query.clone(),
        }
    }

    /// Refuses what no policy can say.
    pub(in crate::archive) fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(Error::InvalidInput("a retention policy needs a name".to_owned()));
        }
        if self.name.chars().count() > LONGEST_NAME {
            let text = format!("the name of a retention policy has at most {LONGEST_NAME} characters");
            return Err(Error::InvalidInput(text));
        }
        if self.action == RetentionAction::Delete && self.period == RetentionPeriod::Unlimited {
            return Err(Error::InvalidInput("a policy that deletes needs a period that ends".to_owned()));
        }
        Ok(())
    }
}

impl NewScope {
    /// The scope with its mailboxes found, as of `at`.
    pub(in crate::archive) fn resolve(&self, snapshot: &Snapshot, at: UtcTime) -> Result<PolicyScope> {
        match self {
            Self::All { except } => Ok(PolicyScope::All { except: find(snapshot, except)? }),
            Self::Include(include) if include.is_empty() => {
                Err(Error::InvalidInput("a policy on listed mailboxes needs one at least".to_owned()))
            }
            Self::Include(include) => Ok(PolicyScope::Include(find(snapshot, include)?)),
            Self::Adaptive(query) => {
                let members = members::first(snapshot, query, at)?;
                Ok(PolicyScope::Adaptive { query: query.clone(), members, empty_since: None })
            }
        }
    }
}

/// The mailboxes with these addresses, each once.
pub(super) fn find(snapshot: &Snapshot, addresses: &[String]) -> Result<Vec<MailboxNo>> {
    let mut found = addresses.iter().map(|address| find_mailbox(snapshot, address)).collect::<Result<Vec<_>>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A policy in one line, for the audit log.
pub(in crate::archive) fn in_words(policy: &RetentionPolicy) -> String {
    let scope = match &policy.scope {
        PolicyScope::All { except } if except.is_empty() => "all mailboxes".to_owned(),
        PolicyScope::All { except } => format!("all mailboxes but {}", numbers(except)),
        PolicyScope::Include(mailboxes) => format!("mailboxes {}", numbers(mailboxes)),
        PolicyScope::Adaptive { query, members, .. } => format!("{} mailboxes with {query}", members.len()),
    };
    let mut words = vec![format!("{} {} {} on {scope}", policy.name, policy.action.as_str(), policy.period)];
    if policy.trigger == RetentionTrigger::Modified {
        words.push("from modification".to_owned());
    }
    if !policy.folders.is_empty() {
        words.push(format!("in {}", policy.folders.join(", ")));
    }
    if let Some(query) = &policy.query {
        words.push(format!("for {query}"));
    }
    words.join(", ")
}

fn numbers(mailboxes: &[MailboxNo]) -> String {
    mailboxes.iter().map(MailboxNo::to_string).collect::<Vec<_>>().join(", ")
}
