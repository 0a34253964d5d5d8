//! What the HTML among alternatives says and their plain text does not.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::ops::Range;

use super::body_text::{TEXT_LIMIT, first_chars};
use super::plain_link::plain_links;

/// Up to three words next to each other, by their hashes; none before the first.
type Words = [Option<u64>; 3];

/// What a plain text says: each three words of it that follow each other. They are known by hashes that nobody can foresee,
/// which take a tenth of the memory of the words.
pub(super) struct Said<'p> {
    plain: &'p str,
    hashes: RandomState,
    together: HashSet<u64>,
    /// The same of the text without its links, looked for only where something seems to be unsaid.
    without_links: OnceCell<HashSet<u64>>,
}

/// A line that the plain text does not have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnsaidLine<'t> {
    /// The line.
    pub(super) line: &'t str,
    /// The plain text has it, but for links between its words.
    pub(super) is_repeated: bool,
}

impl<'p> Said<'p> {
    /// Of a longer text only as much counts as is searched.
    pub(super) fn new(plain: &'p str) -> Self {
        let plain = first_chars(plain, TEXT_LIMIT);
        let mut said =
            Self { plain, hashes: RandomState::new(), together: HashSet::new(), without_links: OnceCell::new() };
        let mut together = HashSet::new();
        said.add(words(plain).map(Some), &mut together);
        said.together = together;
        said
    }

    /// The lines of a text that have words, or three words in a row, which the plain text has not. A row that goes over the
    /// end of a line counts for both.
    pub(super) fn not_in<'t>(&self, text: &'t str) -> Vec<UnsaidLine<'t>> {
        let lines: Vec<&str> = text.lines().collect();
        let unsaid = self.unsaid(&lines, None);
        if !unsaid.contains(&true) {
            return Vec::new();
        }
        let without_links = self.without_links.get_or_init(|| self.said_without_links());
        let missing = if without_links.is_empty() { unsaid.clone() } else { self.unsaid(&lines, Some(without_links)) };
        let unsaid = lines.into_iter().zip(unsaid).zip(missing).filter(|((_, unsaid), _)| *unsaid);
        unsaid.map(|((line, _), missing)| UnsaidLine { line, is_repeated: !missing }).collect()
    }

    /// Which lines have something that neither the plain text nor `more` has.
    fn unsaid(&self, lines: &[&str], more: Option<&HashSet<u64>>) -> Vec<bool> {
        let mut unsaid = vec![false; lines.len()];
        let mut last: Words = [None; 3];
        let mut lines_of = [0; 3];
        for (at, line) in lines.iter().enumerate() {
            for word in words(line) {
                last = [last[1], last[2], Some(self.hash(word))];
                lines_of = [lines_of[1], lines_of[2], at];
                let together = self.hashes.hash_one(last);
                if !self.together.contains(&together) && !more.is_some_and(|more| more.contains(&together)) {
                    let begun = last.iter().zip(lines_of).find(|(word, _)| word.is_some()).map_or(at, |(_, line)| line);
                    unsaid.get_mut(begun..=at).unwrap_or_default().fill(true);
                }
            }
        }
        unsaid
    }

    /// The HTML may show a target too, with its scheme or without: the text is read without any links, without those in
    /// brackets, and without schemes.
    fn said_without_links(&self) -> HashSet<u64> {
        let mut together = HashSet::new();
        let links = plain_links(self.plain);
        if !links.is_empty() {
            self.add(words_around(self.plain, links.iter().map(|link| &link.range)), &mut together);
            let in_brackets = links.iter().filter(|link| !link.is_bare);
            self.add(words_around(self.plain, in_brackets.map(|link| &link.range)), &mut together);
            self.add(words_around(self.plain, links.iter().map(|link| &link.scheme)), &mut together);
        }
        together
    }

    /// Adds the rows of words; `None` parts rows.
    fn add<'t>(&self, words: impl Iterator<Item = Option<&'t str>>, together: &mut HashSet<u64>) {
        let mut last: Words = [None; 3];
        for word in words {
            let Some(word) = word else {
                last = [None; 3];
                continue;
            };
            last = [last[1], last[2], Some(self.hash(word))];
            for row in [last, [None, last[1], last[2]], [None, None, last[2]]] {
                together.insert(self.hashes.hash_one(row));
            }
        }
    }

    /// Without regard to case.
    fn hash(&self, word: &str) -> u64 {
        let mut hash = self.hashes.build_hasher();
        word.chars().flat_map(char::to_lowercase).for_each(|letter| hash.write_u32(letter.into()));
        hash.finish()
    }
}

/// Runs of letters and digits.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words around ranges, which are in order: what the text without them has in other rows than the text with them.
fn words_around<'t>(
    text: &'t str,
    ranges: impl Iterator<Item = &'t Range<usize>> + Clone,
) -> impl Iterator<Item = Option<&'t str>> {
    let starts = std::iter::once(0).chain(ranges.clone().map(|range| range.end));
    let ends = ranges.map(|range| range.start).chain(std::iter::once(text.len()));
    starts.zip(ends).flat_map(|(start, end)| first_and_last_words(text.get(start..end).unwrap_or_default()))
}

