//! The ways in which one message of a chat is exported.

use serde::{Deserialize, Serialize};

use super::Digest;

/// How a message of a chat without ids stands in an export: in some format of date and clock, in some language, with its
/// media or with a text in their place. What all of that has in common tells that it is the same message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// What all renditions of the message have in common: its form, and its place among messages of that form.
    pub of: [u8; 16],
    /// Second of the minute, 0 to 59; `None` where the export has none.
    pub second: Option<u8>,
    /// What the export tells of the sort of its chat; `None` if nothing.
    pub chat: Option<ChatSort>,
    /// What is known of its media; `None` if it has none.
    pub media: Option<RenditionMedia>,
}

/// What sort of chat an export is of. Not all exports of a chat tell: the app leaves out the beginning of a long one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatSort {
    /// A group, as its beginning says, or who writes in it.
    Group,
    /// Of two people, as its beginning says, or because the one whom it is called after writes in it.
    Direct,
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

/// A hash of chat, sender, minute and what is said: what all renditions of a message have in common, and all messages
/// that nothing else tells apart.
pub type MessageForm = [u8; 13];

/// What tells that two renditions are of the same message, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The bytes of their media.
    File,
    /// The name of their media.
    Name,
    /// Their second.
    Second,
    /// Nothing but that they agree.
    Agreement,
    /// Nothing, and the bytes of their media differ.
    OtherFile,
}

impl Evidence {
    /// All, the surest first.
    pub const ALL: [Self; 5] = [Self::File, Self::Name, Self::Second, Self::Agreement, Self::OtherFile];
}

impl Rendition {
    /// What the renditions of the message of a form at a place have in common; `None` for a place from 2^24 on.
    pub fn at_place(form: MessageForm, place: u32) -> Option<[u8; 16]> {
        let [0, high, middle, low] = place.to_be_bytes() else { return None };
        let mut of = [0; 16];
        of.iter_mut().zip(form.into_iter().chain([high, middle, low])).for_each(|(to, byte)| *to = byte);
        Some(of)
    }

    /// What it has in common with all messages of its form.
    pub fn form(&self) -> MessageForm {
        self.of.first_chunk().copied().unwrap_or_default()
    }

    /// Its place among the messages of its form.
    pub fn place(&self) -> u32 {
        let [high, middle, low] = self.of.last_chunk().copied().unwrap_or_default();
        u32::from_be_bytes([0, high, middle, low])
    }

    /// What tells that this and `other`, which have the same form, are the same message; `None` if they are not.
    pub fn evidence(&self, other: &Self) -> Option<Evidence> {
        if !self.agrees(other) {
            return None;
        }
        let media = self.media.as_ref().zip(other.media.as_ref());
        let file = media.and_then(|(own, other)| own.file.zip(other.file)).map(|(own, other)| own == other);
        let same_name = media.is_some_and(|(own, other)| own.name == other.name && own.name != MediaName::Untold);
        Some(match file {
            Some(true) => Evidence::File,
            _ if same_name => Evidence::Name,
            Some(false) => Evidence::OtherFile,
            None if self.second.is_some() && self.second == other.second => Evidence::Second,
            None => Evidence::Agreement,
        })
    }

    /// Whether the media came with it.
    pub fn has_media(&self) -> bool {
        self.media.as_ref().is_some_and(|media| media.file.is_some())
    }

    /// Whether this and `other`, which have the same in common, may be the same message.
    pub fn agrees(&self, other: &Self) -> bool {
        let same_second = self.second.zip(other.second).is_none_or(|(one, other)| one == other);
        let same_chat = self.is_of_group() == other.is_of_group();
        same_second
            && same_chat
            && match (&self.media, &other.media) {
                (Some(media), Some(others)) => media.agrees(others),
                (None, None) => true,
                _ => false,
            }
    }

    /// Whether this and `other`, which have the same in common, would agree if the same were told of their chats.
    pub fn agrees_but_for_chat(&self, other: &Self) -> bool {
        !self.agrees(other) && Self { chat: other.chat, ..self.clone() }.agrees(other)
    }

    /// A chat of which nothing is told is none: it may be of two people, and nothing of that may pass for a group's.
    fn is_of_group(&self) -> bool {
        self.chat == Some(ChatSort::Group)
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
        Rendition { of: [0; 16], second, chat: None, media: None }
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
    fn a_chat_is_a_group_only_where_that_is_told() {
        use ChatSort::{Direct, Group};
        let of = |chat| Rendition { chat, ..text(None) };
        for (one, other, same) in [
            (None, None, true),
            (None, Some(Group), false),
            (Some(Direct), None, true),
            (Some(Group), Some(Group), true),
            (Some(Group), Some(Direct), false),
        ] {
            assert_eq!(of(one).adds_nothing_to(&of(other)), same, "{one:?} {other:?}");
            assert_eq!(of(other).evidence(&of(one)).is_some(), same, "{other:?} {one:?}");
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
            assert_eq!(new.evidence(known).is_some(), agrees, "{new:?} {known:?}");
            assert_eq!(new.adds_nothing_to(known), adds_nothing, "{new:?} {known:?}");
        }
    }

    #[test]
    fn what_tells_most_is_the_evidence() {
        use MediaKind::{Image, Untold};
        let named = MediaName::Own("plan.pdf".to_owned());
        let with = media(Image, named.clone(), Some(1));
        let unnamed = |file| media(Image, MediaName::Untold, file);
        for (other, expected) in [
            (media(Image, MediaName::Own("plan 2.pdf".to_owned()), Some(1)), None),
            (unnamed(Some(1)), Some(Evidence::File)),
            (media(Image, named.clone(), Some(2)), Some(Evidence::Name)),
            (media(Image, named, None), Some(Evidence::Name)),
            (media(Untold, MediaName::Untold, None), Some(Evidence::Agreement)),
            (unnamed(Some(2)), Some(Evidence::OtherFile)),
        ] {
            assert_eq!((with.evidence(&other), other.evidence(&with)), (expected, expected), "{other:?}");
        }
        assert_eq!(text(Some(1)).evidence(&text(Some(1))), Some(Evidence::Second));
        assert_eq!(text(Some(1)).evidence(&text(None)), Some(Evidence::Agreement));
        assert_eq!(text(Some(1)).evidence(&text(Some(2))), None);
    }

    #[test]
    fn a_form_and_a_place_make_a_key() {
        let of = Rendition::at_place([7; 13], 0x01_02_03).unwrap();
        assert_eq!(of, [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3]);
        let rendition = Rendition { of, second: None, chat: None, media: None };
        assert_eq!((rendition.form(), rendition.place()), ([7; 13], 0x01_02_03));
        assert_eq!(Rendition::at_place([7; 13], 1 << 24), None);
    }
}
