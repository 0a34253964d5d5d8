//! The converters: one line for each.

use super::input::{Input, Reader};
use super::zip_file::ZipFile;
use super::{As, Format, Options, whatsapp_backup, whatsapp_cloud};

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
    pub(super) open: fn(Input, &Options) -> Result<Box<dyn Reader>, String>,
}

/// What is seen of a file before it is read.
pub(super) struct Start<'a> {
    /// Its name, without folders.
    pub(super) name: &'a str,
    /// Its first bytes, at most [`HEAD`](super::sniff::HEAD).
    pub(super) head: &'a [u8],
}

/// All converters, in the order in which they are asked.
pub(super) const CONVERTERS: [&Converter; 4] =
    [&super::telemessage::CONVERTER, &super::rsmf::CONVERTER, &whatsapp_cloud::CONVERTER, &whatsapp_backup::CONVERTER];

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
