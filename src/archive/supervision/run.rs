//! Looking through what arrived, for what policies look for.

use std::collections::{BTreeMap, HashMap};

use roaring::RoaringTreemap;

use super::direction::Parties;
use super::exclusion::{Exclusion, outside};
use super::policy::{current, find};
use crate::archive::Archive;
use crate::archive::follow::read_facts_of;
use crate::archive::import::Interrupt;
use crate::archive::mappings::own_mapping;
use crate::archive::rule_query::or_refusal;
use crate::evidence::is_drawn;
use crate::index::{Highlighter, Matched, MatchedIn, Unindexed};
use crate::message::Facts;
use crate::model::{
    Direction, FOUND_PLACES, FoundIn, Item, ItemNo, MessageNo, SupervisionEntry, SupervisionMatch, SupervisionMatchNo,
    SupervisionPolicy, SupervisionStep,
};
use crate::people::{Directory, Resolver};
use crate::query::{Context, Query, parse};
use crate::store::{
    ContentReader, MessageReader, MessageRow, MessageSet, Snapshot, Transaction, insert_supervision_match,
    items_between, last_item, load_common, mailboxes, put_supervision_match, put_supervision_policy, supervision_match,
    supervision_match_of,
};
use crate::{Error, Result};

/// Items that are looked through before what was found is written.
const WINDOW: u64 = 100_000;

/// Messages that are read at a time, and their bytes behind which no more are.
const CHUNK: usize = 256;
const CHUNK_BYTES: u64 = 16 << 20;

/// What a policy found in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupervisionRun {
    /// The name of the policy.
    pub policy: String,
    /// Its version.
    pub version: u32,
    /// Items of supervised people that were looked through.
    pub items: u64,
    /// Those of which not all can be searched, and that were not found by the rest.
    pub partially_indexed: u64,
    /// Those that were found, and had not been before.
    pub matched: u64,
    /// Those that were drawn for review.
    pub drawn: u64,
    /// The newest item that was looked at.
    pub through: ItemNo,
    /// Why its query cannot be read or evaluated any longer, if it cannot. Nothing was looked at behind `through` then.
    pub refused: Option<String>,
}

/// What a policy looks for.
struct Wanted {
    query: Option<Query>,
    highlighter: Option<Highlighter>,
    excluded: Option<Exclusion>,
}

/// What may be found among messages.
struct Candidates {
    /// All of them.
    messages: RoaringTreemap,
    /// Those that have something that does not count.
    doubtful: RoaringTreemap,
    /// Where the query finds something, in those that it finds with all that they have.
    matched: HashMap<MessageNo, Matched>,
}

/// An item that was found, with what is known of it.
struct Found {
    item: Item,
    row: MessageRow,
    direction: Direction,
    places: Vec<FoundIn>,
}

