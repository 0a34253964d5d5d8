//! A chat exported again in another writing (format of date or clock, language, zone, system) adds only what is new.
#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::{TestArchive, number, text};

const ANN: &str = "ann@x.example";

/// In German on Android, with a clock of 24 hours; two messages of one minute are equal.
const GERMAN: &str = "13.01.23, 16:13 - Nachrichten und Anrufe sind Ende-zu-Ende-verschl\u{fc}sselt. Niemand au\u{df}erhalb dieses Chats kann sie lesen oder anh\u{f6}ren, nicht einmal WhatsApp. Tippe, um mehr zu erfahren.\n\
    13.01.23, 16:13 - Ann: hello\n\
    13.01.23, 16:14 - Bob: ok\n\
    13.01.23, 16:14 - Bob: ok\n\
    13.01.23, 16:15 - Bob: <Medien ausgeschlossen>\n\
    13.01.23, 16:15 - Bob: <Medien ausgeschlossen>\nthe plan\n\
    13.01.23, 16:16 - Ann: Diese Nachricht wurde gel\u{f6}scht\n\
    13.01.23, 16:17 - Ann: two\nlines\n";

/// The same in English.
const ENGLISH: &str = "13/01/2023, 16:13 - Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them. Tap to learn more.\n\
    13/01/2023, 16:13 - Ann: hello\n\
    13/01/2023, 16:14 - Bob: ok\n\
    13/01/2023, 16:14 - Bob: ok\n\
    13/01/2023, 16:15 - Bob: <Media omitted>\n\
    13/01/2023, 16:15 - Bob: <Media omitted>\nthe plan\n\
    13/01/2023, 16:16 - Ann: This message was deleted\n\
    13/01/2023, 16:17 - Ann: two\nlines\n";

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    archive
}

/// Imports a chat with Bob that is written like `chat`.
fn import(archive: &TestArchive, folder: &str, chat: &str, options: &[&str]) -> Value {
    let path = archive.write(&format!("{folder}/WhatsApp Chat with Bob.txt"), chat);
    archive.import(&path, &[&["--mailbox", ANN][..], options].concat())
}

/// Stored, duplicate, and those of the duplicates that are here in another writing.
fn ledger(summary: &Value) -> (u64, u64, u64) {
    (number(summary, "stored"), number(summary, "duplicate"), number(summary, "writing_known"))
}

/// Makes a stamp of hour and minute.
type Stamp = fn(u32, u32) -> String;

/// The English chat with each stamp made by `stamp`.
fn stamped(stamp: Stamp) -> String {
    let lines =
        ENGLISH.lines().map(|line| match line.strip_prefix("13/01/2023, 16:").and_then(|l| l.split_once(" - ")) {
            Some((minute, rest)) => format!("{}{rest}\n", stamp(16, minute.parse().expect("a minute"))),
            None => format!("{line}\n"),
        });
    lines.collect()
}

#[test]
fn formats_of_date_and_clock_are_no_part_of_a_message() {
    let archive = archive();
    assert_eq!(ledger(&import(&archive, "first", ENGLISH, &[])), (8, 0, 0));
    let writings: [(&str, Stamp); 7] = [
        ("dotted", |h, m| format!("13.01.23, {h}:{m:02} - ")),
        ("twelve", |h, m| format!("1/13/23, {}:{m:02} PM - ", h - 12)),
        ("narrow", |h, m| format!("1/13/23, {}:{m:02}\u{202f}PM - ", h - 12)),
        ("small", |h, m| format!("13/01/2023, {}:{m:02}\u{a0}p.\u{a0}m. - ", h - 12)),
        ("year", |h, m| format!("2023-01-13, {h}:{m:02} - ")),
        ("arabic", |_, m| {
            format!("\u{661}\u{663}/\u{661}/\u{662}\u{660}\u{662}\u{663}\u{60c} \u{661}\u{666}:{m:02} - ")
        }),
        ("seconds", |h, m| format!("13/01/2023, {h}:{m:02}:07 - ")),
    ];
    for (name, stamp) in writings {
        let summary = import(&archive, name, &stamped(stamp), &[]);
        assert_eq!(ledger(&summary), (0, 8, 8), "{name}: {summary}");
    }
    assert_eq!(archive.hits(None).len(), 8);
    archive.verify_clean();
}

