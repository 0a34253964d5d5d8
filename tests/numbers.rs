//! A telephone number in a name leads to a mailbox only in captured chats, and is found in any writing wherever it stands.
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{TestArchive, number, text};

/// An archive with Ann, and Ben who has the number of the ticket.
fn firm() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example", "--phone", "+49 171 1234567"]);
    archive.ok(&["mailbox", "add", "ben@firm.example", "--phone", "+48 12 345 67 89 0"]);
    archive
}

fn mail(n: usize, from: &str, to: &str, subject: &str) -> String {
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 12 Jan 2026 10:00:{n:02} +0000\r\n\
         Message-ID: <{n}@mail.example>\r\n\r\nnote{n}\r\n"
    )
}

fn mailboxes(hits: &[Value]) -> BTreeSet<String> {
    hits.iter().map(|hit| text(hit, "mailbox")).collect()
}

/// The messages that a query finds, by the numbers in their texts.
fn found(archive: &TestArchive, query: &str) -> Vec<usize> {
    let snippet = |hit: &Value| text(hit, "snippet").trim().trim_start_matches("note").parse().expect("a number");
    let found: BTreeSet<usize> = archive.hits(Some(query)).iter().map(snippet).collect();
    found.into_iter().collect()
}

#[test]
fn a_number_in_a_name_of_ordinary_mail_is_no_person() {
    let archive = firm();
    let senders = [
        "\"Ticket 481234567890\" <desk@other.example>",
        "\"481234567890\" <desk@other.example>",
        "\"Ticket +48 12 345 67 89 0\" <desk@other.example>",
        "\"+49 171 1234567\" <desk@other.example>",
        "\"Mum (+49 171 1234567)\" <desk@other.example>",
        "Clerk <481234567890@uni.example>",
    ];
    for (n, from) in senders.iter().enumerate() {
        archive.write(&format!("in/{n}.eml"), mail(n, from, "Ann <ann@firm.example>", "offer"));
    }
    let summary = archive.import(&archive.path("in"), &[]);
    assert_eq!(["stored", "items"].map(|name| number(&summary, name)), [6, 6]);
    assert_eq!(mailboxes(&archive.hits(None)), ["ann@firm.example".to_owned()].into());
    let lines = archive.ok(&["search", "offer", "--stats"]);
    let senders: BTreeMap<String, u64> = lines
        .iter()
        .filter(|line| line.get("by").is_some_and(|by| by == "sender"))
        .map(|row| (text(row, "name"), number(row, "messages")))
        .collect();
    let expected = [("481234567890@uni.example", 1), ("desk@other.example", 5)];
    assert_eq!(senders, expected.map(|(name, n)| (name.to_owned(), n)).into());
    for (query, expected) in [
        ("from:481234567890", vec![0, 1, 2, 5]),
        ("from:\"+48 (0)12 345 67890\"", vec![0, 1, 2, 5]),
        ("from:\"012 345 678 90\"", vec![0, 1, 2, 5]),
        ("from:+491711234567", vec![3, 4]),
        ("from:\"0171/1234567\"", vec![3, 4]),
        ("\"0171/1234567\"", vec![3, 4]),
        ("participants:\"0049 171 123 45 67\"", vec![0, 1, 2, 3, 4, 5]),
        ("from:\"+49 171 1234568\"", vec![]),
    ] {
        assert_eq!(found(&archive, query), expected, "{query}");
    }
}

#[test]
fn a_number_in_a_name_of_a_captured_chat_is_the_person() {
    let archive = firm();
    let names = ["Ann 491711234567", "Ann +49 171 1234567", "+49 (0)171 1234567", "Ann (0049 171 123-4567)"];
    let subject = "WhatsApp Message from 491711234567 to 12124325249";
    for (n, name) in names.iter().enumerate() {
        let from = format!("\"{name}\" <481234567890@sms.example>");
        archive.write(&format!("in/{n}.eml"), mail(n, &from, "12124325249 <12124325249@sms.example>", subject));
    }
    assert_eq!(number(&archive.import(&archive.path("in"), &[]), "items"), 4);
    assert_eq!(mailboxes(&archive.hits(None)), ["ann@firm.example".to_owned()].into());
    for hit in archive.hits(None) {
        let shown = archive.one("item", &["show", &text(&hit, "item")]);
        let sender = shown.pointer("/participants/0/number").and_then(Value::as_str);
        assert_eq!(sender, Some("491711234567"), "{shown}");
        assert_eq!(text(&hit, "folder"), "WhatsApp Archiver");
    }
    assert_eq!(found(&archive, "from:01711234567"), [0, 1, 2, 3]);
    // Without the subject of a chat it is mail, and nobody's.
    let archive = firm();
    archive.write("in/0.eml", mail(0, "Ann 491711234567 <x@sms.example>", "12124325249@sms.example", "note"));
    assert_eq!(number(&archive.import(&archive.path("in"), &[]), "quarantined"), 1);
}

