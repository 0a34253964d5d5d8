//! A chat that is exported without its media and with them has each message once in each form, and nothing is lost.
#![cfg(feature = "cli")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";
const BOB: &str = "bob@x.example";

const WITHOUT: &str = "13/01/2023, 16:13 - Ann: hello\n\
    13/01/2023, 16:14 - Bob: <Media omitted>\n\
    13/01/2023, 16:14 - Bob: <Media omitted>\n\
    13/01/2023, 16:15 - Bob: <Media omitted>\nthe plan\n\
    13/01/2023, 16:16 - Ann: thanks\n";

const WITH: &str = "13/01/2023, 16:13 - Ann: hello\n\
    13/01/2023, 16:14 - Bob: IMG-20230113-WA0001.jpg (file attached)\n\
    13/01/2023, 16:14 - Bob: IMG-20230113-WA0002.jpg (file attached)\n\
    13/01/2023, 16:15 - Bob: DOC-20230113-WA0003.txt (file attached)\nthe plan\n\
    13/01/2023, 16:16 - Ann: thanks\n";

const MEDIA: [(&str, &str); 3] = [
    ("IMG-20230113-WA0001.jpg", "first picture"),
    ("IMG-20230113-WA0002.jpg", "second picture"),
    ("DOC-20230113-WA0003.txt", "northwind merger"),
];

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BOB] {
        archive.ok(&["mailbox", "add", address]);
    }
    archive
}

/// The chat with Bob in the folder `folder`.
fn export(archive: &TestArchive, folder: &str, chat: &str, media: &[(&str, &str)]) -> PathBuf {
    for (name, bytes) in media {
        archive.write(&format!("{folder}/{name}"), bytes);
    }
    archive.write(&format!("{folder}/WhatsApp Chat with Bob.txt"), chat);
    archive.path(folder)
}

fn without(archive: &TestArchive) -> PathBuf {
    export(archive, "without", WITHOUT, &[])
}

fn with(archive: &TestArchive) -> PathBuf {
    export(archive, "with", WITH, &MEDIA)
}

fn ledger(archive: &TestArchive, path: &Path, mailbox: &str) -> (u64, u64, u64, u64) {
    let summary = archive.import(path, &["--mailbox", mailbox, "--date-order", "dmy"]);
    let of = |name: &str| number(&summary, name);
    (of("stored"), of("duplicate"), of("media_completed"), of("media_known"))
}

fn found(archive: &TestArchive, query: &str) -> Vec<String> {
    archive.hits(Some(query)).iter().map(|hit| text(hit, "item")).collect()
}

fn show(archive: &TestArchive, item: &str) -> Value {
    archive.ok(&["show", item]).remove(0)
}

fn renditions(shown: &Value) -> Vec<String> {
    let all = shown.get("renditions").and_then(Value::as_array).expect("a list");
    all.iter().map(|one| text(one, "item")).collect()
}

#[test]
fn media_that_come_later_complete_their_messages() {
    let archive = archive();
    assert_eq!(ledger(&archive, &without(&archive), ANN), (5, 0, 0, 0));
    assert_eq!(ledger(&archive, &with(&archive), ANN), (3, 2, 3, 0), "what was said has not changed");
    let bare = found(&archive, "\"Media omitted\" plan");
    let whole = found(&archive, "northwind");
    let shown = show(&archive, bare.first().expect("it is kept"));
    assert_eq!(renditions(&shown), whole);
    let shown = show(&archive, whole.first().expect("it is there"));
    assert_eq!(renditions(&shown), bare);
    let first = found(&archive, "attachmentnames:WA0001");
    let second = found(&archive, "attachmentnames:WA0002");
    let bare = found(&archive, "\"Media omitted\" NOT plan");
    let named = |item: &[String]| renditions(&show(&archive, item.first().expect("an item")));
    let mut named = [named(&first), named(&second)].concat();
    assert_ne!(named.first(), named.last());
    named.sort();
    let mut bare = bare;
    bare.sort();
    assert_eq!(named, bare, "each of two in one minute has its own");
    assert_eq!(ledger(&archive, &with(&archive), ANN), (0, 5, 0, 0));
    assert_eq!(ledger(&archive, &without(&archive), ANN), (0, 5, 0, 0));
    let printed = archive.run(&["show", whole.first().expect("an item")]).text();
    assert!(printed.contains("the same message in another export"), "{printed}");
    archive.verify_clean();
}