#[test]
fn the_language_of_the_phone_is_no_part_of_a_message() {
    for (first, second) in [(ENGLISH, GERMAN), (GERMAN, ENGLISH)] {
        let archive = archive();
        assert_eq!(ledger(&import(&archive, "first", first, &[])), (8, 0, 0));
        assert_eq!(ledger(&import(&archive, "second", second, &[])), (0, 8, 8));
        assert_eq!(ledger(&import(&archive, "second", second, &[])), (0, 8, 8), "nor a second time");
        assert_eq!(ledger(&import(&archive, "first", first, &[])), (0, 8, 0), "the first is there as it was");
        archive.verify_clean();
    }
}

#[test]
fn a_longer_export_in_another_writing_adds_what_is_new() {
    let archive = archive();
    import(&archive, "first", ENGLISH, &[]);
    let third = GERMAN.replacen("13.01.23, 16:15", "13.01.23, 16:14 - Bob: ok\n13.01.23, 16:15", 1);
    let longer = format!("{third}14.01.23, 09:00 - Bob: hello\n14.01.23, 09:00 - Bob: hello\n");
    assert_eq!(ledger(&import(&archive, "longer", &longer, &[])), (3, 8, 8), "a third ok, and two of the next day");
    assert_eq!(archive.hits(Some("ok")).len(), 3);
    assert_eq!(archive.hits(Some("hello")).len(), 3);
    let other = ENGLISH.replace("two\nlines", "two\nother lines").replace("16:13 - Ann", "16:12 - Ann");
    assert_eq!(ledger(&import(&archive, "other", &other, &[])).0, 2, "another text, another minute");
    archive.verify_clean();
}

#[test]
fn zones_of_one_time_are_one_and_others_are_not() {
    let archive = archive();
    import(&archive, "first", ENGLISH, &["--timezone", "Europe/Berlin"]);
    assert_eq!(ledger(&import(&archive, "first", ENGLISH, &["--timezone", "Europe/Paris"])), (0, 8, 8));
    let travelled = ENGLISH.replace(", 16:", ", 15:");
    assert_eq!(ledger(&import(&archive, "away", &travelled, &["--timezone", "Europe/London"])), (0, 8, 8));
    let later = import(&archive, "first", ENGLISH, &["--timezone", "UTC"]);
    assert_eq!(ledger(&later), (8, 0, 0), "an hour later");
    assert_eq!(interleaved(&later), [("whatsapp-export:Bob".to_owned(), 8, Some(60))], "and it is said");
}

/// The chats that are said to lie between what was there: name, messages, minutes.
fn interleaved(summary: &Value) -> Vec<(String, u64, Option<i64>)> {
    let all = summary.get("interleaved").and_then(Value::as_array).expect("a list");
    let of = |one: &Value| (text(one, "conversation"), number(one, "messages"), one["minutes_later"].as_i64());
    all.iter().map(of).collect()
}

/// A chat with Bob, of one message in each of the minutes.
fn chat(minutes: std::ops::Range<u32>, said: &str) -> String {
    let line = |minute| format!("13/01/2023, 16:{minute:02} - Bob: {said} {minute}\n");
    minutes.map(line).collect()
}

#[test]
fn two_chats_of_one_name_are_kept_and_reported() {
    let archive = archive();
    let first = format!("{}13/01/2023, 16:40 - Ann: ok\n", chat(10..40, "harbour"));
    let other = format!("{}13/01/2023, 16:40 - Ann: ok\n", chat(20..30, "quay"));
    assert_eq!(interleaved(&import(&archive, "first", &first, &[])), []);
    let summary = import(&archive, "other", &other, &[]);
    assert_eq!(ledger(&summary), (10, 1, 0), "what is equal in both is there once");
    assert_eq!(interleaved(&summary), [("whatsapp-export:Bob".to_owned(), 10, None)]);
    assert_eq!(interleaved(&import(&archive, "other", &other, &[])), [], "nothing of it is new");
    let apart = import(&archive, "other", &other, &["--folder", "Bob of Quay Ltd"]);
    assert_eq!((number(&apart, "stored"), interleaved(&apart)), (11, vec![]), "a folder of its own has all");
    archive.verify_clean();
}

