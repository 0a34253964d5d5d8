//! Where in a message a hit matched, as people are told.

use super::hits::Hit;
use crate::index::MatchedIn;

/// An attachment in which words of the query are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitAttachment {
    /// Its place in the message, from 1.
    pub n: usize,
    /// As declared; empty if it has none.
    pub name: String,
    /// In its name, its text or both.
    pub matched_in: Vec<MatchedIn>,
}

impl HitAttachment {
    /// Such as ``attachment 2 `plan.pdf` (text)``.
    fn words(&self) -> String {
        let name = if self.name.is_empty() { String::new() } else { format!(" `{}`", self.name) };
        let parts: Vec<&str> =
            self.matched_in.iter().map(|part| part.as_str().trim_start_matches("attachment_")).collect();
        format!("attachment {}{name} ({})", self.n, parts.join(", "))
    }
}

impl Hit {
    /// The parts of the message that matched, each in words; of attachments their number, name, and what of them.
    pub fn matched_words(&self) -> Vec<String> {
        let is_told = |part: &MatchedIn| self.matched_attachments.iter().any(|found| found.matched_in.contains(part));
        let parts = self.matched_in.iter().filter(|part| !is_told(part)).map(|part| part.as_str().replace('_', " "));
        parts.chain(self.matched_attachments.iter().map(HitAttachment::words)).collect()
    }
}
