//! Office Open XML (ECMA-376): documents and presentations, and what workbooks have beside their cells.

use super::markup::{self, Vocabulary};
use super::package::{Zip, unpack};
use super::relationships::{self, RELATIONSHIPS};
use super::{Member, Reading, properties};

/// Text of documents, drawings, charts and comments. Deleted text that is still there is read, and of what fields are
/// computed from where links lead.
const BODY: Vocabulary = Vocabulary {
    text: &["t", "text", "author"],
    lines: &["p", "br", "cr", "tr", "comment", "cm", "cmAuthor", "pt", "author"],
    gaps: &["tab", "tc"],
    hyphens: &["noBreakHyphen"],
    deleted: &["delText"],
    inserted: &["ins"],
    asides: &["txbxContent", "rt"],
    attributes: &[("comment", "author"), ("cmAuthor", "name")],
    fields: &["instrText", "fldSimple"],
};

/// Values that charts are drawn from.
const CHART: Vocabulary = Vocabulary { text: &["t", "v"], lines: &["p", "pt"], ..Vocabulary::NONE };

/// The part that says what the document is, where the package does not say which one does.
const PROPERTIES_PART: &str = "docProps/core.xml";

/// What of it is text.
const PROPERTIES: Vocabulary = Vocabulary {
    text: &["title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "contentStatus"],
    lines: &["title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "contentStatus"],
    ..Vocabulary::NONE
};

/// Parts whose texts are no content: what the program offers for typing over, and how things look.
const TEMPLATES: [&str; 7] =
    ["slideLayouts/", "slideMasters/", "notesMasters/", "handoutMasters/", "theme/", "styles", "worksheets/"];

/// Reads all parts that have text, and offers embedded files as members.
pub(super) fn read(zip: &mut Zip<'_>, names: &[String], reading: &mut Reading) {
    let property_parts = property_parts(zip, names, reading);
    let says_what_it_is = |name: &str| property_parts.iter().any(|part| part.eq_ignore_ascii_case(name));
    let mut parts: Vec<(usize, &String)> =
        names.iter().enumerate().filter(|(_, name)| says_what_it_is(name) || is_read(name)).collect();
    parts.sort_by_key(|(_, name)| (!name.ends_with("/document.xml"), natural(name)));
    for (index, name) in parts {
        let has_properties = says_what_it_is(name);
        if reading.text.is_full() && !has_properties {
            continue;
        }
        let Some(bytes) = unpack(zip, index, name, reading) else { continue };
        if ending(name) == Some("rels") {
            relationships::links(&bytes).for_each(|link| reading.text.push(&link));
        } else if has_properties {
            markup::read(&bytes, &PROPERTIES, reading);
            properties::office(&bytes, reading);
        } else if is_embedded(name) {
            reading.add(Member { name: name.clone(), media_type: String::new(), bytes });
        } else {
            markup::read(&bytes, if name.contains("/charts/") { &CHART } else { &BODY }, reading);
        }
    }
}

/// The parts that say what the document is; names of parts are compared without case (ECMA-376 part 2, clause 9.1.1.1.2).
fn property_parts(zip: &mut Zip<'_>, names: &[String], reading: &mut Reading) -> Vec<String> {
    let mut parts = vec![PROPERTIES_PART.to_owned()];
    if let Some(index) = names.iter().position(|name| name.eq_ignore_ascii_case(RELATIONSHIPS))
        && let Some(relationships) = unpack(zip, index, RELATIONSHIPS, reading)
    {
        parts.extend(relationships::property_parts(&relationships));
    }
    parts
}

fn is_read(name: &str) -> bool {
    let Some((room, part)) = name.split_once('/') else { return false };
    if !["word", "ppt", "xl"].contains(&room) {
        return false;
    }
    if is_embedded(name) {
        return true;
    }
    // Cells and their texts are read with the workbook.
    let is_cells = room == "xl" && (part == "sharedStrings.xml" || part == "workbook.xml");
    let is_template = TEMPLATES.iter().any(|template| part.starts_with(template));
    match ending(name) {
        Some("xml") => !is_cells && !is_template,
        Some("rels") => !is_template || part.starts_with("worksheets/_rels/"),
        _ => false,
    }
}

fn ending(name: &str) -> Option<&str> {
    name.rsplit('.').next()
}

/// Files of their own, and documents that are to be read as part of this one (`altChunk`).
fn is_embedded(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    name.contains("/embeddings/") || ["html", "htm", "mht", "rtf", "txt"].contains(&ending)
}

/// Sorts `slide2` before `slide10`.
fn natural(name: &str) -> (String, u64) {
    let digits = name.bytes().filter(u8::is_ascii_digit).map(char::from).collect::<String>();
    (name.chars().filter(|c| !c.is_ascii_digit()).collect(), digits.parse().unwrap_or(u64::MAX))
}
