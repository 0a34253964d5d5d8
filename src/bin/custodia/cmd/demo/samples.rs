//! The bundled samples: mail and chats of a small firm in March 2019.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use custodia::{Error, Result};

macro_rules! samples {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("samples/", $path)).as_slice())),*]
    };
}

/// Each file with its path below the folder of the sources.
const FILES: &[(&str, &[u8])] = samples![
    "mail/01-new-price.eml",
    "mail/02-may-i-hint.eml",
    "mail/03-no-hints.eml",
    "mail/04-umowa.eml",
    "mail/05-uwagi.eml",
    "mail/06-kousei.eml",
    "mail/07-baojia.eml",
    "mail/08-gyeonjeok.eml",
    "mail/09-announcement.eml",
    "mail/10-order.eml",
    "mail/11-your-talks.eml",
    "mail/12-parcel.eml",
    "mail/daily-life.mbox",
    "chats/sms.jsonl",
    "chats/wechat.jsonl",
    "chats/whatsapp.jsonl",
];

/// Where the samples were written.
pub(super) struct Sources {
    pub(super) mail: PathBuf,
    pub(super) chats: PathBuf,
}

/// Creates `directory`, which must not exist, and writes the samples into it.
pub(super) fn write(directory: &Path) -> Result<Sources> {
    if let Some(parent) = directory.parent() {
        fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    }
    match DirBuilder::new().create(directory) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Error::AlreadyExists { what: "demo directory", id: directory.display().to_string() });
        }
        created => created.map_err(Error::io("create", directory))?,
    }
    let root = directory.join("sources");
    let sources = Sources { mail: root.join("mail"), chats: root.join("chats") };
    for folder in [&sources.mail, &sources.chats] {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    for (name, bytes) in FILES {
        let path = root.join(name);
        fs::write(&path, bytes).map_err(Error::io("write", path))?;
    }
    Ok(sources)
}
