//! What a message says, apart from how its export writes it.

use super::body::Body;
use super::glyphs::{is_mark, is_odd_space};
use super::media_kind::media_kind;
use super::notices::{is_whole, subject};
use crate::model::{Event, MediaKind, MediaName, RenditionMedia};

/// What a message says in whatever language, format and version of the app it is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Substance {
    /// What all exports of the message have in common, and what sort of message that is.
    pub(super) words: Vec<String>,
    /// Whether the app tells it of a chat, and whoever it names as the author is part of that or left out.
    pub(super) of_app: bool,
    /// What it tells of its media; `None` if it has none.
    pub(super) media: Option<RenditionMedia>,
}

impl Substance {
    /// What a body says.
    pub(super) fn of(body: &Body) -> Self {
        let mut words = words(body);
        if body.event == Event::Edited {
            words.push("edited".to_owned());
        }
        let media = body.beside.as_ref().map(|_| media(body));
        Self { words, of_app: body.event == Event::System, media }
    }
}

fn words(body: &Body) -> Vec<String> {
    let facts = || body.facts.iter().filter(|(pointer, _)| *pointer != "/edited").map(|(_, value)| value.to_string());
    let named = |sort: &str| std::iter::once(sort.to_owned());
    if let Some(beside) = &body.beside {
        return named("media").chain([plain(beside)]).collect();
    }
    if body.event == Event::Deleted {
        return named("deleted").collect();
    }
    if let Some(call) = &body.call {
        let facts = facts().chain([format!("{:?} {:?}", call.answered, call.duration_seconds)]);
        return body.content.into_iter().flat_map(named).chain(facts).collect();
    }
    match body.content {
        Some("undelivered") => named("undelivered").collect(),
        // There may be more in it than what was read of it.
        Some(content @ ("poll" | "location")) => named(content).chain(facts()).chain([plain(&body.text)]).collect(),
        _ if body.event == Event::System && is_of_encryption(&body.text) => named("encryption").collect(),
        _ => named("text").chain([plain(&body.text)]).collect(),
    }
}

fn is_of_encryption(text: &str) -> bool {
    is_whole(text) && subject(text) == Some("encryption")
}

/// A text without direction marks, with plain spaces.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !is_mark(*c)).map(|c| if is_odd_space(c) { ' ' } else { c }).collect()
}

fn media(body: &Body) -> RenditionMedia {
    let Some(file) = body.attachment.as_deref() else {
        return RenditionMedia { kind: kind(body.content.unwrap_or_default()), ..RenditionMedia::default() };
    };
    let name = name(file);
    let is_said = !matches!(name, MediaName::Own(_));
    let kind = Some(kind(media_kind(file).0)).filter(|kind| is_said || *kind != MediaKind::Document);
    RenditionMedia { kind: kind.unwrap_or_default(), name, file: None }
}

fn kind(content: &str) -> MediaKind {
    match content {
        "image" => MediaKind::Image,
        "video" | "gif" | "video_note" => MediaKind::Video,
        "audio" | "voice" => MediaKind::Audio,
        "sticker" => MediaKind::Sticker,
        "document" => MediaKind::Document,
        "contact" => MediaKind::Contact,
        _ => MediaKind::Untold,
    }
}

/// What a file is called: `IMG-20220327-WA0001.jpg` on Android, `00000035-PHOTO-2022-03-27-21-41-55.jpg` on iOS, whose
/// number is its place in the export, or the name that its sender gave it.
fn name(file: &str) -> MediaName {
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let is_number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = file.splitn(3, '-');
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    if is_number(first, 8) {
        let dated = third.is_some_and(|rest| rest.split('-').next().is_some_and(|year| is_number(year, 4)));
        let word = second.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_uppercase()));
        let own = file.get(9..).filter(|_| !(dated && word));
        return own.map_or(MediaName::Untold, |own| MediaName::Own(own.to_owned()));
    }
    let word = first.len() == 3 && first.bytes().all(|byte| byte.is_ascii_uppercase());
    let counted = third.is_some_and(|rest| rest.starts_with("WA"));
    if word && counted && second.is_some_and(|day| is_number(day, 8)) {
        return MediaName::Numbered(file.to_owned());
    }
    let old = is_number(first, 4) && ["-PHOTO-", "-VIDEO-", "-AUDIO-"].iter().any(|word| file.contains(word));
    if old { MediaName::Untold } else { MediaName::Own(file.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::super::body::{Proof, read};
    use super::*;

    #[test]
    fn the_language_of_the_app_is_no_substance() {
        for alike in [
            &[
                "<Media omitted>",
                "<Medien ausgeschlossen>",
                "<Archivo omitido>",
                "IMG-20220327-WA0001.jpg (file attached)",
            ][..],
            &["This message was deleted", "Diese Nachricht wurde gel\u{f6}scht", "You deleted this message"],
            &["Missed voice call", "Verpasster Sprachanruf"],
            &["Waiting for this message", "Warte auf diese Nachricht. Das kann einen Moment dauern"],
            &["hello \u{202f}you", "\u{200e}hello  you"],
            &["hello <This message was edited>", "hello <Diese Nachricht wurde bearbeitet.>"],
        ] {
            let words: Vec<_> = alike.iter().map(|text| Substance::of(&read(text, Proof::Wording)).words).collect();
            assert!(words.windows(2).all(|two| two.first() == two.last()), "{words:?}");
        }
    }

    #[test]
    fn what_is_said_is() {
        let of = |text: &str| Substance::of(&read(text, Proof::Wording)).words;
        for (one, other) in [
            ("hello", "hallo"),
            ("hello", "hello <This message was edited>"),
            ("<Media omitted>", "<Media omitted>\ncaption"),
            ("<Media omitted>", "media"),
            ("Missed voice call", "Missed video call"),
            ("This message was deleted", "deleted"),
            ("POLL:\nlunch?\nOPTION: soup (3 votes)", "POLL:\nlunch?\nOPTION: soup (4 votes)"),
            ("POLL:\nlunch?\nOPTION: soup (3 votes)", "POLL:\nlunch?\nOPTION: soup (3 votes)\nand sign the deal"),
            ("at the quay\nhttps://maps.google.com/?q=52.5,13.4", "the deal\nhttps://maps.google.com/?q=52.5,13.4"),
            ("hello", "hello "),
        ] {
            assert_ne!(of(one), of(other));
        }
    }

    #[test]
    fn names_of_files_are_told_apart_by_who_gave_them() {
        for (file, expected) in [
            ("IMG-20220327-WA0001.jpg", MediaName::Numbered("IMG-20220327-WA0001.jpg".to_owned())),
            ("00000035-PHOTO-2022-03-27-21-41-55.jpg", MediaName::Untold),
            ("2015-08-04-PHOTO-00004762.jpg", MediaName::Untold),
            ("00000047-Report-2022.pdf", MediaName::Own("Report-2022.pdf".to_owned())),
            ("Report-2022.pdf", MediaName::Own("Report-2022.pdf".to_owned())),
            ("2022-03-27 plan.pdf", MediaName::Own("2022-03-27 plan.pdf".to_owned())),
            ("", MediaName::Own(String::new())),
        ] {
            assert_eq!(name(file), expected, "{file}");
        }
    }
}
