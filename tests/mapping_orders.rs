//! Who has a message in the end does not depend on when mailboxes were added, in what order its copies came, and how often
//! the quarantine was mapped again.
#![cfg(feature = "cli")]
#![allow(clippy::indexing_slicing, reason = "all numbers are below the counts above them")]

mod support;

use std::cell::RefCell;
use std::collections::BTreeSet;

use custodia::archive::{Archive, ImportOptions, Interrupt, NewMailbox, RemapOptions, SearchRequest};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use support::TestArchive;

const PEOPLE: usize = 4;
const MESSAGES: usize = 3;
const FOLDERS: [&str; 2] = ["Inbox", "Deals"];

/// What takes everything that is given to it.
const SINK: usize = PEOPLE;

/// A message, to whom it is, and whose it is in a source that knows.
#[derive(Debug, Clone)]
struct Message {
    to: BTreeSet<usize>,
    owner: usize,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    AddMailbox(usize),
    Import(Import),
    Remap,
}

#[derive(Debug, Clone, Copy)]
struct Import {
    message: usize,
    folder: usize,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    ByRecipients,
    ByRecipientsAndOwner,
    IntoOneMailbox,
}

/// A mailbox and a folder in it.
type Place = (usize, usize);

/// What should become of one message.
#[derive(Debug, Clone, Default)]
struct Fate {
    places: BTreeSet<Place>,
    waits_for: Vec<Place>,
}

impl Fate {
    /// It comes for `bound`, while these have mailboxes.
    fn import(&mut self, bound: Vec<Place>, mailboxes: &BTreeSet<usize>) {
        let found: Vec<Place> = bound.iter().copied().filter(|(person, _)| mailboxes.contains(person)).collect();
        if !found.is_empty() {
            self.places.extend(found);
            self.remap(mailboxes);
            self.waits_for.clear();
        } else if self.places.is_empty() {
            self.waits_for.extend(bound);
        }
    }

    fn remap(&mut self, mailboxes: &BTreeSet<usize>) {
        self.places.extend(self.waits_for.iter().filter(|(person, _)| mailboxes.contains(person)));
        if !self.places.is_empty() {
            self.waits_for.clear();
        }
    }
}

impl Import {
    fn bound(self, messages: &[Message]) -> Vec<Place> {
        let Message { to, owner } = &messages[self.message];
        let people: Vec<usize> = match self.way {
            Way::ByRecipients => to.iter().copied().collect(),
            Way::ByRecipientsAndOwner => to.iter().copied().chain([*owner]).collect(),
            Way::IntoOneMailbox => vec![SINK],
        };
        people.into_iter().map(|person| (person, self.folder)).collect()
    }
}

fn world() -> impl Strategy<Value = (Vec<Message>, Vec<Act>)> {
    let message = (btree_set(0..PEOPLE, 1..=PEOPLE), 0..PEOPLE).prop_map(|(to, owner)| Message { to, owner });
    let way = prop_oneof![
        4 => Just(Way::ByRecipients),
        4 => Just(Way::ByRecipientsAndOwner),
        1 => Just(Way::IntoOneMailbox),
    ];
    let import =
        (0..MESSAGES, 0..FOLDERS.len(), way).prop_map(|(message, folder, way)| Import { message, folder, way });
    let act = prop_oneof![
        2 => (0..PEOPLE).prop_map(Act::AddMailbox),
        6 => import.prop_map(Act::Import),
        1 => Just(Act::Remap),
    ];
    (vec(message, MESSAGES), vec(act, 1..12))
}

struct Worlds {
    directory: TestArchive,
    archive: Archive,
    count: usize,
}

impl Worlds {
    fn new() -> Self {
        let directory = TestArchive::new();
        let archive = directory.open();
        Self { directory, archive, count: 0 }
    }

    fn address(&self, person: usize) -> String {
        format!("p{person}.w{}@x.example", self.count)
    }

    fn add_mailbox(&mut self, person: usize) {
        self.archive
            .add_mailbox(&NewMailbox { address: self.address(person), ..NewMailbox::default() })
            .expect("added");
    }

