//! Text of XML documents by the names of their elements.

use quick_xml::events::Event;

use super::Reading;
use super::plain;

/// Which elements of a vocabulary hold text and which end lines, by name without prefix.
pub(super) struct Vocabulary {
    /// Text is what stands in these, at any depth.
    pub(super) text: &'static [&'static str],
    /// After these a new line begins.
    pub(super) lines: &'static [&'static str],
    /// These set apart what is before and behind them.
    pub(super) gaps: &'static [&'static str],
}

/// Appends the text of an XML document. What cannot be parsed ends it, and is noted.
///
/// Entities that the document declares itself are not resolved, so none can grow.
pub(super) fn read(xml: &[u8], words: &Vocabulary, reading: &mut Reading) {
    let source = plain::text(xml, None);
    let mut reader = lenient_reader(&source);
    let mut inside = 0_usize;
    reading.text.line();
    while !reading.text.is_full() {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => inside += usize::from(words.text.contains(&start.local_name().as_ref())),
            Ok(Event::Empty(empty)) => separate(empty.local_name().as_ref(), words, reading),
            Ok(Event::End(end)) => {
                let name = end.local_name();
                inside = inside.saturating_sub(usize::from(words.text.contains(&name.as_ref())));
                separate(name.as_ref(), words, reading);
            }
            Ok(Event::Text(text)) if inside > 0 => reading.text.append(&text.xml10_content()),
            Ok(Event::CData(text)) if inside > 0 => reading.text.append(&text.xml10_content()),
            Ok(Event::GeneralRef(name)) if inside > 0 => reading.text.append(&resolved(&name.xml10_content())),
            Ok(_) => {}
            Err(error) => {
                reading.damaged(&error);
                break;
            }
        }
    }
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

fn separate(name: &str, words: &Vocabulary, reading: &mut Reading) {
    if words.lines.contains(&name) {
        reading.text.line();
    } else if words.gaps.contains(&name) {
        reading.text.gap("\t");
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
