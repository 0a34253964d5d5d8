//! The names of files in the index that a web server makes of a directory.

use std::collections::BTreeSet;

use reqwest::Url;
use serde_json::Value;

/// What an index names: files, and directories with `/` at their end.
///
/// Taken are links of an HTML page (as nginx and Apache make it), names of a JSON list (nginx: `autoindex_format json`;
/// or plain texts), and lines of a text. Whatever is not below `base` is passed over: parents, other servers, links that
/// sort the table.
pub(super) fn links(base: &Url, media_type: &str, text: &str) -> BTreeSet<Url> {
    let names: Vec<String> = if media_type.contains("json") {
        json_names(text)
    } else if media_type.contains("html") {
        hrefs(text)
    } else {
        text.lines().map(|line| escaped(line.trim())).collect()
    };
    names.iter().filter_map(|name| below(base, name)).collect()
}

/// The address of `name`, if it lies below `base`.
fn below(base: &Url, name: &str) -> Option<Url> {
    if name.is_empty() {
        return None;
    }
    let url = base.join(name).ok()?;
    let is_inside = url.origin() == base.origin() && url.path().len() > base.path().len();
    // An encoded slash could lead out on a server that decodes twice.
    let encoded = url.path().get(base.path().len()..)?.to_ascii_lowercase();
    (is_inside && url.path().starts_with(base.path()) && url.query().is_none() && url.fragment().is_none())
        .then_some(url)
        .filter(|_| !encoded.contains("%2f") && !encoded.contains("%00"))
}

/// `name` as it stands in an address. A dot in front keeps a colon in it from being taken for a scheme.
fn escaped(name: &str) -> String {
    if name.is_empty() || name.starts_with('/') {
        return String::new();
    }
    let name = name.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace('\\', "%5C");
    format!("./{name}")
}

fn json_names(text: &str) -> Vec<String> {
    let Ok(Value::Array(entries)) = serde_json::from_str(text) else { return Vec::new() };
    let names = entries.iter().filter_map(|entry| {
        let name = entry.as_str().or_else(|| entry.get("name")?.as_str())?;
        let is_directory = entry.get("type").and_then(Value::as_str) == Some("directory");
        Some(escaped(&format!("{name}{}", if is_directory { "/" } else { "" })))
    });
    names.collect()
}

/// The values of `href` attributes.
fn hrefs(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    // ASCII letters only change their case, so that positions stay the same.
    let lower = html.to_ascii_lowercase();
    let mut at = 0;
    while let Some(start) = lower.get(at..).and_then(|rest| rest.find("href")) {
        at += start + "href".len();
        let Some(rest) = html.get(at..).map(str::trim_start).and_then(|rest| rest.strip_prefix('=')) else { continue };
        let rest = rest.trim_start();
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest.get(1..).and_then(|rest| rest.split(quote).next()),
            _ => rest.split(|c: char| c.is_whitespace() || c == '>').next(),
        };
        found.extend(value.map(unescaped));
    }
    found
}

/// The characters that HTML has to write in another way.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(media_type: &str, text: &str) -> Vec<String> {
        let base = Url::parse("https://files.example/in/").unwrap();
        let links = links(&base, media_type, text);
        links.iter().map(|url| url.as_str().trim_start_matches("https://files.example").to_owned()).collect()
    }

    #[test]
    fn only_what_lies_below_is_taken() {
        let page = "<html><h1>Index of /in/</h1><a href=\"../\">../</a><a href='b%20c.zip'>b c.zip</a>\
                    <A HREF = \"/in/abs.eml\">x</A><a href=?C=N;O=D>Name</a><a href=\"/other/x.zip\">x</a>\
                    <a href=\"https://evil.example/in/x.zip\">x</a><a href=\"//evil.example/in/x\">x</a>\
                    <a href=\"sub/\">sub/</a><a href=\"a&amp;b.zip\">x</a><a href=\"..%2fup.zip\">x</a>\
                    <a href=\"#top\">x</a><a href=\"javascript:alert(1)\">x</a><a href=\"\">x</a><a href>x</a><a href=\"open";
        let expected = ["/in/a&b.zip", "/in/abs.eml", "/in/b%20c.zip", "/in/open", "/in/sub/"];
        assert_eq!(found("text/html; charset=utf-8", page), expected);
    }

    #[test]
    fn lists_of_names_are_read() {
        let json = r#"[{"name":"a:b #1.zip","type":"file","size":3},{"name":"sub","type":"directory"},"c%20.eml",
                       {"name":"../up"},{"name":"/etc/passwd"},{"size":1},7]"#;
        assert_eq!(found("application/json", json), ["/in/a:b%20%231.zip", "/in/c%2520.eml", "/in/sub/"]);
        assert_eq!(found("text/plain", "a.zip\r\n\n  b.eml \n../c\n"), ["/in/a.zip", "/in/b.eml"]);
        for text in ["", "{}", "[", "null"] {
            assert!(found("application/json", text).is_empty());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_page_makes_it_panic_or_leave(text in "(href|=|\"|'|<a |\\.\\./|/|[a-z%\u{130}é ]){0,40}") {
            for media_type in ["text/html", "text/plain", "application/json"] {
                for link in found(media_type, &text) {
                    assert!(link.starts_with("/in/"), "{link}");
                }
            }
        }
    }
}
