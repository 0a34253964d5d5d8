//! The ways in which one message of a chat is exported.

/// How a message with media stands in an export: with its media, or with a text in their place. Neither has an id, so what
/// they have in common tells that they are the same message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rendition {
    /// A hash of what all renditions of the message have in common: chat, sender, time, the text beside the media, and
    /// its place among messages with media that are equal in all of that.
    pub of: [u8; 16],
    /// Whether the media came with it.
    pub has_media: bool,
}
