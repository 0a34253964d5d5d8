//! Mails that `TeleMessage` (Smarsh Capture Mobile) made of chat messages and calls.
//!
//! They say what they are in their subject: `WhatsApp Message From 16174354634 to 12124325249`, for a group
//! `... to Sales Group`. A deletion is a mail of its own that repeats the original, with `DELETED - READ - ` and the
//! like before its subject. A mail counts as one only if all of the subject fits, its platform is known, and its sender
//! is a phone number or somebody whom the mail names: replies to such mails, and mails about them, stay mail. What such
//! a mail holds of a whole day (a threaded mail) is one item, whose conversation its subject tells.
//!
//! Nothing in a mail has an id of the message: that a deletion belongs to an original is told by what both say
//! ([`Facts::likeness`](super::Facts::likeness)).

mod duration;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::captured_number::{Shown, captured_number, name_and_number};
use super::converted::platform_display;
use super::custodia_fields::ChatFacts;
use crate::model::{CallFacts, Conversation, Event, Kind, MessageEvent, Participant};
use crate::text::phone;

/// What `Facts::source` says of them.
pub(super) const SOURCE: &str = "telemessage";

/// Fields that hold the addresses of everybody whose mailbox a message belongs to ("User's Email address"). Their name
/// is not public; these are the guesses.
pub(super) const USER_FIELDS: [&str; 3] = ["x-user-email", "x-useremail", "user-email"];

/// Words before `message` or `call`, and the platform each tells; the first in this list decides.
const PLATFORMS: [(&str, &str); 16] = [
    ("whatsapp", "whatsapp"),
    ("wechat", "wechat"),
    ("weixin", "wechat"),
    ("wecom", "wecom"),
    ("signal", "signal"),
    ("telegram", "telegram"),
    ("imessage", "imessage"),
    ("viber", "viber"),
    ("messenger", "messenger"),
    ("rcs", "rcs"),
    ("mms", "mms"),
    ("sms", "sms"),
    ("text", "sms"),
    ("android", "android"),
    ("voice", "voice"),
    ("phone", "voice"),
];

/// Words that may stand there too.
const QUALIFIERS: [&str; 16] = [
    "group", "video", "audio", "picture", "media", "mobile", "network", "business", "verizon", "at&t", "o2",
    "vodafone", "telus", "bell", "rogers", "t-mobile",
];

/// Who wrote to whom, as the subject says.
struct Subject<'a> {
    platform: &'static str,
    call: bool,
    deleted: Option<Deletion>,
    from: Party,
    to: &'a str,
}

/// What the mark of a deletion says.
#[derive(Default)]
struct Deletion {
    /// `me` or `all`; empty if not said.
    by_reach: &'static str,
    /// `read`, `unread` or `unknown`: whether it was read before; empty if not said.
    state: &'static str,
}

/// Somebody whom a subject names: a number, else an address or name in lower case.
struct Party(String);

/// What a mail is, if it is one of them.
pub(super) fn chat_facts(subject: &str, participants: &[Participant], body: &str) -> Option<ChatFacts> {
    let subject = parse(subject, participants)?;
    let deleted = subject.deleted.as_ref();
    Some(ChatFacts {
        source: SOURCE.to_owned(),
        kind: if subject.call { Kind::Meetings } else { Kind::Im },
        platform: subject.platform.to_owned(),
        item_class: format!("IPM.ExternalData.{}", platform_display(subject.platform)),
        event: MessageEvent {
            event: if deleted.is_some() { Event::Deleted } else { Event::Sent },
            reference: String::new(),
        },
        conversation: Some(conversation(&subject.from, subject.to, participants)),
        call: Some(body).filter(|_| subject.call).and_then(call),
        reply_to: String::new(),
        native_id: String::new(),
        sent_at: None,
        details: deleted.map(details).unwrap_or_default(),
    })
}

fn details(deletion: &Deletion) -> Map<String, Value> {
    let facts = [("/deleted_for", deletion.by_reach), ("/read_state", deletion.state)];
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// The subject without the mark of a deletion, in lower case and with single spaces: equal for a message and its
/// deletion.
pub(super) fn stripped(subject: &str) -> String {
    let (_, rest) = deletion(subject);
    rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn parse<'a>(subject: &'a str, participants: &[Participant]) -> Option<Subject<'a>> {
    let (deleted, rest) = deletion(subject);
    let mut words = Words(rest);
    let mut platform: Option<usize> = None;
    let call = loop {
        let word = words.next()?.to_lowercase();
        if let Some(found) = PLATFORMS.iter().position(|(known, _)| *known == word) {
            platform = Some(platform.map_or(found, |known| known.min(found)));
        } else if word == "message" || word == "call" {
            break word == "call";
        } else if !QUALIFIERS.contains(&word.as_str()) {
            return None;
        }
    };
    let (_, platform) = PLATFORMS.get(platform?)?;
    words.next().filter(|word| word.eq_ignore_ascii_case("from"))?;
    let (from, to) = parties(words.0, participants)?;
    Some(Subject { platform, call, deleted, from, to })
}