#[test]
fn an_export_without_media_adds_nothing_to_one_with_them() {
    let archive = archive();
    let path = with(&archive);
    assert_eq!(ledger(&archive, &path, ANN), (5, 0, 0, 0));
    assert_eq!(ledger(&archive, &without(&archive), ANN), (0, 5, 0, 3));
    assert_eq!(archive.hits(None).len(), 5);
    let one_more = WITHOUT.replace("13/01/2023, 16:15", "13/01/2023, 16:14 - Bob: <Media omitted>\n13/01/2023, 16:15");
    let longer = export(&archive, "longer", &one_more, &[]);
    assert_eq!(ledger(&archive, &longer, ANN), (1, 5, 0, 3), "a third picture of that minute is another message");
    let other = WITHOUT.replace("the plan", "another plan");
    let other = export(&archive, "other", &other, &[]);
    assert_eq!(ledger(&archive, &other, ANN).0, 1, "what stands beside the media is compared");
    archive.verify_clean();
}

#[test]
fn what_is_in_one_mailbox_says_nothing_of_another() {
    let archive = archive();
    let path = with(&archive);
    ledger(&archive, &path, ANN);
    assert_eq!(ledger(&archive, &without(&archive), BOB), (5, 0, 0, 0), "it may be the chat of another Bob");
    let bobs = archive.hits(Some("\"Media omitted\""));
    assert_eq!(bobs.len(), 3);
    for hit in &bobs {
        assert_eq!(text(hit, "mailbox"), BOB);
        assert_eq!(renditions(&show(&archive, &text(hit, "item"))), Vec::<String>::new());
    }
}

#[test]
fn media_that_did_not_come_with_the_text_that_names_them_may_come_later() {
    let archive = archive();
    let path = export(&archive, "bare", WITH, &[]);
    assert_eq!(ledger(&archive, &path, ANN), (5, 0, 0, 0));
    assert_eq!(ledger(&archive, &with(&archive), ANN), (3, 2, 3, 0));
    assert_eq!(ledger(&archive, &path, ANN), (0, 5, 0, 0));
    let whole = found(&archive, "northwind");
    assert_eq!(renditions(&show(&archive, whole.first().expect("an item"))).len(), 1);
}

#[test]
fn what_lacks_some_of_its_media_adds_nothing_to_what_has_them() {
    let archive = archive();
    let whole = with(&archive);
    assert_eq!(ledger(&archive, &whole, ANN), (5, 0, 0, 0));
    let part = export(&archive, "part", WITH, &MEDIA[1..]);
    assert_eq!(ledger(&archive, &part, ANN), (0, 5, 0, 1));
    let bare = export(&archive, "bare", WITH, &[]);
    assert_eq!(ledger(&archive, &bare, ANN), (0, 5, 0, 3));
    assert_eq!(ledger(&archive, &whole, BOB), (5, 0, 0, 0));
    assert_eq!(archive.hits(None).len(), 10);
    archive.verify_clean();
}

#[test]
fn media_in_another_writing_are_known_by_their_bytes() {
    let archive = archive();
    ledger(&archive, &with(&archive), ANN);
    let twelve = WITH.replace("13/01/2023, 16:", "13/01/2023, 4:").replace(" - ", " pm - ");
    let again = export(&archive, "twelve", &twelve, &MEDIA);
    assert_eq!(ledger(&archive, &again, ANN), (0, 5, 0, 0));
    let other = [(MEDIA[0].0, "another picture"), MEDIA[1], MEDIA[2]];
    let other = export(&archive, "other", &twelve, &other);
    assert_eq!(ledger(&archive, &other, ANN).0, 1, "other bytes are kept");
    archive.verify_clean();
}

