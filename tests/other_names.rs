//! A chat whose people were renamed between two exports is there twice, and the import says so.
#![cfg(feature = "cli")]

mod support;

use support::{TestArchive, number};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";

const CHAT: &str = "13/01/2023, 16:13 - Ann: hello\n13/01/2023, 16:13 - Bob: ok\n13/01/2023, 16:13 - Bob: ok\n\
    13/01/2023, 16:14 - Bob: the plan\n13/01/2023, 16:16 - Ann: thanks\n";

/// New messages, and those of them that differ from earlier ones in names alone.
fn import(archive: &TestArchive, name: &str, chat: &str, mailbox: &str) -> (u64, u64) {
    let path = archive.write(&format!("WhatsApp Chat with {name}.txt"), chat);
    let summary = archive.import(&path, &["--mailbox", mailbox, "--date-order", "dmy"]);
    assert_eq!(number(&summary, "other_names_not_compared"), 0);
    (number(&summary, "stored"), number(&summary, "other_names"))
}

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    archive
}

#[test]
fn a_contact_who_was_renamed_is_reported() {
    let archive = archive();
    assert_eq!(import(&archive, "Bob", CHAT, ANN), (5, 0));
    assert_eq!(import(&archive, "Bob", &format!("{CHAT}13/01/2023, 16:17 - Bob: bye\n"), ANN), (1, 0));
    let renamed = CHAT.replace("Bob", "Robert");
    assert_eq!(import(&archive, "Bob", &renamed, ANN), (3, 3), "what Bob said, which is kept");
    assert_eq!(import(&archive, "Bob", &renamed, ANN), (0, 0));
    assert_eq!(archive.hits(None).len(), 9);
}

#[test]
fn a_chat_of_another_title_is_reported_where_its_messages_are_the_same() {
    let archive = archive();
    import(&archive, "Bob", CHAT, ANN);
    assert_eq!(import(&archive, "Robert", &CHAT.replace("Bob", "Robert"), ANN), (5, 3), "Ann keeps her name");
    let path = archive.write("WhatsApp Chat with Rob.txt", CHAT.replace("Bob", "Rob"));
    let path = path.to_str().expect("UTF-8");
    let printed = archive.run(&["import", path, "--mailbox", ANN, "--date-order", "dmy"]).stderr;
    assert!(printed.contains("3 new messages") && printed.contains("`Rob`"), "{printed}");
}

#[test]
fn what_others_wrote_at_the_time_or_in_another_mailbox_is_not_reported() {
    let archive = archive();
    import(&archive, "Bob", CHAT, ANN);
    let other = "13/01/2023, 16:13 - Cy: hi\n13/01/2023, 16:14 - Cy: the plans\n13/01/2023, 16:20 - Cy: hello\n";
    assert_eq!(import(&archive, "Cy", other, ANN), (3, 0));
    assert_eq!(import(&archive, "Robert", &CHAT.replace("Bob", "Robert"), BOB), (5, 0));
}
