//! Presentations of `PowerPoint` before 2007 (MS-PPT): the texts among its records.

use std::io::Cursor;

use cfb::CompoundFile;

use super::{Reading, compound, loose_text};

/// Records that hold text, in UTF-16 or in the low bytes of it (MS-PPT 2.9.42, 2.9.43, 2.9.44).
const WIDE: [u16; 2] = [0x0FA0, 0x0FBA];
const NARROW: u16 = 0x0FA8;
/// What the masters say stands to be typed over (MS-PPT 2.4.3).
const MASTER: u16 = 0x03F8;

/// Reads a presentation.
pub(super) fn read(file: &mut CompoundFile<Cursor<&[u8]>>, reading: &mut Reading) {
    let Some(document) = compound::stream(file, "PowerPoint Document", reading) else {
        return reading.damaged(&"its text cannot be found");
    };
    let mut rest = document.as_slice();
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let [version, _, low, high, length @ ..] = *head;
        let sort = u16::from_le_bytes([low, high]);
        let length = u32::from_le_bytes(length) as usize;
        // A container's records follow its header (MS-PPT 2.3.1).
        if version & 0x0F == 0x0F && sort != MASTER {
            rest = after;
            continue;
        }
        let Some((body, next)) = after.split_at_checked(length) else {
            return reading.damaged(&"a record is longer than the file");
        };
        if WIDE.contains(&sort) {
            reading.text.push(&loose_text(body, Some("utf-16le")).replace('\u{b}', "\n"));
        } else if sort == NARROW {
            reading.text.push(&loose_text(body, Some("iso-8859-1")).replace('\u{b}', "\n"));
        }
        rest = next;
    }
}
