//! The tokenizer of every text field, as tantivy wants it, and the same tokens for people.

use std::iter::Peekable;
use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::phone::{Number, numbers};

use super::number::kept;
use super::scanner::Scanner;

/// Stands before each part of a field that has parts (one person, one attachment), so that nothing matches across
/// two of them. No text contains it as a token.
pub(super) const PART_MARK: &str = "\u{1}";
/// Begins the second form of a word that stands in a display name. No word contains it.
pub(super) const NAME_MARK: char = '=';
/// Stands between the display name of a person and the rest.
pub(super) const NAME_END: char = '\u{1F}';

/// A token of a text, as search sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its folded form.
    pub text: String,
    /// Its place among the tokens, from 0.
    pub position: usize,
    /// Its bytes in the original text. Neighbouring tokens of scripts without spaces overlap.
    pub range: Range<usize>,
}

/// The tokens of `text`, each with its bytes in the original.
pub fn tokens(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut scanner = Scanner::new(text);
    (0..).map_while(move |position| {
        let mut text = String::new();
        let mark = scanner.next(&mut text)?;
        Some(Word { text, position, range: mark.start..mark.end })
    })
}

/// Some neighbouring tokens of a text, in memory that is used again as they move on.
pub(super) struct Window<'a> {
    scanner: Scanner<'a>,
    position: usize,
    /// Those of the window, and behind them what is free for others.
    words: Vec<Word>,
    length: usize,
}

impl<'a> Window<'a> {
    /// None yet.
    pub(super) fn new(text: &'a str) -> Self {
        Self { scanner: Scanner::new(text), position: 0, words: Vec::new(), length: 0 }
    }

    /// Takes in as many as there are, up to `length` in all; whether there are any.
    pub(super) fn fill(&mut self, length: usize) -> bool {
        while self.length < length {
            if self.words.len() == self.length {
                self.words.push(Word { text: String::new(), position: 0, range: 0..0 });
            }
            let Some(word) = self.words.get_mut(self.length) else { break };
            let Some(mark) = self.scanner.next(&mut word.text) else { break };
            (word.position, word.range) = (self.position, mark.start..mark.end);
            self.position += 1;
            self.length += 1;
        }
        self.length > 0
    }

    /// Those in it.
    pub(super) fn words(&self) -> &[Word] {
        self.words.get(..self.length).unwrap_or_default()
    }

    /// Moves on by `count`.
    pub(super) fn drop_first(&mut self, count: usize) {
        let count = count.min(self.length);
        if let Some(words) = self.words.get_mut(..self.length) {
            words.rotate_left(count);
        }
        self.length -= count;
    }
}

/// What a field's values are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One text.
    Text,
    /// One of several parts.
    Part,
    /// One person: display name, [`NAME_END`], address and number.
    Person,
}

/// The tokenizer of one shape of field.
#[derive(Debug, Clone)]
pub(super) struct TextTokenizer {
    shape: Shape,
    token: Token,
}

impl TextTokenizer {
    pub(super) fn new(shape: Shape) -> Self {
        Self { shape, token: Token::default() }
    }
}

impl Tokenizer for TextTokenizer {
    type TokenStream<'a> = TextStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TextStream<'a> {
        self.token.reset();
        let (name, rest) = match (self.shape, text.split_once(NAME_END)) {
            (Shape::Person, Some((name, rest))) => (Some(Source::new(name)), rest),
            _ => (None, text),
        };
        TextStream {
            mark_due: self.shape != Shape::Text,
            name,
            name_due: None,
            rest: Source::new(rest),
            number_due: Vec::new(),
            token: &mut self.token,
        }
    }
}

/// The tokens of one value.
pub(super) struct TextStream<'a> {
    mark_due: bool,
    name: Option<Source<'a>>,
    name_due: Option<String>,
    rest: Source<'a>,
    number_due: Vec<String>,
    token: &'a mut Token,
}

/// A text with the words and phone numbers in it.
struct Source<'a> {
    words: Scanner<'a>,
    numbers: Numbers<'a>,
}

