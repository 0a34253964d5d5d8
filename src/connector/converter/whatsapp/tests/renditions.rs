//! With its media and without, an export has the same messages.

use super::*;
use crate::model::MessageForm;

/// What each message has in common with others, and whether its media came with it.
fn forms(read: &Read) -> Vec<Option<(MessageForm, bool)>> {
    let of = |occurrence: &Occurrence| (occurrence.rendition.form(), occurrence.rendition.has_media());
    read.occurrences.iter().map(|occurrence| occurrence.as_ref().map(of)).collect()
}

/// Compares what the messages of both have in common; which of them have media.
fn compare(with: &Read, without: &Read) -> Vec<bool> {
    let (with, without) = (forms(with), forms(without));
    let of = |all: &[Option<(MessageForm, bool)>]| all.iter().map(|one| one.map(|(of, _)| of)).collect::<Vec<_>>();
    assert_eq!(of(&with), of(&without));
    assert!(with.iter().all(Option::is_some));
    assert!(without.iter().flatten().all(|(_, has_media)| !has_media));
    with.iter().map(|one| one.is_some_and(|(_, has_media)| has_media)).collect()
}

#[test]
fn an_export_of_android() {
    let chat = |media: [&str; 3]| {
        let [first, second, third] = media;
        format!(
            "13/01/2023, 16:13 - Ann: hi\n13/01/2023, 16:14 - Ann: {first}\n13/01/2023, 16:14 - Ann: {second}\n\
             13/01/2023, 16:14 - Ann: {third}\nthe caption\nof two lines\n13/01/2023, 16:14 - Bo: {second}\n"
        )
    };
    let with = chat(["IMG-1.jpg (file attached)", "IMG-2.jpg (file attached)", "IMG-3.jpg (file attached)"]);
    let files: [(&str, &[u8]); 4] = [
        ("WhatsApp Chat with Bob.txt", with.as_bytes()),
        ("IMG-1.jpg", b"1"),
        ("IMG-2.jpg", b"2"),
        ("IMG-3.jpg", b"3"),
    ];
    let (_folder, path) = zip("WhatsApp Chat with Bob.zip", &files);
    let with = read_path(&path, &options(Some(DateOrder::Dmy)));
    let media = compare(&with, &read(&chat(["<Media omitted>"; 3])));
    assert_eq!(media, [false, true, true, true, true]);
    compare(&with, &read(&chat(["<Medien ausgeschlossen>"; 3])));
}

#[test]
fn an_export_of_ios() {
    let chat = |photo: &str, captioned: &str, document: &str| {
        format!(
            "[14.07.25, 09:00:00] Deal Team: \u{200e}Messages and calls are end-to-end encrypted.\r\n\
             \u{200e}[14.07.25, 09:02:11] Ann: \u{200e}{photo}\r\n\
             [14.07.25, 09:02:12] Ann: look \u{200e}{captioned}\r\n\
             \u{200e}[14.07.25, 09:02:13] Ann: \u{200e}{photo}\r\nbelow\r\n\
             \u{200e}[14.07.25, 09:03:00] Ann: plan.pdf \u{2022} \u{200e}2 pages \u{200e}{document}\r\n"
        )
    };
    let [photo, plan] = ["00000004-PHOTO-2025-07-14-09-02-11.jpg", "00000005-plan.pdf"];
    let attached = |name: &str| format!("<attached: {name}>");
    let with = chat(&attached(photo), &attached(photo), &attached(plan));
    let files: [(&str, &[u8]); 3] = [("_chat.txt", with.as_bytes()), (photo, b"picture"), (plan, b"%PDF")];
    let (_folder, path) = zip("WhatsApp Chat - Deal Team.zip", &files);
    let with = read_path(&path, &Options::default());
    let without = chat("image omitted", "image omitted", "document omitted");
    let (_folder, path) = zip("WhatsApp Chat - Deal Team.zip", &[("_chat.txt", without.as_bytes())]);
    assert_eq!(compare(&with, &read_path(&path, &Options::default())), [false, true, true, true, true]);
}

#[test]
fn what_is_beside_media_and_who_sent_them_are_compared() {
    let of = |line: &str| forms(&read(&format!("{line}\n"))).first().copied().flatten().map(|(form, _)| form);
    let first = of("13/01/2023, 16:14 - Ann: <Media omitted>");
    assert!(first.is_some());
    for other in [
        "13/01/2023, 16:14 - Ann: <Media omitted>\ncaption",
        "13/01/2023, 16:15 - Ann: <Media omitted>",
        "13/01/2023, 16:14 - Bo: <Media omitted>",
    ] {
        assert_ne!(of(other), first, "{other}");
    }
    for text in ["hello", "This message was deleted", "<Media omitted> again", "null"] {
        assert_ne!(of(&format!("13/01/2023, 16:14 - Ann: {text}")), first, "{text}");
    }
}

#[test]
fn where_a_minute_ends_is_known_from_its_beginning() {
    let until = |text: &str, options: &Options| {
        let read = read_as("WhatsApp Chat with Bob.txt", text, options);
        let of = |occurrence: &Option<Occurrence>| occurrence.as_ref().map(|one| (one.at, one.until));
        read.occurrences.iter().map(|occurrence| of(occurrence).unwrap()).collect::<Vec<_>>()
    };
    let dmy = options(Some(DateOrder::Dmy));
    let late = "13/01/2023, 16:13 - Ann: a\n13/01/2023, 16:13 - Ann: b\nof two lines\n13/01/2023, 16:14 - Bob: c\n\
        13.01.23, 4:13 pm - Bob: came late\n13/01/2023, 16:15 - Ann: d\n13/01/2024, 16:14 - Ann: e\n";
    assert_eq!(until(late, &dmy), [(1, 4), (2, 4), (3, 3), (4, 4), (5, 5), (6, 6)]);
    // The clocks were set forward from 2 to 3 in the night.
    let spring = "26/03/2023, 02:30 - Ann: a\n26/03/2023, 03:30 - Ann: b\n";
    let berlin = Options { timezone: "Europe/Berlin".parse().unwrap(), ..dmy };
    assert_eq!(until(spring, &berlin), [(1, 2), (2, 2)], "of a wrong zone, two times may be one");
}
