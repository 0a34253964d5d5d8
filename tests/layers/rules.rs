//! What a source file may name, and how it may look.

use crate::paths::{CodePath, Token, absolute, paths, tokens};
use crate::source::Source;

/// The rooms of the house; a room uses those of lower floors only, never its own floor's.
const FLOORS: [&[&str]; 7] = [
    &["model"],
    &["error"],
    &["text"],
    &["message", "extract", "people", "retention", "query", "evidence"],
    &["store", "index", "connector", "exporter"],
    &["archive"],
    &["bin"],
];

/// The highest floor that knows no file, network, environment or clock.
const PURE: usize = 3;

/// Crates, and the only places that may name them.
const OWNED: [(&str, &str); 7] = [
    ("redb", "store/"),
    ("bincode", "store/codec.rs"),
    ("tantivy", "index/"),
    ("jiff", "model/time_zone.rs"),
    ("clap", "bin/"),
    ("indicatif", "bin/"),
    ("ctrlc", "bin/"),
];

/// Parts of one room that never name each other: what fetches deliveries does not know what reads them.
const APART: [[&str; 2]; 2] =
    [["connector/source", "connector/converter"], ["connector/converter", "connector/source"]];

const PRINTERS: [&str; 4] = ["print", "println", "eprint", "eprintln"];
const LONGEST: usize = 400;

/// Every way in which `source` breaks a rule.
pub(crate) fn violations(source: &Source) -> Vec<String> {
    let tokens = tokens(&source.code);
    let paths = paths(&tokens);
    let mut found = shape(source);
    if !source.is_test() {
        found.extend(direction(source, &paths));
        found.extend(separation(source, &paths));
        found.extend(owners(source, &tokens));
        found.extend(printing(source, &tokens));
        found.extend(purity(source, &paths));
        if paths.iter().any(|path| path.iter().any(|part| part == "super") && path.last().is_some_and(|p| p == "*")) {
            found.push("imports everything of its parent".to_owned());
        }
    }
    found.iter().map(|what| format!("{}: {what}", source.path)).collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The room that a file is in; `None` for the library's root, which names all.
fn room(source: &Source) -> Option<String> {
    let first = source.path.split('/').next()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (name != "lib").then(|| name.to_owned())
}

fn direction(source: &Source, paths: &[CodePath]) -> Vec<String> {
    let Some(here) = room(source) else { return Vec::new() };
    let Some(level) = floor(&here) else { return vec![format!("is in `{here}`, which is on no floor")] };
    let mut found = Vec::new();
    for path in paths {
        let Some(target) = target(path, &here, &source.module()) else { continue };
        match floor(&target) {
            None => found.push(format!("names `{target}`, which is on no floor")),
            Some(_) if target == here => {}
            Some(other) if other >= level => found.push(format!("names `{target}`, which is not below `{here}`")),
            Some(_) if here == "bin" && ["store", "index"].contains(&target.as_str()) => {
                found.push(format!("names `{target}` past the archive"));
            }
            Some(_) => {}
        }
    }
    found
}

fn separation(source: &Source, paths: &[CodePath]) -> Vec<String> {
    let mut found = Vec::new();
    for [here, other] in APART.into_iter().filter(|[here, _]| source.path.starts_with(&format!("{here}/"))) {
        let leads =
            |path: &CodePath| absolute(path, &source.module()).is_some_and(|path| path.join("/").starts_with(other));
        if paths.iter().any(leads) {
            found.push(format!("names `{other}`, which `{here}` does not know"));
        }
    }
    found
}

/// The room of this project that `path` leads to.
fn target(path: &[String], here: &str, module: &[String]) -> Option<String> {
    let path = match path.split_first() {
        Some((first, rest)) if first == "custodia" => rest.to_vec(),
        _ if here == "bin" => return None,
        _ => absolute(path, module)?,
    };
    match path.first()?.as_str() {
        "Error" | "Result" => Some("error".to_owned()),
        "*" => Some("*".to_owned()),
        first => Some(first.to_owned()),
    }
}

fn owners(source: &Source, tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, owner) in OWNED {
        let named = tokens.iter().any(|token| matches!(token, Token::Word(word) if word == name));
        if named && !source.path.starts_with(owner) {
            found.push(format!("names `{name}`, which only {owner} may"));
        }
    }
    found
}

