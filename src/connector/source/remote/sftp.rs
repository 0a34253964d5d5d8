//! SFTP.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;

use russh::client::Handle;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::client::fs::{DirEntry, Metadata};
use russh_sftp::client::{Config, SftpSession};
use russh_sftp::protocol::StatusCode;
use tokio::io::AsyncReadExt as _;

use super::failure::{Failure, Outcome};
use super::patience::Patience;
use super::persistent::{Client, Persistent};
use super::ssh::{self, Server};
use super::{Checkpoint, Listed, Remote};
use crate::Result;

pub(super) use super::ssh::{HostKeys, SftpLogin};

/// A folder or file on an SFTP server, and how to get in.
#[derive(Debug, Clone)]
pub(super) struct SftpPlace {
    /// Name or address of the server.
    pub(super) host: String,
    /// Its port; 22 is the usual one.
    pub(super) port: u16,
    /// The user to log in as.
    pub(super) user: String,
    /// Path on the server; one that does not begin with `/` begins where the server puts the user.
    pub(super) path: String,
    /// How the server proves who it is.
    pub(super) host_keys: HostKeys,
    /// How we prove who we are.
    pub(super) login: SftpLogin,
}

/// Deliveries by SFTP: the files in a folder and in the folders below it.
///
/// # Errors
/// No thread can be started.
pub(super) fn sftp(place: SftpPlace, patience: Patience) -> Result<Box<dyn Remote>> {
    Ok(Box::new(Persistent::<Sftp>::new(place, patience)?))
}

/// Files of which a source may consist.
const MOST_FILES: usize = 1_000_000;

/// Folders that may lie within each other.
const DEEPEST: usize = 32;

/// Bytes asked for at a time.
const CHUNK: usize = 256 << 10;

/// A connection.
struct Sftp {
    session: SftpSession,
    path: String,
    // Keeps the connection open.
    _ssh: Handle<Server>,
}

impl Client for Sftp {
    type Place = SftpPlace;

    fn name(place: &SftpPlace) -> String {
        let slash = if place.path.starts_with('/') { "" } else { "/" };
        format!("sftp://{}@{}:{}{slash}{}", place.user, place.host, place.port, place.path)
    }

    async fn connect(place: &SftpPlace, patience: &Patience) -> Outcome<Self> {
        let mut ssh = ssh::open(&place.host, place.port, &place.host_keys).await?;
        ssh::log_in(&mut ssh, &place.user, &place.login).await?;
        let channel = ssh.channel_open_session().await?;
        channel.request_subsystem(true, "sftp").await?;
        let config = Config { request_timeout_secs: patience.answer.as_secs().max(1), ..Config::default() };
        let session = SftpSession::new_with_config(channel.into_stream(), config).await?;
        let path = if place.path.is_empty() { "." } else { &place.path };
        let path = session.canonicalize(path).await?;
        Ok(Self { session, path, _ssh: ssh })
    }

    async fn list(&mut self, _: &Patience, after: &str) -> Outcome<(Vec<Listed>, Checkpoint)> {
        let metadata = self.session.metadata(&self.path).await?;
        let mut listed = if metadata.is_dir() {
            self.walk().await?
        } else {
            vec![entry(&self.path, self.path.rsplit('/').next().unwrap_or_default(), &metadata)]
        };
        listed.sort_by(|a, b| a.id.cmp(&b.id));
        Ok((listed, after.to_owned()))
    }

    async fn fetch(&mut self, patience: &Patience, listed: &Listed, to: &mut File) -> Outcome<()> {
        let mut file = self.session.open(&listed.id).await?;
        let mut buffer = vec![0; CHUNK];
        let mut bytes = 0;
        loop {
            let read = patience.to_answer(async { Ok(file.read(&mut buffer).await?) }).await?;
            let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else { break };
            to.write_all(chunk).map_err(|error| Failure::local(&error))?;
            bytes += chunk.len() as u64;
        }
        let now = entry(&listed.id, &listed.name, &file.metadata().await?);
        if now.bytes.is_some_and(|size| size != bytes) || now.version != listed.version {
            return Err(Failure::lasting(
                "it was changed while it was read, or is still being written; it is fetched again at the next run",
            ));
        }
        // What the server does with it afterwards changes nothing here.
        file.close().await.ok();
        Ok(())
    }
}

impl Sftp {
    /// The files below the folder. Symbolic links are not followed, for they may lead anywhere and back.
    async fn walk(&self) -> Outcome<Vec<Listed>> {
        let mut found = Vec::new();
        let mut folders = VecDeque::from([(self.path.clone(), 0)]);
        let mut seen = 0_usize;
        while let Some((folder, depth)) = folders.pop_front() {
            if depth > DEEPEST {
                return Err(Failure::lasting(format!("`{folder}` lies more than {DEEPEST} folders deep")));
            }
            for file in self.session.read_dir(&folder).await? {
                seen += 1;
                if seen > MOST_FILES {
                    return Err(Failure::lasting(format!(
                        "there are more than {MOST_FILES} files; name a folder below"
                    )));
                }
                let (name, kind) = (plain_name(&file)?, file.file_type());
                let path = format!("{}/{name}", folder.trim_end_matches('/'));
                if kind.is_dir() {
                    folders.push_back((path, depth + 1));
                } else if kind.is_file() {
                    found.push(entry(&path, &name, &file.metadata()));
                }
            }
        }
        Ok(found)
    }
}

/// A name that leads nowhere else, whatever the server says.
fn plain_name(file: &DirEntry) -> Outcome<String> {
    let name = file.file_name();
    if name.is_empty() || name.contains(['/', '\0']) {
        return Err(Failure::lasting(format!("the server lists a file with the impossible name {name:?}")));
    }
    Ok(name)
}

fn entry(path: &str, name: &str, metadata: &Metadata) -> Listed {
    let modified = metadata.mtime.map(|seconds| seconds.to_string()).unwrap_or_default();
    let size = metadata.size.map(|bytes| bytes.to_string()).unwrap_or_default();
    let version = if modified.is_empty() && size.is_empty() { String::new() } else { format!("{modified}-{size}") };
    Listed { id: path.to_owned(), name: name.to_owned(), bytes: metadata.size, version }
}

impl From<SftpError> for Failure {
    fn from(error: SftpError) -> Self {
        match &error {
            SftpError::Status(status) => match status.status_code {
                StatusCode::NoSuchFile => Self::lasting("there is no such file or folder on the server"),
                StatusCode::PermissionDenied => {
                    Self::lasting("the server does not let this user read it; ask its administrator for the right to")
                }
                StatusCode::NoConnection | StatusCode::ConnectionLost => Self::transient(error.to_string()),
                _ => Self::lasting(format!("the server refuses: {error}")),
            },
            SftpError::Limited(_) => Self::lasting(error.to_string()),
            _ => Self::transient(format!("the connection failed: {error}")),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::transient(format!("the connection failed: {error}"))
    }
}
