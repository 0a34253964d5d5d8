//! Changes of what a hold covers. None of them frees anything at once.

use super::consent::{Narrowing, scope_in_words};
use super::place::{known_folders, require_reason};
use super::{HoldReport, HoldState, find};
use crate::archive::Archive;
use crate::archive::mailboxes::find_mailbox;
use crate::index::RULES;
use crate::model::{FormerScope, Hold, HoldEvaluation, HoldScope, MailboxNo, MessageNo, Release, UtcTime};
use crate::store::{MessageSet, Snapshot, Transaction, extend_set, put_hold};
use crate::{Error, Result};

/// What changes of a hold; `None` and empty leave it as it is.
#[derive(Debug, Clone, Default)]
pub struct HoldChange {
    /// Addresses of mailboxes that it covers from now on.
    pub add_mailboxes: Vec<String>,
    /// Addresses of mailboxes that it no longer covers.
    pub remove_mailboxes: Vec<String>,
    /// Whether it covers all mailboxes from now on, later ones included.
    pub all_mailboxes: bool,
    /// The folders that narrow it; `Some` of none lifts that.
    pub folders: Option<Vec<String>>,
    /// The query that narrows it; `Some(None)` lifts that.
    pub query: Option<Option<String>>,
    /// The first instant of the range of dates; `Some(None)` lifts that.
    pub from: Option<Option<UtcTime>>,
    /// The first instant after that range; `Some(None)` lifts that.
    pub before: Option<Option<UtcTime>>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// For the people concerned.
    pub comment: Option<String>,
    /// Where they can read more.
    pub url: Option<String>,
}

impl Archive {
    /// Changes a hold. What its new scope no longer covers stays held for 30 days more.
    ///
    /// # Errors
    /// There is none, it is released, a mailbox or folder does not exist, the query is refused, no reason is given, or
    /// the consent of a second person is needed and missing.
    pub fn change_hold(&mut self, name: &str, change: &HoldChange, reason: &str) -> Result<HoldReport> {
        require_reason("a change of a hold", reason)?;
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut hold = find(&snapshot, name)?;
        if hold.released.is_some() {
            return Err(Error::InvalidInput(format!("hold `{}` is released: place a new one", hold.name)));
        }
        if let Some(Some(query)) = &change.query {
            self.hold_query(query)?;
        }
        let scope = new_scope(&snapshot, &hold, change)?;
        for (field, new) in
            [(&mut hold.owner, &change.owner), (&mut hold.comment, &change.comment), (&mut hold.url, &change.url)]
        {
            if let Some(new) = new {
                field.clone_from(new);
            }
        }
        // A mailbox that is named stays covered when its owner is no longer a custodian.
        let named = change.remove_mailboxes.iter().chain(&change.add_mailboxes);
        let named = named.map(|address| find_mailbox(&snapshot, address)).collect::<Result<Vec<MailboxNo>>>()?;
        hold.custodians.retain(|mailbox| !named.contains(mailbox));
        let narrowing = Narrowing::of(&snapshot, &hold, &scope, self.now())?;
        let transaction = self.begin_narrowing(narrowing.as_slice())?;
        self.replace_scope(&snapshot, &transaction, &mut hold, scope, reason)?;
        let report = self.report(&transaction, hold)?;
        let scope = scope_in_words(&transaction, &report.hold.scope)?;
        let outcome = format!(
            "{} items, {} more stay held for 30 days; {scope}; reason: {reason}",
            report.items, report.former_items
        );
        self.record(&transaction, "hold.change", &report.hold.id.to_string(), &outcome)?;
        transaction.commit()?;
        Ok(report)
    }

