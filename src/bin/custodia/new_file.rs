//! Files that commands write.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::Path;

use custodia::{Error, Result};

/// Creates a file, which must not exist, and has it written; it is gone again if that fails.
pub(crate) fn write_new<T>(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> Result<T>) -> Result<T> {
    if path == Path::new("-") {
        return Err(Error::InvalidInput(
            "this is written to a file that stays, not to standard output: name one (`./-` if it is to be called so)"
                .to_owned(),
        ));
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(Error::io("create", path))?;
    let mut out = BufWriter::with_capacity(1 << 16, file);
    let written = write(&mut out).and_then(|result| {
        let synced = out.flush().and_then(|()| out.get_ref().sync_all());
        synced.map(|()| result).map_err(Error::io("write", path))
    });
    if written.is_err() {
        // A half file would only be in the way of the next attempt.
        std::fs::remove_file(path).ok();
    }
    written
}
