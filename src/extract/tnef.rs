//! `winmail.dat` (MS-OXTNEF): the body and the files that Outlook wrapped.

use super::{Member, Reading, loose_text};
use crate::text::rtf::{self, RtfContent};
use crate::text::{code_page, html};

/// Attributes by their number (MS-OXTNEF 2.1.3.2).
const SUBJECT: u32 = 0x0001_8004;
const BODY: u32 = 0x0002_800C;
const CODE_PAGE: u32 = 0x0006_9007;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHMENT_STARTS: u32 = 0x0006_9002;
const ATTACHMENT_NAME: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800F;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

/// Properties by their number (MS-OXPROPS).
const PR_SUBJECT: u16 = 0x0037;
const PR_BODY: u16 = 0x1000;
const PR_RTF: u16 = 0x1009;
const PR_HTML: u16 = 0x1013;
const PR_DATA: u16 = 0x3701;
const PR_NAMES: [u16; 3] = [0x3707, 0x3704, 0x3001];

/// Reads a TNEF file.
pub(super) fn read(bytes: &[u8], reading: &mut Reading) {
    let mut cursor = Cursor { rest: bytes.get(6..).unwrap_or_default() };
    let mut page = code_page::WESTERN;
    let mut file: Option<(String, Vec<u8>)> = None;
    while !cursor.rest.is_empty() {
        // MS-OXTNEF 2.1.3.1: level, attribute, length, data, checksum.
        let Some((attribute, data)) = cursor.attribute() else {
            reading.damaged(&"an attribute is cut off");
            break;
        };
        match attribute {
            CODE_PAGE => page = data.first_chunk::<4>().map_or(page, |page| i64::from(u32::from_le_bytes(*page))),
            SUBJECT | BODY => reading.text.push(&code_page::decode(data, page)),
            MESSAGE_PROPERTIES => message(data, page, reading),
            ATTACHMENT_STARTS => offer(file.replace(Default::default()), reading),
            ATTACHMENT_NAME => {
                let name = code_page::decode(data, page);
                file.get_or_insert_default().0 = name;
            }
            ATTACHMENT_DATA => {
                if let Some(bytes) = reading.unpack("an attachment", data) {
                    file.get_or_insert_default().1 = bytes;
                }
            }
            ATTACHMENT_PROPERTIES => attachment(data, page, file.get_or_insert_default(), reading),
            _ => {}
        }
    }
    offer(file, reading);
}

fn offer(file: Option<(String, Vec<u8>)>, reading: &mut Reading) {
    if let Some((name, bytes)) = file.filter(|(_, bytes)| !bytes.is_empty()) {
        reading.add(Member { name, media_type: String::new(), bytes });
    }
}

/// The texts of a message: of several forms of the body, all; the same words are found in each.
fn message(data: &[u8], page: i64, reading: &mut Reading) {
    properties(data, reading, |id, sort, value, reading| match id {
        PR_SUBJECT | PR_BODY => reading.text.push(&property_text(sort, value, page)),
        PR_HTML => reading.text.push(&html::searched_text(&loose_text(value, code_page::label(page)))),
        PR_RTF => match rtf::decompress(value).map(|rtf| rtf::content(&rtf)) {
            Ok(RtfContent::Html(source)) => reading.text.push(&html::searched_text(&source)),
            Ok(RtfContent::Text(text)) => reading.text.push(&text),
            Err(error) => reading.damaged(&error),
        },
        _ => {}
    });
}

fn attachment(data: &[u8], page: i64, file: &mut (String, Vec<u8>), reading: &mut Reading) {
    properties(data, reading, |id, sort, value, reading| {
        if PR_NAMES.contains(&id) {
            let name = property_text(sort, value, page);
            // The long name comes with the short one and says more.
            if name.len() > file.0.len() {
                file.0 = name;
            }
        } else if id == PR_DATA && file.1.is_empty() {
            // MS-OXTNEF 2.1.3.4: an object begins with the 16 bytes of its interface.
            let object = if sort == 0x0D { value.get(16..).unwrap_or_default() } else { value };
            if let Some(bytes) = reading.unpack("an attachment", object) {
                file.1 = bytes;
            }
        }
    });
}

fn property_text(sort: u16, value: &[u8], page: i64) -> String {
    if sort == 0x1F { loose_text(value, Some("utf-16le")) } else { code_page::decode(value, page) }
}

/// Visits the values of properties (MS-OXTNEF 2.1.3.4) with number and type.
fn properties(data: &[u8], reading: &mut Reading, mut visit: impl FnMut(u16, u16, &[u8], &mut Reading)) {
    let mut cursor = Cursor { rest: data };
    let Some(count) = cursor.number() else { return };
    for _ in 0..count {
        let Some(()) = cursor.property(|id, sort, value| visit(id, sort, value, reading)) else {
            return reading.damaged(&"a property is cut off");
        };
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn attribute(&mut self) -> Option<(u32, &'a [u8])> {
        self.take(1)?;
        let attribute = self.number()?;
        let length = self.number()? as usize;
        let data = self.take(length)?;
        // A last checksum that is missing costs nothing.
        let _ = self.take(2);
        Some((attribute, data))
    }

    /// A value of variable length, padded to four bytes.
    fn padded(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let value = self.take(length)?;
        let padding = length.next_multiple_of(4) - length;
        self.take(padding.min(self.rest.len()))?;
        Some(value)
    }

    fn property(&mut self, mut visit: impl FnMut(u16, u16, &'a [u8])) -> Option<()> {
        let tag = self.number()?;
        let (sort, id) = ((tag & 0xFFFF) as u16, (tag >> 16) as u16);
        if id >= 0x8000 {
            // A named property: its set, then its number or its name.
            self.take(16)?;
            if self.number()? == 0 {
                self.take(4)?
            } else {
                self.padded()?
            };
        }
        let single = sort & 0x0FFF;
        let is_variable = matches!(single, 0x0D | 0x1E | 0x1F | 0x102);
        let count = if is_variable || sort & 0x1000 != 0 { self.number()? } else { 1 };
        for _ in 0..count {
            let value = if is_variable { self.padded()? } else { self.take(fixed_length(single)?)? };
            visit(id, single, value);
        }
        Some(())
    }
}

/// Bytes of a value of fixed length, padded to four (MS-OXCDATA 2.11.1).
fn fixed_length(sort: u16) -> Option<usize> {
    match sort {
        0x02 | 0x03 | 0x04 | 0x0A | 0x0B => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    }
}
