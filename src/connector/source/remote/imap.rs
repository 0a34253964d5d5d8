//! IMAP: the messages of one mailbox, read only.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use async_imap::error::Error as ImapError;
use async_imap::{Client as ImapClient, Session};
use futures::TryStreamExt as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::failure::{Failure, Outcome};
use super::oauth::{Bearer, access_token};
use super::patience::Patience;
use super::persistent::{Client, Persistent};
use super::trust;
use super::{Checkpoint, Listed, Remote};
use crate::Result;
use crate::connector::source::credentials::Secret;
use crate::connector::source::utf7::encode_modified_utf7;
use crate::model::OauthClient;

/// When a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Before anything is said.
    FromTheBeginning,
    /// Before the password is sent.
    StartTls,
    /// Before the password is sent, if the server can: only for one on this machine.
    IfOffered,
}

/// A mailbox on an IMAP server, and how to get in.
#[derive(Debug, Clone)]
pub(super) struct ImapPlace {
    /// When the connection is encrypted.
    pub(super) encryption: Encryption,
    /// Name or address of the server.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// The account.
    pub(super) user: String,
    /// Its password, or the secret of the client.
    pub(super) secret: Secret,
    /// How tokens are asked for that open the mailbox instead of a password.
    pub(super) oauth: Option<OauthClient>,
    /// The mailbox.
    pub(super) mailbox: String,
    /// The certificates to trust instead of the system's.
    pub(super) ca_file: Option<PathBuf>,
}

/// Deliveries by IMAP: each message is one.
///
/// # Errors
/// No thread can be started.
pub(super) fn imap(place: ImapPlace, patience: Patience) -> Result<Box<dyn Remote>> {
    Ok(Box::new(Persistent::<Imap>::new(place, patience)?))
}

/// Bytes asked for at a time: a large message never is in memory as a whole.
const CHUNK: u64 = 2 << 20;

/// A connection, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Stream for T {}

/// A connection with the mailbox open.
struct Imap {
    session: Session<Box<dyn Stream>>,
    validity: u32,
}

impl Client for Imap {
    type Place = ImapPlace;

    fn name(place: &ImapPlace) -> String {
        let s = if place.encryption == Encryption::FromTheBeginning { "s" } else { "" };
        format!("imap{s}://{}@{}:{}/{}", place.user, place.host, place.port, place.mailbox)
    }

    async fn connect(place: &ImapPlace, patience: &Patience) -> Outcome<Self> {
        let mut session = log_in(place, patience).await?;
        let mailbox = session.examine(encode_modified_utf7(&place.mailbox)).await.map_err(|error| match error {
            ImapError::No(why) => Failure::lasting(format!("the mailbox cannot be opened: {why}")),
            other => other.into(),
        })?;
        let validity = mailbox.uid_validity.ok_or_else(|| {
            Failure::lasting(
                "the server gives messages no lasting numbers (UIDVALIDITY), without which none can be told apart",
            )
        })?;
        Ok(Self { session, validity })
    }

    async fn list(&mut self, patience: &Patience, after: &str) -> Outcome<(Vec<Listed>, Checkpoint)> {
        self.look_again(patience).await?;
        let last = match place_in(after) {
            Some((validity, uid)) if validity == self.validity => uid,
            // The numbers were given anew: everything is listed again, and known contents are recognised.
            _ => 0,
        };
        let Some(first) = last.checked_add(1) else {
            return Ok((Vec::new(), format!("{}/{last}", self.validity)));
        };
        let mut found = BTreeSet::new();
        let mut answers = self.session.uid_fetch(format!("{first}:*"), "(UID)").await?;
        while let Some(fetch) = patience.to_answer(async { Ok(answers.try_next().await?) }).await? {
            // `*` is the newest message, even where it is older than the first asked for.
            if let Some(uid) = fetch.uid.filter(|uid| *uid > last) {
                found.insert(uid);
            }
        }
        let reached = found.iter().next_back().copied().unwrap_or(last);
        let listed = found.into_iter().map(|uid| Listed {
            id: format!("{}/{uid}", self.validity),
            name: format!("{uid}.eml"),
            // Servers that keep messages in another form only estimate the size.
            bytes: None,
            // What has a number never changes (RFC 9051 2.3.1.1).
            version: "1".to_owned(),
        });
        Ok((listed.collect(), format!("{}/{reached}", self.validity)))
    }

    async fn fetch(&mut self, patience: &Patience, listed: &Listed, to: &mut File) -> Outcome<()> {
        let uid = match place_in(&listed.id) {
            Some((validity, uid)) if validity == self.validity => uid,
            _ => return Err(Failure::lasting("the mailbox numbered its messages anew since it was listed; run again")),
        };
        let mut offset = 0_u64;
        loop {
            let chunk = self.chunk(patience, uid, offset).await?;
            to.write_all(&chunk).map_err(|error| Failure::local(&error))?;
            offset += chunk.len() as u64;
            // A server may give less than was asked for; the end is where nothing follows.
            if chunk.is_empty() {
                break;
            }
        }
        if offset == 0 {
            return Err(Failure::lasting("the server gives nothing of it; it may have been deleted meanwhile"));
        }
        Ok(())
    }
}

