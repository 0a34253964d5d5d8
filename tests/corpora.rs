//! Real corpora are imported whole, a second import adds nothing, and search finds exactly what a scan finds.
#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use custodia::archive::{Archive, SearchRequest};
use custodia::index::{fold, tokens};
use serde_json::Value;
use support::corpus;
use support::firm::Random;
use support::{TestArchive, number, text};

const PER_LANGUAGE: usize = 2_000;

/// Substrings searched in each language.
const SUBSTRINGS: usize = 100;

const QUERIES: [&str; 20] = [
    "patch",
    "\"signed-off-by\"",
    "kernel AND memory",
    "manual OR page",
    "patch NOT kernel",
    "(alloc OR free) AND subject:patch",
    "subject:re",
    "from:com",
    "hasattachment:true",
    "sent>=2010-01-01",
    "sent<2008-06-01 AND patch",
    "size>20KB",
    "prot*",
    "user NEAR(5) space",
    "kind:email",
    "kind:im",
    "\u{6211}\u{4EEC}",
    "\u{3067}\u{3059}",
    "nie",
    "\u{C601}\u{D654}",
];

/// Two mailing lists and four thousand short messages, in a mailbox each.
fn archive_of(shared: &Path) -> TestArchive {
    let archive = TestArchive::new();
    for (list, messages) in [("linux-man", 417), ("linux-api", 1042)] {
        let mbox = corpus::content(&shared.join(format!("corpora/mail/{list}.mbox.zst")));
        let summary = import_into(&archive, &archive.write(&format!("{list}.mbox"), mbox), list);
        assert_eq!(number(&summary, "stored"), messages, "{list}: {summary}");
        assert_eq!(number(&summary, "offered"), messages, "{list}: {summary}");
    }
    for (language, texts) in corpus::texts(shared, PER_LANGUAGE) {
        let records = archive.write(&format!("{language}.jsonl"), corpus::records(&language, &texts));
        let summary = import_into(&archive, &records, &language);
        assert_eq!(number(&summary, "stored"), PER_LANGUAGE as u64, "{language}: {summary}");
    }
    archive
}

fn import_into(archive: &TestArchive, path: &Path, name: &str) -> Value {
    archive.import(path, &["--mailbox", &mailbox(name), "--create-mailboxes"])
}

/// What a query finds, in full and in order.
fn answer(archive: &mut Archive, query: &str) -> (u64, u64, Vec<String>) {
    let request = SearchRequest { query: Some(query.to_owned()), ..SearchRequest::default() };
    let mut hits = Vec::new();
    let report = archive.search(&request, &mut |_| Ok(()), &mut |hit| {
        hits.push(format!("{hit:?}"));
        Ok(())
    });
    let report = report.unwrap_or_else(|error| panic!("{query}: {error}"));
    assert_eq!(report.items, hits.len() as u64, "{query}");
    (report.messages, report.items, hits)
}

/// Whether `c` belongs to a script with spaces between its words.
fn spaced(c: char) -> bool {
    c.is_alphanumeric() && tokens(&format!("{c}{c}")).count() == 1
}

/// Whether `part` stands in `text` with no letter or digit of a spaced script going on at either end.
fn stands_in(text: &str, part: &str) -> bool {
    let goes_on =
        |inside: Option<char>, outside: Option<char>| inside.is_some_and(spaced) && outside.is_some_and(spaced);
    text.match_indices(part).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + part.len()..));
        !goes_on(part.chars().next(), before.and_then(|t| t.chars().next_back()))
            && !goes_on(part.chars().next_back(), after.and_then(|t| t.chars().next()))
    })
}

/// A substring of 2 to 6 folded characters of `text`: whole words in spaced scripts, any cut in others.
fn substring(random: &mut Random, text: &str) -> Option<String> {
    let runs: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).collect();
    let run: Vec<char> = runs.get(random.below(runs.len()))?.chars().collect();
    let mixed = run.iter().any(|c| spaced(*c)) && !run.iter().all(|c| spaced(*c));
    let (start, length) = match run.first() {
        Some(c) if spaced(*c) => (0, run.len()),
        _ => (random.below(run.len() - 1), 2 + random.below(5)),
    };
    let part: String = run.get(start..(start + length).min(run.len()))?.iter().collect();
    (!mixed && (2..=6).contains(&part.chars().count())).then_some(part)
}

fn mailbox(name: &str) -> String {
    format!("{name}@corpus.example")
}

