//! Properties whose values form a closed set.

use crate::model::{Event, Importance, Kind};

use super::ast::{Node, TokenField};
use super::code;
use super::refusal::{ValueRefusal, excerpt};
use super::token::RawText;
use super::warning::Warning;

/// Values of `kind` in Content Search that no archived message has.
const KINDS_ELSEWHERE: [&str; 8] =
    ["contacts", "docs", "externaldata", "journals", "notes", "posts", "rssfeeds", "tasks"];

/// A value of `kind`. `microsoftteams` stands for chats, meetings and calls.
pub(super) fn kind(value: &RawText, warnings: &mut Vec<Warning>) -> Result<Node, ValueRefusal> {
    let folded = value.text.to_lowercase();
    if folded == "microsoftteams" {
        return Ok(Node::Or([Kind::Im, Kind::Meetings].map(|kind| closed(TokenField::Kind, kind.as_str())).to_vec()));
    }
    if let Some(known) = KINDS_ELSEWHERE.iter().find(|known| **known == folded) {
        let message = format!("no archived message has `kind:{known}`; chats are `kind:im`, mail is `kind:email`");
        warnings.push(Warning::new(code::W_MATCHES_NOTHING, value.offset, message));
        return Ok(closed(TokenField::Kind, known));
    }
    let known = Kind::ALL.map(Kind::as_str);
    one_of(TokenField::Kind, "kind", value, &folded, &known)
}

/// A value of `importance`; `normal` is another word for `medium`.
pub(super) fn importance(value: &RawText) -> Result<Node, ValueRefusal> {
    let folded = match value.text.to_lowercase() {
        normal if normal == "normal" => Importance::Medium.as_str().to_owned(),
        other => other,
    };
    let known = [Importance::High, Importance::Medium, Importance::Low].map(Importance::as_str);
    one_of(TokenField::Importance, "importance", value, &folded, &known)
}

/// A value of `event`.
pub(super) fn event(value: &RawText) -> Result<Node, ValueRefusal> {
    one_of(TokenField::Event, "event", value, &value.text.to_lowercase(), &Event::ALL.map(Event::as_str))
}

fn one_of(
    field: TokenField,
    name: &str,
    value: &RawText,
    folded: &str,
    known: &[&'static str],
) -> Result<Node, ValueRefusal> {
    if let Some(found) = known.iter().find(|known| **known == folded) {
        return Ok(closed(field, found));
    }
    let message = format!("`{}` is no value of `{name}`", excerpt(&value.text));
    Err(ValueRefusal::new(code::E_ENUM_VALUE, message, format!("write one of: {}", known.join(", "))))
}

fn closed(field: TokenField, value: &str) -> Node {
    Node::Token { field, value: value.to_owned(), prefix: false }
}
