//! What a searcher is shown adds up: counts in detail, pages, copies of one message, files for others.
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{TestArchive, firm, number, text};

/// Ann and Ben got the same mail by different ways; Ann wrote twice, and there are two chats.
fn firm() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example", "--name", "Ann Novak", "--phone", "+48555010001"]);
    archive.ok(&["mailbox", "add", "ben@firm.example", "--alias", "b.okafor@firm.example"]);
    let offer = |server: &str| {
        format!(
            "Received: from mx by {server}; Wed, 14 Jan 2015 09:30:05 +0000\nFrom: Clara <clara@northwind.example>\n\
             To: ann@firm.example, ben@firm.example\nSubject: Harbour offer\nDate: Wed, 14 Jan 2015 09:30:00 +0000\n\
             Message-ID: <offer@northwind.example>\n\nThe harbour prices stand until March.\n"
        )
    };
    archive.write("mail/1.eml", offer("one.firm.example"));
    archive.write("mail/2.eml", offer("two.firm.example").replace("09:30:05", "09:30:06"));
    for (file, from, month) in [("3", "ann@firm.example", "Feb"), ("4", "b.okafor@firm.example", "Mar")] {
        let mail = format!(
            "From: {from}\nTo: clara@northwind.example, ann@firm.example\nSubject: =HYPERLINK(\"http://x\")\n\
             Date: Mon, 16 {month} 2015 09:30:00 +0000\n\nThe harbour <script>alert(1)</script> again, at length: \
             harbour.\n"
        );
        archive.write(&format!("mail/{file}.eml"), mail);
    }
    let undated = "From: nobody@list.example\nTo: ben@firm.example\nSubject: News\n\nharbour\n";
    archive.write("mail/5.eml", undated);
    let chat = |n: usize, minute: usize| {
        format!(
            r#"{{"source":"s","platform":"whatsapp","conversation":{{"id":"c{n}","name":"Harbour {n}","type":"group"}},"id":"wa.{n}.{minute}","sent":"2015-03-14T16:{minute:02}:00Z","sender":{{"name":"Ann Novak","number":"+48555010001"}},"recipients":[{{"name":"Ben","address":"ben@firm.example"}}],"text":"harbour message {minute}"}}"#
        )
    };
    let chats: Vec<String> = (0..2).flat_map(|n| (0..5).map(move |minute| chat(n, minute))).collect();
    archive.write("chat/chat.jsonl", chats.join("\n") + "\n");
    archive.import(&archive.path("mail"), &[]);
    archive.import(&archive.path("chat"), &[]);
    archive
}

fn rows<'v>(lines: &'v [Value], by: &str) -> Vec<&'v Value> {
    lines.iter().filter(|line| line.get("by").is_some_and(|value| value == by)).collect()
}

fn sum(rows: &[&Value], name: &str) -> u64 {
    rows.iter().map(|row| number(row, name)).sum()
}

fn is(line: &Value, kind: &str) -> bool {
    line.get("type").is_some_and(|value| value == kind)
}

#[test]
fn every_table_of_counts_adds_up_to_the_summary() {
    let archive = TestArchive::new();
    firm::write(&archive.path("in"), 7, 300, 200);
    archive.import(&archive.path("in"), &["--create-mailboxes"]);
    for arguments in [
        &["search", "harbour", "--stats"][..],
        &["search", "--all", "--stats"],
        &["search", "invoice OR ledger", "--stats", "--mailbox", "ada@firm.example", "--mailbox", "bao@firm.example"],
        &["search", "nothinghasthis", "--stats"],
    ] {
        let lines = archive.ok(arguments);
        let summary = lines.first().expect("a summary");
        let hits = archive.ok(&arguments.iter().copied().filter(|word| *word != "--stats").collect::<Vec<_>>());
        assert_eq!(number(summary, "items"), hits.iter().filter(|line| is(line, "hit")).count() as u64);
        for by in ["mailbox", "folder", "platform", "month", "sender"] {
            assert_eq!(sum(&rows(&lines, by), "items"), number(summary, "items"), "{arguments:?}: items by {by}");
        }
        for by in ["platform", "month", "sender"] {
            for what in ["messages", "bytes"] {
                assert_eq!(sum(&rows(&lines, by), what), number(summary, what), "{arguments:?}: {what} by {by}");
            }
        }
        let mut by_mailbox: BTreeMap<String, u64> = BTreeMap::new();
        for hit in hits.iter().filter(|line| is(line, "hit")) {
            *by_mailbox.entry(text(hit, "mailbox")).or_default() += 1;
        }
        let counted = rows(&lines, "mailbox").into_iter().map(|row| (text(row, "name"), number(row, "items")));
        assert_eq!(counted.filter(|(_, items)| *items > 0).collect::<BTreeMap<_, _>>(), by_mailbox);
    }
}

