//! A zip file of files.

use super::package::{Zip, unpack};
use super::{Member, Reading};

/// Unpacks each file, in the order of the zip file.
pub(super) fn read(zip: &mut Zip<'_>, names: &[String], reading: &mut Reading) {
    for (index, name) in names.iter().enumerate() {
        if name.ends_with('/') || name.starts_with("__MACOSX/") || name.ends_with(".DS_Store") {
            continue;
        }
        if reading.room() == 0 || reading.files() == 0 {
            return reading.note("too_large", "it holds more than is unpacked; the rest is not searched");
        }
        if let Some(bytes) = unpack(zip, index, name, reading) {
            reading.add(Member { name: name.clone(), media_type: String::new(), bytes });
        }
    }
}
