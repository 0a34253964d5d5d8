//! Chat exports and records of platforms, from file to mails.

use std::fmt::Write as _;
use std::path::PathBuf;

use criterion::{Criterion, Throughput};
use custodia::connector::{As, Options, SourceEvent, open};
use serde_json::{Value, json};

use crate::corpus::{SEED, records};

const RECORDS: usize = 20_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let records: Vec<Value> = records(SEED, RECORDS)
        .iter()
        .map(|record| serde_json::from_str(record).expect("a generated record is JSON"))
        .collect();
    let mut group = criterion.benchmark_group("converter");
    group.sample_size(10);
    group.throughput(Throughput::Elements(RECORDS as u64));
    for (read_as, name, text) in [
        (As::Whatsapp, "WhatsApp Chat with Harbour.txt", lines(&records, exported)),
        (As::WhatsappCloud, "hooks.jsonl", lines(&records, notified)),
        (As::Wecom, "records.jsonl", lines(&records, archived)),
    ] {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("a file can be written");
        group.bench_function(read_as.as_str(), |b| b.iter(|| read(path.clone(), read_as)));
    }
    group.finish();
}

fn read(path: PathBuf, read_as: As) -> usize {
    let options = Options { as_format: read_as, ..Options::default() };
    let sources = open(&[path], &options).expect("the file was written before");
    let records = sources.filter(|event| matches!(event, SourceEvent::Record(_))).count();
    assert!(records >= RECORDS, "{records} of {RECORDS} {} records were read", read_as.as_str());
    records
}

fn lines(records: &[Value], line: fn(&Value) -> String) -> String {
    records.iter().map(line).fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").expect("a string takes all that is written");
        text
    })
}

fn text<'v>(record: &'v Value, pointer: &str) -> &'v str {
    record.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn seconds(record: &Value) -> i64 {
    let sent = chrono::DateTime::parse_from_rfc3339(text(record, "/sent"));
    sent.expect("a generated record has a time").timestamp()
}

/// As the app writes it on Android.
fn exported(record: &Value) -> String {
    let time = chrono::DateTime::from_timestamp(seconds(record), 0).expect("the span lies within the calendar");
    format!("{} - {}: {}", time.format("%d/%m/%Y, %H:%M"), text(record, "/sender/name"), text(record, "/text"))
}

/// As a webhook gets it.
fn notified(record: &Value) -> String {
    let number = text(record, "/sender/number").trim_start_matches('+');
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550100001", "phone_number_id": "9" },
        "contacts": [{ "profile": { "name": text(record, "/sender/name") }, "wa_id": number }],
        "messages": [{ "from": number, "id": text(record, "/id"), "timestamp": seconds(record).to_string(),
            "type": "text", "text": { "body": text(record, "/text") } }],
    } }] }] })
    .to_string()
}

/// As a collector decrypts it.
fn archived(record: &Value) -> String {
    json!({
        "msgid": text(record, "/id"), "action": "send", "from": text(record, "/sender/name"),
        "tolist": [text(record, "/recipients/0/name")], "roomid": "", "msgtime": seconds(record) * 1000,
        "msgtype": "text", "text": { "content": text(record, "/text") },
    })
    .to_string()
}
