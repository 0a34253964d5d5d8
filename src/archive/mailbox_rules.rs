//! Everything that is in force on a mailbox.

use super::Archive;
use super::hold::{HoldState, in_delay};
use super::mailboxes::find_mailbox;
use crate::Result;
use crate::model::{PolicyScope, RetentionAction, UtcTime};
use crate::store::{cases, holds, policies};

/// A hold on a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldOnMailbox {
    /// Its name.
    pub name: String,
    /// The name of its case; `None` for a litigation hold.
    pub case: Option<String>,
    /// Where it stands.
    pub state: HoldState,
    /// The query that narrows it.
    pub query: Option<String>,
}

/// A retention policy, as it concerns a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyOnMailbox {
    /// Its name.
    pub name: String,
    /// What it does.
    pub action: RetentionAction,
    /// Whether it covers all mailboxes; else it names this one, or finds it.
    pub organisation_wide: bool,
    /// Whether it leaves this mailbox out.
    pub excluded: bool,
    /// When it was taken out of force.
    pub released_at: Option<UtcTime>,
}

/// Everything that is in force on a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxRules {
    /// Holds that hold something, in the order of placing.
    pub holds: Vec<HoldOnMailbox>,
    /// Policies that cover it, and those over the whole archive that leave it out.
    pub policies: Vec<PolicyOnMailbox>,
}

impl Archive {
    /// What is in force on a mailbox.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub fn mailbox_rules(&self, address: &str) -> Result<MailboxRules> {
        let snapshot = self.store.snapshot()?;
        let mailbox = find_mailbox(&snapshot, address)?;
        let (now, cases) = (self.now(), cases(&snapshot)?);
        let mut all = holds(&snapshot)?;
        all.sort_by_key(|hold| (hold.placed_at, hold.id));
        let covers = |hold: &crate::model::Hold| {
            let mut former = hold.former.iter().filter(|f| in_delay(&f.ended, f.delay_ended.as_ref(), now));
            let formerly = former.any(|former| former.scope.covers_mailbox(mailbox));
            HoldState::of(hold, now).holds() && (formerly || hold.scope.covers_mailbox(mailbox))
        };
        let holds = all.into_iter().filter(covers).map(|hold| HoldOnMailbox {
            state: HoldState::of(&hold, now),
            case: cases.iter().find(|case| hold.case == Some(case.id)).map(|case| case.name.clone()),
            query: hold.scope.query,
            name: hold.name,
        });
        let mut rules = MailboxRules { holds: holds.collect(), policies: Vec::new() };
        for policy in policies(&snapshot)? {
            let excluded = !policy.scope.covers(mailbox) && policy.left_at(mailbox).is_none();
            if excluded && !matches!(policy.scope, PolicyScope::All { .. }) {
                continue;
            }
            rules.policies.push(PolicyOnMailbox {
                organisation_wide: matches!(policy.scope, PolicyScope::All { .. }),
                name: policy.name,
                action: policy.action,
                excluded,
                released_at: policy.released.map(|release| release.at),
            });
        }
        Ok(rules)
    }
}
