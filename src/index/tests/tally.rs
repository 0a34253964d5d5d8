//! What is counted and listed is what sorting all that matches one by one gives: over segments, deleted and repeated
//! messages, scopes and pages.

use std::collections::BTreeMap;

use proptest::prelude::*;
use roaring::RoaringTreemap;

use super::fixture::{TestIndex, add, any as words, body, facts, person};
use crate::index::{Counts, Groups, HitOrder, HitTable, Load, MessageScope};
use crate::message::Facts;
use crate::model::{MessageNo, Role, UtcTime};
use crate::query::{Node, Query};

#[derive(Debug, Clone)]
struct Message {
    number: u64,
    sent: Option<i64>,
    sender: usize,
    text: String,
}

impl Message {
    fn facts(&self) -> Facts {
        let participants = match SENDERS[self.sender] {
            "" => Vec::new(),
            sender => vec![person(Role::From, "", sender)],
        };
        Facts { sent_at: self.sent.map(UtcTime::from_seconds), participants, ..body(&self.text) }
    }

    /// How many words of the query it has.
    fn score(&self) -> usize {
        usize::from(self.text.contains("plan")) + usize::from(self.text.contains("after"))
    }
}

const SENDERS: [&str; 5] = ["", "ann@x.example", "ben@x.example", "zoe@x.example", "carl@x.example"];
const TEXTS: [&str; 4] = ["the plan", "plan after plan, and why", "nothing", "why"];
const ORDERS: [HitOrder; 5] =
    [HitOrder::Newest, HitOrder::Oldest, HitOrder::Largest, HitOrder::Sender, HitOrder::Relevance];

/// Numbers in three blocks of a set.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![1..60_u64, 65_500..65_560_u64, (1_u64 << 32)..(1 << 32) + 20]
}

fn message() -> impl Strategy<Value = Message> {
    let sent = proptest::option::of(-2..6_i64);
    (number(), sent, 0..SENDERS.len(), 0..TEXTS.len()).prop_map(|(number, sent, sender, text)| Message {
        number,
        sent,
        sender,
        text: TEXTS[text].to_owned(),
    })
}

/// An index to which the messages were added a few at a time, each taking the place of an earlier one of its number, and
/// what is in it.
fn index(steps: &[Vec<Message>], deleted: &[u64]) -> (TestIndex, BTreeMap<u64, Message>) {
    let (index, mut known) = (TestIndex::of([facts()]), BTreeMap::new());
    let mut writer = index.index.writer(Load::Few).expect("writer");
    writer.delete(MessageNo(1)).expect("deletion");
    for messages in steps {
        for message in messages {
            writer.delete(MessageNo(message.number)).expect("deletion");
            add(&mut writer, message.number, &message.facts());
            known.insert(message.number, message.clone());
        }
        writer.commit(MessageNo(1 << 33)).expect("commit");
    }
    for number in deleted {
        writer.delete(MessageNo(*number)).expect("deletion");
        known.remove(number);
    }
    writer.commit(MessageNo(1 << 33)).expect("commit");
    writer.close().expect("close");
    index.reader.reload().expect("reload");
    (index, known)
}

fn compare(order: HitOrder, a: &Message, b: &Message) -> std::cmp::Ordering {
    let newest = (b.sent, b.number).cmp(&(a.sent, a.number));
    match order {
        HitOrder::Newest => newest,
        HitOrder::Oldest => (a.sent.is_none(), a.sent, a.number).cmp(&(b.sent.is_none(), b.sent, b.number)),
        HitOrder::Largest => b.text.len().cmp(&a.text.len()).then(newest),
        HitOrder::Sender => {
            let key = |message: &Message| (message.sender == 0, SENDERS[message.sender]);
            key(a).cmp(&key(b)).then(newest)
        }
        HitOrder::Relevance => b.score().cmp(&a.score()).then(newest),
    }
}

/// Odd messages have two items, even ones one.
fn items(number: u64) -> u64 {
    1 + number % 2
}

/// The groups of what matches, counted part by part.
fn grouped(index: &TestIndex, query: &Query, messages: &RoaringTreemap) -> Groups {
    let mut groups = Groups::default();
    for window in HitTable::windows(messages) {
        let mut table = HitTable::of(&window);
        table.add_items(&window);
        table.add_items(&window.iter().filter(|number| number % 2 == 1).collect());
        let scope = MessageScope::new(Some(window.clone()));
        let (found, mut table) = index.reader.groups(query, &scope, table).expect("search");
        assert_eq!(table.bytes(&window), found.senders.values().map(|counts| counts.bytes).sum::<u64>());
        groups.add(found);
    }
    groups
}

fn grouped_one_by_one(messages: &[&Message]) -> Groups {
    let mut groups = Groups::default();
    for message in messages {
        let counts = Counts { messages: 1, items: items(message.number), bytes: message.text.len() as u64 };
        groups.senders.entry(SENDERS[message.sender].to_owned()).or_default().add(counts);
        groups.platforms.entry("email".to_owned()).or_default().add(counts);
        let month = message.sent.map(|seconds| if seconds < 0 { (1969, 12) } else { (1970, 1) });
        groups.months.entry(month).or_default().add(counts);
    }
    groups
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_counted_and_listed_is_what_matches(
        steps in proptest::collection::vec(proptest::collection::vec(message(), 1..40), 1..5),
        deleted in proptest::collection::vec(number(), 0..20),
        within in proptest::option::of(proptest::collection::vec(number(), 0..90)),
        without in proptest::collection::vec(number(), 0..20),
        from in prop_oneof![Just(0), number()],
        everything in any::<bool>(),
        page in 1..30_usize,
    ) {
        let (index, known) = index(&steps, &deleted);
        let within: Option<RoaringTreemap> = within.map(|within| within.into_iter().collect());
        let without: RoaringTreemap = without.into_iter().collect();
        let scope = MessageScope::new(within.clone()).without(without.clone()).from(MessageNo(from));
        let in_scope = |number: u64| {
            number >= from && within.as_ref().is_none_or(|within| within.contains(number)) && !without.contains(number)
        };
        let root = if everything { Node::All } else { Node::Or(vec![words("plan"), words("after")]) };
        let query = Query { root };
        let mut wanted: Vec<&Message> =
            known.values().filter(|m| in_scope(m.number) && (everything || m.text.contains("plan"))).collect();

        let tally = index.reader.tally(&query, &scope).expect("search");
        prop_assert_eq!(&tally.messages, &wanted.iter().map(|message| message.number).collect());
        prop_assert_eq!(tally.bytes, wanted.iter().map(|message| message.text.len() as u64).sum::<u64>());
        prop_assert_eq!(grouped(&index, &query, &tally.messages), grouped_one_by_one(&wanted));

        for order in ORDERS {
            if order == HitOrder::Relevance && everything {
                continue;
            }
            wanted.sort_by(|a, b| compare(order, a, b));
            let ranking = index.reader.ranking(&query, &scope, order).expect("search");
            let (mut listed, mut last) = (Vec::new(), None);
            loop {
                let more = usize::from(last.is_some());
                let (all, found) = index.reader.first(&query, &scope, &ranking, last, page + more).expect("search");
                prop_assert_eq!(&all, &tally);
                if found.len() <= more {
                    break;
                }
                last = found.last().copied();
                listed.extend(found.into_iter().skip(more).map(|found| (found.message.0, found.sent)));
            }
            let wanted: Vec<_> = wanted.iter().map(|m| (m.number, m.sent.map(UtcTime::from_seconds))).collect();
            prop_assert_eq!(listed, wanted, "{:?}", order);
        }
    }
}
