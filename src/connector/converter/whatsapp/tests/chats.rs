//! Whole exports: their messages, media, people and what is told about them.

use super::*;
use Event::{Deleted, Edited, Sent, System};

const IOS: &str = "\u{feff}[7/14/25, 9:00:00\u{202f}AM] Deal Team: \u{200e}Messages and calls are end-to-end encrypted.\r\n\
    [7/14/25, 9:00:05\u{202f}AM] Deal Team: \u{200e}Ann added you\r\n\
    [7/14/25, 9:01:10\u{202f}AM] Ann: first line\r\nsecond line \u{200e}<This message was edited>\r\n\
    \u{200e}[7/14/25, 9:02:11\u{202f}AM] ~\u{202f}Bo: \u{200e}<attached: 00000004-PHOTO-2025-07-14-09-02-11.jpg>\r\n\
    [7/14/25, 9:03:00\u{202f}AM] ~\u{202f}Bo: This message was deleted.\r\n\
    [7/14/25, 9:03:30\u{202f}AM] ~\u{202f}Bo: \u{200e}This message was deleted.\r\n\
    [7/14/25, 9:04:00\u{202f}AM] \u{202a}+91\u{a0}98765\u{a0}43210\u{202c}: \u{200e}image omitted\r\n";

#[test]
fn an_export_of_ios_with_media() {
    let files: [(&str, &[u8]); 5] = [
        ("_chat.txt", IOS.as_bytes()),
        ("00000004-PHOTO-2025-07-14-09-02-11.jpg", b"picture"),
        ("00000009-notes.txt", b"27/03/2022, 21:41 - not a chat"),
        ("__MACOSX/._chat.txt", b"x"),
        (".DS_Store", b"x"),
    ];
    let (_folder, path) = zip("WhatsApp Chat - Deal Team (1).zip", &files);
    let read = read_path(&path, &Options::default());
    assert_eq!(read.events(), [System, System, Edited, Sent, Sent, Deleted, Sent]);
    assert_eq!(read.sender(0), "WhatsApp");
    assert_eq!(read.text(2), "first line\nsecond line");
    assert_eq!(read.extra(2, "/edited"), true);
    assert_eq!(read.sender(3), "~ Bo");
    assert_eq!(read.facts(3).attachments.len(), 1);
    assert_eq!(read.sent(3), "2025-07-14T09:02:11Z");
    assert_eq!(read.extra(6, "/absent_attachments"), serde_json::json!(["image"]));
    let number = |number: &str| Some(number.to_owned());
    assert!(read.facts(6).participants.iter().any(|person| person.number == number("919876543210")));
    assert_eq!(read.facts(6).conversation.unwrap().name, "Deal Team");
    assert_eq!(read.others, ["Deal Team", "Ann", "~ Bo", ""], "who is no contact has a number only");
    assert_eq!(read.account.absent_attachments, 1);
    assert_eq!(read.rejected.len(), 1, "{:?}", read.rejected);
    assert!(read.rejected[0].0.starts_with("not named by any message"));
}

#[test]
fn an_export_of_android_in_a_folder() {
    let text = "13/01/2023, 16:13 - Messages and calls are end-to-end encrypted. Tap to learn more.\n\
        13/01/2023, 16:11 - Ann created group \"a: b\"\n\
        13/01/2023, 16:14 - Ann: IMG-20230113-WA0001.jpg (file attached)\ncaption\n\
        13/01/2023, 16:15 - Ann: IMG-20230113-WA0002.jpg (file attached)\n\
        13/01/2023, 16:16 - Bob: <Media omitted>\n\
        13/01/2023, 16:16 - Missed voice call\n";
    let folder = folder(&[("WhatsApp Chat with Bob.txt", text.as_bytes()), ("IMG-20230113-WA0001.jpg", b"picture")]);
    let read = read_path(&folder.path().join("WhatsApp Chat with Bob.txt"), &Options::default());
    assert_eq!(read.mails.len(), 6, "{:?}", read.rejected);
    assert_eq!(read.extra(1, "/notice"), "created");
    assert_eq!(read.facts(2).attachments[0].attachment.name, "IMG-20230113-WA0001.jpg");
    assert_eq!(read.text(2), "IMG-20230113-WA0001.jpg (file attached)\ncaption");
    assert_eq!(read.extra(3, "/absent_attachments"), serde_json::json!(["IMG-20230113-WA0002.jpg"]));
    assert_eq!(read.extra(4, "/precision"), "minute");
    assert_eq!(read.field(5, "X-Custodia-Kind"), "call");
    assert_eq!((read.account.absent_attachments, read.account.date_order), (2, Some(DateOrder::Dmy)));
    let everything = read_path(folder.path(), &Options::default());
    assert_eq!(everything.mails.len(), 6);
    assert!(everything.rejected.is_empty(), "the picture is the message's: {:?}", everything.rejected);
}

