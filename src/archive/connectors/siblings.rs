//! Files that lie beside a delivery at its source, were taken by an earlier run, and are named in it: a longer export of a
//! chat names the pictures of the shorter one again, and without them its messages would be other ones.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::connector::remote::Listed;
use crate::{Error, Result};

/// Bytes of the longest word in which a name is looked for.
const LONGEST_WORD: usize = 4096;

/// Bytes at the start of a file that tell whether it is text.
const HEAD: usize = 4096;

/// What a source has that earlier runs took.
#[derive(Default)]
pub(super) struct Siblings {
    /// By key.
    taken: BTreeMap<String, Listed>,
    /// Keys of those that were fetched again and lie in the spool.
    fetched: HashSet<String>,
}

impl Siblings {
    /// An earlier run took it.
    pub(super) fn add(&mut self, listed: Listed) {
        self.taken.insert(listed.id.clone(), listed);
    }

    /// The spool was emptied.
    pub(super) fn forget_fetched(&mut self) {
        self.fetched.clear();
    }

    /// Those that the text of a delivery in `file` names and that lie in its folder, or below. Each is given once for a
    /// round. Names are compared by their last words, so that more may be given than are named.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn named_in(&mut self, delivery: &Listed, file: &Path) -> Result<Vec<Listed>> {
        let folder = delivery.id.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let mut by_word: HashMap<&str, Vec<&Listed>> = HashMap::new();
        for (id, listed) in self.taken.range(folder.clone()..).take_while(|(id, _)| id.starts_with(&folder)) {
            if *id == delivery.id || self.fetched.contains(id) {
                continue;
            }
            let word = last_word(&listed.name);
            let stem = word.rsplit_once('.').map_or(word, |(stem, _)| stem);
            by_word.entry(word).or_default().push(listed);
            if stem != word {
                by_word.entry(stem).or_default().push(listed);
            }
        }
        if by_word.is_empty() {
            return Ok(Vec::new());
        }
        let mut named: BTreeMap<&str, Listed> = BTreeMap::new();
        words(file, &mut |word| {
            for listed in by_word.get(word).into_iter().flatten() {
                named.entry(listed.id.as_str()).or_insert_with(|| (*listed).clone());
            }
        })
        .map_err(Error::io("read", file))?;
        let named: Vec<Listed> = named.into_values().collect();
        self.fetched.extend(named.iter().map(|listed| listed.id.clone()));
        Ok(named)
    }
}

/// What stands between the words of chats, of JSON and of paths.
fn separates(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'<>()[]{},:;/\\|=*".contains(&byte)
}

/// A word without marks that cannot be seen, and the like around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn last_word(name: &str) -> &str {
    let mut words = name.split(|c: char| u8::try_from(c).is_ok_and(separates)).map(bare);
    words.rfind(|word| !word.is_empty()).unwrap_or(name)
}

/// Hands out the words of a text; a file that is none has none.
fn words(file: &Path, visit: &mut dyn FnMut(&str)) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, std::fs::File::open(file)?);
    let mut head = Vec::new();
    std::fs::File::open(file)?.take(HEAD as u64).read_to_end(&mut head)?;
    if head.contains(&0) || head.starts_with(b"PK") {
        return Ok(());
    }
    let mut word: Vec<u8> = Vec::new();
    loop {
        let buffer = reader.fill_buf()?;
        let len = buffer.len();
        for &byte in buffer {
            if !separates(byte) {
                if word.len() < LONGEST_WORD {
                    word.push(byte);
                }
            } else if !word.is_empty() {
                visit(bare(&String::from_utf8_lossy(&word)));
                word.clear();
            }
        }
        if len == 0 {
            visit(bare(&String::from_utf8_lossy(&word)));
            return Ok(());
        }
        reader.consume(len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: &str) -> Listed {
        let name = id.rsplit('/').next().unwrap_or_default().to_owned();
        Listed { id: id.to_owned(), name, bytes: None, version: "1".to_owned() }
    }

    #[test]
    fn what_a_text_names_in_its_folder_is_found_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chat.txt");
        let text = "Ann: \u{200e}IMG-1.jpg (file attached)\n{\"path\":\"media/77\",\"a\":\"My plan.pdf\"} end.amr";
        std::fs::write(&file, text).unwrap();
        let mut siblings = Siblings::default();
        for id in ["in/IMG-1.jpg", "in/media/77.mp4", "in/My plan.pdf", "in/end.amr", "in/other.jpg", "out/IMG-1.jpg"] {
            siblings.add(listed(id));
        }
        let named = |siblings: &mut Siblings| -> Vec<String> {
            let found = siblings.named_in(&listed("in/chat.txt"), &file).unwrap();
            found.into_iter().map(|listed| listed.id).collect()
        };
        assert_eq!(named(&mut siblings), ["in/IMG-1.jpg", "in/My plan.pdf", "in/end.amr", "in/media/77.mp4"]);
        assert!(named(&mut siblings).is_empty());
        siblings.forget_fetched();
        std::fs::write(&file, b"PK\x03\x04 IMG-1.jpg").unwrap();
        assert!(named(&mut siblings).is_empty(), "a zip file brings its own");
    }
}
