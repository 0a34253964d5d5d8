//! On real short messages in five languages, search finds exactly what a scan of the folded texts finds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::fixture::{TestIndex, any};
use crate::index::{fold, tokens};

const PER_LANGUAGE: usize = 5_000;
const QUERIES: usize = 100;

fn messages() -> Option<BTreeMap<String, Vec<String>>> {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return None;
    };
    let file = std::fs::File::open(Path::new(&shared).join("corpora/messages.jsonl.zst")).expect("corpus");
    let mut decoder = zstd::Decoder::new(file).expect("zstd");
    decoder.window_log_max(27).expect("window");
    let mut languages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in BufReader::new(decoder).lines() {
        let value: serde_json::Value = serde_json::from_str(&line.expect("line")).expect("JSON");
        let texts = languages.entry(value["lang"].as_str().expect("lang").to_owned()).or_default();
        if texts.len() < PER_LANGUAGE {
            texts.push(value["text"].as_str().expect("text").to_owned());
        }
    }
    Some(languages)
}

/// Whether `c` belongs to a script with spaces between its words.
fn spaced(c: char) -> bool {
    c.is_alphanumeric() && tokens(&format!("{c}{c}")).count() == 1
}

/// Whether `part` stands in `text` with no letter or digit of a spaced script going on at either end.
fn stands_in(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(at, _)| {
        let goes_on =
            |inside: Option<char>, outside: Option<char>| inside.is_some_and(spaced) && outside.is_some_and(spaced);
        let (before, after) = (text[..at].chars().next_back(), text[at + part.len()..].chars().next());
        !goes_on(part.chars().next(), before) && !goes_on(part.chars().next_back(), after)
    })
}

#[test]
fn search_finds_what_a_scan_finds() {
    let Some(languages) = messages() else { return };
    for (language, texts) in languages {
        let index = TestIndex::of_bodies(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let folded: Vec<String> = texts.iter().map(|text| fold(text).into_owned()).collect();
        let mut asked = 0;
        for n in 0..QUERIES * 4 {
            let text = &texts[n * 7_919 % texts.len()];
            let words: Vec<_> = tokens(text).collect();
            if words.is_empty() || asked == QUERIES {
                continue;
            }
            let first = &words[n % words.len()];
            let last = &words[(n % words.len() + n % 3).min(words.len() - 1)];
            let part = fold(&text[first.range.start..last.range.end]).into_owned();
            // Separators need not be equal to match, so parts that have any, or where some may stand, are left out.
            let scripts = part.chars().filter(|c| spaced(*c)).count();
            if !part.chars().all(char::is_alphanumeric) || (scripts > 0 && scripts < part.chars().count()) {
                continue;
            }
            asked += 1;
            let expected: Vec<u64> =
                (1..).zip(&folded).filter(|(_, text)| stands_in(text, &part)).map(|(number, _)| number).collect();
            assert_eq!(index.find(any(&part)), expected, "{language}: {part}");
        }
        assert!(asked > 50, "{language}: only {asked} queries");
    }
}
