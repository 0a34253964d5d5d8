//! What the audit log keeps of a search.

use super::{SearchReport, SearchRequest};
use crate::archive::Archive;
use crate::model::Digest;
use crate::query::Expansion;
use crate::{Error, Result};

/// Characters of a text that the audit log takes; of a longer one it takes the digest too.
const LOGGED: usize = 16_000;

impl Archive {
    pub(super) fn record_search(
        &self,
        action: &'static str,
        request: &SearchRequest,
        report: &SearchReport,
    ) -> Result<()> {
        let mut scope: Vec<String> = request.mailboxes.iter().map(|mailbox| format!("mailbox {mailbox}")).collect();
        scope.extend(request.case.iter().map(|case| format!("custodians of case {case}")));
        scope.extend(request.folders.iter().map(|folder| format!("folder {folder}")));
        scope.extend(request.on_hold.then(|| "on hold only".to_owned()));
        scope.extend(request.partially_indexed.then(|| "partially indexed only".to_owned()));
        let scope = if scope.is_empty() { "everywhere".to_owned() } else { scope.join(", ") };
        let SearchReport { messages, items, partially_indexed, .. } = report;
        let outcome = format!(
            "{messages} messages, {items} items, {partially_indexed} partially indexed in scope; {scope}; {}",
            recorded_as(report)
        );
        self.record_alone(action, &described(request), &outcome).map(drop)
    }

    /// Passes `result` on, a refusal of the query, or of a place that is not there, only after it is recorded.
    pub(super) fn recorded<T>(&self, request: &SearchRequest, result: Result<T>) -> Result<T> {
        if let Err(refusal @ (Error::Query { .. } | Error::NotFound { .. })) = &result {
            self.record_alone("search", &described(request), &refusal.to_string())?;
        }
        result
    }
}

/// What is searched for.
pub(super) fn described(request: &SearchRequest) -> String {
    let query = request.query.as_deref();
    if request.keywords.is_empty() {
        return query.unwrap_or("(all)").to_owned();
    }
    let rows: Vec<&str> = request.keywords.iter().map(|row| row.text.as_str()).collect();
    let within = query.map_or_else(String::new, |query| format!(", within {query}"));
    format!("{}{within}", shortened(&rows.join("(c:s)")))
}

/// How a search was read: mode, normal form with all dates resolved, and names that were added, those of each row of a
/// keyword list too.
fn recorded_as(report: &SearchReport) -> String {
    let read_as = if report.read_as.is_empty() { "(all)" } else { &report.read_as };
    let rows = report.keywords.iter().flat_map(|row| row.people.iter().map(move |person| (Some(row.line), person)));
    let people = report.people.iter().map(|person| (None, person)).chain(rows).map(|(line, person)| {
        let Expansion { property, value, names, .. } = person;
        let line = line.map_or_else(String::new, |line| format!("line {line}: "));
        format!("; {line}{property}:{value} also as {}", names.join(", "))
    });
    let refused = report.keywords.iter().filter_map(|row| Some((row.line, row.counts.as_ref().err()?)));
    let refused = refused.map(|(line, refusal)| format!("; line {line} refused: {}", refusal.code));
    let prefixes = report.prefixes.iter().map(|(prefix, words)| format!("; {prefix} = {words} words"));
    let (mode, people, prefixes) = (report.mode.as_str(), people.collect::<String>(), prefixes.collect::<String>());
    format!(
        "{mode} mode, read as {}{}{}{}; index to message {}, rules {}",
        shortened(read_as),
        shortened(&people),
        shortened(&prefixes),
        refused.collect::<String>(),
        report.through,
        report.index_rules
    )
}

/// A text, or its beginning and the digest of all of it.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LOGGED) {
        None => text.to_owned(),
        Some((end, _)) => {
            let shown = text.get(..end).unwrap_or_default();
            let more = text.chars().count() - LOGGED;
            format!("{shown}... and {more} characters more; BLAKE3 of all {}", Digest::of(text.as_bytes()))
        }
    }
}
