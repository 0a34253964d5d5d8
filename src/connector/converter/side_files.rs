//! Files that a record names and that may lie beside it under one of several names.

use std::io;

use data_encoding::{BASE64, HEXLOWER};
use md5::{Digest, Md5};
use sha2::Sha256;

use crate::connector::attached::Attached;
use crate::connector::input::Beside;

/// A file that a record names.
#[derive(Debug, Clone, Default)]
pub(super) struct SideFile {
    /// Paths at which it may lie that can only be its own: identifiers.
    pub(super) own_paths: Vec<String>,
    /// Paths at which another file may lie as well: names that people gave.
    pub(super) paths: Vec<String>,
    /// Its name in the message.
    pub(super) name: String,
    /// Whether a name without an ending gets the one that is usual for its first bytes.
    pub(super) is_completed: bool,
    /// Whether people gave it its name. If it is missing, the name becomes text: only text and attachments are searched.
    pub(super) is_named: bool,
    /// What the record calls it; empty if that is its name.
    pub(super) called: String,
    /// Media type; empty if the record does not tell it.
    pub(super) media_type: String,
    /// What its bytes should be.
    pub(super) checksum: Checksum,
}

/// What a record says of the bytes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Checksum {
    /// Nothing.
    #[default]
    Unknown,
    /// Their MD5 in lower case hexadecimal.
    Md5(String),
    /// Their SHA-256 in base64.
    Sha256(String),
}

/// A file that was found.
pub(super) struct FoundFile {
    /// Its bytes.
    pub(super) attached: Attached,
    /// Whether its checksum is another than the record says.
    pub(super) differs: bool,
    /// Ending of a name for what its first bytes are; empty if they are not known.
    pub(super) extension: &'static str,
}

impl SideFile {
    /// Looks for it. What another file may lie at is taken only if its checksum is right, where one is known; what is its
    /// own is taken in any case, if there is nothing better.
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
        let mut attached = beside.take(path).ok()?;
        if self.checksum == Checksum::Unknown && !self.is_completed {
            return Some(FoundFile { attached, differs: false, extension: "" });
        }
        let (checksum, head) = look(&mut attached, &self.checksum).ok()?;
        // The bytes were read to their end; they are opened anew for the message.
        let attached = beside.take(path).ok()?;
        Some(FoundFile { attached, differs: checksum != self.checksum, extension: extension(&head) })
    }
}

/// The last component of a name or path; `otherwise` if that names no file.
pub(super) fn plain_name<'a>(name: &'a str, otherwise: &'a str) -> &'a str {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    if matches!(last, "" | "." | "..") || last.contains('\0') { otherwise } else { last }
}

/// Whether a path leads to a file below the folder of the record and no component is longer than file systems allow.
fn is_plain_path(path: &str) -> bool {
    !path.contains('\0') && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255)
}

/// The checksum of the sort of `declared`, and the first bytes.
fn look(attached: &mut Attached, declared: &Checksum) -> io::Result<(Checksum, Vec<u8>)> {
    let mut head = Vec::new();
    let checksum = match declared {
        Checksum::Unknown => {
            read(attached, &mut head, |_| {})?;
            Checksum::Unknown
        }
        Checksum::Md5(_) => {
            let mut md5 = Md5::new();
            read(attached, &mut head, |bytes| md5.update(bytes))?;
            Checksum::Md5(HEXLOWER.encode(&md5.finalize()))
        }
        Checksum::Sha256(_) => {
            let mut sha256 = Sha256::new();
            read(attached, &mut head, |bytes| sha256.update(bytes))?;
            Checksum::Sha256(BASE64.encode(&sha256.finalize()))
        }
    };
    Ok((checksum, head))
}

/// Hands out all bytes, and keeps the first.
fn read(attached: &mut Attached, head: &mut Vec<u8>, mut update: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    let reader = attached.reader().reader;
    loop {
        let count = reader.read(&mut buffer)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        if head.len() < 16 {
            head.extend(bytes.iter().take(16));
        }
        update(bytes);
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
        let own = SideFile { own_paths: paths(), is_completed: true, ..SideFile::default() };
        let found = own.find(&beside).unwrap();
        assert_eq!((found.extension, found.differs), ("jpg", false));
        for (checksum, differs) in [
            (Checksum::Md5("0".repeat(32)), true),
            (Checksum::Md5(HEXLOWER.encode(&Md5::digest(b"\xff\xd8\xff"))), false),
            (Checksum::Sha256(BASE64.encode(&Sha256::digest(b"\xff\xd8\xff"))), false),
            (Checksum::Sha256("x".to_owned()), true),
        ] {
            let other = SideFile { checksum, is_completed: false, ..own.clone() };
            assert_eq!(other.find(&beside).unwrap().differs, differs);
            let named = SideFile { own_paths: Vec::new(), paths: paths(), ..other };
            assert_eq!(named.find(&beside).is_none(), differs);
        }
    }

    #[test]
    fn names_are_plain() {
        for (name, plain) in
            [("a/b\\c.doc", "c.doc"), ("", "file"), ("x/..", "file"), ("..\\", "file"), ("q\0", "file")]
        {
            assert_eq!(plain_name(name, "file"), plain, "{name:?}");
        }
    }
}
