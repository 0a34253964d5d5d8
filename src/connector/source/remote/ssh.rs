//! SSH connections: whom the server is, and who asks.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use russh::client::{AuthResult, Config, Handle, Handler, KeyboardInteractiveAuthResponse, connect};
use russh::keys::known_hosts::known_host_keys_path;
use russh::keys::ssh_key::HashAlg;
use russh::keys::{
    PrivateKey, PrivateKeyWithHashAlg, PublicKey, PublicKeyBase64 as _, PublicKeyOrCertificate, decode_secret_key,
};
use russh::{MethodKind, Preferred};
use zeroize::Zeroizing;

use super::failure::{Failure, Outcome};
use crate::connector::source::credentials::Secret;

/// How the server proves who it is.
#[derive(Debug, Clone)]
pub(super) enum HostKeys {
    /// Its key has this fingerprint: `SHA256:` and 43 characters, as OpenSSH writes it.
    Fingerprint(String),
    /// Its key stands in this file, which has the form of OpenSSH's `known_hosts`.
    KnownHosts(PathBuf),
}

/// How we prove who we are.
#[derive(Debug, Clone)]
pub(super) enum SftpLogin {
    /// By a password, asked for as such or interactively.
    Password(Secret),
    /// By a private key in the forms of OpenSSH, PKCS#8, PKCS#1 or `PuTTY`.
    Key {
        /// The key's file, which only its owner may read.
        file: PathBuf,
        /// What the key is encrypted with, if it is.
        passphrase: Option<Secret>,
    },
}

/// Bytes of the longest known-hosts file that is read.
const LONGEST_KNOWN_HOSTS: u64 = 16 << 20;

/// Bytes of the longest private key that is read.
const LONGEST_KEY: u64 = 1 << 20;

/// Rounds of questions that a server may ask before it lets somebody in.
const MOST_QUESTIONS: usize = 4;

/// A connection to a server that proved who it is, before anything secret is sent.
pub(super) struct Server {
    host: String,
    port: u16,
    keys: HostKeys,
}

impl Handler for Server {
    type Error = Failure;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Outcome<bool> {
        self.check(&key.public_key()).map(|()| true)
    }
}

impl Server {
    fn check(&self, key: &PublicKey) -> Outcome<()> {
        let shown = key.fingerprint(HashAlg::Sha256).to_string();
        match &self.keys {
            HostKeys::Fingerprint(expected) if expected.trim() == shown => Ok(()),
            HostKeys::Fingerprint(expected) => Err(Failure::lasting(format!(
                "the host key of {} has the {} fingerprint {shown}, but {} is expected; ask its administrator which is \
                 right, and do not connect before",
                self.host,
                key.algorithm(),
                expected.trim()
            ))),
            HostKeys::KnownHosts(path) => self.look_up(key, path, &shown),
        }
    }

    fn look_up(&self, key: &PublicKey, path: &Path, shown: &str) -> Outcome<()> {
        let unreadable = |error: &dyn std::fmt::Display| {
            format!("the file of known hosts `{}` is unusable: {error}", path.display())
        };
        let revoked = revoked(path, key).map_err(|error| Failure::lasting(unreadable(&error)))?;
        let known = known_host_keys_path(&self.host, self.port, path);
        let known = known.map_err(|error| Failure::lasting(unreadable(&error)))?;
        if revoked {
            return Err(Failure::lasting(format!("the host key {shown} is revoked in `{}`", path.display())));
        }
        if known.iter().any(|(_, known)| known.key_data() == key.key_data()) {
            return Ok(());
        }
        let name = if self.port == 22 { self.host.clone() } else { format!("[{}]:{}", self.host, self.port) };
        let line = format!("{name} {} {}", key.algorithm(), key.public_key_base64());
        let (host, path) = (&self.host, path.display());
        Err(Failure::lasting(if known.is_empty() {
            format!(
                "the host key of {host} is not known: it has the {} fingerprint {shown}; if its administrator confirms \
                 that, add this line to `{path}`: {line}",
                key.algorithm()
            )
        } else {
            format!(
                "the host key of {host} is not the one in `{path}`: it has the {} fingerprint {shown}; somebody may be \
                 posing as it. If its administrator confirms the new key, replace the old line by: {line}",
                key.algorithm()
            )
        }))
    }
}

/// Whether a line of `path` revokes `key`. Also finds out that the file can be read, for the library takes an unreadable
/// one for an empty one.
fn revoked(path: &Path, key: &PublicKey) -> std::io::Result<bool> {
    let length = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        metadata => metadata?.len(),
    };
    if length > LONGEST_KNOWN_HOSTS {
        return Err(std::io::Error::other("it is far too long"));
    }
    let text = std::fs::read(path)?;
    let base64 = key.public_key_base64();
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().filter(|line| line.trim_start().starts_with("@revoked"));
    Ok(lines.any(|line| line.split_ascii_whitespace().any(|word| word == base64)))
}

