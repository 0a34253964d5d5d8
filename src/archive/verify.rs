//! Verification: everything that is stored is what was written, and everything that refers to something finds it.

mod audit_log;
mod hold_notices;
mod results;
mod supervision;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use roaring::RoaringTreemap;
use serde::Serialize;

use super::Archive;
use super::rule_query::or_refusal;
use crate::index::RULES;
use crate::model::{FolderNo, MessageNo};
use crate::store::{
    ContentReader, MessageReader, MessageSet, Snapshot, all_items, all_renditions, audit_size, batches,
    content_hash_leads_to, digest_counts, folders, holds, item_count, known_items, last_message, load_set, mailboxes,
    message, message_by_digest, message_count, messages_and_damage, part_references, quarantined_messages, rejections,
    rendition_of,
};
use crate::{Error, Result};

pub use audit_log::AuditVerification;
use audit_log::verify_audit;
use hold_notices::verify_hold_notices;
use results::verify_results;
use supervision::verify_supervision;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is concerned: `store`, `message`, `part`, `item`, `set`, `ledger`, `audit`, `index`, `hold`,
    /// `frozen_result`, `supervision_policy`, `supervision_match`, `hold_notice`.
    pub object: &'static str,
    /// Which one.
    pub id: String,
    /// What is wrong, and what it means.
    pub detail: String,
}

/// The outcome of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Messages read and checked against their digests.
    pub messages: u64,
    /// Items whose references were checked.
    pub items: u64,
    /// Raw bytes read.
    pub bytes: u64,
    /// Audit entries whose hashes were computed again.
    pub audit_entries: u64,
    /// Root of the audit tree, in hexadecimal; noted elsewhere, it shows later whether the log was only appended to.
    pub audit_root: String,
    /// Problems found.
    pub problems: u64,
}

impl Archive {
    /// Reads everything and checks it. `report` gets each problem, `progress` how many messages of how many are done.
    ///
    /// # Errors
    /// The store failed so that nothing further can be read.
    pub fn verify(
        &mut self,
        report: &mut dyn FnMut(&Problem),
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Verification> {
        let snapshot = self.store.snapshot()?;
        let mut problems = 0;
        let mut note = |object: &'static str, id: String, detail: String| {
            problems += 1;
            report(&Problem { object, id, detail });
        };
        let name = self.store.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        match self.store.damaged_pages() {
            Err(Error::Corrupt(why)) => note("store", name, why),
            pages => pages?.iter().for_each(|page| {
                note(
                    "store",
                    name.clone(),
                    format!("{page}: restore the archive from a backup, and import again what came since"),
                );
            }),
        }
        let bytes = finished(unwound(|| verify_contents(&snapshot, &mut note, progress)), &mut note)?;
        for verify in [verify_items, verify_ledgers, verify_results, verify_supervision, verify_hold_notices] {
            finished(unwound(|| verify(&snapshot, &mut note)), &mut note)?;
        }
        let root = finished(unwound(|| verify_audit(&snapshot, &mut note)), &mut note)?.flatten();
        // The index can be made anew: damage to it is one problem more, and hides none of the others.
        if let Err(error @ (Error::Index { .. } | Error::Corrupt(_))) = self.verify_index(&snapshot, &mut note) {
            let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            note("index", String::new(), format!("{error}{cause}: run `custodia index rebuild`"));
        }
        let verification = Verification {
            messages: message_count(&snapshot)?,
            items: item_count(&snapshot)?,
            bytes: bytes.unwrap_or_default(),
            audit_entries: audit_size(&snapshot)?,
            audit_root: root.map_or_else(String::new, |root| root.to_string()),
            problems,
        };
        drop(snapshot);
        let outcome = format!("{} messages, {} items, {problems} problems", verification.messages, verification.items);
        self.record_alone("verify", "", &outcome)?;
        Ok(verification)
    }

    fn verify_index(&self, snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
        for file in self.index.damaged_files()? {
            note("index", file, "it is not what was written: run `custodia index rebuild`".to_owned());
        }
        let status = self.index_status()?;
        if status.last_indexed > status.last_message {
            note(
                "index",
                String::new(),
                "it knows messages that the store has not: run `custodia index rebuild`".to_owned(),
            );
        } else if status.last_indexed == last_message(snapshot)?.0 && status.indexed != status.messages {
            let detail = format!(
                "it has {} messages, the store {}: run `custodia index rebuild`",
                status.indexed, status.messages
            );
            note("index", String::new(), detail);
        } else if status.current {
            self.verify_holds(snapshot, note)?;
        }
        Ok(())
    }