#[test]
fn a_number_is_found_however_it_is_disguised() {
    let archive = firm();
    let bodies = [
        "call +49 171 1234567 tomorrow",
        "call +49\u{200b}171\u{2060}123\u{ad}4567 tomorrow",
        "call \u{202a}\u{660}\u{661}\u{667}\u{661} \u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}\u{202c} tomorrow",
        "call tel:+49-171-1234567;ext=12 tomorrow",
        "call +491711234567x12 tomorrow",
        "call + 4 9 1 7 1 1 2 3 4 5 6 7 tomorrow",
        "call +49 171 1234568 tomorrow",
    ];
    let mail = |n: usize, sort: &str, body: &str| {
        format!(
            "From: x@other.example\r\nTo: ann@firm.example\r\nDate: Mon, 12 Jan 2026 10:00:{n:02} +0000\r\n\
             Subject: n{n}\r\nContent-Type: text/{sort}; charset=utf-8\r\n\r\n{body}\r\n"
        )
    };
    for (n, body) in bodies.iter().enumerate() {
        archive.write(&format!("in/{n}.eml"), mail(n, "plain", body));
    }
    let link = "<p>call <a href=\"tel:%2B49-171-1234567\">the desk</a> tomorrow</p>";
    archive.write("in/7.eml", mail(7, "html", link));
    archive.write("in/8.eml", mail(8, "plain", "call 0049 (0)171 1234567 tomorrow"));
    archive.write("in/9.eml", mail(9, "plain", "call 0041. 0171 1234567 tomorrow"));
    archive.import(&archive.path("in"), &[]);
    let found = |query: &str| -> Vec<String> {
        let subjects: BTreeSet<String> = archive.hits(Some(query)).iter().map(|hit| text(hit, "subject")).collect();
        subjects.into_iter().collect()
    };
    let all = ["n0", "n1", "n2", "n3", "n4", "n5", "n7", "n8", "n9"];
    for query in
        ["\"+49 (0)171 123 45 67\"", "01711234567", "\"\u{6f0}\u{6f1}\u{6f7}\u{6f1}/1234567\"", "\"tel:+491711234567\""]
    {
        assert_eq!(found(query), all, "{query}");
    }
    assert_eq!(found("\"0171 1234567 ext 12\""), ["n3", "n4"]);
    assert_eq!(found("\"+48 171 1234567\""), ["n2", "n9"], "neither surely says a country");
    assert_eq!(found("call ONEAR(0) 01711234567"), ["n0", "n1", "n2", "n4", "n5", "n8", "n9"]);
    assert_eq!(found("01711234567 ONEAR(0) tomorrow"), ["n0", "n1", "n2", "n4", "n5", "n8", "n9"]);
    assert_eq!(found("\"call the desk tomorrow\""), ["n7"]);
    archive.verify_clean();
}

#[test]
fn a_number_without_quotes_is_warned_of_wherever_a_query_is_kept() {
    let archive = firm();
    let outcome = archive.run(&["search", "+49 171 1234567"]);
    assert!(outcome.code == 0 && outcome.stderr.contains("W_NUMBER_IN_PARTS"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("`\"+49 171 1234567\"`"), "{}", outcome.stderr);
    let query = ["--query", "0171 1234567"];
    for command in [
        vec!["hold", "place", "H", "--reason", "r", "--mailbox", "ann@firm.example"],
        vec!["retention", "policy", "add", "P", "--action", "delete", "--period", "1y"],
    ] {
        let refused = archive.run(&[command.as_slice(), &query].concat());
        let said = refused.stderr.contains("W_NUMBER_IN_PARTS");
        assert!(refused.code == 2 && said, "{command:?} {} {}", refused.code, refused.stderr);
        assert_eq!(
            archive.run(&[command.as_slice(), &["--query", "\"0171 1234567\""]].concat()).code,
            0,
            "{command:?}"
        );
    }
}
