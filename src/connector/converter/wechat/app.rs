//! Messages of applications: links, files, replies, payments and what else has the type 49.

use super::forwarded::describe_items;
use super::sort::Sort;
use crate::connector::converter::draft::Draft;
use crate::connector::converter::xml::Element;

/// Adds what an `appmsg` holds, and gives its sort. `said` is what the export says that it is.
pub(super) fn describe(draft: &mut Draft, app: &Element, said: Sort) -> Sort {
    let sub = app.text_of("type").parse().ok();
    let sort = match (sub, said) {
        (Some(sub), Sort::App | Sort::Unknown | Sort::Link) if Sort::of_app(sub) != Sort::Unknown => Sort::of_app(sub),
        _ => said,
    };
    draft.line(app.text_of("title"));
    match sort {
        Sort::Reply => reply(draft, app),
        Sort::Forwarded | Sort::Note => forwarded(draft, app),
        Sort::Payment => payment(draft, app),
        Sort::Pat => templates(draft, app),
        Sort::Channel => channel(draft, app),
        Sort::Announcement => _ = draft.line(app.text_of("textannouncement")),
        Sort::Document | Sort::Text => {}
        Sort::MiniProgram => _ = draft.line(app.text_of("sourcedisplayname")),
        _ => _ = draft.line(app.text_of("des")).line(app.text_of("url")),
    }
    sort
}

/// The message that is replied to comes with its text, because the reader may not have it.
fn reply(draft: &mut Draft, app: &Element) {
    let Some(quoted) = app.child("refermsg") else { return };
    if draft.record.reply_to.is_empty() {
        quoted.text_of("svrid").clone_into(&mut draft.record.reply_to);
    }
    let content = quoted.child("content").map_or("", |content| content.text.trim());
    let inner = if content.contains("<msg") || content.starts_with("<?xml") { Element::parse(content) } else { None };
    let text = inner.as_ref().map_or_else(|| content.to_owned(), quoted_text);
    let name = quoted.text_of("displayname");
    let text =
        if text.is_empty() { format!("[{}]", Sort::of_code(quoted_type(quoted), 0).content_word()) } else { text };
    draft.line(&format!("> {name}: {text}"));
}

fn quoted_type(quoted: &Element) -> u64 {
    quoted.text_of("type").parse().unwrap_or_default()
}

fn quoted_text(inner: &Element) -> String {
    match inner.find("title") {
        Some(title) => title.text.trim().to_owned(),
        None => inner.texts().join(" "),
    }
}

fn forwarded(draft: &mut Draft, app: &Element) {
    let Some(item) = app.find("recorditem") else {
        draft.line(app.text_of("des"));
        return;
    };
    // The list is XML in the text of the element, or elements of it.
    let inner = if item.children.is_empty() { Element::parse(&item.text) } else { None };
    let list = inner.as_ref().unwrap_or(item);
    let before = draft.lines.len();
    describe_items(draft, list, 0);
    if draft.lines.len() == before {
        draft.line(app.text_of("des"));
    }
}

fn payment(draft: &mut Draft, app: &Element) {
    let Some(pay) = app.find("wcpayinfo") else {
        draft.line(app.text_of("des"));
        return;
    };
    for name in ["feedesc", "pay_memo", "sendertitle", "receivertitle", "scenetext"] {
        draft.line(pay.text_of(name));
    }
}

fn templates(draft: &mut Draft, app: &Element) {
    let records = app.find("records").map_or(&[][..], |records| records.children.as_slice());
    for record in records {
        draft.line(record.text_of("template")).line(record.text_of("templete"));
    }
}

fn channel(draft: &mut Draft, app: &Element) {
    for feed in ["finderFeed", "finderLive"].into_iter().filter_map(|name| app.child(name)) {
        draft.line(feed.text_of("nickname")).line(feed.text_of("desc"));
    }
    draft.line(app.text_of("des"));
}