impl Archive {
    /// Looks through what arrived since the last run for what policies look for: those named, or all that are not paused.
    /// `progress` is told how many items of how many a policy has looked at. What is interrupted goes on there.
    ///
    /// # Errors
    /// There is no such policy or it is paused, somebody interrupted, or the store or the index failed.
    pub fn run_supervision(
        &mut self,
        names: &[String],
        interrupt: &Interrupt,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<SupervisionRun>> {
        let policies = self.policies_to_run(names)?;
        self.catch_up(&mut |_, _| {})?;
        let snapshot = self.store.snapshot()?;
        let directory = Directory::new(&mailboxes(&snapshot)?);
        let resolver = Resolver::new(vec![own_mapping(&snapshot)?], directory, false);
        let mut runs = Vec::with_capacity(policies.len());
        for policy in policies {
            runs.push(self.run_policy(&snapshot, policy, &resolver, interrupt, progress)?);
        }
        Ok(runs)
    }

    fn policies_to_run(&self, names: &[String]) -> Result<Vec<SupervisionPolicy>> {
        let snapshot = self.store.snapshot()?;
        if names.is_empty() {
            return Ok(current(&snapshot)?.into_iter().filter(|policy| !policy.paused).collect());
        }
        let mut policies: BTreeMap<String, SupervisionPolicy> = BTreeMap::new();
        for name in names {
            let policy = find(&snapshot, name)?;
            if policy.paused {
                return Err(Error::InvalidInput(format!(
                    "supervision policy `{0}` is paused: `custodia supervise policy resume {0}`",
                    policy.name
                )));
            }
            policies.insert(policy.name.clone(), policy);
        }
        Ok(policies.into_values().collect())
    }

    fn run_policy(
        &self,
        snapshot: &Snapshot,
        mut policy: SupervisionPolicy,
        resolver: &Resolver,
        interrupt: &Interrupt,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<SupervisionRun> {
        let last = last_item(snapshot)?;
        let mut run = SupervisionRun {
            policy: policy.name.clone(),
            version: policy.version,
            items: 0,
            partially_indexed: 0,
            matched: 0,
            drawn: 0,
            through: policy.looked_through,
            refused: None,
        };
        loop {
            if interrupt.is_raised() {
                return Err(Error::Interrupted);
            }
            let (window, through) = next_items(snapshot, &policy, last)?;
            let before = run.clone();
            let found = or_refusal(self.found_in(snapshot, &policy, &window, resolver, (interrupt, &mut run)))?;
            let transaction = self.store.begin()?;
            match found {
                Ok(found) => {
                    for found in found {
                        self.insert(&transaction, &policy, found, &mut run)?;
                    }
                    run.through = through;
                }
                Err(why) => run = SupervisionRun { refused: Some(why), ..before.clone() },
            }
            policy.looked_through = run.through;
            put_supervision_policy(&transaction, &policy)?;
            let outcome = run.in_words(&before);
            self.record(&transaction, "supervise.run", &policy.id.to_string(), &outcome)?;
            transaction.commit()?;
            progress(run.through.0, last.0);
            if run.refused.is_some() || run.through >= last {
                return Ok(run);
            }
        }
    }

    /// What a policy finds among items of supervised people.
    fn found_in(
        &self,
        snapshot: &Snapshot,
        policy: &SupervisionPolicy,
        window: &[Item],
        resolver: &Resolver,
        (interrupt, run): (&Interrupt, &mut SupervisionRun),
    ) -> Result<Vec<Found>> {
        let wanted = self.wanted(policy)?;
        let messages: RoaringTreemap = window.iter().map(|item| item.message.0).collect();
        let candidates = self.candidates(&wanted, &messages)?;
        let mut partial = load_common(snapshot, MessageSet::PartiallyIndexed, &messages)?;
        let mut items: HashMap<MessageNo, Vec<Item>> = HashMap::new();
        for item in window.iter().filter(|item| candidates.messages.contains(item.message.0)) {
            items.entry(item.message).or_default().push(*item);
        }
        let mut found = Vec::new();
        let mut rows = MessageReader::new(snapshot)?;
        let mut contents = ContentReader::new(snapshot)?;
        let mut numbers = candidates.messages.iter().map(MessageNo).peekable();
        while numbers.peek().is_some() {
            if interrupt.is_raised() {
                return Err(Error::Interrupted);
            }
            let chunk = next_rows(&mut rows, &mut numbers)?;
            let read = read_facts_of(&self.directory, &mut contents, chunk)?;
            for (no, row, facts) in wanted.without_excluded(read, &candidates)? {
                partial.remove(no.0);
                let parties = Parties::of(&facts, resolver);
                let places = wanted.places(&facts, candidates.matched.get(&no));
                for item in items.remove(&no).unwrap_or_default() {
                    let Some(direction) = parties.direction(policy, item.mailbox) else { continue };
                    found.push(Found { item, row: row.clone(), direction, places: places.clone() });
                }
            }
        }
        run.items += window.len() as u64;
        run.partially_indexed += window.iter().filter(|item| partial.contains(item.message.0)).count() as u64;
        found.sort_unstable_by_key(|found| found.item.no);
        Ok(found)
    }

    fn wanted(&self, policy: &SupervisionPolicy) -> Result<Wanted> {
        let read = |text: &str| Ok::<_, Error>(parse(text, &Context::rule(self.now()))?.query);
        let query = policy.query.as_deref().map(read).transpose()?;
        // Whom the query names is looked for under all names; what depends on a date that nobody knows is found.
        let query = query.map(|query| Ok::<_, Error>(self.with_people(&query)?.0.possible())).transpose()?;
        let excluded = policy.exclude.as_deref().map(|text| Exclusion::read(text, self.now())).transpose()?;
        Ok(Wanted { highlighter: query.as_ref().map(Highlighter::of), query, excluded })
    }

    /// Which of `messages` may be found: those that the query finds, and those that have something that does not count, without
    /// which it may find them or not.
    fn candidates(&self, wanted: &Wanted, messages: &RoaringTreemap) -> Result<Candidates> {
        let Some(query) = &wanted.query else {
            let (doubtful, matched) = (RoaringTreemap::new(), HashMap::new());
            return Ok(Candidates { messages: messages.clone(), doubtful, matched });
        };
        let found = self.index.matches_within(query, Some(messages))?;
        let matched = self.index.matched_in(query, &found)?;
        let doubtful = match &wanted.excluded {
            Some(excluded) => self.index.matches_within(excluded.query(), Some(messages))?,
            None => RoaringTreemap::new(),
        };
        Ok(Candidates { messages: found | &doubtful, doubtful, matched })
    }

    fn insert(
        &self,
        transaction: &Transaction,
        policy: &SupervisionPolicy,
        found: Found,
        run: &mut SupervisionRun,
    ) -> Result<()> {
        let Found { item, row, direction, places } = found;
        let drawn = is_drawn(&policy.draw_key, item.no.0, policy.percent);
        if let Some(no) = supervision_match_of(transaction, policy.id, item.no)? {
            return if drawn { self.draw_more(transaction, policy, no, run) } else { Ok(()) };
        }
        run.matched += 1;
        run.drawn += u64::from(drawn);
        let found = SupervisionMatch {
            no: SupervisionMatchNo(0),
            policy: policy.id,
            version: policy.version,
            item: item.no,
            message: item.message,
            mailbox: item.mailbox,
            digest: row.digest,
            direction,
            places,
            found_at: self.act_time(transaction)?,
            drawn,
            entries: Vec::new(),
        };
        insert_supervision_match(transaction, found).map(drop)
    }

    /// Draws a match that was not drawn before, for a higher share draws it now.
    fn draw_more(
        &self,
        transaction: &Transaction,
        policy: &SupervisionPolicy,
        no: SupervisionMatchNo,
        run: &mut SupervisionRun,
    ) -> Result<()> {
        let Some(mut known) = supervision_match(transaction, no)?.filter(|known| !known.drawn) else { return Ok(()) };
        run.drawn += 1;
        known.drawn = true;
        known.entries.push(SupervisionEntry {
            step: SupervisionStep::Drawn,
            by: self.session.actor.clone(),
            at: self.act_time(transaction)?,
            comment: format!("version {} draws {} %", policy.version, policy.percent),
        });
        put_supervision_match(transaction, &known)
    }
}

impl SupervisionRun {
    /// What was done since `before`, for the audit log.
    fn in_words(&self, before: &Self) -> String {
        let looked = format!(
            "{} version {}: {} items looked through, {} of them in part; {} matched, {} drawn; through item {}",
            self.policy,
            self.version,
            self.items - before.items,
            self.partially_indexed - before.partially_indexed,
            self.matched - before.matched,
            self.drawn - before.drawn,
            self.through
        );
        match &self.refused {
            Some(why) => format!("{looked}; its query cannot be used: {why}"),
            None => looked,
        }
    }
}

impl Wanted {
    /// Leaves out the messages in which the query finds nothing but what does not count. What it finds in attachments stays.
    fn without_excluded(
        &self,
        read: Vec<(MessageNo, MessageRow, Facts)>,
        candidates: &Candidates,
    ) -> Result<Vec<(MessageNo, MessageRow, Facts)>> {
        let (Some(query), Some(excluded)) = (&self.query, &self.excluded) else { return Ok(read) };
        let in_files = [MatchedIn::AttachmentName, MatchedIn::AttachmentText];
        let in_attachment = |no: &MessageNo| {
            candidates.matched.get(no).is_some_and(|matched| matched.parts.iter().any(|part| in_files.contains(part)))
        };
        let is_doubtful = |no: &MessageNo| candidates.doubtful.contains(no.0) && !in_attachment(no);
        let doubtful = read.iter().filter(|(no, ..)| is_doubtful(no));
        let (numbers, doubtful): (Vec<MessageNo>, Vec<Unindexed>) = doubtful
            .map(|(no, row, facts)| (*no, Unindexed { digest: row.digest, raw_len: row.raw_len, facts: facts.clone() }))
            .unzip();
        let left = excluded.found_outside(query, &doubtful)?;
        let found: RoaringTreemap =
            (0..).zip(&numbers).filter(|(place, _)| left.contains(*place)).map(|(_, no)| no.0).collect();
        Ok(read.into_iter().filter(|(no, ..)| !is_doubtful(no) || found.contains(no.0)).collect())
    }

    /// Where something was found.
    fn places(&self, facts: &Facts, matched: Option<&Matched>) -> Vec<FoundIn> {
        let Some(highlighter) = &self.highlighter else { return Vec::new() };
        let of = |text: &str| {
            let out = self.excluded.as_ref().map_or_else(Vec::new, |excluded| excluded.ranges(text));
            outside(highlighter.all(text), &out)
        };
        let subject = of(&facts.subject).into_iter().map(|at| FoundIn::Subject(at.start as u64, at.end as u64));
        let mut places: Vec<FoundIn> = subject.collect();
        places.extend(of(&facts.body).into_iter().map(|at| FoundIn::Body(at.start as u64, at.end as u64)));
        if let Some(matched) = matched {
            places.extend(matched.attachments.iter().map(|attachment| FoundIn::Attachment(attachment.n as u64)));
            places.extend(matched.parts.contains(&MatchedIn::People).then_some(FoundIn::People));
        }
        places.truncate(FOUND_PLACES);
        places
    }
}

/// The next items of supervised people that a policy has not looked at, and the last number that it has looked at with them.
fn next_items(snapshot: &Snapshot, policy: &SupervisionPolicy, last: ItemNo) -> Result<(Vec<Item>, ItemNo)> {
    let through = last.min(ItemNo(policy.looked_through.0.saturating_add(WINDOW)));
    let mut window = Vec::new();
    items_between(snapshot, policy.looked_through, through, |item| {
        if policy.supervises(item.mailbox) {
            window.push(item);
        }
        Ok(())
    })?;
    Ok((window, through))
}

/// The rows of the next messages, at least one and as many as memory is given for.
fn next_rows(
    reader: &mut MessageReader<'_>,
    numbers: &mut impl Iterator<Item = MessageNo>,
) -> Result<Vec<(MessageNo, MessageRow)>> {
    let (mut rows, mut bytes) = (Vec::with_capacity(CHUNK), 0);
    while rows.len() < CHUNK && bytes <= CHUNK_BYTES {
        let Some(no) = numbers.next() else { break };
        let row = reader.get(no)?.ok_or_else(|| Error::Corrupt(format!("message {no} is missing")))?;
        bytes += row.raw_len;
        rows.push((no, row));
    }
    Ok(rows)
}
