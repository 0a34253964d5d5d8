//! Zip files: Office and `OpenDocument` files, and those that just hold other files.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::reading::one_line;
use super::{File, Reading, ooxml, opendocument, workbook, zip_members};

/// An open zip file.
pub(super) type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads a zip file as what it is by its entries.
pub(super) fn read(file: &File<'_>, reading: &mut Reading) {
    let mut zip = match ZipArchive::new(Cursor::new(file.bytes)) {
        Ok(zip) => zip,
        Err(error) => {
            return reading.note("damaged", format!("it is a damaged zip file ({})", one_line(&error.to_string())));
        }
    };
    let names = names(&mut zip);
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if has("[Content_Types].xml") && (has("word/") || has("ppt/") || has("xl/")) {
        if has("xl/") {
            workbook::read_package(file.bytes, has("xl/workbook.bin"), reading);
        }
        ooxml::read(&mut zip, &names, reading);
    } else if has("mimetype") && has("content.xml") {
        opendocument::read(&mut zip, &names, reading);
    } else {
        zip_members::read(&mut zip, &names, reading);
    }
}

/// The names of the entries, by their index.
fn names(zip: &mut Zip<'_>) -> Vec<String> {
    (0..zip.len())
        .map(|index| zip.by_index_raw(index).map(|entry| name(entry.name_raw())).unwrap_or_default())
        .collect()
}

/// Names are UTF-8 in practice whether or not their flag says so; else in an old character set of their own.
fn name(raw: &[u8]) -> String {
    super::plain::text(raw, None).replace('\\', "/")
}

/// Unpacks the entry at `index`; `None`, with the reason noted, if that cannot be done.
pub(super) fn unpack(zip: &mut Zip<'_>, index: usize, name: &str, reading: &mut Reading) -> Option<Vec<u8>> {
    match zip.by_index(index) {
        Ok(entry) => {
            let declared = entry.size();
            // An entry that is longer than it says is damaged, and may be meant to take all memory.
            reading.unpack(name, entry.take(declared.saturating_add(1)))
        }
        Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
            reading.note("encrypted", format!("`{}` in it is encrypted", one_line(name)));
            None
        }
        Err(error) => {
            reading.note(
                "damaged",
                format!("`{}` in it cannot be unpacked ({})", one_line(name), one_line(&error.to_string())),
            );
            None
        }
    }
}
