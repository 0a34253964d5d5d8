//! Files known by their first bytes or their name that are not read, and what to do about them.

/// First bytes, and the reason why a file that starts with them is not read.
const MAGIC: [(&[u8], &str); 13] = [
    (b"\x1f\x8b", "gzip-compressed; decompress it first (`gunzip`)"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed; decompress it first (`unzstd`)"),
    (b"BZh", "bzip2-compressed; decompress it first (`bunzip2`)"),
    (b"\xfd7zXZ\x00", "xz-compressed; decompress it first (`unxz`)"),
    (b"\x04\x22\x4d\x18", "lz4-compressed; decompress it first (`unlz4`)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first (`7z x`)"),
    (b"Rar!\x1a\x07", "a rar archive; unpack it first (`unrar x`)"),
    (b"!BDN", "an Outlook data file, not a message; it is read by `--as pst`"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office file; if it is an Outlook message, say `--as msg`"),
    (b"\x78\x9f\x3e\x22", "a TNEF attachment (winmail.dat) without its message, not supported yet"),
    (b"SQLite format 3\x00", "an SQLite database, not a message"),
    (b"%PDF-", "a PDF document, not a message"),
    (b"\x00\x05\x16\x07", "AppleDouble data of macOS (`._` file), not a message"),
];

/// How names of files that Dovecot and Courier keep beside messages start.
const PREFIXES: [&str; 9] = [
    ".dovecot.",
    "dovecot.index",
    "dovecot.list.index",
    "dovecot.mailbox.log",
    "dovecot-acl",
    "dovecot-keywords",
    "dovecot-uid",
    "courierimap",
    "._",
];

/// Whole names of files that mail programs keep beside messages.
const BOOKKEEPING: [&str; 20] = [
    ".ds_store",
    "thumbs.db",
    "desktop.ini",
    "maildirfolder",
    "maildirsize",
    "subscriptions",
    ".customflags",
    ".subscriptions",
    ".uidvalidity",
    ".mbsyncstate",
    ".mbsyncstate.journal",
    ".mbsyncstate.lock",
    ".isyncuidmap.db",
    ".mh_sequences",
    ".xmhcache",
    ".mailboxlist",
    "popstate.dat",
    "msgfilterrules.dat",
    "panacea.dat",
    "virtualfolders.dat",
];

/// Why a file with these first bytes is not read, if they are known.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    let tar = head.get(257..262) == Some(b"ustar");
    let known = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    known.map(|(_, reason)| *reason).or(tar.then_some("a tar archive; unpack it first (`tar xf`)"))
}

/// Whether a file is what a mail program keeps beside messages: indexes, sizes, subscriptions.
pub(super) fn is_bookkeeping(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BOOKKEEPING.contains(&name.as_str())
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || std::path::Path::new(&name).extension().is_some_and(|extension| extension == "msf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_formats_are_named() {
        assert!(foreign(b"\x1f\x8b\x08").unwrap().contains("gunzip"));
        assert!(foreign(b"!BDN").unwrap().contains("Outlook"));
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert!(foreign(&tar).unwrap().contains("tar"));
        assert_eq!(foreign(b"From: ann"), None);
        assert_eq!(foreign(b""), None);
    }

    #[test]
    fn bookkeeping_of_mail_programs() {
        for name in [".DS_Store", "dovecot.index.cache", "dovecot-uidlist", "maildirsize", "Inbox.msf", "._a.eml"] {
            assert!(is_bookkeeping(name), "{name}");
        }
        for name in ["Inbox", "a.eml", "dovecot", "1220863042.12663_1.host:2,S", ""] {
            assert!(!is_bookkeeping(name), "{name}");
        }
    }
}
