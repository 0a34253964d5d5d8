//! The search language as its user meets it: through the binary.

mod support;

use support::{TestArchive, number, text};

fn mail(subject: &str, body: &str) -> String {
    format!(
        "From: Ann Beebe <annb@contoso.com>\r\nTo: Garth <garthf@contoso.com>\r\nSubject: {subject}\r\n\
         Date: Thu, 15 Apr 2021 09:00:00 +0000\r\n\r\n{body}\r\n"
    )
}

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    for (name, message) in [
        ("1.eml", mail("Budget Q1", "please review")),
        ("2.eml", mail("Lunch", "to x or not to x")),
        ("3.eml", format!("Status: RO\r\n{}", mail("Profit", "budget and lunch"))),
    ] {
        archive.write(&format!("mail/{name}"), message);
    }
    let import = archive.import(&archive.path("mail"), &["--create-mailboxes"]);
    assert_eq!(number(&import, "messages"), 3);
    archive
}

fn count(archive: &TestArchive, arguments: &[&str]) -> u64 {
    number(&archive.one("summary", &[&["search", "--count"], arguments].concat()), "messages")
}

#[test]
fn lenient_mode_reads_what_strict_mode_refuses_and_says_how() {
    let archive = archive();
    let refused = archive.run(&["search", "to: x"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("E_PROPERTY_SPACE"), "{}", refused.stderr);
    assert!(refused.stderr.contains("to: x\n   ^"), "{}", refused.stderr);
    let summary = archive.one("summary", &["search", "--count", "--lenient", "to: x"]);
    assert_eq!(number(&summary, "messages"), 1);
    assert_eq!(text(&summary, "mode"), "lenient");
    assert_eq!(text(&summary, "read_as"), "to AND x");
    let warnings = summary["warnings"].as_array().expect("warnings");
    assert_eq!(warnings.iter().map(|warning| text(warning, "code")).collect::<Vec<_>>(), ["W_PROPERTY_SPACE"]);
    assert_eq!(count(&archive, &["--lenient", ""]), 3);
    assert_eq!(count(&archive, &["--lenient", "sent:4/15/2021"]), 3);
    assert_eq!(archive.run(&["search", ""]).code, 2);
    assert_eq!(text(&archive.one("summary", &["search", "--count", "x"]), "mode"), "strict");
}

#[test]
fn what_was_read_is_found_by_the_flag_of_its_mail_store() {
    let archive = archive();
    assert_eq!(count(&archive, &["isread:true"]), 1);
    assert_eq!(count(&archive, &["isread:false"]), 2);
    assert_eq!(count(&archive, &["NOT isread:true"]), 2);
    assert_eq!(count(&archive, &["isread:true isread:false"]), 3);
}

#[test]
fn people_are_found_under_every_name_of_their_mailbox() {
    let archive = archive();
    let other = mail("Old", "from before").replace("annb@contoso.com", "ann@old.example").replace("Ann Beebe", "A. B.");
    archive.write("old/4.eml", other);
    archive.import(&archive.path("old"), &[]);
    assert_eq!(count(&archive, &["from:annb@contoso.com"]), 3);
    archive.ok(&["mailbox", "set", "annb@contoso.com", "--alias", "ann@old.example", "--name", "Ann Beebe"]);
    let summary = archive.one("summary", &["search", "--count", "from:annb"]);
    assert_eq!(number(&summary, "messages"), 4);
    assert_eq!(text(&summary, "read_as"), "from:annb");
    let names = &summary["people"][0]["names"];
    assert_eq!(names, &serde_json::json!(["annb@contoso.com", "ann@old.example", "Ann Beebe"]));
    assert_eq!(count(&archive, &["from:ann@old.example"]), 4);
    assert_eq!(count(&archive, &["from:\"Ann Beebe\""]), 4);
    assert_eq!(count(&archive, &["from:\"annb@contoso*\""]), 3);
    assert_eq!(count(&archive, &["--no-expand", "from:ann@old.example"]), 1);
    assert_eq!(count(&archive, &["--no-expand", "from:annb@contoso.com"]), 3);
    let log = archive.run(&["audit", "log"]).text();
    assert!(log.contains("from:annb also as annb@contoso.com, ann@old.example, Ann Beebe"), "{log}");
    let hold = [
        "hold",
        "place",
        "Ann",
        "--query",
        "from:annb@contoso.com",
        "--reason",
        "letter",
        "--mailbox",
        "annb@contoso.com",
        "--mailbox",
        "garthf@contoso.com",
    ];
    assert_eq!(number(&archive.one("hold", &hold), "messages"), 4);
}

#[test]
fn domains_beyond_ascii_are_found_and_filed_in_both_writings() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@m\u{fc}ller.example"]);
    archive.json(1, &["mailbox", "add", "ann@xn--mller-kva.example"]);
    for (name, from) in [("1", "eve@xn--mller-kva.example"), ("2", "eve@m\u{fc}ller.example"), ("3", "eve@example.com")]
    {
        let mail = mail(name, "hello").replace("annb@contoso.com", from);
        let mail = mail.replace("garthf@contoso.com", "ann@xn--mller-kva.example");
        archive.write(&format!("mails/{name}.eml"), mail);
    }
    let summary = archive.import(&archive.path("mails"), &[]);
    assert_eq!((number(&summary, "stored"), number(&summary, "items")), (3, 3), "{summary}");
    for (query, expected) in [
        ("from:m\u{fc}ller.example", 2),
        ("from:xn--mller-kva.example", 2),
        ("from:eve@m\u{fc}ller.example", 2),
        ("from:eve@xn--mller-kva.example", 2),
        ("from:\"@m\u{fc}l*\"", 2),
        ("to:ann@m\u{fc}ller.example", 3),
        ("to:ann@xn--mller-kva.example", 3),
    ] {
        for options in [&[][..], &["--no-expand"]] {
            assert_eq!(count(&archive, &[&[query][..], options].concat()), expected, "{query} {options:?}");
        }
    }
    archive.verify_clean();
}

