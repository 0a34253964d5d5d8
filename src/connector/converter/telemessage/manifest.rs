//! The manifest of a delivery: a `Count:` line, and one file name a line.

use std::collections::HashSet;

/// Lines that are kept though they are no names of mails.
const MAX_OTHERS: usize = 10_000;

/// What a manifest says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// How many mails the delivery has.
    pub(super) count: Option<u64>,
    /// The mails by name, in the order of the manifest, each once; with `/` between components.
    pub(super) names: Vec<String>,
    /// Lines that are neither, the first of them: a file without the ending of mails, or something unknown.
    pub(super) others: Vec<String>,
    /// How many of those there are.
    pub(super) other_lines: u64,
}

impl Manifest {
    /// Reads a manifest in UTF-8 or, with a byte order mark, UTF-16. Case, blank lines, line ends, quotes, and what
    /// follows a name after a separator do not matter.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let (text, ..) = encoding_rs::UTF_8.decode(bytes);
        let mut manifest = Self::default();
        let mut seen = HashSet::new();
        for line in text.split(['\n', '\r']).map(trimmed).filter(|line| !line.is_empty()) {
            if let Some(count) = count(line) {
                manifest.count = Some(manifest.count.unwrap_or(0).saturating_add(count));
            } else if let Some(name) = mail_name(line) {
                let name = path(name);
                if seen.insert(key(&name)) {
                    manifest.names.push(name);
                }
            } else {
                manifest.other_lines += 1;
                if manifest.others.len() < MAX_OTHERS {
                    manifest.others.push(path(line));
                }
            }
        }
        manifest
    }

    /// Adds what a further manifest of the same delivery says.
    pub(super) fn extend(&mut self, more: Self) {
        self.count = match (self.count, more.count) {
            (Some(one), Some(other)) => Some(one.saturating_add(other)),
            (one, other) => one.or(other),
        };
        let known: HashSet<String> = self.names.iter().map(|name| key(name)).collect();
        self.names.extend(more.names.into_iter().filter(|name| !known.contains(&key(name))));
        self.other_lines = self.other_lines.saturating_add(more.other_lines);
        self.others.extend(more.others);
    }

    /// Whether it names or counts mails at all.
    pub(super) fn is_one(&self) -> bool {
        self.count.is_some() || !self.names.is_empty()
    }
}

/// By what two names are the same file.
pub(super) fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Whether a file is a mail by its name.
pub(super) fn is_mail(name: &str) -> bool {
    has_ending(name, ".eml")
}

/// Whether a file is a manifest by its name.
pub(super) fn is_manifest(name: &str) -> bool {
    has_ending(name, ".mf")
}

fn has_ending(name: &str, ending: &str) -> bool {
    let start = name.len().checked_sub(ending.len()).and_then(|start| name.get(start..));
    start.is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

fn trimmed(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{feff}' | '\0'))
}

/// The number of a `Count:` line.
fn count(line: &str) -> Option<u64> {
    let rest = line.get(..5).filter(|word| word.eq_ignore_ascii_case("count")).and_then(|_| line.get(5..))?;
    trimmed(rest.trim_start().trim_start_matches([':', '='])).parse().ok()
}

/// The name that a line begins with, if it is one of a mail: it ends at `.eml` before a separator or the end.
fn mail_name(line: &str) -> Option<&str> {
    let lower = line.to_ascii_lowercase();
    let ends = lower.match_indices(".eml").map(|(at, ending)| at + ending.len());
    let ends_name = |end: &usize| {
        let next = line.get(*end..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| next.is_whitespace() || matches!(next, ',' | ';' | '|' | '"' | '\''))
    };
    ends.filter(ends_name).last().and_then(|end| line.get(..end)).map(trimmed)
}

fn path(name: &str) -> String {
    let path = name.replace('\\', "/");
    path.trim_start_matches("./").trim_start_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_writing_of_a_manifest_says_the_same() {
        let expected =
            Manifest { count: Some(2), names: vec!["a.eml".into(), "b/c d.EML".into()], ..Manifest::default() };
        for text in [
            "Count: 2\na.eml\nb/c d.EML\n",
            "\u{feff}COUNT:2\r\n\r\n\"a.eml\"\r\nb\\c d.EML",
            "a.eml\n./b/c d.EML\ncount = 2\n\n\n",
            "Count 2\n'a.eml',1024\nb/c d.EML\t77\nA.EML\n",
        ] {
            assert_eq!(Manifest::parse(text.as_bytes()), expected, "{text}");
        }
        let utf16: Vec<u8> = "\u{feff}Count: 2\na.eml\nb/c d.EML".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Manifest::parse(&utf16), expected);
    }

    #[test]
    fn what_is_no_name_is_kept_aside() {
        let manifest = Manifest::parse(b"Manifest-Version: 1.0\nCount: many\nCounted: 3\nx.emlx\n");
        assert!(!manifest.is_one());
        assert_eq!((manifest.others.len(), manifest.other_lines), (4, 4));
        assert!(!Manifest::parse(b"").is_one());
        assert!(is_mail("A.Eml") && is_manifest("x.MF") && !is_mail("\u{e9}ml") && !is_manifest("mf"));
    }

    #[test]
    fn a_manifest_of_ten_megabytes_is_read() {
        let text = "Count: 99999999999999999999\n".to_owned() + &"x\n".repeat(5 << 20);
        let manifest = Manifest::parse(text.as_bytes());
        assert_eq!((manifest.count, manifest.others.len()), (None, MAX_OTHERS));
        assert_eq!(manifest.other_lines, (5 << 20) + 1);
    }

    #[test]
    fn manifests_of_one_delivery_add_up() {
        let mut manifest = Manifest::parse(b"Count: 1\na.eml");
        manifest.extend(Manifest::parse(b"Count: 2\nA.eml\nb.eml\n?"));
        assert_eq!((manifest.count, manifest.names.len(), manifest.other_lines), (Some(3), 2, 1));
    }
}
