//! Files of messages: a notification has only their ids; who fetched the bytes has put them beside it.

use crate::connector::converter::side_files::{Checksum, SideFile};

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

/// A file by its id, its name, its type and its SHA-256 in base64, each empty if not given. It may lie as `<id>` or
/// `<id>.<extension>` beside the notification or in a folder `media` beside it.
pub(super) fn file(id: &str, name: &str, media_type: &str, sha256: &str) -> SideFile {
    let extension = extensions(media_type).first().map(|extension| format!(".{extension}")).unwrap_or_default();
    let is_named = !name.is_empty();
    let name = if is_named { name.to_owned() } else { format!("{id}{extension}") };
    SideFile {
        own_paths: paths(id, &name, media_type),
        name,
        is_named,
        media_type: media_type.to_owned(),
        checksum: if sha256.is_empty() { Checksum::Unknown } else { Checksum::Sha256(sha256.to_owned()) },
        ..SideFile::default()
    }
}

fn paths(id: &str, name: &str, media_type: &str) -> Vec<String> {
    // Ids are digits; nothing else may choose which file of a folder becomes part of a message.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.is_empty() || !id.bytes().all(plain) {
        return Vec::new();
    }
    let own = name.rsplit_once('.').map(|(_, extension)| extension);
    let own = own.filter(|extension| extension.len() <= 8 && extension.bytes().all(plain));
    let extended = own.into_iter().chain(extensions(media_type).iter().copied());
    let names = std::iter::once(id.to_owned()).chain(extended.map(|extension| format!("{id}.{extension}")));
    names.flat_map(|name| [format!("media/{name}"), name]).collect()
}

/// The extensions of a type, whatever its parameters.
fn extensions(media_type: &str) -> &'static [&'static str] {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(essence)).map_or(&[], |(_, extensions)| *extensions)
}
