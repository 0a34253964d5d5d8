//! The queries of policies and labels, read by the rules of searching that hold now. What older rules read, newer ones may
//! refuse: then nobody knows what the rule covers. It is taken to cover all that it may, and deletes nothing of it. A hold
//! holds what it was not evaluated on.

use roaring::RoaringTreemap;
use serde::Serialize;

use super::Archive;
use super::hold::UnreadHold;
use super::label::{forget_matches, waiting};
use crate::model::{Hold, MessageNo, RetentionLabel, RetentionPolicy};
use crate::query::{Context, Query, parse};
use crate::retention::Source;
use crate::store::{Tables, Transaction, holds, labels, last_message, policies, put_label, put_policy};
use crate::{Error, Result};

/// What the query of a policy or label finds.
pub(super) struct RuleMatches {
    /// What it surely finds.
    pub(super) found: RoaringTreemap,
    /// What it finds or not, depending on when it was received, which nothing says.
    pub(super) doubtful: RoaringTreemap,
}

/// A rule in force of which nobody knows what its query covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadRule {
    /// A policy, a label or a hold.
    pub source: Source,
    /// Its name.
    pub name: String,
    /// Why nobody knows.
    pub why: String,
    /// Whether the way out is another query.
    #[serde(skip)]
    pub mending: Mending,
}

/// Whether a rule of which nobody knows what it covers can get another query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mending {
    /// It can.
    Free,
    /// It can, and is locked: that needs a reason.
    Locked,
    /// It cannot, or that is no use: it waits for another rule, for a delay to end, or, locked, for its own query to stand for
    /// less.
    None,
}

impl UnreadRule {
    pub(super) fn of_hold(hold: &Hold, UnreadHold { why, is_former }: &UnreadHold) -> Self {
        let why = if *is_former {
            format!("the query that it had before a change cannot be read: {why}")
        } else {
            cannot_be_read(why)
        };
        let mending = if *is_former || hold.released.is_some() { Mending::None } else { Mending::Free };
        Self { source: Source::Hold, name: hold.name.clone(), why, mending }
    }
}

