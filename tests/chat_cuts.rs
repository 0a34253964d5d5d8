//! A chat that is exported twice, the first time cut anywhere, in whatever writing and with or without its media, has each of
//! its messages in the archive once.
#![cfg(feature = "cli")]

mod support;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use custodia::archive::{Archive, ImportOptions, Interrupt};
use custodia::model::{DateOrder, ItemNo, Role};
use proptest::collection::vec;
use proptest::prelude::*;
use support::{TestArchive, number};

const ANN: &str = "ann@x.example";

/// A message of a chat.
#[derive(Debug, Clone)]
struct Message {
    minute: u32,
    sender: &'static str,
    said: Said,
}

#[derive(Debug, Clone)]
enum Said {
    Text(&'static str),
    /// With a caption; the phone may never have loaded it, and its sender may have named it.
    Media {
        caption: &'static str,
        is_loaded: bool,
        is_named: bool,
    },
    Deleted,
    MissedCall,
    Encryption,
    /// How a group begins; in English only, as other notices.
    Created,
}

/// How an export is written.
#[derive(Debug, Clone, Copy)]
struct Writing {
    stamp: usize,
    is_german: bool,
    media: Media,
}

/// What becomes of media in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    Omitted,
    /// Named in the text, without their files.
    Named,
    Attached,
}

impl Writing {
    fn line(self, at: usize, message: &Message) -> String {
        let (minute, sender) = (message.minute, message.sender);
        let stamp = match self.stamp {
            0 => format!("13.01.23, 16:{minute:02}"),
            1 => format!("13/01/2023, 16:{minute:02}"),
            _ => format!("13/01/2023, 4:{minute:02} pm"),
        };
        let said = match &message.said {
            Said::Text(text) => (*text).to_owned(),
            Said::Media { caption, is_loaded, is_named } => {
                let media = if *is_loaded && self.media != Media::Omitted {
                    let attached = self.in_words("file attached", "Datei angeh\u{e4}ngt");
                    format!("{} ({attached})", file(at, *is_named))
                } else {
                    self.in_words("<Media omitted>", "<Medien ausgeschlossen>").to_owned()
                };
                if caption.is_empty() { media } else { format!("{media}\n{caption}") }
            }
            Said::Deleted => {
                self.in_words("This message was deleted", "Diese Nachricht wurde gel\u{f6}scht").to_owned()
            }
            Said::MissedCall => self.in_words("Missed voice call", "Verpasster Sprachanruf").to_owned(),
            Said::Created => return format!("{stamp} - {sender} created group \"team\"\n"),
            Said::Encryption => return format!("{stamp} - {}\n", self.in_words(ENGLISH_NOTICE, GERMAN_NOTICE)),
        };
        format!("{stamp} - {sender}: {said}\n")
    }

    fn in_words(self, english: &'static str, german: &'static str) -> &'static str {
        if self.is_german { german } else { english }
    }
}

const ENGLISH_NOTICE: &str = "Messages and calls are end-to-end encrypted. No one outside of this chat, not even \
    WhatsApp, can read or listen to them. Tap to learn more.";
const GERMAN_NOTICE: &str = "Nachrichten und Anrufe sind Ende-zu-Ende-verschl\u{fc}sselt. Niemand au\u{df}erhalb dieses \
    Chats kann sie lesen oder anh\u{f6}ren, nicht einmal WhatsApp. Tippe, um mehr zu erfahren.";

fn file(at: usize, is_named: bool) -> String {
    if is_named { format!("plan-{at}.txt") } else { format!("IMG-20230113-WA{at:04}.jpg") }
}

fn message() -> impl Strategy<Value = Message> {
    let media = (prop::sample::select(vec!["", "plan", "plan ", " plan"]), any::<bool>(), any::<bool>());
    let media = media.prop_map(|(caption, is_loaded, is_named)| Said::Media { caption, is_loaded, is_named });
    let said = prop_oneof![
        3 => prop::sample::select(vec!["ok", "ok ", "see you", "null"]).prop_map(Said::Text),
        5 => media,
        1 => Just(Said::Deleted),
        1 => Just(Said::MissedCall),
        1 => Just(Said::Encryption),
    ];
    let sender = prop::sample::select(vec!["Ann", "Bob"]);
    (14..16_u32, sender, said).prop_map(|(minute, sender, said)| Message { minute, sender, said })
}

fn writing() -> impl Strategy<Value = Writing> {
    let media = prop::sample::select(vec![Media::Omitted, Media::Named, Media::Attached]);
    (0..3_usize, any::<bool>(), media).prop_map(|(stamp, is_german, media)| Writing { stamp, is_german, media })
}

