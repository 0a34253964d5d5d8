//! The converters: one line for each. What they share stands beside them: records of JSON and lines of text, drafts of
//! messages, and how a file's format is recognised.

pub(super) mod conversion;
mod draft;
mod json;
mod line_reader;
mod magic;
pub(super) mod mbox;
pub(super) mod messages;
mod outlook;
mod rsmf;
mod side_files;
pub(super) mod single;
pub(super) mod sniff;
mod telemessage;
mod wechat;
mod wecom;
mod whatsapp;
mod whatsapp_backup;
mod whatsapp_cloud;
mod xml;

use crate::connector::input::{Input, Reader};
use crate::connector::zip_file::ZipFile;
use crate::connector::{As, FileAccount, Format, Options};

pub use outlook::outlook_mail;

/// What a format's converter can do.
pub(super) struct Converter {
    /// What it reads.
    pub(super) format: Format,
    /// The word by which it is asked for.
    pub(super) read_as: As,
    /// Whether a file is in its format.
    pub(super) recognises: fn(&Start<'_>) -> bool,
    /// Whether a zip file as a whole is a delivery in its format.
    pub(super) bundles: fn(&ZipFile) -> bool,
    /// Begins to read. What is not in its format is an error, a text for people.
    pub(super) open: fn(Input, &Options) -> Opening,
}

/// A reader, or why there is none.
pub(super) type Opening = Result<Box<dyn Reader>, Refusal>;

/// Why nothing of a file can be taken.
#[derive(Debug)]
pub(super) struct Refusal {
    /// A text for people.
    pub(super) reason: String,
    /// What the file holds all the same, if that was found out.
    pub(super) account: Option<FileAccount>,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self { reason, account: None }
    }
}

/// What is seen of a file before it is read.
pub(super) struct Start<'a> {
    /// Its name, without folders.
    pub(super) name: &'a str,
    /// Its first bytes, at most [`HEAD`](sniff::HEAD).
    pub(super) head: &'a [u8],
}

/// All converters, in the order in which they are asked.
pub(super) const CONVERTERS: [&Converter; 9] = [
    &telemessage::CONVERTER,
    &rsmf::CONVERTER,
    &whatsapp_cloud::CONVERTER,
    &whatsapp_backup::CONVERTER,
    &wecom::CONVERTER,
    &wechat::CONVERTER,
    &outlook::PST,
    &outlook::MSG,
    &whatsapp::CONVERTER,
];

/// The converter that recognises a file.
pub(super) fn recognised(start: &Start<'_>) -> Option<&'static Converter> {
    CONVERTERS.into_iter().find(|converter| (converter.recognises)(start))
}

/// The converter that is asked for by a word.
pub(super) fn named(read_as: As) -> Option<&'static Converter> {
    CONVERTERS.into_iter().find(|converter| converter.read_as == read_as)
}

/// The converter that reads a zip file as a whole. One that is asked for as a delivery is taken for one, manifest or not.
pub(super) fn bundled(zip: &ZipFile, read_as: As) -> Option<&'static Converter> {
    let mut asked = CONVERTERS.into_iter().filter(|converter| read_as == As::Auto || converter.read_as == read_as);
    asked.find(|converter| read_as == As::Telemessage || (converter.bundles)(zip))
}
