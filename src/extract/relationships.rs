//! Which part of an Office package says what the document is (ECMA-376 part 2, clauses 9.3 and 11).

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{markup, plain};

/// The part that says how the others belong to the package.
pub(super) const RELATIONSHIPS: &str = "_rels/.rels";

/// Ends the type of the relationship to the properties of the document.
const CORE_PROPERTIES: &str = "/core-properties";

/// The names of the parts that the relationships of a package call its properties.
pub(super) fn property_parts(relationships: &[u8]) -> Vec<String> {
    let source = plain::text(relationships, None);
    let mut reader = markup::lenient_reader(&source);
    let mut found = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return found,
            Ok(Event::Empty(element) | Event::Start(element)) if element.local_name().as_ref() == "Relationship" => {
                let is_external = attribute(&element, "TargetMode") == "External";
                if attribute(&element, "Type").ends_with(CORE_PROPERTIES) && !is_external {
                    let target = attribute(&element, "Target");
                    found.push(target.trim_start_matches("./").trim_start_matches('/').to_owned());
                }
            }
            Ok(_) => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let mut attributes = element.attributes();
    let mut all = attributes.with_checks(false).flatten();
    let value = all.find(|attribute| attribute.key.as_ref() == name);
    let value =
        value.and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned));
    value.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_properties_are_where_the_package_says() {
        let package = "http://schemas.openxmlformats.org/package/2006/relationships/metadata";
        let rels = format!(
            "<Relationships><Relationship Type=\"{package}/core-properties\" Target=\"/docProps/core/1f.psmdcp\"/>\
             <Relationship Type=\"{package}/thumbnail\" Target=\"t.png\"/><Relationship TargetMode=\"External\" \
             Type=\"{package}/core-properties\" Target=\"http://x\"/><Relationship Type=\"x/core-properties\"></Relationship>"
        );
        assert_eq!(property_parts(rels.as_bytes()), ["docProps/core/1f.psmdcp", ""]);
        assert!(property_parts(b"<Relationships").is_empty());
    }
}
