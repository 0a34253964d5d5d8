//! Where a connector fetches: addresses, taken apart.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::model::{ConnectorSource, OauthClient};
use crate::{Error, Result};

/// A place that deliveries are fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A folder of an SFTP server.
    Sftp {
        /// The account.
        user: String,
        /// Host name or address, without brackets.
        host: String,
        /// 22 unless the address says another.
        port: u16,
        /// The folder: absolute, or empty for the one that the server begins in.
        path: String,
    },
    /// A mailbox of an IMAP server.
    Imap {
        /// Whether TLS begins with the connection (`imaps`); else by STARTTLS, which only a server on this very machine
        /// may do without.
        tls: bool,
        /// The account.
        user: String,
        /// Host name or address, without brackets.
        host: String,
        /// 993 with TLS from the beginning, else 143, unless the address says another.
        port: u16,
        /// The mailbox: `INBOX` unless the address says another.
        mailbox: String,
    },
    /// A bucket of S3-compatible storage.
    S3 {
        /// Its name.
        bucket: String,
        /// What the keys begin with; may be empty.
        prefix: String,
        /// Address of the service (`https://...`); `None` means Amazon's.
        endpoint: Option<String>,
        /// Its region.
        region: Option<String>,
    },
    /// A directory of a web server.
    Https {
        /// The account of Basic authentication; without one, a secret is a bearer token.
        user: Option<String>,
        /// The address without the account, with `/` at its end.
        url: String,
    },
}

/// What says that an SFTP server is the right one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKey {
    /// Its key has this fingerprint: `SHA256:...`, as `ssh-keygen -l` prints it.
    Fingerprint(String),
    /// Its key stands in this file, in the format of `known_hosts`.
    KnownHosts(PathBuf),
}

/// A place, and what makes sure that it is the right one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The place.
    pub place: Place,
    /// SFTP: the key that the server must have.
    pub host_key: Option<HostKey>,
    /// SFTP: the private key that the server knows us by; a secret is its passphrase then.
    pub key_file: Option<PathBuf>,
    /// TLS: the certificates (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// IMAP: how tokens are asked for; a secret is that of the client then.
    pub oauth: Option<OauthClient>,
}

impl Location {
    /// Takes the address and options of a connector apart.
    ///
    /// # Errors
    /// [`InvalidInput`](Error::InvalidInput): the address cannot be read, holds a secret, or an option does not belong to it.
    pub fn of(source: &ConnectorSource) -> Result<Self> {
        let place = Place::parse(&source.from).map_err(Error::InvalidInput)?;
        let (sftp, tls) =
            (matches!(place, Place::Sftp { .. }), !matches!(place, Place::Folder(_) | Place::Sftp { .. }));
        if let Some(client) = &source.oauth {
            token_url(&client.token_url).map_err(Error::InvalidInput)?;
        }
        let misplaced = [
            ("--token-url", source.oauth.is_some() && !matches!(place, Place::Imap { .. })),
            ("--host-key", source.host_key.is_some() && !sftp),
            ("--key", source.key_file.is_some() && !sftp),
            ("--ca-file", source.ca_file.is_some() && !tls),
        ];
        if let Some((option, _)) = misplaced.into_iter().find(|(_, is_misplaced)| *is_misplaced) {
            return Err(Error::InvalidInput(format!("{option} means nothing for `{place}`; leave it out")));
        }
        let host_key = source.host_key.as_ref().map(|key| {
            if key.starts_with("SHA256:") {
                HostKey::Fingerprint(key.clone())
            } else {
                HostKey::KnownHosts(PathBuf::from(key))
            }
        });
        let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
        let (key_file, ca_file) = (path(&source.key_file), path(&source.ca_file));
        Ok(Self { place, host_key, key_file, ca_file, oauth: source.oauth.clone() })
    }
}

impl Place {
    /// Reads an address: `sftp://user@host:port/path`, `imaps://user@host/mailbox`, `imap://user@host/mailbox`,
    /// `s3://bucket/prefix?endpoint=https://host&region=name`, `https://host/path/`, `file:///path`, or a path.
    ///
    /// # Errors
    /// It is none of these, or holds a secret: a text for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((scheme, rest)) = text.split_once("://") else { return folder(text) };
        match scheme.to_ascii_lowercase().as_str() {
            "file" => folder(&decoded(rest.strip_prefix("localhost").unwrap_or(rest))?),
            "sftp" => sftp(rest),
            "imaps" => imap(rest, true),
            "imap" => imap(rest, false),
            "s3" => s3(rest),
            "https" => web(rest, "https"),
            "http" => web(rest, "http"),
            _ => Err(format!(
                "unknown sort of source `{scheme}://`; known are a folder, sftp, imaps, imap, s3 and https"
            )),
        }
    }
}

