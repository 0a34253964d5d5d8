//! Checkpoints of an audit log, as they are kept in files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use custodia::archive::AuditCheckpoint;
use custodia::evidence::NoteVerifier;
use custodia::{Error, Result};

use crate::args::AgainstArgs;

/// Most bytes of one that is read.
const LARGEST: u64 = 64 << 10;

/// The checkpoint that something is to be compared with, if one is named.
///
/// # Errors
/// It cannot be read, it is none, or it is not signed with the key.
pub(crate) fn read_checkpoint(args: &AgainstArgs) -> Result<Option<AuditCheckpoint>> {
    let key = args.key.as_deref().map(str::parse::<NoteVerifier>).transpose().map_err(Error::InvalidInput)?;
    args.against.as_deref().map(|path| read(path, key.as_ref())).transpose()
}

fn read(path: &Path, key: Option<&NoteVerifier>) -> Result<AuditCheckpoint> {
    let mut note = String::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(LARGEST).read_to_string(&mut note).map_err(Error::io("read", path))?;
    let text = key
        .map_or(Ok(note.as_str()), |key| key.open(&note))
        .map_err(|why| Error::Corrupt(format!("the checkpoint `{}` cannot be trusted: {why}", path.display())))?;
    text.parse().map_err(|why| Error::InvalidInput(format!("`{}`: {why}", path.display())))
}
