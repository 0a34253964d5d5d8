//! The matches of narrowed holds, kept current.

use roaring::RoaringTreemap;

use super::coverage::known_through;
use super::state::in_delay;
use crate::archive::Archive;
use crate::archive::rule_query::or_refusal;
use crate::index::RULES;
use crate::model::{Hold, HoldEvaluation, HoldScope, MessageNo, UtcTime};
use crate::query::{Context, DateProperty, Interval, Node, Query, parse};
use crate::store::{MessageSet, Snapshot, Transaction, extend_set, holds, last_message, load_set, put_hold};
use crate::{Error, Result};

impl Archive {
    /// Finds, for each narrowed hold, its matches among the messages that came since it was last evaluated, and among
    /// all of them where the rules of searching are new. A match stays one: what searching by newer rules would not
    /// find is not freed.
    ///
    /// A hold whose query is refused by newer rules is left as it is, and holds all that it was not evaluated on.
    pub(in crate::archive) fn evaluate_query_holds(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let (last, now) = (last_message(&snapshot)?, self.now());
        let is_behind = |evaluation: &HoldEvaluation| known_through(*evaluation) < last || evaluation.rules != RULES;
        let mut evaluated = Vec::new();
        for mut hold in holds(&snapshot)? {
            let mut found = Vec::new();
            for (scope, evaluation) in live_scopes(&mut hold, now) {
                if scope.is_narrowed() && is_behind(evaluation) {
                    match self.new_matches(&snapshot, scope, *evaluation) {
                        Err(Error::Query { .. }) => continue,
                        new => found.push((evaluation.set, new?)),
                    }
                    (evaluation.through, evaluation.rules) = (last, RULES);
                }
            }
            if !found.is_empty() {
                evaluated.push((hold, found));
            }
        }
        if evaluated.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        for (hold, found) in evaluated {
            let mut count = 0;
            for (set, new) in found {
                count += new.len();
                extend_set(&transaction, MessageSet::HoldMatches(set), new.iter().map(MessageNo), [])?;
            }
            self.record(&transaction, "hold.evaluate", &hold.id.to_string(), &format!("{count} new matches"))?;
            put_hold(&transaction, &hold)?;
        }
        transaction.commit()
    }

    /// Finds the matches of all narrowed holds among messages of which more is searched than when they were evaluated.
    pub(in crate::archive) fn match_narrowed_holds(
        &self,
        transaction: &Transaction,
        within: &RoaringTreemap,
    ) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        for mut hold in holds(&snapshot)? {
            let mut refused = false;
            for (scope, evaluation) in live_scopes(&mut hold, self.now()) {
                if !scope.is_narrowed() {
                    continue;
                }
                let query = self.scope_query(scope);
                match or_refusal(query.and_then(|query| self.index.matches_within(&query, Some(within))))? {
                    Ok(mut found) => {
                        let known = load_set(&snapshot, MessageSet::HoldMatches(evaluation.set))?;
                        found -= &known;
                        self.add_families(&snapshot, &known, &mut found, MessageNo(0))?;
                        let set = MessageSet::HoldMatches(evaluation.set);
                        extend_set(transaction, set, found.iter().map(MessageNo), [])?;
                    }
                    Err(_) => {
                        // It holds all that it was not evaluated on.
                        (evaluation.through, evaluation.rules, refused) = (MessageNo(0), 0, true);
                    }
                }
            }
            if refused {
                put_hold(transaction, &hold)?;
            }
        }
        Ok(())
    }

    /// The messages that a scope covers and did not when it was last evaluated, with their families.
    pub(super) fn new_matches(
        &self,
        snapshot: &Snapshot,
        scope: &HoldScope,
        evaluation: HoldEvaluation,
    ) -> Result<RoaringTreemap> {
        let known = load_set(snapshot, MessageSet::HoldMatches(evaluation.set))?;
        let since = MessageNo(known_through(evaluation).0 + 1);
        let mut found = self.index.decisive_matches(&self.scope_query(scope)?, since)?;
        found -= &known;
        self.add_families(snapshot, &known, &mut found, since)?;
        Ok(found)
    }

    /// The condition that narrows a scope. A message without any date might be of the range, and is covered.
    pub(in crate::archive) fn scope_query(&self, scope: &HoldScope) -> Result<Query> {
        let mut conditions = Vec::new();
        if let Some(text) = &scope.query {
            conditions.push(self.stored_query(text)?.root);
        }
        if scope.from.is_some() || scope.before.is_some() {
            let date = |interval| Node::Date { property: DateProperty::Either, interval };
            let ever = Interval { from: Some(i64::MIN), before: None };
            conditions
                .push(Node::Or(vec![date(Interval::times(scope.from, scope.before)), Node::Not(Box::new(date(ever)))]));
        }
        let first = if conditions.len() > 1 { None } else { conditions.pop() };
        Ok(Query { root: first.unwrap_or(if conditions.is_empty() { Node::All } else { Node::And(conditions) }) })
    }

    /// Reads the query of a new hold, policy or label: it must mean the same on every day, and nothing may be doubtful in it.
    ///
    /// # Errors
    /// It cannot be read, or is warned of.
    pub(in crate::archive) fn hold_query(&self, text: &str) -> Result<Query> {
        let parsed = parse(text, &Context::rule(self.now()))?;
        match parsed.warnings.first() {
            None => self.covering(&parsed.query),
            Some(warning) => Err(Error::Query {
                code: warning.code,
                offset: warning.offset,
                message: warning.message.clone(),
                hint: "a hold takes only queries that can be read in one way".to_owned(),
            }),
        }
    }

    /// Reads a query that was admitted before: what only newer versions warn of still means what it meant.
    ///
    /// # Errors
    /// It cannot be read.
    pub(in crate::archive) fn stored_query(&self, text: &str) -> Result<Query> {
        self.covering(&parse(text, &Context::rule(self.now()))?.query)
    }
}

/// The scopes of a hold that still hold something at `now`, the present one first.
pub(in crate::archive) fn live_scopes(hold: &mut Hold, now: UtcTime) -> Vec<(&HoldScope, &mut HoldEvaluation)> {
    // Drafts too: they say what they would cover.
    let live = hold.released.as_ref().is_none_or(|release| in_delay(release, hold.delay_ended.as_ref(), now));
    let mut scopes = Vec::new();
    if live {
        scopes.push((&hold.scope, &mut hold.evaluation));
        let former = hold.former.iter_mut();
        let former = former.filter(|former| in_delay(&former.ended, former.delay_ended.as_ref(), now));
        scopes.extend(former.map(|former| (&former.scope, &mut former.evaluation)));
    }
    scopes
}