#[test]
fn two_chats_of_one_name_are_reported_when_they_come_at_once() {
    let archive = archive();
    archive.write("at-once/WhatsApp Chat with Bob.txt", chat(10..40, "harbour"));
    archive.write("at-once/WhatsApp Chat with Bob (1).txt", chat(20..30, "quay"));
    let summary = archive.import(&archive.path("at-once"), &["--mailbox", ANN]);
    assert_eq!(ledger(&summary), (40, 0, 0));
    assert_eq!(interleaved(&summary).len(), 1, "{summary}");
}

#[test]
fn what_a_longer_export_adds_is_not_reported() {
    let archive = archive();
    import(&archive, "first", &chat(20..40, "harbour"), &[]);
    let late = format!("{}13/01/2023, 16:25 - Bob: came late\n", chat(10..50, "harbour"));
    let summary = import(&archive, "longer", &late, &[]);
    assert_eq!((ledger(&summary), interleaved(&summary)), ((21, 20, 0), vec![]));
}

#[test]
fn a_chat_that_was_cut_within_a_minute_goes_on_without_a_word() {
    let archive = archive();
    let minute = "13/01/2023, 16:20 - Bob: at once A\n".to_owned();
    let minute: String = ('A'..='I').map(|n| minute.replace("e A", &format!("e {n}"))).collect();
    let whole = format!("{}{minute}{}", chat(10..20, "harbour"), chat(21..30, "harbour"));
    let cut: String = whole.lines().take(12).flat_map(|line| [line, "\n"]).collect();
    import(&archive, "first", &cut, &[]);
    let summary = import(&archive, "whole", &whole, &[]);
    assert_eq!((ledger(&summary), interleaved(&summary)), ((16, 12, 0), vec![]));
}

#[test]
fn an_export_of_ios_is_known_from_one_of_android() {
    let archive = archive();
    let ios = "[13.01.23, 16:13:02] Bob: \u{200e}Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them.\r\n\
        [13.01.23, 16:13:20] Ann: hello\r\n\
        [13.01.23, 16:14:05] Bob: ok\r\n\
        [13.01.23, 16:14:35] Bob: ok\r\n\
        \u{200e}[13.01.23, 16:15:01] Bob: \u{200e}image omitted\r\n\
        [13.01.23, 16:16:01] Ann: \u{200e}This message was deleted.\r\n\
        [13.01.23, 16:17:01] Ann: two\r\nlines\r\n";
    let path = archive.write("ios/WhatsApp Chat - Bob/_chat.txt", ios);
    assert_eq!(ledger(&archive.import(&path, &["--mailbox", ANN])), (7, 0, 0));
    assert_eq!(ledger(&import(&archive, "android", ENGLISH, &[])), (1, 7, 7), "iOS has no captions");
    let twelve = ios.replace("13.01.23, 16:", "1/13/23, 4:").replace("] ", "\u{202f}PM] ");
    let path = archive.write("ios-12/WhatsApp Chat - Bob/_chat.txt", twelve);
    assert_eq!(ledger(&archive.import(&path, &["--mailbox", ANN])), (0, 7, 7));
    let later = ios.replace("16:14:05", "16:14:06");
    let path = archive.write("ios-later/WhatsApp Chat - Bob/_chat.txt", later);
    let summary = archive.import(&path, &["--mailbox", ANN]);
    assert_eq!(number(&summary, "stored"), 1, "where both have seconds, others are another message");
    archive.verify_clean();
}

#[test]
fn chats_without_a_title_are_not_taken_for_one_another() {
    let archive = archive();
    for (name, chat, expected) in
        [("a.txt", ENGLISH, (8, 0, 0)), ("b.txt", GERMAN, (8, 0, 0)), ("a.txt", ENGLISH, (0, 8, 0))]
    {
        let path = archive.write(name, chat);
        assert_eq!(ledger(&archive.import(&path, &["--mailbox", ANN])), expected, "{name}");
    }
}

/// How many messages each of two exports adds.
fn added(first: (&str, &str), second: (&str, &str)) -> [u64; 2] {
    let archive = archive();
    [("first", first), ("second", second)].map(|(folder, (name, chat))| {
        let path = archive.write(&format!("{folder}/{name}"), chat);
        number(&archive.import(&path, &["--mailbox", ANN]), "stored")
    })
}

