//! A hit says where it matched, and partially indexed items are listed with their reasons.

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
    assert!(listed.contains("matches in attachment text"), "{listed}");
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
