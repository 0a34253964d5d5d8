//! Keys that sign checkpoints of the audit log. They are kept outside of the archive.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::shell_word;
use crate::evidence::{NoteSigner, NoteVerifier};
use crate::{Error, Result};

/// Bytes of the longest file of a key.
const LONGEST: u64 = 4 << 10;

/// Makes a key and writes it to the file `path`, which must not exist and which only its owner can read. Returns the key that
/// its signatures are checked with.
///
/// # Errors
/// No key can have the name, there are no random numbers, or the file cannot be written.
pub fn new_signing_key(name: &str, path: &Path) -> Result<NoteVerifier> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(|error| Error::io("get random numbers for", path)(error.into()))?;
    let signer = NoteSigner::new(name, &seed).map_err(Error::InvalidInput)?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(Error::io("create", path))?;
    let text = Zeroizing::new(format!("{}\n", *signer.to_text()));
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // A half key would only be in the way of the next attempt.
        fs::remove_file(path).ok();
    }
    written.map_err(Error::io("write", path))?;
    Ok(signer.verifier())
}

/// Reads a key that signs.
///
/// # Errors
/// The file cannot be read, others than its owner can read it, or it has no key in it.
pub fn read_signing_key(path: &Path) -> Result<NoteSigner> {
    let refused = |why: &str| Error::InvalidInput(format!("cannot sign with `{}`: {why}", path.display()));
    // Looked at before it is opened: a named pipe would wait for a writer.
    if !fs::metadata(path).map_err(Error::io("read", path))?.is_file() {
        return Err(refused("it is no file"));
    }
    let file = File::open(path).map_err(Error::io("read", path))?;
    let metadata = file.metadata().map_err(Error::io("read", path))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(refused(&format!(
            "other users may read or change it; run `chmod 600 {}`",
            shell_word(&path.display().to_string())
        )));
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(LONGEST).unwrap_or_default()));
    file.take(LONGEST).read_to_string(&mut text).map_err(Error::io("read", path))?;
    text.parse().map_err(|why: String| refused(&why))
}
