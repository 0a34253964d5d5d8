//! A line of HTML, and how else it reads: with blanks where elements meet, without what was deleted or inserted.

use std::ops::Range;

/// The line that is being read.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Where it begins in the text.
    start: usize,
    /// Where words meet without a blank though something parts them: raised and lowered signs, changes, and elements side by
    /// side, between which a style sheet may put room.
    joints: Vec<usize>,
    /// Where the next word would be joined to the one before.
    joint: Option<usize>,
    /// Where the last element ended.
    ended: Option<usize>,
    deleted: Marked,
    inserted: Marked,
}

impl Line {
    /// A tag at `at`, of which `name` is in lower case.
    pub(super) fn tag(&mut self, name: &[u8], is_end: bool, at: usize) {
        let parts = match name {
            b"del" | b"s" | b"strike" => {
                self.deleted.mark(is_end, at);
                true
            }
            b"ins" => {
                self.inserted.mark(is_end, at);
                true
            }
            b"sup" | b"sub" => true,
            _ => !is_end && self.ended == Some(at),
        };
        if parts {
            self.joint = Some(at);
        }
        if is_end {
            self.ended = Some(at);
        }
    }

    /// `word` follows behind `text`.
    pub(super) fn word(&mut self, text: &str, word: &str) {
        let at = text.len();
        if self.joint == Some(at)
            && text.ends_with(char::is_alphanumeric)
            && word.starts_with(char::is_alphanumeric)
            && self.joints.last() != Some(&at)
        {
            self.joints.push(at);
        }
        self.deleted.begin(at);
        self.inserted.begin(at);
    }

    /// The line ends with `text`; how else it reads is added to `readings`.
    pub(super) fn end(&mut self, text: &str, readings: &mut Vec<String>) {
        self.deleted.pause(text.len());
        self.inserted.pause(text.len());
        let end = self.start..text.len();
        if !self.joints.is_empty() {
            let ends = self.joints.iter().copied().chain([end.end]);
            let starts = [end.start].into_iter().chain(self.joints.iter().copied());
            let parts: Vec<&str> = starts.zip(ends).filter_map(|(start, end)| text.get(start..end)).collect();
            readings.push(parts.join(" "));
        }
        if !self.deleted.ranges.is_empty() {
            for changes in [&self.deleted, &self.inserted].into_iter().filter(|changes| !changes.ranges.is_empty()) {
                let reading = changes.removed_from(text, end.clone());
                readings.extend(Some(reading).filter(|reading| !reading.trim().is_empty()));
            }
        }
    }

    /// A line begins at `start` of the text.
    pub(super) fn begin(&mut self, start: usize) {
        self.start = start;
        self.joints.clear();
        self.deleted.ranges.clear();
        self.inserted.ranges.clear();
    }
}

/// What stands in elements of one sort.
#[derive(Debug, Default)]
struct Marked {
    /// Such elements that are open.
    open: usize,
    /// Where text in them began.
    begun: Option<usize>,
    /// What of the line is in them, in order.
    ranges: Vec<Range<usize>>,
}

impl Marked {
    fn mark(&mut self, is_end: bool, at: usize) {
        if !is_end {
            self.open += 1;
        } else if self.open > 0 {
            self.open -= 1;
            if self.open == 0 {
                self.pause(at);
            }
        }
    }

    fn begin(&mut self, at: usize) {
        if self.open > 0 {
            self.begun.get_or_insert(at);
        }
    }

    fn pause(&mut self, at: usize) {
        self.ranges.extend(self.begun.take().map(|start| start..at));
    }

    /// The `line` of `text` without them.
    fn removed_from(&self, text: &str, line: Range<usize>) -> String {
        let mut kept = String::with_capacity(line.len());
        let mut from = line.start;
        for range in &self.ranges {
            kept.push_str(text.get(from..range.start).unwrap_or_default());
            from = range.end;
        }
        kept.push_str(text.get(from..line.end).unwrap_or_default());
        kept
    }
}
