//! A load file for review platforms: Concordance DAT, with natives and texts.

use std::io::Write as _;

use super::directory::ExportFile;
use super::{Content, ExportDirectory, ExportedItem, Exporter, file_name};
use crate::message::AttachmentFacts;
use crate::model::{Digest, Role, UtcTime};
use crate::{Error, Result};

/// The load file.
const LOAD_FILE: &str = "VOL001/DATA/VOL001.dat";

/// What every number of a document begins with.
const PREFIX: &str = "ITEM";

/// Digits of the number of a document.
const DIGITS: usize = 9;

/// Files of a folder: a review platform takes no more.
const FILES_OF_FOLDER: u64 = 1_000;

/// Begins and ends a value.
const QUOTE: char = '\u{fe}';
/// Stands between values.
const SEPARATOR: char = '\u{14}';
/// Stands for a line end in a value.
const LINE_END: char = '\u{ae}';

const FIELDS: [&str; 35] = [
    "BEGBATES",
    "ENDBATES",
    "BEGATTACH",
    "ENDATTACH",
    "CUSTODIAN",
    "FOLDER",
    "FROM",
    "TO",
    "CC",
    "BCC",
    "SUBJECT",
    "DATESENT",
    "TIMESENT",
    "DATERCVD",
    "TIMERCVD",
    "TIMEZONE",
    "FILENAME",
    "FILEEXT",
    "FILESIZE",
    "SHA256",
    "DIGEST",
    "MESSAGEID",
    "CONVERSATION",
    "THREADID",
    "PARENTID",
    "ATTACHIDS",
    "HASATTACH",
    "DOCTYPE",
    "PLATFORM",
    "EVENT",
    "ITEM",
    "PARTIALLYINDEXED",
    "REPLACED",
    "NATIVELINK",
    "TEXTLINK",
];

/// Writes `VOL001`: the load file with a row for each item and, behind it, one for each of its attachments; the natives; and
/// the texts of items.
#[derive(Default)]
pub(super) struct Dat {
    open: Option<ExportFile>,
    documents: u64,
}

/// A document: an item, or an attachment of one.
#[derive(Default)]
struct Row<'r> {
    number: String,
    last: String,
    first: String,
    parent: String,
    attachments: String,
    name: String,
    size: u64,
    sha256: String,
    digest: Option<Digest>,
    kind: &'r str,
    native: String,
    text: String,
}

impl Exporter for Dat {
    fn item(
        &mut self,
        item: &ExportedItem<'_>,
        content: &mut dyn Content,
        directory: &mut ExportDirectory,
    ) -> Result<String> {
        let mut load_file = match self.open.take() {
            Some(open) => open,
            None => begin(directory)?,
        };
        let first = self.documents + 1;
        let numbers: Vec<u64> = (first..=first + item.facts.attachments.len() as u64).collect();
        self.documents = numbers.last().copied().unwrap_or(first);
        let named = numbers.iter().map(|number| document(*number)).collect::<Result<Vec<String>>>()?;
        let (begin, end) = (named.first().cloned().unwrap_or_default(), named.last().cloned().unwrap_or_default());
        let native = format!("VOL001/NATIVES/{}/{begin}.eml", folder(first));
        let mut file = directory.file(&native)?;
        content.write_raw(&mut file)?;
        directory.add(file)?;
        let row = Row {
            number: begin.clone(),
            first: begin.clone(),
            last: end.clone(),
            attachments: named.get(1..).unwrap_or_default().join("; "),
            name: format!("{begin}.eml"),
            size: item.bytes,
            sha256: item.sha256.to_string(),
            digest: Some(item.digest),
            kind: item.facts.kind.as_str(),
            native: native.clone(),
            text: write_text(first, &begin, &item.facts.shown_text(), directory)?,
            ..Row::default()
        };
        write(&mut load_file, item, &row)?;
        for (n, (attached, number)) in (1..).zip(item.facts.attachments.iter().zip(named.iter().skip(1))) {
            let at = first + n as u64;
            let mut row = Row {
                number: number.clone(),
                first: begin.clone(),
                last: end.clone(),
                parent: begin.clone(),
                ..attachment(n, at, number, attached, content, directory)?
            };
            row.kind = &attached.attachment.media_type;
            row.text = write_text(at, number, &attached.text, directory)?;
            write(&mut load_file, item, &row)?;
        }
        self.open = Some(load_file);
        Ok(native)
    }

    fn finish(&mut self, directory: &mut ExportDirectory) -> Result<()> {
        self.open.take().map_or(Ok(()), |file| directory.add(file).map(drop))
    }
}

fn begin(directory: &ExportDirectory) -> Result<ExportFile> {
    let mut file = directory.file(LOAD_FILE)?;
    let heads = format!("\u{feff}{}", line(&FIELDS.map(str::to_owned)));
    file.write_all(heads.as_bytes()).map_err(Error::io("write", LOAD_FILE))?;
    Ok(file)
}

/// The number of a document: of one width, in order, none left out.
fn document(number: u64) -> Result<String> {
    let name = format!("{PREFIX}{number:0DIGITS$}");
    if name.len() == PREFIX.len() + DIGITS {
        return Ok(name);
    }
    Err(Error::InvalidInput(format!(
        "a load file takes documents up to number {}: export less at a time",
        "9".repeat(DIGITS)
    )))
}

fn folder(number: u64) -> String {
    format!("{:03}", 1 + (number - 1) / FILES_OF_FOLDER)
}

