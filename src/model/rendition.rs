//! The ways in which one message of a chat is exported.

use serde::{Deserialize, Serialize};

use super::Digest;

/// How a message of a chat without ids stands in an export: in some format of date and clock, in some language, with its
/// media or with a text in their place. What all of that has in common tells that it is the same message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// A hash of what all renditions of the message have in common: chat, sender, minute, what is said, and its place
    /// among messages that are equal in all of that.
    pub of: [u8; 16],
    /// Second of the minute, 0 to 59; `None` where the export has none.
    pub second: Option<u8>,
    /// What is known of its media; `None` if it has none.
    pub media: Option<RenditionMedia>,
}

/// What an export tells of the media of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RenditionMedia {
    /// What they are.
    pub kind: MediaKind,
    /// What their file is called.
    pub name: MediaName,
    /// The digest of their bytes; `None` if they did not come with it.
    pub file: Option<Digest>,
}

/// What media are, as far as the app says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MediaKind {
    /// Not said.
    #[default]
    Untold,
    /// A picture.
    Image,
    /// A film, a moving picture or a video note.
    Video,
    /// A recording or a voice message.
    Audio,
    /// A sticker.
    Sticker,
    /// A document.
    Document,
    /// The card of a contact.
    Contact,
}

/// What the file of media is called. Names are compared with those of the same sort only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MediaName {
    /// Not told, or made for one export.
    #[default]
    Untold,
    /// Numbered by the phone.
    Numbered(String),
    /// Given by its sender.
    Own(String),
}

impl Rendition {
    /// Whether the media came with it.
    pub fn has_media(&self) -> bool {
        self.media.as_ref().is_some_and(|media| media.file.is_some())
    }

    /// Whether this and `other`, which have the same in common, may be the same message.
    pub fn agrees(&self, other: &Self) -> bool {
        let same_second = self.second.zip(other.second).is_none_or(|(one, other)| one == other);
        same_second
            && match (&self.media, &other.media) {
                (Some(media), Some(others)) => media.agrees(others),
                (None, None) => true,
                _ => false,
            }
    }

    /// Whether everything that this one has is in `known` too, but for its writing.
    pub fn adds_nothing_to(&self, known: &Self) -> bool {
        self.agrees(known)
            && match (&self.media, &known.media) {
                (Some(media), Some(known)) => media.adds_nothing_to(known),
                _ => true,
            }
    }
}

impl RenditionMedia {
    fn agrees(&self, other: &Self) -> bool {
        let same_kind = self.kind == other.kind || [self.kind, other.kind].contains(&MediaKind::Untold);
        let same_name = match (&self.name, &other.name) {
            (MediaName::Numbered(name), MediaName::Numbered(other)) | (MediaName::Own(name), MediaName::Own(other)) => {
                name == other
            }
            (MediaName::Numbered(name), MediaName::Own(_)) | (MediaName::Own(_), MediaName::Numbered(name)) => {
                name.starts_with("DOC-")
            }
            _ => true,
        };
        same_kind && same_name
    }

    fn adds_nothing_to(&self, known: &Self) -> bool {
        match self.file {
            Some(_) => known.file == self.file,
            None => known.file.is_some() || self.name == MediaName::Untold || known.name != MediaName::Untold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(second: Option<u8>) -> Rendition {
        Rendition { of: [0; 16], second, media: None }
    }

    fn media(kind: MediaKind, name: MediaName, file: Option<u8>) -> Rendition {
        let file = file.map(|byte| Digest([byte; 32]));
        Rendition { media: Some(RenditionMedia { kind, name, file }), ..text(None) }
    }

    #[test]
    fn seconds_tell_messages_apart_where_both_have_them() {
        for (one, other, same) in
            [(None, None, true), (None, Some(5), true), (Some(5), Some(5), true), (Some(5), Some(6), false)]
        {
            assert_eq!(text(one).adds_nothing_to(&text(other)), same, "{one:?} {other:?}");
            assert_eq!(text(other).adds_nothing_to(&text(one)), same, "{other:?} {one:?}");
        }
    }

    #[test]
    fn media_add_to_what_lacks_them_and_never_the_other_way_round() {
        use MediaKind::{Image, Untold, Video};
        let numbered = |name: &str| MediaName::Numbered(name.to_owned());
        let own = |name: &str| MediaName::Own(name.to_owned());
        let omitted = media(Untold, MediaName::Untold, None);
        let image = media(Image, MediaName::Untold, None);
        let named = media(Image, numbered("IMG-1"), None);
        let with = media(Image, numbered("IMG-1"), Some(1));
        for (new, known, agrees, adds_nothing) in [
            (&omitted, &omitted, true, true),
            (&omitted, &with, true, true),
            (&image, &omitted, true, true),
            (&named, &omitted, true, false),
            (&omitted, &named, true, true),
            (&named, &with, true, true),
            (&with, &named, true, false),
            (&with, &with, true, true),
            (&media(Image, numbered("IMG-1"), Some(2)), &with, true, false),
            (&media(Image, numbered("IMG-2"), None), &with, false, false),
            (&media(Untold, own("plan.pdf"), None), &with, false, false),
            (&media(Untold, own("plan.pdf"), None), &media(Untold, numbered("DOC-1"), Some(1)), true, true),
            (&media(Video, MediaName::Untold, None), &with, false, false),
            (&text(None), &with, false, false),
        ] {
            assert_eq!(new.agrees(known), agrees, "{new:?} {known:?}");
            assert_eq!(new.adds_nothing_to(known), adds_nothing, "{new:?} {known:?}");
        }
    }
}
