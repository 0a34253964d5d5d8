//! The shared corpora: real mail and short messages in five languages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

fn unpacked(path: &Path) -> impl Read + use<> {
    let mut decoder = zstd::Decoder::new(std::fs::File::open(path).expect("corpus")).expect("zstd");
    decoder.window_log_max(27).expect("window");
    decoder
}

/// The whole content of a compressed file.
pub(crate) fn content(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    unpacked(path).read_to_end(&mut bytes).expect("the corpus unpacks");
    bytes
}

/// The first texts of each language.
pub(crate) fn texts(shared: &Path, per_language: usize) -> BTreeMap<String, Vec<String>> {
    let lines = BufReader::new(unpacked(&shared.join("corpora/messages.jsonl.zst"))).lines();
    let mut languages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        let value: serde_json::Value = serde_json::from_str(&line.expect("line")).expect("JSON");
        let texts = languages.entry(super::text(&value, "lang")).or_default();
        if texts.len() < per_language {
            texts.push(super::text(&value, "text"));
        }
    }
    languages
}

/// Records of converted messages: senders and times follow from the place in the list.
pub(crate) fn records(language: &str, texts: &[String]) -> String {
    texts.iter().enumerate().fold(String::new(), |mut records, (n, text)| {
        let record = serde_json::json!({
            "source": "corpus", "platform": if n % 2 == 0 { "whatsapp" } else { "wechat" }, "id": format!("{language}-{n}"),
            "sent": format!("2025-{:02}-{:02}T{:02}:{:02}:00+02:00", 1 + n / 600 % 12, 1 + n / 30 % 28, n % 24, n % 60),
            "sender": {"name": format!("0{}", n % 7), "number": format!("+4811122233{}", n % 7)},
            "recipients": [{"name": "09", "number": "+48111222339"}], "text": text,
        });
        writeln!(records, "{record}").expect("strings take it");
        records
    })
}
