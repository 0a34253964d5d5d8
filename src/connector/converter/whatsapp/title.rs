//! The title of a chat, which on Android only the name of its file tells.

use std::borrow::Cow;

use super::glyphs::is_mark;
use super::wording::titles::TITLES;

/// What a chat is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Title {
    /// What the app calls the chat: the name of a person or of a group; empty if nothing tells. The name that somebody
    /// gave the file is none: nothing in a message may depend on it.
    pub(super) name: String,
}

impl Title {
    /// Whether something tells it.
    pub(super) fn is_stated(&self) -> bool {
        !self.name.is_empty()
    }

    /// This one, or `told`, what the text tells, where the name of the file tells nothing or has got more at its end,
    /// such as a date.
    pub(super) fn or_told(&self, told: String) -> Self {
        let more = self.name.strip_prefix(&told);
        let grown = more.is_some_and(|more| more.starts_with(|c: char| !c.is_alphanumeric()));
        if grown || !self.is_stated() { Self { name: told } } else { self.clone() }
    }
}

/// The name of the chat's text in an export of iOS.
pub(super) const IOS_TEXT: &str = "_chat.txt";

/// The title that `file`, the name of a file without folders, tells. `folder` is what it lies in; it counts only for
/// the text of an unpacked export.
pub(super) fn title(file: &str, folder: &str) -> Title {
    let of_app = if file.eq_ignore_ascii_case(IOS_TEXT) { folder } else { file };
    Title { name: stated(of_app).unwrap_or_default() }
}

/// The title in a name that the app gives, in any of its languages.
pub(super) fn stated(file: &str) -> Option<String> {
    let decoded = decoded(file);
    let plain: String = decoded.chars().filter(|c| !is_mark(*c)).collect();
    let name = without_copy(without_ending(&plain));
    let spaced = if name.contains(' ') { Cow::Borrowed(name) } else { Cow::Owned(name.replace('_', " ")) };
    if !spaced.contains("WhatsApp") && !spaced.contains("\u{648}\u{627}\u{62a}\u{633}\u{627}\u{628}") {
        return None;
    }
    let found = TITLES.split('|').find_map(|template| {
        let (before, after) = template.split_once("{}")?;
        spaced.strip_prefix(before)?.strip_suffix(after)
    });
    // Exports of iOS have a hyphen in all languages.
    let hyphen = || spaced.split_once(" - ").filter(|(app, _)| app.contains("WhatsApp")).map(|(_, title)| title);
    let title = found.or_else(hyphen)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

fn without_ending(file: &str) -> &str {
    let ending = file.len().checked_sub(4).and_then(|at| file.get(at..));
    let known = ending.is_some_and(|ending| [".txt", ".zip"].iter().any(|known| ending.eq_ignore_ascii_case(known)));
    if known { without_ending(file.get(..file.len() - 4).unwrap_or_default().trim_end()) } else { file }
}

/// The name without the number that a copy of a file gets: ` (1)`.
fn without_copy(name: &str) -> &str {
    let copy = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    copy.filter(|(_, number)| !number.is_empty() && number.len() < 4 && number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(name, |(name, _)| without_ending(name.trim_end()))
}

/// The name with its percent-encoding (RFC 3986 2.1) undone, if that gives a text.
fn decoded(file: &str) -> Cow<'_, str> {
    if !file.contains('%') {
        return Cow::Borrowed(file);
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(file.len()), file.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(file), Cow::Owned)
}