fn printing(source: &Source, tokens: &[Token]) -> Vec<String> {
    if source.path.starts_with("bin/custodia/ui/") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let next = tokens.get(at + 1);
        let macro_call = PRINTERS.contains(&word.as_str()) && next == Some(&Token::Other('!'));
        // After a dot it is that of another process.
        let of_child = at.checked_sub(1).and_then(|before| tokens.get(before)) == Some(&Token::Other('.'));
        if macro_call || (!of_child && ["stdout", "stderr", "Stdout", "Stderr"].contains(&word.as_str())) {
            found.push(format!("prints with `{word}`"));
        }
    }
    found
}

fn purity(source: &Source, paths: &[CodePath]) -> Vec<String> {
    if room(source).and_then(|room| floor(&room)).is_none_or(|level| level > PURE) {
        return Vec::new();
    }
    let impure = |path: &&CodePath| {
        let has = |names: &[&str]| path.windows(names.len()).any(|part| part == names);
        ["fs", "net", "env", "process", "thread", "*"].iter().any(|module| has(&["std", module]))
            || [["Utc", "now"], ["Local", "now"]].iter().any(|names| has(names))
            || has(&["SystemTime"])
            || has(&["Instant"])
    };
    paths.iter().filter(impure).map(|path| format!("names `{}`, but is pure", path.join("::"))).collect()
}

fn shape(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for part in source.path.split('/') {
        let name = part.strip_suffix(".rs").unwrap_or(part);
        if ["util", "utils", "helper", "helpers", "common", "misc"].contains(&name) {
            found.push(format!("`{name}` says nothing about what is in it"));
        }
    }
    let lines = source.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default().lines().count();
    if lines > LONGEST && !source.is_test() {
        found.push(format!("has {lines} lines before its tests; {LONGEST} are the most"));
    }
    found
}

/// Files that no `mod` line leads to.
pub(crate) fn unlisted(sources: &[Source]) -> Vec<String> {
    let listed = |source: &&Source| {
        let mut module = source.module();
        let Some(name) = module.pop() else { return true };
        let in_bin = source.path.starts_with("bin/");
        sources.iter().any(|parent| {
            parent.path.starts_with("bin/") == in_bin && parent.module() == module && declares(parent, &name)
        })
    };
    sources.iter().filter(|source| !listed(source)).map(|source| format!("{}: is no module", source.path)).collect()
}

fn declares(parent: &Source, name: &str) -> bool {
    let all = tokens(&parent.bare);
    all.windows(3).any(|part| match part {
        [Token::Word(keyword), Token::Word(module), Token::Other(';')] => keyword == "mod" && module == name,
        _ => false,
    })
}

/// Commands with a file of their own that nobody can call.
pub(crate) fn uncalled_commands(sources: &[Source]) -> Vec<String> {
    const FOLDER: &str = "bin/custodia/cmd/";
    let called: Vec<CodePath> = sources
        .iter()
        .filter(|source| source.path == format!("{FOLDER}mod.rs"))
        .flat_map(|source| paths(&tokens(&source.code)))
        .collect();
    let commands = sources.iter().filter_map(|source| source.path.strip_prefix(FOLDER)?.strip_suffix(".rs"));
    commands
        .filter(|name| *name != "mod" && !name.contains('/'))
        .filter(|name| !called.iter().any(|path| path == &[(*name).to_owned(), "run".to_owned()]))
        .map(|name| format!("{FOLDER}{name}.rs: no command runs it"))
        .collect()
}