    /// Every message that the query of a hold finds must be among its matches, or it could be destroyed.
    fn verify_holds(&self, snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
        for hold in holds(snapshot)?.into_iter().filter(|hold| hold.on_since.is_some() && hold.released.is_none()) {
            if !hold.scope.is_narrowed() || hold.evaluation.rules != RULES {
                continue;
            }
            let known = load_set(snapshot, MessageSet::HoldMatches(hold.evaluation.set))?;
            let read = self.scope_query(&hold.scope).and_then(|query| self.index.matches(&query, MessageNo(0)));
            // `hold list` names a hold whose query cannot be read.
            let Ok(found) = or_refusal(read)? else { continue };
            // What came after the last evaluation is evaluated before anything is decided.
            let missed = (&found - &known).iter().filter(|no| *no <= hold.evaluation.through.0).count();
            if missed > 0 {
                note(
                    "hold",
                    hold.id.to_string(),
                    format!(
                        "{missed} messages match its query and are not among its matches: `custodia index rebuild` has it \
                         evaluated on everything"
                    ),
                );
            }
        }
        Ok(())
    }
}

/// Goes on where a page is so far from what was written that redb panics over it.
fn unwound<T>(verify: impl FnOnce() -> Result<T>) -> Result<T> {
    let found = catch_unwind(AssertUnwindSafe(verify));
    found.unwrap_or_else(|_| Err(Error::Corrupt("a page leads to none that it could lead to".to_owned())))
}

/// What was found, if what is stored could be read to its end.
fn finished<T>(found: Result<T>, note: &mut Note<'_>) -> Result<Option<T>> {
    match found {
        Err(Error::Corrupt(why)) => {
            note("store", String::new(), format!("{why}: what comes behind it was not verified"));
            Ok(None)
        }
        found => found.map(Some),
    }
}

type Note<'n> = dyn FnMut(&'static str, String, String) + 'n;

