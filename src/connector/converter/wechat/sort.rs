//! What sort of message a type code or type word stands for.

/// Sorts of messages that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Plain text.
    Text,
    /// A picture.
    Image,
    /// A voice message.
    Voice,
    /// A video.
    Video,
    /// A sticker.
    Sticker,
    /// A moving picture of an application.
    Gif,
    /// A file.
    Document,
    /// A place, or the sharing of it.
    Location,
    /// The card of a person or account.
    Contact,
    /// A voice or video call.
    Call,
    /// A link, and music.
    Link,
    /// Merged messages of another chat.
    Forwarded,
    /// A note of several parts.
    Note,
    /// A mini program.
    MiniProgram,
    /// A post of a channel, and a live broadcast.
    Channel,
    /// A reply that quotes.
    Reply,
    /// A transfer or a red packet.
    Payment,
    /// An announcement in a group.
    Announcement,
    /// Somebody tickled somebody.
    Pat,
    /// A message of an application whose sub-type is in its XML.
    App,
    /// A line of the platform itself.
    System,
    /// The recall of a message.
    Recall,
    /// Anything else.
    Unknown,
}

impl Sort {
    /// That of the codes in databases of the application; `sub` is 0 if it is not given. Version 4 writes both codes into
    /// one number, the sub-type in its upper 32 bits.
    pub(super) fn of_code(code: u64, sub: u64) -> Self {
        let (code, sub) =
            if code > u64::from(u32::MAX) { (code & u64::from(u32::MAX), code >> 32) } else { (code, sub) };
        match code {
            1 => Self::Text,
            3 => Self::Image,
            34 => Self::Voice,
            42 | 66 => Self::Contact,
            43 | 62 => Self::Video,
            47 => Self::Sticker,
            48 => Self::Location,
            49 if sub == 0 => Self::App,
            49 => Self::of_app(sub),
            50 => Self::Call,
            10000 | 10002 => Self::System,
            11000 => Self::Pat,
            _ => Self::Unknown,
        }
    }

    /// That of a message of an application, by its sub-type.
    pub(super) fn of_app(sub: u64) -> Self {
        match sub {
            1 => Self::Text,
            3 | 4 | 5 | 68 | 76 | 92 => Self::Link,
            6 | 74 => Self::Document,
            8 | 15 => Self::Gif,
            17 => Self::Location,
            19 | 40 => Self::Forwarded,
            24 => Self::Note,
            33 | 36 => Self::MiniProgram,
            51 | 63 => Self::Channel,
            57 => Self::Reply,
            62 => Self::Pat,
            87 => Self::Announcement,
            2000 | 2001 => Self::Payment,
            _ => Self::Unknown,
        }
    }

    /// That of a word that a tool writes for a type.
    pub(super) fn of_word(word: &str) -> Self {
        const WORDS: [(&str, Sort); 33] = [
            ("撤回", Sort::Recall),
            ("引用", Sort::Reply),
            ("聊天记录", Sort::Forwarded),
            ("合并转发", Sort::Forwarded),
            ("小程序", Sort::MiniProgram),
            ("视频号", Sort::Channel),
            ("直播", Sort::Channel),
            ("视频通话", Sort::Call),
            ("语音通话", Sort::Call),
            ("通话", Sort::Call),
            ("拍一拍", Sort::Pat),
            ("红包", Sort::Payment),
            ("转账", Sort::Payment),
            ("群公告", Sort::Announcement),
            ("表情", Sort::Sticker),
            ("图片", Sort::Image),
            ("语音", Sort::Voice),
            ("视频", Sort::Video),
            ("文件", Sort::Document),
            ("位置", Sort::Location),
            ("名片", Sort::Contact),
            ("笔记", Sort::Note),
            ("链接", Sort::Link),
            ("音乐", Sort::Link),
            ("分享", Sort::Link),
            ("系统", Sort::System),
            ("文本", Sort::Text),
            ("text", Sort::Text),
            ("image", Sort::Image),
            ("voice", Sort::Voice),
            ("video", Sort::Video),
            ("file", Sort::Document),
            ("system", Sort::System),
        ];
        let word = word.trim().to_lowercase();
        WORDS.iter().find(|(known, _)| word.contains(known)).map_or(Self::Unknown, |(_, sort)| *sort)
    }

    /// That of a type of the `ChatLab` format 0.0.2.
    pub(super) fn of_chatlab(code: u64) -> Self {
        match code {
            0 => Self::Text,
            1 => Self::Image,
            2 => Self::Voice,
            3 => Self::Video,
            4 => Self::Document,
            5 => Self::Sticker,
            7 | 24 => Self::Link,
            8 => Self::Location,
            20 | 21 => Self::Payment,
            22 => Self::Pat,
            23 => Self::Call,
            25 => Self::Reply,
            26 => Self::Forwarded,
            27 => Self::Contact,
            80 => Self::System,
            81 => Self::Recall,
            _ => Self::Unknown,
        }
    }

    /// The word of the fact `/content`; empty for plain text.
    pub(super) fn content_word(self) -> &'static str {
        match self {
            Self::Text | Self::Reply | Self::System | Self::Recall => "",
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Sticker => "sticker",
            Self::Gif => "gif",
            Self::Document => "document",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Call => "call",
            Self::Link => "link",
            Self::Forwarded => "forwarded_chat",
            Self::Note => "note",
            Self::MiniProgram => "mini_program",
            Self::Channel => "channel",
            Self::Payment => "payment",
            Self::Announcement => "announcement",
            Self::Pat => "pat",
            Self::App | Self::Unknown => "unsupported",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_versions_and_words() {
        assert_eq!(Sort::of_code(49, 57), Sort::Reply);
        assert_eq!(Sort::of_code(21_474_836_529, 0), Sort::Link);
        assert_eq!(Sort::of_code(u64::MAX, 0), Sort::Unknown);
        for (word, sort) in [
            ("文本消息", Sort::Text),
            ("视频通话", Sort::Call),
            ("动画表情", Sort::Sticker),
            ("(分享)卡片式链接", Sort::Link),
            ("合并转发的聊天记录", Sort::Forwarded),
            ("引用回复", Sort::Reply),
            ("未知类型(42)", Sort::Unknown),
            ("", Sort::Unknown),
        ] {
            assert_eq!(Sort::of_word(word), sort, "{word}");
        }
    }
}
