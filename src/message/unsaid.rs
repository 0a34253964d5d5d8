//! What the HTML among alternatives says and their plain text does not.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use super::body_text::{TEXT_LIMIT, first_chars};

/// Up to three words next to each other, by their hashes; none before the first.
type Words = [Option<u64>; 3];

/// What a plain text says: each three words of it that follow each other. They are known by hashes that nobody can foresee,
/// which take a tenth of the memory of the words.
pub(super) struct Said {
    hashes: RandomState,
    together: HashSet<u64>,
}

impl Said {
    /// Of a longer text only as much counts as is searched.
    pub(super) fn new(plain: &str) -> Self {
        let mut said = Self { hashes: RandomState::new(), together: HashSet::new() };
        let mut last: Words = [None; 3];
        for word in words(first_chars(plain, TEXT_LIMIT)) {
            last = [last[1], last[2], Some(said.hash(word))];
            for together in [last, [None, last[1], last[2]], [None, None, last[2]]] {
                said.together.insert(said.hashes.hash_one(together));
            }
        }
        said
    }

    /// The lines of a text that have words, or three words in a row, which the plain text has not. A row that goes over the
    /// end of a line counts for both.
    pub(super) fn not_in<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let lines: Vec<&str> = text.lines().collect();
        let mut unsaid = vec![false; lines.len()];
        let mut last: Words = [None; 3];
        let mut lines_of = [0; 3];
        for (at, line) in lines.iter().enumerate() {
            for word in words(line) {
                last = [last[1], last[2], Some(self.hash(word))];
                lines_of = [lines_of[1], lines_of[2], at];
                if !self.together.contains(&self.hashes.hash_one(last)) {
                    let begun = last.iter().zip(lines_of).find(|(word, _)| word.is_some()).map_or(at, |(_, line)| line);
                    unsaid.get_mut(begun..=at).unwrap_or_default().fill(true);
                }
            }
        }
        lines.into_iter().zip(unsaid).filter(|(_, unsaid)| *unsaid).map(|(line, _)| line).collect()
    }

    /// Without regard to case.
    fn hash(&self, word: &str) -> u64 {
        let mut hash = self.hashes.build_hasher();
        word.chars().flat_map(char::to_lowercase).for_each(|letter| hash.write_u32(letter.into()));
        hash.finish()
    }
}

/// Runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_that_say_something_else() {
        let plain = "We sell all the bonds\r\n> today, <http://x.example/a> and\nno shares.";
        for (html, expected) in [
            ("we SELL all\nthe bonds today", &[][..]),
            ("We sell all\nshares today", &["We sell all", "shares today"]),
            ("We sell\nall the\nbonds\nto nobody\n", &["all the", "bonds", "to nobody"]),
            ("today and no shares", &["today and no shares"]),
            ("bonds\n\nshares", &["bonds", "", "shares"]),
            ("secret\nall the bonds", &["secret", "all the bonds"]),
            ("sell", &[]),
            ("secret", &["secret"]),
            ("***", &[]),
            ("", &[]),
        ] {
            assert_eq!(Said::new(plain).not_in(html), expected, "{html:?}");
        }
        assert_eq!(Said::new("").not_in("a\nb"), ["a", "b"]);
    }
}
