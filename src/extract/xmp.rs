//! XMP (ISO 16684-1): what a file says of itself in RDF.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use super::{Reading, markup, plain, properties};

/// Properties that are read, each with the beginning that its namespace has by custom (ISO 16684-1, 8.3 and 8.4).
const WANTED: [&str; 6] =
    ["dc:title", "dc:creator", "dc:description", "dc:subject", "xmp:CreateDate", "xmp:ModifyDate"];

/// Namespaces, with those beginnings. Where a packet does not declare them, the beginnings count.
const NAMESPACES: [(&str, &str); 2] =
    [("http://purl.org/dc/elements/1.1/", "dc"), ("http://ns.adobe.com/xap/1.0/", "xmp")];

/// Reads a packet. What cannot be parsed ends it.
pub(super) fn read(packet: &[u8], reading: &mut Reading) {
    for (name, value) in values(packet) {
        match name {
            "dc:creator" => reading.documents.add_author(&value),
            "dc:title" => reading.documents.add_title(&value),
            "xmp:CreateDate" => reading.documents.created.extend(properties::time(&value)),
            "xmp:ModifyDate" => reading.documents.modified.extend(properties::time(&value)),
            _ => {}
        }
        if name.starts_with("dc:") && !reading.text.as_str().lines().any(|line| line == value) {
            reading.text.push(&value);
        }
    }
}

/// The values of the wanted properties: of their elements, of each entry of a list in them, and of attributes.
fn values(packet: &[u8]) -> Vec<(&'static str, String)> {
    let source = text(packet);
    let mut reader = NsReader::from_str(&source);
    markup::make_lenient(reader.config_mut());
    let (mut found, mut inside) = (Vec::new(), None);
    let mut value = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => break,
            Ok(Event::Empty(empty)) => found.extend(attributes(&empty, reader.resolver())),
            Ok(Event::Start(start)) => {
                found.extend(attributes(&start, reader.resolver()));
                inside = element(start.name(), reader.resolver()).or(inside);
                value.clear();
            }
            Ok(Event::End(end)) => {
                let text = value.trim();
                found.extend(inside.filter(|_| !text.is_empty()).map(|name| (name, text.to_owned())));
                value.clear();
                inside = inside.filter(|_| element(end.name(), reader.resolver()).is_none());
            }
            Ok(Event::Text(text)) if inside.is_some() => value.push_str(&text.xml10_content()),
            Ok(Event::CData(text)) if inside.is_some() => value.push_str(&text.xml10_content()),
            Ok(Event::GeneralRef(name)) if inside.is_some() => value.push_str(&markup::resolved(&name.xml10_content())),
            Ok(_) => {}
        }
    }
    found
}

/// A packet as text. Its bytes begin with `<`, which tells UTF-16 without a mark.
fn text(packet: &[u8]) -> Cow<'_, str> {
    match packet {
        [b'<', 0, ..] => UTF_16LE.decode_without_bom_handling(packet).0,
        [0, b'<', ..] => UTF_16BE.decode_without_bom_handling(packet).0,
        _ => plain::text(packet, None),
    }
}

fn attributes(start: &BytesStart<'_>, resolver: &NamespaceResolver) -> Vec<(&'static str, String)> {
    let mut attributes = start.attributes();
    let known = attributes.with_checks(false).flatten().filter_map(|attribute| {
        let name = wanted(attribute.key, &resolver.resolve_attribute(attribute.key).0)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some((name, value.trim().to_owned()))
    });
    known.collect()
}

fn element(name: QName<'_>, resolver: &NamespaceResolver) -> Option<&'static str> {
    wanted(name, &resolver.resolve_element(name).0)
}

/// The property of this name. What is `xmp` now was `xap` once.
fn wanted(name: QName<'_>, namespace: &ResolveResult<'_>) -> Option<&'static str> {
    let beginning = match (namespace, name.prefix()) {
        (ResolveResult::Bound(bound), _) => NAMESPACES.iter().find(|(uri, _)| *uri == bound.0).map(|(_, by)| *by)?,
        (_, Some(prefix)) if prefix.as_ref() == "xap" => "xmp",
        (_, Some(prefix)) => NAMESPACES.iter().find(|(_, by)| *by == prefix.as_ref()).map(|(_, by)| *by)?,
        (_, None) => return None,
    };
    WANTED.into_iter().find(|wanted| wanted.split_once(':') == Some((beginning, name.local_name().as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_read_from_elements_lists_and_attributes() {
        let packet = "<?xpacket?><x:xmpmeta xmlns:x=\"x\"><rdf:RDF><rdf:Description \
            xap:CreateDate=\"2011-05-06T07:08+02:00\" dc:title=\"A &amp; B\"/><rdf:Description><dc:title><rdf:Alt>\
            <rdf:li xml:lang=\"de\">Titel</rdf:li><rdf:li>Title</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq>\
            <rdf:li>Ann &lt;A&gt;</rdf:li><rdf:li>Ben</rdf:li></rdf:Seq></dc:creator>\
            <xmp:ModifyDate>2012</xmp:ModifyDate><xmp:CreatorTool>Tool</xmp:CreatorTool></rdf:Description></rdf:RDF>";
        let mut reading = Reading::new(0, 0);
        read(packet.as_bytes(), &mut reading);
        assert_eq!(reading.documents.titles, ["A & B", "Titel", "Title"]);
        assert_eq!(reading.documents.authors, ["Ann <A>", "Ben"]);
        let times = [reading.documents.created, reading.documents.modified].concat();
        let times: Vec<String> = times.iter().map(ToString::to_string).collect();
        assert_eq!(times, ["2011-05-06T05:08:00Z", "2012-01-01T00:00:00Z"]);
        assert_eq!(reading.text.as_str(), "A & B\nTitel\nTitle\nAnn <A>\nBen");
        for damaged in ["", "<rdf:li>x", "<dc:title>x", "</dc:title>", "<dc:title a=b c>"] {
            let mut reading = Reading::new(0, 0);
            read(damaged.as_bytes(), &mut reading);
            assert!(reading.documents.titles.is_empty(), "{damaged}");
        }
    }

    #[test]
    fn namespaces_count_and_not_what_stands_for_them() {
        let packet = "<?xpacket?><r:RDF xmlns:r=\"r\"><r:Description xmlns:e=\"http://purl.org/dc/elements/1.1/\" \
            xmlns:x=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://x.example/\" x:CreateDate=\"2011\">\
            <e:title>Harbour</e:title><dc:title>other</dc:title><creator xmlns=\"http://purl.org/dc/elements/1.1/\">\
            <r:li>Ann</r:li></creator><title>none</title></r:Description></r:RDF>";
        let utf16: Vec<u16> = packet.encode_utf16().collect();
        let marked = [0xfeff].iter().chain(&utf16).flat_map(|unit| unit.to_le_bytes()).collect();
        let little = utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big = utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [packet.as_bytes().to_vec(), marked, little, big] {
            let mut reading = Reading::new(0, 0);
            read(&bytes, &mut reading);
            assert_eq!(reading.documents.titles, ["Harbour"]);
            assert_eq!(reading.documents.authors, ["Ann"]);
            assert_eq!(reading.documents.created.len(), 1);
            assert_eq!(reading.text.as_str(), "Harbour\nAnn");
        }
    }
}
