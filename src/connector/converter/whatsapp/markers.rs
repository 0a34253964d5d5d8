//! Which of the app's wordings a text is.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::glyphs::{is_mark, is_odd_space};
use super::wording::{calls, fate, media};

/// Bytes of the longest text that is compared with wordings.
const MOST: usize = 600;

/// What a wording of the app stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// Something left out: its word for `/content`.
    Omitted(&'static str),
    /// A file that came with the chat.
    Attached,
    /// Deleted by its sender.
    Deleted,
    /// Deleted by an administrator of the group.
    DeletedByAdmin,
    /// The end of an edited text.
    Edited,
    /// Not received yet.
    Waiting,
    /// A call that nobody took.
    Missed {
        /// With a picture.
        video: bool,
        /// To a group.
        group: bool,
    },
    /// A call.
    Called {
        /// With a picture.
        video: bool,
    },
    /// A call without answer.
    Unanswered {
        /// With a picture.
        video: bool,
    },
    /// A live location was shared.
    LiveLocation,
    /// The word before the address of a place.
    Location,
}

/// A wording that was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FoundMarker<'a> {
    /// What it stands for.
    pub(super) marker: Marker,
    /// What stands where the wording has `{}`; empty where it has none.
    pub(super) argument: &'a str,
    /// Whether its language is spoken only where the day is written before the month.
    pub(super) day_first: bool,
}

struct Template {
    before: String,
    after: String,
    marker: Marker,
    day_first: bool,
}

/// All wordings.
pub(super) struct Markers {
    exact: HashMap<String, (Marker, bool)>,
    templates: Vec<Template>,
}

const TABLES: [(Marker, bool, &str); 29] = [
    (Marker::Omitted("media"), true, media::MEDIA_OMITTED_DAY_FIRST),
    (Marker::Omitted("media"), false, media::MEDIA_OMITTED),
    (Marker::Attached, true, media::ATTACHED_DAY_FIRST),
    (Marker::Attached, false, media::ATTACHED),
    (Marker::Attached, false, media::ATTACHED_IN_BRACKETS),
    (Marker::Omitted("image"), false, media::IMAGE_OMITTED),
    (Marker::Omitted("video"), false, media::VIDEO_OMITTED),
    (Marker::Omitted("audio"), false, media::AUDIO_OMITTED),
    (Marker::Omitted("gif"), false, media::GIF_OMITTED),
    (Marker::Omitted("sticker"), false, media::STICKER_OMITTED),
    (Marker::Omitted("document"), false, media::DOCUMENT_OMITTED),
    (Marker::Omitted("contact"), false, media::CONTACT_OMITTED),
    (Marker::Omitted("product"), false, media::PRODUCT_OMITTED),
    (Marker::Omitted("video_note"), false, media::VIDEO_NOTE_OMITTED),
    (Marker::Omitted("view_once"), false, media::VIEW_ONCE_OMITTED),
    (Marker::Deleted, false, fate::DELETED),
    (Marker::DeletedByAdmin, false, fate::DELETED_BY_ADMIN),
    (Marker::Edited, false, fate::EDITED),
    (Marker::Waiting, false, fate::WAITING),
    (Marker::Missed { video: false, group: false }, false, calls::MISSED_VOICE),
    (Marker::Missed { video: true, group: false }, false, calls::MISSED_VIDEO),
    (Marker::Missed { video: false, group: true }, false, calls::MISSED_GROUP_VOICE),
    (Marker::Missed { video: true, group: true }, false, calls::MISSED_GROUP_VIDEO),
    (Marker::Called { video: false }, false, calls::VOICE),
    (Marker::Called { video: true }, false, calls::VIDEO),
    (Marker::Unanswered { video: false }, false, calls::VOICE_UNANSWERED),
    (Marker::Unanswered { video: true }, false, calls::VIDEO_UNANSWERED),
    (Marker::LiveLocation, false, calls::LIVE_LOCATION),
    (Marker::Location, false, calls::LOCATION),
];

