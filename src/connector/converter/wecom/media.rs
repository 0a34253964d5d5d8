//! Files that records name.

use serde_json::Value;

use crate::connector::converter::json::{number, shown, text};
use crate::connector::converter::side_files::{Checksum, SideFile, plain_name};

/// The file of a body; `None` if it names none. `message` is the id of its record.
pub(super) fn file(kind: &str, body: &Value, message: &str) -> Option<SideFile> {
    let (word, media_type, endings) = sort(kind, body)?;
    let (md5, id, name) = (text(body, "md5sum"), text(body, "sdkfileid"), text(body, "filename"));
    if md5.is_empty() && id.is_empty() && name.is_empty() {
        return None;
    }
    let given = shown(body, "fileext");
    let endings: Vec<&str> = [given.as_str()].into_iter().filter(|ending| !ending.is_empty()).chain(endings).collect();
    // A file named by the id alone may be the record itself.
    let (bare, own) = paths(&[message, md5, id], &endings).into_iter().partition(|path| is_named(path, message));
    let is_md5 = md5.len() == 32 && md5.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some(SideFile {
        own_paths: own,
        paths: if md5.is_empty() { paths(&[name], &endings) } else { [bare, paths(&[name], &endings)].concat() },
        name: plain_name(name, word).to_owned(),
        is_completed: true,
        media_type: media_type.to_owned(),
        checksum: if is_md5 { Checksum::Md5(md5.to_ascii_lowercase()) } else { Checksum::Unknown },
        ..SideFile::default()
    })
}

/// What a file is called, its media type, and the endings that its name may have.
fn sort(kind: &str, body: &Value) -> Option<(&'static str, &'static str, Vec<&'static str>)> {
    Some(match kind {
        "image" => ("image", "", vec!["jpg", "jpeg", "png", "gif"]),
        "voice" => ("voice.amr", "audio/amr", vec!["amr", "silk", "mp3", "wav"]),
        "video" => ("video.mp4", "video/mp4", vec!["mp4"]),
        "emotion" if number(body, "type") == Some(1) => ("sticker.gif", "image/gif", vec!["gif"]),
        "emotion" if number(body, "type") == Some(2) => ("sticker.png", "image/png", vec!["png"]),
        "emotion" => ("sticker", "", vec!["gif", "png"]),
        "meeting_voice_call" => ("audio", "", vec!["amr", "mp3", "wav", "mp4"]),
        "file" | "voip_doc_share" | "qydiskfile" => ("file", "", Vec::new()),
        _ => return None,
    })
}

/// Where a file with one of these names may lie.
fn paths(names: &[&str], endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for name in names.iter().filter(|name| is_file_name(name)) {
        let bare = name.rsplit_once('.').map(|(bare, _)| bare.to_owned()).filter(|bare| !bare.is_empty());
        let ended = endings.iter().map(|ending| format!("{name}.{ending}"));
        for candidate in [(*name).to_owned()].into_iter().chain(ended).chain(bare) {
            found.push(format!("media/{candidate}"));
            found.push(candidate);
        }
    }
    found
}

fn is_named(path: &str, name: &str) -> bool {
    path == name || path.strip_prefix("media/") == Some(name)
}

fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 250 && !name.contains(['/', '\\', '\0'])
}