#[test]
fn people_are_found_by_their_number_in_any_writing() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ada@firm.example", "--phone", "+447700900102"]);
    archive.ok(&["mailbox", "add", "bo@firm.example", "--phone", "+447700900103"]);
    let chat = |id: usize, number: &str| {
        format!(
            r#"{{"source":"s","platform":"whatsapp","conversation":{{"id":"c","name":"C","type":"group"}},"id":"wa.{id}","sent":"2025-03-14T16:00:00Z","sender":{{"number":"{number}"}},"recipients":[{{"number":"+447700900103"}}],"text":"hello {id}"}}"#
        )
    };
    let chats: Vec<String> =
        ["447700900102", "+447700900102", "00447700900102"].iter().zip(1..).map(|(n, id)| chat(id, n)).collect();
    archive.write("chat/chat.jsonl", chats.join("\n") + "\n");
    archive.import(&archive.path("chat"), &[]);
    let letter = mail("Letter", "by mail").replace("annb@contoso.com", "ada@firm.example");
    archive.write("mail/1.eml", letter);
    archive.import(&archive.path("mail"), &["--mailbox", "bo@firm.example"]);
    let writings = [
        "07700900102",
        "\"07700 900102\"",
        "+447700900102",
        "\"+44 (0)7700 900102\"",
        "\"+44 (07700) 900 102\"",
        "00447700900102",
        "447700900102",
    ];
    for writing in writings {
        for property in ["from", "participants"] {
            let query = format!("{property}:{writing}");
            assert_eq!(count(&archive, &["--no-expand", &query]), 3, "{query}");
            assert_eq!(count(&archive, &[&query]), 4, "{query} with the address of the mailbox");
        }
        assert_eq!(count(&archive, &[&format!("recipients:{writing}")]), 0, "{writing}");
        let items = archive.ok(&["search", "--all"]).len();
        let others = archive.ok(&["search", &format!("NOT custodian:{writing}")]).len();
        assert!(others < items, "{writing}");
    }
    assert_eq!(count(&archive, &["to:07700900103"]), 3);
    let hold =
        ["hold", "place", "A", "--query", "from:07700900102", "--reason", "letter", "--mailbox", "bo@firm.example"];
    assert_eq!(number(&archive.one("hold", &hold), "messages"), 4);
}

#[test]
fn what_has_no_received_date_counts_as_searched_in_part_where_it_is_asked_for() {
    let archive = archive();
    let summary = archive.one("summary", &["search", "--count", "received>=2021-01-01"]);
    assert_eq!((number(&summary, "messages"), number(&summary, "items")), (0, 0));
    assert_eq!(number(&summary, "partially_indexed"), 6);
    assert_eq!(number(&archive.one("summary", &["search", "--count", "lunch"]), "partially_indexed"), 0);
    let hold = [
        "hold",
        "place",
        "Early",
        "--query",
        "received<2021-01-01",
        "--reason",
        "letter",
        "--mailbox",
        "annb@contoso.com",
        "--mailbox",
        "garthf@contoso.com",
    ];
    assert_eq!(number(&archive.one("hold", &hold), "messages"), 3);
}

#[test]
fn an_explanation_shows_each_part_with_its_count() {
    let archive = archive();
    let query = "(budg* OR lunch) NEAR(3) lunch from:annb sent:2021-04-15";
    let explained = archive.one("explain", &["search", "--explain", query]);
    assert_eq!(number(&explained, "messages"), 1);
    let parts = explained["tree"]["parts"].as_array().expect("parts");
    let kinds: Vec<String> = parts.iter().map(|part| text(part, "kind")).collect();
    assert_eq!(kinds, ["near", "or", "date"]);
    assert_eq!(parts[0]["parts"][0]["parts"][0]["prefix_words"], 1);
    assert_eq!(parts[0]["parts"][0]["parts"][0]["messages"], 2);
    assert_eq!(parts[2]["meaning"], serde_json::json!(["from 2021-04-15T00:00:00Z", "before 2021-04-16T00:00:00Z"]));
    let shown = archive.run(&["search", "--explain", query, "--mailbox", "annb@contoso.com"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    for line in [
        "Looks in  annb@contoso.com; all folders",
        "    any of  3 messages",
        "      budg*  2 messages  (budg*) = 1 word",
    ] {
        assert!(shown.text().contains(line), "{line}\n{}", shown.text());
    }
    assert_eq!(archive.run(&["search", "--explain", "foo:x"]).code, 2);
}