/// Writes an attachment beside its item; its row without what all of the family have.
fn attachment<'r>(
    n: usize,
    number: u64,
    name: &str,
    attached: &AttachmentFacts,
    content: &mut dyn Content,
    directory: &mut ExportDirectory,
) -> Result<Row<'r>> {
    let facts = &attached.attachment;
    let own = file_name(&facts.name);
    let extension = extension(&own).map_or_else(String::new, |extension| format!(".{extension}"));
    let path = format!("VOL001/NATIVES/{}/{name}{extension}", folder(number));
    let mut row = Row { name: facts.name.clone(), size: facts.bytes, digest: Some(facts.digest), ..Row::default() };
    if content.has_attachment(n, facts.digest)? {
        let mut file = directory.file(&path)?;
        content.write_attachment(n, facts.digest, &mut file)?;
        row.sha256 = directory.add(file)?.sha256.to_string();
        row.native = path;
    }
    Ok(row)
}

/// Writes a text; its path, empty if there is none.
fn write_text(number: u64, name: &str, text: &str, directory: &mut ExportDirectory) -> Result<String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let path = format!("VOL001/TEXT/{}/{name}.txt", folder(number));
    let mut file = directory.file(&path)?;
    file.write_all(text.as_bytes()).map_err(Error::io("write", &path))?;
    directory.add(file)?;
    Ok(path)
}

fn extension(name: &str) -> Option<String> {
    let (_, extension) = name.rsplit_once('.')?;
    let is_plain = (1..=8).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain.then(|| extension.to_ascii_lowercase())
}

fn write(load_file: &mut ExportFile, item: &ExportedItem<'_>, row: &Row<'_>) -> Result<()> {
    let facts = item.facts;
    let date =
        |time: Option<UtcTime>| time.map_or_else(String::new, |time| time.to_chrono().format("%Y-%m-%d").to_string());
    let clock =
        |time: Option<UtcTime>| time.map_or_else(String::new, |time| time.to_chrono().format("%H:%M:%S").to_string());
    let link = |path: &str| path.replace('/', "\\");
    // What a message says of itself is no fact of a file in it.
    let own = |value: String| if row.parent.is_empty() { value } else { String::new() };
    let mut values = [
        row.number.clone(),
        row.number.clone(),
        row.first.clone(),
        row.last.clone(),
        item.mailbox.to_owned(),
        item.folder.to_owned(),
        own(item.people(Role::From)),
        own(item.people(Role::To)),
        own(item.people(Role::Cc)),
        own(item.people(Role::Bcc)),
        own(facts.subject.clone()),
        date(facts.sent_at),
        clock(facts.sent_at),
        date(facts.received_at),
        clock(facts.received_at),
        "UTC".to_owned(),
        row.name.clone(),
        extension(&row.name).unwrap_or_default(),
        row.size.to_string(),
        row.sha256.clone(),
        row.digest.map_or_else(String::new, |digest| digest.to_string()),
        own(facts.message_id.clone().unwrap_or_default()),
        item.conversation().to_owned(),
        facts.thread_ids.first().cloned().unwrap_or_default(),
        row.parent.clone(),
        row.attachments.clone(),
        if row.attachments.is_empty() { "N" } else { "Y" }.to_owned(),
        row.kind.to_owned(),
        facts.platform.clone(),
        facts.event.event.as_str().to_owned(),
        item.item.to_string(),
        own(item.partially_indexed.join("; ")),
        String::new(),
        link(&row.native),
        link(&row.text),
    ];
    let replaced: Vec<&str> =
        FIELDS.into_iter().zip(&values).filter(|(_, value)| has_sign(value)).map(|(name, _)| name).collect();
    if let Some(place) = FIELDS.iter().position(|name| *name == "REPLACED").and_then(|at| values.get_mut(at)) {
        *place = replaced.join("; ");
    }
    load_file.write_all(line(&values).as_bytes()).map_err(Error::io("write", LOAD_FILE))
}

/// Whether something of a value would be taken for the end of it.
fn has_sign(value: &str) -> bool {
    value.contains([QUOTE, SEPARATOR, LINE_END])
}

/// A row of values. What would be taken for the end of one is written in other letters.
fn line<const N: usize>(values: &[String; N]) -> String {
    let mut line = String::new();
    for (n, value) in values.iter().enumerate() {
        if n > 0 {
            line.push(SEPARATOR);
        }
        line.push(QUOTE);
        for c in value.replace("\r\n", "\n").chars() {
            match c {
                '\n' | '\r' => line.push(LINE_END),
                QUOTE => line.push_str("th"),
                SEPARATOR => line.push(' '),
                LINE_END => line.push_str("(R)"),
                c => line.push(c),
            }
        }
        line.push(QUOTE);
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_ends_early() {
        let values = ["a\u{fe}b\u{14}c\u{ae}".to_owned(), "one\r\ntwo\nthree".to_owned(), String::new()];
        let written = "\u{fe}athb c(R)\u{fe}\u{14}\u{fe}one\u{ae}two\u{ae}three\u{fe}\u{14}\u{fe}\u{fe}\r\n";
        assert_eq!(line(&values), written);
    }

    #[test]
    fn numbers_have_one_width() {
        assert_eq!(document(1).unwrap(), "ITEM000000001");
        assert_eq!(document(999_999_999).unwrap(), "ITEM999999999");
        assert!(document(1_000_000_000).is_err());
        assert_eq!([1, 1_000, 1_001].map(folder), ["001", "001", "002"]);
    }

    #[test]
    fn extensions_are_plain() {
        for (name, found) in [
            ("a.PDF", Some("pdf")),
            ("a", None),
            ("a.", None),
            ("a.b c", None),
            ("a.tar.gz", Some("gz")),
            ("x.verylongone", None),
        ] {
            assert_eq!(extension(name).as_deref(), found, "{name}");
        }
    }
}
