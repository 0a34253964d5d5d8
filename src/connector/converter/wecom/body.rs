//! What a record says, type by type. The parts of forwarded and mixed messages are records' bodies themselves.

use serde_json::Value;

use super::media;
use crate::connector::converter::draft::Draft;
use crate::connector::converter::json::{items, number, plain, shown, strings, text, time};

/// Messages inside of each other that are read; those further in are kept as their JSON.
const MAX_DEPTH: usize = 8;

/// Types, what they are called in the fact `/content` (nothing for plain text), and the members of their body that are
/// its text, in the order in which an application shows them.
const TYPES: [(&str, &str, &[&str]); 32] = [
    ("text", "", &["content"]),
    ("markdown", "", &["content"]),
    ("revoke", "", &[]),
    ("image", "image", &[]),
    ("voice", "voice", &[]),
    ("video", "video", &[]),
    ("emotion", "sticker", &[]),
    ("file", "document", &["filename"]),
    ("qydiskfile", "document", &["filename"]),
    ("voip_doc_share", "document", &["filename"]),
    ("agree", "consent", &[]),
    ("disagree", "consent", &[]),
    ("card", "contact", &["corpname", "userid"]),
    ("location", "location", &["title", "address"]),
    ("link", "link", &["title", "description", "link_url"]),
    ("news", "link", &[]),
    ("docmsg", "link", &["title", "link_url", "doc_creator"]),
    ("weapp", "mini_program", &["title", "description", "displayname", "username"]),
    ("chatrecord", "forwarded_chat", &["title"]),
    ("mixed", "mixed", &[]),
    ("todo", "todo", &["title", "content"]),
    ("vote", "poll", &["votetitle"]),
    ("collect", "form", &["title", "room_name", "creator", "create_time"]),
    ("redpacket", "payment", &["wish"]),
    ("external_redpacket", "payment", &["wish"]),
    ("meeting", "meeting", &["topic", "address", "remarks"]),
    ("meeting_notification", "meeting", &["content"]),
    ("meeting_voice_call", "audio", &[]),
    ("voiptext", "call", &[]),
    ("sphfeed", "channel", &["sph_name", "feed_desc"]),
    ("calendar", "calendar", &["title", "creatorname", "place", "remarks"]),
    ("switch", "switch", &[]),
];

/// Members that are no text: keys, digests, addresses of pictures, and what all records have.
const NO_TEXT: [&str; 12] = [
    "sdkfileid",
    "md5sum",
    "image_url",
    "picurl",
    "msgid",
    "action",
    "from",
    "tolist",
    "roomid",
    "msgtype",
    "sender",
    "receiver_list",
];

/// Where a body is.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// Id of the record; empty for a part of one, because its files are not named by it.
    pub(super) message: &'a str,
    /// Number of messages that it is inside of.
    pub(super) depth: usize,
}

/// The word of a type for the fact `/content`.
pub(super) fn content_word(kind: &str) -> &'static str {
    TYPES.iter().find(|(known, ..)| *known == kind).map_or("unsupported", |(_, word, _)| word)
}

/// The body of a record: the member that its type names, with the exceptions of the vendor, or the record itself.
pub(super) fn of<'a>(record: &'a Value, kind: &str) -> &'a Value {
    let exception = match kind {
        "docmsg" => "doc",
        "external_redpacket" => "redpacket",
        _ => "info",
    };
    [kind, exception].into_iter().find_map(|name| record.get(name).filter(|body| body.is_object())).unwrap_or(record)
}

/// Adds the text of a body and the files that it names.
pub(super) fn describe(draft: &mut Draft, kind: &str, body: &Value, context: Context<'_>) {
    let before = draft.lines.len();
    draft.files.extend(media::file(kind, body, context.message));
    let known = TYPES.iter().find(|(known, ..)| *known == kind);
    for name in known.map_or(&[][..], |(_, _, names)| names) {
        draft.line(&shown(body, name));
    }
    match kind {
        "location" => location(draft, body),
        "chatrecord" | "mixed" => parts(draft, kind, body, context),
        "news" => each(draft, items(body, "item"), &["title", "description", "url"]),
        "vote" => vote(draft, body),
        "collect" => each(draft, items(body, "details"), &["ques"]),
        "redpacket" | "external_redpacket" => payment(draft, body),
        "calendar" => calendar(draft, body),
        "meeting" => meeting(draft, body),
        "meeting_voice_call" => each(draft, items(body, "demofiledata"), &["filename"]),
        "voiptext" => _ = draft.line(invitation(body)),
        "agree" => _ = draft.line("Agreed to the archiving of messages"),
        "disagree" => _ = draft.line("Did not agree to the archiving of messages"),
        "voice" | "video" if context.depth == 0 => play_length(draft, body),
        _ => {}
    }
    let textual = known.is_none_or(|(.., names)| !names.is_empty());
    if draft.lines.len() == before && textual {
        for line in strings(body, &NO_TEXT) {
            draft.line(&line);
        }
    }
}