#[test]
fn one_person_is_one_sender_and_a_month_is_one_of_utc() {
    let archive = firm();
    let lines = archive.ok(&["search", "harbour", "--stats"]);
    let senders: BTreeMap<String, u64> =
        rows(&lines, "sender").into_iter().map(|row| (text(row, "name"), number(row, "messages"))).collect();
    let expected =
        [("ann@firm.example", 11), ("ben@firm.example", 1), ("clara@northwind.example", 2), ("nobody@list.example", 1)];
    assert_eq!(senders, expected.map(|(name, n)| (name.to_owned(), n)).into());
    let months: Vec<(String, u64)> =
        rows(&lines, "month").into_iter().map(|row| (text(row, "name"), number(row, "messages"))).collect();
    let expected = [("", 1), ("2015-01", 2), ("2015-02", 1), ("2015-03", 11)];
    assert_eq!(months, expected.map(|(name, n)| (name.to_owned(), n)));
}

#[test]
fn what_top_leaves_out_is_said() {
    let archive = firm();
    let whole = archive.ok(&["search", "harbour", "--stats"]);
    let cut = archive.ok(&["search", "harbour", "--stats", "--top", "1"]);
    for by in ["mailbox", "folder", "platform", "month", "sender"] {
        for what in ["messages", "items", "bytes"] {
            assert_eq!(sum(&rows(&whole, by), what), sum(&rows(&cut, by), what), "{what} by {by}");
        }
    }
    let shown = archive.run(&["search", "harbour", "--stats", "--top", "1"]).text();
    assert!(shown.contains("and 3 more with"), "{shown}");
}

#[test]
fn copies_of_one_message_are_one_hit_with_all_their_places() {
    let archive = firm();
    let apart = archive.ok(&["search", "harbour"]);
    let together = archive.ok(&["search", "harbour", "--dedupe"]);
    let summary = together.first().expect("a summary");
    assert_eq!(number(summary, "messages"), 15);
    assert_eq!(number(summary, "unique"), 14, "the offer came by two ways");
    let hits: Vec<&Value> = together.iter().filter(|line| is(line, "hit")).collect();
    assert_eq!(hits.len() as u64, number(summary, "unique"));
    let places = hits.iter().flat_map(|hit| hit.get("places").and_then(Value::as_array).expect("places"));
    let placed: BTreeSet<String> = places.map(|place| text(place, "item")).collect();
    let items: BTreeSet<String> = apart.iter().filter(|line| is(line, "hit")).map(|hit| text(hit, "item")).collect();
    assert_eq!(placed, items);
    let offer = hits.iter().find(|hit| text(hit, "subject") == "Harbour offer").expect("the offer");
    assert_eq!(offer.get("places").and_then(Value::as_array).map(Vec::len), Some(4));
}