#[test]
fn what_waits_in_quarantine_waits_on_for_the_others_who_took_part() {
    let archive = archive();
    let quarantined = || archive.ok(&["quarantine", "list"]).len();
    archive.import(&with(&archive), &["--date-order", "dmy"]);
    let waiting = quarantined();
    let twelve = WITHOUT.replace("13/01/2023, 16:", "13/01/2023, 4:").replace(" - ", " pm - ");
    assert_eq!(ledger(&archive, &export(&archive, "twelve", &twelve, &[]), ANN), (5, 0, 0, 0), "as they came");
    assert_eq!(quarantined(), waiting, "whoever else took part may be mapped yet");
    let mapping = format!("External User ID,Microsoft 365 User Mailbox\nAnn,{ANN}\n");
    archive.ok(&["mapping", "import", archive.write("ann.csv", mapping).to_str().expect("UTF-8")]);
    let remap = |code| archive.json(code, &["quarantine", "remap"]).lines().pop().expect("a summary");
    let summary = remap(3);
    assert_eq!((number(&summary, "stored"), number(&summary, "quarantined")), (3, 2), "those with media add something");
    let mapping = format!("External User ID,Microsoft 365 User Mailbox\nBob,{BOB}\n");
    archive.ok(&["mapping", "import", archive.write("bob.csv", mapping).to_str().expect("UTF-8")]);
    let summary = remap(0);
    assert_eq!((number(&summary, "stored"), number(&summary, "quarantined")), (2, 0));
    let of = |mailbox: &str| archive.ok(&["search", "hello OR thanks", "--mailbox", mailbox]).len() - 1;
    assert_eq!((of(ANN), of(BOB)), (2, 2));
    archive.verify_clean();
}

#[test]
fn what_is_mapped_later_is_not_doubled() {
    let archive = archive();
    ledger(&archive, &with(&archive), ANN);
    archive.import(&without(&archive), &["--date-order", "dmy"]);
    let twelve = WITHOUT.replace("13/01/2023, 16:", "13/01/2023, 4:").replace(" - ", " pm - ");
    archive.import(&export(&archive, "twelve", &twelve, &[]), &["--date-order", "dmy"]);
    let mapping = format!("External User ID,Microsoft 365 User Mailbox\nAnn,{ANN}\n");
    archive.ok(&["mapping", "import", archive.write("mapping.csv", mapping).to_str().expect("UTF-8")]);
    let summary = archive.json(3, &["quarantine", "remap"]);
    let summary = summary.lines().pop().expect("a summary");
    assert_eq!((number(&summary, "stored"), number(&summary, "quarantined")), (0, 5), "{summary}");
    assert_eq!(archive.hits(None).len(), 5);
    let bob = format!("External User ID,Microsoft 365 User Mailbox\nAnn,{BOB}\n");
    archive.ok(&["mapping", "import", archive.write("bob.csv", bob).to_str().expect("UTF-8")]);
    assert_eq!(number(&archive.one("summary", &["quarantine", "remap"]), "stored"), 5, "another mailbox lacks it");
    archive.verify_clean();
}