/// Divides `A to B` at the first ` to ` before which stands somebody.
fn parties<'a>(text: &'a str, participants: &[Participant]) -> Option<(Party, &'a str)> {
    // ASCII letters only change, so that places stay the same.
    let lower = text.to_ascii_lowercase();
    lower.match_indices(" to ").take(20).find_map(|(at, between)| {
        let (from, to) = (text.get(..at)?, text.get(at + between.len()..)?.trim());
        let from = party(from, participants)?;
        (!to.is_empty()).then_some((from, to))
    })
}

/// A phone number, or somebody whom the mail names.
fn party(text: &str, participants: &[Participant]) -> Option<Party> {
    let text = text.trim();
    if let Some(number) = number(text).or_else(|| name_and_number(text).map(|(_, number)| number)) {
        return Some(Party(number));
    }
    let wanted = text.to_lowercase();
    let named = |participant: &&Participant| {
        let name = participant.name.to_lowercase();
        let bare = name_and_number(&name).map(|(bare, _)| bare);
        !wanted.is_empty() && (name == wanted || bare == Some(&wanted) || participant.address.to_lowercase() == wanted)
    };
    participants.iter().find(named).map(|found| match captured_number(found, Shown::InName) {
        Some(number) => Party(number),
        None if found.address.is_empty() => Party(wanted.clone()),
        None => Party(found.address.to_lowercase()),
    })
}

/// The digits of a phone number in any writing (E.164: at most 15; fewer than 7 are a short code or a name).
fn number(text: &str) -> Option<String> {
    if let Some(number) = phone::number(text) {
        return Some(number.writing.dialled());
    }
    let separator = |c: &char| c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '\u{2011}' | '\u{2010}');
    let digits: String = text.chars().take(64).filter(|c| !separator(c)).collect();
    ((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Two people are a chat of their own, in whatever direction; anything that names nobody is a group.
fn conversation(from: &Party, to: &str, participants: &[Participant]) -> Conversation {
    let others: Option<Vec<Party>> = to.split([',', ';']).map(|one| party(one, participants)).collect();
    let Some(others) = others else {
        return Conversation { id: to.to_owned(), name: to.to_owned(), group: true };
    };
    let mut parties: Vec<&str> = others.iter().chain([from]).map(|party| party.0.as_str()).collect();
    parties.sort_unstable();
    parties.dedup();
    Conversation { id: parties.join(","), name: String::new(), group: parties.len() > 2 }
}

/// The mark of a deletion before a subject, and what follows it.
fn deletion(subject: &str) -> (Option<Deletion>, &str) {
    let subject = subject.trim();
    let Some(mut rest) = after_word(subject, "deleted") else { return (None, subject) };
    let mut deletion = Deletion::default();
    loop {
        rest = after_dashes(rest);
        let known = [("for", ""), ("me", "me"), ("all", "all"), ("everyone", "all")];
        let states = ["read", "unread", "unknown"];
        if let Some((reach, after)) = known.iter().find_map(|(word, reach)| Some((*reach, after_word(rest, word)?))) {
            deletion.by_reach = if reach.is_empty() { deletion.by_reach } else { reach };
            rest = after;
        } else if let Some((state, after)) = states.iter().find_map(|word| Some((*word, after_word(rest, word)?))) {
            deletion.state = state;
            rest = after;
        } else {
            return (Some(deletion), rest);
        }
    }
}

/// What follows `word` at the beginning of a text.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
    text.get(word.len()..).filter(|rest| !rest.starts_with(char::is_alphanumeric) || rest.starts_with('\u{e2}'))
}

/// What follows dashes and spaces; a dash may be one that was taken for three characters of another character set.
fn after_dashes(text: &str) -> &str {
    let mut rest = text;
    loop {
        let dash = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | ':');
        rest = rest.trim_start_matches(dash);
        let mut characters = rest.chars();
        let three = (characters.next(), characters.next(), characters.next());
        match three {
            (
                Some('\u{e2}'),
                Some('\u{20ac}' | '\u{80}'),
                Some('\u{201c}' | '\u{201d}' | '\u{2013}' | '\u{2014}' | '\u{93}' | '\u{94}'),
            ) => {
                rest = characters.as_str();
            }
            _ => return rest,
        }
    }
}

/// Goes through the words of a text; what it holds is what follows them.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let (word, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// Facts of a call whose body gives its duration.
fn call(body: &str) -> Option<CallFacts> {
    let duration_seconds = Some(duration::seconds(body)?);
    Some(CallFacts { direction: String::new(), answered: None, duration_seconds })
}
