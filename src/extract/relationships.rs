//! Where the parts of an Office package lead (ECMA-376 part 2, clause 9.3): to the one that says what the document is (clause 11),
//! and out of the package.

use quick_xml::events::Event;

use super::markup::{self, attribute};
use super::plain;

/// The part that says how the others belong to the package.
pub(super) const RELATIONSHIPS: &str = "_rels/.rels";

/// Ends the type of the relationship to the properties of the document.
const CORE_PROPERTIES: &str = "/core-properties";

/// The names of the parts that the relationships of a package call its properties.
pub(super) fn property_parts(relationships: &[u8]) -> Vec<String> {
    let named =
        read(relationships).into_iter().filter(|found| found.kind.ends_with(CORE_PROPERTIES) && !found.is_external);
    named.map(|found| found.target.trim_start_matches("./").trim_start_matches('/').to_owned()).collect()
}

/// What links of a part lead to outside of the package.
pub(super) fn links(relationships: &[u8]) -> impl Iterator<Item = String> {
    read(relationships).into_iter().filter(|found| found.is_external).map(|found| found.target)
}

struct Relationship {
    kind: String,
    target: String,
    is_external: bool,
}

fn read(relationships: &[u8]) -> Vec<Relationship> {
    let source = plain::text(relationships, None);
    let mut reader = markup::lenient_reader(&source);
    let mut found = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return found,
            Ok(Event::Empty(element) | Event::Start(element)) if element.local_name().as_ref() == "Relationship" => {
                found.push(Relationship {
                    kind: attribute(&element, "Type"),
                    target: attribute(&element, "Target"),
                    is_external: attribute(&element, "TargetMode") == "External",
                });
            }
            Ok(_) => {}
        }
    }
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
        assert_eq!(links(rels.as_bytes()).collect::<Vec<_>>(), ["http://x"]);
    }
}