    /// Gives a hold another scope within `transaction`, and keeps the one before if that may have covered more; consent to
    /// that is the caller's to ask for.
    pub(in crate::archive) fn replace_scope(
        &self,
        snapshot: &Snapshot,
        transaction: &Transaction,
        hold: &mut Hold,
        scope: HoldScope,
        reason: &str,
    ) -> Result<()> {
        if scope == hold.scope {
            return put_hold(transaction, hold);
        }
        let was_on = HoldState::of(hold, self.now()).holds();
        if was_on && !only_widens(&hold.scope, &scope) {
            let ended =
                Release { at: self.act_time(snapshot)?, by: self.session.actor.clone(), reason: reason.to_owned() };
            let (scope, evaluation) = (hold.scope.clone(), hold.evaluation);
            hold.former.push(FormerScope { scope, evaluation, ended, delay_ended: None });
        }
        let narrowed_alike =
            |a: &HoldScope, b: &HoldScope| (&a.query, a.from, a.before) == (&b.query, b.from, b.before);
        let same_matches = narrowed_alike(&hold.scope, &scope);
        hold.scope = scope;
        if !same_matches {
            let set = self.new_id("hold matches", &format!("{} {}", hold.id, hold.former.len()));
            hold.evaluation = HoldEvaluation { set, through: MessageNo(0), rules: RULES, people: None };
            let matches = self.first_matches(snapshot, hold)?;
            extend_set(transaction, MessageSet::HoldMatches(set), matches.iter().map(MessageNo), [])?;
        }
        put_hold(transaction, hold)
    }
}

/// Whether `new` covers all that `old` does, whatever the messages are: mailboxes are added, and what narrows it stays or is
/// lifted.
pub(super) fn only_widens(old: &HoldScope, new: &HoldScope) -> bool {
    fn lifted<N: PartialEq>(old: Option<&N>, new: Option<&N>) -> bool {
        new.is_none() || old == new
    }
    let kept = match (&old.mailboxes, &new.mailboxes) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => old.iter().all(|mailbox| new.contains(mailbox)),
    };
    kept && (new.folders.is_empty() || old.folders == new.folders)
        && lifted(old.query.as_ref(), new.query.as_ref())
        && lifted(old.from.as_ref(), new.from.as_ref())
        && lifted(old.before.as_ref(), new.before.as_ref())
}

fn new_scope(snapshot: &Snapshot, hold: &Hold, change: &HoldChange) -> Result<HoldScope> {
    let find = |addresses: &[String]| -> Result<Vec<MailboxNo>> {
        addresses.iter().map(|address| find_mailbox(snapshot, address)).collect()
    };
    let (added, removed) = (find(&change.add_mailboxes)?, find(&change.remove_mailboxes)?);
    let mailboxes = match (&hold.scope.mailboxes, change.all_mailboxes) {
        (_, true) => None,
        (None, false) if added.is_empty() && removed.is_empty() => None,
        (None, false) => {
            return Err(Error::InvalidInput(
                "the hold covers all mailboxes, these too; to cover fewer, place a hold on those and release this one"
                    .to_owned(),
            ));
        }
        (Some(listed), false) => {
            let mut mailboxes = listed.clone();
            mailboxes.extend(added);
            mailboxes.retain(|mailbox| !removed.contains(mailbox));
            mailboxes.sort_unstable();
            mailboxes.dedup();
            Some(mailboxes)
        }
    };
    if mailboxes.as_ref().is_some_and(Vec::is_empty) && !hold.follows_custodians {
        return Err(Error::InvalidInput("no mailbox would be left: release the hold instead".to_owned()));
    }
    let scope = HoldScope {
        mailboxes,
        folders: match &change.folders {
            Some(paths) => known_folders(snapshot, paths)?,
            None => hold.scope.folders.clone(),
        },
        query: change.query.clone().unwrap_or_else(|| hold.scope.query.clone()),
        from: change.from.unwrap_or(hold.scope.from),
        before: change.before.unwrap_or(hold.scope.before),
    };
    if scope.from.zip(scope.before).is_some_and(|(from, before)| from >= before) {
        return Err(Error::InvalidInput("the range of dates is empty: it ends before it begins".to_owned()));
    }
    Ok(scope)
}
