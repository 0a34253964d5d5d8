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