impl Imap {
    /// Lets the server tell of what came since, and forgets what it said: only the list counts.
    async fn look_again(&mut self, patience: &Patience) -> Outcome<()> {
        patience.to_answer(async { Ok(self.session.noop().await?) }).await?;
        while self.session.unsolicited_responses.try_recv().is_ok() {}
        Ok(())
    }

    /// Up to [`CHUNK`] bytes from `offset` on; none at the end.
    async fn chunk(&mut self, patience: &Patience, uid: u32, offset: u64) -> Outcome<Vec<u8>> {
        let query = format!("(UID BODY.PEEK[]<{offset}.{CHUNK}>)");
        patience
            .to_answer(async {
                let mut chunk = None;
                let mut answers = self.session.uid_fetch(uid.to_string(), query).await?;
                while let Some(fetch) = answers.try_next().await? {
                    if fetch.uid == Some(uid) && chunk.is_none() {
                        chunk = Some(fetch.body().unwrap_or_default().to_vec());
                    }
                }
                chunk.ok_or_else(|| Failure::lasting("it is not in the mailbox any longer"))
            })
            .await
    }
}

/// Connects and logs in, with a password or a new token.
async fn log_in(place: &ImapPlace, patience: &Patience) -> Outcome<Session<Box<dyn Stream>>> {
    let (user, secret) = (&place.user, &place.secret);
    let (what, session) = match &place.oauth {
        None => ("password", open(place).await?.login(user, secret.expose()).await),
        Some(client) => {
            let token = access_token(client, secret, place.ca_file.as_deref(), patience).await?;
            let bearer = Bearer::new(user, &token);
            ("rights of the client", open(place).await?.authenticate(Bearer::MECHANISM, bearer).await)
        }
    };
    session.map_err(|(error, _)| match error {
        ImapError::No(_) | ImapError::Bad(_) => {
            Failure::lasting(format!("the server does not let `{user}` in; check the account and the {what}"))
        }
        other => other.into(),
    })
}

/// UIDVALIDITY and UID.
fn place_in(text: &str) -> Option<(u32, u32)> {
    let (validity, uid) = text.split_once('/')?;
    Some((validity.parse().ok()?, uid.parse().ok()?))
}

/// Connects, encrypts, and reads the greeting.
async fn open(place: &ImapPlace) -> Outcome<ImapClient<Box<dyn Stream>>> {
    let stream = TcpStream::connect((place.host.as_str(), place.port)).await?;
    stream.set_nodelay(true)?;
    if place.encryption == Encryption::FromTheBeginning {
        return greeted(encrypt(place, stream).await?).await;
    }
    let mut client = greeted(stream).await?;
    match client.run_command_and_check_ok("STARTTLS", None).await {
        // What came after the answer came unencrypted, and goes with the old client.
        Ok(()) => Ok(ImapClient::new(encrypt(place, client.into_inner()).await?)),
        Err(ImapError::No(_) | ImapError::Bad(_)) if place.encryption == Encryption::IfOffered => {
            Ok(ImapClient::new(client.into_inner()))
        }
        Err(ImapError::No(why) | ImapError::Bad(why)) => {
            Err(Failure::lasting(format!("the server cannot encrypt the connection ({why}); ask for imaps")))
        }
        Err(other) => Err(other.into()),
    }
}

async fn greeted<T: Stream + 'static>(stream: T) -> Outcome<ImapClient<Box<dyn Stream>>> {
    let mut client = ImapClient::new(Box::new(stream) as Box<dyn Stream>);
    match client.read_response().await? {
        Some(_) => Ok(client),
        None => Err(Failure::transient("the server closed the connection without a greeting")),
    }
}

async fn encrypt<T: Stream + 'static>(place: &ImapPlace, stream: T) -> Outcome<Box<dyn Stream>> {
    let name = ServerName::try_from(place.host.clone())
        .map_err(|error| Failure::lasting(format!("`{}` cannot stand in a certificate: {error}", place.host)))?;
    let encrypted = trust::connector(place.ca_file.as_deref())?.connect(name, stream).await;
    let encrypted = encrypted.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Failure::lasting(format!(
            "the connection cannot be trusted: {error}; name the certificates that vouch for the server by --ca-file"
        )),
        _ => error.into(),
    })?;
    Ok(Box::new(encrypted))
}

impl From<ImapError> for Failure {
    fn from(error: ImapError) -> Self {
        match error {
            ImapError::Io(error) => error.into(),
            ImapError::ConnectionLost => Self::transient("the server closed the connection"),
            ImapError::No(why) => Self::lasting(format!("the server refuses: {why}")),
            ImapError::Validate(_) => Self::lasting("the account, password or mailbox has a line break in it"),
            // The text of other errors may repeat what was sent.
            _ => Self::lasting("the server answers in a way that is no IMAP"),
        }
    }
}