#[test]
fn what_an_earlier_export_was_cut_before_is_not_lost() {
    let ios = "WhatsApp Chat - Bob/_chat.txt";
    let android = "WhatsApp Chat with Bob.txt";
    let place = "\nhttps://maps.google.com/?q=52.5,13.4\n";
    let poll = "POLL:\nlunch?\nOPTION: soup (3 votes)\n";
    for (name, start, before, rest) in [
        (ios, "[13.01.23, 16:14:0", "5] Bob: ok\r\n", "6] Bob: ok\r\n[14.01.23, 16:16:20] Bob: bye\r\n"),
        (android, "13/01/2023, 16:14 - Bob: ", "ok\n", "ok \n14/01/2023, 16:14 - Bob: bye\n"),
        (android, "13/01/2023, 16:14 - Bob: ", "ok \n", "ok\n14/01/2023, 16:14 - Bob: bye\n"),
        (android, "13/01/2023, 16:14 - Bob: ", &format!("bring the contract{place}"), &format!("at the quay{place}")),
        (android, "13/01/2023, 16:14 - Bob: ", &format!("{poll}and sign the deal\n"), poll),
        (
            android,
            "13/01/2023, 16:14 - Bob: ",
            "contract.pdf (file attached)\n",
            "IMG-20230113-WA0001.jpg (file attached)\n",
        ),
    ] {
        let cut = format!("{start}{rest}");
        let messages = cut.matches("Bob: ").count() as u64;
        let whole = format!("{start}{before}{cut}");
        assert_eq!(added((name, &cut), (name, &whole)), [messages, 1], "{whole}");
    }
}

#[test]
fn a_group_and_a_direct_chat_of_one_title_are_two() {
    let group = "13/01/2023, 16:10 - Bob created group \"Sales\"\n13/01/2023, 16:14 - Me: agreed\n\
        13/01/2023, 16:15 - Eve: x\n";
    let direct = "13.01.23, 16:14 - Me: agreed\n13.01.23, 16:15 - Sales: y\n";
    let name = "WhatsApp Chat with Sales.txt";
    assert_eq!(added((name, group), (name, direct)), [3, 2]);
}

#[test]
fn a_group_and_a_direct_chat_of_one_title_that_nobody_answers_are_two() {
    let notice = "13/01/2023, 16:00 - Messages and calls are end-to-end encrypted. No one outside of this chat, not \
        even WhatsApp, can read or listen to them. Tap to learn more.\n";
    let created = "13/01/2023, 16:10 - Bob created group \"Sales\"\n13/01/2023, 16:10 - Bob: hello\n";
    let group = "13/01/2023, 16:14 - Me: Happy new year\n13/01/2023, 16:15 - Eve: thanks\n";
    let direct = "13/01/2023, 16:14 - Me: Happy new year\n13/01/2023, 16:20 - Me: are you there\n";
    let name = "WhatsApp Chat with Sales.txt";
    for direct in [direct.to_owned(), format!("{notice}{direct}"), direct.replace("13/01/2023", "13.01.23")] {
        for group in [format!("{created}{group}"), format!("{}{created}{group}", notice.replace("16:00", "16:10"))] {
            let [groups, directs] = [&group, &direct].map(|chat| chat.lines().count() as u64);
            assert_eq!(added((name, &group), (name, &direct)), [groups, directs], "{group}{direct}");
            assert_eq!(added((name, &direct), (name, &group)), [directs, groups], "{direct}{group}");
        }
    }
    let cut = group.replace("13/01/2023", "13.01.23");
    assert_eq!(added((name, &cut), (name, direct)), [2, 2], "a group without its beginning");
    assert_eq!(added((name, direct), (name, &cut)), [2, 2], "a group without its beginning");
}