/// A chat, and what the first export has of it. Some messages come late, out of order.
fn chat() -> impl Strategy<Value = (Vec<Message>, Range<usize>)> {
    (vec(message(), 1..9), any::<bool>()).prop_flat_map(|(mut messages, is_group)| {
        if is_group {
            messages.insert(0, Message { minute: 14, sender: "Ann", said: Said::Created });
        }
        let all = messages.len();
        (Just(messages), 0..=all, 0..=all).prop_map(|(messages, one, other)| (messages, one.min(other)..one.max(other)))
    })
}

/// Whether an export begins as that of a group does.
fn begins_as_group(export: &[Message]) -> bool {
    export.iter().take(2).any(|message| matches!(message.said, Said::Created))
}

/// Whether an export that has no beginning of a group can be of nothing else, as two write in it.
fn is_of_group(export: &[Message]) -> bool {
    let written = export.iter().filter(|message| !matches!(message.said, Said::Created | Said::Encryption));
    let writers: BTreeSet<&str> = written.map(|message| message.sender).collect();
    begins_as_group(export)
        || (writers.len() > 1 && !matches!(export.first(), Some(Message { said: Said::Encryption, .. })))
}

/// An archive, the number of items in it, and the exports that were made.
struct Chats {
    directory: TestArchive,
    archive: Archive,
    items: u64,
    exports: u32,
}

impl Chats {
    fn new() -> Self {
        let directory = TestArchive::new();
        directory.ok(&["mailbox", "add", ANN]);
        let archive = directory.open();
        Self { directory, archive, items: 0, exports: 0 }
    }

    /// Imports what `range` has of a chat; its items are added to those of the chat.
    fn import(
        &mut self,
        messages: &[Message],
        range: &Range<usize>,
        writing: Writing,
        chat: &str,
        items: &mut Vec<u64>,
    ) {
        let folder = format!("export-{}", self.exports);
        self.exports += 1;
        let mut text = String::new();
        for (at, message) in messages.iter().enumerate().filter(|(at, _)| range.contains(at)) {
            text.write_str(&writing.line(at, message)).expect("text");
            if let (Media::Attached, Said::Media { is_named, is_loaded: true, .. }) = (writing.media, &message.said) {
                self.directory.write(&format!("{folder}/{}", file(at, *is_named)), format!("{chat} {at}"));
            }
        }
        if text.is_empty() {
            return;
        }
        let path = self.directory.write(&format!("{folder}/WhatsApp Chat with {chat}.txt"), text);
        let (mailbox, date_order) = (Some(ANN.to_owned()), Some(DateOrder::Dmy));
        let options = ImportOptions { paths: vec![path], mailbox, date_order, ..ImportOptions::default() };
        let report = self.archive.import(&options, &Interrupt::default(), &mut |_| {}).expect("an import");
        let ledger = report.batch.ledger;
        assert_eq!((ledger.offered, ledger.rejected, ledger.quarantined), (range.len() as u64, 0, 0));
        items.extend(self.items + 1..=self.items + ledger.items);
        self.items += ledger.items;
    }

    /// How many messages items are, in however many renditions.
    fn messages(&mut self, items: &[u64]) -> usize {
        let mut firsts = BTreeSet::new();
        for item in items {
            let shown = self.archive.show(ItemNo(*item)).expect("an item");
            let others = shown.renditions.iter().map(|other| other.item.0);
            firsts.extend(others.chain([*item]).min());
        }
        firsts.len()
    }
}

#[test]
fn each_message_of_a_chat_is_there_once() {
    let chats = RefCell::new(Chats::new());
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((messages, cut) in chat(), writings in [writing(), writing(), writing()])| {
        let mut chats = chats.borrow_mut();
        let is_group = begins_as_group(&messages);
        let name = format!("{} {}", if is_group { "Team" } else { "Bob" }, chats.exports);
        let mut items = Vec::new();
        // What could be of somebody who is called like the group is kept beside it.
        let apart = if is_group && !is_of_group(messages.get(cut.clone()).unwrap_or_default()) { cut.len() } else { 0 };
        let [first, second, third] = writings;
        chats.import(&messages, &cut, first, &name, &mut items);
        prop_assert_eq!(items.len(), cut.len(), "the first export");
        chats.import(&messages, &(0..messages.len()), second, &name, &mut items);
        prop_assert_eq!(chats.messages(&items), messages.len() + apart, "the second export");
        chats.import(&messages, &(0..messages.len()), third, &name, &mut items);
        prop_assert_eq!(chats.messages(&items), messages.len() + apart, "the third export");
    });
    let Chats { directory, archive, .. } = chats.into_inner();
    drop(archive);
    directory.verify_clean();
}