#[test]
fn a_file_of_another_name_or_kind_is_another_message() {
    let archive = archive();
    let one = |name: &str| format!("13/01/2023, 16:14 - Bob: {name} (file attached)\n");
    let (first, second) = ("IMG-20230113-WA0001.jpg", "VID-20230113-WA0002.mp4");
    let path = export(&archive, "later", &one(second), &[(second, "a video")]);
    assert_eq!(ledger(&archive, &path, ANN), (1, 0, 0, 0));
    let longer = export(&archive, "longer", &(one(first) + &one(second)), &[]);
    assert_eq!(ledger(&archive, &longer, ANN), (1, 1, 0, 1), "the video is known by its name");
    assert_eq!(found(&archive, "WA0001").len(), 1, "what is only named is there too");
    let shown = show(&archive, found(&archive, "WA0001").first().expect("an item"));
    assert_eq!(renditions(&shown), Vec::<String>::new());

    let ios = |what: &str| format!("\u{200e}[14.07.25, 09:02:11] Bob: \u{200e}{what}\n");
    let photo = "00000004-PHOTO-2025-07-14-09-02-11.jpg";
    let path = export(&archive, "ios", &ios(&format!("<attached: {photo}>")), &[(photo, "a picture")]);
    assert_eq!(ledger(&archive, &path, ANN), (1, 0, 0, 0));
    let video = export(&archive, "ios-video", &ios("video omitted"), &[]);
    assert_eq!(ledger(&archive, &video, ANN), (1, 0, 0, 0));
    let picture = export(&archive, "ios-picture", &ios("image omitted"), &[]);
    assert_eq!(ledger(&archive, &picture, ANN), (0, 1, 0, 1));
    archive.verify_clean();
}

#[test]
fn what_another_mailbox_has_without_media_changes_nothing() {
    let archive = archive();
    let (with, without) = (with(&archive), without(&archive));
    assert_eq!(ledger(&archive, &with, ANN), (5, 0, 0, 0));
    assert_eq!(ledger(&archive, &without, ANN), (0, 5, 0, 3));
    assert_eq!(ledger(&archive, &without, BOB).0, 5);
    for _ in 0..2 {
        assert_eq!(ledger(&archive, &without, ANN), (0, 5, 0, 3));
        assert_eq!(ledger(&archive, &without, BOB), (0, 5, 0, 0));
    }
    assert_eq!(archive.hits(None).len(), 10);
}

#[test]
fn a_hold_covers_both_forms_of_a_message() {
    let archive = archive();
    ledger(&archive, &without(&archive), ANN);
    archive.ok(&["hold", "place", "early", "--mailbox", ANN, "--query", "\"Media omitted\" plan", "--reason", "claim"]);
    ledger(&archive, &with(&archive), ANN);
    archive.ok(&["hold", "place", "late", "--mailbox", ANN, "--query", "northwind", "--reason", "claim"]);
    for name in ["early", "late"] {
        let hold = archive.one("hold", &["hold", "show", name]);
        assert_eq!(number(&hold, "items") - number(&hold, "partially_indexed"), 2, "{name}: pictures cannot be read");
    }
    let items = [found(&archive, "\"Media omitted\" plan"), found(&archive, "northwind")].concat();
    assert_eq!(items.len(), 2);
    for item in items {
        assert_eq!(text(&archive.ok(&["explain", &item]).remove(0), "outcome"), "held", "item {item}");
    }
}

#[test]
fn what_is_disposed_of_is_no_rendition_any_longer() {
    let archive = archive();
    let path = with(&archive);
    ledger(&archive, &path, ANN);
    let policy = ["retention", "policy", "add", "day", "--action", "delete", "--period", "1d"];
    archive.ok(&[&policy[..], &["--without-simulation", "test"]].concat());
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    assert_eq!(archive.hits(None).len(), 0);
    assert_eq!(ledger(&archive, &without(&archive), ANN), (5, 0, 0, 0), "nothing is lost to what is gone");
    archive.verify_clean();
}

#[test]
fn exports_that_nobody_is_found_for_are_not_doubled_either() {
    let archive = archive();
    let path = with(&archive);
    let quarantined = |path: &Path| {
        let summary = archive.import(path, &["--date-order", "dmy"]);
        (number(&summary, "quarantined"), number(&summary, "duplicate"))
    };
    assert_eq!(quarantined(&path), (5, 0));
    assert_eq!(quarantined(&without(&archive)), (0, 5));
    archive.verify_clean();
}
