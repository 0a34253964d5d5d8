//! The index: the only user of tantivy. Derived from the store, behind it at most, and rebuilt from it at any time.
//!
//! One document for each message; membership in mailboxes, folders and holds is no part of it, so it never changes.
//! Nothing is stored, and nothing is scored: hits are sets of message numbers, or sorted by date.
//!
//! Decisions:
//! - One tokenizer for all text fields and for queries (`scanner`), over one folded form (`fold`). Where words are not
//!   set apart by spaces, pairs of characters at successive positions make every substring a phrase. Chosen over a
//!   dictionary of words, which misses what it does not know, and over whole runs, which find only themselves.
//! - Parts of a field (persons, attachments) begin with a mark at a position of its own. Chosen over large gaps between
//!   positions, which cost space with every word and still end somewhere.
//! - Words of display names stand twice at the same position, once with a mark, so that `from:contoso` is no word of an
//!   address while free text still finds a person as it is written in a header.
//! - Domains are kept with their labels in reverse, one term each. Chosen over a term for every parent domain, of which
//!   a hostile address has too many.
//! - A phone number has tokens for the whole beside its groups (`number`), so that it is found in any writing. Chosen over
//!   joining its groups, for then they would not be words. That of a person has keys for its forms (`person_number`).
//! - Ids of which each message has its own are no terms, which would be most of the dictionaries, but bits of them and
//!   columns (`scattered_id`). Chosen over columns alone, which are read whole for each id that is looked up.
//! - Phrases with prefixes and `NEAR` are decided on positions (`span`), as tantivy's phrases with slop are not exact
//!   and its phrase prefixes stop at a number of words without saying so.

mod attachment;
mod budget;
mod checked_directory;
mod collect;
mod compile;
mod cursor;
mod dictionary;
mod digest;
mod document;
mod documents;
mod explain;
mod failure;
mod fold;
mod groups;
mod highlight;
mod hit_table;
mod integrity;
mod key;
mod key_list;
mod known_people;
mod layout;
mod lead;
mod letter;
mod link;
mod matched;
mod merging;
mod message_bits;
mod message_id;
mod number;
mod order;
mod pattern;
mod people;
mod person_number;
mod person_tokenizer;
mod present;
mod proximity;
mod scanner;
mod scattered_id;
mod schema;
mod scope;
mod script;
mod search;
mod senders;
mod span;
mod texts;
mod tokenizer;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::{Index as TantivyIndex, IndexSettings};

use crate::error::{Error, Result};
use crate::model::MessageNo;

pub use attachment::MatchedAttachment;
pub use collect::Tally;
pub use explain::Meaning;
pub use fold::fold;
pub use groups::{Counts, Groups, Month};
pub use highlight::Highlighter;
pub use hit_table::HitTable;
pub use layout::{FieldLayout, IndexLayout};
pub use link::Link;
pub use matched::{Matched, MatchedIn};
pub use order::{Found, HitOrder, Ranking};
pub use schema::RULES;
pub use scope::MessageScope;
pub use search::Reader;
pub use texts::{Unindexed, found_among};
pub use tokenizer::{Word, tokens};
pub use writer::{IndexWriter, Load};

use checked_directory::CheckedDirectory;
use failure::{damaged, failed};
use schema::Fields;

/// The index in one directory. The archive sees to it that only one process writes to it.
#[derive(Debug, Clone)]
pub struct Index {
    inner: TantivyIndex,
    fields: Fields,
    dir: PathBuf,
}

impl Index {
    /// Creates an empty index in `dir`, which may exist if it holds no index.
    ///
    /// # Errors
    /// `dir` holds an index already, or cannot be written.
    pub fn create(dir: &Path) -> Result<Self> {
        if dir.join(META_FILE).exists() {
            return Err(Error::AlreadyExists { what: "index", id: dir.display().to_string() });
        }
        std::fs::create_dir_all(dir).map_err(Error::io("create", dir))?;
        let (schema, fields) = Fields::build();
        let directory = CheckedDirectory::new(MmapDirectory::open(dir).map_err(failed("create"))?);
        let settings = IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        let index = TantivyIndex::create(directory, schema, settings).map_err(failed("create"))?;
        Ok(Self::new(index, fields, dir))
    }

