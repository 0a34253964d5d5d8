//! The names by which the directory knows the people of the queries of rules. Where a person gets another address, number or
//! name, or loses one, a query means other messages than before, of those that are there already too.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::Archive;
use super::hold::live_scopes;
use super::label::forget_matches;
use crate::index::{RULES, tokens};
use crate::model::{Digest, Hold, HoldScope, RetentionLabel, RetentionPolicy};
use crate::people::People;
use crate::query::{Context, Expansion, Query, parse};
use crate::store::{
    Tables, holds, labels, mailboxes, mapped_ids, people_changes, policies, put_hold, put_label, put_policy,
};
use crate::{Error, Result};

/// The people whom the archive knows, read once for as long as they stay the same.
#[derive(Default)]
pub(super) struct KnownNames(Mutex<Option<(u64, Arc<People>)>>);

impl KnownNames {
    /// The people as `tables` know them.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn people(&self, tables: &impl Tables) -> Result<Arc<People>> {
        let changes = people_changes(tables)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, people)) = kept.as_ref()
            && *of == changes
        {
            return Ok(Arc::clone(people));
        }
        let people = Arc::new(People::new(&mailboxes(tables)?, mapped_ids(tables)?));
        *kept = Some((changes, Arc::clone(&people)));
        Ok(people)
    }
}

/// What other names of people did to the rules in whose queries these people are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedRules {
    /// Holds, policies and labels whose queries mean other people now than before, each with its sort.
    pub rules: Vec<String>,
    /// The names of the policies that find messages now which were there before: their deletion waits until it is put in force
    /// again.
    pub stopped_deletions: Vec<String>,
    /// Why the rules could not be evaluated again yet, if so: which deletions stop will be known then.
    pub not_evaluated: Option<String>,
}

/// Digest of the names that were added to a query; `None` if none were.
fn digest_of(added: &[Expansion]) -> Option<Digest> {
    if added.is_empty() {
        return None;
    }
    let mut hasher = blake3::Hasher::new_derive_key("custodia names of the people of a query 1");
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    };
    for Expansion { offset, names, ids, .. } in added {
        let mut names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut keys: Vec<&str> = ids.iter().map(|id| id.key.as_str()).collect();
        names.sort_unstable();
        keys.sort_unstable();
        add(&format!("{offset} {} {}", names.len(), keys.len()));
        names.iter().map(String::as_str).chain(keys).for_each(&mut add);
    }
    Some(Digest(*hasher.finalize().as_bytes()))
}

/// A query under the names that `people` have, and what was added. What consists of signs that are not searched is no name.
fn named(query: &Query, people: &People) -> (Query, Vec<Expansion>) {
    query.with_people(&|value| {
        let mut known = people.names_of(value);
        known.names.retain(|name| tokens(name).next().is_some());
        known
    })
}

/// Digest of the names that were added to a query under the names that `people` have.
fn digest_among(query: &Query, people: &People) -> Option<Digest> {
    digest_of(&named(query, people).1)
}

