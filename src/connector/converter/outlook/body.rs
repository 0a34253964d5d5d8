//! The bodies of an item.

use super::code_page;
use super::property::{Properties, Value, id};
use super::rtf::{self, RtfContent};

/// What an item says, in all forms that it has.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// Plain text.
    pub(super) plain: Option<String>,
    /// HTML and its character set.
    pub(super) html: Option<(Vec<u8>, &'static str)>,
    /// RTF, decompressed if that was possible.
    pub(super) rtf: Option<Vec<u8>>,
    /// What is wrong with the RTF, for people.
    pub(super) problem: Option<String>,
}

impl Bodies {
    /// The bodies among the properties. Where there is RTF and no HTML, the HTML or the text in it is taken out as well.
    pub(super) fn of(properties: &Properties) -> Self {
        let plain = properties.text(id::BODY).map(ToOwned::to_owned);
        let mut bodies = Self { plain, html: html(properties), ..Self::default() };
        let Some(compressed) = properties.bytes(id::RTF) else { return bodies };
        let rtf = match decompress(compressed) {
            Ok(rtf) => rtf,
            Err(reason) => {
                bodies.problem =
                    Some(format!("the RTF body cannot be decompressed ({reason}); it is kept as it stands"));
                bodies.rtf = Some(compressed.to_vec());
                return bodies;
            }
        };
        if bodies.html.is_none() {
            match rtf::content(&rtf) {
                RtfContent::Html(html) => bodies.html = Some((html.into_bytes(), "utf-8")),
                RtfContent::Text(text) if bodies.plain.is_none() => bodies.plain = Some(text),
                RtfContent::Text(_) => {}
            }
        }
        bodies.rtf = Some(rtf);
        bodies
    }
}

fn html(properties: &Properties) -> Option<(Vec<u8>, &'static str)> {
    let bytes = properties.bytes(id::HTML)?.to_vec();
    let text = properties.iter().any(|(id, property)| id == id::HTML && matches!(property.value, Value::Text(_)));
    let said = properties.integer(id::INTERNET_CODE_PAGE).and_then(code_page::label);
    let label = if text { Some("utf-8") } else { said };
    Some((bytes, label.unwrap_or("windows-1252")))
}

/// The header of RTF that is not compressed says this (MS-OXRTFCP 2.1.3.1).
const UNCOMPRESSED: u32 = 0x414C_454D;

/// Decompresses RTF (MS-OXRTFCP 2.1.3.1). What its header declares is checked before memory is taken for it.
fn decompress(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    let (Some(_), Some(raw), Some(kind), Some(_)) = (word(0), word(4), word(8), word(12)) else {
        return Err("it is shorter than its header".to_owned());
    };
    // Eight references of two bytes give at most 17 bytes each, after one byte of control.
    let most = bytes.len().saturating_mul(if kind == UNCOMPRESSED { 1 } else { 9 });
    if raw as usize > most {
        return Err("it declares more bytes than it can hold".to_owned());
    }
    if kind == UNCOMPRESSED {
        return bytes.get(16..).map(<[u8]>::to_vec).ok_or_else(|| "it ends early".to_owned());
    }
    let text = compressed_rtf::decompress_rtf(bytes).map_err(|error| error.to_string())?;
    Ok(text.chars().filter_map(|char| u8::try_from(char).ok()).collect())
}
