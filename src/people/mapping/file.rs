//! A mapping file, read.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::columns::{Columns, columns};
use super::issue::{MappingIssue, Severity};
use super::key::{Doubt, key, number_of_key};
use super::text::{separator, text};
use super::users::{User, users};
use super::{Mapping, Target};
use crate::people::clean::cleaned;
use crate::people::{Directory, Region, equivalence_class, normalize_address};

/// Bytes of the largest file that is read.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// Rows of the longest file that is read.
const MAX_ROWS: usize = 1_000_000;

/// Characters of the longest id.
const MAX_ID: usize = 512;

/// Issues that are listed.
const MAX_ISSUES: usize = 10_000;

/// Rows by which columns without names are told apart.
const SAMPLE_ROWS: usize = 100;

/// One external id of a mapping file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// Line of the file, from 1.
    pub row: u64,
    /// Column of the id, from 1.
    pub column: u64,
    /// The form in which it is compared.
    pub key: String,
    /// The id as it is written, without what cannot be seen.
    pub id: String,
    /// Address of the mailbox (normalised); `None` says not to archive.
    pub mailbox: Option<String>,
}

/// What a mapping file says, and what is doubtful about it.
#[derive(Debug, Clone, Default)]
pub struct MappingFile {
    /// Its ids, each key once, in the order of the file.
    pub rows: Vec<MappingRow>,
    /// What is doubtful or wrong, by row.
    pub issues: Vec<MappingIssue>,
    /// Issues that are not in `issues` because there are more than 10,000.
    pub unlisted_issues: u64,
    refused: bool,
    known: HashMap<String, usize>,
}

/// Reads a mapping file: comma-separated values with the columns `External User ID` and `Microsoft 365 User Mailbox`,
/// and everything that spreadsheets make of them; or the users of a WeCom directory in JSON, counted instead of lines.
/// `region` is where national numbers are read.
pub fn read_mapping(bytes: &[u8], region: Option<Region>) -> MappingFile {
    let mut file = MappingFile::default();
    if bytes.len() > MAX_BYTES {
        file.refuse(0, 0, format!("it has more than {} MiB: divide it", MAX_BYTES >> 20));
        return file;
    }
    let (text, charset) = text(bytes);
    if text.contains(['\0', '\u{fffd}']) {
        file.refuse(0, 0, format!("it is no text in {charset}: save it as CSV in UTF-8"));
        return file;
    }
    if charset == encoding_rs::WINDOWS_1252.name() {
        file.note(0, 0, Severity::Note, format!("read as {charset}: save it in UTF-8 if names look wrong"));
    }
    if let Some(users) = users(&text, region) {
        for user in users {
            file.read_user(user, region);
        }
    } else {
        file.read_table(&text, region);
    }
    if file.rows.is_empty() && !file.refused {
        file.refuse(0, 0, "there is no id in it; name one in each row, with its mailbox".to_owned());
    }
    file.compare_classes();
    file.issues.sort_by_key(|issue| (issue.row, issue.column));
    file
}

impl MappingFile {
    /// Whether a row cannot be used, and therefore the file is not.
    pub fn is_refused(&self) -> bool {
        self.refused
    }

    /// The mapping that the file is.
    pub fn mapping(&self) -> Mapping {
        let mut mapping = Mapping::default();
        for row in &self.rows {
            mapping.add(&row.key, &row.id, Target::of(row.mailbox.as_deref()));
        }
        mapping
    }

    /// Notes the rows that name a mailbox which is not in `directory`.
    pub fn compare(&mut self, directory: &Directory) {
        let unknown: Vec<_> = self
            .rows
            .iter()
            .filter_map(|row| Some((row.row, row.mailbox.clone()?)))
            .filter(|(_, mailbox)| directory.find(mailbox).is_none())
            .collect();
        for (row, mailbox) in unknown {
            let text = format!("there is no mailbox `{mailbox}`; add it with `custodia mailbox add {mailbox}`");
            self.note(row, 0, Severity::Warning, text);
        }
        self.issues.sort_by_key(|issue| (issue.row, issue.column));
    }

    /// Rows with something in them, with their lines.
    fn split(&mut self, text: &str) -> Vec<(u64, StringRecord)> {
        let declared = text.lines().next().and_then(|line| line.strip_prefix("sep=")?.bytes().next());
        let separator = declared.unwrap_or_else(|| separator(text));
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(separator);
        let mut rows = Vec::new();
        let mut reader = builder.from_reader(text.as_bytes());
        for (at, record) in reader.records().enumerate() {
            let Ok(record) = record else {
                self.refuse(0, 0, "it cannot be read any further".to_owned());
                break;
            };
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().all(|cell| cleaned(cell).is_empty()) || (at == 0 && declared.is_some()) {
                continue;
            }
            if rows.len() >= MAX_ROWS {
                self.refuse(line, 0, format!("there are more than {MAX_ROWS} rows: divide the file"));
                break;
            }
            rows.push((line, record));
        }
        rows
    }