impl Archive {
    /// The query with its people under all names that mailboxes and the mapping have for them now.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn with_people(&self, query: &Query) -> Result<(Query, Vec<Expansion>)> {
        if !query.names_people() {
            return Ok((query.clone(), Vec::new()));
        }
        Ok(named(query, &*self.names.people(&self.store.snapshot()?)?))
    }

    /// Digest of the other names by which the people of the query of a rule are known; `None` if there are none.
    ///
    /// # Errors
    /// The query cannot be read, or the store failed.
    pub(super) fn known_people(&self, query: Option<&str>) -> Result<Option<Digest>> {
        query.map_or(Ok(None), |query| self.people_among(query, &self.store.snapshot()?))
    }

    fn people_among(&self, query: &str, tables: &impl Tables) -> Result<Option<Digest>> {
        let query = parse(query, &Context::rule(self.now()))?.query;
        if !query.names_people() {
            return Ok(None);
        }
        Ok(digest_among(&query, &*self.names.people(tables)?))
    }

    /// Digest of what queries mean beyond their text: by which rules of searching they are read, and by which names their people
    /// are known; `None` if there are no queries.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn meaning<'q>(
        &self,
        queries: impl Iterator<Item = &'q str>,
        tables: &impl Tables,
    ) -> Result<Option<Digest>> {
        let mut meant = None;
        for query in queries {
            let people = self.people_or(None, Some(query), tables)?;
            let meant = meant.get_or_insert_with(|| RULES.to_le_bytes().to_vec());
            meant.push(u8::from(people.is_some()));
            meant.extend(people.iter().flat_map(|digest| digest.0));
        }
        Ok(meant.map(|meant| Digest::of(&meant)))
    }

    /// The same, or what is `known` already of a query that cannot be read: nothing is to be found out about that.
    fn people_or(&self, known: Option<Digest>, query: Option<&str>, tables: &impl Tables) -> Result<Option<Digest>> {
        let Some(query) = query else { return Ok(known) };
        match self.people_among(query, tables) {
            Err(Error::Query { .. }) => Ok(known),
            people => people,
        }
    }

    /// Notes which holds, policies and labels have a query whose people are known by other names than when it was evaluated. It
    /// is to be evaluated on everything, and until then nobody knows what it finds.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn note_names(&mut self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let changed_holds = self.holds_with_other_names(&snapshot)?;
        let (mut changed_policies, mut changed_labels) = (Vec::new(), Vec::new());
        for policy in policies(&snapshot)? {
            let people = self.people_or(policy.people, policy.query.as_deref(), &snapshot)?;
            if people != policy.people {
                let is_news = policy.evaluated_rules == RULES;
                changed_policies.push((RetentionPolicy { people, evaluated_rules: 0, ..policy }, is_news));
            }
        }
        for label in labels(&snapshot)? {
            let people = self.people_or(label.people, label.query.as_deref(), &snapshot)?;
            if people != label.people {
                let is_news = label.offered_rules == RULES;
                changed_labels.push((RetentionLabel { people, offered_rules: 0, ..label }, is_news));
            }
        }
        if changed_holds.is_empty() && changed_policies.is_empty() && changed_labels.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin()?;
        // What was evaluated by older rules is evaluated anew in any case, and those may have known people by names of other sorts.
        let note = |is_news: bool, act: &str, id: &str, name: &str| {
            let outcome =
                format!("{name}: people of its query are known by other names; it is to be evaluated on everything");
            if is_news { self.record(&transaction, act, id, &outcome).map(drop) } else { Ok(()) }
        };
        for (hold, is_news) in changed_holds {
            note(is_news, "hold.names", &hold.id.to_string(), &hold.name)?;
            put_hold(&transaction, &hold)?;
        }
        for (policy, is_news) in changed_policies {
            note(is_news, "retention.policy.names", &policy.id.to_string(), &policy.name)?;
            put_policy(&transaction, &policy)?;
        }
        for (label, is_news) in changed_labels {
            note(is_news, "retention.label.names", &label.id.to_string(), &label.name)?;
            put_label(&transaction, &forget_matches(&transaction, label)?)?;
        }
        transaction.commit()
    }

    /// Notes that the queries of all holds, policies and labels are to be evaluated on everything, for the index is made anew: the
    /// one before may have been damaged, and have missed what they find. What it found stays found.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn note_new_index(&self) -> Result<()> {
        let snapshot = self.store.snapshot()?;
        let transaction = self.store.begin()?;
        for mut hold in holds(&snapshot)? {
            let mut is_narrowed = false;
            for (scope, evaluation) in live_scopes(&mut hold, self.now()) {
                (evaluation.rules, is_narrowed) = (0, is_narrowed || scope.is_narrowed());
            }
            if is_narrowed {
                put_hold(&transaction, &hold)?;
            }
        }
        for policy in policies(&snapshot)?.into_iter().filter(|policy| policy.query.is_some()) {
            put_policy(&transaction, &RetentionPolicy { evaluated_rules: 0, ..policy })?;
        }
        for label in labels(&snapshot)?.into_iter().filter(|label| label.query.is_some()) {
            let label = RetentionLabel { offered_rules: 0, ..forget_matches(&transaction, label)? };
            put_label(&transaction, &label)?;
        }
        transaction.commit()
    }

    /// The holds with a query whose people have other names than when it was evaluated, to be evaluated anew; each with whether
    /// it was evaluated by the rules of searching that hold now.
    fn holds_with_other_names(&self, tables: &impl Tables) -> Result<Vec<(Hold, bool)>> {
        let mut changed = Vec::new();
        for mut hold in holds(tables)? {
            let (mut is_changed, mut is_news) = (false, false);
            for (HoldScope { query, .. }, evaluation) in live_scopes(&mut hold, self.now()) {
                let people = self.people_or(evaluation.people, query.as_deref(), tables)?;
                if people != evaluation.people {
                    is_news |= evaluation.rules == RULES;
                    (evaluation.people, evaluation.rules, is_changed) = (people, 0, true);
                }
            }
            if is_changed {
                changed.push((hold, is_news));
            }
        }
        Ok(changed)
    }

    /// Brings all rules up to date before an act that may add mailboxes to the directory as it goes, if one has a query.
    ///
    /// # Errors
    /// The store failed. An index that cannot be used does not keep messages out.
    pub(super) fn settle_before_new_mailboxes(&mut self) -> Result<()> {
        if self.rule_queries()?.is_empty() { Ok(()) } else { self.settle_or_why().map(drop) }
    }

    /// The queries of all rules, each with what the rule is called; holds with what they covered before and still keep.
    fn rule_queries(&self) -> Result<Vec<(String, String)>> {
        let snapshot = self.store.snapshot()?;
        let mut queries = Vec::new();
        for mut hold in holds(&snapshot)? {
            let name = format!("hold {}", hold.name);
            let scopes = live_scopes(&mut hold, self.now()).into_iter();
            queries.extend(scopes.filter_map(|(scope, _)| Some((name.clone(), scope.query.clone()?))));
        }
        let policies = policies(&snapshot)?.into_iter();
        queries.extend(policies.filter_map(|policy| Some((format!("policy {}", policy.name), policy.query?))));
        let labels = labels(&snapshot)?.into_iter();
        queries.extend(labels.filter_map(|label| Some((format!("label {}", label.name), label.query?))));
        Ok(queries)
    }

    /// Does what makes the people whom the archive knows those that `after` gives. If the query of a rule means other messages
    /// then, all rules are brought up to date before, so that what it meant of those that are there is known and stays held and
    /// retained, and afterwards. Says what that changed.
    ///
    /// # Errors
    /// The store or the index failed, or `act` did.
    pub(super) fn with_other_people<T>(
        &mut self,
        after: impl FnOnce() -> Result<People>,
        act: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<(T, ChangedRules)> {
        let rules = self.rules_with_others(after)?;
        if rules.is_empty() {
            return Ok((act(self)?, ChangedRules::default()));
        }
        self.settle()?;
        let waited = self.policies_that_wait()?;
        let done = act(self)?;
        let not_evaluated = self.settle_or_why()?;
        let waiting = self.policies_that_wait()?;
        let stopped_deletions = waiting.difference(&waited).cloned().collect();
        Ok((done, ChangedRules { rules: rules.into_iter().collect(), stopped_deletions, not_evaluated }))
    }

    /// What the rules are called whose queries mean other messages once the people are those that `after` gives.
    fn rules_with_others(&self, after: impl FnOnce() -> Result<People>) -> Result<BTreeSet<String>> {
        let mut naming = Vec::new();
        for (rule, text) in self.rule_queries()? {
            match parse(&text, &Context::rule(self.now())) {
                Ok(parsed) if parsed.query.names_people() => naming.push((rule, parsed.query)),
                Ok(_) | Err(Error::Query { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if naming.is_empty() {
            return Ok(BTreeSet::new());
        }
        let (before, after) = (self.names.people(&self.store.snapshot()?)?, after()?);
        let means_other = |query: &Query| digest_among(query, &before) != digest_among(query, &after);
        Ok(naming.into_iter().filter(|(_, query)| means_other(query)).map(|(rule, _)| rule).collect())
    }

    /// The names of the policies in force whose deletion waits.
    fn policies_that_wait(&self) -> Result<BTreeSet<String>> {
        let waiting = policies(&self.store.snapshot()?)?.into_iter();
        Ok(waiting.filter(|policy| policy.deletion_waits && policy.released.is_none()).map(|p| p.name).collect())
    }
}
