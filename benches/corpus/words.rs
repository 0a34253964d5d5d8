//! Invented words in the manner of five languages.

use super::random::Random;

/// Stands in about one message of five.
pub(crate) const COMMON: &str = "settlement";
/// Stands in about one message of two thousand.
pub(crate) const RARE: &str = "quillwort";
/// Stands in about one message of a hundred.
pub(crate) const PHRASE: &str = "amber ledger review";
/// Begins many words.
pub(crate) const PREFIX: &str = "tra";

/// Different words of a language.
const VOCABULARY: usize = 20_000;

/// A language by how its words are built.
#[derive(Clone, Copy)]
pub(crate) enum Language {
    English,
    Polish,
    Chinese,
    Japanese,
    Korean,
}

impl Language {
    pub(crate) const ALL: [Self; 5] = [Self::English, Self::Polish, Self::Chinese, Self::Japanese, Self::Korean];

    fn syllables(self) -> &'static [&'static str] {
        match self {
            Self::English => &[
                "tra", "bel", "con", "dor", "est", "fin", "gra", "hol", "ing", "jun", "ker", "lan", "mer", "nor",
                "oth", "per", "qua", "ren", "sol", "ter", "und", "ver", "wen", "yal", "ed", "er", "ly", "s",
            ],
            Self::Polish => &[
                "prze",
                "sz\u{105}",
                "kow",
                "\u{17c}e",
                "ski",
                "\u{142}a",
                "nie",
                "ch\u{f3}",
                "dzi",
                "wo",
                "\u{15b}ci",
                "ry",
                "\u{107}mi",
                "pol",
                "za",
                "dne",
                "g\u{119}",
                "czy",
                "mi",
                "ow",
            ],
            Self::Chinese | Self::Japanese | Self::Korean => &[],
        }
    }

    /// First character and number of characters of the blocks that its letters are taken from.
    fn blocks(self) -> &'static [(u32, usize)] {
        match self {
            Self::Chinese => &[(0x4e00, 1500)],
            Self::Japanese => &[(0x3042, 80), (0x30a2, 80), (0x5100, 500)],
            Self::Korean => &[(0xac00, 1200)],
            Self::English | Self::Polish => &[],
        }
    }

    fn word(self, random: &mut Random) -> String {
        let length = 1 + random.below(3);
        let syllables = self.syllables();
        if !syllables.is_empty() {
            return (0..length).map(|_| *random.pick(syllables)).collect();
        }
        let (first, count) = *random.pick(self.blocks());
        (0..length).filter_map(|_| char::from_u32(first + random.below(count) as u32)).collect()
    }

    fn separator(self) -> &'static str {
        match self {
            Self::Chinese | Self::Japanese => "",
            Self::English | Self::Polish | Self::Korean => " ",
        }
    }
}

/// The words of one language, the most frequent first.
pub(crate) struct Words {
    language: Language,
    words: Vec<String>,
}

impl Words {
    pub(crate) fn new(language: Language, random: &mut Random) -> Self {
        Self { language, words: (0..VOCABULARY).map(|_| language.word(random)).collect() }
    }

    /// A text of `length` words, now and then with one of the words that are searched for.
    pub(crate) fn text(&self, length: usize, random: &mut Random) -> String {
        let mut text = String::with_capacity(length * 8);
        for n in 0..length.max(1) {
            if n > 0 {
                text.push_str(if n % 12 == 0 { "\n" } else { self.language.separator() });
            }
            let rank = random.rank(self.words.len());
            text.push_str(self.words.get(rank).map_or("", String::as_str));
        }
        for (planted, share) in [(COMMON, 0.2), (PHRASE, 0.01), (RARE, 0.0005)] {
            if random.chance(share) {
                text.push(' ');
                text.push_str(planted);
            }
        }
        text
    }
}
