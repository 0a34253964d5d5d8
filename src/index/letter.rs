//! Folding of single characters: compatibility forms, case, accents, digits, and letters that only look decomposable.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_canonical, decompose_compatible};

use crate::text::digit::decimal;

/// Gives the fully decomposed folded form of `c`, character by character; nothing if it is an accent.
pub(super) fn fold_letter(c: char, emit: &mut impl FnMut(char)) {
    match TABLE.get((c as usize).wrapping_sub(TABLE_START)) {
        Some(folded) => folded.iter().copied().for_each(emit),
        None => compute(c, emit),
    }
}

/// Whether `c` is its own folded form and takes no part in composition with the character before it: most of the
/// text in Chinese, Japanese and Korean.
pub(super) fn is_inert(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FE}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{3001}' | '\u{3002}')
}

/// Whether `c` is a combining accent that folding drops, a point of Hebrew or Arabic, which are seldom written, or the stroke by
/// which Arabic words are stretched. The iota subscript folds to a letter instead.
pub(super) fn is_accent(c: char) -> bool {
    (matches!(c, '\u{300}'..='\u{36F}') && c != IOTA_SUBSCRIPT) || is_hebrew_point(c) || is_arabic_mark(c)
}

/// Vowels, accents of recitation, dagesh, rafe, and the dots of shin and sin.
fn is_hebrew_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}')
}

/// Vowels, doubling, hamza and madda above and below, marks of the Quran, and tatweel.
fn is_arabic_mark(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61A}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}')
}

const IOTA_SUBSCRIPT: char = '\u{345}';
const TABLE_START: usize = 0x80;
const TABLE_END: usize = 0x530;

/// Latin, Greek and Cyrillic, so that European text costs a look-up for each letter.
static TABLE: LazyLock<Vec<Box<[char]>>> = LazyLock::new(|| {
    (TABLE_START..TABLE_END)
        .map(|code| {
            let mut folded = Vec::new();
            if let Some(c) = char::from_u32(code as u32) {
                compute(c, &mut |c| folded.push(c));
            }
            folded.into_boxed_slice()
        })
        .collect()
});

fn compute(c: char, emit: &mut impl FnMut(char)) {
    if let Some(known) = compatibility_jamo(c).or_else(|| decimal(c)) {
        emit(known);
        return;
    }
    if is_trade_sign(c) {
        emit(c);
        return;
    }
    decompose_compatible(c, |part| fold_case(part, emit));
}

/// Signs that would be letters of the word before them, so that a name would not be found where it bears one.
fn is_trade_sign(c: char) -> bool {
    matches!(c, '\u{2120}' | '\u{2122}')
}

/// Korean keyboards type these as letters of their own; the normal form would join them into syllables that nobody
/// wrote. Half-width ones become the full ones.
fn compatibility_jamo(c: char) -> Option<char> {
    let code = c as u32;
    let full = match code {
        0x3131..=0x318E => code,
        0xFFA1..=0xFFBE => code - 0xFFA1 + 0x3131,
        0xFFC2..=0xFFC7 => code - 0xFFC2 + 0x314F,
        0xFFCA..=0xFFCF => code - 0xFFCA + 0x3155,
        0xFFD2..=0xFFD7 => code - 0xFFD2 + 0x315B,
        0xFFDA..=0xFFDC => code - 0xFFDA + 0x3161,
        _ => return None,
    };
    char::from_u32(full)
}

/// Full case folding by way of the upper case, which joins final sigma, long s, dotless i and sharp s with their
/// plain letters (Unicode 3.13, D145: caseless matching).
fn fold_case(c: char, emit: &mut impl FnMut(char)) {
    for upper in c.to_uppercase() {
        for lower in upper.to_lowercase() {
            decompose_canonical(lower, |part| match without_stroke(part) {
                Some(letters) => letters.chars().for_each(&mut *emit),
                None if is_accent(part) => {}
                None => emit(part),
            });
        }
    }
}

/// Letters that people type without their stroke, or as two letters, and that have no decomposition.
fn without_stroke(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{DF}' => "ss",
        '\u{E6}' => "ae",
        '\u{F0}' | '\u{111}' => "d",
        '\u{F8}' => "o",
        '\u{FE}' => "th",
        '\u{127}' => "h",
        '\u{131}' | '\u{268}' => "i",
        '\u{138}' => "k",
        '\u{142}' | '\u{19A}' => "l",
        '\u{14B}' => "n",
        '\u{153}' => "oe",
        '\u{167}' => "t",
        '\u{180}' => "b",
        '\u{1B6}' => "z",
        '\u{1E5}' => "g",
        '\u{23C}' => "c",
        '\u{247}' => "e",
        '\u{249}' => "j",
        '\u{24D}' => "r",
        '\u{24F}' => "y",
        '\u{289}' => "u",
        '\u{2C65}' => "a",
        _ => return None,
    })
}