    /// Opens the index in `dir` at its last commit. Locks that a killed process left are no obstacle.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none; [`Error::Index`] if it is damaged or was made by other rules: remove it
    /// and build it again.
    pub fn open(dir: &Path) -> Result<Self> {
        if !dir.join(META_FILE).exists() {
            return Err(Error::NotFound { what: "index", id: dir.display().to_string() });
        }
        let (schema, fields) = Fields::build();
        let directory = CheckedDirectory::new(MmapDirectory::open(dir).map_err(failed("open"))?);
        let index = TantivyIndex::open(directory).map_err(failed("open"))?;
        if index.schema() != schema {
            let source = "it was made by another version of this program; rebuild it".into();
            return Err(Error::Index { action: "open", source });
        }
        Ok(Self::new(index, fields, dir))
    }

    fn new(mut inner: TantivyIndex, fields: Fields, dir: &Path) -> Self {
        inner.set_tokenizers(schema::tokenizers());
        Self { inner, fields, dir: dir.to_owned() }
    }

    /// Removes the index in `dir` with all its files, to be built again; nothing happens if there is none.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn remove(dir: &Path) -> Result<()> {
        match std::fs::remove_dir_all(dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", dir)(error)),
            _ => Ok(()),
        }
    }

    /// The last message that the last commit covers; 0 before the first.
    ///
    /// # Errors
    /// The index cannot be read, or its commit was not made by this program.
    pub fn last_message(&self) -> Result<MessageNo> {
        let metas = self.inner.load_metas().map_err(failed("read its last commit"))?;
        let Some(payload) = metas.payload else { return Ok(MessageNo(0)) };
        let number: Result<u64, _> = payload.parse();
        number.map(MessageNo).map_err(|error| Error::Index { action: "read its last commit", source: error.into() })
    }

    /// Opens the one writer.
    ///
    /// # Errors
    /// A writer is open already, or the index cannot be written.
    pub fn writer(&self, load: Load) -> Result<IndexWriter> {
        IndexWriter::open(&self.inner, &self.dir, &self.fields, load)
    }

    /// Opens a view at the last commit.
    ///
    /// # Errors
    /// A file of the index cannot be read.
    pub fn reader(&self) -> Result<Reader> {
        Reader::open(&self.inner, &self.fields)
    }

    /// Checks that every file is what was written. All of them are read.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if one is not, or a file cannot be read.
    pub fn check(&self) -> Result<()> {
        self.damaged_files()?.first().map_or(Ok(()), |file| Err(damaged(file)))
    }

    /// The names of the files that are not what was written. All of them are read.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn damaged_files(&self) -> Result<BTreeSet<String>> {
        integrity::damaged_files(&self.inner)
    }

    /// Checks that no file of a segment that is out of use is left, as must be after
    /// [`IndexWriter::erase_deleted`].
    ///
    /// # Errors
    /// There is one: a reader may still hold it. Nothing may be reported as erased then.
    pub fn check_erased(&self) -> Result<()> {
        writer::check_no_leftovers(&self.inner, &self.dir)
    }

    /// Bytes of all files of the index.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn bytes(&self) -> Result<u64> {
        let mut bytes = 0;
        for entry in std::fs::read_dir(&self.dir).map_err(Error::io("read", &self.dir))? {
            let entry = entry.map_err(Error::io("read", &self.dir))?;
            // A merge may remove a file between the two calls.
            bytes += entry.metadata().map_or(0, |metadata| metadata.len());
        }
        Ok(bytes)
    }
}

const META_FILE: &str = "meta.json";
