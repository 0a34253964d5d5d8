//! Looking for what was destroyed.

use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use super::TestArchive;

/// Every file of the archive with its bytes.
pub(crate) fn archive_files(archive: &TestArchive) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(archive.directory()).into_iter().map(|entry| entry.expect("entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).expect("file"))).collect()
}

pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// The content of every zstd frame that stands anywhere in `bytes`.
pub(crate) fn unpacked(bytes: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let starts = memchr::memmem::find_iter(bytes, &[0x28, 0xB5, 0x2F, 0xFD]);
    let unpack = |start: usize| {
        let mut content = Vec::new();
        let decoder = zstd::Decoder::with_buffer(bytes.get(start..)?).ok()?.single_frame();
        // A frame may be cut short by a page that was used again; what can be read of it counts too.
        decoder.take(64 << 20).read_to_end(&mut content).ok();
        Some((start, content))
    };
    starts.filter_map(unpack).collect()
}