/// Numbers of the messages of a language whose text has `part`; of all for `None`. They follow the order of the import.
fn messages(archive: &mut Archive, language: &str, part: Option<&str>) -> BTreeSet<u64> {
    let query = part.map(|part| format!("body:\"{part}\""));
    let request = SearchRequest { query, mailboxes: vec![mailbox(language)], ..SearchRequest::default() };
    let mut found = BTreeSet::new();
    let report = archive.search(&request, &mut |_| Ok(()), &mut |hit| {
        found.insert(hit.message.0);
        Ok(())
    });
    assert_eq!(report.expect("it searches").messages, found.len() as u64);
    found
}

#[test]
fn corpora_go_in_once_and_come_out_the_same_after_a_rebuild() {
    let Some(shared) = support::shared::shared() else { return };
    let archive = archive_of(&shared);
    let before = archive.one("summary", &["search", "--all", "--count"]);
    assert_eq!(number(&before, "items"), 417 + 1042 + 5 * PER_LANGUAGE as u64);
    for name in ["linux-man.mbox", "linux-api.mbox", "zh.jsonl", "pl.jsonl"] {
        let (language, _) = name.split_once('.').expect("a suffix");
        let again = import_into(&archive, &archive.path(name), language);
        assert_eq!(number(&again, "duplicate"), number(&again, "offered"), "{name}: {again}");
        assert_eq!((number(&again, "messages"), number(&again, "items")), (0, 0), "{name}");
    }
    assert_eq!(archive.one("summary", &["search", "--all", "--count"]), before);

    let mut opened = archive.open();
    let answers: Vec<_> = QUERIES.iter().map(|query| answer(&mut opened, query)).collect();
    drop(opened);
    let found = answers.iter().filter(|(messages, ..)| *messages > 0).count();
    assert!(found >= 18, "only {found} queries find something");
    archive.one("index", &["index", "rebuild"]);
    let mut opened = archive.open();
    for (query, before) in QUERIES.iter().zip(&answers) {
        let after = answer(&mut opened, query);
        assert_eq!((after.0, after.1), (before.0, before.1), "{query}");
        assert!(after.2 == before.2, "{query}: other hits or another order");
    }
    drop(opened);
    for (query, (messages, items, hits)) in QUERIES.iter().zip(&answers).step_by(4) {
        let lines = archive.ok(&["search", query]);
        let summary = lines.first().expect("a summary");
        assert_eq!((number(summary, "messages"), number(summary, "items")), (*messages, *items), "{query}");
        assert_eq!(lines.len() - 1, hits.len(), "{query}");
    }
    archive.verify_clean();
}

#[test]
fn a_search_for_a_substring_finds_what_a_scan_finds() {
    let Some(shared) = support::shared::shared() else { return };
    let archive = TestArchive::new();
    let languages = corpus::texts(&shared, PER_LANGUAGE);
    assert_eq!(languages.len(), 5);
    for (language, texts) in &languages {
        let records = archive.write(&format!("{language}.jsonl"), corpus::records(language, texts));
        import_into(&archive, &records, language);
    }
    let mut opened = archive.open();
    let mut through_binary = Vec::new();
    for (language, texts) in &languages {
        let folded: Vec<String> = texts.iter().map(|text| fold(text).into_owned()).collect();
        let first = messages(&mut opened, language, None).first().copied().expect("messages");
        let mut random = Random(language.bytes().map(u64::from).sum());
        let mut asked = 0;
        while asked < SUBSTRINGS {
            let text = random.below(folded.len());
            let Some(part) = folded.get(text).and_then(|text| substring(&mut random, text)) else { continue };
            asked += 1;
            let standing = (first..).zip(&folded).filter(|(_, text)| stands_in(text, &part));
            let expected: BTreeSet<u64> = standing.map(|(number, _)| number).collect();
            assert!(!expected.is_empty(), "{language}: `{part}` stands in the text that it was cut from");
            assert_eq!(messages(&mut opened, language, Some(&part)), expected, "{language}: `{part}`");
            if asked % 50 == 0 {
                through_binary.push((language, part, expected));
            }
        }
    }
    drop(opened);
    for (language, part, expected) in through_binary {
        let hits = archive.ok(&["search", &format!("body:\"{part}\""), "--mailbox", &mailbox(language)]);
        let found: BTreeSet<u64> =
            hits.iter().skip(1).map(|hit| text(hit, "message").parse().expect("a number")).collect();
        assert_eq!(found, expected, "{language}: `{part}`");
    }
}
