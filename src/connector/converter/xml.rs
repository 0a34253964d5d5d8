//! Small XML documents of chat platforms, read as far as they can be read.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Elements inside of each other that are told apart; deeper ones are read as if they were their parents.
const MAX_DEPTH: usize = 48;
/// Elements of one document that are read.
const MAX_ELEMENTS: usize = 20_000;

/// An element with what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// Its attributes.
    pub(super) attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub(super) text: String,
    /// The elements in it.
    pub(super) children: Vec<Self>,
}

impl Element {
    /// The document that starts at the first `<` of `text`, below an element without a name. Tags that do not match, ends
    /// that are missing and unknown entities are passed over; `None` if there is no element at all.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut reader = quick_xml::Reader::from_str(text.get(text.find('<')?..)?);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let (mut open, mut too_deep, mut count) = (vec![Self::default()], 0_usize, 0);
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Eof => break,
                Event::Start(_) if open.len() > MAX_DEPTH => too_deep += 1,
                Event::Start(start) => open.push(Self::start(&start)),
                Event::Empty(start) => add(&mut open, Self::start(&start)),
                Event::End(_) if too_deep > 0 => too_deep -= 1,
                Event::End(_) => close(&mut open),
                Event::Text(text) => write(&mut open, &text.xml10_content()),
                Event::CData(text) => write(&mut open, &text.xml10_content()),
                Event::GeneralRef(name) => write(&mut open, &resolve(&name.xml10_content())),
                _ => {}
            }
            count += 1;
            if count > MAX_ELEMENTS * 4 {
                break;
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().filter(|root| !root.children.is_empty())
    }

    fn start(start: &BytesStart<'_>) -> Self {
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).flatten().map(|attribute| {
            let name = attribute.key.local_name();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            (name.as_ref().to_owned(), value.map(std::borrow::Cow::into_owned).unwrap_or_default())
        });
        let attributes = attributes.collect();
        Self { name: start.local_name().as_ref().to_owned(), attributes, ..Self::default() }
    }

    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element of that name, at any depth, in the order of the document.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.children.iter().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }

    /// The text of a child without blanks around it; empty if there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// An attribute; empty if there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// All texts in it, in the order of the document.
    pub(super) fn texts(&self) -> Vec<&str> {
        let own = Some(self.text.trim()).filter(|text| !text.is_empty());
        own.into_iter().chain(self.children.iter().flat_map(Self::texts)).collect()
    }
}

/// The character of a reference (XML 1.0 4.1), or the reference itself.
fn resolve(name: &str) -> String {
    quick_xml::escape::unescape(&format!("&{name};")).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

fn write(open: &mut [Element], text: &str) {
    if let Some(current) = open.last_mut() {
        current.text.push_str(text);
    }
}

fn add(open: &mut [Element], element: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
    {
        add(open, element);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_as_far_as_they_go() {
        let xml = "wxid_a:\n<?xml version=\"1.0\"?><msg a='1 &amp; 2'><t>a &lt;&#98;&gt; <![CDATA[<c>]]></t><e x=\"y\"/></msg>";
        let root = Element::parse(xml).unwrap();
        let message = root.child("msg").unwrap();
        assert_eq!(message.attribute("a"), "1 & 2");
        assert_eq!(message.text_of("t"), "a <b> <c>");
        assert_eq!(root.find("e").unwrap().attribute("x"), "y");
        assert_eq!(root.texts(), ["a <b> <c>"]);
        for (damaged, texts) in [
            ("<a><b>one</c>two", ["two", "one"].as_slice()),
            ("<a>x & y &none; z", &["x & y  z"]),
            ("</a><b>1</b>", &["1"]),
            ("<a b=c d>1", &["1"]),
        ] {
            assert_eq!(Element::parse(damaged).unwrap().texts(), texts, "{damaged}");
        }
        for nothing in ["", "no markup", "a < b", "<", "<!--", "<![CDATA[x]]>", "<?x"] {
            assert!(Element::parse(nothing).is_none(), "{nothing}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = format!("{}x{}y", "<a>".repeat(20_000), "</a>".repeat(20_000));
        let root = Element::parse(&deep).unwrap();
        assert_eq!(root.texts(), ["y", "x"]);
        assert!(Element::parse(&"<a/>".repeat(200_000)).unwrap().children.len() <= MAX_ELEMENTS * 4 + 1);
    }
}
