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

/// A mail as the server of one of its ways gives it.
fn offer(server: &str) -> String {
    format!(
        "Received: from mx by {server}; Wed, 14 Jan 2015 09:30:05 +0000\nFrom: Clara <clara@northwind.example>\n\
         To: ann@firm.example, ben@firm.example\nSubject: Harbour offer\nDate: Wed, 14 Jan 2015 09:30:00 +0000\n\
         Message-ID: <offer@northwind.example>\n\nThe harbour prices stand until March.\n"
    )
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
        &["search", "received>=2014-01-01", "--stats"],
        &["search", "invoice OR ledger", "--stats", "--mailbox", "ada@firm.example", "--mailbox", "bao@firm.example"],
        &["search", "nothinghasthis", "--stats"],
    ] {
        let lines = archive.ok(arguments);
        let summary = lines.first().expect("a summary");
        let hits = archive.ok(&arguments.iter().copied().filter(|word| *word != "--stats").collect::<Vec<_>>());
        assert_eq!(number(summary, "items"), hits.iter().filter(|line| is(line, "hit")).count() as u64);
        for by in ["mailbox", "folder"] {
            let unread = number(summary, "partially_indexed");
            assert_eq!(sum(&rows(&lines, by), "partially_indexed"), unread, "{arguments:?}: in part by {by}");
        }
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
fn people_whose_names_differ_by_an_accent_are_two_senders() {
    let archive = TestArchive::new();
    let names = ["Muller", "M\u{fc}ller", "Mu\u{308}ller", "m\u{fc}ller", "Stra\u{df}e", "Strasse"];
    for (n, name) in names.iter().enumerate() {
        let mail = format!("From: {name}@firm.example\nTo: ben@firm.example\nSubject: {n}\n\nharbour\n");
        archive.write(&format!("mail/{n}.eml"), mail);
    }
    archive.import(&archive.path("mail"), &["--mailbox", "all@firm.example", "--create-mailboxes"]);
    let lines = archive.ok(&["search", "harbour", "--stats"]);
    let senders: BTreeMap<String, u64> =
        rows(&lines, "sender").into_iter().map(|row| (text(row, "name"), number(row, "messages"))).collect();
    let expected = [("muller", 1), ("m\u{fc}ller", 3), ("stra\u{df}e", 1), ("strasse", 1)];
    assert_eq!(senders, expected.map(|(name, n)| (format!("{name}@firm.example"), n)).into());
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
            let far = format!("Received: from far by three.firm.example; {}\n", "x".repeat(2000));
            archive.write("late/copy.eml", far + &offer("three.firm.example"));
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

/// Numbers of messages that a query finds.
fn messages(archive: &TestArchive, query: &str) -> BTreeSet<String> {
    archive.ok(&["search", query]).iter().filter(|line| is(line, "hit")).map(|hit| text(hit, "message")).collect()
}

#[test]
fn each_row_of_a_keyword_list_is_counted_and_what_only_it_finds() {
    let archive = TestArchive::new();
    firm::write(&archive.path("in"), 11, 300, 200);
    archive.import(&archive.path("in"), &["--create-mailboxes"]);
    let rows =
        ["harbour AND copper", "budget OR (draft NEAR(3) price)", "\u{5408}\u{540c}", "nothinghasthis", "copper"];
    let list = archive.write("terms.txt", rows.join("\n\n") + "\n");
    let list = list.to_str().expect("UTF-8");
    for base in [None, Some("platform:whatsapp")] {
        let found: Vec<BTreeSet<String>> = rows
            .iter()
            .map(|row| {
                messages(&archive, &base.map_or_else(|| (*row).to_owned(), |base| format!("({row}) AND {base}")))
            })
            .collect();
        let arguments = [&["search"], base.as_slice(), &["--keywords", list]].concat();
        let lines = archive.ok(&arguments);
        let counted: Vec<&Value> = lines.iter().filter(|line| is(line, "keyword")).collect();
        assert_eq!(counted.len(), rows.len());
        for (n, (row, own)) in counted.iter().zip(&found).enumerate() {
            let others = found.iter().enumerate().filter(|(m, _)| *m != n).flat_map(|(_, set)| set);
            let unique = own.difference(&others.cloned().collect()).count();
            assert_eq!(number(row, "messages"), own.len() as u64, "{row}");
            assert_eq!(number(row, "unique_messages"), unique as u64, "{row}");
            assert_eq!(number(row, "line"), 2 * n as u64 + 1);
            assert!(number(row, "unique_items") >= number(row, "unique_messages"));
        }
        let all: BTreeSet<&String> = found.iter().flatten().collect();
        assert_eq!(number(lines.first().expect("a summary"), "messages"), all.len() as u64);
    }
}

#[test]
fn rows_in_a_query_are_counted_like_those_of_a_list() {
    let archive = firm();
    let lines = archive.ok(&["search", "offer(c:s)message OR length(c:c)(platform:email)", "--stats"]);
    let rows: Vec<&Value> = lines.iter().filter(|line| is(line, "keyword")).collect();
    let counts = |row: &&&Value| (number(row, "line"), number(row, "messages"), number(row, "unique_messages"));
    assert_eq!(rows.iter().map(|row| counts(&row)).collect::<Vec<_>>(), [(1, 2, 2), (2, 2, 2)]);
    assert_eq!(number(lines.first().expect("a summary"), "messages"), 4);
    assert!(archive.ok(&["search", "offer", "--stats"]).iter().all(|line| !is(line, "keyword")));
}

#[test]
fn a_row_that_makes_no_sense_is_named_and_the_others_are_counted() {
    let archive = firm();
    let list = archive.write("terms.csv", "Keywords,Owner\nharbour,Ann\n\"\"\"open\",Ben\nx*,Ben\n+offer,Ann\n");
    let list = list.to_str().expect("UTF-8");
    let outcome = archive.json(3, &["search", "--keywords", list]);
    let lines = outcome.lines();
    let rows: Vec<&Value> = lines.iter().filter(|line| is(line, "keyword")).collect();
    let code =
        |n: usize| rows.get(n).and_then(|row| row.pointer("/error/code")).and_then(Value::as_str).map(str::to_owned);
    assert_eq!(code(0), None);
    assert_eq!(code(1).as_deref(), Some("E_UNBALANCED_QUOTE"));
    assert_eq!(code(2).as_deref(), Some("E_PREFIX_TOO_SHORT"));
    assert_eq!(number(lines.first().expect("a summary"), "messages"), 15);
    let shown = archive.run(&["search", "--keywords", list, "--csv", "rows.csv"]);
    assert_eq!(shown.code, 3);
    for part in ["line 3 is refused and not counted", "x*\n", "2 of 4 rows refused"] {
        assert!(shown.stderr.contains(part), "{}", shown.stderr);
    }
    let csv = std::fs::read_to_string(archive.path("rows.csv")).expect("the file");
    assert!(
        csv.contains("2,harbour,15,") && csv.contains("5,'+offer,") && csv.contains("3,\"\"\"open\",E_UNBAL"),
        "{csv}"
    );
    archive.write("bad.txt", "x*\n\nport AND\n\"open\n");
    let none = text(&archive.json(2, &["search", "--keywords", "bad.txt"]).error(), "message");
    for (line, code) in [
        ("line 1, character 1: ", "E_PREFIX_TOO_SHORT"),
        ("line 3, character 9: ", "E_MISSING_OPERAND"),
        ("line 4, character 1: ", "E_UNBALANCED_QUOTE"),
    ] {
        assert!(none.lines().any(|shown| shown.starts_with(line) && shown.contains(code)), "{line} {none}");
    }
    let shown = archive.run(&["search", "--keywords", "bad.txt"]);
    assert!(shown.code == 2 && shown.stderr.lines().filter(|line| line.starts_with("line ")).count() == 3);
    let log = archive.ok(&["audit", "log"]);
    let last = log.last().expect("an entry");
    assert!(text(last, "object").contains("x*"), "a list that is refused is recorded too: {last}");
}

#[test]
fn the_chat_around_a_hit_is_shown_in_order_and_no_other_chat() {
    let archive = firm();
    let query = "conversation:c1 \"message 2\" participants:ben@firm.example";
    let hits = archive.hits(Some(query));
    let hit = hits.iter().find(|hit| text(hit, "mailbox") == "ben@firm.example").expect("Ben has it");
    let chat = hit.get("conversation").expect("the chat");
    assert_eq!(text(chat, "id"), "c1");
    let around = |n: &str| archive.one("item", &["show", &text(hit, "item"), "--context", n]);
    let texts = |shown: &Value| -> Vec<(String, bool)> {
        let messages = shown.pointer("/context/messages").and_then(Value::as_array).expect("messages").iter();
        messages.map(|said| (text(said, "text"), said.get("is_shown") == Some(&Value::Bool(true)))).collect()
    };
    let said = |n: usize| (format!("harbour message {n}"), n == 2);
    let near = around("1");
    assert_eq!(texts(&near), [1, 2, 3].map(said));
    assert_eq!(near.pointer("/context/earlier").and_then(Value::as_u64), Some(1));
    assert_eq!(near.pointer("/context/later").and_then(Value::as_u64), Some(1));
    assert_eq!(texts(&around("10")), [0, 1, 2, 3, 4].map(said));
    let shown = archive.run(&["show", &text(hit, "item"), "--context", "0"]).text();
    assert!(shown.contains("... 2 messages before") && shown.contains("-> "), "{shown}");
}

#[test]
fn the_thread_around_a_mail_is_what_refers_to_the_same() {
    let archive = firm();
    let answer = |id: &str, to: &str, day: &str| {
        format!(
            "From: ann@firm.example\nTo: clara@northwind.example\nDate: {day} Jan 2015 10:00:00 +0000\nMessage-ID: <{id}>\n\
             References: {to}\n\nanswer {id}\n"
        )
    };
    archive.write("more/1.eml", answer("a@x", "<offer@northwind.example>", "20"));
    archive.write("more/2.eml", answer("b@x", "<offer@northwind.example> <a@x>", "21"));
    archive.write("more/3.eml", answer("c@x", "<other@x>", "22"));
    archive.import(&archive.path("more"), &[]);
    let hit = archive.hits(Some("\"answer a\"")).into_iter().next().expect("the answer");
    let shown = archive.one("item", &["show", &text(&hit, "item"), "--context", "10"]);
    let messages = shown.pointer("/context/messages").and_then(Value::as_array).expect("messages");
    let texts: Vec<String> =
        messages.iter().map(|said| text(said, "text").lines().next().unwrap_or_default().to_owned()).collect();
    let offer = "The harbour prices stand until March.";
    assert_eq!(texts, [offer, offer, "answer a@x", "answer b@x"], "the offer came twice");
}

/// The digest of a result as its documentation says to compute it from the JSON of a search.
fn digest_of(lines: &[Value]) -> String {
    let mut items: Vec<(u64, String)> = lines
        .iter()
        .filter(|line| is(line, "hit"))
        .map(|hit| (text(hit, "item").parse().expect("a number"), text(hit, "digest")))
        .collect();
    items.sort();
    let lines: Vec<String> = items.iter().map(|(item, digest)| format!("{item}\t{digest}\n")).collect();
    let text = lines.concat();
    data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(text.as_bytes()))
}

#[test]
fn a_frozen_result_proves_what_was_found_after_arrivals_and_dispositions() {
    let mut archive = firm();
    archive.ok(&["search", "save", "Harbour", "harbour", "--mailbox", "ann@firm.example"]);
    let found = archive.ok(&["search", "run", "Harbour", "--sort", "size"]);
    let frozen = archive.one("frozen", &["search", "freeze", "Harbour"]);
    assert_eq!(text(&frozen, "result"), "Harbour@1");
    assert_eq!(text(&frozen, "sha256"), digest_of(&found));
    assert_eq!(number(&frozen, "items"), found.iter().filter(|line| is(line, "hit")).count() as u64);
    let log = archive.ok(&["audit", "log"]);
    let entry = log.iter().find(|entry| text(entry, "action") == "search.freeze").expect("an entry");
    assert!(text(entry, "outcome").contains(&digest_of(&found)), "the audit log has the digest");

    archive.write(
        "late/late.eml",
        "From: zoe@x.example\nTo: ann@firm.example\nDate: 1 Jan 2026 00:00:00 +0000\n\nharbour\n",
    );
    archive.import(&archive.path("late"), &[]);
    let diff = archive.ok(&["search", "diff", "Harbour@1"]);
    assert_eq!(number(diff.first().expect("counts"), "added"), 1);
    assert_eq!(number(diff.first().expect("counts"), "removed"), 0);
    archive.one("frozen", &["search", "freeze", "Harbour"]);
    let year =
        ["retention", "policy", "add", "Year", "--without-simulation", "test", "--action", "delete", "--period", "1y"];
    assert_eq!(archive.run(&year).code, 0);
    archive.set_clock("2026-01-16T12:00:00Z");
    archive.ok(&["disposition", "plan", "-o", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    let checked = archive.one("frozen", &["search", "show", "Harbour@1"]);
    assert_eq!(checked.get("intact"), Some(&Value::Bool(true)));
    assert!(number(&checked, "disposed") > 0);
    let gone = archive.ok(&["search", "diff", "Harbour@1", "Harbour@2"]);
    assert_eq!(gone.iter().filter(|line| is(line, "added")).count(), 1);
    let now = archive.ok(&["search", "diff", "Harbour"]);
    let removed: Vec<&Value> = now.iter().filter(|line| is(line, "removed")).collect();
    assert_eq!(removed.len() as u64, number(now.first().expect("counts"), "removed"));
    assert!(removed.iter().all(|item| item.get("disposed_at").is_some_and(Value::is_string)));
    archive.verify_clean();
}

#[test]
fn names_of_searches_stay_what_they_are() {
    let archive = firm();
    archive.ok(&["search", "save", "Offers", "offer"]);
    archive.ok(&["search", "freeze", "Offers"]);
    archive.ok(&["search", "save", "Offers", "offer"]);
    archive.json(1, &["search", "save", "Offers", "harbour"]);
    archive.json(1, &["search", "freeze", "Offers", "harbour"]);
    archive.ok(&["search", "save", "Offers", "harbour", "--replace"]);
    let frozen = archive.one("frozen", &["search", "show", "Offers@1"]);
    assert_eq!(frozen.pointer("/search/query").and_then(Value::as_str), Some("offer"), "what was frozen stays");
    assert_eq!(text(&archive.one("frozen", &["search", "freeze", "All", "--all"]), "result"), "All@1");
    let saved = archive.ok(&["search", "list"]);
    assert_eq!(saved.iter().map(|saved| text(saved, "name")).collect::<Vec<_>>(), ["All", "Offers"]);
    for name in ["", " x", "a@1"] {
        archive.json(2, &["search", "save", name, "harbour"]);
    }
    archive.json(2, &["search", "save", "Bad", "sent>=2024-13-01"]);
    archive.json(1, &["search", "save", "Bad", "harbour", "--mailbox", "nobody@firm.example"]);
    for missing in [&["search", "run", "None"][..], &["search", "show", "Offers@9"], &["search", "freeze", "None"]] {
        archive.json(1, missing);
    }
}

#[test]
fn words_that_are_commands_are_searched_for_in_quotes() {
    let archive = firm();
    archive
        .write("more/1.eml", "From: a@x.example\nTo: ann@firm.example\n\nrun the freeze and help us save the date\n");
    archive.import(&archive.path("more"), &[]);
    for query in ["\"freeze\"", "save the date", "help", "run the"] {
        assert_eq!(archive.hits(Some(query)).len(), 1, "{query}");
    }
    let refused = archive.json(2, &["search", "--mailbox", "ann@firm.example", "list"]);
    assert!(text(&refused.error(), "message").contains("'\"list\"'"));
    assert_eq!(archive.run(&["search"]).code, 2);
}

/// What the audit log has of the last act.
fn last_entry(archive: &TestArchive) -> String {
    archive.ok(&["audit", "log"]).last().expect("an entry").to_string()
}

#[test]
fn what_a_query_cannot_judge_is_listed_with_the_reason() {
    let archive = firm();
    let query = "received>=2014-01-01 received<2016-01-01";
    let listed = archive.ok(&["search", &query.replace(" rec", " AND rec"), "--partially-indexed"]);
    let hits: Vec<&Value> = listed.iter().filter(|line| is(line, "hit")).collect();
    let summary = listed.first().expect("a summary");
    assert!(number(summary, "partially_indexed") > 0);
    assert_eq!(hits.len() as u64, number(summary, "partially_indexed"));
    for hit in hits {
        assert!(hit.get("partially_indexed").expect("reasons").to_string().contains("when it was received"), "{hit}");
    }
    assert!(!archive.hits(Some("received>=2014-01-01")).is_empty());
}

#[test]
fn people_and_dates_of_a_keyword_list_are_shown_as_they_were_read_and_recorded() {
    let archive = firm();
    let list = archive.write("terms.txt", "from:ann@firm.example\nsent:\"this year\"\nharbour\n");
    let list = list.to_str().expect("UTF-8");
    let lines = archive.ok(&["search", "--keywords", list]);
    let rows: Vec<&Value> = lines.iter().filter(|line| is(line, "keyword")).collect();
    let names = rows.first().and_then(|row| row.pointer("/people/0/names")).expect("names").to_string();
    assert!(names.contains("+48555010001") && names.contains("Ann Novak"), "{names}");
    assert_eq!(rows.first().map(|row| text(row, "read_as")).as_deref(), Some("from:ann@firm.example"));
    let read_as = text(lines.first().expect("a summary"), "read_as");
    assert_eq!(read_as, "from:ann@firm.example OR sent:2026 OR harbour".replace("2026", "2026-01-01..2026-12-31"));
    let entry = last_entry(&archive);
    for part in [&read_as, "line 1: from:ann@firm.example also as", "+48555010001"] {
        assert!(entry.contains(part), "{part}: {entry}");
    }
    let shown = archive.run(&["search", "--keywords", list]);
    assert!(shown.stderr.contains("line 1: from:ann@firm.example is "), "{}", shown.stderr);
    let plain = archive.ok(&["search", "--keywords", list, "--no-expand"]);
    let people = plain.iter().filter_map(|row| row.get("people").and_then(Value::as_array));
    assert!(people.into_iter().all(Vec::is_empty));

    let typed = "from:\"Ann Novak\" (c:s)  +offer(c:c)(kind=email)";
    let lines = archive.ok(&["search", typed, "--stats"]);
    let rows: Vec<&Value> = lines.iter().filter(|line| is(line, "keyword")).collect();
    let texts: Vec<String> = rows.iter().map(|row| text(row, "keywords")).collect();
    assert_eq!(texts, ["from:\"Ann Novak\"(c:c)(kind=email)", "+offer(c:c)(kind=email)"]);
    assert_eq!(rows.first().map(|row| text(row, "read_as")).as_deref(), Some("from:\"Ann Novak\" AND kind:email"));
    assert_eq!(rows.first().map(|row| number(row, "messages")), Some(1), "found under her address");
}

#[test]
fn refused_rows_are_named_by_explain_too() {
    let archive = firm();
    let list = archive.write("terms.txt", "harbour\nx*\n");
    let list = list.to_str().expect("UTF-8");
    let outcome = archive.json(3, &["search", "--keywords", list, "--explain"]);
    let lines = outcome.lines();
    let explained = lines.first().expect("an explanation");
    assert_eq!(explained.pointer("/keywords/1/error/code").and_then(Value::as_str), Some("E_PREFIX_TOO_SHORT"));
    assert_eq!(explained.pointer("/keywords/0/messages").and_then(Value::as_u64), Some(15));
    let shown = archive.run(&["search", "--keywords", list, "--explain"]);
    assert_eq!(shown.code, 3);
    assert!(shown.stderr.contains("line 2 is refused") && shown.stderr.contains("1 of 2 rows refused"));
    assert!(shown.text().contains("harbour"), "{}", shown.text());
}

#[test]
fn a_report_says_how_each_row_was_read_and_why_one_was_refused() {
    let archive = firm();
    let list = archive.write("terms.txt", "from:ann@firm.example\nx*\nharbour or offer\n");
    let path = archive.path("report.html");
    let arguments = ["search", "--keywords", list.to_str().expect("UTF-8"), "--report", path.to_str().expect("UTF-8")];
    assert_eq!(archive.run(&arguments).code, 3);
    let report = std::fs::read_to_string(&path).expect("the file");
    for part in [
        "<h1>Search for the rows of a keyword list",
        "Line 2 is refused and not counted: E_PREFIX_TOO_SHORT",
        "Line 3: W_LOWERCASE_OPERATOR",
        "Line 1: from:ann@firm.example is ",
        "<dt>Mode</dt><dd>strict</dd>",
        "<td>harbour AND or AND offer</td>",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let path = archive.path("one.html");
    archive.ok(&["search", "from:\"Ann Novak\"", "--report", path.to_str().expect("UTF-8")]);
    let report = std::fs::read_to_string(&path).expect("the file");
    assert!(report.contains("<dt>Also as</dt><dd>from:Ann Novak is "), "{report}");
}

#[test]
fn options_that_a_frozen_search_would_not_follow_are_refused() {
    let archive = firm();
    archive.ok(&["search", "save", "Week", "harbour OR sent:\"this week\"", "--week-start", "sunday", "--no-expand"]);
    let entry = last_entry(&archive);
    assert!(entry.contains("weeks begin on Sunday") && entry.contains("only under the names"), "{entry}");
    for options in [&["--week-start", "sunday"][..], &["--lenient"], &["--no-expand"], &["--mailbox", "x"]] {
        archive.json(2, &[&["search", "freeze", "Week"], options].concat());
    }
    archive.ok(&["search", "freeze", "Week"]);
    for command in ["save", "freeze"] {
        let refused = archive.json(1, &["search", command, "Week", "offer"]);
        assert!(text(&refused.error(), "hint").contains("search save NAME QUERY --replace"));
    }
}

#[test]
fn the_snippet_shows_a_match_wherever_in_the_text_it_stands() {
    let archive = firm();
    let body = "nothing to see here\n".repeat(20_000);
    let mail = format!("From: ann@firm.example\nTo: ben@firm.example\n\n{body}at last zanzibar is named\n");
    archive.write("long/1.eml", mail);
    archive.import(&archive.path("long"), &[]);
    let hits = archive.hits(Some("zanzibar"));
    assert!(text(hits.first().expect("a hit"), "snippet").contains("zanzibar is named"));
}

#[test]
fn a_file_for_counts_is_created_before_anything_is_searched() {
    let archive = firm();
    archive.write("taken.csv", "mine");
    archive.write("terms.txt", "harbour\n");
    archive.write("bad.txt", "x*\n");
    let before = archive.ok(&["audit", "log"]).len();
    for arguments in [&["search", "harbour", "--stats"][..], &["search", "--keywords", "terms.txt"]] {
        let refused = archive.json(1, &[arguments, &["--csv", "taken.csv"]].concat());
        assert!(refused.stdout.is_empty(), "{}", refused.text());
        assert!(text(&refused.error(), "hint").contains("name another file"));
    }
    assert_eq!(archive.ok(&["audit", "log"]).len(), before + 1, "only the log itself was read");
    archive.json(2, &["search", "--keywords", "bad.txt", "--csv", "half.csv"]);
    archive.json(2, &["search", "sent>=2024-13-01", "--stats", "--csv", "half.csv"]);
    assert!(!archive.path("half.csv").exists(), "half a file is left");
    assert_eq!(std::fs::read_to_string(archive.path("taken.csv")).expect("the file"), "mine");
}

#[test]
fn the_record_of_a_search_says_what_its_prefixes_stood_for_and_what_was_searched() {
    let archive = firm();
    let lines = archive.ok(&["search", "harb* NEAR(3) pri* NOT subject:off*"]);
    let summary = lines.first().expect("a summary");
    let prefixes = summary.get("prefixes").and_then(Value::as_array).expect("prefixes");
    let words: Vec<(String, u64)> =
        prefixes.iter().map(|prefix| (text(prefix, "text"), number(prefix, "words"))).collect();
    assert_eq!(words, [("harb*", 1), ("pri*", 1), ("subject:off*", 1)].map(|(text, n)| (text.to_owned(), n)));
    let entry = last_entry(&archive);
    let through = format!("index to message {}, rules {}", text(summary, "through"), number(summary, "index_rules"));
    for part in ["; harb* = 1 words", "; subject:off* = 1 words", &through] {
        assert!(entry.contains(part), "{part}: {entry}");
    }
}

#[test]
fn a_saved_search_is_removed_unless_results_of_it_were_kept() {
    let archive = firm();
    for name in ["Kept", "Gone"] {
        archive.ok(&["search", "save", name, "harbour"]);
    }
    archive.ok(&["search", "freeze", "Kept"]);
    let refused = archive.json(21, &["search", "remove", "Kept"]);
    assert!(text(&refused.error(), "message").contains("1 frozen result"));
    archive.ok(&["search", "show", "Kept@1"]);
    archive.ok(&["search", "remove", "Gone"]);
    assert!(last_entry(&archive).contains("search.remove"));
    archive.json(1, &["search", "show", "Gone"]);
    archive.json(1, &["search", "remove", "Gone"]);
    assert_eq!(archive.ok(&["search", "list"]).len(), 1);
}
