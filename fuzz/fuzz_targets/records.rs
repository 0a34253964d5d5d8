//! Formats that are JSON, CSV or XML. The first byte chooses which.

#![no_main]

#[path = "../source.rs"]
mod source;

use custodia::connector::As;

const FORMATS: [(As, &str); 7] = [
    (As::Messages, "chat.jsonl"),
    (As::WhatsappCloud, "hook.json"),
    (As::WhatsappBackup, "result.json"),
    (As::Wecom, "records.json"),
    (As::Wechat, "chat.csv"),
    (As::Wechat, "chat.json"),
    (As::Rsmf, "rsmf_manifest.json"),
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let (read_as, name) = FORMATS[usize::from(*first) % FORMATS.len()];
    source::read(name, read_as, rest);
});