#[test]
fn a_longer_export_has_the_same_messages_and_more() {
    let short = "13/01/2023, 16:13 - Ann: hi\n13/01/2023, 16:13 - Ann: hi\n13/01/2023, 16:14 - Bob: <Media omitted>\n";
    let more = "14/01/2023, 10:00 - Cy joined using this group's invite link\n14/01/2023, 10:01 - Cy: hi\n\
                14/01/2023, 10:01 - Ann: hi\n";
    let first = read(short);
    let longer = read(&format!("{short}{more}"));
    assert_eq!(first.mails.len(), 3);
    assert_ne!(first.mails[0], first.mails[1], "two equal messages are two");
    assert_eq!(longer.mails[..3], first.mails[..]);
    assert_eq!(longer.others, ["Ann", "Bob", "Cy"]);
    let cut = read(&format!("{}{more}", short.lines().last().unwrap().to_owned() + "\n"));
    assert_eq!(cut.mails[..], longer.mails[2..]);
    let carried = read(&short.replace('\n', "\r\n"));
    assert_eq!(carried.mails, first.mails);
    assert_eq!(read(&short.replace('\n', "\r")).mails, first.mails);
    assert_eq!(read(&format!("\u{feff}{short}\n\n")).mails, first.mails);
}

#[test]
fn lines_end_where_the_app_ends_them() {
    let read = read("13/01/2023, 16:13 - Ann: a\u{2028}b\u{85}c\u{b}d\n\nlast\n13/01/2023, 16:14 - Bob: e");
    assert_eq!(read.text(0), "a\u{2028}b\u{85}c\u{b}d\n\nlast");
    assert_eq!(read.mails.len(), 2);
}

#[test]
fn what_stands_before_the_first_message_is_told() {
    let read = read("the end of a message\n\n13/01/2023, 16:13 - Ann: a\n");
    assert_eq!((read.mails.len(), read.rejected[0].1), (1, 21));
    assert!(super::super::title::stated("Bob.txt").is_none());
    let none = super::read("no header at all\n");
    assert!(none.rejected[0].0.contains("no line begins with a date"), "{:?}", none.rejected);
}

#[test]
fn titles_are_those_of_the_files() {
    use super::super::title::title;
    for (file, folder, name, stated) in [
        ("WhatsApp Chat with Ann B.txt", "", "Ann B", true),
        ("WhatsApp Chat with Ann B (1).txt", "", "Ann B", true),
        ("WhatsApp Chat with Ann B.txt.zip", "", "Ann B", true),
        ("WhatsApp%20Chat%20with%20Ann%20B.txt", "", "Ann B", true),
        ("WhatsApp_Chat_with_Ann_B.txt", "", "Ann B", true),
        ("WhatsApp Chat - Ann B.zip", "", "Ann B", true),
        ("Conversa do WhatsApp com Ann.txt", "", "Ann", true),
        ("Ann ile WhatsApp Sohbeti.txt", "", "Ann", true),
        ("_chat.txt", "WhatsApp Chat - Ann B", "Ann B", true),
        ("_chat.txt", "Downloads", "", false),
        ("deal.txt", "WhatsApp Chat - Ann B", "", false),
        ("2025-07-20 export.zip", "", "", false),
    ] {
        let found = title(file, folder);
        assert_eq!((found.name.as_str(), found.is_stated()), (name, stated), "{file}");
    }
    let bare = read_as("_chat.txt", IOS, &options(None));
    assert_eq!(bare.account.conversation, "whatsapp-export:Deal Team");
}

#[test]
fn a_name_that_somebody_gave_the_file_changes_nothing() {
    let zipped = |name: &str| {
        let (_folder, path) = zip(name, &[("_chat.txt", IOS.as_bytes())]);
        read_path(&path, &options(None))
    };
    let first = zipped("WhatsApp Chat - Deal Team.zip");
    for name in
        ["export.zip", "Deal.zip", "WhatsApp Chat - Deal Team 2025-07-20.zip", "2025 WhatsApp Chat - Deal Team.zip"]
    {
        assert_eq!(zipped(name).mails, first.mails, "{name}");
    }
    let text = "13/01/2023, 16:13 - Ann: hi\n13/01/2023, 16:14 - Bob: yes\n";
    let renamed = |name: &str| read_as(name, text, &options(Some(DateOrder::Dmy)));
    let (one, other) = (renamed("deal.txt"), renamed("deal 2023-02-01.txt"));
    assert_eq!(one.mails, other.mails);
    assert_eq!(one.account.conversation, "");
    let chat = one.facts(0).conversation.unwrap();
    assert!(chat.name.is_empty() && chat.id.starts_with("whatsapp-export:from "), "told by its beginning: {chat:?}");
    let another = read_as("deal.txt", &text.replace("16:13", "16:12"), &options(Some(DateOrder::Dmy)));
    assert_ne!(another.facts(0).conversation.unwrap().id, chat.id);
    assert!(one.account.notes[0].contains("title"), "{:?}", one.account.notes);
    assert!(first.account.notes.is_empty(), "{:?}", first.account.notes);
}

