//! Chats of a phone's backup as WhatsApp-Chat-Exporter writes them: `result.json`, or one such file a chat.
//!
//! - The file is read twice and never held: chats give their name and media folder once, which may come after their
//!   messages.
//! - Files of messages are taken from their paths beside the file, also below `media_base`.
//! - Reactions, delivery and reading are facts of the message as on the day of the backup. A later backup that knows more
//!   of them has another message with the same id.
//! - The owner of the phone is not named. They are `Me`, with the id `owner`.

mod chat;
mod markup;
mod message;
#[cfg(test)]
mod tests;
mod walker;

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use chat::Chat;
use message::{Made, Media};
use walker::{Step, Walker};

use super::attached::Attached;
use super::conversion::Conversion;
use super::converters::{Converter, Start};
use super::input::{Beside, Input, Reader, reader};
use super::json_pieces::parse;
use super::{As, FileAccount, Format, Options, Rejection, SourceEvent, SourceRecord};
use crate::message::RawSource;
use crate::message::converted::{AttachmentRef, AttachmentSource, Record};

/// Who makes the records.
const SOURCE: &str = "whatsapp-backup";
const PLATFORM: &str = "whatsapp";

/// Chats as WhatsApp-Chat-Exporter writes them.
pub(super) const CONVERTER: Converter =
    Converter { format: Format::WhatsappBackup, read_as: As::WhatsappBackup, recognises, bundles: |_| false, open };

/// An object of chats: the first member is called by a chat's identifier, or there are messages with the members that
/// this tool writes. The file may be cut at the end of the head.
fn recognises(start: &Start<'_>) -> bool {
    let text = start.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.head).trim_ascii_start();
    let Some(inner) = text.strip_prefix(b"{") else { return false };
    let name = inner.trim_ascii_start().strip_prefix(b"\"").unwrap_or_default();
    let name = name.split(|&byte| byte == b'"').next().unwrap_or_default();
    let is_chat = [&b"@s.whatsapp.net"[..], b"@g.us", b"@lid", b"@broadcast", b"@c.us", b"@newsletter"]
        .iter()
        .any(|server| name.ends_with(server));
    let has = |name: &str| memchr::memmem::find(text, format!("\"{name}\"").as_bytes()).is_some();
    (is_chat && (has("messages") || has("media_base"))) || (has("messages") && has("from_me") && has("key_id"))
}

fn open(input: Input, _: &Options) -> Result<Box<dyn Reader>, String> {
    let source = input.content.file()?;
    let chats = survey(&source).map_err(|error| format!("cannot read it: {error}"))?;
    if chats.is_empty() {
        return Err("no chats of WhatsApp-Chat-Exporter: no JSON object of objects".to_owned());
    }
    Ok(Box::new(Backup {
        origin: input.origin,
        conversion: Conversion::new(input.beside.faults()),
        beside: input.beside,
        walker: Walker::new(reader(source), false),
        chats,
        chat: Chat::default(),
        account: Some(FileAccount::default()),
    }))
}

/// What the chats say of themselves, in the order of the file.
fn survey(source: &Arc<dyn RawSource>) -> io::Result<VecDeque<Chat>> {
    let mut walker = Walker::new(reader(Arc::clone(source)), true);
    let mut chats = VecDeque::new();
    while let Some(step) = walker.next()? {
        match step {
            Step::Chat(jid) => chats.push_back(Chat::new(jid)),
            Step::Member(name, value) => {
                if let Some(chat) = chats.back_mut() {
                    chat.learn(&name, value);
                }
            }
            Step::Message(..) | Step::Damage(..) | Step::Broken(_) => {}
        }
    }
    Ok(chats)
}

struct Backup {
    origin: String,
    beside: Beside,
    walker: Walker,
    /// The chats that are still to come.
    chats: VecDeque<Chat>,
    chat: Chat,
    conversion: Conversion,
    account: Option<FileAccount>,
}

impl Backup {
    fn step(&mut self, step: Step) -> Option<SourceEvent> {
        match step {
            Step::Chat(jid) => {
                self.chat = self.chats.pop_front().filter(|chat| chat.jid == jid).unwrap_or(Chat::new(jid));
                None
            }
            Step::Member(..) => None,
            Step::Message(row, bytes) => {
                let place = self.place(&row);
                let made = parse(&bytes).and_then(|parsed| message::message(&self.chat, parsed));
                Some(match made.and_then(|made| self.convert(place.clone(), made)) {
                    Ok(record) => SourceEvent::Record(record),
                    Err(reason) => rejected(place, reason, bytes.len() as u64),
                })
            }
            Step::Damage(name, reason, bytes) => Some(rejected(self.place(&name), reason, bytes)),
            Step::Broken(reason) => Some(rejected(self.origin.clone(), reason, 0)),
        }
    }

    fn place(&self, row: &str) -> String {
        format!("{}#{}/{row}", self.origin, self.chat.jid)
    }

    fn convert(&mut self, place: String, made: Made) -> Result<SourceRecord, String> {
        let Made { mut record, media } = made;
        let mut files: Vec<Attached> = media.and_then(|media| self.attach(&mut record, media)).into_iter().collect();
        let record = record.within_limits()?;
        self.conversion.convert(place, &record, &mut files)
    }

    /// Adds the file of a message to its record, or says that it is not there.
    fn attach(&mut self, record: &mut Record, media: Media) -> Option<Attached> {
        let name = media.name().to_owned();
        let below = format!("{}/{}", self.chat.media_base.trim_end_matches('/'), media.path);
        let paths = [media.path.clone(), below.trim_start_matches('/').to_owned()];
        let found = paths.iter().filter(|path| !path.is_empty()).find_map(|path| self.beside.take(path).ok());
        if found.is_some() {
            let source = AttachmentSource::Path(name.clone());
            record.attachments.push(AttachmentRef { name, media_type: media.media_type, source });
        } else {
            // Only texts and attachments are searched.
            if media.is_named() {
                message::add_line(record, &name);
            }
            let absent = if media.path.is_empty() { "media".to_owned() } else { media.path };
            record.fact("/absent_attachments", &vec![absent].into());
            if let Some(account) = &mut self.account {
                account.absent_attachments = account.absent_attachments.saturating_add(1);
            }
        }
        found
    }
}

fn rejected(origin: String, reason: String, bytes: u64) -> SourceEvent {
    SourceEvent::Rejected(Rejection { origin, reason, bytes })
}

impl Reader for Backup {
    fn bytes_done(&self) -> u64 {
        self.walker.position()
    }
}

impl Iterator for Backup {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        self.account.as_ref()?;
        loop {
            let step = match self.walker.next() {
                Ok(Some(step)) => step,
                Ok(None) => return self.account.take().map(SourceEvent::Closed),
                Err(error) => {
                    self.account = None;
                    let reason = format!("cannot read on: {error}; import the file again");
                    return Some(rejected(self.origin.clone(), reason, 0));
                }
            };
            if let Some(event) = self.step(step) {
                return Some(event);
            }
        }
    }
}