/// Connects to a server and checks who it is. Nothing secret is sent.
pub(super) async fn open(host: &str, port: u16, keys: &HostKeys) -> Outcome<Handle<Server>> {
    let config = Config {
        inactivity_timeout: Some(Duration::from_mins(10)),
        keepalive_interval: Some(Duration::from_secs(20)),
        keepalive_max: 3,
        nodelay: true,
        preferred: preferred(host, port, keys),
        ..Config::default()
    };
    let server = Server { host: host.to_owned(), port, keys: keys.clone() };
    connect(Arc::new(config), (host, port), server).await
}

/// Asks first for the kinds of key that are known, as OpenSSH does: a server has several, and one is enough.
fn preferred(host: &str, port: u16, keys: &HostKeys) -> Preferred {
    let mut preferred = Preferred::default();
    if let HostKeys::KnownHosts(path) = keys
        && let Ok(known) = known_host_keys_path(host, port, path)
    {
        let is_known = |name: &str| {
            // RSA keys sign in several ways, which have names of their own.
            let same = |known: &str| known == name || (known == "ssh-rsa" && name.starts_with("rsa-"));
            known.iter().any(|(_, key)| same(key.algorithm().as_str()))
        };
        let (mut first, rest): (Vec<_>, Vec<_>) =
            preferred.key.iter().cloned().partition(|algorithm| is_known(algorithm.as_str()));
        first.extend(rest);
        preferred.key = first.into();
    }
    preferred
}

/// Gets in.
pub(super) async fn log_in(session: &mut Handle<Server>, user: &str, login: &SftpLogin) -> Outcome<()> {
    let result = match login {
        SftpLogin::Key { file, passphrase } => {
            let key = private_key(file, passphrase.as_ref())?;
            let hash = session.best_supported_rsa_hash().await?.flatten();
            session.authenticate_publickey(user, PrivateKeyWithHashAlg::new(Arc::new(key), hash)).await?
        }
        SftpLogin::Password(password) => match session.authenticate_password(user, password.expose()).await? {
            AuthResult::Failure { remaining_methods, .. }
                if remaining_methods.contains(&MethodKind::KeyboardInteractive) =>
            {
                return answer_questions(session, user, password).await;
            }
            other => other,
        },
    };
    match result {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { remaining_methods, partial_success } => {
            let offered: Vec<String> = remaining_methods.iter().map(<&'static str>::from).map(str::to_owned).collect();
            let more = if partial_success { ", and asks for more than that" } else { "" };
            Err(Failure::lasting(format!(
                "the server does not let `{user}` in{more}; it takes: {}. Check the user name and the credentials",
                offered.join(", ")
            )))
        }
    }
}

/// Reads a private key.
fn private_key(path: &Path, passphrase: Option<&Secret>) -> Outcome<PrivateKey> {
    let unusable = |why: &dyn std::fmt::Display| {
        Failure::lasting(format!("the private key `{}` cannot be used: {why}", path.display()))
    };
    let metadata = std::fs::metadata(path).map_err(|error| unusable(&error))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(unusable(&format!("other users may read it; run `chmod 600 {}`", path.display())));
    }
    if metadata.len() > LONGEST_KEY {
        return Err(unusable(&"it is too long for one"));
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|error| unusable(&error))?);
    decode_secret_key(&text, passphrase.map(Secret::expose))
        .map_err(|error| unusable(&format!("{error}; check its form and its passphrase")))
}

/// Gives the password to a server that asks for it in words.
async fn answer_questions(session: &mut Handle<Server>, user: &str, password: &Secret) -> Outcome<()> {
    let mut answer = session.authenticate_keyboard_interactive_start(user, None).await?;
    for _ in 0..MOST_QUESTIONS {
        let prompts = match answer {
            KeyboardInteractiveAuthResponse::Success => return Ok(()),
            KeyboardInteractiveAuthResponse::Failure { .. } => break,
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        if prompts.len() > 1 {
            return Err(Failure::lasting("the server asks for more than a password; give it a key instead"));
        }
        let answers = prompts.iter().map(|_| password.expose().to_owned()).collect();
        answer = session.authenticate_keyboard_interactive_respond(answers).await?;
    }
    Err(Failure::lasting(format!("the server does not let `{user}` in; check the user name and the password")))
}

impl From<russh::Error> for Failure {
    fn from(error: russh::Error) -> Self {
        match error {
            russh::Error::NoCommonAlgo { .. } | russh::Error::Version | russh::Error::WrongServerSig => {
                Self::lasting(format!("the SSH server cannot be used: {error}"))
            }
            other => Self::transient(format!("the connection failed: {other}")),
        }
    }
}
