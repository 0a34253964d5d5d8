//! Checkpoints of an audit log, as they are kept in files.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use custodia::archive::AuditCheckpoint;
use custodia::evidence::NoteVerifier;
use custodia::{Error, Result};

use crate::args::AgainstArgs;
use crate::ui::Ui;

/// Most bytes of one that is read.
const LARGEST: u64 = 64 << 10;

/// A checkpoint that something is to be compared with.
pub(crate) struct GivenCheckpoint {
    pub(crate) checkpoint: AuditCheckpoint,
    /// Whose signature on it was checked, if one was.
    pub(crate) signed_by: Option<String>,
}

/// The checkpoint that is named, if one is.
///
/// # Errors
/// It cannot be read, it is none, or it is not signed with the key.
pub(crate) fn read_checkpoint(args: &AgainstArgs, ui: &Ui) -> Result<Option<GivenCheckpoint>> {
    let key = args.key.as_deref().map(str::parse::<NoteVerifier>).transpose().map_err(Error::InvalidInput)?;
    args.against.as_deref().map(|path| read(path, key.as_ref(), ui)).transpose()
}

fn read(path: &Path, key: Option<&NoteVerifier>, ui: &Ui) -> Result<GivenCheckpoint> {
    if !fs::metadata(path).map_err(Error::io("read", path))?.is_file() {
        return Err(Error::InvalidInput(format!("`{}` is no file", path.display())));
    }
    let mut note = String::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(LARGEST).read_to_string(&mut note).map_err(Error::io("read", path))?;
    let text = key
        .map_or(Ok(note.as_str()), |key| key.open(&note))
        .map_err(|why| Error::Untrusted(format!("the checkpoint `{}`: {why}", path.display())))?;
    let checkpoint = text.parse().map_err(|why| Error::InvalidInput(format!("`{}`: {why}", path.display())))?;
    if key.is_none() && note.contains("\n\u{2014} ") {
        ui.warn("the checkpoint is signed, and its signature was not checked: say --key");
    }
    Ok(GivenCheckpoint { checkpoint, signed_by: key.map(|key| key.name().to_owned()) })
}
