//! The folded form of text: what is compared when a query is matched, so that case, accents and width do not count.

use std::borrow::Cow;
use std::collections::VecDeque;

use unicode_normalization::char::{canonical_combining_class, compose};

use super::letter::{fold_letter, is_accent, is_inert};
use crate::text::ignorable::is_ignorable;

/// The folded form of `text`.
///
/// Compatibility forms are replaced (NFKC, UAX #15), case is folded fully, accents (U+0300 to U+036F), the points of
/// Hebrew and Arabic and tatweel are dropped,
/// letters with strokes become plain ones, digits of all scripts those of ASCII, invisible characters vanish, and what remains is composed again. Hangul
/// syllables and voiced kana stay what they are.
pub fn fold(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        let mut folded = String::with_capacity(text.len());
        folded.extend(Folder::new(text).map(|folded| folded.ch));
        return Cow::Owned(folded);
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// A folded character and the bytes of the original text that it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folded {
    pub(super) ch: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Folds a text character by character, in memory bounded by its longest sequence of combining marks.
pub(super) struct Folder<'a> {
    text: &'a str,
    at: usize,
    starter: Option<Folded>,
    marks: Vec<(u8, Folded)>,
    ready: VecDeque<Folded>,
}

impl<'a> Folder<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, starter: None, marks: Vec::new(), ready: VecDeque::new() }
    }

    /// Where the next character is read from, if none is held back for composition.
    pub(super) fn idle_at(&self) -> Option<usize> {
        (self.starter.is_none() && self.marks.is_empty() && self.ready.is_empty()).then_some(self.at)
    }

    /// Goes on at byte `at`, a character boundary.
    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    fn is_ascii_at(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_none_or(u8::is_ascii)
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        if is_ignorable(c) {
            return;
        }
        if is_accent(c) {
            if let Some(starter) = &mut self.starter {
                starter.end = end;
            }
            return;
        }
        if is_inert(c) {
            self.flush();
            self.starter = Some(Folded { ch: c, start, end });
            return;
        }
        fold_letter(c, &mut |ch| self.push_decomposed(Folded { ch, start, end }));
    }

    fn push_decomposed(&mut self, folded: Folded) {
        if folded.ch.is_ascii() {
            self.flush();
            self.starter = Some(folded);
            return;
        }
        let class = canonical_combining_class(folded.ch);
        if class != 0 {
            self.marks.push((class, folded));
            return;
        }
        self.settle();
        if self.marks.is_empty()
            && let Some(starter) = &mut self.starter
            && let Some(ch) = compose(starter.ch, folded.ch)
        {
            *starter = Folded { ch, start: starter.start, end: folded.end };
            return;
        }
        self.flush();
        self.starter = Some(folded);
    }

    /// Composes the marks held back with their starter, in canonical order (UAX #15, D108 to D117).
    fn settle(&mut self) {
        if self.marks.is_empty() {
            return;
        }
        self.marks.sort_by_key(|(class, _)| *class);
        let Some(mut starter) = self.starter else { return };
        let mut last_class = 0;
        self.marks.retain(|&(class, mark)| {
            let composed = if class > last_class { compose(starter.ch, mark.ch) } else { None };
            if let Some(ch) = composed {
                starter = Folded { ch, start: starter.start, end: mark.end.max(starter.end) };
            } else {
                last_class = class;
            }
            composed.is_none()
        });
        self.starter = Some(starter);
    }

    fn flush(&mut self) {
        self.settle();
        self.ready.extend(self.starter.take());
        self.ready.extend(self.marks.drain(..).map(|(_, mark)| mark));
    }
}

