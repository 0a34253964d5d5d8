//! Random texts and queries: the index gives the messages that the definitions of phrase, prefix and nearness give
//! when applied word by word.

use proptest::prelude::*;

use super::fixture::{TestIndex, any as words};
use crate::query::Node;

const VOCABULARY: [&str; 5] = ["abca", "abcb", "abd", "x", "y"];

/// A query of free text with the matches that it has in a text, by definition.
#[derive(Debug, Clone)]
enum Wanted {
    Words(Vec<usize>, bool),
    Any(Vec<Wanted>),
    Near(bool, u32, Box<Wanted>, Box<Wanted>),
}

impl Wanted {
    fn node(&self) -> Node {
        match self {
            Self::Words(indexes, prefix) => {
                let mut text = indexes.iter().map(|&n| VOCABULARY[n]).collect::<Vec<_>>().join(" ");
                if *prefix {
                    text.pop();
                    text.push('*');
                }
                words(&text)
            }
            Self::Any(wanted) => Node::Or(wanted.iter().map(Self::node).collect()),
            Self::Near(ordered, distance, left, right) => Node::Near {
                ordered: *ordered,
                distance: *distance,
                left: Box::new(left.node()),
                right: Box::new(right.node()),
            },
        }
    }

    fn spans(&self, text: &[usize]) -> Vec<(usize, usize)> {
        match self {
            Self::Words(indexes, prefix) => (0..text.len())
                .filter(|&at| {
                    text.len() - at >= indexes.len()
                        && indexes.iter().enumerate().all(|(n, &wanted)| {
                            let (wanted, word) = (VOCABULARY[wanted], VOCABULARY[text[at + n]]);
                            let cut = *prefix && n + 1 == indexes.len();
                            if cut { word.starts_with(&wanted[..wanted.len() - 1]) } else { word == wanted }
                        })
                })
                .map(|at| (at, at + indexes.len()))
                .collect(),
            Self::Any(wanted) => wanted.iter().flat_map(|wanted| wanted.spans(text)).collect(),
            Self::Near(ordered, distance, left, right) => {
                let (left, right) = (left.spans(text), right.spans(text));
                let near = |a: &(usize, usize), b: &(usize, usize)| a.1 <= b.0 && b.0 - a.1 <= *distance as usize;
                let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
                pairs
                    .filter_map(|(a, b)| {
                        if near(a, b) { Some((a.0, b.1)) } else { (!ordered && near(b, a)).then_some((b.0, a.1)) }
                    })
                    .collect()
            }
        }
    }
}

fn wanted() -> impl Strategy<Value = Wanted> {
    // A prefix of a one-letter word would be empty.
    let phrase = (prop::collection::vec(0..VOCABULARY.len(), 1..3), any::<bool>())
        .prop_map(|(words, prefix)| Wanted::Words(words.clone(), prefix && words.last().is_some_and(|&last| last < 3)));
    let group = prop_oneof![
        3 => phrase.clone(),
        1 => prop::collection::vec(phrase, 2..4).prop_map(Wanted::Any),
    ];
    let near = |left: BoxedStrategy<Wanted>, right: BoxedStrategy<Wanted>| {
        (any::<bool>(), 0_u32..4, left, right)
            .prop_map(|(ordered, distance, left, right)| Wanted::Near(ordered, distance, left.into(), right.into()))
            .boxed()
    };
    let group = group.boxed();
    let pair = near(group.clone(), group.clone());
    let chain = near(pair.clone(), group.clone());
    prop_oneof![group, pair, chain]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn the_index_agrees_with_the_definitions(
        texts in prop::collection::vec(prop::collection::vec(0..VOCABULARY.len(), 0..12), 1..12),
        queries in prop::collection::vec(wanted(), 20),
    ) {
        let bodies: Vec<String> =
            texts.iter().map(|text| text.iter().map(|&n| VOCABULARY[n]).collect::<Vec<_>>().join(" ")).collect();
        let index = TestIndex::of_bodies(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
        for query in queries {
            let expected: Vec<u64> =
                (1..).zip(&texts).filter(|(_, text)| !query.spans(text).is_empty()).map(|(number, _)| number).collect();
            prop_assert_eq!(index.find(query.node()), expected, "{:?}", query);
        }
    }
}