#[test]
fn pages_are_the_whole_list_in_pieces_whatever_arrives_between_them() {
    for sort in ["newest", "oldest", "sender", "size"] {
        for dedupe in [&[][..], &["--dedupe"]] {
            let archive = firm();
            let options = [&["search", "harbour", "--sort", sort], dedupe].concat();
            let items = |options: &[&str]| -> Vec<String> {
                let lines = archive.ok(options);
                lines.iter().filter(|line| is(line, "hit")).map(|hit| text(hit, "item")).collect()
            };
            let whole = items(&options);
            let mut pages = items(&[&options[..], &["--limit", "4"]].concat());
            archive.write("late/late.eml", "From: zoe@x.example\nTo: ann@firm.example\n\nharbour, and much more\n");
            archive.write(
                "late/new.eml",
                "From: a@x.example\nTo: ann@firm.example\nDate: 1 Jan 2025 00:00:00 +0000\n\nharbour\n",
            );
            archive.import(&archive.path("late"), &[]);
            loop {
                let last = pages.last().expect("a first page").clone();
                let page = items(&[&options[..], &["--limit", "4", "--after", &last]].concat());
                if page.is_empty() {
                    break;
                }
                pages.extend(page);
            }
            let old: Vec<String> = pages.into_iter().filter(|item| whole.contains(item)).collect();
            assert_eq!(old, whole, "{sort} {dedupe:?}");
        }
    }
}

#[test]
fn orders_are_as_they_are_called() {
    let archive = firm();
    let by = |sort: &str, what: &str| -> Vec<Value> {
        let lines = archive.ok(&["search", "harbour OR length", "--sort", sort]);
        lines.iter().filter(|line| is(line, "hit")).map(|hit| hit.get(what).cloned().expect("a field")).collect()
    };
    let dated =
        |values: Vec<Value>| values.into_iter().filter_map(|v| v.as_str().map(str::to_owned)).collect::<Vec<_>>();
    assert!(dated(by("newest", "sent_at")).is_sorted_by(|a, b| a >= b));
    assert!(dated(by("oldest", "sent_at")).is_sorted());
    let senders = dated(by("sender", "from"));
    let first = |name: &str| senders.iter().position(|from| from.contains(name)).expect("a sender");
    assert!(first("Ann Novak") < first("b.okafor") && first("b.okafor") < first("clara"), "{senders:?}");
    let best = by("relevance", "subject");
    assert_eq!(best.first().and_then(Value::as_str), Some("=HYPERLINK(\"http://x\")"), "only these have both words");
    let refused = archive.json(2, &["search", "harbour", "--sort", "relevance", "--after", "1"]);
    assert!(text(&refused.error(), "message").contains("--limit"));
    let gone = archive.json(2, &["search", "News", "--after", "1"]);
    assert!(text(&gone.error(), "message").contains("not among the hits"));
}

#[test]
fn files_for_others_are_whole_and_run_nothing() {
    let archive = firm();
    let path = |name: &str| archive.path(name).to_str().expect("UTF-8").to_owned();
    archive.ok(&["search", "harbour", "--csv", &path("hits.csv")]);
    let csv = std::fs::read_to_string(path("hits.csv")).expect("the file");
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let items = number(archive.ok(&["search", "harbour", "--count"]).first().expect("a summary"), "items");
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len() as u64, items);
    archive.ok(&["search", "harbour", "--stats", "--csv", &path("stats.csv")]);
    let stats = std::fs::read_to_string(path("stats.csv")).expect("the file");
    assert!(stats.contains("sender,ann@firm.example,ann@firm.example,11,"), "{stats}");
    archive.ok(&["search", "harbour", "--report", &path("report.html")]);
    let report = std::fs::read_to_string(path("report.html")).expect("the file");
    assert!(!report.contains("<script") && report.contains("&lt;script&gt;"), "{report}");
    assert!(report.contains("<mark>harbour</mark>") && report.contains("<svg"));
    assert!(!report.contains("src=") && !report.contains("href="));
    for option in ["--csv", "--report"] {
        let again = archive.json(1, &["search", "harbour", option, &path("report.html")]);
        assert!(text(&again.error(), "message").contains("report.html"));
        archive.json(2, &["search", "sent>=2024-13-01", option, &path("half")]);
        assert!(!archive.path("half").exists(), "half a file is left");
    }
}