impl<'a> Source<'a> {
    fn new(text: &'a str) -> Self {
        Self { words: Scanner::new(text), numbers: Numbers::new(text) }
    }

    /// Puts the next word into `token`; the tokens of the numbers that begin with it. `None` at the end of the text.
    fn next(&mut self, token: &mut Token) -> Option<Vec<String>> {
        let mark = self.words.next(&mut token.text)?;
        (token.offset_from, token.offset_to) = (mark.start, mark.end);
        Some(self.numbers.beginning_at(mark.start))
    }
}

/// The phone numbers of a text, to be asked for in order.
struct Numbers<'a> {
    text: &'a str,
    rest: Peekable<Box<dyn Iterator<Item = Number> + 'a>>,
}

impl<'a> Numbers<'a> {
    fn new(text: &'a str) -> Self {
        let numbers: Box<dyn Iterator<Item = Number> + 'a> = Box::new(numbers(text));
        Self { text, rest: numbers.peekable() }
    }

    /// The tokens of those that begin at a byte.
    fn beginning_at(&mut self, start: usize) -> Vec<String> {
        let mut tokens = Vec::new();
        while let Some(number) = self.rest.next_if(|number| number.start <= start) {
            if number.start == start {
                tokens.extend(kept(self.text, &number));
            }
        }
        tokens
    }
}

impl TextStream<'_> {
    fn step(&mut self) {
        self.token.position = self.token.position.wrapping_add(1);
    }
}

