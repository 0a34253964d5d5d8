//! Converted messages of chats.

use chrono::{DateTime, SecondsFormat};
use serde_json::json;

use super::EPOCH;
use super::people::Person;
use super::random::Random;
use super::words::{Language, Words};

/// Messages of one conversation.
const CONVERSATION: usize = 40;
/// Median number of words in a message.
const WORDS: f64 = 9.0;

/// `count` records, one JSON text each.
pub(crate) fn records(seed: u64, count: usize) -> Vec<String> {
    records_from(seed, 0, count)
}

/// `count` records that continue `first` other ones in time and numbers.
pub(crate) fn records_from(seed: u64, first: usize, count: usize) -> Vec<String> {
    let mut random = Random::new(seed ^ 0xc4a7);
    let words = Language::ALL.map(|language| Words::new(language, &mut random));
    let mut random = Random::new(random.next() ^ first as u64);
    let mut sent = EPOCH + first as i64 * 45;
    let mut pair = (Person::any(&mut random), Person::any(&mut random));
    let mut language = random.pick(&words);
    let mut records = Vec::with_capacity(count);
    for n in first..first + count {
        sent += random.below(90) as i64;
        if n % CONVERSATION == 0 {
            pair = (Person::any(&mut random), Person::any(&mut random));
            language = random.pick(&words);
        } else if random.chance(0.5) {
            pair = (pair.1, pair.0);
        }
        let conversation = n / CONVERSATION;
        let platform = if conversation.is_multiple_of(2) { "whatsapp" } else { "wechat" };
        let time = DateTime::from_timestamp(sent, 0).expect("the span lies within the calendar");
        let record = json!({
            "source": "bench",
            "platform": platform,
            "conversation": { "id": format!("chat-{conversation}"), "type": "direct" },
            "id": format!("{platform}-{n:08x}"),
            "sent": time.to_rfc3339_opts(SecondsFormat::Secs, true),
            "sender": { "name": pair.0.name(), "number": pair.0.number() },
            "recipients": [{ "name": pair.1.name(), "number": pair.1.number() }],
            "text": language.text(random.log_normal(WORDS, 0.9), &mut random),
        });
        records.push(record.to_string());
    }
    records
}
