//! Names of files and folders that every system takes.

/// Most bytes of a name: file systems take 255, and archivers add to them.
const LONGEST: usize = 120;

/// Names that Windows keeps for devices, whatever extension they have.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// `text` as the name of one file or folder: without what separates paths, what a system refuses, and what a reader does not
/// see. Different texts can give one name.
pub fn file_name(text: &str) -> String {
    let shown: String = text.trim().chars().map(|c| if is_allowed(c) { c } else { '_' }).collect();
    let mut name = String::with_capacity(shown.len().min(LONGEST));
    for c in shown.chars() {
        if name.len() + c.len_utf8() > LONGEST {
            break;
        }
        name.push(c);
    }
    let kept = name.trim_end_matches(['.', ' ']).len();
    name.truncate(kept);
    if name.is_empty() || name.starts_with(['.', '-', '~', '=', '+', '@']) || is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// `path` of a folder of the archive as a path of folders, `/` between them. None of them has a name that a file of an
/// export has.
pub fn folder_name(path: &str) -> String {
    let names = path.split('/').filter(|level| !level.trim().is_empty()).map(|level| {
        let name = file_name(level);
        let is_like_a_file = [".eml", ".mbox", ".rsmf"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        if is_like_a_file { format!("{name}_") } else { name }
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { "_".to_owned() } else { names.join("/") }
}

/// Whether `name` is one file or folder and nothing else, on every system.
pub(super) fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.chars().all(is_allowed)
}

fn is_allowed(c: char) -> bool {
    let is_refused = c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{fffd}');
    // Characters that change how the name is shown, or show nothing.
    let is_hidden = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    !is_refused && !is_hidden
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().find_map(|device| stem.strip_prefix(device));
    DEVICES.contains(&stem.as_str()) || numbered.is_some_and(|digit| digit.chars().count() == 1 && digit != "0")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_what_every_system_takes() {
        for (text, name) in [
            ("Inbox", "Inbox"),
            ("ann@firm.example", "ann@firm.example"),
            ("合同 2024", "合同 2024"),
            ("a/b\\c:d", "a_b_c_d"),
            ("..", "_"),
            ("../../etc/passwd", "_.._.._etc_passwd"),
            (".profile", "_.profile"),
            ("-rf", "_-rf"),
            ("=1+1", "_=1+1"),
            ("trailing. . ", "trailing"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("COM1", "_COM1"),
            ("COM10", "COM10"),
            ("console", "console"),
            ("exe\u{202e}fdp", "exe_fdp"),
            ("a\nb\0c", "a_b_c"),
            ("", "_"),
        ] {
            assert_eq!(file_name(text), name, "{text:?}");
        }
        assert_eq!(file_name(&"ł".repeat(300)), "ł".repeat(60));
    }

    #[test]
    fn folders_keep_their_levels() {
        for (path, name) in [
            ("WhatsApp Archiver", "WhatsApp Archiver"),
            ("Top of file/Inbox", "Top of file/Inbox"),
            ("a//b/", "a/b"),
            ("../x", "_/x"),
            ("/", "_"),
            ("old.EML/x", "old.EML_/x"),
        ] {
            assert_eq!(folder_name(path), name, "{path:?}");
        }
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_its_folder(text in "\\PC{0,40}|[./\\\\a ~\u{202e}\r\n\0-]{0,20}") {
            let name = file_name(&text);
            prop_assert!(!name.is_empty() && name.len() <= LONGEST + 1);
            prop_assert!(!name.contains(['/', '\\', '\n', '\r', '\0']) && name != "." && name != "..");
            for level in folder_name(&text).split('/') {
                prop_assert!(is_file_name(level));
            }
        }
    }
}