/// A chat called Sales of `others` and Ann, each message in a minute of its own, and whether it is a group.
fn chat_of(others: Vec<&'static str>, is_group: bool) -> impl Strategy<Value = (Vec<Message>, bool)> {
    let sender = prop_oneof![Just("Ann"), prop::sample::select(others)];
    (any::<bool>(), vec(sender, 1..6)).prop_map(move |(is_told, senders)| {
        let of_app = |minute, said| Message { minute, sender: "Bob", said };
        let mut messages = Vec::new();
        messages.extend(is_told.then(|| of_app(10, Said::Encryption)));
        messages.extend(is_group.then(|| of_app(11, Said::Created)));
        let texts = (12..).zip(senders);
        messages.extend(texts.map(|(minute, sender)| Message { minute, sender, said: Said::Text("ok") }));
        (messages, is_group)
    })
}

/// Exports of a group and of a chat of two that have one title: what each has of its chat.
fn exports() -> impl Strategy<Value = Vec<(Vec<Message>, bool, usize)>> {
    let chats = (chat_of(vec!["Bob", "Eve"], true), chat_of(vec!["Sales"], false));
    (chats, vec((any::<bool>(), 0..8_usize, 1..9_usize, 0..2_usize), 2..5)).prop_map(|((group, direct), cuts)| {
        let export = |(of_group, from, length, stamp)| {
            let (messages, is_group) = if of_group { &group } else { &direct };
            let cut: Vec<Message> = messages.iter().skip(from).take(length).cloned().collect();
            (cut, *is_group, stamp)
        };
        cuts.into_iter().map(export).filter(|(cut, ..)| !cut.is_empty()).collect()
    })
}

#[test]
fn a_group_and_a_chat_of_two_of_one_title_lose_nothing_to_each_other() {
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(exports in exports())| {
        let mut chats = Chats::new();
        // The sorts of chat that each message was exported of, and the writings that do not tell a group.
        let mut all: BTreeMap<_, (BTreeSet<bool>, [BTreeSet<usize>; 2])> = BTreeMap::new();
        for (export, is_group, stamp) in &exports {
            let writing = Writing { stamp: *stamp, is_german: false, media: Media::Omitted };
            chats.import(export, &(0..export.len()), writing, "Sales", &mut Vec::new());
            for message in export {
                let of_app = matches!(message.said, Said::Created | Said::Encryption);
                let sender = if of_app { "WhatsApp" } else { message.sender };
                let (sorts, untold) = all.entry((message.minute, sender.to_owned())).or_default();
                sorts.insert(*is_group);
                if !begins_as_group(export) {
                    // One that only its writers tell is equal to the other chat's in the same writing.
                    let like: &[usize] = if *is_group && !is_of_group(export) { &[0, 1] } else { &[*stamp] };
                    untold[usize::from(*is_group)].extend(like);
                }
            }
        }
        let mut found: BTreeMap<(u32, String), usize> = BTreeMap::new();
        for item in 1..=chats.items {
            let shown = chats.archive.show(ItemNo(item)).expect("an item");
            let minute = shown.sent_at.expect("a time").0 / 60_000 % 60;
            let from = shown.participants.iter().find(|person| person.role == Role::From).expect("a sender");
            *found.entry((u32::try_from(minute).expect("a minute"), from.name.clone())).or_default() += 1;
        }
        for (message, (sorts, [direct, group])) in all {
            let fewest = if direct.is_disjoint(&group) { sorts.len() } else { 1 };
            prop_assert!(found.get(&message).is_some_and(|found| *found >= fewest), "{message:?}: {found:?}");
        }
    });
}

#[test]
fn more_of_one_minute_than_can_be_compared_are_kept_and_reported() {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", ANN]);
    let import = |folder: &str, date: &str| {
        let path = archive
            .write(&format!("{folder}/WhatsApp Chat with Bob.txt"), format!("{date}, 16:13 - Ann: ok\n").repeat(1001));
        let lines = archive.ok(&["import", path.to_str().expect("UTF-8"), "--mailbox", ANN]);
        let file = lines.iter().find(|line| line["type"] == "file").expect("a file");
        let is_noted = file["notes"].to_string().contains("too many messages of one minute");
        (number(lines.last().expect("a summary"), "stored"), is_noted)
    };
    assert_eq!(import("first", "13/01/2023"), (1001, false));
    assert_eq!(import("again", "13/01/2023"), (0, false), "what has the same bytes is known");
    assert_eq!(import("other", "13.01.23"), (1001, true));
    assert_eq!(import("other again", "13.01.23"), (0, false));
}
