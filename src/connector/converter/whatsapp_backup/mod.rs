//! Chats of a phone's backup as WhatsApp-Chat-Exporter writes them: `result.json`, or one such file a chat.
//!
//! - The file is read twice and never held: chats give their name and media folder once, which may come after their
//!   messages. These are held, up to a limit.
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

use super::draft::{Delivery, Draft};
use super::json::parse;
use super::side_files::SideFile;
use super::{Converter, Opening, Start};
use crate::connector::input::{Input, Reader, reader};
use crate::connector::{As, Format, Options, SourceEvent};
use crate::message::RawSource;

/// Who makes the records.
const SOURCE: &str = "whatsapp-backup";
const PLATFORM: &str = "whatsapp";

/// Bytes of what all chats of a file say of themselves, and are held together (32 MiB).
const MAX_HELD: usize = 32 << 20;
/// Bytes that a chat takes besides what it says.
const CHAT_BYTES: usize = 128;

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

fn open(input: Input, _: &Options) -> Opening {
    let source = input.content.file()?;
    let chats = survey(&source).map_err(|error| format!("cannot read it: {error}"))?;
    if chats.is_empty() {
        return Err("no chats of WhatsApp-Chat-Exporter: no JSON object of objects".to_owned().into());
    }
    Ok(Box::new(Backup {
        walker: Walker::new(reader(source), false),
        chats,
        chat: Chat::default(),
        delivery: Delivery::new(input.origin, input.beside),
    }))
}

/// What the chats say of themselves, in the order of the file.
fn survey(source: &Arc<dyn RawSource>) -> io::Result<VecDeque<Chat>> {
    let mut walker = Walker::new(reader(Arc::clone(source)), true);
    let (mut chats, mut held) = (VecDeque::new(), 0_usize);
    while let Some(step) = walker.next()? {
        match step {
            Step::Chat(jid) => {
                held = held.saturating_add(CHAT_BYTES + jid.len());
                chats.push_back(Chat::new(jid));
            }
            Step::Member(name, value) => {
                if let Some(chat) = chats.back_mut() {
                    held = held.saturating_add(chat.learn(&name, value));
                }
            }
            Step::Message(..) | Step::Damage(..) | Step::Broken(_) => {}
        }
        if held > MAX_HELD {
            let reason = format!("what its chats say of themselves is longer than {MAX_HELD} bytes; split it by chats");
            return Err(io::Error::other(reason));
        }
    }
    Ok(chats)
}

struct Backup {
    walker: Walker,
    /// The chats that are still to come.
    chats: VecDeque<Chat>,
    chat: Chat,
    delivery: Delivery,
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
                let draft = made.map(|made| self.draft(made));
                Some(self.delivery.event(&place, bytes.len() as u64, draft))
            }
            Step::Damage(name, reason, bytes) => Some(self.delivery.rejected(&self.place(&name), bytes, reason)),
            Step::Broken(reason) => Some(self.delivery.broken(reason)),
        }
    }

    fn place(&self, row: &str) -> String {
        format!("{}/{row}", self.chat.jid)
    }

    fn draft(&self, made: Made) -> Draft {
        let files = made.media.into_iter().map(|media| self.file(media)).collect();
        Draft { files, ..Draft::new(made.record) }
    }

    /// Where the file of a message may lie: at its path, also below the media folder of the chat.
    fn file(&self, media: Media) -> SideFile {
        let below = format!("{}/{}", self.chat.media_base.trim_end_matches('/'), media.path);
        let paths = if media.path.is_empty() {
            Vec::new()
        } else {
            vec![plain(&media.path), plain(below.trim_start_matches('/'))]
        };
        SideFile {
            own_paths: paths,
            name: media.name().to_owned(),
            is_named: media.is_named(),
            called: if media.path.is_empty() { "media".to_owned() } else { media.path },
            media_type: media.media_type,
            ..SideFile::default()
        }
    }
}

/// A path without components that lead nowhere. One from the root of a file system stays as it is, and leads to no file.
fn plain(path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    parts.join("/")
}

impl Reader for Backup {
    fn bytes_done(&self) -> u64 {
        self.walker.position()
    }
}

impl Iterator for Backup {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        while !self.delivery.has_ended() {
            let step = match self.walker.next() {
                Ok(Some(step)) => step,
                Ok(None) => return Some(self.delivery.closed()),
                Err(error) => return Some(self.delivery.failed(&error)),
            };
            if let Some(event) = self.step(step) {
                return Some(event);
            }
        }
        None
    }
}
