//! From a location to its client.

use std::path::PathBuf;

use super::Remote;
use super::https::{HttpsPlace, Identity, https};
use super::imap::{Encryption, ImapPlace, imap};
use super::patience::Patience;
use super::s3::{Keys, S3Place, s3};
use super::sftp::{HostKeys, SftpLogin, SftpPlace, sftp};
use crate::connector::source::credentials::{Credentials, Secret};
use crate::connector::source::location::{HostKey, Location, Place, is_loopback};
use crate::{Error, Result};

/// A client of the source at `location`. It connects when it is first asked for something.
///
/// # Errors
/// The location is no remote source, or lacks a secret or what says that the server is the right one.
pub fn connect(location: &Location, credentials: &Credentials) -> Result<Box<dyn Remote>> {
    connect_patiently(location, credentials, Patience::default())
}

/// The same, with waits and repetitions of one's own.
///
/// # Errors
/// As for [`connect`].
pub fn connect_patiently(
    location: &Location,
    credentials: &Credentials,
    patience: Patience,
) -> Result<Box<dyn Remote>> {
    let secret = credentials.secret().cloned();
    let ca_file = location.ca_file.clone();
    match location.place.clone() {
        Place::Folder(path) => Err(Error::InvalidInput(format!("`{}` is a folder of this machine", path.display()))),
        Place::Sftp { user, host, port, path } => {
            let host_keys = match &location.host_key {
                Some(HostKey::Fingerprint(fingerprint)) => HostKeys::Fingerprint(fingerprint.clone()),
                Some(HostKey::KnownHosts(path)) => HostKeys::KnownHosts(path.clone()),
                None => HostKeys::KnownHosts(own_known_hosts()?),
            };
            let login = match (location.key_file.clone(), secret) {
                (Some(file), passphrase) => SftpLogin::Key { file, passphrase },
                (None, Some(password)) => SftpLogin::Password(password),
                (None, None) => return Err(missing("a password, or a private key by --key", location)),
            };
            sftp(SftpPlace { host, port, user, path, host_keys, login }, patience)
        }
        Place::Imap { tls, user, host, port, mailbox } => {
            let encryption = match tls {
                true => Encryption::FromTheBeginning,
                false if is_loopback(&host) => Encryption::IfOffered,
                false => Encryption::StartTls,
            };
            let oauth = location.oauth.clone();
            let what = if oauth.is_some() { "the secret of the client" } else { "a password" };
            let secret = secret.ok_or_else(|| missing(what, location))?;
            imap(ImapPlace { encryption, host, port, user, secret, oauth, mailbox, ca_file }, patience)
        }
        Place::S3 { bucket, prefix, endpoint, region } => {
            let keys = secret.as_ref().map(keys).transpose()?;
            s3(S3Place { bucket, prefix, endpoint, region, keys, ca_file }, patience)
        }
        Place::Https { user, url } => {
            let identity = match (user, secret) {
                (Some(user), Some(password)) => Identity::Basic { user, password },
                (Some(_), None) => return Err(missing("a password", location)),
                (None, Some(token)) => Identity::Bearer(token),
                (None, None) => Identity::Nobody,
            };
            https(HttpsPlace { url, identity, ca_file }, patience)
        }
    }
}

fn missing(what: &str, location: &Location) -> Error {
    Error::InvalidInput(format!(
        "`{}` needs {what}: name where the secret is kept, in a file, an environment variable or the system's keyring",
        location.place
    ))
}

fn keys(secret: &Secret) -> Result<Keys> {
    if secret.expose().split_once(':').is_none_or(|(id, key)| id.trim().is_empty() || key.trim().is_empty()) {
        return Err(Error::InvalidInput(
            "the secret of S3 storage is written as `access key id:secret access key`".to_owned(),
        ));
    }
    Ok(Keys(secret.clone()))
}

/// The known hosts of whoever runs this.
fn own_known_hosts() -> Result<PathBuf> {
    let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
    home.map(|home| home.join(".ssh/known_hosts")).ok_or_else(|| {
        Error::InvalidInput(
            "nothing says which key the SFTP server has: give its fingerprint or a file of known hosts by --host-key"
                .to_owned(),
        )
    })
}
