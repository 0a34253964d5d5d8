//! Merged messages of another chat, and notes.

use crate::connector::converter::draft::Draft;
use crate::connector::converter::xml::Element;

/// Lists inside of each other that are read item by item; those further in are read as plain text.
const MAX_DEPTH: usize = 8;

/// Adds a line for each item below `list`.
pub(super) fn describe_items(draft: &mut Draft, list: &Element, depth: usize) {
    if depth > MAX_DEPTH {
        list.texts().into_iter().for_each(|text| _ = draft.line(text));
        draft.fact("/depth_cut", true);
        return;
    }
    let Some(items) = list.find("datalist") else {
        list.texts().into_iter().for_each(|text| _ = draft.line(text));
        return;
    };
    for item in items.children.iter().filter(|item| item.name == "dataitem") {
        describe_item(draft, item, depth);
    }
}

fn describe_item(draft: &mut Draft, item: &Element, depth: usize) {
    let mut line: Vec<&str> = ["sourcetime", "sourcename"].into_iter().map(|name| item.text_of(name)).collect();
    line.retain(|text| !text.is_empty());
    let mut texts: Vec<&str> = ["datatitle", "datadesc"].into_iter().map(|name| item.text_of(name)).collect();
    texts.extend(["poiname", "label", "title", "desc", "link", "streamweburl"].into_iter().filter_map(|name| {
        let parent = item.find("locitem").or_else(|| item.find("weburlitem")).unwrap_or(item);
        Some(parent.text_of(name)).filter(|text| !text.is_empty())
    }));
    texts.retain(|text| !text.is_empty());
    texts.dedup();
    if texts.is_empty() {
        texts.push(kind(item.attribute("datatype")));
    }
    draft.line(&format!("{}: {}", line.join(" "), texts.join(" ")));
    // A chat within the chat is XML in the text of an element, or elements of it.
    let Some(nested) = item.child("recordxml") else { return };
    match Element::parse(&nested.text).filter(|_| nested.children.is_empty()) {
        Some(inner) => describe_items(draft, &inner, depth + 1),
        None => describe_items(draft, nested, depth + 1),
    }
}

fn kind(datatype: &str) -> &'static str {
    match datatype {
        "2" => "[image]",
        "3" => "[voice]",
        "4" | "15" => "[video]",
        "5" => "[link]",
        "6" => "[location]",
        "8" => "[document]",
        "16" => "[contact]",
        "17" => "[forwarded_chat]",
        "19" => "[mini_program]",
        _ => "[unsupported]",
    }
}
