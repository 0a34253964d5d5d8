//! Searches with a name.

use super::{SearchReport, SearchRequest};
use crate::archive::Archive;
use crate::model::{FrozenSearch, SavedSearch, SearchText};
use crate::query::{Mode, WeekStart};
use crate::store::{delete_saved_search, frozen_searches, put_saved_search, saved_search, saved_searches};
use crate::{Error, Result};

impl From<&SearchText> for SearchRequest {
    fn from(search: &SearchText) -> Self {
        Self {
            query: search.query.clone(),
            mode: if search.lenient { Mode::Lenient } else { Mode::Strict },
            no_expand: search.no_expand,
            week_start: if search.weeks_from_sunday { WeekStart::Sunday } else { WeekStart::Monday },
            mailboxes: search.mailboxes.clone(),
            folders: search.folders.clone(),
            ..Self::default()
        }
    }
}

impl Archive {
    /// Saves a search under a name. `replace` allows that it stands for another one from now on; results that were frozen
    /// keep what they were made of. Returns what it finds now.
    ///
    /// # Errors
    /// The name cannot be used or is taken, the query is refused, or a mailbox or folder does not exist.
    pub fn save_search(
        &mut self,
        name: &str,
        search: &SearchText,
        replace: bool,
    ) -> Result<(SavedSearch, SearchReport)> {
        check_name(name)?;
        let request = SearchRequest::from(search);
        let report = self.counted(&request)?.report;
        let transaction = self.store.begin()?;
        if saved_search(&transaction, name)?.is_some_and(|known| known.search != *search) && !replace {
            return Err(Error::AlreadyExists { what: "saved search", id: name.to_owned() });
        }
        let saved = SavedSearch {
            name: name.to_owned(),
            search: search.clone(),
            saved_at: self.act_time(&transaction)?,
            saved_by: self.session.actor.clone(),
        };
        put_saved_search(&transaction, &saved)?;
        let outcome = format!("{} messages, {} items now; {}", report.messages, report.items, described(search));
        self.record(&transaction, "search.save", name, &outcome)?;
        transaction.commit()?;
        Ok((saved, report))
    }

    /// Removes a saved search. Results that were frozen of it are evidence, so that one with results stays.
    ///
    /// # Errors
    /// There is none, or it has frozen results.
    pub fn remove_search(&mut self, name: &str) -> Result<()> {
        let transaction = self.store.begin()?;
        let saved = saved_search(&transaction, name)?;
        let saved = saved.ok_or_else(|| Error::NotFound { what: "saved search", id: name.to_owned() })?;
        let results = frozen_searches(&transaction, name)?.len();
        if results > 0 {
            return Err(Error::Refused(format!(
                "remove the saved search `{name}`: it has {results} frozen results, which are evidence and stay with it; to \
                 let the name stand for another search use `custodia search save NAME QUERY --replace`"
            )));
        }
        delete_saved_search(&transaction, name)?;
        self.record(&transaction, "search.remove", name, &described(&saved.search))?;
        transaction.commit()
    }

    /// All saved searches by name, each with its frozen results.
    ///
    /// # Errors
    /// The store failed.
    pub fn saved_searches(&self) -> Result<Vec<(SavedSearch, Vec<FrozenSearch>)>> {
        let snapshot = self.store.snapshot()?;
        let with_results = |saved: SavedSearch| Ok((frozen_searches(&snapshot, &saved.name)?, saved));
        saved_searches(&snapshot)?
            .into_iter()
            .map(|saved| with_results(saved).map(|(frozen, saved)| (saved, frozen)))
            .collect()
    }

    /// A saved search by its name, with its frozen results.
    ///
    /// # Errors
    /// There is none.
    pub fn saved_search(&self, name: &str) -> Result<(SavedSearch, Vec<FrozenSearch>)> {
        let snapshot = self.store.snapshot()?;
        let saved = saved_search(&snapshot, name)?;
        let saved = saved.ok_or_else(|| Error::NotFound { what: "saved search", id: name.to_owned() })?;
        Ok((saved, frozen_searches(&snapshot, name)?))
    }
}

fn check_name(name: &str) -> Result<()> {
    const LONGEST: usize = 200;
    let wrong = match name {
        name if name.trim().is_empty() => "a saved search needs a name",
        name if name.trim() != name => "the name of a saved search neither begins nor ends with a blank",
        name if name.contains('@') => "`@` stands between the name of a saved search and the number of a result",
        name if name.len() > LONGEST => "the name of a saved search has at most 200 bytes",
        _ => return Ok(()),
    };
    Err(Error::InvalidInput(wrong.to_owned()))
}

/// A search in a line, as the audit log has it.
pub(super) fn described(search: &SearchText) -> String {
    let mut scope: Vec<String> = search.mailboxes.iter().map(|mailbox| format!("mailbox {mailbox}")).collect();
    scope.extend(search.folders.iter().map(|folder| format!("folder {folder}")));
    let scope = if scope.is_empty() { "everywhere".to_owned() } else { scope.join(", ") };
    let mode = if search.lenient { "lenient" } else { "strict" };
    let weeks = if search.weeks_from_sunday { "; weeks begin on Sunday" } else { "" };
    let people = if search.no_expand { "; people only under the names in the query" } else { "" };
    format!("{}; {scope}; {mode} mode{weeks}{people}", search.query.as_deref().unwrap_or("(all)"))
}
