//! A hit says where it matched, and partially indexed items are listed with their reasons.

use std::fs;

use serde_json::{Value, json};

use super::files::pdf;
use super::mail::take;
use super::support::{TestArchive, number, text};

fn filled() -> TestArchive {
    let archive = TestArchive::new();
    take(&archive, "paper", &[("harbour.pdf", "application/pdf", pdf(&["secretword of Monday"]))]);
    take(&archive, "harbour", &[("b.png", "image/png", b"\x89PNG\r\n\x1a\nrest".to_vec())]);
    archive
}

#[test]
fn a_hit_says_where_it_matched() {
    let archive = filled();
    let places =
        |query: &str| -> Vec<Value> { archive.hits(Some(query)).iter().map(|hit| hit["matched_in"].clone()).collect() };
    assert_eq!(places("secretword"), [json!(["attachment_text"])]);
    assert_eq!(places("\"secretword of\" AND see"), [json!(["body", "attachment_text"])]);
    assert_eq!(places("secretword NEAR(2) monday"), [json!(["attachment_text"])]);
    assert_eq!(places("see NEAR(99) secretword"), [json!(null); 0]);
    assert_eq!(places("subject:paper"), [json!(["subject"])]);
    assert_eq!(places("attachmentnames:harbour"), [json!(["attachment_name"])]);
    assert_eq!(places("kind:email AND from:ann"), [json!(["people"]), json!(["people"])]);
    assert_eq!(places("kind:email NOT from:nobody"), [json!([]), json!([])]);
    let listed = archive.run(&["search", "secretword"]).text();
    assert!(listed.contains("matches in attachment 1 `harbour.pdf` (text)"), "{listed}");
}

#[test]
fn a_hit_names_the_attachments_that_match() {
    let archive = TestArchive::new();
    let files = [
        ("b.png", "image/png", b"\x89PNG\r\n\x1a\nrest".to_vec()),
        ("harbour.pdf", "application/pdf", pdf(&["secretword of Monday"])),
        ("=x\u{1b}[2J.txt", "text/plain", b"the harbour on Monday".to_vec()),
    ];
    take(&archive, "paper", &files);
    let attachments = |query: &str| archive.hits(Some(query))[0]["matched_attachments"].clone();
    assert_eq!(attachments("secretword"), json!([{"n": 2, "name": "harbour.pdf", "matched_in": ["attachment_text"]}]));
    assert_eq!(
        attachments("harbour"),
        json!([
            {"n": 2, "name": "harbour.pdf", "matched_in": ["attachment_name"]},
            {"n": 3, "name": "=x\u{1b}[2J.txt", "matched_in": ["attachment_text"]},
        ])
    );
    assert_eq!(attachments("harbour ONEAR(1) monday")[0]["n"], 3);
    assert_eq!(attachments("subject:paper"), Value::Null);
    let listed = archive.run(&["search", "harbour"]).text();
    assert!(listed.contains("matches in attachment 2 `harbour.pdf` (name), attachment 3 `=x"), "{listed}");
    assert!(!listed.contains('\u{1b}'), "{listed}");
    for (option, file) in [("--csv", "hits.csv"), ("--report", "hits.html")] {
        archive.ok(&["search", "harbour", option, file]);
    }
    let written = |name: &str| fs::read_to_string(archive.path(name)).expect(name);
    let rows = written("hits.csv");
    assert!(rows.contains("attachment 2 `harbour.pdf` (name); attachment 3"), "{rows}");
    let page = written("hits.html");
    assert!(page.contains("matches in attachment 2 `harbour.pdf` (name); attachment 3"), "{page}");
}

#[test]
fn partially_indexed_items_are_listed_with_their_reasons() {
    let archive = filled();
    for arguments in [&["search", "--partially-indexed"][..], &["search", "harbour", "--partially-indexed"]] {
        let lines = archive.ok(arguments);
        assert_eq!((number(&lines[0], "items"), lines.len()), (1, 2), "{arguments:?}");
        assert_eq!(text(&lines[1], "subject"), "harbour");
        assert!(lines[1]["partially_indexed"][0].as_str().is_some_and(|why| why.contains("it is a picture")));
    }
    let listed = archive.run(&["search", "--partially-indexed", "--mailbox", "all@firm.example"]).text();
    assert!(listed.contains("not searched: attachment 1 `b.png`"), "{listed}");
    assert_eq!(archive.ok(&["search", "secretword", "--partially-indexed"]).len(), 1);
}
