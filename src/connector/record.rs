//! What a source yields.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::message::RawSource;
use crate::model::{DateOrder, Digest, Participant, Rendition};

/// How a source file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One message (RFC 5322).
    Eml,
    /// mbox with `From ` quoted once (RFC 4155 "default" and the older habit).
    Mboxo,
    /// mbox with every `>*From ` quoted once more.
    Mboxrd,
    /// mbox with `Content-Length` and quoting.
    Mboxcl,
    /// mbox with `Content-Length` and no quoting.
    Mboxcl2,
    /// A message file of a Maildir.
    Maildir,
    /// Converted messages, one JSON record a line.
    Messages,
    /// A delivery of `TeleMessage` (Smarsh Capture Mobile): mails in a zip file with a manifest.
    Telemessage,
    /// A chat exported by the WhatsApp app.
    Whatsapp,
    /// Webhook notifications of the WhatsApp Business Cloud API.
    WhatsappCloud,
    /// Chats of a phone's backup as WhatsApp-Chat-Exporter writes them.
    WhatsappBackup,
    /// Records of the WeCom conversation archive.
    Wecom,
    /// Exports of personal WeChat.
    Wechat,
    /// An Outlook data file.
    Pst,
    /// An Outlook message.
    Msg,
    /// Relativity Short Message Format.
    Rsmf,
}

impl Format {
    /// The word used in commands, progress and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eml => "eml",
            Self::Mboxo => "mboxo",
            Self::Mboxrd => "mboxrd",
            Self::Mboxcl => "mboxcl",
            Self::Mboxcl2 => "mboxcl2",
            Self::Maildir => "maildir",
            Self::Messages => "messages",
            Self::Telemessage => "telemessage",
            Self::Whatsapp => "whatsapp",
            Self::WhatsappCloud => "whatsapp-cloud",
            Self::WhatsappBackup => "whatsapp-backup",
            Self::Wecom => "wecom",
            Self::Wechat => "wechat",
            Self::Pst => "pst",
            Self::Msg => "msg",
            Self::Rsmf => "rsmf",
        }
    }
}

/// Raw bytes of a message: in memory, or in a file when large.
#[derive(Clone)]
pub enum Raw {
    /// In memory (at most `LARGE` bytes).
    Memory(Vec<u8>),
    /// Left where they are.
    Stored(Arc<dyn RawSource>),
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.source().len())
    }
}

impl Raw {
    /// The bytes, wherever they are.
    pub fn source(&self) -> &dyn RawSource {
        match self {
            Self::Memory(bytes) => bytes,
            Self::Stored(source) => source.as_ref(),
        }
    }
}

/// One message of a source.
#[derive(Debug)]
pub struct SourceRecord {
    /// File, and place in it where it holds several: `mail/a.mbox#17`.
    pub origin: String,
    /// Its raw bytes.
    pub raw: Raw,
    /// The folder that the source itself has it in; `None` if it says nothing.
    pub folder: Option<String>,
    /// Whether a converter made its mail form, and not somebody who sent it.
    pub made: bool,
    /// Who took part besides those whom the message itself names: what only the whole of a chat tells. They get an item
    /// too, but are no part of the message, which has to stay the same when a longer export names more of them.
    pub others: Arc<[Participant]>,
    /// Digest of the bytes that the mail form of the same record had before; `None` if it was never another.
    pub former: Option<Digest>,
    /// How it stands in the export that it comes from; `None` if no other export of the same message writes it otherwise.
    pub occurrence: Option<Occurrence>,
}

/// How a message of a chat stands in an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// What it has in common with another export of the same message, however that writes it. Its place among messages of
    /// its form is for those to find who know the other exports.
    pub rendition: Rendition,
    /// Its number among the messages of the export.
    pub at: u64,
    /// The number of the last message there that may be of the same form.
    pub until: u64,
}

impl SourceRecord {
    /// A record whose message names all who took part.
    pub fn new(origin: String, raw: Raw, folder: Option<String>) -> Self {
        Self { origin, raw, folder, made: false, others: Arc::default(), former: None, occurrence: None }
    }
}

/// What is known of a file of several messages once it was read to its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileAccount {
    /// Identifier of the chat, if the file is one chat whose date order had to be found out.
    pub conversation: String,
    /// The order in which its dates were read.
    pub date_order: Option<DateOrder>,
    /// Attachments that its messages name and that did not come with it.
    pub absent_attachments: u64,
    /// What somebody who relies on the file should know: guesses made, signs of a cut.
    pub notes: Vec<String>,
    /// What it holds, where nothing of it could be taken.
    pub untaken: Option<Untaken>,
}

/// What a file holds of which nothing could be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Untaken {
    /// Its records, events of the platform among them.
    pub records: u64,
    /// Those that are events of the platform itself.
    pub system: u64,
    /// Attachments that came with it.
    pub attachments: u64,
}

/// A record or file that could not be taken.
#[derive(Debug)]
pub struct Rejection {
    /// File, and place in it.
    pub origin: String,
    /// What is wrong, and what to do about it.
    pub reason: String,
    /// Bytes passed over.
    pub bytes: u64,
}

/// What a source reports while it is read, in order.
#[derive(Debug)]
pub enum SourceEvent {
    /// A file was opened and recognised.
    Opened {
        /// The file.
        path: PathBuf,
        /// How it is read.
        format: Format,
    },
    /// A message.
    Record(SourceRecord),
    /// A record or file that could not be taken.
    Rejected(Rejection),
    /// A file of several messages was read to its end. Files of one message are closed by what comes next.
    Closed(FileAccount),
}
