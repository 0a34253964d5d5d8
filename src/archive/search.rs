//! Content search.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use roaring::RoaringTreemap;

use super::Archive;
use super::follow::read_facts;
use super::mailboxes::find_mailbox;
use crate::index::{DateOrder, Found, highlights};
use crate::model::{Digest, Folder, FolderNo, ItemNo, Mailbox, MailboxNo, MessageNo, Participant, Role, UtcTime};
use crate::query::{Context, Mode, Node, Query, Warning, parse};
use crate::store::{
    ContentReader, MessageRow, MessageSet, Snapshot, folders, items_of_message, load_set, mailboxes, message,
};
use crate::{Error, Result};

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// In which order hits are returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// By sent time, newest first.
    #[default]
    Newest,
    /// By sent time, oldest first.
    Oldest,
}

impl From<SortOrder> for DateOrder {
    fn from(order: SortOrder) -> Self {
        match order {
            SortOrder::Newest => Self::NewestFirst,
            SortOrder::Oldest => Self::OldestFirst,
        }
    }
}

/// What to search, and where.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// The query; `None` matches everything in scope.
    pub query: Option<String>,
    /// How the query is read.
    pub mode: Mode,
    /// Addresses of mailboxes; empty means all.
    pub mailboxes: Vec<String>,
    /// Folder paths, ignoring case; empty means all. Subfolders are not included.
    pub folders: Vec<String>,
    /// Most hits to return; `None` returns all.
    pub limit: Option<u64>,
    /// In which order.
    pub sort: SortOrder,
}

/// What a search found in all, whatever the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchReport {
    /// Messages that match.
    pub messages: u64,
    /// Items that match.
    pub items: u64,
    /// Raw bytes of the messages that match.
    pub bytes: u64,
    /// Items in scope of which not all can be searched; some of them may match too.
    pub partially_indexed: u64,
    /// How the query was read.
    pub mode: Mode,
    /// The query as it was read; empty for match-all.
    pub read_as: String,
    /// Readings that the searcher may not expect.
    pub warnings: Vec<Warning>,
}

/// One item that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// Digest of its raw bytes.
    pub digest: Digest,
    /// Address of its mailbox.
    pub mailbox: String,
    /// Path of its folder.
    pub folder: String,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The author.
    pub from: String,
    /// Recipients (To, Cc, Bcc).
    pub to: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Text around the first match.
    pub snippet: String,
    /// Where in `snippet` the query matches, as byte ranges.
    pub highlights: Vec<Range<usize>>,
}

/// The folders that are searched.
struct Scope {
    folders: HashMap<FolderNo, Folder>,
    mailboxes: HashMap<MailboxNo, Mailbox>,
    whole: bool,
}

