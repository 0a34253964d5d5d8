//! The bodies of an item.

use super::property::{Properties, Value, id};
use crate::text::code_page;
use crate::text::rtf::{self, RtfContent};

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
        let rtf = match rtf::decompress(compressed) {
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
