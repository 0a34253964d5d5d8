//! What an export says of itself.

use serde::{Deserialize, Serialize};

use super::{Counts, ExportOptions, SearchRequest};
use crate::Result;
use crate::archive::Archive;
use crate::archive::search::SearchReport;
use crate::exporter::FileSum;
use crate::model::{FileDigest, FrozenSearch, SearchText, UtcTime};
use crate::query::{Mode, WeekStart};

/// The file of an export that describes it.
pub(super) const DESCRIPTION: &str = "export.json";

pub(super) const DOCUMENT: &str = "export";

/// What was exported, when, by whom, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportDescription {
    /// `export`.
    #[serde(rename = "type")]
    pub(super) document: String,
    pub(super) schema_version: u32,
    /// Id of the archive.
    pub archive: String,
    /// Name of the archive.
    pub archive_name: String,
    /// When it was made.
    pub exported_at: UtcTime,
    /// Who made it.
    pub exported_by: String,
    /// What for, if that was said.
    pub purpose: String,
    /// Version of the program.
    pub program: String,
    /// The format.
    pub format: String,
    /// How it was found.
    pub found: Found,
    /// Items that are in its files.
    pub items: u64,
    /// Raw bytes of their messages, each counted as often as it is there.
    pub bytes: u64,
    /// Items that are only in the table, because another one has the same content.
    pub duplicates: u64,
    /// Items that are there only because not all of them can be searched.
    pub partially_indexed: u64,
    /// Items in scope that are not there, but might match if all of them could be searched; `None` of a frozen result, of which
    /// nobody knows.
    pub left_out: Option<u64>,
    /// Items of a frozen result that were disposed of since, and are not there.
    pub disposed: u64,
    /// Files in the list of files.
    pub files: u64,
    /// Bytes of these files.
    pub file_bytes: u64,
    /// SHA-256 of the list of files.
    pub manifest_sha256: FileDigest,
}

/// How what is exported was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub struct Found {
    /// The frozen result, `NAME@N`, if it is one.
    pub result: Option<String>,
    /// The query as it was written; `None` for everything in scope.
    pub query: Option<String>,
    /// `strict` or `lenient`.
    pub mode: String,
    /// Whether people are found only under the name in the query.
    pub no_expand: bool,
    /// Whether `"this week"` begins on a Sunday.
    pub weeks_from_sunday: bool,
    /// The query as it was read, relative dates resolved; empty for everything.
    pub read_as: String,
    /// People who were searched under further names.
    pub people: Vec<PersonNames>,
    /// Readings that the searcher may not have expected.
    pub warnings: Vec<Reading>,
    /// The legal case whose custodians' mailboxes were searched.
    pub case: Option<String>,
    /// Addresses of mailboxes; empty for all.
    pub mailboxes: Vec<String>,
    /// Folder paths; empty for all.
    pub folders: Vec<String>,
    /// Whether only items that a hold keeps were searched.
    pub on_hold: bool,
    /// Whether only items of which not all can be searched were wanted.
    pub only_partially_indexed: bool,
    /// Whether one item stands for all of the same content.
    pub deduplicated: bool,
    /// The newest message that was searched.
    pub through: String,
    /// Version of the rules by which texts are divided into words.
    pub index_rules: u32,
    /// Messages that were found.
    pub messages: u64,
    /// Items that were found.
    pub items: u64,
    /// Items in scope of which not all can be searched; they may match too.
    pub partially_indexed: u64,
}

/// A person of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonNames {
    /// As the query names them: `from:Ann`.
    pub person: String,
    /// The other names.
    pub names: Vec<String>,
}

/// A reading of a doubtful part of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The stable code.
    pub code: String,
    /// Byte offset into the query.
    pub offset: u64,
    /// The reading.
    pub message: String,
}

impl Found {
    pub(super) fn of_search(request: &SearchRequest, report: SearchReport) -> Self {
        let people = report.people.into_iter();
        let warnings = report.warnings.into_iter();
        Self {
            result: None,
            query: request.query.clone(),
            mode: report.mode.as_str().to_owned(),
            no_expand: request.no_expand,
            weeks_from_sunday: request.week_start == WeekStart::Sunday,
            read_as: report.read_as,
            people: people
                .map(|p| PersonNames { person: format!("{}:{}", p.property, p.value), names: p.names })
                .collect(),
            warnings: warnings
                .map(|w| Reading { code: w.code.to_owned(), offset: w.offset as u64, message: w.message })
                .collect(),
            case: request.case.clone(),
            mailboxes: request.mailboxes.clone(),
            folders: request.folders.clone(),
            on_hold: request.on_hold,
            only_partially_indexed: request.partially_indexed,
            deduplicated: request.dedupe,
            through: report.through.to_string(),
            index_rules: report.index_rules,
            messages: report.messages,
            items: report.items,
            partially_indexed: report.partially_indexed,
        }
    }

    pub(super) fn of_frozen(frozen: FrozenSearch) -> Self {
        let result = Some(frozen.label());
        let SearchText { query, lenient, no_expand, weeks_from_sunday, mailboxes, folders } = frozen.search;
        let mode = if lenient { Mode::Lenient } else { Mode::Strict };
        let people = frozen.people.into_iter().map(|(person, names)| PersonNames { person, names });
        let warnings = frozen.warnings.into_iter().map(|(code, offset, message)| Reading { code, offset, message });
        Self {
            result,
            query,
            mode: mode.as_str().to_owned(),
            no_expand,
            weeks_from_sunday,
            read_as: frozen.read_as,
            people: people.collect(),
            warnings: warnings.collect(),
            case: None,
            mailboxes,
            folders,
            on_hold: false,
            only_partially_indexed: false,
            deduplicated: false,
            through: frozen.last_message.to_string(),
            index_rules: frozen.index_rules,
            messages: frozen.messages,
            items: frozen.items,
            partially_indexed: frozen.partially_indexed,
        }
    }

    /// What was searched for, in a word for the audit log.
    pub(super) fn object(&self) -> &str {
        self.result.as_deref().or(self.query.as_deref()).unwrap_or("(all)")
    }
}

impl Archive {
    pub(super) fn described(
        &self,
        options: &ExportOptions,
        found: Found,
        counts: &Counts,
        written: (u64, u64, FileSum),
    ) -> Result<ExportDescription> {
        let (files, file_bytes, manifest) = written;
        Ok(ExportDescription {
            document: DOCUMENT.to_owned(),
            schema_version: 1,
            archive: self.info.id.clone(),
            archive_name: self.info.name.clone(),
            exported_at: self.act_time(&self.store.snapshot()?)?,
            exported_by: self.session.actor.0.clone(),
            purpose: self.session.purpose.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            format: options.format.to_string(),
            found,
            items: counts.items,
            bytes: counts.bytes,
            duplicates: counts.duplicates,
            partially_indexed: counts.partially_indexed,
            left_out: counts.left_out,
            disposed: counts.disposed,
            files,
            file_bytes,
            manifest_sha256: manifest.sha256,
        })
    }
}
