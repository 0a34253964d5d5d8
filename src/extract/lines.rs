//! The lines of a document in XML, while they are being read.

use quick_xml::events::BytesStart;

use super::Reading;
use super::markup::{Vocabulary, attribute};

/// Most bytes of a line that are kept until it ends; of a longer one what was kept is handed on.
const LONGEST: usize = 1 << 20;

/// Asides in asides that are told apart.
const DEPTH_LIMIT: usize = 100;

/// A line that has not ended.
#[derive(Default)]
struct Line {
    text: String,
    /// Whether its beginning was handed on.
    is_begun: bool,
    /// The line without what was inserted, with what was deleted.
    former: String,
    has_deleted: bool,
    /// What is read beside it.
    beside: Vec<String>,
    /// What its fields are computed from.
    fields: String,
}

/// The text being read: each line as it reads, and behind it, if something of it was deleted, as it was; then what is read beside
/// it. What interrupts a line comes before it.
pub(super) struct Lines<'w> {
    words: &'w Vocabulary,
    line: Line,
    interrupted: Vec<Line>,
    /// Asides beyond the limit that are open.
    too_deep: usize,
    in_text: usize,
    in_field: usize,
    in_deleted: usize,
    in_inserted: usize,
}

impl<'w> Lines<'w> {
    pub(super) fn new(words: &'w Vocabulary) -> Self {
        let (line, interrupted) = (Line::default(), Vec::new());
        Self { words, line, interrupted, too_deep: 0, in_text: 0, in_field: 0, in_deleted: 0, in_inserted: 0 }
    }

    /// An element begins.
    pub(super) fn enter(&mut self, element: &BytesStart<'_>, reading: &mut Reading) {
        let (name, words) = (element.local_name(), self.words);
        let name = name.as_ref();
        self.in_text += usize::from(words.text.contains(&name));
        self.in_deleted += usize::from(words.deleted.contains(&name));
        self.in_inserted += usize::from(words.inserted.contains(&name));
        if words.asides.contains(&name) {
            if self.interrupted.len() < DEPTH_LIMIT {
                self.interrupted.push(std::mem::take(&mut self.line));
            } else {
                self.too_deep += 1;
                self.end_line(reading);
            }
        } else if words.lines.contains(&name) {
            self.end_line(reading);
        }
        if words.fields.contains(&name) {
            self.in_field += 1;
            self.line.fields.push_str(&attribute(element, "instr"));
        }
        let read = words.attributes.iter().filter(|(owner, _)| *owner == name);
        self.line.beside.extend(read.map(|(_, read)| attribute(element, read)));
    }

    /// An element ends.
    pub(super) fn leave(&mut self, name: &str, reading: &mut Reading) {
        let words = self.words;
        self.in_text = self.in_text.saturating_sub(usize::from(words.text.contains(&name)));
        self.in_deleted = self.in_deleted.saturating_sub(usize::from(words.deleted.contains(&name)));
        self.in_inserted = self.in_inserted.saturating_sub(usize::from(words.inserted.contains(&name)));
        self.in_field = self.in_field.saturating_sub(usize::from(words.fields.contains(&name)));
        if words.asides.contains(&name) {
            self.end_line(reading);
            if self.too_deep > 0 {
                self.too_deep -= 1;
            } else if let Some(line) = self.interrupted.pop() {
                self.line = line;
            }
        } else {
            self.separate(name, reading);
        }
    }

    /// Text between two marks.
    pub(super) fn add(&mut self, text: &str, reading: &mut Reading) {
        if self.in_deleted > 0 {
            self.line.has_deleted = true;
        } else if self.in_text > 0 {
            self.line.text.push_str(text);
            if self.line.text.len() > LONGEST {
                self.hand_on(reading);
            }
        } else {
            if self.in_field > 0 && self.line.fields.len() + text.len() <= LONGEST {
                self.line.fields.push_str(text);
            }
            return;
        }
        if self.in_deleted > 0 || self.in_inserted == 0 {
            self.keep(text, reading);
        }
    }

    /// What an element means by itself, where it ends or is empty.
    fn separate(&mut self, name: &str, reading: &mut Reading) {
        if self.words.lines.contains(&name) {
            self.end_line(reading);
        } else if self.words.gaps.contains(&name) {
            let is_apart = self.line.text.ends_with(char::is_whitespace);
            if !is_apart && (self.line.is_begun || !self.line.text.is_empty()) {
                self.line.text.push('\t');
            }
            self.keep("\t", reading);
        } else if self.words.hyphens.contains(&name) {
            self.line.text.push('\u{2011}');
            self.keep("\u{2011}", reading);
        }
    }

    /// The document ends, and with it all that is open.
    pub(super) fn finish(mut self, reading: &mut Reading) {
        self.end_line(reading);
        while let Some(line) = self.interrupted.pop() {
            self.line = line;
            self.end_line(reading);
        }
    }

    fn keep(&mut self, text: &str, reading: &mut Reading) {
        if self.line.former.len() + text.len() <= LONGEST {
            self.line.former.push_str(text);
        } else if self.line.has_deleted {
            reading.note("text_cut", "a line of which something was deleted is too long to be read as it was");
        }
    }

    fn hand_on(&mut self, reading: &mut Reading) {
        if !self.line.is_begun {
            reading.text.line();
        }
        reading.text.append(&self.line.text);
        self.line.text.clear();
        self.line.is_begun = true;
    }

    fn end_line(&mut self, reading: &mut Reading) {
        if !self.line.text.is_empty() {
            self.hand_on(reading);
        }
        reading.text.line();
        if std::mem::take(&mut self.line.has_deleted) {
            reading.text.push(&self.line.former);
        }
        self.line.former.clear();
        for read in self.line.beside.drain(..) {
            reading.text.push(&read);
        }
        // A field that links reads `HYPERLINK "https://x.example/"` (ECMA-376 part 1, 17.16.5.25).
        for link in self.line.fields.split("HYPERLINK").skip(1) {
            reading.text.push(link.split('"').nth(1).unwrap_or_default());
        }
        self.line.fields.clear();
        reading.text.line();
        self.line.is_begun = false;
    }
}
