//! The header of a message: its stamp, and where its author or text begins.

use super::calendar::readings;
use super::glyphs::Glyphs;
use super::stamp::{Stamp, WrittenDate, stamp};

/// Bytes of a line that are looked at for a header.
const MOST: usize = 512;

/// How a header encloses its stamp; each app on each system has its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `[stamp] `: iOS.
    Bracket,
    /// `stamp - `: Android.
    Dash,
    /// `stamp: `: iOS before 2018.
    Colon,
}

/// The header of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// Date and time.
    pub(super) stamp: Stamp,
    /// How it encloses them.
    pub(super) shape: Shape,
    /// Offset in the line of its stamp.
    pub(super) start: usize,
    /// Offset in the line after its stamp.
    pub(super) end: usize,
    /// Offset in the line after the header.
    pub(super) body: usize,
}

impl Header {
    /// The header at the beginning of a line without its end.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        if !may_be_one(line) {
            return None;
        }
        let head = line.get(..MOST).unwrap_or(line);
        let text = match std::str::from_utf8(head) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
        };
        let mut glyphs = Glyphs::new(text);
        let bracket = glyphs.take('[');
        let start = glyphs.offset();
        let stamp = stamp(&mut glyphs).filter(is_possible)?;
        let end = glyphs.end();
        let shape = if bracket {
            (glyphs.take(']') && (glyphs.take(' ') || glyphs.peek().is_none())).then_some(Shape::Bracket)?
        } else if glyphs.take(':') {
            glyphs.take(' ').then_some(Shape::Colon)?
        } else {
            let dash = glyphs.take(' ') && glyphs.take_if(|c| matches!(c, '-' | '\u{2013}')).is_some();
            (dash && glyphs.take(' ')).then_some(Shape::Dash)?
        };
        Some(Self { stamp, shape, start, end, body: glyphs.end() })
    }
}

/// Whether a line is worth a closer look: it starts with what a stamp starts with, and digits are not far.
fn may_be_one(line: &[u8]) -> bool {
    match line.first() {
        Some(b'[' | b'0'..=b'9') => line.len() > 9,
        Some(byte) if byte.is_ascii_alphabetic() => {
            line.get(..24).unwrap_or(line).iter().any(u8::is_ascii_digit) && line.contains(&b':')
        }
        Some(0x80..) => line.len() > 9,
        _ => false,
    }
}

/// Whether the date exists in some order.
fn is_possible(stamp: &Stamp) -> bool {
    match stamp.date {
        WrittenDate::Numbers { .. } => readings(&stamp.date).next().is_some(),
        WrittenDate::Named { day, .. } => (1..=31).contains(&day),
    }
}
