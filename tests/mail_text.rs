//! What a mail says is found and shown, wherever in the mail it stands.

mod support;

use serde_json::{Value, json};
use support::{TestArchive, number, text};

const HEAD: &str = "From: ann@firm.example\nDate: Tue, 14 Jan 2025 09:30:00 +0000\nMIME-Version: 1.0\n";

/// An archive with one mail, of which `more` is the rest.
fn archive_with(more: &str) -> TestArchive {
    let archive = TestArchive::new();
    let path = archive.write("one.eml", format!("{HEAD}{more}"));
    archive.import(&path, &["--mailbox", "all@firm.example", "--create-mailboxes"]);
    archive
}

fn finds(archive: &TestArchive, query: &str) -> bool {
    number(&archive.one("summary", &["search", query, "--count"]), "messages") == 1
}

#[test]
fn lines_of_the_html_that_differ_by_their_links_are_shown_once_and_found_as_they_stand_there() {
    let archive = archive_with(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nPlease see our terms<https://x.example/a> before Friday\nor never\n\
         --b\nContent-Type: text/html\n\n<p>Please see <a href=\"https://x.example/a\">our terms</a> before Friday</p>\
         <p>or never</p><p>or call</p>\n--b--\n",
    );
    let shown = archive.one("item", &["show", "1"]);
    assert_eq!(
        text(&shown, "text"),
        "Please see our terms<https://x.example/a> before Friday\nor never\nor never\nor call",
        "with a line around what is new"
    );
    for query in ["\"our terms before Friday\"", "\"our terms https x example a before\"", "\"or call\""] {
        assert!(finds(&archive, query), "{query}");
    }
}

#[test]
fn names_of_groups_are_found_as_those_of_people_and_are_nobody() {
    let archive = archive_with(
        "To: Sales Team: ben@firm.example, Carl <carl@firm.example>;\nCc: undisclosed-recipients:;\nSubject: x\n\ny\n",
    );
    for query in ["to:sales", "to:\"sales team\"", "recipients:team", "cc:undisclosed", "cc:*", "sales", "to:carl"] {
        assert!(finds(&archive, query), "{query}");
    }
    for query in ["cc:sales", "from:sales", "to:undisclosed", "bcc:*"] {
        assert!(!finds(&archive, query), "{query}");
    }
    let shown = archive.one("item", &["show", "1"]);
    let groups = json!([{ "role": "to", "name": "Sales Team" }, { "role": "cc", "name": "undisclosed-recipients" }]);
    assert_eq!(shown.get("groups"), Some(&groups));
    let people = shown.get("participants").and_then(Value::as_array).expect("participants");
    let people: Vec<String> = people.iter().map(|person| text(person, "address")).collect();
    assert_eq!(people, ["ann@firm.example", "ben@firm.example", "carl@firm.example"]);
    let printed = archive.run(&["show", "1"]).text();
    assert!(printed.contains("To          Sales Team (group)"), "{printed}");
}

#[test]
fn text_outside_of_the_parts_of_a_mail_is_found_and_shown() {
    let archive = archive_with(
        "Content-Type: multipart/mixed; boundary=b\n\nhidden before\n--b\n\nthe text\n--b--\nadded by the list\n",
    );
    let shown = archive.one("item", &["show", "1"]);
    assert_eq!(text(&shown, "text"), "the text\nhidden before\nadded by the list");
    for query in ["\"hidden before\"", "body:list"] {
        assert!(finds(&archive, query), "{query}");
    }
    let note =
        "Content-Type: multipart/mixed; boundary=b\n\nThis is a multi-part message in MIME format.\n--b\n\ny\n--b--\n";
    assert!(!finds(&archive_with(note), "MIME"));
}