/// Adds the texts of members of each of some objects.
fn each(draft: &mut Draft, objects: &[Value], names: &[&str]) {
    for object in objects {
        for name in names {
            draft.line(text(object, name));
        }
    }
}

fn play_length(draft: &mut Draft, body: &Value) {
    if let Some(seconds) = number(body, "play_length") {
        draft.fact("/play_length_seconds", seconds);
    }
}

fn calendar(draft: &mut Draft, body: &Value) {
    for name in items(body, "attendeename") {
        draft.line(&plain(name));
    }
    period(draft, body);
}

/// The messages of a forwarded chat or a mixed message, one after the other.
fn parts(draft: &mut Draft, kind: &str, body: &Value, context: Context<'_>) {
    for item in items(body, "item") {
        let sort = text(item, "type");
        let sort = sort.strip_prefix("ChatRecord").unwrap_or(sort).to_lowercase();
        let content = item.get("content").unwrap_or(&Value::Null);
        let nested = content.as_str().and_then(|json| serde_json::from_str::<Value>(json).ok());
        let content = nested.as_ref().filter(|nested| nested.is_object()).unwrap_or(content);
        let before = draft.lines.len();
        if context.depth >= MAX_DEPTH {
            draft.line(&plain(content)).fact("/depth_cut", true);
        } else if content.is_object() {
            describe(draft, &sort, of(content, &sort), Context { message: "", depth: context.depth + 1 });
        } else {
            draft.line(&plain(content));
        }
        if kind == "chatrecord" {
            let lines = draft.lines.split_off(before.min(draft.lines.len()));
            let sent =
                number(item, "msgtime").and_then(time).map_or(String::new(), |sent| format!("{} ", rfc3339(sent)));
            draft.line(&format!("{sent}{sort}: {}", lines.join("\n")));
        }
    }
}

fn rfc3339(time: chrono::DateTime<chrono::FixedOffset>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

fn location(draft: &mut Draft, body: &Value) {
    let (latitude, longitude) = (shown(body, "latitude"), shown(body, "longitude"));
    if !latitude.is_empty() && !longitude.is_empty() {
        draft.line(&format!("{latitude}, {longitude}"));
    }
}

fn vote(draft: &mut Draft, body: &Value) {
    for item in items(body, "voteitem") {
        draft.line(&plain(item));
    }
    match number(body, "votetype") {
        Some(101) => _ = draft.line("Poll started"),
        Some(102) => _ = draft.line("Vote cast"),
        _ => {}
    }
}

/// Amounts are in hundredths of a yuan.
fn payment(draft: &mut Draft, body: &Value) {
    if let Some(amount) = number(body, "totalamount") {
        let count = number(body, "totalcnt").map_or(String::new(), |count| format!(" in {count}"));
        draft.line(&format!("Red packet: {}.{:02} CNY{count}", amount / 100, amount % 100));
    }
}

fn period(draft: &mut Draft, body: &Value) {
    let at = |name| number(body, name).and_then(time).map(rfc3339);
    if let (Some(start), Some(end)) = (at("starttime"), at("endtime")) {
        draft.line(&format!("{start} to {end}"));
    }
}

fn meeting(draft: &mut Draft, body: &Value) {
    period(draft, body);
    let answer = match number(body, "status") {
        Some(1) => "joined",
        Some(2) => "declined",
        Some(3) => "tentative",
        Some(4) => "not invited",
        Some(5) => "cancelled",
        Some(6) => "expired",
        Some(7) => "not in the room",
        _ => "",
    };
    match number(body, "meetingtype") {
        Some(101) => _ = draft.line("Meeting: invitation"),
        Some(102) => _ = draft.line(format!("Meeting: answer {answer}").trim_end()),
        _ => {}
    }
}

fn invitation(body: &Value) -> &'static str {
    match number(body, "invitetype") {
        Some(1) => "Video call",
        Some(2) => "Voice call",
        Some(3) => "Group video call",
        Some(4) => "Group voice call",
        _ => "Call",
    }
}
