//! Tar files.

use super::{Member, Reading};

/// Unpacks each file.
pub(super) fn read(bytes: &[u8], reading: &mut Reading) {
    let mut tape = tar::Archive::new(bytes);
    let entries = match tape.entries() {
        Ok(entries) => entries,
        Err(error) => return reading.damaged(&error),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return reading.damaged(&error),
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        if reading.room() == 0 || reading.files() == 0 {
            return reading.note("too_large", "it holds more than is unpacked; the rest is not searched");
        }
        let name = super::plain::text(&entry.path_bytes(), None).into_owned();
        if let Some(bytes) = reading.unpack(&name, entry) {
            reading.add(Member { name, media_type: String::new(), bytes });
        }
    }
}
