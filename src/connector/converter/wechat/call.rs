//! Voice and video calls.

use super::message::Message;
use crate::connector::converter::draft::Draft;
use crate::connector::converter::xml::Element;
use crate::message::converted::RecordKind;
use crate::model::CallFacts;

/// What is written when nobody answered.
const UNANSWERED: [&str; 8] = ["取消", "拒绝", "未接听", "未应答", "无应答", "忙线", "canceled", "declined"];

/// Adds the facts of a call that XML describes.
pub(super) fn describe_xml(draft: &mut Draft, message: &Message, root: &Element) {
    let text = root.find("msg").map_or("", |text| text.text.trim());
    draft.line(text);
    match root.find("room_type").map(|sort| sort.text.trim()) {
        Some("0") => _ = draft.line("Video call"),
        Some("1") => _ = draft.line("Voice call"),
        _ => {}
    }
    describe_text(draft, message, text);
}

/// Adds the facts of a call that a text describes.
pub(super) fn describe_text(draft: &mut Draft, message: &Message, text: &str) {
    draft.record.kind = RecordKind::Call;
    let duration = duration(text);
    let refused = UNANSWERED.iter().any(|word| text.contains(word));
    let answered = if duration.is_some() { Some(true) } else { refused.then_some(false) };
    let direction = match message.own {
        Some(true) => "outgoing",
        Some(false) => "incoming",
        None => "",
    };
    draft.record.call = Some(CallFacts { direction: direction.to_owned(), answered, duration_seconds: duration });
}

/// Seconds of the first `mm:ss` or `hh:mm:ss` in a text.
fn duration(text: &str) -> Option<u64> {
    let mut words = text
        .split(|c: char| !c.is_ascii_digit() && c != ':')
        .map(|word| word.trim_matches(':'))
        .filter(|word| word.contains(':'));
    let parts: Vec<u64> = words.next()?.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| *part > 100_000) {
        return None;
    }
    Some(parts.into_iter().fold(0, |seconds, part| seconds * 60 + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("通话时长 00:36", Some(36)),
            ("Duration: 1:02:03", Some(3723)),
            ("已取消", None),
            ("at : 5", None),
            ("1:2:3:4", None),
            ("99999999999999999999:00", None),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
    }
}
