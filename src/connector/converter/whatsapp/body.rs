//! What a message is: typed, or written by the app in the place of something else.

use serde_json::{Value, json};

use super::glyphs::is_mark;
use super::markers::{FoundMarker, Marker, Markers};
use super::media_kind::media_kind;
use super::{place, poll};
use crate::model::{CallFacts, Event};

/// How what the app wrote is told from what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// By the direction mark before it, as on iOS.
    Mark,
    /// By its wording.
    Wording,
}

/// What a message is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Body {
    /// What happened.
    pub(super) event: Event,
    /// The text as it is written, without what marks it as edited.
    pub(super) text: String,
    /// The word for `/content`.
    pub(super) content: Option<&'static str>,
    /// The name of a file that came with it, as it is written.
    pub(super) attachment: Option<String>,
    /// Whether something was left out.
    pub(super) omitted: bool,
    /// The text beside a file that came with it or was left out.
    pub(super) beside: Option<String>,
    /// Facts of a call.
    pub(super) call: Option<CallFacts>,
    /// Further facts.
    pub(super) facts: Vec<(&'static str, Value)>,
}

/// Reads the text after the author.
pub(super) fn read(text: &str, proof: Proof) -> Body {
    let (text, edited) = without_edit_mark(text, proof);
    let mut body = Body { text: text.to_owned(), ..Body::default() };
    if edited {
        body.facts.push(("/edited", true.into()));
        body.event = Event::Edited;
    }
    let plain = text.trim_matches(|c: char| is_mark(c) || c.is_whitespace());
    if plain.is_empty() || plain == "null" {
        body.content = Some("unsupported");
    } else if let Some((found, beside)) = marker(text, proof) {
        if matches!(found.marker, Marker::Attached | Marker::Omitted(_)) {
            body.beside =
                Some(without_pages(beside).trim_matches(|c: char| is_mark(c) || c.is_whitespace()).to_owned());
        }
        apply(&mut body, found);
    } else if let Some(poll) = poll::read(text, proof) {
        body.content = Some("poll");
        body.facts.push(("/poll", poll));
    } else if let Some(place) = place::read(text, proof) {
        body.content = Some("location");
        body.facts.push(("/location", place));
    } else if let Some(call) = call(text, proof) {
        body.content = Some(call.0);
        body.call = Some(call.1);
    } else if proof == Proof::Mark && starts_with_mark(text) {
        body.event = Event::System;
    }
    body
}

/// Whether the app wrote a text of iOS.
pub(super) fn starts_with_mark(text: &str) -> bool {
    text.starts_with(['\u{200e}', '\u{200f}'])
}

/// The wording in a text, and what stands beside it: all of the text, its first line, or what follows the last mark.
fn marker(text: &str, proof: Proof) -> Option<(FoundMarker<'_>, &str)> {
    let markers = Markers::get();
    let (first, below) = text.split_once('\n').unwrap_or((text, ""));
    if proof == Proof::Wording {
        let found = markers.find(first).filter(|found| {
            // The bare name of a call is what anybody may type.
            let bare_call = matches!(found.marker, Marker::Called { .. }) && found.argument.is_empty();
            let of_part = matches!(found.marker, Marker::Attached | Marker::Omitted(_));
            !bare_call && (of_part || first.len() == text.len())
        });
        return found.map(|found| (found, below));
    }
    let last = text.rfind(['\u{200e}', '\u{200f}']).and_then(|at| text.split_at_checked(at));
    let whole = Some(text).filter(|text| starts_with_mark(text));
    let of_part = |found: &FoundMarker<'_>| matches!(found.marker, Marker::Attached | Marker::Omitted(_));
    whole
        .and_then(|text| markers.find(text))
        .map(|found| (found, ""))
        .or_else(|| last.and_then(|(before, last)| markers.find(last).filter(of_part).map(|found| (found, before))))
        .or_else(|| whole.and_then(|_| markers.find(first)).filter(of_part).map(|found| (found, below)))
        .or_else(|| old_attachment(text).map(|found| (found, below)))
}

/// What stands beside a document on iOS without its number of pages, a word of the phone's language: `plan.pdf`.
fn without_pages(beside: &str) -> &str {
    beside.split_once(" \u{2022} \u{200e}").map_or(beside, |(name, _)| name)
}