impl fmt::Display for Place {
    /// For people; it holds no secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Sftp { user, host, port, path } => write!(f, "sftp://{user}@{host}:{port}{path}"),
            Self::Imap { tls, user, host, port, mailbox } => {
                write!(f, "imap{}://{user}@{host}:{port}/{mailbox}", if *tls { "s" } else { "" })
            }
            Self::S3 { bucket, prefix, .. } => write!(f, "s3://{bucket}/{prefix}"),
            Self::Https { url, .. } => f.write_str(url),
        }
    }
}

fn folder(text: &str) -> Result<Place, String> {
    if text.is_empty() || text.contains('\0') {
        return Err("a connector needs the folder or address that it fetches from".to_owned());
    }
    Ok(Place::Folder(PathBuf::from(text)))
}

/// What stands between `://` and the path.
struct Authority {
    user: Option<String>,
    host: String,
    port: Option<u16>,
}

/// The authority at the start of `rest`, and what follows it.
fn authority(rest: &str) -> Result<(Authority, &str), String> {
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, server) = match authority.rsplit_once('@') {
        Some((user, server)) => (Some(user), server),
        None => (None, authority),
    };
    if user.is_some_and(|user| user.contains(':')) {
        return Err(
            "the address holds a password, which would stand in the archive and in the list of processes; leave \
                    it out and say --secret-file, --secret-env or --secret-keyring"
                .to_owned(),
        );
    }
    let (host, port) = match server.strip_prefix('[').and_then(|server| server.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => server.split_once(':').map_or((server, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(format!("`{server}` is no host"));
    }
    let port = port.map(|port| port.parse().map_err(|_| format!("`{port}` is no port: write a number up to 65535")));
    let user = user.filter(|user| !user.is_empty()).map(decoded).transpose()?;
    Ok((Authority { user, host: host.to_ascii_lowercase(), port: port.transpose()? }, path))
}

fn sftp(rest: &str) -> Result<Place, String> {
    let (Authority { user, host, port }, path) = authority(rest)?;
    let user = user.ok_or("the address names no account: write sftp://user@host/path")?;
    let path = decoded(path.trim_end_matches('/'))?;
    // As in other programs, `/~/in` is relative to the folder that the server begins in.
    let path = if path == "/~" { String::new() } else { path.strip_prefix("/~/").map_or(path.clone(), str::to_owned) };
    Ok(Place::Sftp { user, host, port: port.unwrap_or(22), path })
}

fn imap(rest: &str, tls: bool) -> Result<Place, String> {
    let (Authority { user, host, port }, path) = authority(rest)?;
    let user =
        user.ok_or("the address names no account: write imaps://user@host/mailbox (with %40 for @ in the account)")?;
    let mailbox = Some(decoded(path.trim_matches('/'))?).filter(|mailbox| !mailbox.is_empty());
    let port = port.unwrap_or(if tls { 993 } else { 143 });
    Ok(Place::Imap { tls, user, host, port, mailbox: mailbox.unwrap_or_else(|| "INBOX".to_owned()) })
}

fn s3(rest: &str) -> Result<Place, String> {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
    if bucket.contains(['@', ':']) {
        return Err(
            "the address holds an account: write s3://bucket/prefix and give the access key by --secret-file, \
                    --secret-env or --secret-keyring, as `access key id:secret access key`"
                .to_owned(),
        );
    }
    if bucket.is_empty() {
        return Err("the address names no bucket: write s3://bucket/prefix".to_owned());
    }
    let (mut endpoint, mut region) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("endpoint", value)) => endpoint = Some(decoded(value)?),
            Some(("region", value)) => region = Some(decoded(value)?),
            _ => return Err(format!("`{pair}` is unknown after s3://bucket/prefix?; known are endpoint and region")),
        }
    }
    if let Some(endpoint) = &endpoint {
        let rest = endpoint.strip_prefix("https://").map(|rest| (rest, true));
        let rest = rest.or_else(|| endpoint.strip_prefix("http://").map(|rest| (rest, false)));
        let (rest, tls) = rest.ok_or("the endpoint of S3 storage is an address: endpoint=https://host")?;
        let (Authority { host, user, .. }, _) = authority(rest)?;
        if user.is_some() || !(tls || is_loopback(&host)) {
            return Err("the endpoint of S3 storage is https:// and names no account".to_owned());
        }
    }
    Ok(Place::S3 { bucket: bucket.to_owned(), prefix: decoded(prefix)?, endpoint, region })
}

fn web(rest: &str, scheme: &str) -> Result<Place, String> {
    let (Authority { user, host, port }, path) = authority(rest)?;
    if scheme == "http" && !is_loopback(&host) {
        return Err("http:// would send messages and secrets in clear; write https://".to_owned());
    }
    if path.contains(['?', '#']) {
        return Err("the address of a directory has no `?` and no `#`".to_owned());
    }
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Ok(Place::Https { user, url: format!("{scheme}://{host}{port}{}/", path.trim_end_matches('/')) })
}

