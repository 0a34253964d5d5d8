//! Exact proximity over positions, independent of where the positions come from.
//!
//! tantivy's slop is a budget with a price for swaps: it cannot require an order, and it lets one occurrence of a word
//! stand for two. Here a match is a span of positions, and nearness is decided between spans that do not overlap.

use super::pattern::Pattern;

/// What stands near what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spans {
    /// A word, phrase or prefix.
    Pattern(Pattern),
    /// A phone number, of as many words as each of its tokens says.
    Number {
        /// The beginning of its tokens.
        token: String,
        /// Byte offset into the query.
        place: usize,
    },
    /// Whichever of them.
    Any(Vec<Spans>),
    /// Two operands with at most `distance` positions between the end of one and the start of the other.
    Near {
        /// Whether `left` must come first.
        ordered: bool,
        /// The most positions between.
        distance: u32,
        /// The first operand.
        left: Box<Spans>,
        /// The second operand.
        right: Box<Spans>,
    },
}

impl Spans {
    /// The byte offset into the query of the first of its words.
    pub(super) fn place(&self) -> usize {
        match self {
            Self::Pattern(pattern) => pattern.place,
            Self::Number { place, .. } => *place,
            Self::Any(spans) => spans.iter().map(Self::place).min().unwrap_or(0),
            Self::Near { left, right, .. } => left.place().min(right.place()),
        }
    }
}

/// Positions that a match covers: the first, and the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Most spans of one operand in one document. A chain has a span for each pair of matches; a text that is made to have
/// more refuses the query instead of answering it wrongly.
const MAX_SPANS: usize = 1 << 20;

/// More spans than [`MAX_SPANS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

/// Two sorted lists of spans, how near they must be, and where parts begin.
pub(super) struct Nearness<'a> {
    pub(super) ordered: bool,
    pub(super) distance: u32,
    /// Positions of the marks before parts, ascending; empty for fields without parts.
    pub(super) marks: &'a [u32],
}

impl Nearness<'_> {
    /// Whether any of `left` is near any of `right`.
    pub(super) fn holds(&self, left: &[Span], right: &[Span]) -> bool {
        self.follows(left, right) || (!self.ordered && self.follows(right, left))
    }

    /// The spans from an operand to the other, sorted, each once.
    pub(super) fn join(&self, left: &[Span], right: &[Span]) -> Result<Vec<Span>, TooMany> {
        let mut joined = Vec::new();
        self.join_forward(left, right, &mut joined)?;
        if !self.ordered {
            self.join_forward(right, left, &mut joined)?;
        }
        joined.sort_unstable();
        joined.dedup();
        Ok(joined)
    }

    fn follows(&self, first: &[Span], second: &[Span]) -> bool {
        first.iter().any(|a| self.behind(*a, second).next().is_some())
    }

    fn join_forward(&self, first: &[Span], second: &[Span], joined: &mut Vec<Span>) -> Result<(), TooMany> {
        for a in first {
            for b in self.behind(*a, second) {
                if joined.len() == MAX_SPANS {
                    return Err(TooMany);
                }
                joined.push(Span { start: a.start, end: b.end });
            }
        }
        Ok(())
    }

    /// Those of `spans` that start after the end of `a`, near enough and in the same part.
    fn behind<'s>(&self, a: Span, spans: &'s [Span]) -> impl Iterator<Item = &'s Span> + use<'s> {
        let from = spans.partition_point(|b| b.start < a.end);
        let mark = self.marks.partition_point(|mark| *mark < a.end);
        let part_end = self.marks.get(mark).copied().unwrap_or(u32::MAX);
        let last = a.end.saturating_add(self.distance);
        let behind = spans.get(from..).unwrap_or_default();
        behind.iter().take_while(move |b| b.start <= last && b.start < part_end)
    }
}

/// Spans in ascending order by the part that they stand in, each with its number from 0; `marks` as in [`Nearness`].
pub(super) fn by_part<'a>(spans: &'a [Span], marks: &'a [u32]) -> impl Iterator<Item = (usize, &'a [Span])> {
    let part = |span: &Span| marks.partition_point(|mark| *mark <= span.start);
    let same = spans.chunk_by(move |a, b| part(a) == part(b));
    same.filter_map(move |spans| Some((part(spans.first()?).checked_sub(1)?, spans)))
}

