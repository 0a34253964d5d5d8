//! Files that hold one message: eml, and the files of a Maildir.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::connector::file_range::FileRange;
use crate::connector::{LARGE, Raw};

/// Reads the rest of a file of `len` bytes which starts with `head`: whole, or not at all.
///
/// # Errors
/// The file cannot be read, or its length has changed: then a part of the message might be missing.
pub(in crate::connector) fn read_single(mut file: File, len: u64, mut head: Vec<u8>) -> io::Result<Raw> {
    let raw = if len <= LARGE {
        let missing = len.saturating_sub(head.len() as u64);
        head.reserve_exact(missing as usize);
        (&mut file).take(missing).read_to_end(&mut head)?;
        if (head.len() as u64) < len {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was read"));
        }
        Raw::Memory(head)
    } else {
        Raw::Stored(Arc::new(FileRange::new(Arc::new(file.try_clone()?), 0, len)))
    };
    match file.read_at(&mut [0], len)? {
        0 => Ok(raw),
        _ => Err(io::Error::other("the file grew while it was read")),
    }
}
