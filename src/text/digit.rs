//! Decimal digits of all scripts.

/// The zeros of the decimal digits (general category Nd, UAX #44) outside of ASCII; the nine others follow each.
const ZEROS: [char; 60] = [
    '\u{660}',
    '\u{6F0}',
    '\u{7C0}',
    '\u{966}',
    '\u{9E6}',
    '\u{A66}',
    '\u{AE6}',
    '\u{B66}',
    '\u{BE6}',
    '\u{C66}',
    '\u{CE6}',
    '\u{D66}',
    '\u{DE6}',
    '\u{E50}',
    '\u{ED0}',
    '\u{F20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17E0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19D0}',
    '\u{1A80}',
    '\u{1A90}',
    '\u{1B50}',
    '\u{1BB0}',
    '\u{1C40}',
    '\u{1C50}',
    '\u{A620}',
    '\u{A8D0}',
    '\u{A900}',
    '\u{A9D0}',
    '\u{A9F0}',
    '\u{AA50}',
    '\u{ABF0}',
    '\u{FF10}',
    '\u{104A0}',
    '\u{10D30}',
    '\u{11066}',
    '\u{110F0}',
    '\u{11136}',
    '\u{111D0}',
    '\u{112F0}',
    '\u{11450}',
    '\u{114D0}',
    '\u{11650}',
    '\u{116C0}',
    '\u{11730}',
    '\u{118E0}',
    '\u{11950}',
    '\u{11C50}',
    '\u{11D50}',
    '\u{11DA0}',
    '\u{16A60}',
    '\u{16AC0}',
    '\u{16B50}',
    '\u{1E140}',
    '\u{1E2F0}',
    '\u{1E950}',
    '\u{1FBF0}',
];

/// The mathematical digits: five rows of ten.
const MATHEMATICAL: std::ops::RangeInclusive<u32> = 0x1D7CE..=0x1D7FF;

/// The ASCII digit that a decimal digit of any script stands for; `None` if `c` is none.
pub fn decimal(c: char) -> Option<char> {
    if c < '\u{660}' {
        return Some(c).filter(char::is_ascii_digit);
    }
    let code = u32::from(c);
    let value = if MATHEMATICAL.contains(&code) {
        (code - MATHEMATICAL.start()) % 10
    } else {
        let zero = ZEROS.get(ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?)?;
        code - u32::from(*zero)
    };
    char::from_digit(value, 10)
}

/// Whether a byte of UTF-8 begins decimal digits, among others.
pub fn may_begin_decimal(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, 0xD9 | 0xDB | 0xDF | 0xE0 | 0xE1 | 0xEA | 0xEF | 0xF0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_are_digits() {
        for (c, expected) in [
            ('7', Some('7')),
            ('\u{661}', Some('1')),
            ('\u{6F9}', Some('9')),
            ('\u{96A}', Some('4')),
            ('\u{E50}', Some('0')),
            ('\u{FF15}', Some('5')),
            ('\u{1D7D8}', Some('0')),
            ('\u{66A}', None),
            ('\u{965}', None),
            ('\u{B2}', None),
            ('a', None),
            ('\u{4E00}', None),
        ] {
            assert_eq!(decimal(c), expected, "{c}");
        }
        for c in '\0'..=char::MAX {
            let mut bytes = [0; 4];
            let first = c.encode_utf8(&mut bytes).as_bytes()[0];
            assert!(decimal(c).is_none() || (c.is_numeric() && may_begin_decimal(first)), "{c:?}");
        }
    }
}