/// Checks the address of a token endpoint, which is sent a secret.
fn token_url(text: &str) -> Result<(), String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (Authority { host, user, .. }, _) = authority(rest)?;
    if user.is_some() || !(scheme == "https" || scheme == "http" && is_loopback(&host)) {
        return Err("the address of a token endpoint is https:// and names no account".to_owned());
    }
    Ok(())
}

/// Whether a host is this very machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `text` with `%40` and its like decoded (RFC 3986 section 2.1).
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).filter(|code| byte == b'%' && code.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        if let Some(decoded) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(decoded);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains(['\0', '\r', '\n']))
        .ok_or_else(|| format!("`{text}` is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(from: &str) -> ConnectorSource {
        let credentials = crate::model::CredentialSource::None;
        ConnectorSource {
            from: from.to_owned(),
            host_key: None,
            key_file: None,
            ca_file: None,
            oauth: None,
            credentials,
        }
    }

    #[test]
    fn addresses_are_taken_apart() {
        for (text, place) in [
            ("/in/whatsapp", "Folder(\"/in/whatsapp\")"),
            ("in", "Folder(\"in\")"),
            ("file:///in/a%20b", "Folder(\"/in/a b\")"),
            ("sftp://ann@Host", "Sftp { user: \"ann\", host: \"host\", port: 22, path: \"\" }"),
            ("SFTP://ann@host:2222/in/", "Sftp { user: \"ann\", host: \"host\", port: 2222, path: \"/in\" }"),
            ("sftp://ann@host/~/in", "Sftp { user: \"ann\", host: \"host\", port: 22, path: \"in\" }"),
            ("sftp://ann@[::1]:22/in", "Sftp { user: \"ann\", host: \"::1\", port: 22, path: \"/in\" }"),
            (
                "imaps://ann%40firm.example@mail.example/Journal",
                "Imap { tls: true, user: \"ann@firm.example\", host: \"mail.example\", port: 993, mailbox: \"Journal\" }",
            ),
            (
                "imap://ann@host:1143",
                "Imap { tls: false, user: \"ann\", host: \"host\", port: 1143, mailbox: \"INBOX\" }",
            ),
            ("s3://b/in/", "S3 { bucket: \"b\", prefix: \"in/\", endpoint: None, region: None }"),
            (
                "s3://b?endpoint=https://s3.example:9000&region=eu",
                "S3 { bucket: \"b\", prefix: \"\", endpoint: Some(\"https://s3.example:9000\"), region: Some(\"eu\") }",
            ),
            ("https://ann@h/in", "Https { user: Some(\"ann\"), url: \"https://h/in/\" }"),
            ("http://127.0.0.1:8080/", "Https { user: None, url: \"http://127.0.0.1:8080/\" }"),
        ] {
            assert_eq!(format!("{:?}", Place::parse(text).unwrap()), place, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, why) in [
            ("", "needs the folder"),
            ("ftp://host/", "unknown sort of source"),
            ("sftp://host/in", "names no account"),
            ("sftp://ann:secret@host/in", "holds a password"),
            ("https://ann:secret@host/", "holds a password"),
            ("imaps://:secret@host/", "holds a password"),
            ("s3://key:secret@bucket/", "holds an account"),
            ("s3:///in", "names no bucket"),
            ("s3://b?secret=1", "is unknown after"),
            ("s3://b?endpoint=s3.example", "is an address"),
            ("s3://b?endpoint=http://s3.example", "is https"),
            ("sftp://ann@host:99999/in", "is no port"),
            ("sftp://ann@/in", "is no host"),
            ("http://host/", "in clear"),
            ("https://host/?a", "has no `?`"),
            ("sftp://ann@host/%00", "is no text"),
            ("sftp://ann@host/%ff", "is no text"),
        ] {
            let error = Place::parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("secret@"), "{text}: {error}");
        }
    }

    #[test]
    fn options_belong_to_their_sort_of_source() {
        let with = |from, host_key: Option<&str>, ca_file: Option<&str>| {
            let (host_key, ca_file) = (host_key.map(str::to_owned), ca_file.map(str::to_owned));
            Location::of(&ConnectorSource { host_key, ca_file, ..source(from) })
        };
        let fingerprint = with("sftp://a@h/", Some("SHA256:abc"), None).unwrap().host_key;
        assert_eq!(fingerprint, Some(HostKey::Fingerprint("SHA256:abc".to_owned())));
        let file = with("sftp://a@h/", Some("/etc/ssh/ssh_known_hosts"), None).unwrap().host_key;
        assert_eq!(file, Some(HostKey::KnownHosts("/etc/ssh/ssh_known_hosts".into())));
        assert!(with("https://h/", None, Some("ca.pem")).is_ok());
        for (from, host_key, ca_file) in
            [("in", Some("x"), None), ("in", None, Some("x")), ("https://h/", Some("x"), None)]
        {
            let error = with(from, host_key, ca_file).unwrap_err().to_string();
            assert!(error.contains("means nothing for"), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_address_is_a_panic(text in "([a-z3]{2,5}://)?\\PC{0,40}") {
            Place::parse(&text).ok();
        }
    }
}