impl Iterator for Folder<'_> {
    type Item = Folded;

    fn next(&mut self) -> Option<Folded> {
        loop {
            if let Some(folded) = self.ready.pop_front() {
                return Some(folded);
            }
            let start = self.at;
            let Some(c) = self.text.get(start..).and_then(|rest| rest.chars().next()) else {
                self.flush();
                return self.ready.pop_front();
            };
            if c.is_ascii() {
                if self.starter.is_some() || !self.marks.is_empty() {
                    self.flush();
                    continue;
                }
                self.at = start + 1;
                let folded = Folded { ch: c.to_ascii_lowercase(), start, end: self.at };
                if self.is_ascii_at(self.at) {
                    return Some(folded);
                }
                self.starter = Some(folded);
            } else {
                self.at = start + c.len_utf8();
                self.push(c, start, self.at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_that_read_alike_fold_alike() {
        for (text, expected) in [
            ("Hello", "hello"),
            ("Z\u{D3}\u{141}W", "zolw"),
            ("zo\u{301}\u{142}w", "zolw"),
            ("\u{5E9}\u{5C1}\u{5B8}\u{5DC}\u{5D5}\u{5B9}\u{5DD}", "\u{5E9}\u{5DC}\u{5D5}\u{5DD}"),
            ("\u{FB2A}\u{5DC}", "\u{5E9}\u{5DC}"),
            ("\u{645}\u{64F}\u{62D}\u{64E}\u{645}\u{651}\u{64E}\u{62F}", "\u{645}\u{62D}\u{645}\u{62F}"),
            ("\u{643}\u{62A}\u{640}\u{640}\u{627}\u{628}", "\u{643}\u{62A}\u{627}\u{628}"),
            ("\u{623}\u{622}\u{625}", "\u{627}\u{627}\u{627}"),
            ("Stra\u{DF}e", "strasse"),
            ("STRA\u{1E9E}E", "strasse"),
            ("\u{130}STANBUL \u{131}", "istanbul i"),
            (
                "\u{39F}\u{394}\u{39F}\u{3A3} \u{3BF}\u{3B4}\u{3CC}\u{3C2}",
                "\u{3BF}\u{3B4}\u{3BF}\u{3C3} \u{3BF}\u{3B4}\u{3BF}\u{3C3}",
            ),
            ("\u{1FB4} \u{3B1}\u{345}\u{301}", "\u{3B1}\u{3B9} \u{3B1}\u{3B9}"),
            ("\u{FF21}\u{FF22}\u{FF11}", "ab1"),
            ("\u{FF76}\u{FF9E}\u{FF97}\u{FF7D}", "\u{30AC}\u{30E9}\u{30B9}"),
            ("\u{30AB}\u{3099}", "\u{30AC}"),
            ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
            ("\u{D55C}", "\u{D55C}"),
            ("\u{314B}\u{314F}\u{FFBB}", "\u{314B}\u{314F}\u{314B}"),
            ("ex\u{AD}am\u{200B}ple\u{FEFF}", "example"),
            ("\u{845B}\u{E0100}\u{57CE}", "\u{845B}\u{57CE}"),
            ("\u{3231}", "(\u{682A})"),
            ("\u{FB01}n \u{1F600}\u{FE0F}", "fin \u{1F600}"),
            ("\u{439}\u{401}", "\u{438}\u{435}"),
            ("\u{D8}l \u{C6}r\u{F8} \u{110}or\u{111}e \u{DE}\u{F3}r \u{152}uvre", "ol aero dorde thor oeuvre"),
            ("\u{627}\u{653}", "\u{627}"),
            ("\u{928}\u{93C}", "\u{929}"),
            ("\u{301}\u{302}", ""),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn ranges_cover_the_marks_of_a_letter() {
        let folded: Vec<_> = Folder::new("e\u{301}x").map(|f| (f.ch, f.start, f.end)).collect();
        assert_eq!(folded, [('e', 0, 3), ('x', 3, 4)]);
        let folded: Vec<_> = Folder::new("\u{FF76}\u{FF9E}").map(|f| (f.ch, f.start, f.end)).collect();
        assert_eq!(folded, [('\u{30AC}', 0, 6)]);
    }

    #[test]
    fn many_marks_are_folded_in_reasonable_time() {
        let text = format!("x{}", "\u{5B0}\u{327}\u{3099}".repeat(200_000));
        assert!(fold(&text).starts_with('x'));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once), once.as_str());
        }

        #[test]
        fn ranges_are_ordered_character_boundaries(text in "\\PC{0,40}") {
            let mut last = 0;
            for folded in Folder::new(&text) {
                prop_assert!(text.get(folded.start..folded.end).is_some());
                prop_assert!(folded.start < folded.end);
                last = last.max(folded.end);
            }
            prop_assert!(last <= text.len());
        }
    }
}
