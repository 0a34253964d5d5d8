//! The secrets of sources: read when they are needed, kept nowhere, printed never.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use zeroize::Zeroizing;

use crate::model::CredentialSource;
use crate::{Error, Result};

/// Bytes of the longest secret.
const LONGEST: u64 = 64 << 10;

/// A secret in memory, overwritten when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A secret without the line end that editors leave behind it.
    ///
    /// # Errors
    /// It is empty, or no text.
    fn new(bytes: &[u8], from: &CredentialSource) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| refused(from, "it is no text"))?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(refused(from, "it is empty"));
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself, for whoever sends it to the source.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What a source is shown.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    secret: Option<Secret>,
}

impl Credentials {
    /// Reads the secret from where it is kept.
    ///
    /// # Errors
    /// It is not there, other users may read it, or it is empty.
    pub fn read(source: &CredentialSource) -> Result<Self> {
        let secret = match source {
            CredentialSource::None => None,
            CredentialSource::File(path) => Some(from_file(Path::new(path), source)?),
            CredentialSource::Environment(name) => {
                let value = std::env::var_os(name).ok_or_else(|| refused(source, "it is not set"))?;
                Some(Secret::new(&Zeroizing::new(value.into_encoded_bytes()), source)?)
            }
            CredentialSource::Keyring(service) => Some(from_keyring(service, source)?),
        };
        Ok(Self { secret })
    }

    /// The secret; `None` for a source without one.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }
}

fn from_file(path: &Path, source: &CredentialSource) -> Result<Secret> {
    let file = File::open(path).map_err(Error::io("read the secret in", path))?;
    // Of the file that is open, not of what the path leads to by then.
    let metadata = file.metadata().map_err(Error::io("read the secret in", path))?;
    if !metadata.is_file() {
        return Err(refused(source, "it is no file"));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(refused(source, &format!("other users may read or change it; run `chmod 600 {}`", path.display())));
    }
    if metadata.len() > LONGEST {
        return Err(refused(source, "it is longer than 64 KiB"));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
    file.take(LONGEST).read_to_end(&mut bytes).map_err(Error::io("read the secret in", path))?;
    Secret::new(&bytes, source)
}

#[cfg(feature = "remote")]
fn from_keyring(service: &str, source: &CredentialSource) -> Result<Secret> {
    let found = keyring::Entry::new(service, "custodia").and_then(|entry| entry.get_password());
    let password = Zeroizing::new(found.map_err(|error| match error {
        keyring::Error::NoEntry => refused(source, &format!("it has none; {}", to_store(service))),
        keyring::Error::NoDefaultStore => refused(
            source,
            "there is no keyring here, as in a job without a session of the user; keep the secret in a file, with \
             --secret-file, or run where the keyring is unlocked",
        ),
        error => refused(source, &error.to_string()),
    })?);
    Secret::new(password.as_bytes(), source)
}

/// How somebody puts a secret where it is looked for.
#[cfg(feature = "remote")]
fn to_store(service: &str) -> String {
    if cfg!(target_os = "macos") {
        return format!("store it with `security add-generic-password -s '{service}' -a custodia -w`");
    }
    format!("store it with `secret-tool store --label=custodia service '{service}' username custodia`")
}

#[cfg(not(feature = "remote"))]
fn from_keyring(_: &str, source: &CredentialSource) -> Result<Secret> {
    Err(refused(source, "this build of custodia cannot read keyrings; name a file or an environment variable"))
}

fn refused(source: &CredentialSource, why: &str) -> Error {
    Error::InvalidInput(format!("cannot take the secret from {source}: {why}"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_secret_is_read_from_a_private_file_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        let source = CredentialSource::File(path.display().to_string());
        let read = |mode: u32, content: &[u8]| {
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Credentials::read(&source)
        };
        assert_eq!(read(0o600, b"s3cret \r\n").unwrap().secret().unwrap().expose(), "s3cret ");
        assert_eq!(read(0o400, b"a\nb").unwrap().secret().unwrap().expose(), "a\nb");
        for (mode, content, why) in [
            (0o640, &b"s3cret"[..], "chmod 600"),
            (0o604, b"s3cret", "chmod 600"),
            (0o600, b"\n", "it is empty"),
            (0o600, b"\xff", "no text"),
            (0o600, "x".repeat(70_000).as_bytes(), "longer than"),
        ] {
            let error = read(mode, content).unwrap_err().to_string();
            assert!(error.contains(why) && !error.contains("s3cret"), "{error}");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::remove_file(&path).unwrap();
        assert!(matches!(Credentials::read(&source), Err(Error::Io { .. })));
        let folder = CredentialSource::File(directory.path().display().to_string());
        assert!(Credentials::read(&folder).is_err());
    }

    #[test]
    fn a_secret_that_is_not_set_says_so_and_none_is_none() {
        let source = CredentialSource::Environment("CUSTODIA_NO_SUCH_SECRET".to_owned());
        let error = Credentials::read(&source).unwrap_err().to_string();
        assert_eq!(error, "cannot take the secret from environment variable CUSTODIA_NO_SUCH_SECRET: it is not set");
        assert!(Credentials::read(&CredentialSource::None).unwrap().secret().is_none());
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new(b"s3cret", &CredentialSource::None).unwrap();
        let credentials = Credentials { secret: Some(secret) };
        assert!(!format!("{credentials:?}").contains("s3cret"));
    }
}