/// The form `name <attached>` of old versions, whose word alone is marked.
fn old_attachment(text: &str) -> Option<FoundMarker<'_>> {
    let (name, word) = text.split('\n').next()?.rsplit_once(" <")?;
    let word = word.strip_suffix('>').filter(|word| starts_with_mark(word))?;
    let probe = format!("<{}: x.y>", word.trim_matches(is_mark));
    let found = Markers::get().find(&probe).filter(|found| found.marker == Marker::Attached)?;
    Some(FoundMarker { marker: found.marker, argument: name.trim_matches(is_mark), day_first: false })
}

fn apply(body: &mut Body, found: FoundMarker<'_>) {
    let call = |answered| Some(CallFacts { answered, ..CallFacts::default() });
    match found.marker {
        Marker::Omitted(content) => {
            body.content = Some(content);
            body.omitted = true;
        }
        Marker::Attached => {
            body.content = Some(media_kind(found.argument).0);
            body.attachment = Some(found.argument.to_owned());
        }
        Marker::Deleted => body.event = Event::Deleted,
        Marker::DeletedByAdmin => {
            body.event = Event::Deleted;
            body.facts.push(("/deleted_by_admin", json!(found.argument)));
        }
        Marker::Waiting => body.content = Some("undelivered"),
        Marker::Missed { video, group } => {
            body.call = call(Some(false));
            body.content = Some(call_content(video));
            if group {
                body.facts.push(("/group_call", true.into()));
            }
        }
        Marker::Unanswered { video } => {
            body.call = call(Some(false));
            body.content = Some(call_content(video));
        }
        Marker::Called { video } => {
            let seconds = found.argument.parse::<u64>().ok().and_then(|minutes| minutes.checked_mul(60));
            body.call =
                Some(CallFacts { answered: seconds.map(|_| true), duration_seconds: seconds, ..CallFacts::default() });
            body.content = Some(call_content(video));
        }
        Marker::LiveLocation => {
            body.content = Some("location");
            body.facts.push(("/live", true.into()));
        }
        Marker::Edited | Marker::Location => {}
    }
}

fn call_content(video: bool) -> &'static str {
    if video { "video_call" } else { "voice_call" }
}

/// A call with what became of it: `Voice call. 5 min`.
fn call(text: &str, proof: Proof) -> Option<(&'static str, CallFacts)> {
    if text.len() > 200 || (proof == Proof::Mark && !starts_with_mark(text)) {
        return None;
    }
    let at = text.find(". ").or_else(|| text.find(", "))?;
    let (name, rest) = (text.get(..at)?, text.get(at + 2..)?);
    let Marker::Called { video } = Markers::get().find(name)?.marker else { return None };
    let duration_seconds = duration(rest);
    let answered = duration_seconds.map(|_| true);
    Some((call_content(video), CallFacts { answered, duration_seconds, ..CallFacts::default() }))
}

/// Seconds of a duration such as `1 hr 5 min`.
fn duration(text: &str) -> Option<u64> {
    let plain: String = text.chars().filter(|c| !is_mark(*c)).collect();
    let mut seconds = 0_u64;
    let mut number = None;
    for word in plain.split_whitespace() {
        let word = word.trim_matches(['.', ',']).to_lowercase();
        let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (count, unit) = word.split_at_checked(digits)?;
        if digits > 0 {
            number = Some(count.parse::<u64>().ok()?);
        }
        if !unit.is_empty() {
            let length = if unit.starts_with("st") || unit.starts_with(['h', 'u', '\u{447}']) {
                3600
            } else if unit.starts_with(['m', '\u{43c}']) {
                60
            } else if unit.starts_with(['s', '\u{441}']) {
                1
            } else {
                return None;
            };
            seconds = seconds.checked_add(number.take()?.checked_mul(length)?)?;
        }
    }
    if seconds == 0 && !plain.contains('0') || number.is_some() { None } else { Some(seconds) }
}

/// The text without the wording at its end that says it was edited, and whether there was one.
fn without_edit_mark(text: &str, proof: Proof) -> (&str, bool) {
    let found = text.trim_end().ends_with('>').then(|| text.rfind('<')).flatten();
    let Some((before, mark)) = found.and_then(|at| text.split_at_checked(at)) else { return (text, false) };
    let edited = Markers::get().find(mark.trim_end()).is_some_and(|found| found.marker == Marker::Edited);
    let marked = before.ends_with(['\u{200e}', '\u{200f}']);
    if !edited || (proof == Proof::Mark && !marked) {
        return (text, false);
    }
    (before.trim_end_matches(is_mark).trim_end_matches(' '), true)
}