impl Markers {
    /// The wordings, read once.
    pub(super) fn get() -> &'static Self {
        static MARKERS: OnceLock<Markers> = OnceLock::new();
        MARKERS.get_or_init(Self::read)
    }

    fn read() -> Self {
        let (mut exact, mut templates) = (HashMap::new(), Vec::new());
        for (marker, day_first, table) in TABLES {
            for text in table.split('|') {
                match text.split_once("{}") {
                    Some((before, after)) => {
                        let (before, after) = (before.to_owned(), without_stop(after).to_owned());
                        templates.push(Template { before, after, marker, day_first });
                    }
                    None => {
                        exact.entry(key(text)).or_insert((marker, day_first));
                    }
                }
            }
        }
        Self { exact, templates }
    }

    /// The wording that `text` is, apart from marks, spaces around it, a full stop and capitals.
    pub(super) fn find<'a>(&self, text: &'a str) -> Option<FoundMarker<'a>> {
        if text.is_empty() || text.len() > MOST || text.contains('\n') {
            return None;
        }
        let found = self.exact.get(&key(text)).filter(|(marker, _)| *marker != Marker::Location);
        if let Some((marker, day_first)) = found {
            return Some(FoundMarker { marker: *marker, argument: "", day_first: *day_first });
        }
        let text = without_stop(text.trim_matches(|c: char| is_mark(c) || c == ' '));
        self.templates.iter().find_map(|template| {
            let rest = after_start(text, &template.before)?;
            let argument = before_end(rest, &template.after)?.trim_matches(|c: char| is_mark(c) || c == ' ');
            let found = FoundMarker { marker: template.marker, argument, day_first: template.day_first };
            fits(template.marker, argument).then_some(found)
        })
    }

    /// Whether `text` is the word before the address of a place.
    pub(super) fn is_location(&self, text: &str) -> bool {
        text.len() < 80 && self.exact.get(&key(text)).is_some_and(|(marker, _)| *marker == Marker::Location)
    }
}

/// Whether an argument is one of its wording: of a few words, a name alone would make everything one.
fn fits(marker: Marker, argument: &str) -> bool {
    match marker {
        Marker::Attached => argument.contains('.') && argument.len() <= 512,
        Marker::Missed { .. } | Marker::Called { .. } => argument.len() <= 32 && argument.chars().any(char::is_numeric),
        _ => !argument.is_empty(),
    }
}

/// What follows `start`, which has plain spaces and no marks; a text has them anywhere.
fn after_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let mut wanted = start.chars();
    let mut next = wanted.next();
    for (at, c) in text.char_indices() {
        let Some(expected) = next else { return text.get(at..) };
        if is_mark(c) {
            continue;
        }
        if c != expected && !(expected == ' ' && is_odd_space(c)) {
            return None;
        }
        next = wanted.next();
    }
    next.is_none().then_some("")
}

/// What precedes `end`, as in [`after_start`].
fn before_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let mut wanted = end.chars().rev();
    let mut next = wanted.next();
    for (at, c) in text.char_indices().rev() {
        let Some(expected) = next else { return text.get(..at + c.len_utf8()) };
        if is_mark(c) {
            continue;
        }
        if c != expected && !(expected == ' ' && is_odd_space(c)) {
            return None;
        }
        next = wanted.next();
    }
    next.is_none().then_some("")
}

fn without_stop(text: &str) -> &str {
    text.trim_end_matches(|c: char| matches!(c, '.' | '\u{3002}' | '\u{964}') || is_mark(c))
}

/// The form in which wordings are compared.
fn key(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !is_mark(*c)).map(|c| if is_odd_space(c) { ' ' } else { c }).collect();
    plain.trim().trim_end_matches(['.', '\u{3002}', '\u{964}']).trim_end().to_lowercase()
}
