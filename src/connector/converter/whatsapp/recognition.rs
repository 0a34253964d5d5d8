//! Whether a text is a chat exported by WhatsApp; other programs begin lines with date and time too.

use super::author::split;
use super::glyphs::is_mark;
use super::header::{Header, Shape};
use super::markers::{Marker, Markers};
use super::notices::is_certain;
use super::stamp::WrittenDate;
use super::title::{IOS_TEXT, stated};
use crate::connector::converter::Start;

/// Whether a file begins like an exported chat. Its first line has to have a header. The name of an export, or anything
/// that only the app writes, is enough then; else another header of the same shape, or a shape that nothing else has.
pub(super) fn recognises(start: &Start<'_>) -> bool {
    let mut lines = start.head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !is_blank(line));
    let Some(first) = lines.next().and_then(Header::parse) else { return false };
    if start.name.eq_ignore_ascii_case(IOS_TEXT) || stated(start.name).is_some() {
        return true;
    }
    let headers =
        || start.head.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(|line| Some((Header::parse(line)?, line)));
    if headers().any(|(header, line)| is_of_app(&header, line)) {
        return true;
    }
    let alike = headers().filter(|(header, _)| header.shape == first.shape).count();
    !is_log(&first) && (alike > 1 || (first.shape == Shape::Bracket && first.stamp.time.second.is_some()))
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty() || line == b"\xef\xbb\xbf"
}

/// Whether logs of programs, or exports of Signal, have this shape too.
fn is_log(header: &Header) -> bool {
    let WrittenDate::Numbers { year_at, separator, .. } = header.stamp.date else { return false };
    let (iso, seconds) = (year_at == Some(0), header.stamp.time.second.is_some());
    match header.shape {
        Shape::Bracket => iso && separator == '-' && !(seconds && header.stamp.comma),
        Shape::Dash => iso && seconds,
        Shape::Colon => iso || !seconds,
    }
}

/// Whether a line has what only the app writes.
fn is_of_app(header: &Header, line: &[u8]) -> bool {
    let rest = String::from_utf8_lossy(line.get(header.body..).unwrap_or_default());
    let body = split(&rest, "", |_| false).body;
    if header.shape == Shape::Bracket && body.starts_with(is_mark) {
        return true;
    }
    let found = Markers::get().find(body.trim_start());
    is_certain(&rest) || found.is_some_and(|found| !matches!(found.marker, Marker::Called { .. }))
}
