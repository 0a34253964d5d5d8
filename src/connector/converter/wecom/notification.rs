//! Notifications that the platform sends about the archive: XML of one event each.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use super::{PLATFORM, SOURCE};
use crate::connector::converter::draft::Draft;
use crate::connector::converter::json::time;
use crate::connector::converter::xml::Element;
use crate::message::RawSource;
use crate::message::converted::Record;
use crate::model::Event;

use super::people::person;

/// Bytes of the largest one; real ones have some hundreds.
const MAX: u64 = 1 << 20;

/// Whether a file is one that concerns the archive.
pub(super) fn recognises(head: &[u8]) -> bool {
    let has = |text: &[u8]| memchr::memmem::find(head, text).is_some();
    head.starts_with(b"<xml") && has(b"<Event>") && (has(b"msgaudit_notify") || has(b"msg_audit_approved"))
}

/// The event of a file, and the length of the file.
///
/// # Errors
/// There is none: a text for people.
pub(super) fn read(source: &Arc<dyn RawSource>) -> Result<(u64, Draft), String> {
    if source.len() > MAX {
        return Err("XML, but too large for a notification; import the decrypted records (JSON) instead".to_owned());
    }
    let mut bytes = vec![0; source.len() as usize];
    source.read_exact_at(0, &mut bytes).map_err(|error| format!("cannot read it: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "XML that is not UTF-8; save it as UTF-8".to_owned())?;
    let root = Element::parse(&text);
    let notification = root.as_ref().and_then(|root| root.child("xml")).filter(|xml| !xml.text_of("Event").is_empty());
    let Some(xml) = notification else {
        return Err("XML, but no notification of the archive; import the decrypted records (JSON) instead".to_owned());
    };
    Ok((source.len(), draft(xml, &text)))
}

fn draft(xml: &Element, source: &str) -> Draft {
    let sent = xml.text_of("CreateTime").parse().ok().and_then(time);
    let mut draft = Draft::new(Record::new(SOURCE, PLATFORM, sent.unwrap_or(DateTime::<FixedOffset>::default())));
    if sent.is_none() {
        draft.fact("/time_unknown", true).fact("/sent_local", xml.text_of("CreateTime"));
    }
    draft.record.event = Event::System;
    let by = xml.text_of("ExternalUserID");
    draft.record.sender = Some(person(by)).filter(|_| !by.is_empty());
    let to = xml.text_of("UserID");
    draft.record.recipients = Some(person(to)).filter(|_| !to.is_empty()).into_iter().collect();
    for name in ["Event", "ChangeType"] {
        draft.line(xml.text_of(name));
    }
    if xml.text_of("ChangeType") == "msg_audit_approved" {
        draft.line("Agreed to the archiving of messages");
    }
    draft.fact("/content", "notification").fact("/whole_record", source);
    draft
}