impl Archive {
    /// Searches. `begin` is told what was found in all, then `visit` gets each hit in order.
    ///
    /// The search is recorded before anything of it is shown.
    ///
    /// # Errors
    /// The query is refused, a mailbox or folder does not exist, or the store or the index failed.
    pub fn search(
        &mut self,
        request: &SearchRequest,
        begin: &mut dyn FnMut(&SearchReport) -> Result<()>,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<SearchReport> {
        self.catch_up(&mut |_, _| {})?;
        let (query, warnings) = self.recorded(request, self.read_query(request))?;
        let snapshot = self.store.snapshot()?;
        let scope = scope_of(&snapshot, request)?;
        let within = scope.messages(&snapshot)?;
        let found = self.index.by_date(&query, within.as_ref(), request.sort.into());
        let mut found = self.recorded(request, found)?;
        if within.is_none() {
            let quarantined = load_set(&snapshot, MessageSet::Quarantined)?;
            if !quarantined.is_empty() {
                found.retain(|found| !quarantined.contains(found.message.0));
            }
        }
        let report = scope.report(&snapshot, &found, request, &query, warnings)?;
        self.record_search(request, &report)?;
        begin(&report)?;
        let hits = Hits { query: &query, scope: &scope, snapshot: &snapshot, directory: &self.directory };
        hits.visit(&found, request.limit.unwrap_or(u64::MAX), visit)?;
        Ok(report)
    }

    /// Passes `result` on, a refusal of the query only after it is recorded.
    fn recorded<T>(&self, request: &SearchRequest, result: Result<T>) -> Result<T> {
        if let Err(refusal @ Error::Query { .. }) = &result {
            self.record_alone("search", request.query.as_deref().unwrap_or_default(), &refusal.to_string())?;
        }
        result
    }

    fn read_query(&self, request: &SearchRequest) -> Result<(Query, Vec<Warning>)> {
        let Some(text) = request.query.as_deref() else { return Ok((Query { root: Node::All }, Vec::new())) };
        let context = Context { mode: request.mode, ..Context::search(self.now()) };
        parse(text, &context).map(|parsed| (parsed.query, parsed.warnings))
    }

    fn record_search(&self, request: &SearchRequest, report: &SearchReport) -> Result<()> {
        let mut scope: Vec<String> = request.mailboxes.iter().map(|mailbox| format!("mailbox {mailbox}")).collect();
        scope.extend(request.folders.iter().map(|folder| format!("folder {folder}")));
        let scope = if scope.is_empty() { "everywhere".to_owned() } else { scope.join(", ") };
        let SearchReport { messages, items, partially_indexed, read_as, .. } = report;
        let outcome = format!(
            "{messages} messages, {items} items, {partially_indexed} partially indexed in scope; {scope}; {} mode, read as {}",
            request.mode.as_str(),
            if read_as.is_empty() { "(all)" } else { read_as }
        );
        self.record_alone("search", request.query.as_deref().unwrap_or("(all)"), &outcome).map(drop)
    }
}

fn scope_of(snapshot: &Snapshot, request: &SearchRequest) -> Result<Scope> {
    let wanted: Vec<MailboxNo> =
        request.mailboxes.iter().map(|address| find_mailbox(snapshot, address)).collect::<Result<_>>()?;
    let all = folders(snapshot)?;
    for path in &request.folders {
        if !all.iter().any(|folder| same_path(&folder.path, path)) {
            return Err(Error::NotFound { what: "folder", id: path.clone() });
        }
    }
    let in_scope = |folder: &Folder| {
        (wanted.is_empty() || wanted.contains(&folder.mailbox))
            && (request.folders.is_empty() || request.folders.iter().any(|path| same_path(&folder.path, path)))
    };
    Ok(Scope {
        folders: all.into_iter().filter(in_scope).map(|folder| (folder.no, folder)).collect(),
        mailboxes: mailboxes(snapshot)?.into_iter().map(|mailbox| (mailbox.no, mailbox)).collect(),
        whole: wanted.is_empty() && request.folders.is_empty(),
    })
}

fn same_path(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

impl Scope {
    /// The messages in scope; `None` if the scope is the whole archive.
    fn messages(&self, snapshot: &Snapshot) -> Result<Option<RoaringTreemap>> {
        if self.whole {
            return Ok(None);
        }
        let mut messages = RoaringTreemap::new();
        for folder in self.folders.keys() {
            messages |= load_set(snapshot, MessageSet::Folder(*folder))?;
        }
        Ok(Some(messages))
    }

    fn report(
        &self,
        snapshot: &Snapshot,
        found: &[Found],
        request: &SearchRequest,
        query: &Query,
        warnings: Vec<Warning>,
    ) -> Result<SearchReport> {
        let hits: RoaringTreemap = found.iter().map(|found| found.message.0).collect();
        let partial = load_set(snapshot, MessageSet::PartiallyIndexed)?;
        let (mut items, mut partially_indexed) = (0, 0);
        for folder in self.folders.keys() {
            let members = load_set(snapshot, MessageSet::Folder(*folder))?;
            items += members.intersection_len(&hits);
            partially_indexed += members.intersection_len(&partial);
        }
        Ok(SearchReport {
            messages: hits.len(),
            items,
            bytes: found.iter().map(|found| found.size).sum(),
            partially_indexed,
            mode: request.mode,
            read_as: if query.root == Node::All { String::new() } else { query.to_string() },
            warnings,
        })
    }
}

/// Messages whose hits are prepared together, on all cores.
const WINDOW: usize = 512;

/// Hits being made out of what the index found.
struct Hits<'s> {
    query: &'s Query,
    scope: &'s Scope,
    snapshot: &'s Snapshot,
    directory: &'s Path,
}

/// What all hits of one message share.
struct Described {
    row: MessageRow,
    from: String,
    to: Vec<String>,
    subject: String,
    snippet: String,
    highlights: Vec<Range<usize>>,
}

impl Hits<'_> {
    fn visit(&self, found: &[Found], limit: u64, visit: &mut dyn FnMut(Hit) -> Result<()>) -> Result<()> {
        let threads = rayon::current_num_threads().clamp(1, 8);
        let mut readers = (0..threads).map(|_| ContentReader::new(self.snapshot)).collect::<Result<Vec<_>>>()?;
        let mut left = limit;
        // Every message that was found has an item in scope, so no more of them are needed than hits.
        for window in
            found.get(..found.len().min(usize::try_from(limit).unwrap_or(usize::MAX))).unwrap_or(found).chunks(WINDOW)
        {
            let share = window.len().div_ceil(threads);
            let described: Vec<Vec<Described>> = window
                .par_chunks(share)
                .zip(readers.par_iter_mut())
                .map(|(found, reader)| found.iter().map(|found| self.describe(found.message, reader)).collect())
                .collect::<Result<_>>()?;
            for (found, described) in window.iter().zip(described.into_iter().flatten()) {
                self.visit_items(found.message, &described, &mut left, visit)?;
            }
        }
        Ok(())
    }

