//! A configured source.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Actor, ConnectorNo, DateOrder, Release, Schedule, Trust, UtcTime};

/// What sort of messages a connector delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectorKind {
    /// Chats of WhatsApp.
    Whatsapp,
    /// Chats of WeChat and WeCom.
    Wechat,
    /// Mail.
    Mail,
}

impl ConnectorKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Whatsapp, Self::Wechat, Self::Mail];

    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Wechat => "wechat",
            Self::Mail => "mail",
        }
    }

    /// The folder that its messages go to, unless the connector names another; `None` leaves it to the source.
    pub fn folder(self) -> Option<&'static str> {
        match self {
            Self::Whatsapp => Some("WhatsApp Archiver"),
            Self::Wechat => Some("WeChat Archiver"),
            Self::Mail => None,
        }
    }
}

impl fmt::Display for ConnectorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ConnectorKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == word.to_ascii_lowercase());
        found.ok_or_else(|| format!("unknown kind of connector `{word}`; write whatsapp, wechat or mail"))
    }
}

/// Where the secret of a source is kept. The secret itself is never in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialSource {
    /// The source needs none.
    #[default]
    None,
    /// In a file that nobody else may read.
    File(String),
    /// In an environment variable.
    Environment(String),
    /// In the system's keyring, under this service and the user `custodia`.
    Keyring(String),
}

impl fmt::Display for CredentialSource {
    /// For people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Keyring(service) => write!(f, "keyring service {service}"),
        }
    }
}

/// How tokens are asked for with which a mailbox is opened instead of a password (OAuth 2.0, RFC 6749).
///
/// The secret of the source is that of the client; a second line of it is a refresh token, of a user who agreed once. Without
/// one, the client asks on its own behalf (RFC 6749 4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthClient {
    /// Address of the token endpoint (`https://...`).
    pub token_url: String,
    /// What the provider knows us by.
    pub client_id: String,
    /// What the token is to allow; `None` leaves that to the provider.
    pub scope: Option<String>,
}

/// Where a connector fetches, and what makes sure that it is the right place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorSource {
    /// The address: a folder's absolute path, or a URI without a secret.
    pub from: String,
    /// SFTP: fingerprint (`SHA256:...`) of the server's key, or path of a `known_hosts` file.
    pub host_key: Option<String>,
    /// SFTP: path of the private key that the server knows us by.
    pub key_file: Option<String>,
    /// TLS: path of the certificates (PEM) to trust instead of the system's.
    pub ca_file: Option<String>,
    /// IMAP: how tokens are asked for; `None` logs in with a password.
    pub oauth: Option<OauthClient>,
    /// Where the secret is.
    pub credentials: CredentialSource,
}

/// How what a connector fetches is read, and to whom it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ConnectorReading {
    /// The word of the format that files are taken for: `auto` recognises each.
    pub read_as: String,
    /// Folder that takes everything; `None` takes that of the kind.
    pub folder: Option<String>,
    /// Address of the mailbox that takes everything; `None` finds mailboxes by participants.
    pub mailbox: Option<String>,
    /// Whether mailboxes that are not there are created.
    pub create_mailboxes: bool,
    /// Path of a mapping file read at each run, before the archive's own mapping.
    pub mapping: Option<String>,
    /// Default region of phone numbers without country code (ISO 3166).
    pub region: Option<String>,
    /// Whether only mappings count, and not the addresses and numbers of mailboxes.
    pub mapping_only: bool,
    /// The zone of local times that name none (IANA name); `None` takes the archive's.
    pub timezone: Option<String>,
    /// The order of day, month and year; `None` finds it out.
    pub date_order: Option<DateOrder>,
    /// How far its mails are believed; `None` decides by the place: a mail store delivers journal reports, and no
    /// converted messages.
    pub trust: Option<Trust>,
    /// Header field of mails whose addresses took part too.
    pub user_header: Option<String>,
}

/// A configured source. Removed, never deleted: what its runs did stays on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connector {
    /// Its number.
    pub no: ConnectorNo,
    /// Its name, unique among those not removed.
    pub name: String,
    /// What it delivers.
    pub kind: ConnectorKind,
    /// Where it fetches.
    pub source: ConnectorSource,
    /// How it is read.
    pub reading: ConnectorReading,
    /// When `--watch` runs it.
    pub schedule: Schedule,
    /// How far the source was read, in its own words; empty at first and for sources without an order of arrival.
    pub checkpoint: String,
    /// When it was added.
    pub added_at: UtcTime,
    /// By whom.
    pub added_by: Actor,
    /// How it was removed; `None` while it is in use.
    pub removed: Option<Release>,
}
