//! Character sets of seven bits that shift into one of eight: HZ (RFC 1843) and ISO-2022-KR (RFC 1557).

use encoding_rs::{EUC_KR, Encoding, GBK};
use memchr::memmem;

/// The bytes of eight bits that `bytes` stand for, and their character set, if `label` names one that shifts.
pub(super) fn unshifted(bytes: &[u8], label: &str) -> Option<(Vec<u8>, &'static Encoding)> {
    if label.eq_ignore_ascii_case("hz-gb-2312") {
        Some((hz(bytes), GBK))
    } else if label.eq_ignore_ascii_case("iso-2022-kr") {
        Some((korean(bytes), EUC_KR))
    } else {
        None
    }
}

fn hz(bytes: &[u8]) -> Vec<u8> {
    let (mut text, mut rest, mut high) = (Vec::with_capacity(bytes.len()), bytes, 0);
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'~', [b'{', tail @ ..]) => (high, rest) = (0x80, tail),
            (b'~', [b'}', tail @ ..]) => (high, rest) = (0, tail),
            (b'~', [b'~', tail @ ..]) if high == 0 => {
                text.push(b'~');
                rest = tail;
            }
            (b'~', [b'\n', tail @ ..] | [b'\r', b'\n', tail @ ..]) if high == 0 => rest = tail,
            // A line ends the mode.
            (b'\n', _) => {
                high = 0;
                text.push(b'\n');
            }
            _ => text.push(byte | high),
        }
    }
    text
}

fn korean(bytes: &[u8]) -> Vec<u8> {
    const DESIGNATOR: &[u8] = b"\x1b$)C";
    let mut text = Vec::with_capacity(bytes.len());
    let (mut at, mut high) = (0, 0);
    let designators: Vec<usize> = memmem::find_iter(bytes, DESIGNATOR).collect();
    while let Some(byte) = bytes.get(at) {
        if designators.binary_search(&at).is_ok() {
            at += DESIGNATOR.len();
            continue;
        }
        match byte {
            0x0e => high = 0x80,
            0x0f => high = 0,
            b'\r' | b'\n' | b' ' => text.push(*byte),
            _ => text.push(byte | high),
        }
        at += 1;
    }
    text
}
