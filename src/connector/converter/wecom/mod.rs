//! The conversation archive of WeCom: records as the vendor's library decrypts them.
//!
//! One record a file, one a line, an array, or the answer of `GetChatData` with its `chatdata`, each by itself or within
//! the object that has its `seq`. The records of one file do not depend on each other. Notifications that the platform
//! sends beside them as XML become events of the system.
//!
//! Media have no place in a record: it names them by `sdkfileid`. A collector puts them beside the records or into
//! `media/`, named by `msgid`, `md5sum`, `sdkfileid` or their file name, with or without an ending.

mod body;
mod element;
mod media;
mod notification;
mod people;
mod record;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::draft::{Delivery, Draft};
use super::json::{Next, RecordFile, keys};
use super::{Converter, Opening, Start};
use crate::connector::input::{Input, Reader};
use crate::connector::{As, Format, Options, SourceEvent};
use crate::message::RawSource;

/// What reads records of the WeCom conversation archive.
pub(super) const CONVERTER: Converter =
    Converter { format: Format::Wecom, read_as: As::Wecom, recognises, bundles: |_| false, open };

/// Who made the records.
const SOURCE: &str = "wecom";
/// The platform.
const PLATFORM: &str = "wecom";
/// Members of an answer that are its records.
const LISTS: [&str; 2] = ["chatdata", "msg_list"];

fn recognises(start: &Start<'_>) -> bool {
    let head = start.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.head).trim_ascii_start();
    match head.first() {
        Some(b'<') => notification::recognises(head),
        Some(b'{' | b'[') => {
            let keys = keys(head);
            let has = |depth, name| keys.contains(&(depth, name));
            let record = |depth| {
                has(depth, "msgid") && (has(depth, "msgtype") || has(depth, "action")) && !has(depth, "platform")
            };
            record(1)
                || has(1, "encrypt_chat_msg")
                || (has(1, "chatdata") && (record(2) || has(2, "encrypt_chat_msg") || has(1, "errcode")))
                || (has(1, "publickey_ver") && (record(2) || has(1, "seq")))
                || (has(1, "msg_list") && has(2, "send_time"))
        }
        _ => false,
    }
}

fn open(input: Input, _: &Options) -> Opening {
    let source = input.content.file()?;
    let delivery = Delivery::new(input.origin, input.beside);
    if starts_with_tag(&source) {
        let (bytes, draft) = notification::read(&source)?;
        return Ok(Box::new(Notification { bytes, draft: Some(draft), delivery }));
    }
    let file = RecordFile::open(source, &LISTS).map_err(|error| format!("cannot read it: {error}"))?;
    Ok(Box::new(Records { file, delivery }))
}

fn starts_with_tag(source: &Arc<dyn RawSource>) -> bool {
    let mut head = vec![0; source.len().min(256) as usize];
    let read = source.read_exact_at(0, &mut head).is_ok();
    read && head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start().starts_with(b"<")
}

/// The records of a file.
struct Records {
    file: RecordFile,
    delivery: Delivery,
}

impl Reader for Records {
    fn bytes_done(&self) -> u64 {
        self.file.bytes_done()
    }
}

impl Iterator for Records {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        if self.delivery.has_ended() {
            return None;
        }
        Some(match self.file.next() {
            Ok(Next::Record(bytes)) => {
                self.delivery.event(&self.file.place(), bytes.len() as u64, record::draft(&bytes))
            }
            Ok(Next::Rejected(bytes, reason)) => self.delivery.rejected(&self.file.place(), bytes, reason),
            Ok(Next::End) => self.delivery.closed(),
            Err(error) => self.delivery.failed(&error),
        })
    }
}

/// The one event of a file that is a notification.
struct Notification {
    bytes: u64,
    draft: Option<Draft>,
    delivery: Delivery,
}

impl Reader for Notification {}

impl Iterator for Notification {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        match self.draft.take() {
            Some(draft) => Some(self.delivery.event("1", self.bytes, Ok(draft))),
            None if self.delivery.has_ended() => None,
            None => Some(self.delivery.closed()),
        }
    }
}
