//! The chats and messages of a backup one after the other: the file is one JSON object, and often larger than memory.

use std::io;

use serde_json::Value;

use crate::connector::converter::json::{MAX_RECORD, Piece, Scanner, parse};
use crate::connector::input::SourceReader;

/// Bytes of the longest member of a chat other than its messages (1 MiB).
const MAX_MEMBER: u64 = 1 << 20;

/// What comes next in the file.
#[derive(Debug)]
pub(super) enum Step {
    /// A chat by its identifier.
    Chat(String),
    /// Something that the chat at hand says of itself.
    Member(String, Value),
    /// A message of the chat at hand by its row, as JSON.
    Message(String, Vec<u8>),
    /// Something that cannot be taken: its name, the reason, its bytes.
    Damage(String, String, u64),
    /// The file does not go on as it should: where, and the reason. Nothing follows.
    Broken(String),
}

/// Walks through a file.
pub(super) struct Walker {
    scanner: Scanner<SourceReader>,
    level: Level,
    /// Whether messages are passed over.
    without_messages: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Start,
    Chats,
    Chat,
    Messages,
    End,
}

impl Walker {
    /// A walk through all of a file, or only through what its chats say of themselves.
    pub(super) fn new(reader: SourceReader, without_messages: bool) -> Self {
        Self { scanner: Scanner::new(reader), level: Level::Start, without_messages }
    }

    /// Bytes that are done with.
    pub(super) fn position(&self) -> u64 {
        self.scanner.position()
    }

    /// What comes next; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Step>> {
        loop {
            let step = match self.level {
                Level::Start if self.scanner.take(b'{')? => {
                    self.level = Level::Chats;
                    None
                }
                Level::Start => Some(self.broken("it does not begin with `{`")),
                Level::End => return Ok(None),
                level => self.member(level)?,
            };
            if step.is_some() {
                return Ok(step);
            }
        }
    }

    /// The next member of the object at hand.
    fn member(&mut self, level: Level) -> io::Result<Option<Step>> {
        self.scanner.take(b',')?;
        if self.scanner.take(b'}')? {
            self.level = match level {
                Level::Messages => Level::Chat,
                Level::Chat => Level::Chats,
                _ => Level::End,
            };
            return Ok(None);
        }
        let name = match self.scanner.value(MAX_MEMBER)? {
            Some(Piece::Whole(bytes)) => parse(&bytes).ok().and_then(|parsed| match parsed.value {
                Value::String(name) => Some(name),
                _ => None,
            }),
            Some(_) => None,
            None => return Ok(Some(self.broken("it ends too early; get it again whole"))),
        };
        let Some(name) = name else { return Ok(Some(self.broken("a name in quotes is missing"))) };
        if !self.scanner.take(b':')? {
            return Ok(Some(self.broken("a `:` is missing")));
        }
        match level {
            Level::Chats if self.scanner.take(b'{')? => {
                self.level = Level::Chat;
                Ok(Some(Step::Chat(name)))
            }
            Level::Chat if name == "messages" && !self.without_messages && self.scanner.take(b'{')? => {
                self.level = Level::Messages;
                Ok(None)
            }
            _ => self.value(level, name),
        }
    }

    /// The value of a member that is not gone into.
    fn value(&mut self, level: Level, name: String) -> io::Result<Option<Step>> {
        let passed = level == Level::Chat && self.without_messages && name == "messages";
        let limit = match level {
            Level::Chat if passed => 0,
            Level::Messages => MAX_RECORD,
            _ => MAX_MEMBER,
        };
        let Some(piece) = self.scanner.value(limit)? else {
            return Ok(Some(self.broken("it ends too early; get it again whole")));
        };
        Ok(Some(match piece {
            Piece::Long(_) if passed => return Ok(None),
            Piece::Cut { len, .. } => {
                self.level = Level::End;
                Step::Damage(name, "the file ends within it; get the file again whole".to_owned(), len)
            }
            Piece::Long(bytes) => {
                Step::Damage(name, format!("longer than {limit} bytes; take large content out of the JSON"), bytes)
            }
            Piece::Whole(bytes) if level == Level::Messages => Step::Message(name, bytes),
            Piece::Whole(bytes) if level == Level::Chat && name != "messages" => match parse(&bytes) {
                Ok(parsed) => Step::Member(name, parsed.value),
                Err(reason) => Step::Damage(name, reason, bytes.len() as u64),
            },
            Piece::Whole(bytes) if level == Level::Chat => {
                Step::Damage(name, "messages that are no JSON object".to_owned(), bytes.len() as u64)
            }
            Piece::Whole(bytes) => Step::Damage(name, "no chat: it is no JSON object".to_owned(), bytes.len() as u64),
        }))
    }

    fn broken(&mut self, what: &str) -> Step {
        self.level = Level::End;
        Step::Broken(format!("no longer in the form of WhatsApp-Chat-Exporter at byte {}: {what}", self.position()))
    }
}
