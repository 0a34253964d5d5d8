//! Division of text into tokens: the one place where it is decided what can be found.
//!
//! - Scripts with spaces: a word is a run of letters and digits, everything else separates.
//! - Scripts without spaces: a run of n characters gives n tokens at n positions, each of its characters with the one
//!   behind it, and the last character alone. A phrase of pairs then finds exactly the substrings of a run.
//! - A symbol is a token of its own.
//! - Words of more than [`MAX_WORD_BYTES`] are cut into pieces at successive positions, by the same rule in texts and
//!   queries, so that no length makes a word unfindable.

use super::fold::{Folded, Folder};
use super::script::{Class, class, is_regional_indicator};

/// Length of the longest word that is one token, in bytes of its folded form.
pub(super) const MAX_WORD_BYTES: usize = 200;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, or a piece of an overlong one.
    Word,
    /// Two neighbouring characters of a run.
    Pair,
    /// The last character of a run, or its only one.
    Last,
    /// An emoji or other symbol.
    Symbol,
}

/// Where a token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// What it is made of.
    pub(super) kind: Kind,
    /// Its first byte in the original text.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
}

/// Reads the tokens of a text one by one; each stands one position after the one before.
pub(super) struct Scanner<'a> {
    text: &'a str,
    folder: Folder<'a>,
    peeked: Option<Folded>,
    run: Option<Folded>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, folder: Folder::new(text), peeked: None, run: None }
    }

    /// Puts the next token's folded form into `token`; `None` at the end of the text.
    pub(super) fn next(&mut self, token: &mut String) -> Option<Mark> {
        token.clear();
        if let Some(first) = self.run.take() {
            return Some(self.run_token(first, token));
        }
        loop {
            if self.peeked.is_none()
                && let Some(at) = self.folder.idle_at()
                && let Some(mark) = self.ascii_word(at, token)
            {
                return Some(mark);
            }
            let folded = self.take()?;
            match class(folded.ch) {
                Class::Separator | Class::Mark => {}
                Class::Run => return Some(self.run_token(folded, token)),
                Class::Symbol => return Some(self.symbol(folded, token)),
                Class::Word => return Some(self.word(folded, token)),
            }
        }
    }

    fn peek(&mut self) -> Option<Folded> {
        if self.peeked.is_none() {
            self.peeked = self.folder.next();
        }
        self.peeked
    }

    fn take(&mut self) -> Option<Folded> {
        self.peeked.take().or_else(|| self.folder.next())
    }

    /// The fast way of plain text: skips separators, and takes a word if it is ASCII up to its end.
    fn ascii_word(&mut self, from: usize, token: &mut String) -> Option<Mark> {
        let bytes = self.text.as_bytes().get(from..)?;
        let skipped = bytes.iter().take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count();
        let start = from + skipped;
        self.folder.skip_to(start);
        let word = bytes.get(skipped..)?;
        let length = word.iter().take(MAX_WORD_BYTES).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if length == 0 || word.get(length).is_some_and(|byte| !byte.is_ascii()) {
            return None;
        }
        let end = start + length;
        token.push_str(self.text.get(start..end)?);
        token.make_ascii_lowercase();
        self.folder.skip_to(end);
        Some(Mark { kind: Kind::Word, start, end })
    }

    fn word(&mut self, first: Folded, token: &mut String) -> Mark {
        token.push(first.ch);
        let mut end = first.end;
        while let Some(next) = self.peek() {
            let goes_on = matches!(class(next.ch), Class::Word | Class::Mark);
            if !goes_on || token.len() + next.ch.len_utf8() > MAX_WORD_BYTES {
                break;
            }
            self.peeked = None;
            token.push(next.ch);
            end = next.end;
        }
        Mark { kind: Kind::Word, start: first.start, end }
    }

    fn run_token(&mut self, first: Folded, token: &mut String) -> Mark {
        token.push(first.ch);
        match self.peek() {
            Some(next) if matches!(class(next.ch), Class::Run | Class::Mark) => {
                self.peeked = None;
                token.push(next.ch);
                self.run = Some(next);
                Mark { kind: Kind::Pair, start: first.start, end: next.end }
            }
            _ => Mark { kind: Kind::Last, start: first.start, end: first.end },
        }
    }

    fn symbol(&mut self, first: Folded, token: &mut String) -> Mark {
        token.push(first.ch);
        let mut end = first.end;
        if is_regional_indicator(first.ch)
            && let Some(next) = self.peek()
            && is_regional_indicator(next.ch)
        {
            self.peeked = None;
            token.push(next.ch);
            end = next.end;
        }
        Mark { kind: Kind::Symbol, start: first.start, end }
    }
}
