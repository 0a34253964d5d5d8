//! Modules depend only downwards, each foreign crate has one owner, and the pure modules stay pure.

mod paths;
mod rules;
mod source;

use std::path::Path;

use rules::{uncalled_commands, unlisted, violations};
use source::{Source, read_all};

fn sources() -> Vec<Source> {
    read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[test]
fn the_sources_keep_every_rule() {
    let sources = sources();
    assert!(sources.len() > 100, "only {} sources were found", sources.len());
    let mut found: Vec<String> = sources.iter().flat_map(violations).collect();
    found.extend(unlisted(&sources));
    found.extend(uncalled_commands(&sources));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_rule_can_be_broken() {
    for (path, text, what) in [
        ("store/a.rs", "use crate::index::Index;", "names `index`, which is not below `store`"),
        ("store/a.rs", "use crate::{Error, index};", "names `index`, which is not below `store`"),
        ("store/a.rs", "use crate::{model::{A, B}, index::{Index, X}};", "names `index`"),
        ("store/a/b.rs", "use super::super::super::connector::As;", "names `connector`"),
        ("store/mod.rs", "fn f() { super::archive::g() }", "names `archive`"),
        ("message/a.rs", "fn f() -> crate::people::Directory { g() }", "names `people`, which is not below `message`"),
        ("message/a.rs", "use crate::store;", "names `store`"),
        ("retention/rule/a.rs", "use crate::query::parse;", "names `query`"),
        ("model/a.rs", "use crate::{Error, Result};", "names `error`, which is not below `model`"),
        ("error.rs", "use crate::query::Mark;", "names `query`"),
        ("archive/a.rs", "use crate::shed::Rake;", "names `shed`, which is on no floor"),
        ("store/a.rs", "use crate::*;", "names `*`, which is on no floor"),
        ("shed/a.rs", "", "is in `shed`, which is on no floor"),
        ("bin/custodia/cmd/a.rs", "use custodia::{Error, store::Store};", "names `store` past the archive"),
        ("connector/source/a.rs", "use super::super::converter::Converter;", "names `connector/converter`"),
        ("connector/converter/a/b.rs", "use crate::connector::source::Sftp;", "names `connector/source`"),
        ("archive/a.rs", "fn f(e: redb::Error) {}", "names `redb`"),
        ("store/pack.rs", "use bincode::config;", "names `bincode`"),
        ("archive/a.rs", "use tantivy as engine;", "names `tantivy`"),
        ("archive/a.rs", "#[derive(clap::Args)] struct A;", "names `clap`"),
        ("archive/a.rs", "fn f() { println!(\"x\") }", "prints with `println`"),
        ("bin/custodia/cmd/a.rs", "fn f() { std::io::stdout().write(b) }", "prints with `stdout`"),
        ("bin/custodia/main.rs", "use std::io::{self, stderr};", "prints with `stderr`"),
        ("model/a.rs", "use std::{fmt, fs};", "names `std::fs`, but is pure"),
        ("query/a.rs", "fn f() { std::env::var(NAME) }", "names `std::env::var`, but is pure"),
        ("query/a.rs", "fn f() { let now = chrono::Utc::now(); }", "names `chrono::Utc::now`, but is pure"),
        ("evidence/a.rs", "use std::time::{Duration, SystemTime};", "names `std::time::SystemTime`, but is pure"),
        ("retention/a.rs", "fn f() { Instant::now() }", "names `Instant::now`, but is pure"),
        ("store/a.rs", "use super::*;", "imports everything of its parent"),
        ("store/a.rs", "use super::tables::*;", "imports everything of its parent"),
        ("store/helpers.rs", "", "`helpers` says nothing"),
        ("index/tests/utils.rs", "", "`utils` says nothing"),
    ] {
        let found = violations(&Source::new(path, text));
        assert!(found.iter().any(|found| found.contains(what)), "{path}: {text}: {found:?}");
    }
    let long = "fn f() {}\n".repeat(401);
    assert_eq!(violations(&Source::new("store/a.rs", &long)).len(), 1);
}

#[test]
fn what_is_allowed_is_not_reported() {
    let long_tests = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "// line\n".repeat(500));
    for (path, text) in [
        ("store/a.rs", "use crate::{Error, Result, evidence, message::segment::Encoding, model::Digest};"),
        ("store/a/b.rs", "use super::super::tables::{Tables, Snapshot}; pub(in crate::store) struct A;"),
        ("store/a.rs", "// use crate::index;\n/* crate::index /* nested */ println!() */ fn f() {}"),
        ("store/a.rs", "const A: &str = \"crate::index::{a}\"; const B: &str = r#\"\"tantivy::x\"\"#;"),
        (
            "store/a.rs",
            "const A: u8 = b'\"'; const B: char = '\"'; const C: &[u8] = b\"crate::index\"; fn f<'a>(_: &'a str) {}",
        ),
        ("store/a.rs", "const A: char = '\\''; const B: &str = \"\\\"crate::index::x\";"),
        ("store/a.rs", "#[cfg(test)]\nmod tests { use super::*; use crate::index::Index; fn f() { println!() } }"),
        ("index/tests/search.rs", "use super::*; fn f() { println!() }"),
        ("store/a.rs", &long_tests),
        ("bin/custodia/ui/mod.rs", "use std::io::{stdout, stderr}; fn f() { println!() }"),
        ("bin/custodia/cmd/a.rs", "use crate::ui::Ui; use custodia::archive::Archive; use custodia::model::ItemNo;"),
        ("archive/a.rs", "use std::fs; use crate::{index::Index, store::Store};"),
        ("model/a.rs", "use std::time::Duration; use chrono::Utc; fn print(x: u8) {}"),
        ("lib.rs", "pub mod store; pub use error::{Error, Result};"),
    ] {
        let found = violations(&Source::new(path, text));
        assert!(found.is_empty(), "{path}: {text}: {found:?}");
    }
}

#[test]
fn code_after_a_test_module_is_still_read() {
    let text = "#[cfg(test)]\nmod tests { fn f() { if a { b } } }\nuse crate::index::Index;";
    assert_eq!(violations(&Source::new("store/a.rs", text)).len(), 1);
    let text = "#[cfg(test)]\nmod tests;\nuse crate::index::Index;";
    assert_eq!(violations(&Source::new("store/a.rs", text)).len(), 1);
}

#[test]
fn a_file_that_nothing_leads_to_is_found() {
    let root = Source::new("lib.rs", "mod store; // mod index;");
    let cases = [Source::new("store/mod.rs", "mod pack;"), Source::new("store/pack.rs", "")];
    let [store, pack] = cases;
    assert!(unlisted(&[root, store, pack]).is_empty());
    let root = Source::new("lib.rs", "mod store;");
    let forgotten = [root, Source::new("store/mod.rs", "// mod pack;\nmod packs;"), Source::new("store/pack.rs", "")];
    assert_eq!(unlisted(&forgotten), ["store/pack.rs: is no module"]);
}

#[test]
fn a_command_that_nobody_can_call_is_found() {
    let list = |text: &str| Source::new("bin/custodia/cmd/mod.rs", text);
    let file = || Source::new("bin/custodia/cmd/show.rs", "");
    assert!(uncalled_commands(&[list("mod show; fn run() { show::run(a) }"), file()]).is_empty());
    assert_eq!(uncalled_commands(&[list("mod show; fn run() { shown::run(a) }"), file()]).len(), 1);
}
