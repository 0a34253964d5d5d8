//! Everything that is in force on a mailbox.

use super::Archive;
use super::hold::{HoldState, UnreadHold, covers_mailbox, is_evaluated};
use super::mailboxes::find_mailbox;
use super::rule_query::UnreadRule;
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
    /// Why nobody knows what it matches, if its query cannot be read: it holds everything that it was not evaluated on.
    pub unread: Option<UnreadHold>,
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
    /// Why nobody knows what it covers, if its query cannot be read.
    pub unread: Option<String>,
}

/// Everything that is in force on a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxRules {
    /// Holds that hold something, in the order of placing.
    pub holds: Vec<HoldOnMailbox>,
    /// Policies that cover it, and those over the whole archive that leave it out.
    pub policies: Vec<PolicyOnMailbox>,
    /// Those of which nobody knows what their query covers.
    pub unread: Vec<UnreadRule>,
    /// Why holds could not be evaluated now, if so: they hold what they were not evaluated on until they are.
    pub not_evaluated: Option<String>,
}

impl Archive {
    /// What is in force on a mailbox, whatever state the index is in.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub fn mailbox_rules(&mut self, address: &str) -> Result<MailboxRules> {
        let not_evaluated = self.settle_or_why()?;
        let snapshot = self.store.snapshot()?;
        let mailbox = find_mailbox(&snapshot, address)?;
        let (now, cases) = (self.now(), cases(&snapshot)?);
        let mut all = holds(&snapshot)?;
        all.sort_by_key(|hold| (hold.placed_at, hold.id));
        all.retain(|hold| covers_mailbox(hold, mailbox, now));
        let not_evaluated = not_evaluated.filter(|_| all.iter().any(is_evaluated));
        let mut rules = MailboxRules { not_evaluated, ..MailboxRules::default() };
        for (hold, unread) in all.iter().zip(self.unread_holds(&snapshot, &all)?) {
            rules.unread.extend(unread.as_ref().map(|unread| UnreadRule::of_hold(hold, unread)));
            rules.holds.push(HoldOnMailbox {
                state: HoldState::of(hold, now),
                case: cases.iter().find(|case| hold.case == Some(case.id)).map(|case| case.name.clone()),
                query: hold.scope.query.clone(),
                name: hold.name.clone(),
                unread,
            });
        }
        let mut unread = self.unread_policies(&snapshot)?;
        for policy in policies(&snapshot)? {
            let excluded = !policy.scope.covers(mailbox) && policy.left_at(mailbox).is_none();
            if excluded && !matches!(policy.scope, PolicyScope::All { .. }) {
                continue;
            }
            let place = unread.iter().position(|rule| !excluded && rule.name == policy.name);
            let rule = place.map(|place| unread.remove(place));
            rules.policies.push(PolicyOnMailbox {
                organisation_wide: matches!(policy.scope, PolicyScope::All { .. }),
                name: policy.name,
                action: policy.action,
                excluded,
                released_at: policy.released.map(|release| release.at),
                unread: rule.as_ref().map(|rule| rule.why.clone()),
            });
            rules.unread.extend(rule);
        }
        Ok(rules)
    }
}
