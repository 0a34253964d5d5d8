//! Exports of all shapes are read whole, the same each time, and nothing typed passes for something of the app.

mod bodies;
mod chats;
mod headers;
mod hostile;
mod orders;
mod renditions;
mod samples;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use crate::connector::shared::shared;
use crate::connector::{As, FileAccount, Occurrence, Options, SourceEvent, open};
use crate::model::{DateOrder, Event};

/// What was read of a file.
#[derive(Debug, Default)]
struct Read {
    mails: Vec<Vec<u8>>,
    occurrences: Vec<Option<Occurrence>>,
    others: Vec<String>,
    /// Those who took part, for each message.
    took_part: Vec<Vec<String>>,
    rejected: Vec<(String, u64)>,
    account: FileAccount,
}

fn options(order: Option<DateOrder>) -> Options {
    Options { as_format: As::Whatsapp, date_order: order, ..Options::default() }
}

fn read_path(path: &Path, options: &Options) -> Read {
    let mut read = Read::default();
    for event in open(&[path.to_owned()], options).unwrap() {
        match event {
            SourceEvent::Opened { .. } => {}
            SourceEvent::Record(record) => {
                read.others = record.others.iter().map(|person| person.name.clone()).collect();
                read.took_part.push(read.others.clone());
                let mut bytes = vec![0; record.raw.source().len() as usize];
                record.raw.source().read_exact_at(0, &mut bytes).unwrap();
                read.mails.push(bytes);
                read.occurrences.push(record.occurrence);
            }
            SourceEvent::Rejected(rejection) => read.rejected.push((rejection.reason, rejection.bytes)),
            SourceEvent::Closed(account) => read.account = account,
        }
    }
    read
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn read_as(name: &str, text: &str, options: &Options) -> Read {
    let folder = folder(&[(name, text.as_bytes())]);
    read_path(&folder.path().join(name), options)
}

/// Reads an export of Android of the chat with Bob.
fn read(text: &str) -> Read {
    read_as("WhatsApp Chat with Bob.txt", text, &options(Some(DateOrder::Dmy)))
}

fn zip(name: &str, files: &[(&str, &[u8])]) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    (folder, path)
}

impl Read {
    fn facts(&self, at: usize) -> crate::message::Facts {
        crate::message::facts(&self.mails[at])
    }

    fn events(&self) -> Vec<Event> {
        (0..self.mails.len()).map(|at| self.facts(at).event.event).collect()
    }

    /// Name of the sender; that of the platform for its events.
    fn sender(&self, at: usize) -> String {
        self.facts(at).participants.iter().find(|p| p.role == crate::model::Role::From).unwrap().name.clone()
    }

    fn text(&self, at: usize) -> String {
        self.facts(at).body
    }

    /// A field's value, unfolded and with its encoded words (RFC 2047) read.
    fn field(&self, at: usize, name: &str) -> String {
        let mail = String::from_utf8_lossy(&self.mails[at]).replace("\r\n ", " ").replace("\r\n\t", " ");
        let prefix = format!("{name}: ");
        let value = mail.split("\r\n").find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default();
        if !value.starts_with("=?utf-8?B?") {
            return value.to_owned();
        }
        let words = value.split_whitespace().map(|word| word.trim_start_matches("=?utf-8?B?").trim_end_matches("?="));
        let bytes = words.flat_map(|word| data_encoding::BASE64.decode(word.as_bytes()).unwrap()).collect();
        String::from_utf8(bytes).unwrap()
    }

    fn sent(&self, at: usize) -> String {
        self.field(at, "X-Custodia-Sent")
    }

    fn extra(&self, at: usize, pointer: &str) -> serde_json::Value {
        let extra: serde_json::Value = serde_json::from_str(&self.field(at, "X-Custodia-Extra")).unwrap();
        extra.get(pointer).cloned().unwrap_or_default()
    }
}

fn source(bytes: &[u8]) -> Arc<dyn crate::message::RawSource> {
    Arc::new(bytes.to_vec())
}
