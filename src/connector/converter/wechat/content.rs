//! What a message says: its text, or what its XML holds for readers.

use super::message::Message;
use super::sort::Sort;
use super::{app, call, system};
use crate::connector::converter::draft::Draft;
use crate::connector::converter::side_files::{SideFile, plain_name};
use crate::connector::converter::xml::Element;
use crate::model::Event;

/// Adds text, files, event and facts of a message.
pub(super) fn describe(draft: &mut Draft, message: &Message) {
    let xml = if message.sort == Sort::Text { None } else { markup(&message.content) };
    let sort = match &xml {
        Some(root) => describe_xml(draft, message, root),
        None => describe_text(draft, message),
    };
    if !sort.content_word().is_empty() {
        draft.fact("/content", sort.content_word());
    }
    if sort == Sort::Forwarded {
        draft.fact("/forwarded", true);
    }
    attach(draft, message, sort, xml.as_ref());
}

/// The XML of a body, which may come behind the id of its sender.
fn markup(content: &str) -> Option<Element> {
    const ROOTS: [&str; 6] = ["<msg", "<?xml", "<sysmsg", "<voipmsg", "<appmsg", "<revokemsg"];
    ROOTS.iter().any(|root| content.contains(root)).then(|| Element::parse(content)).flatten()
}

fn describe_text(draft: &mut Draft, message: &Message) -> Sort {
    draft.line(&message.content);
    match message.sort {
        Sort::System | Sort::Recall => return system::describe_text(draft, message),
        Sort::Pat => draft.record.event = Event::System,
        Sort::Call => call::describe_text(draft, message, &message.content),
        _ => {}
    }
    message.sort
}

fn describe_xml(draft: &mut Draft, message: &Message, root: &Element) -> Sort {
    let before = draft.lines.len();
    let sort = if let Some(system) = root.find("sysmsg").or_else(|| root.child("revokemsg")) {
        system::describe_xml(draft, message, system)
    } else if let Some(app) = root.find("appmsg") {
        app::describe(draft, app, message.sort)
    } else if root.find("voipmsg").or_else(|| root.find("VoIPBubbleMsg")).is_some() {
        call::describe_xml(draft, message, root);
        Sort::Call
    } else if let Some(place) = root.find("location").filter(|_| message.sort == Sort::Location) {
        location(draft, place);
        Sort::Location
    } else {
        media(draft, message.sort, root);
        message.sort
    };
    // A line of the platform without text is said by its event.
    if draft.lines.len() == before && draft.record.event == Event::Sent {
        root.texts().into_iter().for_each(|text| _ = draft.line(text));
    }
    if matches!(message.sort, Sort::System | Sort::Recall) && draft.record.event == Event::Sent {
        draft.record.event = Event::System;
    }
    sort
}

fn location(draft: &mut Draft, place: &Element) {
    draft.line(place.attribute("poiname")).line(place.attribute("label"));
    let (x, y) = (place.attribute("x"), place.attribute("y"));
    if !x.is_empty() && !y.is_empty() {
        draft.line(&format!("{x}, {y}"));
    }
}

/// Cards, and what is known of voice messages.
fn media(draft: &mut Draft, sort: Sort, root: &Element) {
    match (sort, root.find("voicemsg"), root.find("msg")) {
        (Sort::Contact, _, Some(card)) => {
            for name in ["nickname", "alias", "username", "province", "city", "sign"] {
                draft.line(card.attribute(name));
            }
        }
        (Sort::Voice, Some(voice), _) => {
            if let Ok(milliseconds) = voice.attribute("voicelength").parse::<u64>() {
                draft.fact("/play_length_seconds", milliseconds.div_ceil(1000));
            }
            draft.line(root.find("voicetrans").map_or("", |written| written.attribute("transtext")));
        }
        _ => {}
    }
}

/// Names the file of a message, found or not.
fn attach(draft: &mut Draft, message: &Message, sort: Sort, xml: Option<&Element>) {
    let (kind, expected) = match sort {
        Sort::Image => ("image", true),
        Sort::Voice => ("voice", true),
        Sort::Video => ("video", true),
        Sort::Document => ("document", true),
        Sort::Sticker | Sort::Gif => ("sticker", false),
        _ => ("file", false),
    };
    let paths: Vec<String> = message.paths.iter().flat_map(|path| places(path)).collect();
    if paths.is_empty() && !expected {
        return;
    }
    let title = xml.and_then(|root| root.find("appmsg")).map_or("", |app| app.text_of("title"));
    let path = message.paths.iter().find(|path| !path.is_empty()).map_or("", String::as_str);
    let name = if sort == Sort::Document && !title.is_empty() { title } else { path };
    draft.files.push(SideFile {
        own_paths: paths,
        name: plain_name(name, kind).to_owned(),
        is_completed: true,
        ..SideFile::default()
    });
}

/// Where a file may lie that an export names by a path of the computer that it was made on.
fn places(path: &str) -> Vec<String> {
    let path = path.trim().replace('\\', "/");
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.contains("://") || last.is_empty() {
        return Vec::new();
    }
    let mut found = vec![path.to_owned(), last.to_owned(), format!("media/{last}")];
    found.dedup();
    found
}
