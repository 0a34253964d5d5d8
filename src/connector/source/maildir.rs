//! The structure of Maildirs, and what their folders are called.

use std::ffi::OsStr;
use std::path::Path;

use super::utf7::decode_modified_utf7;

/// Whether a directory is a Maildir: it has `cur`, or `new` and `tmp` (copying tools lose empty directories).
pub(super) fn is_maildir(dir: &Path) -> bool {
    let has = |name| dir.join(name).symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    has("cur") || (has("new") && has("tmp"))
}

/// Whether a directory of a Maildir holds its messages.
pub(super) fn is_delivery(name: &OsStr) -> bool {
    name == "cur" || name == "new"
}

/// The folder of a directory `name` in the folder `parent`. In a Maildir, `.A.B` is the folder `A/B` (Maildir++).
pub(super) fn folder_below(parent: Option<&str>, name: &OsStr, in_maildir: bool) -> String {
    let name = name.to_string_lossy();
    let own = match name.strip_prefix('.').filter(|name| in_maildir && !name.is_empty()) {
        Some(name) => name.split('.').map(decoded).collect::<Vec<_>>().join("/"),
        None => decoded(&name),
    };
    parent.map_or_else(|| own.clone(), |parent| format!("{parent}/{own}"))
}

/// Names that do not decode are taken as they are.
fn decoded(name: &str) -> String {
    decode_modified_utf7(name).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names() {
        for (parent, name, in_maildir, folder) in [
            (None, ".Sent", true, "Sent"),
            (None, ".A.B", true, "A/B"),
            (None, ".Entw&APw-rfe.R&-D", true, "Entw\u{fc}rfe/R&D"),
            (None, ".R&D", true, "R&D"),
            (None, ".", true, "."),
            (None, ".a.b", false, ".a.b"),
            (Some("Work"), "Projects", true, "Work/Projects"),
            (Some("ann"), ".Sent", true, "ann/Sent"),
        ] {
            assert_eq!(folder_below(parent, OsStr::new(name), in_maildir), folder);
        }
    }
}
