//! What documents say of themselves.

use serde::{Deserialize, Serialize};

use super::UtcTime;

/// What documents say of themselves: claims of whoever wrote them. Of a file with files in it, those of all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentProperties {
    /// Who wrote them.
    pub authors: Vec<String>,
    /// What they are called.
    pub titles: Vec<String>,
    /// When they were made.
    pub created: Vec<UtcTime>,
    /// When they were changed last.
    pub modified: Vec<UtcTime>,
}

impl DocumentProperties {
    /// Adds what `other` says and this does not.
    pub fn add(&mut self, other: Self) {
        add_all(&mut self.authors, other.authors);
        add_all(&mut self.titles, other.titles);
        add_all(&mut self.created, other.created);
        add_all(&mut self.modified, other.modified);
    }

    /// Adds an author, unless it says nothing.
    pub fn add_author(&mut self, author: &str) {
        add_text(&mut self.authors, author);
    }

    /// Adds a title, unless it says nothing.
    pub fn add_title(&mut self, title: &str) {
        add_text(&mut self.titles, title);
    }
}

fn add_text(list: &mut Vec<String>, text: &str) {
    if !text.trim().is_empty() {
        add_all(list, [text.trim().to_owned()]);
    }
}

fn add_all<T: PartialEq>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for value in more {
        if !list.contains(&value) {
            list.push(value);
        }
    }
}
