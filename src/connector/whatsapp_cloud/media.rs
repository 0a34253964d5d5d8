//! Files of messages: a notification has only their ids; who fetched the bytes has put them beside it.

use std::io;

use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use crate::connector::attached::Attached;
use crate::connector::input::Beside;
use crate::message::converted::{AttachmentRef, AttachmentSource};

/// A file that a message names.
#[derive(Debug)]
pub(super) struct Media {
    /// The platform's id of it.
    id: String,
    /// Its name: the sender's, else the id with the extension that its type asks for.
    pub(super) name: String,
    media_type: String,
    /// SHA-256 of the bytes in base64; empty if not given.
    sha256: String,
}

/// Extensions of the types that chats carry; the first is the one that a file without a name gets.
const EXTENSIONS: [(&str, &[&str]); 22] = [
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/png", &["png"]),
    ("image/webp", &["webp"]),
    ("image/gif", &["gif"]),
    ("video/mp4", &["mp4"]),
    ("video/3gpp", &["3gp"]),
    ("video/quicktime", &["mov"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/aac", &["aac"]),
    ("audio/amr", &["amr"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/mp4", &["m4a", "mp4"]),
    ("application/pdf", &["pdf"]),
    ("application/msword", &["doc"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.ms-powerpoint", &["ppt"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/zip", &["zip"]),
    ("text/csv", &["csv"]),
    ("text/plain", &["txt"]),
];

impl Media {
    /// A file by its id, its name, its type and its SHA-256 in base64, each empty if not given.
    pub(super) fn new(id: &str, name: &str, media_type: &str, sha256: &str) -> Self {
        let extension = extensions(media_type).first().map(|extension| format!(".{extension}")).unwrap_or_default();
        let name = if name.is_empty() { format!("{id}{extension}") } else { name.to_owned() };
        Self { id: id.to_owned(), name, media_type: media_type.to_owned(), sha256: sha256.to_owned() }
    }

    /// How the record names it.
    pub(super) fn reference(&self) -> AttachmentRef {
        let source = AttachmentSource::Path(self.name.clone());
        AttachmentRef { name: self.name.clone(), media_type: self.media_type.clone(), source }
    }

    /// Its bytes, and what is wrong with them. `None` if they are not there: as `<id>` or `<id>.<extension>` beside the
    /// notification or in a folder `media` beside it.
    pub(super) fn find(&self, beside: &Beside) -> Option<(Attached, Option<String>)> {
        // Ids are digits; nothing else may choose which file of a folder becomes part of a message.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.id.is_empty() || !self.id.bytes().all(plain) {
            return None;
        }
        let own = self.name.rsplit_once('.').map(|(_, extension)| extension);
        let own = own.filter(|extension| extension.len() <= 8 && extension.bytes().all(plain));
        let extended = own.into_iter().chain(extensions(&self.media_type).iter().copied());
        let names =
            std::iter::once(self.id.clone()).chain(extended.map(|extension| format!("{}.{extension}", self.id)));
        names.flat_map(|name| [format!("media/{name}"), name]).find_map(|path| self.take(beside, &path))
    }

    fn take(&self, beside: &Beside, path: &str) -> Option<(Attached, Option<String>)> {
        let mut read = beside.take(path).ok()?;
        let defect = match self.is_declared(&mut read) {
            Ok(true) => None,
            Ok(false) => Some(format!("the SHA-256 of {} is not the one that the notification declares", self.name)),
            Err(error) => Some(format!("the SHA-256 of {} could not be checked: {}", self.name, error.kind())),
        };
        // Bytes can be read only once more than they were measured.
        Some((beside.take(path).ok()?, defect))
    }

    fn is_declared(&self, file: &mut Attached) -> io::Result<bool> {
        if self.sha256.is_empty() {
            return Ok(true);
        }
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
        let file = file.reader();
        loop {
            let count = file.reader.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            hasher.update(buffer.get(..count).unwrap_or_default());
        }
        Ok(BASE64.encode(&hasher.finalize()) == self.sha256)
    }
}

/// The extensions of a type, whatever its parameters.
fn extensions(media_type: &str) -> &'static [&'static str] {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(essence)).map_or(&[], |(_, extensions)| *extensions)
}
