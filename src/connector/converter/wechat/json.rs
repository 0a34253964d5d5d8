//! The messages of a JSON file, in one of the shapes that tools write.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::chatlab::{self, Head};
use super::message::Message;
use super::sort::Sort;
use super::weflow::Session;
use super::{chatlog, weflow};
use crate::connector::SourceEvent;
use crate::connector::converter::draft::{Delivery, Draft};
use crate::connector::converter::json::{Next, RecordFile, Verbatim, parse, parse_verbatim, text};
use crate::connector::input::Reader;
use crate::message::RawSource;
use crate::model::TimeZone;

/// A JSON file.
pub(super) struct JsonMessages {
    file: RecordFile,
    delivery: Delivery,
    zone: TimeZone,
    session: Session,
    head: Head,
    /// Members of the chat that the file lists.
    members: usize,
}

impl JsonMessages {
    /// Reads what stands before the messages.
    ///
    /// # Errors
    /// It is too large, or a chat of another platform: a text for people.
    pub(super) fn open(source: Arc<dyn RawSource>, delivery: Delivery, zone: TimeZone) -> Result<Self, String> {
        let file = RecordFile::open(source, &["messages"]).map_err(|error| format!("cannot read it: {error}"))?;
        let member = |name| file.document_member(name).and_then(|json| parse(json).ok()).map(|parsed| parsed.value);
        let session = member("session").map(|session| Session::of(&session)).unwrap_or_default();
        let head = member("meta").map_or(Ok(Head::default()), |meta| Head::of(&meta))?;
        let members = member("members").and_then(|members| members.as_array().map(Vec::len)).unwrap_or_default();
        Ok(Self { file, delivery, zone, session, head, members })
    }

    /// The draft of a record; `None` for a line that is no message but says something about those that follow.
    fn draft(&mut self, bytes: &[u8]) -> Result<Option<Draft>, String> {
        let Verbatim { value, text: whole, mended } = parse_verbatim(bytes)?;
        if !value.is_object() {
            return Err("not an object, so not a message".to_owned());
        }
        let has = |name: &str| value.get(name).is_some();
        let mut message = match text(&value, "_type") {
            "header" => {
                self.head = Head::of(value.get("meta").unwrap_or(&Value::Null))?;
                return Ok(None);
            }
            "member" => {
                self.members = self.members.saturating_add(1);
                return Ok(None);
            }
            "message" => chatlab::message(&value, &self.head),
            _ if has("senderUsername") || has("createTime") || has("formattedTime") => {
                weflow::message(&value, &self.session)
            }
            _ if has("talker") || has("isSelf") => chatlog::message(&value),
            _ if has("timestamp") => chatlab::message(&value, &self.head),
            _ if has("content") && has("type") => weflow::message(&value, &self.session),
            _ => return Err("not a message of any shape that is known: it has no sender, time or content".to_owned()),
        };
        if mended {
            message.facts.push(("/replaced_characters", true.into()));
        }
        message.whole = Some(if message.sort == Sort::Text { without_text(value, &message) } else { whole });
        Ok(Some(message.draft(&self.zone)))
    }
}

/// The record without what the mail has as its text.
fn without_text(value: Value, message: &Message) -> String {
    let Value::Object(members) = value else { return String::from("{}") };
    let said = |name: &str, value: &Value| name == "content" && value.as_str() == Some(&message.content);
    let members: Map<String, Value> = members.into_iter().filter(|(name, value)| !said(name, value)).collect();
    Value::Object(members).to_string()
}

impl Reader for JsonMessages {
    fn bytes_done(&self) -> u64 {
        self.file.bytes_done()
    }
}

impl Iterator for JsonMessages {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        while !self.delivery.has_ended() {
            let piece = match self.file.next() {
                Ok(piece) => piece,
                Err(error) => return Some(self.delivery.failed(&error)),
            };
            let place = self.file.place();
            match piece {
                // Comments of JSON lines.
                Next::Record(bytes) if bytes.starts_with(b"#") => {}
                Next::Record(bytes) => {
                    if let Some(made) = self.draft(&bytes).transpose() {
                        return Some(self.delivery.event(&place, bytes.len() as u64, made));
                    }
                }
                Next::Rejected(bytes, reason) => return Some(self.delivery.rejected(&place, bytes, reason)),
                Next::End => {
                    if self.members > 0 {
                        let note = format!(
                            "members of the chat listed: {}; those who sent nothing are not kept",
                            self.members
                        );
                        self.delivery.note(note);
                    }
                    return Some(self.delivery.closed());
                }
            }
        }
        None
    }
}
