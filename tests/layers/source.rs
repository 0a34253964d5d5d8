//! A source file as the rules see it: code without comments, strings and tests.

use std::fs;
use std::path::Path;

/// One source file.
pub(crate) struct Source {
    /// Path below `src`, components separated by `/`.
    pub(crate) path: String,
    /// All of its text.
    pub(crate) text: String,
    /// Its text with comments and literals made blank.
    pub(crate) bare: String,
    /// The same without test modules.
    pub(crate) code: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let bare = without_literals(text);
        let code = without_tests(&bare);
        Self { path: path.to_owned(), text: text.to_owned(), bare, code }
    }

    /// Whether the whole file is part of the tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "golden")
    }

    /// The module that the file is, from the crate's root.
    pub(crate) fn module(&self) -> Vec<String> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let inner = stem.strip_prefix("bin/custodia/").unwrap_or(stem);
        let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
        if parts.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
            parts.pop();
        }
        parts
    }
}

/// Every source file below `root`, in order.
pub(crate) fn read_all(root: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).expect("the sources can be listed") {
            let path = entry.expect("the sources can be listed").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(root).expect("found below the root").to_string_lossy().replace('\\', "/");
                found.push(Source::new(&below, &fs::read_to_string(&path).expect("a source file is text")));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// `text` with comments, and what stands in string and character literals, made blank; lines stay lines.
fn without_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let rest = chars.get(at..).unwrap_or_default();
        let continues_word = code.chars().last().is_some_and(is_word);
        let skipped = match c {
            '/' if rest.get(1) == Some(&'/') => rest.iter().take_while(|c| **c != '\n').count(),
            '/' if rest.get(1) == Some(&'*') => block_comment(rest),
            '"' => quoted(rest, 0),
            'r' | 'b' | 'c' if !continues_word => prefixed(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped == 0 {
            code.push(c);
            at += 1;
        } else {
            let (gone, _) = rest.split_at(skipped.min(rest.len()));
            code.push(' ');
            code.extend(gone.iter().filter(|c| **c == '\n'));
            at += skipped;
        }
    }
    code
}

/// Length of a block comment, nested ones included.
fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < rest.len() {
        match (rest.get(at), rest.get(at + 1)) {
            (Some('/'), Some('*')) => (depth, at) = (depth + 1, at + 2),
            (Some('*'), Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Length of a string literal whose quote stands at `start`.
fn quoted(rest: &[char], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match rest.get(at) {
            None | Some('"') => return at + 1,
            Some('\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// Length of a literal with a prefix (`r"`, `br#"`, `b'`, `c"`); 0 if there is none.
fn prefixed(rest: &[char]) -> usize {
    let letters = rest.iter().take_while(|c| matches!(c, 'r' | 'b' | 'c')).take(2).count();
    let raw = rest.get(..letters).is_some_and(|prefix| prefix.contains(&'r'));
    let hashes = if raw { rest.iter().skip(letters).take_while(|c| **c == '#').count() } else { 0 };
    match rest.get(letters + hashes) {
        Some('"') if raw => raw_string(rest, letters + hashes + 1, hashes),
        Some('"') => quoted(rest, letters),
        Some('\'') if letters == 1 && rest.first() == Some(&'b') => {
            let length = character(rest.get(1..).unwrap_or_default());
            if length == 0 { 0 } else { length + 1 }
        }
        _ => 0,
    }
}

fn raw_string(rest: &[char], start: usize, hashes: usize) -> usize {
    let mut at = start;
    while at < rest.len() {
        let closes =
            rest.get(at) == Some(&'"') && rest.iter().skip(at + 1).take_while(|c| **c == '#').count() >= hashes;
        at += 1;
        if closes {
            return at + hashes;
        }
    }
    at
}

/// Length of a character literal; 0 for a lifetime.
fn character(rest: &[char]) -> usize {
    match (rest.get(1), rest.get(2)) {
        (Some('\\'), _) => rest.iter().skip(3).take_while(|c| **c != '\'').count() + 4,
        (Some(_), Some('\'')) => 3,
        _ => 0,
    }
}

pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `code` up to and between its test modules.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once(MARK) {
        kept.push_str(before);
        rest = after.get(item_length(after)..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// Length of the item at the start of `code`: to its semicolon, or its closing brace.
fn item_length(code: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}