/// Mail programs before MIME wrote files into the text (POSIX `uuencode`).
#[test]
fn files_that_are_written_into_a_text_are_attachments() {
    let file = "begin 644 ledger.txt\n:=&AE('-E8W)E=\"!H87)B;W5R(&QE9&=E<@H \n`\nend\n";
    let in_base64 = "begin-base64 644 ledger.txt\ndGhlIHNlY3JldCBoYXJib3VyIGxlZGdlcgo=\n====\n";
    for (mail, n) in [
        (format!("\nSee below\n\n{file}\nAnn\n"), 1),
        (format!("\nSee below\n\n{in_base64}\nAnn\n"), 1),
        (
            format!(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below\n\n{file}\nAnn\n--b\n\
                 Content-Type: text/plain; name=other.txt\n\nother\n--b--\n"
            ),
            2,
        ),
        (
            format!(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below\n\nAnn\n--b\n\
                 Content-Type: text/plain; name=ledger.txt\nContent-Transfer-Encoding: x-uuencode\n\n{file}--b--\n"
            ),
            1,
        ),
    ] {
        let archive = archive_with(&mail);
        let hit = archive.hits(Some("\"secret harbour ledger\"")).pop().expect("a hit");
        assert_eq!(hit["matched_attachments"][0]["name"], "ledger.txt", "{hit}");
        assert!(finds(&archive, "attachmentnames:ledger.txt AND body:below AND body:ann"), "{mail}");
        let written = archive.run(&["show", "1", "--attachment", &n.to_string()]);
        assert_eq!(written.stdout, b"the secret harbour ledger\n", "{}", written.stderr);
    }
    let cut = archive_with(
        "\nSee below\n\nbegin 644 ledger.txt\nM=&AE('-E8W)E=\"!H87)B;W5R(&QE9&=E<B!O9B!T:&4@=VAO;&4@;V8@;&%S\n'=\"!Y96%R\"@  \n",
    );
    assert!(finds(&cut, "harbour"));
    let listed = cut.ok(&["search", "harbour", "--partially-indexed"]);
    let why = listed.iter().find_map(|line| line["partially_indexed"][0].as_str()).expect("a reason");
    assert!(why.contains("is missing"), "{why}");
}

/// What a link leads to, and what stands for a picture, is found though no mail program shows it in the text.
#[test]
fn targets_of_links_and_texts_of_pictures_are_found_and_not_shown() {
    let html = "<p>Get it <a href=\"https://files.example/s/q7?dl=1\">here</a> or from \
                <a href=\"https://safe.example/?url=https%3A%2F%2Fdrop.example%2Fplan\">there</a></p>\
                <img src=\"cid:1\" alt=\"Chart of losses\">";
    let mixed = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee the page\n--b\nContent-Type: text/html; name=a.html\n\n";
    let alternative = "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nGet it here or from there\n--b\n\
                       Content-Type: text/html\n\n";
    for mail in [
        format!("Content-Type: text/html\n\n{html}\n"),
        format!("{alternative}{html}\n--b--\n"),
        format!("{mixed}{html}\n--b--\n"),
    ] {
        let archive = archive_with(&mail);
        for query in [
            "\"files.example/s/q7\"",
            "\"https://files.example/s/q7?dl=1\"",
            "\"https://drop.example/plan\"",
            "\"chart of losses\"",
            "\"get it here or from there\"",
        ] {
            assert!(finds(&archive, query), "{query} {mail}");
        }
        let shown = archive.one("item", &["show", "1"]);
        assert!(!text(&shown, "text").contains("files.example"), "{shown}");
    }
    let once = archive_with(
        &format!("{alternative}<a href=\"https://x.example/\">x</a>\n--b--\n")
            .replace("from there", "from there: <https://x.example>"),
    );
    let hit = once.hits(Some("\"https x.example\"")).pop().expect("a hit");
    assert_eq!(text(&hit, "snippet").matches("x.example").count(), 1, "{hit}");
}

/// Nobody hides words by writing them so that they look like a file.
#[test]
fn words_behind_the_beginning_of_a_file_are_found_and_shown() {
    for mail in [
        "\nbegin 2026 with these:\n\n1,200,777\nSELL INITECHX NOW\n\nEND\nend\n",
        "\nbegin 644 a\nSELL INITECHX TODAY\n`\nend\n",
        "\nbegin 644 a\n1SELL INITECHX NOW!!!!!!!\n`\nend\n",
        "Content-Transfer-Encoding: x-uuencode\n\nSELL INITECHX NOW\n\nbegin 644 a.txt\n#0V%T\n`\nend\n",
        "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a.txt\n#0V%T\n`\nend\n\nSELL INITECHX NOW\n",
        "\nbegin-base64 644 deal\nINITECHX\nSELL\n====\n",
    ] {
        let archive = archive_with(mail);
        assert!(finds(&archive, "initechx"), "{mail}");
        assert!(text(&archive.one("item", &["show", "1"]), "text").contains("INITECHX"), "{mail}");
    }
}
