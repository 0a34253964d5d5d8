//! Compound files (MS-CFB): Office files before 2007, encrypted Office files, messages of Outlook.

use std::io::Cursor;

use cfb::CompoundFile;

use super::{File, Member, Reading, old_properties, old_slides, old_word, workbook};

/// The stream that says what the document is (MS-OLEPS 2.25).
const PROPERTIES: &str = "\u{5}SummaryInformation";

/// Reads a compound file as what it is by its streams.
pub(super) fn read(file: &File<'_>, reading: &mut Reading) {
    let mut compound = match CompoundFile::open(Cursor::new(file.bytes)) {
        Ok(compound) => compound,
        Err(error) => return reading.damaged(&error),
    };
    let streams: Vec<String> = compound
        .walk()
        .filter(cfb::Entry::is_stream)
        .map(|entry| entry.path().to_string_lossy().trim_start_matches('/').to_owned())
        .collect();
    let has = |name: &str| streams.iter().any(|stream| stream == name);
    if has(PROPERTIES)
        && let Some(bytes) = stream(&mut compound, PROPERTIES, reading)
    {
        old_properties::read(&bytes, reading);
    }
    if has("EncryptedPackage") {
        reading.note("encrypted", "it is encrypted with a password");
    } else if has("WordDocument") {
        old_word::read(&mut compound, reading);
    } else if has("Workbook") || has("Book") {
        workbook::read_old(file.bytes, reading);
    } else if has("PowerPoint Document") {
        old_slides::read(&mut compound, reading);
    } else if let Some(package) = streams.iter().find(|stream| ["Package", "CONTENTS"].contains(&stream.as_str())) {
        if let Ok(stream) = compound.open_stream(package)
            && let Some(bytes) = reading.unpack(package, stream)
        {
            reading.add(Member { name: String::new(), media_type: String::new(), bytes });
        }
    } else {
        reading.note("no_extractor", "a compound file of an unknown sort is not searched");
    }
}

/// Unpacks a stream; `None` if there is none, or, with the reason noted, if it cannot be read.
pub(super) fn stream(compound: &mut CompoundFile<Cursor<&[u8]>>, name: &str, reading: &mut Reading) -> Option<Vec<u8>> {
    let stream = compound.open_stream(name).ok()?;
    reading.unpack(name, stream)
}
