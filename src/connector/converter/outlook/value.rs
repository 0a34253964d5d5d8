//! Values of properties as both kinds of file store them.

use super::property::{Value, guid};

/// A little-endian number of `len` bytes, at most 8.
pub(super) fn number(bytes: &[u8], at: usize, len: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(len)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

/// A text of UTF-16 after its length in bytes.
pub(super) fn text_at(texts: &[u8], at: u64) -> Option<String> {
    let at = usize::try_from(at).ok()?;
    let len = usize::try_from(number(texts, at, 4)?).ok()?;
    let start = at.checked_add(4)?;
    Some(utf16(texts.get(start..start.checked_add(len)?)?))
}

/// The name of a named property from an entry of 8 bytes, with its identifier (MS-OXMSG 2.2.3.1.2, MS-PST 2.4.7.1).
pub(super) fn named(entry: &[u8], guids: &[u8], texts: &[u8]) -> Option<(u16, String)> {
    let (key, kind) = (number(entry, 0, 4)?, number(entry, 4, 2)?);
    let index = u16::try_from(number(entry, 6, 2)?).ok()?;
    let set = match kind >> 1 {
        0 => String::new(),
        1 => "{00020328-0000-0000-C000-000000000046}".to_owned(),
        2 => "{00020329-0000-0000-C000-000000000046}".to_owned(),
        place => {
            let at = usize::try_from(place).ok()?.checked_sub(3)?.checked_mul(16)?;
            guid(guids.get(at..at.checked_add(16)?)?)?
        }
    };
    let name = if kind & 1 == 0 { format!("0x{key:04X}") } else { text_at(texts, key)? };
    Some((index.checked_add(0x8000)?, format!("{set}/{name}")))
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> =
        bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes)).collect();
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(units.get(..end).unwrap_or_default())
}

/// A value of at most 8 bytes; `None` for types whose values are stored apart.
pub(super) fn fixed_value(kind: u16, bytes: &[u8]) -> Option<Value> {
    let wide = number(bytes, 0, 8)?;
    Some(match kind {
        0x0001 => Value::Null,
        0x0002 => Value::Integer(i64::from(wide as u16 as i16)),
        0x0003 | 0x000A => Value::Integer(i64::from(wide as u32 as i32)),
        0x0004 => Value::Float(f64::from(f32::from_bits(wide as u32))),
        0x0005 | 0x0007 => Value::Float(f64::from_bits(wide)),
        0x0006 | 0x0014 => Value::Integer(wide as i64),
        0x000B => Value::Boolean(wide & 0xFF != 0),
        0x0040 => Value::Time(wide as i64),
        _ => return None,
    })
}

/// A value of any length.
pub(super) fn variable_value(kind: u16, bytes: Vec<u8>) -> Value {
    match kind {
        0x001E => Value::Encoded(bytes),
        0x001F => Value::Text(utf16(&bytes)),
        0x0048 => guid(&bytes).map_or(Value::Binary(bytes), Value::Guid),
        _ => Value::Binary(bytes),
    }
}

/// Bytes of a value of a type with one length; 0 for others.
pub(super) fn size(kind: u16) -> usize {
    match kind {
        0x000B => 1,
        0x0002 => 2,
        0x0003 | 0x0004 | 0x000A => 4,
        0x0005..=0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        _ => 0,
    }
}

/// A value of a type with one length, from its bytes.
pub(super) fn sized_value(kind: u16, bytes: &[u8]) -> Value {
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().max(8), 0);
    fixed_value(kind, &padded).unwrap_or_else(|| variable_value(kind, bytes.to_vec()))
}
