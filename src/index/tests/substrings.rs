//! A query without spaces finds exactly the texts whose runs contain it, whatever the mix of scripts.

use proptest::prelude::*;

use super::fixture::{TestIndex, any};
use crate::index::fold;

fn texts() -> impl Strategy<Value = Vec<String>> {
    // Few letters, so that runs repeat; each script of the tokenizer's classes.
    let piece = prop_oneof![
        "[\u{4E2D}\u{56FD}\u{4EBA}]{1,5}",
        "[\u{3042}\u{30AB}\u{FF76}\u{FF9E}\u{30FC}]{1,4}",
        "[\u{AC00}\u{AC01}\u{1100}\u{1161}]{1,4}",
        "[\u{E01}\u{E31}]{1,4}",
        "[aB\u{E9}\u{142}1]{1,4}",
        "[ .,\u{3002}\u{200B}]{1,2}",
        "[\u{1F600}\u{1F44D}\u{FE0F}]{1,2}",
    ];
    prop::collection::vec(prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_substring_of_a_run_is_found_where_a_scan_finds_it(texts in texts(), seed: u64) {
        let index = TestIndex::of_bodies(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let folded: Vec<_> = texts.iter().map(|text| fold(text)).collect();
        for (number, text) in folded.iter().enumerate() {
            let Some(part) = run_part(text, seed.wrapping_add(number as u64)) else { continue };
            let expected: Vec<u64> =
                (1..).zip(&folded).filter(|(_, text)| text.contains(&part)).map(|(number, _)| number).collect();
            prop_assert_eq!(index.find(super::fixture::any(&part)), expected, "{}", part);
        }
    }
}

/// A part of one run of unspaced characters in `text`.
fn run_part(text: &str, seed: u64) -> Option<String> {
    let run = |c: char| !c.is_ascii() && !matches!(c, '\u{3002}' | '\u{1F600}' | '\u{1F44D}' | '\u{142}');
    let runs: Vec<Vec<char>> =
        text.split(|c| !run(c)).filter(|run| !run.is_empty()).map(|run| run.chars().collect()).collect();
    let chosen = runs.get(seed as usize % runs.len().max(1))?;
    let start = (seed >> 8) as usize % chosen.len();
    let length = 1 + (seed >> 16) as usize % (chosen.len() - start);
    Some(chosen[start..start + length].iter().collect())
}

#[test]
fn neighbouring_words_of_other_scripts_do_not_hide_a_run() {
    let index = TestIndex::of_bodies(&["iPhone\u{624B}\u{673A}5\u{4EE3}", "\u{624B}\u{673A}", "5 \u{4EE3}\u{4EF7}"]);
    assert_eq!(index.find(any("\u{624B}\u{673A}")), [1, 2]);
    assert_eq!(index.find(any("iphone\u{624B}")), [1]);
    assert_eq!(index.find(any("\u{673A}5\u{4EE3}")), [1]);
    assert_eq!(index.find(any("5\u{4EE3}")), [1, 3]);
    assert_eq!(index.find(any("\u{4EE3}")), [1, 3]);
}
