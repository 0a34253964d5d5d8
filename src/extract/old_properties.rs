//! What Office files before 2007 say of themselves: property sets (MS-OLEPS).

use super::Reading;
use crate::model::UtcTime;
use crate::text::{code_page, decode_text};

/// Numbers of properties (MS-OSHARED 2.3.3.2.1, MS-OLEPS 2.18).
const CODE_PAGE: u32 = 1;
const TITLE: u32 = 2;
const AUTHOR: u32 = 4;
const CREATED: u32 = 12;
const SAVED: u32 = 13;

/// Types of values (MS-OLEPS 2.15).
const SHORT: u32 = 2;
const NARROW_TEXT: u32 = 30;
const WIDE_TEXT: u32 = 31;
const FILE_TIME: u32 = 64;

/// Most properties of a set that are looked at; those of documents have a few dozen.
const MOST: u32 = 1_000;

/// Reads a summary of a document. What is out of bounds is no property.
pub(super) fn read(bytes: &[u8], reading: &mut Reading) {
    let Some(set) = number(bytes, 44).and_then(|start| bytes.get(start as usize..)) else { return };
    let count = number(set, 4).unwrap_or(0).min(MOST);
    let property = |wanted: u32| {
        let mut all = (0..count as usize).filter_map(|n| Some((number(set, 8 + n * 8)?, number(set, 12 + n * 8)?)));
        let (_, at) = all.find(|(id, _)| *id == wanted)?;
        set.get(at as usize..)
    };
    let page = property(CODE_PAGE).filter(|value| number(value, 0) == Some(SHORT));
    let page = page.and_then(|value| number(value, 4)).map_or(code_page::WESTERN, |page| i64::from(page & 0xffff));
    let charset = code_page::label(page);
    reading.documents.add_author(&property(AUTHOR).and_then(|value| text(value, charset)).unwrap_or_default());
    reading.documents.add_title(&property(TITLE).and_then(|value| text(value, charset)).unwrap_or_default());
    reading.documents.created.extend(property(CREATED).and_then(time));
    reading.documents.modified.extend(property(SAVED).and_then(time));
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    bytes.try_into().ok().map(u32::from_le_bytes)
}

/// A text up to its end mark.
fn text(value: &[u8], charset: Option<&str>) -> Option<String> {
    let length = number(value, 4)? as usize;
    let text = match number(value, 0)? {
        NARROW_TEXT => decode_text(value.get(8..8_usize.checked_add(length)?)?, charset),
        WIDE_TEXT => decode_text(value.get(8..8_usize.checked_add(length.checked_mul(2)?)?)?, Some("utf-16le")),
        _ => return None,
    };
    text.split('\0').next().map(ToOwned::to_owned)
}

/// Tenths of microseconds since 1601 (MS-DTYP 2.3.3); nothing for none.
fn time(value: &[u8]) -> Option<UtcTime> {
    const TICKS_TO_1970: u64 = 116_444_736_000_000_000;
    if number(value, 0)? != FILE_TIME {
        return None;
    }
    let ticks = u64::from(number(value, 4)?) | u64::from(number(value, 8)?) << 32;
    let since = i64::try_from(ticks).ok()?.checked_sub_unsigned(TICKS_TO_1970)?;
    (ticks > 0).then(|| UtcTime(since.div_euclid(10_000)))
}
