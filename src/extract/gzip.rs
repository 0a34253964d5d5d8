//! Gzip files (RFC 1952): one file each.

use flate2::read::MultiGzDecoder;

use super::{File, Member, Reading};

/// Unpacks the file; its name is that of the gzip file without the ending.
pub(super) fn read(file: &File<'_>, reading: &mut Reading) {
    let name = match file.name.rsplit_once('.') {
        Some((name, ending)) if ending.eq_ignore_ascii_case("gz") => name.to_owned(),
        Some((name, ending)) if ending.eq_ignore_ascii_case("tgz") => format!("{name}.tar"),
        _ => file.name.to_owned(),
    };
    if let Some(bytes) = reading.unpack(&name, MultiGzDecoder::new(file.bytes)) {
        reading.add(Member { name, media_type: String::new(), bytes });
    }
}