#[test]
fn whoever_writes_later_gets_no_earlier_message() {
    let short = "13/01/2023, 16:13 - Ann: hi\n13/01/2023, 16:14 - Cyd: yes\n";
    let first = read(short);
    let longer = read(&format!("{short}14/01/2023, 10:01 - Dan: me too\n"));
    assert_eq!(longer.mails[..2], first.mails[..]);
    let named = |read: &Read, at: usize| read.took_part[at].clone();
    assert_eq!(named(&first, 0), ["Bob", "Ann", "Cyd"], "both of a chat of two");
    assert_eq!(named(&longer, 0), ["Bob", "Ann"]);
    assert_eq!(named(&longer, 1), ["Bob", "Ann", "Cyd"]);
    assert_eq!(named(&longer, 2), ["Bob", "Ann", "Cyd", "Dan"]);
    for (before, after) in first.took_part.iter().zip(&longer.took_part) {
        assert!(after.iter().all(|name| before.contains(name)), "{after:?} after {before:?}");
    }
}

#[test]
fn a_source_by_itself_is_nobodys_attachment() {
    let zed = "13/01/2023, 16:13 - Zed: mine\n13/01/2023, 16:14 - Zed: too\n";
    let names = ["WhatsApp Chat with Zed.txt", "zed.txt", "letter.eml", "plan.docx", "notes.txt", "Yan.vcf"];
    let named = names.map(|name| format!("13/01/2023, 16:13 - Ann: {name} (file attached)\n")).concat();
    let mail = b"Message-ID: <1@firm.example>\r\nSubject: a\r\n\r\nb".as_slice();
    let files: [(&str, &[u8]); 7] = [
        ("WhatsApp Chat with Bob.txt", named.as_bytes()),
        (names[0], zed.as_bytes()),
        (names[1], zed.as_bytes()),
        (names[2], mail),
        (names[3], b"PK\x03\x04 a document"),
        (names[4], b"a note"),
        (names[5], b"BEGIN:VCARD\nFN:Yan\nEND:VCARD\n"),
    ];
    let folder = folder(&files);
    let read = read_path(&folder.path().join(files[0].0), &options(Some(DateOrder::Dmy)));
    let attached: Vec<_> = (0..6).map(|at| read.facts(at).attachments.len()).collect();
    assert_eq!(attached, [0, 0, 0, 1, 1, 1]);
    assert_eq!(read.extra(0, "/absent_attachments"), serde_json::json!([names[0]]));
    assert!(read.account.notes[0].starts_with("3 files"), "{:?}", read.account.notes);
    let everything = read_path(folder.path(), &Options { date_order: Some(DateOrder::Dmy), ..Options::default() });
    assert_eq!(everything.mails.len(), 6 + 2 + 2 + 1, "{:?}", everything.rejected);
}

#[test]
fn a_message_to_the_owner_is_not_one_to_its_sender() {
    let read = read("13/01/2023, 16:13 - Bob: hi\n13/01/2023, 16:14 - Ann: yes\n");
    assert_eq!(read.field(0, "Subject"), "WhatsApp Message From Bob to unknown");
    assert_eq!(read.field(1, "Subject"), "WhatsApp Message From Ann to Bob");
    let text = "13/01/2023, 16:13 - +44 7700 900123: hi\n";
    let numbered = read_as("WhatsApp Chat with +44 7700 900123.txt", text, &options(Some(DateOrder::Dmy)));
    assert_eq!(numbered.field(0, "Subject"), "WhatsApp Message From 447700900123 to unknown");
}

#[test]
fn other_texts_are_not_taken_for_a_chat() {
    let lines = |line: &str| format!("{line}\n{line}\n");
    for (text, taken) in [
        (lines("13/01/2023, 16:13 - Ann: a"), true),
        (lines("[13/01/2023, 16:13:00] Ann: a"), true),
        ("13/01/2023, 16:13 - Ann: a\n".to_owned(), false),
        ("13/01/2023, 16:13 - Ann: <Media omitted>\n".to_owned(), true),
        (lines("[2019-12-24, 12:23] Ann: a"), false),
        (lines("[2022-03-27 21:41:35] local.ERROR: a"), false),
        (lines("2022-03-27 21:41:35 - INFO: a"), false),
        (lines("notes: 13/01/2023, 16:13 - a: b"), false),
    ] {
        let read = read_as("chat.txt", &text, &Options::default());
        assert_eq!(!read.mails.is_empty(), taken, "{text}{:?}", read.rejected);
    }
}