    fn import(&mut self, messages: &[Message], import: Import) {
        let Message { to, owner } = &messages[import.message];
        let to: Vec<String> = to.iter().map(|person| self.address(*person)).collect();
        let mail = format!(
            "From: customer@other.example\r\nTo: {}\r\nX-Owner: {}\r\nSubject: w{} {}\r\n\r\ntext\r\n",
            to.join(", "),
            self.address(*owner),
            self.count,
            import.message,
        );
        let path = self.directory.write(&format!("{}-{}.eml", self.count, import.message), mail);
        let options = ImportOptions {
            paths: vec![path],
            folder: Some(FOLDERS[import.folder].to_owned()),
            mailbox: (import.way == Way::IntoOneMailbox).then(|| self.address(SINK)),
            user_header: (import.way == Way::ByRecipientsAndOwner).then(|| "X-Owner".to_owned()),
            ..ImportOptions::default()
        };
        let report = self.archive.import(&options, &Interrupt::default(), &mut |_| {}).expect("an import");
        let ledger = report.batch.ledger;
        assert_eq!((ledger.offered, ledger.stored + ledger.duplicate + ledger.quarantined), (1, 1));
    }

    fn remap(&mut self) {
        let options = RemapOptions::default();
        self.archive.remap_quarantine(&options, &Interrupt::default(), &mut |_, _| {}).expect("mapped again");
    }

    /// Where each message is.
    fn places(&mut self) -> Vec<BTreeSet<Place>> {
        let mut places = vec![BTreeSet::new(); MESSAGES];
        let own = format!("w{} ", self.count);
        let mut hits = Vec::new();
        let request = SearchRequest::default();
        let mut visit = |hit: custodia::archive::Hit| {
            hits.extend(hit.subject.strip_prefix(&own).map(|message| (message.to_owned(), hit.mailbox, hit.folder)));
            Ok(())
        };
        self.archive.search(&request, &mut |_| Ok(()), &mut visit).expect("a search");
        for (message, mailbox, folder) in hits {
            let person = (0..=PEOPLE).find(|person| self.address(*person) == mailbox).expect("a mailbox");
            let folder = FOLDERS.iter().position(|path| *path == folder).expect("a folder");
            assert!(places[message.parse::<usize>().expect("a number")].insert((person, folder)), "an item twice");
        }
        places
    }
}

#[test]
fn whoever_is_added_late_misses_nothing_that_nobody_had_and_nothing_that_comes_again() {
    let worlds = RefCell::new(Worlds::new());
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((messages, acts) in world())| {
            let mut worlds = worlds.borrow_mut();
            worlds.count += 1;
            worlds.add_mailbox(SINK);
            let mut mailboxes = BTreeSet::from([SINK]);
            let mut fates = vec![Fate::default(); MESSAGES];
            for act in acts.iter().copied().chain((0..PEOPLE).map(Act::AddMailbox)).chain([Act::Remap]) {
                match act {
                    Act::AddMailbox(person) => {
                        if mailboxes.insert(person) {
                            worlds.add_mailbox(person);
                        }
                    }
                    Act::Import(import) => {
                        worlds.import(&messages, import);
                        fates[import.message].import(import.bound(&messages), &mailboxes);
                    }
                    Act::Remap => {
                        worlds.remap();
                        for fate in &mut fates {
     fate.remap(&mailboxes);
    }
                    }
                }
            }
            let expected: Vec<_> = fates.into_iter().map(|fate| fate.places).collect();
            prop_assert_eq!(worlds.places(), expected, "after mapping again");
            prop_assert!(worlds.archive.list_quarantine().expect("a list").is_empty());

            let mut from_the_beginning = vec![BTreeSet::new(); MESSAGES];
            for act in &acts {
                if let Act::Import(import) = act {
                    worlds.import(&messages, *import);
                    from_the_beginning[import.message].extend(import.bound(&messages));
                }
            }
            prop_assert_eq!(worlds.places(), from_the_beginning, "after importing again");
        });
    let Worlds { directory, archive, .. } = worlds.into_inner();
    drop(archive);
    directory.verify_clean();
}
