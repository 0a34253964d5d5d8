//! Office Open XML (ECMA-376): documents and presentations, and what workbooks have beside their cells.

use super::markup::{self, Vocabulary};
use super::package::{Zip, unpack};
use super::{Member, Reading, properties};

/// Text of documents, drawings, charts and comments. Deleted text that is still there is read, field codes are not.
const BODY: Vocabulary = Vocabulary {
    text: &["t", "delText", "text"],
    lines: &["p", "br", "cr", "tr", "comment", "cm", "pt"],
    gaps: &["tab", "tc"],
};

/// Values that charts are drawn from.
const CHART: Vocabulary = Vocabulary { text: &["t", "v"], lines: &["p", "pt"], gaps: &[] };

/// The part that says what the document is (ECMA-376 part 2, clause 11).
const PROPERTIES_PART: &str = "docProps/core.xml";

/// What of it is text.
const PROPERTIES: Vocabulary = Vocabulary {
    text: &["title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "contentStatus"],
    lines: &["title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "contentStatus"],
    gaps: &[],
};

/// Parts whose texts are no content: what the program offers for typing over, and how things look.
const TEMPLATES: [&str; 7] =
    ["slideLayouts/", "slideMasters/", "notesMasters/", "handoutMasters/", "theme/", "styles", "worksheets/"];

/// Reads all parts that have text, and offers embedded files as members.
pub(super) fn read(zip: &mut Zip<'_>, names: &[String], reading: &mut Reading) {
    let mut parts: Vec<(usize, &String)> = names.iter().enumerate().filter(|(_, name)| is_read(name)).collect();
    parts.sort_by_key(|(_, name)| (!name.ends_with("/document.xml"), natural(name)));
    for (index, name) in parts {
        if reading.text.is_full() {
            break;
        }
        let Some(bytes) = unpack(zip, index, name, reading) else { continue };
        if is_embedded(name) {
            reading.add(Member { name: name.clone(), media_type: String::new(), bytes });
        } else {
            markup::read(&bytes, vocabulary(name), reading);
            if name == PROPERTIES_PART {
                properties::office(&bytes, reading);
            }
        }
    }
}

fn vocabulary(name: &str) -> &'static Vocabulary {
    if name.starts_with("docProps/") {
        &PROPERTIES
    } else if name.contains("/charts/") {
        &CHART
    } else {
        &BODY
    }
}

fn is_read(name: &str) -> bool {
    if name == PROPERTIES_PART {
        return true;
    }
    let Some((room, part)) = name.split_once('/') else { return false };
    if !["word", "ppt", "xl"].contains(&room) {
        return false;
    }
    if is_embedded(name) {
        return true;
    }
    // Cells and their texts are read with the workbook.
    let is_cells = room == "xl" && (part == "sharedStrings.xml" || part == "workbook.xml");
    name.rsplit('.').next() == Some("xml") && !is_cells && !TEMPLATES.iter().any(|template| part.starts_with(template))
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