#[test]
fn a_group_is_known_without_its_beginning_which_the_app_leaves_out_of_a_long_one() {
    let android = [
        "13/01/2023, 16:10 - Bob created group \"Sales\"\n13/01/2023, 16:10 - Bob: hello\n",
        "13/01/2023, 16:14 - Me: agreed\n13/01/2023, 16:15 - Eve: x\n14/01/2023, 16:15 - Me: y\n",
        "15/01/2023, 09:00 - Eve: new\n",
    ];
    let ios = [
        "[13/01/2023, 16:10:01] Sales: \u{200e}Bob created group \u{201c}Sales\u{201d}\n[13/01/2023, 16:10:05] Bob: hello\n",
        "[13/01/2023, 16:14:07] Me: agreed\n[13/01/2023, 16:15:08] Sales: \u{200e}Eve left\n[14/01/2023, 16:15:08] Bob: y\n",
        "[15/01/2023, 09:00:00] Me: new\n",
    ];
    for (name, [beginning, middle, end]) in
        [("WhatsApp Chat with Sales.txt", android), ("WhatsApp Chat - Sales/_chat.txt", ios)]
    {
        let (early, late) = (format!("{beginning}{middle}"), format!("{middle}{end}"));
        assert_eq!(added((name, &early), (name, &late)), [5, 1], "{name}: the beginning was there before");
        assert_eq!(added((name, &late), (name, &early)), [4, 2], "{name}: the beginning came later");
    }
}

#[test]
fn a_group_that_one_export_does_not_tell_is_here_twice_and_reported() {
    let (alone, all) =
        ("13/01/2023, 16:14 - Me: agreed\n13/01/2023, 16:14 - Me: agreed\n", "13/01/2023, 16:15 - Eve: x\n");
    let later = format!("{alone}13/01/2023, 16:14 - Me: agreed\n{all}").replace("13/01/2023", "13.01.23");
    let name = "WhatsApp Chat with Sales.txt";
    let archive = archive();
    for (folder, chat, counts) in [("first", alone, [2, 0]), ("second", &later, [4, 2]), ("again", &later, [0, 0])] {
        let summary = archive.import(&archive.write(&format!("{folder}/{name}"), chat), &["--mailbox", ANN]);
        assert_eq!(["stored", "other_sort"].map(|count| number(&summary, count)), counts, "{folder}: {summary}");
    }
}

#[test]
fn what_the_first_export_wrote_is_kept() {
    let archive = archive();
    import(&archive, "first", GERMAN, &[]);
    import(&archive, "second", ENGLISH, &[]);
    let hit = archive.hits(Some("\"Medien ausgeschlossen\" plan")).remove(0);
    let raw = archive.run(&["show", &text(&hit, "item"), "--raw"]).text();
    assert!(raw.replace("\r\n ", " ").contains("13.01.23, 16:15"), "{raw}");
    assert_eq!(archive.hits(Some("\"Media omitted\"")).len(), 0);
}

#[test]
fn what_was_disposed_of_comes_back_in_another_writing_too() {
    let archive = archive();
    import(&archive, "first", ENGLISH, &[]);
    let policy = ["retention", "policy", "add", "day", "--action", "delete", "--period", "1d"];
    archive.ok(&[&policy[..], &["--without-simulation", "test"]].concat());
    archive.ok(&["disposition", "plan", "--output", "plan.json"]);
    archive.ok(&["disposition", "execute", "plan.json", "--yes"]);
    assert_eq!(archive.hits(None).len(), 0);
    assert_eq!(ledger(&import(&archive, "second", GERMAN, &[])), (8, 0, 0));
}

#[test]
fn who_takes_part_in_a_longer_export_is_sought_for_what_waits() {
    let archive = TestArchive::new();
    let short = "13/01/2023, 16:14 - Bob: price is fixed\n13/01/2023, 16:15 - Dan: agreed\n\
        13/01/2023, 16:16 - Eve: fine\n";
    let longer = format!("13/01/2023, 16:10 - +49 171 1234567: hello\n{short}").replace("13/01/2023", "13.01.23");
    let first = archive.write("first/WhatsApp Chat with Team.txt", short);
    let second = archive.write("second/WhatsApp Chat with Team.txt", longer);
    archive.import(&first, &[]);
    archive.import(&second, &[]);
    archive.ok(&["mailbox", "add", "carol@x.example", "--phone", "+491711234567"]);
    archive.ok(&["quarantine", "remap"]);
    assert_eq!(archive.hits(Some("price")).len(), 1);
}