fn verify_contents(snapshot: &Snapshot, note: &mut Note<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<u64> {
    let mut reader = ContentReader::new(snapshot)?;
    let total = message_count(snapshot)?;
    let (mut bytes, mut done) = (0, 0);
    let mut references: HashMap<u64, u64> = HashMap::new();
    messages_and_damage(snapshot, |read| {
        let (no, row) = match read {
            Err(Error::Corrupt(detail)) => {
                note("message", String::new(), detail);
                return Ok(());
            }
            read => read?,
        };
        bytes += row.raw_len;
        match reader.stream(&row, &mut std::io::sink()) {
            Err(Error::Corrupt(detail)) => note("message", no.to_string(), detail),
            other => other?,
        }
        match reader.references(&row) {
            Ok(parts) => parts.iter().for_each(|part| *references.entry(part.0).or_default() += 1),
            Err(Error::Corrupt(_)) => {}
            Err(other) => return Err(other),
        }
        if message_by_digest(snapshot, &row.digest)? != Some(no) {
            note("message", no.to_string(), "its digest does not lead to it".to_owned());
        }
        if !content_hash_leads_to(snapshot, &row.content_hash, no)? {
            note("message", no.to_string(), "its content hash does not lead to it".to_owned());
        }
        done += 1;
        if done % 1024 == 0 {
            progress(done, total);
        }
        Ok(())
    })?;
    let mut parts = 0;
    part_references(snapshot, |part, stored| {
        parts += 1;
        let counted = references.remove(&part.0).unwrap_or(0);
        if counted != stored || stored == 0 {
            note("part", part.to_string(), format!("it counts {stored} references, and {counted} pieces refer to it"));
        }
        Ok(())
    })?;
    for part in references.keys() {
        note("part", part.to_string(), "a message refers to it, and it is missing".to_owned());
    }
    if done != total {
        note("message", String::new(), format!("{done} rows, and {total} were counted"));
    }
    verify_digest_counts(snapshot, (done, parts), note)?;
    Ok(bytes)
}

/// What leads to something that is not there would be a trace of what was destroyed.
fn verify_digest_counts(snapshot: &Snapshot, (messages, parts): (u64, u64), note: &mut Note<'_>) -> Result<()> {
    let counted = match digest_counts(snapshot) {
        Err(Error::Corrupt(detail)) => {
            note("message", String::new(), detail);
            return Ok(());
        }
        counted => counted?,
    };
    let of_messages = [("digests", counted.messages, messages), ("content hashes", counted.contents, messages)];
    for (what, counted, there) in of_messages {
        if counted != there {
            note("message", String::new(), format!("{counted} {what} lead to messages, and there are {there}"));
        }
    }
    if counted.parts != parts {
        note("part", String::new(), format!("{} digests lead to parts, and there are {parts}", counted.parts));
    }
    Ok(())
}

fn verify_items(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    let known: BTreeMap<_, _> = folders(snapshot)?.into_iter().map(|folder| (folder.no, folder)).collect();
    let people: HashSet<_> = mailboxes(snapshot)?.into_iter().map(|mailbox| mailbox.no).collect();
    let mut members: BTreeMap<FolderNo, RoaringTreemap> = BTreeMap::new();
    let (mut counted, mut with_item, mut rows) = (0, RoaringTreemap::new(), MessageReader::new(snapshot)?);
    all_items(snapshot, |item| {
        counted += 1;
        with_item.insert(item.message.0);
        if known.get(&item.folder).is_none_or(|folder| folder.mailbox != item.mailbox)
            || !people.contains(&item.mailbox)
        {
            note("item", item.no.to_string(), "its mailbox or folder does not exist".to_owned());
        }
        if !members.entry(item.folder).or_default().insert(item.message.0) {
            note("item", item.no.to_string(), "its message stands in the folder twice".to_owned());
        }
        if matches!(or_damage(rows.get(item.message))?, Some(None)) {
            note("item", item.no.to_string(), format!("its message {} is missing", item.message));
        }
        Ok(())
    })?;
    let mut known_by_message = 0;
    known_items(snapshot, |message, no| {
        known_by_message += 1;
        if crate::store::item(snapshot, no)?.is_none_or(|item| item.message != message) {
            note("message", message.to_string(), format!("it knows item {no} as its own, which is not"));
        }
        Ok(())
    })?;
    if counted != known_by_message {
        note("item", String::new(), format!("{counted} items, and messages know {known_by_message}"));
    }
    if counted != item_count(snapshot)? {
        note("item", String::new(), format!("{counted} rows, and {} were counted", item_count(snapshot)?));
    }
    for folder in known.keys() {
        if load_set(snapshot, MessageSet::Folder(*folder))? != members.remove(folder).unwrap_or_default() {
            note("set", format!("folder {folder}"), "it does not list exactly the messages of its items".to_owned());
        }
    }
    verify_renditions(snapshot, note)?;
    verify_quarantine(snapshot, &with_item, note)
}

fn verify_renditions(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    all_renditions(snapshot, |of, no| {
        if matches!(or_damage(message(snapshot, no))?, Some(None)) || rendition_of(snapshot, no)? != Some(of) {
            note("message", no.to_string(), "it is listed as a rendition of a message, and is not".to_owned());
        }
        Ok(())
    })
}

fn verify_quarantine(snapshot: &Snapshot, with_item: &RoaringTreemap, note: &mut Note<'_>) -> Result<()> {
    let quarantined: RoaringTreemap = quarantined_messages(snapshot)?.iter().map(|row| row.message.0).collect();
    if quarantined != load_set(snapshot, MessageSet::Quarantined)? {
        note("set", "quarantine".to_owned(), "it does not list exactly the quarantined messages".to_owned());
    }
    for both in &quarantined & with_item {
        note("message", both.to_string(), "it has an item and is in quarantine".to_owned());
    }
    messages_and_damage(snapshot, |read| {
        let Some(no) = or_damage(read)?.map(|(no, _)| no) else { return Ok(()) };
        if !with_item.contains(no.0) && !quarantined.contains(no.0) {
            note("message", no.to_string(), "it has no item and is not in quarantine".to_owned());
        }
        Ok(())
    })
}

/// `None` of what is damaged, as was noted where the contents were read.
fn or_damage<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(Error::Corrupt(_)) => Ok(None),
        read => read.map(Some),
    }
}

fn verify_ledgers(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    for batch in batches(snapshot)? {
        if !batch.ledger.adds_up() {
            note("ledger", batch.no.to_string(), format!("it does not add up: {:?}", batch.ledger));
        }
        let reasons = rejections(snapshot, batch.no)?.len() as u64;
        if reasons != batch.ledger.rejected {
            let detail = format!("{} records were rejected, and {reasons} have a reason", batch.ledger.rejected);
            note("ledger", batch.no.to_string(), detail);
        }
    }
    Ok(())
}