impl Archive {
    /// Notes which policies and labels have a query that cannot be read, and which can be again. What can be read may still
    /// be refused when it is evaluated.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn read_rule_queries(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let last = last_message(&snapshot)?;
        let (mut changed_policies, mut changed_labels) = (Vec::new(), Vec::new());
        for policy in policies(&snapshot)? {
            let refused = self.refusal(policy.query.as_deref(), policy.refused.as_deref(), last)?;
            if refused != policy.refused {
                changed_policies.push((policy, refused));
            }
        }
        for label in labels(&snapshot)? {
            let refused = self.refusal(label.query.as_deref(), label.refused.as_deref(), last)?;
            if refused != label.refused {
                changed_labels.push((label, refused));
            }
        }
        if changed_policies.is_empty() && changed_labels.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for (policy, refused) in changed_policies {
            self.note_policy(&transaction, policy, refused)?;
        }
        for (label, refused) in changed_labels {
            self.note_label(&transaction, label, refused)?;
        }
        transaction.commit()
    }

    /// What the query of a rule finds, its people under all their names, as `find` finds it.
    ///
    /// # Errors
    /// It cannot be read or evaluated.
    pub(super) fn rule_matches(
        &self,
        text: &str,
        find: impl Fn(&Query) -> Result<RoaringTreemap>,
    ) -> Result<RuleMatches> {
        let (query, _) = self.with_people(&parse(text, &Context::rule(self.now()))?.query)?;
        let found = find(&query.certain())?;
        let doubtful = match query.undecidable() {
            Some(_) => find(&query.possible())? - &found,
            None => RoaringTreemap::new(),
        };
        Ok(RuleMatches { found, doubtful })
    }

    /// Why a query cannot be read, if it cannot. One that was refused before is tried on everything through `last`: it may be a
    /// message that it cannot be evaluated on. As long as the index does not have all of that, it stays refused.
    fn refusal(&self, query: Option<&str>, before: Option<&str>, last: MessageNo) -> Result<Option<String>> {
        let Some(text) = query else { return Ok(None) };
        let query = match or_refusal(self.stored_query(text))? {
            Ok(query) => query,
            Err(why) => return Ok(Some(why)),
        };
        let Some(before) = before else { return Ok(None) };
        if self.index.last_message().is_ok_and(|known| known == last) {
            match self.index.matches(&query, MessageNo(0)) {
                Err(Error::Index { .. }) => {}
                read => return or_refusal(read).map(std::result::Result::err),
            }
        }
        Ok(Some(before.to_owned()))
    }

    /// Writes that the query of a policy cannot be read, or can be again: it is to be evaluated anew.
    pub(super) fn note_policy(
        &self,
        transaction: &Transaction,
        policy: RetentionPolicy,
        refused: Option<String>,
    ) -> Result<()> {
        let outcome = in_words(&policy.name, refused.as_deref());
        self.record(transaction, "retention.policy.read", &policy.id.to_string(), &outcome)?;
        put_policy(transaction, &RetentionPolicy { refused, evaluated_rules: 0, ..policy })
    }

    /// Writes that the query of a label cannot be read, or can be again: it is to be offered anew. Those that wait for it go on
    /// where they stopped.
    pub(super) fn note_label(
        &self,
        transaction: &Transaction,
        label: RetentionLabel,
        refused: Option<String>,
    ) -> Result<()> {
        let outcome = in_words(&label.name, refused.as_deref());
        self.record(transaction, "retention.label.read", &label.id.to_string(), &outcome)?;
        put_label(transaction, &RetentionLabel { refused, offered_rules: 0, ..forget_matches(transaction, label)? })
    }

    /// The rules in force of which nobody knows what their query covers, policies and labels as last noted.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn unread_rules(&self) -> Result<Vec<UnreadRule>> {
        self.unread_rules_of(&self.store.snapshot()?)
    }

    /// The same of the archive as `tables` show it.
    pub(super) fn unread_rules_of(&self, tables: &impl Tables) -> Result<Vec<UnreadRule>> {
        let mut unread = self.unread_policies(tables)?;
        for (label, why) in waiting(&labels(tables)?) {
            let mending = if label.refused.is_some() { Mending::Free } else { Mending::None };
            unread.push(UnreadRule { source: Source::Label, name: label.name.clone(), why, mending });
        }
        let all = holds(tables)?;
        for (hold, found) in all.iter().zip(self.unread_holds(tables, &all)?) {
            unread.extend(found.map(|found| UnreadRule::of_hold(hold, &found)));
        }
        Ok(unread)
    }

    pub(super) fn unread_policies(&self, tables: &impl Tables) -> Result<Vec<UnreadRule>> {
        let mut unread = Vec::new();
        for policy in policies(tables)? {
            let (Some(why), None) = (&policy.refused, &policy.released) else { continue };
            let mending = match policy.lock {
                None => Mending::Free,
                Some(_) if self.is_refused_by_language(&policy) => Mending::Locked,
                Some(_) => Mending::None,
            };
            let why = cannot_be_read(why);
            unread.push(UnreadRule { source: Source::Policy, name: policy.name, why, mending });
        }
        Ok(unread)
    }

    /// Whether the query of a policy is refused whatever the archive holds, and not only evaluating it is.
    pub(super) fn is_refused_by_language(&self, policy: &RetentionPolicy) -> bool {
        policy.query.as_deref().is_some_and(|text| parse(text, &Context::rule(self.now())).is_err())
    }
}

/// What was done with a query; or why the query is refused.
///
/// # Errors
/// Something else failed.
pub(super) fn or_refusal<T>(done: Result<T>) -> Result<std::result::Result<T, String>> {
    match done {
        Err(refusal @ Error::Query { .. }) => Ok(Err(refusal.to_string())),
        done => done.map(Ok),
    }
}

fn in_words(name: &str, refused: Option<&str>) -> String {
    match refused {
        Some(why) => format!("{name}: its query cannot be read: {why}; it is taken to cover all that it may"),
        None => format!("{name}: its query can be read again"),
    }
}

fn cannot_be_read(why: &str) -> String {
    format!("its query cannot be read: {why}")
}