    fn describe(&self, no: MessageNo, reader: &mut ContentReader) -> Result<Described> {
        let row = message(self.snapshot, no)?
            .ok_or_else(|| Error::Corrupt(format!("the index has message {no} and the store has not")))?;
        let facts = read_facts(self.directory, reader, &row)?;
        let (snippet, highlights) = snippet(&facts.body, self.query);
        let (from, to) = people(&facts.participants);
        Ok(Described { row, from, to, subject: facts.subject, snippet, highlights })
    }

    fn visit_items(
        &self,
        no: MessageNo,
        described: &Described,
        left: &mut u64,
        visit: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<()> {
        for item in items_of_message(self.snapshot, no)? {
            let Some(folder) = self.scope.folders.get(&item.folder).filter(|_| *left > 0) else { continue };
            *left -= 1;
            visit(Hit {
                item: item.no,
                message: item.message,
                digest: described.row.digest,
                mailbox: self.scope.mailboxes.get(&item.mailbox).map_or_else(String::new, |m| m.address.clone()),
                folder: folder.path.clone(),
                sent_at: described.row.sent_at,
                from: described.from.clone(),
                to: described.to.clone(),
                subject: described.subject.clone(),
                snippet: described.snippet.clone(),
                highlights: described.highlights.clone(),
            })?;
        }
        Ok(())
    }
}

fn people(participants: &[Participant]) -> (String, Vec<String>) {
    let author = participants.iter().find(|participant| participant.role == Role::From);
    let recipients = participants.iter().filter(|p| matches!(p.role, Role::To | Role::Cc | Role::Bcc));
    let mut seen = BTreeSet::new();
    let named = recipients.map(Participant::display).filter(|name| seen.insert(name.clone())).collect();
    (author.map_or_else(String::new, Participant::display), named)
}

/// One line of text around the first match, with the places in it that match.
fn snippet(body: &str, query: &Query) -> (String, Vec<Range<usize>>) {
    const LOOK: usize = 64 << 10;
    let body = body.get(..body.floor_char_boundary(LOOK)).unwrap_or(body);
    let first = highlights(body, query).first().map_or(0, |range| range.start);
    let start = body.get(..first).unwrap_or_default().char_indices().rev().take(SNIPPET / 4).last();
    let start = if first == 0 { 0 } else { start.map_or(0, |(at, _)| at) };
    let mut line = String::with_capacity(SNIPPET * 2);
    let mut characters = 0;
    for word in body.get(start..).unwrap_or_default().split_whitespace() {
        if characters >= SNIPPET {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let cut: String = word.chars().take(SNIPPET - characters).collect();
        characters += cut.chars().count() + 1;
        line.push_str(&cut);
    }
    let places = highlights(&line, query);
    (line, places)
}
