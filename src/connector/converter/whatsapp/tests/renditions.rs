//! With its media and without, an export has the same messages.

use super::*;

fn hex(read: &Read) -> Vec<Option<([u8; 16], bool)>> {
    read.renditions
        .iter()
        .map(|rendition| rendition.as_ref().map(|rendition| (rendition.of, rendition.has_media())))
        .collect()
}

/// What the messages of both have in common, and which of them have media.
fn compare(with: &Read, without: &Read) -> Vec<bool> {
    let (with, without) = (hex(with), hex(without));
    let of = |all: &[Option<([u8; 16], bool)>]| all.iter().map(|one| one.map(|(of, _)| of)).collect::<Vec<_>>();
    assert_eq!(of(&with), of(&without));
    let different: std::collections::HashSet<_> = of(&with).into_iter().flatten().collect();
    assert_eq!(different.len(), with.iter().flatten().count(), "each is another message");
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
    let of = |line: &str| read(&format!("{line}\n")).renditions.first().cloned().flatten().map(|one| one.of);
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
