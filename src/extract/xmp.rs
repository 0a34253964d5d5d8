//! XMP (ISO 16684-1): what a file says of itself in RDF.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{Reading, markup, plain, properties};

/// Properties that are read, each with the beginning that its namespace has by custom (ISO 16684-1, 8.3 and 8.4).
const WANTED: [&str; 6] =
    ["dc:title", "dc:creator", "dc:description", "dc:subject", "xmp:CreateDate", "xmp:ModifyDate"];

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
    let source = plain::text(packet, None);
    let mut reader = markup::lenient_reader(&source);
    let (mut found, mut inside) = (Vec::new(), None);
    let mut value = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => break,
            Ok(Event::Empty(empty)) => found.extend(attributes(&empty)),
            Ok(Event::Start(start)) => {
                found.extend(attributes(&start));
                inside = wanted(start.name().as_ref()).or(inside);
                value.clear();
            }
            Ok(Event::End(end)) => {
                let text = value.trim();
                found.extend(inside.filter(|_| !text.is_empty()).map(|name| (name, text.to_owned())));
                value.clear();
                inside = inside.filter(|_| wanted(end.name().as_ref()).is_none());
            }
            Ok(Event::Text(text)) if inside.is_some() => value.push_str(&text.xml10_content()),
            Ok(Event::CData(text)) if inside.is_some() => value.push_str(&text.xml10_content()),
            Ok(Event::GeneralRef(name)) if inside.is_some() => value.push_str(&markup::resolved(&name.xml10_content())),
            Ok(_) => {}
        }
    }
    found
}

fn attributes(start: &BytesStart<'_>) -> Vec<(&'static str, String)> {
    let mut attributes = start.attributes();
    let known = attributes.with_checks(false).flatten().filter_map(|attribute| {
        let name = wanted(attribute.key.as_ref())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some((name, value.trim().to_owned()))
    });
    known.collect()
}

/// The property of this name. What is `xmp` now was `xap` once.
fn wanted(name: &str) -> Option<&'static str> {
    let (namespace, local) = name.split_once(':')?;
    let namespace = if namespace == "xap" { "xmp" } else { namespace };
    WANTED.into_iter().find(|wanted| wanted.split_once(':') == Some((namespace, local)))
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
}
