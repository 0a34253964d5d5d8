//! `NEAR` and `ONEAR` are exact: distance, order, parts, phrases, prefixes, groups and chains.

use super::fixture::{TestIndex, any, attachment, facts, near, onear};
use crate::message::Facts;
use crate::query::Node;

#[test]
fn distance_is_the_number_of_words_between() {
    let index = TestIndex::of_bodies(&[
        "The acquisition closes soon. We carry some debt.",
        "Debt then later on today comes the acquisition.",
        "acquisition debt",
    ]);
    let find = |node| index.find(node);
    assert_eq!(find(near(any("acquisition"), 8, any("debt"))), [1, 2, 3]);
    assert_eq!(find(near(any("acquisition"), 5, any("debt"))), [1, 3]);
    assert_eq!(find(near(any("debt"), 0, any("acquisition"))), [3]);
    assert_eq!(find(onear(any("acquisition"), 8, any("debt"))), [1, 3]);
    assert_eq!(find(onear(any("debt"), 6, any("acquisition"))), [2]);
    assert_eq!(find(onear(any("debt"), 5, any("acquisition"))), [0_u64; 0]);
}

#[test]
fn one_occurrence_never_stands_for_two() {
    let index =
        TestIndex::of_bodies(&["buy buy sell", "buy sell", "buy low, then buy high", "paint the tape the tape"]);
    assert_eq!(index.find(near(any("buy"), 0, any("buy"))), [1]);
    assert_eq!(index.find(near(any("buy"), 5, any("buy"))), [1, 3]);
    assert_eq!(index.find(near(any("the tape"), 5, any("the tape"))), [4]);
    assert_eq!(index.find(near(any("paint the"), 5, any("the tape"))), [4]);
    assert_eq!(index.find(near(any("bu*"), 0, any("buy"))), [1]);
}

#[test]
fn operands_are_words_phrases_prefixes_groups_and_chains() {
    let index = TestIndex::of_bodies(&[
        "I guarantee you a big profit on this",
        "we promised high returns",
        "profit is never guaranteed, said the board of directors",
        "one two three four five",
    ]);
    let promise = || Node::Or(vec![any("guarantee*"), any("promis*")]);
    let gain = || Node::Or(vec![any("profit*"), any("return*")]);
    assert_eq!(index.find(near(promise(), 3, gain())), [1, 2, 3]);
    assert_eq!(index.find(onear(promise(), 3, gain())), [1, 2]);
    assert_eq!(index.find(near(any("profit"), 5, any("board of dir*"))), [3]);
    assert_eq!(index.find(near(any("profit"), 4, any("board of dir*"))), [0_u64; 0]);
    let chain = |distance| near(near(any("two"), 1, any("four")), distance, any("five"));
    assert_eq!(index.find(chain(0)), [4]);
    // The third operand may not stand between the first two.
    assert_eq!(index.find(near(near(any("two"), 1, any("four")), 5, any("three"))), [0_u64; 0]);
    assert_eq!(index.find(near(near(any("two"), 1, any("four")), 0, any("one"))), [4]);
    assert_eq!(index.code(near(any("a"), 3, Node::All)), "E_NEAR_OPERAND");
}

#[test]
fn both_operands_stand_in_one_part_of_one_field() {
    let parts = vec![attachment("a.txt", "alpha"), attachment("b.txt", "beta")];
    let index = TestIndex::of([
        Facts { attachments: parts, ..facts() },
        Facts { attachments: vec![attachment("a.txt", "alpha and beta")], ..facts() },
        Facts { subject: "alpha".to_owned(), body: "beta".to_owned(), ..facts() },
    ]);
    assert_eq!(index.find(near(any("alpha"), u32::MAX, any("beta"))), [2]);
    assert_eq!(index.find(near(any("a"), 100, any("b"))), [0_u64; 0]);
    assert_eq!(index.find(near(any("a"), 100, any("txt"))), [1, 2]);
}

#[test]
fn characters_of_unspaced_scripts_count_one_each() {
    let index = TestIndex::of_bodies(&["\u{5408}\u{540C}\u{5DF2}\u{7ECF}\u{7B7E}\u{5B57}"]);
    let find = |distance| index.find(near(any("\u{5408}\u{540C}"), distance, any("\u{7B7E}\u{5B57}")));
    assert_eq!(find(2), [1]);
    assert_eq!(find(1), [0_u64; 0]);
}

#[test]
fn texts_with_too_many_combinations_are_refused_not_answered_wrongly() {
    let index = TestIndex::of_bodies(&[&"a b ".repeat(3_000)]);
    let chain = near(near(any("a"), u32::MAX, any("b")), 3, any("c"));
    assert_eq!(index.find(chain), [0_u64; 0]);
    let chain = near(near(any("a"), u32::MAX, any("b")), 3, any("a"));
    assert_eq!(index.code(chain), "E_TOO_MANY_VARIANTS");
}