    fn read_table(&mut self, text: &str, region: Option<Region>) {
        let rows = self.split(text);
        let sample: Vec<StringRecord> = rows.iter().take(SAMPLE_ROWS).map(|(_, cells)| cells.clone()).collect();
        match columns(&sample) {
            Ok(columns) => {
                for (line, cells) in rows.iter().skip(usize::from(columns.has_header)) {
                    self.read_row(*line, cells, &columns, region);
                }
            }
            Err(why) => self.refuse(rows.first().map_or(1, |(line, _)| *line), 0, why),
        }
    }

    fn read_user(&mut self, user: User, region: Option<Region>) {
        match normalize_address(&user.mailbox) {
            // Unlike a blank cell, a user without address says nothing of archiving.
            _ if user.mailbox.is_empty() || user.ids.is_empty() => {
                let text = "the user has no address or no id, and is left out".to_owned();
                self.note(user.place, 0, Severity::Note, text);
            }
            Err(why) => self.refuse(user.place, 0, why),
            Ok(mailbox) => {
                for id in user.ids {
                    self.read_id(user.place, 0, cleaned(&id), Some(mailbox.clone()), region);
                }
            }
        }
    }

    fn read_row(&mut self, line: u64, cells: &StringRecord, columns: &Columns, region: Option<Region>) {
        if let Some(at) = cells.iter().position(|cell| cell.trim().contains(['\n', '\r'])) {
            let text = "a value has several lines: close the quotation mark that opens it".to_owned();
            return self.refuse(line, at as u64 + 1, text);
        }
        let Some(mailbox) = cells.get(columns.mailbox).map(cleaned) else {
            let text = "there is no column for the mailbox; separate id and mailbox by a comma".to_owned();
            return self.refuse(line, 0, text);
        };
        let column = columns.mailbox as u64 + 1;
        let address = mailbox.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
        let mailbox = mailbox.get(address.map_or(0, str::len)..).unwrap_or_default();
        let mailbox = match normalize_address(mailbox) {
            _ if mailbox.is_empty() => None,
            Ok(mailbox) => Some(mailbox),
            Err(why) => return self.refuse(line, column, why),
        };
        let ids = columns.ids.iter().filter_map(|at| Some((*at as u64 + 1, cleaned(cells.get(*at)?))));
        let ids: Vec<(u64, String)> = ids.filter(|(_, id)| !id.is_empty()).collect();
        if ids.is_empty() {
            self.refuse(line, 0, "it has a mailbox and no id".to_owned());
        }
        for (column, id) in ids {
            self.read_id(line, column, id, mailbox.clone(), region);
        }
    }

    fn read_id(&mut self, row: u64, column: u64, id: String, mailbox: Option<String>, region: Option<Region>) {
        if id.chars().count() > MAX_ID {
            return self.refuse(row, column, format!("the id has more than {MAX_ID} characters"));
        }
        let (key, doubt) = match key(&id, region) {
            Ok(read) => read,
            Err(why) => return self.refuse(row, column, format!("`{id}`: {why}")),
        };
        match doubt {
            Doubt::None => {}
            Doubt::NoNumber(why) => {
                self.note(row, column, Severity::Warning, format!("`{id}` is taken as an id, not as a number: {why}"));
            }
            Doubt::NotInPlan => {
                let text = format!("`{id}` is taken as it is, though its country gives out no such numbers");
                self.note(row, column, Severity::Note, text);
            }
        }
        let known = self.known.get(&key).and_then(|at| self.rows.get(*at));
        match known.map(|known| (known.row, known.mailbox == mailbox)) {
            Some((first, true)) => {
                self.note(row, column, Severity::Warning, format!("`{id}` stands in row {first} already"));
            }
            Some((first, false)) => {
                let text = format!("`{id}` stands in row {first} already, with another mailbox: keep one of them");
                self.refuse(row, column, text);
            }
            None => {
                self.known.insert(key.clone(), self.rows.len());
                self.rows.push(MappingRow { row, column, key, id, mailbox });
            }
        }
    }

    /// Notes numbers that are different writings of one account.
    fn compare_classes(&mut self) {
        let mut first_of: HashMap<String, usize> = HashMap::new();
        let mut found = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let Some(class) = number_of_key(&row.key).and_then(equivalence_class) else { continue };
            let first = *first_of.entry(class).or_insert(at);
            let Some(first) = self.rows.get(first).filter(|_| first != at) else { continue };
            let (severity, what) = if first.mailbox == row.mailbox {
                (Severity::Note, "")
            } else {
                (Severity::Warning, ", with another mailbox; each is used for messages with exactly that number")
            };
            let text = format!("`{}` and `{}` in row {} are one account{what}", row.id, first.id, first.row);
            found.push((row.row, row.column, severity, text));
        }
        for (row, column, severity, text) in found {
            self.note(row, column, severity, text);
        }
    }

    fn refuse(&mut self, row: u64, column: u64, text: String) {
        self.note(row, column, Severity::Error, text);
    }

    fn note(&mut self, row: u64, column: u64, severity: Severity, text: String) {
        // One error is enough to refuse the file, so it is always listed.
        let first_error = severity == Severity::Error && !self.refused;
        self.refused |= severity == Severity::Error;
        if self.issues.len() < MAX_ISSUES || first_error {
            self.issues.push(MappingIssue { row, column, severity, text });
        } else {
            self.unlisted_issues += 1;
        }
    }
}
