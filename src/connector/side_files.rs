//! Files that a record names and that may lie beside it under one of several names.

use std::io;

use md5::{Digest, Md5};

use super::attached::Attached;
use super::input::Beside;

/// A file that a record names.
#[derive(Debug, Clone, Default)]
pub(super) struct SideFile {
    /// Paths at which it may lie that can only be its own: identifiers.
    pub(super) own_paths: Vec<String>,
    /// Paths at which another file may lie as well: names that people gave.
    pub(super) paths: Vec<String>,
    /// Its name; empty if the record gives none.
    pub(super) name: String,
    /// What it is called where it has no name: `image`.
    pub(super) kind: &'static str,
    /// Media type; empty if the record does not tell it.
    pub(super) media_type: &'static str,
    /// MD5 of its bytes in lower case hexadecimal; empty if not said.
    pub(super) md5: String,
}

/// A file that was found.
pub(super) struct FoundFile {
    /// Its bytes.
    pub(super) attached: Attached,
    /// Whether its MD5 is another than the record says.
    pub(super) differs: bool,
    /// Ending of a name for what its first bytes are; empty if they are not known.
    pub(super) extension: &'static str,
}

impl SideFile {
    /// Its name: the last component of the one given, else its kind.
    pub(super) fn plain_name(&self) -> &str {
        let last = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        if matches!(last, "" | "." | "..") || last.contains('\0') { self.kind } else { last }
    }

    /// Looks for it. What another file may lie at is taken only if its MD5 is right, where one is known; what is its own
    /// is taken in any case, if there is nothing better.
    pub(super) fn find(&self, beside: &Beside) -> Option<FoundFile> {
        let own = self.own_paths.iter().map(|path| (path, true));
        let mut differing = None;
        for (path, own) in own.chain(self.paths.iter().map(|path| (path, false))) {
            let Some(found) = self.look_at(path, beside) else { continue };
            if !found.differs {
                return Some(found);
            }
            differing = differing.or(Some(found).filter(|_| own));
        }
        differing
    }

    fn look_at(&self, path: &str, beside: &Beside) -> Option<FoundFile> {
        if !is_plain_path(path) {
            return None;
        }
        let (md5, head) = beside.take(path).ok().and_then(|mut attached| look(&mut attached).ok())?;
        // The bytes were read to their end; they are opened anew for the message.
        let attached = beside.take(path).ok()?;
        let differs = !self.md5.is_empty() && md5 != self.md5;
        Some(FoundFile { attached, differs, extension: extension(&head) })
    }
}

/// Whether a path leads to a file below the folder of the record and no component is longer than file systems allow.
fn is_plain_path(path: &str) -> bool {
    !path.contains('\0') && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255)
}

/// MD5 and first bytes.
fn look(attached: &mut Attached) -> io::Result<(String, Vec<u8>)> {
    let (mut md5, mut head, mut buffer) = (Md5::new(), Vec::new(), vec![0; 1 << 16]);
    let reader = attached.reader().reader;
    loop {
        let count = reader.read(&mut buffer)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            return Ok((data_encoding::HEXLOWER.encode(&md5.finalize()), head));
        }
        if head.len() < 16 {
            head.extend(bytes.iter().take(16));
        }
        md5.update(bytes);
    }
}

/// The usual ending of files that start like this.
fn extension(head: &[u8]) -> &'static str {
    const KNOWN: [(&[u8], &str); 7] = [
        (b"\xff\xd8\xff", "jpg"),
        (b"\x89PNG", "png"),
        (b"GIF8", "gif"),
        (b"BM", "bmp"),
        (b"#!AMR", "amr"),
        (b"ID3", "mp3"),
        (b"\x02#!SILK", "silk"),
    ];
    let known = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, extension)| *extension);
    known.unwrap_or(match (head.get(..4), head.get(4..8), head.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => "webp",
        (Some(b"RIFF"), _, Some(b"WAVE")) => "wav",
        (_, Some(b"ftyp"), _) => "mp4",
        _ => "",
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::connector::input::Attachments;

    #[test]
    fn a_file_is_found_under_the_names_it_may_have() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("media")).unwrap();
        fs::write(folder.path().join("media/1.jpg"), b"\xff\xd8\xff").unwrap();
        let beside = Beside::file(&folder.path().join("x.json"), &Attachments::default()).unwrap();
        let paths = || vec!["../1".to_owned(), "none".to_owned(), "media/1.jpg".to_owned()];
        let own = SideFile { own_paths: paths(), ..SideFile::default() };
        let found = own.find(&beside).unwrap();
        assert_eq!((found.extension, found.differs), ("jpg", false));
        let other = SideFile { md5: "0".repeat(32), ..own };
        assert!(other.find(&beside).unwrap().differs);
        let named = SideFile { own_paths: Vec::new(), paths: paths(), ..other };
        assert!(named.find(&beside).is_none());
    }

    #[test]
    fn names_are_plain() {
        for (name, plain) in
            [("a/b\\c.doc", "c.doc"), ("", "file"), ("x/..", "file"), ("..\\", "file"), ("q\0", "file")]
        {
            let file = SideFile { name: name.to_owned(), kind: "file", ..SideFile::default() };
            assert_eq!(file.plain_name(), plain, "{name:?}");
        }
    }
}