/// The starts at which every list of positions has its offset, from lists in ascending order.
pub(super) fn aligned(first: &[u32], others: &[(u32, Vec<u32>)]) -> Vec<u32> {
    let mut starts = first.to_vec();
    for (offset, positions) in others {
        let mut rest = positions.iter().peekable();
        starts.retain(|start| {
            let wanted = start.saturating_add(*offset);
            while rest.next_if(|position| **position < wanted).is_some() {}
            rest.peek().is_some_and(|position| **position == wanted)
        });
    }
    starts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(positions: &[u32]) -> Vec<Span> {
        positions.iter().map(|&start| Span { start, end: start + 1 }).collect()
    }

    fn near(ordered: bool, distance: u32) -> Nearness<'static> {
        Nearness { ordered, distance, marks: &[] }
    }

    #[test]
    fn distance_counts_the_words_between() {
        assert!(near(false, 0).holds(&words(&[3]), &words(&[4])));
        assert!(near(false, 0).holds(&words(&[4]), &words(&[3])));
        assert!(!near(true, 0).holds(&words(&[4]), &words(&[3])));
        assert!(!near(false, 4).holds(&words(&[0]), &words(&[6])));
        assert!(near(false, 5).holds(&words(&[0]), &words(&[6])));
    }

    #[test]
    fn an_occurrence_is_never_near_itself() {
        assert!(!near(false, 100).holds(&words(&[3]), &words(&[3])));
        assert!(near(false, 0).holds(&words(&[3, 4]), &words(&[3, 4])));
    }

    #[test]
    fn nothing_is_near_across_parts() {
        let nearness = Nearness { ordered: false, distance: u32::MAX, marks: &[0, 5] };
        assert!(!nearness.holds(&words(&[2]), &words(&[7])));
        assert!(!nearness.holds(&words(&[7]), &words(&[2])));
        assert!(nearness.holds(&words(&[2]), &words(&[4])));
    }

    #[test]
    fn spans_are_of_the_part_whose_mark_is_before_them() {
        let parts = |positions: &[u32], marks: &[u32]| -> Vec<(usize, usize)> {
            by_part(&words(positions), marks).map(|(part, spans)| (part, spans.len())).collect()
        };
        assert_eq!(parts(&[1, 2, 6, 9], &[0, 4, 5, 8]), [(0, 2), (2, 1), (3, 1)]);
        assert_eq!(parts(&[], &[0]), []);
        assert_eq!(parts(&[3], &[]), [], "a field without parts has none");
    }

    #[test]
    fn too_many_spans_are_reported() {
        let many: Vec<u32> = (0..3_000).collect();
        assert_eq!(near(false, u32::MAX).join(&words(&many), &words(&many)), Err(TooMany));
        assert!(near(false, u32::MAX).holds(&words(&many), &words(&many)));
    }

    #[test]
    fn phrases_are_aligned_positions() {
        assert_eq!(aligned(&[0, 4, 9], &[(1, vec![1, 5, 8]), (2, vec![6, 11])]), [4]);
        assert_eq!(aligned(&[1, 2, 3], &[(1, vec![2, 3, 4])]), [1, 2, 3]);
        assert_eq!(aligned(&[1], &[(1, Vec::new())]), Vec::<u32>::new());
    }

    proptest! {
        #[test]
        fn nearness_is_what_comparing_all_pairs_finds(
            left in prop::collection::btree_set(0_u32..40, 0..8),
            right in prop::collection::btree_set(0_u32..40, 0..8),
            marks in prop::collection::btree_set(0_u32..40, 0..4),
            distance in 0_u32..12, ordered: bool,
        ) {
            let (left, right): (Vec<_>, Vec<_>) = (left.into_iter().collect(), right.into_iter().collect());
            let marks: Vec<_> = marks.into_iter().collect();
            let pair = |a: u32, b: u32| {
                a < b && b - a - 1 <= distance && !marks.iter().any(|mark| (a + 1..=b).contains(mark))
            };
            let expected = left.iter().any(|&a| right.iter().any(|&b| pair(a, b) || (!ordered && pair(b, a))));
            let nearness = Nearness { ordered, distance, marks: &marks };
            prop_assert_eq!(nearness.holds(&words(&left), &words(&right)), expected);
            prop_assert_eq!(!nearness.join(&words(&left), &words(&right)).expect("few").is_empty(), expected);
        }
    }
}