/// Two words at each end of a text, parted by `None`; all words of one that has no others.
fn first_and_last_words(text: &str) -> impl Iterator<Item = Option<&str>> {
    let mut words = words(text);
    let first = [words.next(), words.next()];
    let last = [words.next_back(), words.next_back()];
    let others = words.next().map(|_| None);
    let last = last.into_iter().rev().flatten().map(Some);
    first.into_iter().flatten().map(Some).chain(others).chain(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines<'t>(plain: &str, html: &'t str, is_repeated: bool) -> Vec<&'t str> {
        let unsaid = Said::new(plain).not_in(html);
        unsaid.into_iter().filter(|line| line.is_repeated == is_repeated).map(|line| line.line).collect()
    }

    #[test]
    fn lines_are_told_that_say_something_else() {
        let plain = "We sell all the bonds\r\n> today, <http://x.example/a> and\nno shares.";
        for (html, expected) in [
            ("we SELL all\nthe bonds today", &[][..]),
            ("We sell all\nshares today", &["We sell all", "shares today"]),
            ("We sell\nall the\nbonds\nto nobody\n", &["all the", "bonds", "to nobody"]),
            ("today and all shares", &["today and all shares"]),
            ("bonds\n\nshares", &["bonds", "", "shares"]),
            ("secret\nall the bonds", &["secret", "all the bonds"]),
            ("sell", &[]),
            ("secret", &["secret"]),
            ("***", &[]),
            ("", &[]),
        ] {
            assert_eq!(lines(plain, html, false), expected, "{html:?}");
        }
        assert_eq!(lines("", "a\nb", false), ["a", "b"]);
    }

    #[test]
    fn lines_with_links_are_said_however_the_plain_text_writes_them() {
        const HTML: &str = "Please see our new site for the terms and write to sales@x.example today";
        const TARGET: &str = "https://x.example/a?b=c#d";
        for (writer, link, mail) in [
            ("Outlook", format!("our new site<{TARGET}>"), "sales@x.example<mailto:sales@x.example>"),
            ("Gmail, Thunderbird, Apple Mail", format!("our new site <{TARGET}>"), "sales@x.example"),
            ("a wrapped line", format!("our new site\n<{TARGET}\n/e>"), "sales@x.example\n<mailto:sales@x.example>"),
            ("Lynx", "[1]our new site".to_owned(), "[2]sales@x.example"),
            ("html2text", "our new site[1]".to_owned(), "sales@x.example [2]"),
            ("Markdown", format!("[our new site]({TARGET} \"Our site\")"), "[sales@x.example](mailto:sales@x.example)"),
            ("a list", format!("our new site [{TARGET}]"), "sales@x.example"),
            ("a newsletter", format!("our new site ( {TARGET} )"), "sales@x.example"),
            ("no brackets", format!("our new site: {TARGET}"), "sales@x.example"),
            ("pictures", format!("[cid:logo@x]<{TARGET}> our new [image: a house] site"), "sales@x.example"),
        ] {
            let plain = format!("Please see {link} for the terms and write to {mail} today.");
            assert_eq!(lines(&plain, HTML, false), [""; 0], "{writer}: {plain}");
            assert_eq!(lines(&plain, HTML, true), [HTML], "{writer}: phrases of it are found in it alone: {plain}");
            for (differs, html) in [
                ("a word", HTML.replace("terms", "prices")),
                ("a target that is shown", HTML.replace("site", "site https://y.example")),
                ("order", HTML.replace("our new site", "our site new")),
                ("left out", HTML.replace("the terms and", "")),
            ] {
                assert_eq!(lines(&plain, &html, false), [html.as_str()], "{writer}, {differs}: {plain}");
            }
        }
    }

    #[test]
    fn words_that_are_only_near_a_link_are_not_next_to_each_other() {
        let plain =
            "one two three four five six <https://x.example> seven eight nine ten eleven <https://y.example> twelve";
        for (html, unsaid) in [
            ("one two three four five six seven eight nine ten eleven twelve", false),
            ("four five six seven eight nine", false),
            ("seven eight ten eleven", true),
            ("one two five six", true),
            ("eight ten", true),
        ] {
            assert_eq!(!lines(plain, html, false).is_empty(), unsaid, "{html}");
        }
        let plain =
            "one <https://x.example> two <https://x.example> three four <https://x.example> five six seven eight nine";
        assert_eq!(lines(plain, "one two three four five six seven eight nine", false), [""; 0]);
    }

    #[test]
    fn a_target_that_both_show_is_said() {
        let plain = "See https://x.example/a<https://x.example/a> or ours <https://y.example> there";
        assert_eq!(lines(plain, "See https://x.example/a or ours there", false), [""; 0]);
        assert_eq!(lines(plain, "See x.example/a or ours there", false), [""; 0]);
        assert_eq!(lines(plain, "See https://x.example/b or ours there", false).len(), 1);
    }
}
