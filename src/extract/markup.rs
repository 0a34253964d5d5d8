//! Text of XML documents by the names of their elements.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::lines::Lines;
use super::{Reading, plain};

/// Which elements of a vocabulary hold text and which end lines, by name without prefix.
pub(super) struct Vocabulary {
    /// Text is what stands in these, at any depth.
    pub(super) text: &'static [&'static str],
    /// After these a new line begins.
    pub(super) lines: &'static [&'static str],
    /// These set apart what is before and behind them.
    pub(super) gaps: &'static [&'static str],
    /// These join what is before and behind them to a word that is written with a hyphen.
    pub(super) hyphens: &'static [&'static str],
    /// Text that was deleted and is still there stands in these.
    pub(super) deleted: &'static [&'static str],
    /// What was inserted beside it stands in these.
    pub(super) inserted: &'static [&'static str],
    /// Notes, boxes and readings, which stand in the middle of a line that goes on behind them.
    pub(super) asides: &'static [&'static str],
    /// Elements and the attributes of theirs that people read, or that lead elsewhere.
    pub(super) attributes: &'static [(&'static str, &'static str)],
    /// What fields are computed from stands in these, or in their attribute `instr`; that of a link names where it leads.
    pub(super) fields: &'static [&'static str],
}

impl Vocabulary {
    /// Without any word.
    pub(super) const NONE: Self = Self {
        text: &[],
        lines: &[],
        gaps: &[],
        hyphens: &[],
        deleted: &[],
        inserted: &[],
        asides: &[],
        attributes: &[],
        fields: &[],
    };
}

/// Appends the text of an XML document. What cannot be parsed ends it, and is noted.
///
/// Entities that the document declares itself are not resolved, so none can grow.
pub(super) fn read(xml: &[u8], words: &Vocabulary, reading: &mut Reading) {
    let source = plain::text(xml, None);
    let mut reader = lenient_reader(&source);
    let mut lines = Lines::new(words);
    reading.text.line();
    while !reading.text.is_full() {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => lines.enter(&start, reading),
            Ok(Event::Empty(empty)) => {
                lines.enter(&empty, reading);
                lines.leave(empty.local_name().as_ref(), reading);
            }
            Ok(Event::End(end)) => lines.leave(end.local_name().as_ref(), reading),
            Ok(Event::Text(text)) => lines.add(&text.xml10_content(), reading),
            Ok(Event::CData(text)) => lines.add(&text.xml10_content(), reading),
            Ok(Event::GeneralRef(name)) => lines.add(&resolved(&name.xml10_content()), reading),
            Ok(_) => {}
            Err(error) => {
                reading.damaged(&error);
                break;
            }
        }
    }
    lines.finish(reading);
}

/// A reader that goes on where a document is not well-formed.
pub(super) fn lenient_reader(source: &str) -> quick_xml::Reader<&[u8]> {
    let mut reader = quick_xml::Reader::from_str(source);
    make_lenient(reader.config_mut());
    reader
}

/// Makes a reader go on where a document is not well-formed.
pub(super) fn make_lenient(config: &mut quick_xml::reader::Config) {
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
}

/// The value of an attribute, by its name without prefix; empty if it has none.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let mut attributes = element.attributes();
    let mut all = attributes.with_checks(false).flatten();
    let value = all.find(|attribute| attribute.key.local_name().as_ref() == name);
    let value =
        value.and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned));
    value.unwrap_or_default()
}

/// The text of each element of one of these names, in order; what cannot be parsed ends it.
pub(super) fn values(xml: &[u8], names: &[&'static str]) -> Vec<(&'static str, String)> {
    let source = plain::text(xml, None);
    let mut reader = lenient_reader(&source);
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut inside = false;
    loop {
        let more = match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return found,
            Ok(Event::Start(start)) => {
                let name = names.iter().find(|name| **name == start.local_name().as_ref());
                inside = name.is_some();
                found.extend(name.map(|name| (*name, String::new())));
                continue;
            }
            Ok(Event::End(_)) => {
                inside = false;
                continue;
            }
            Ok(Event::Text(text)) => text.xml10_content().into_owned(),
            Ok(Event::CData(text)) => text.xml10_content().into_owned(),
            Ok(Event::GeneralRef(name)) => resolved(&name.xml10_content()),
            Ok(_) => continue,
        };
        if let Some((_, value)) = found.last_mut().filter(|_| inside) {
            value.push_str(&more);
        }
    }
}

/// The character of a reference (XML 1.0, 4.1 and 4.6); nothing for entities of the document's own.
pub(super) fn resolved(name: &str) -> String {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32).map(String::from).unwrap_or_default();
    }
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}
