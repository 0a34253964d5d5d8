//! How platforms are called.

/// Platforms whose name is not just their word with a capital.
const NAMES: [(&str, &str); 15] = [
    ("imessage", "iMessage"),
    ("line", "LINE"),
    ("linkedin", "LinkedIn"),
    ("mms", "MMS"),
    ("qq", "QQ"),
    ("rcs", "RCS"),
    ("rsmf", "RSMF"),
    ("sms", "SMS"),
    ("twitter", "X"),
    ("webex", "WebEx"),
    ("wechat", "WeChat"),
    ("wecom", "WeCom"),
    ("whatsapp", "WhatsApp"),
    ("x", "X"),
    ("youtube", "YouTube"),
];

/// The name of a platform for people: `WhatsApp` for `whatsapp`, `Telegram` for `telegram`.
pub fn platform_display(platform: &str) -> String {
    if let Some((_, name)) = NAMES.iter().find(|(word, _)| *word == platform) {
        return (*name).to_owned();
    }
    let mut letters = platform.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// The folder that messages of a platform go to: `WhatsApp Archiver` for `whatsapp`. `WeCom` is `WeChat` for companies
/// and shares its folder, as with the connectors that people come from.
pub fn folder(platform: &str) -> String {
    let platform = if platform == "wecom" { "wechat" } else { platform };
    format!("{} Archiver", platform_display(platform))
}