impl TokenStream for TextStream<'_> {
    fn advance(&mut self) -> bool {
        if self.mark_due {
            self.mark_due = false;
            self.token.text.push_str(PART_MARK);
            self.step();
            return true;
        }
        if let Some(number) = self.number_due.pop() {
            self.token.text = number;
            return true;
        }
        if let Some(name) = self.name_due.take() {
            self.token.text = name;
            return true;
        }
        if let Some(name) = &mut self.name {
            if let Some(numbers) = name.next(self.token) {
                self.number_due = numbers;
                self.name_due = Some(format!("{NAME_MARK}{}", self.token.text));
                self.step();
                return true;
            }
            self.name = None;
        }
        let Some(numbers) = self.rest.next(self.token) else { return false };
        self.number_due = numbers;
        self.step();
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::super::scanner::MAX_WORD_BYTES;
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).map(|word| word.text).collect()
    }

    #[test]
    fn words_of_spaced_scripts() {
        for (text, expected) in [
            ("Hello, World! 42", "hello world 42"),
            ("Ann.Beebe+x@mail.contoso.com", "ann beebe x mail contoso com"),
            ("https://example.com/a_b?q=%20c#d", "https example com a b q 20c d"),
            ("1,234.56 EUR (-5%) 2024-01-31", "1 234 56 eur 5 2024 01 31"),
            ("can't AT&T e-mail", "can t at t e mail"),
            ("Za\u{17C}\u{F3}\u{142}\u{107} g\u{119}\u{15B}l\u{105} ja\u{17A}\u{144}", "zazolc gesla jazn"),
            ("GR\u{D6}SSE Gr\u{F6}\u{DF}e Gro\u{308}\u{DF}e", "grosse grosse grosse"),
            ("I\u{15E}IK \u{131}\u{15F}\u{131}k \u{130}stanbul", "isik isik istanbul"),
            (
                "\u{39A}\u{391}\u{39B}\u{397}\u{3A3} \u{3BA}\u{3B1}\u{3BB}\u{3AE}\u{3C2}",
                "\u{3BA}\u{3B1}\u{3BB}\u{3B7}\u{3C3} \u{3BA}\u{3B1}\u{3BB}\u{3B7}\u{3C3}",
            ),
            ("\u{FF28}\u{FF25}\u{FF2C}\u{FF2C}\u{FF2F}\u{3000}\u{FF11}\u{FF12}", "hello 12"),
            ("\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940} x", "\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940} x"),
            ("m\u{B2} \u{2460} \u{2163}", "m2 1 iv"),
            ("na\u{EF}ve\u{200D}ty \u{301} x", "naivety x"),
            ("Acme\u{2122} Acme\u{AE} \u{A9}2024 20\u{B0}C", "acme acme 2024 20 c"),
            ("... --- !!!", ""),
            ("", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn runs_of_unspaced_scripts_give_pairs_and_their_last_character() {
        for (text, expected) in [
            ("\u{4E2D}\u{56FD}\u{4EBA}", "\u{4E2D}\u{56FD} \u{56FD}\u{4EBA} \u{4EBA}"),
            ("\u{7B2C}3\u{7AE0}\u{3002}\u{597D}", "\u{7B2C} 3 \u{7AE0} \u{597D}"),
            ("iPhone\u{624B}\u{673A}", "iphone \u{624B}\u{673A} \u{673A}"),
            (
                "\u{6771}\u{4EAC}\u{30BF}\u{30EF}\u{30FC}\u{3005}",
                "\u{6771}\u{4EAC} \u{4EAC}\u{30BF} \u{30BF}\u{30EF} \u{30EF}\u{30FC} \u{30FC}\u{3005} \u{3005}",
            ),
            ("\u{FF76}\u{FF9E}\u{FF7D}\u{30FB}\u{304B}\u{3099}", "\u{30AC}\u{30B9} \u{30B9} \u{304C}"),
            ("\u{ACC4}\u{C57D}\u{C11C}\u{B97C} ok", "\u{ACC4}\u{C57D} \u{C57D}\u{C11C} \u{C11C}\u{B97C} \u{B97C} ok"),
            ("\u{E2A}\u{E31}\u{E0D}", "\u{E2A}\u{E31} \u{E31}\u{E0D} \u{E0D}"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn symbols_are_tokens_of_their_own() {
        for (text, expected) in [
            ("ok\u{1F44D}\u{1F3FD}!", "ok|\u{1F44D}|\u{1F3FD}"),
            ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\u{1F468}|\u{1F469}|\u{1F467}"),
            ("\u{1F1EE}\u{1F1E9}\u{1F1EA}\u{1F1F8}", "\u{1F1EE}\u{1F1E9}|\u{1F1EA}\u{1F1F8}"),
            ("\u{2764}\u{FE0F} 1\u{FE0F}\u{20E3}", "\u{2764}|1"),
            ("\u{2500}\u{2500} a $ b", "a|b"),
        ] {
            assert_eq!(words(text).join("|"), expected, "{text}");
        }
    }

    #[test]
    fn overlong_words_are_cut_alike_whatever_stands_around_them() {
        let long = "x".repeat(2 * MAX_WORD_BYTES + 7);
        let expected = [MAX_WORD_BYTES, MAX_WORD_BYTES, 7];
        for text in [long.clone(), format!("{long}."), format!("\u{E9} {long}\u{300}")] {
            let lengths: Vec<_> = words(&text).iter().map(String::len).filter(|&length| length > 1).collect();
            assert_eq!(lengths, expected);
        }
    }

    #[test]
    fn a_person_has_a_mark_and_its_name_twice() {
        let mut tokenizer = TextTokenizer::new(Shape::Person);
        let mut stream = tokenizer.token_stream("Ann B\u{1F}ann@x.com");
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let expected = [("\u{1}", 0), ("ann", 1), ("=ann", 1), ("b", 2), ("=b", 2), ("ann", 3), ("x", 4), ("com", 5)];
        assert_eq!(found, expected.map(|(text, position)| (text.to_owned(), position)));
    }

    #[test]
    fn ranges_point_into_the_original_text() {
        let text = "Caf\u{E9} \u{4E2D}\u{56FD}";
        let found: Vec<_> = tokens(text).map(|word| (word.position, text.get(word.range).expect("boundary"))).collect();
        assert_eq!(found, [(0, "Caf\u{E9}"), (1, "\u{4E2D}\u{56FD}"), (2, "\u{56FD}")]);
    }
}
