//! Phone numbers: their comparison, and their reading from national and international writing.

use std::fmt;
use std::str::FromStr;

use phonenumber::country;

use super::clean::{cleaned, without_spreadsheet_quotes};

/// The form in which numbers are compared and kept: E.164 digits (ITU-T E.164 6.2: at most 15) without plus.
///
/// A number must be international: `+44 20 7946 0958`, `0044...`, or digits that begin with the country code. The
/// country of a national number is never guessed.
///
/// # Errors
/// `text` has a letter, fewer than 7 or more than 15 digits, or begins with a national trunk zero.
pub fn normalize_phone(text: &str) -> Result<String, String> {
    let refuse = |why: &str| format!("`{text}` is not an international phone number: {why}; write it as +442079460958");
    let mut digits = String::new();
    for c in text.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2011}' | '\u{202a}'..='\u{202e}' => {}
            _ => return Err(refuse("it has other characters than digits")),
        }
    }
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    match digits.len() {
        _ if digits.starts_with('0') => Err(refuse("it begins with a national zero")),
        7..=15 => Ok(digits.to_owned()),
        _ => Err(refuse("it must have 7 to 15 digits")),
    }
}

/// The region whose national writing of numbers is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(country::Id);

impl FromStr for Region {
    type Err = String;

    /// Reads a code of ISO 3166-1 alpha-2 in any case.
    fn from_str(code: &str) -> Result<Self, String> {
        let id = code.trim().to_ascii_uppercase().parse();
        id.map(Self)
            .map_err(|_| format!("unknown region `{code}`; write its two letters (ISO 3166-1), such as GB or DE"))
    }
}

/// A phone number in its canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct E164 {
    /// Digits without plus, at most 15.
    pub digits: String,
    /// Whether its country gives out such numbers. Live accounts have numbers that it no longer does.
    pub in_plan: bool,
}

/// Why a text is not read as a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPhone {
    /// It has other characters than digits and what separates them, or too few or too many digits.
    Other,
    /// A spreadsheet has replaced its last digits by zeros: `4.45204E+11`.
    Rounded,
    /// A spreadsheet shows hash signs in its place: `########`.
    Hidden,
    /// It is national, and no number of the region, if one is given.
    National,
    /// It is one number read as national, and another one read as international.
    Ambiguous,
}

impl fmt::Display for NoPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Other => "it is no phone number",
            Self::Rounded => {
                "a spreadsheet has rounded it, and its last digits are lost; take the number from its source, and format \
                 the column as text"
            }
            Self::Hidden => "a spreadsheet shows this where a column is too narrow; widen it, and save the file again",
            Self::National => {
                "it is a national number, and of no region that was named; write it with its country code, as +442079460958"
            }
            Self::Ambiguous => "it may be national or international; write it with plus and country code",
        })
    }
}

/// Reads a number in international writing, or in that of `region`.
///
/// Digits without plus are international, as chat platforms write them, unless they are a number of `region` and of
/// no other country. An international number is never refused because its country does not give out such numbers.
///
/// # Errors
/// It is none, or it would have to be guessed which one it is.
pub fn parse_phone(text: &str, region: Option<Region>) -> Result<E164, NoPhone> {
    let cleaned = cleaned(text);
    let text = without_spreadsheet_quotes(&cleaned);
    if is_rounded(text) {
        return Err(NoPhone::Rounded);
    }
    if text.len() > 1 && text.bytes().all(|byte| byte == b'#') {
        return Err(NoPhone::Hidden);
    }
    // A spreadsheet that takes numbers for quantities writes them so.
    let text = text.strip_suffix(".0").filter(|whole| whole.len() >= 7).unwrap_or(text);
    let (digits, plus) = digits(account(text))?;
    if plus {
        return international(&digits);
    }
    if let Some(rest) = digits.strip_prefix("00") {
        return international(rest);
    }
    let read = region.and_then(|region| parsed(Some(region), &digits));
    if digits.starts_with('0') {
        // A zero before it says that it is national, whether or not the region gives out such numbers.
        return read.ok_or(NoPhone::National);
    }
    let national = read.filter(|number| number.in_plan);
    match (national, international(&digits)) {
        (Some(national), Ok(international)) if international.in_plan && national != international => {
            Err(NoPhone::Ambiguous)
        }
        (Some(national), _) => Ok(national),
        (None, international) => international,
    }
}

/// The digits that stand for all writings of the number `digits`, as far as it is one that accounts have in two; else
/// `None`.
///
/// Accounts keep the number that they were opened with: without the ninth digit of mobile numbers in Brazil
/// (Anatel Resolution 553/2010), with the digit 1 after +52 that Mexico dropped in 2019, and with the 9 after +54 that
/// mobile numbers in Argentina take only when they are called from abroad.
pub fn equivalence_class(digits: &str) -> Option<String> {
    let tail = |prefix: &str, len: usize| digits.strip_prefix(prefix).filter(|rest| rest.len() == len);
    let is_mobile = |subscriber: &str| subscriber.starts_with(['6', '7', '8', '9']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some((area, rest)) = tail("55", 11).and_then(|rest| rest.split_at_checked(2)) {
        let subscriber = rest.strip_prefix('9').filter(|subscriber| is_mobile(subscriber))?;
        return Some(format!("55{area}{subscriber}"));
    }
    if let Some((_, subscriber)) = tail("55", 10).and_then(|rest| rest.split_at_checked(2)) {
        return is_mobile(subscriber).then(|| digits.to_owned());
    }
    for (country, mobile) in [("52", "521"), ("54", "549")] {
        if let Some(rest) = tail(mobile, 10) {
            return Some(format!("{country}{rest}"));
        }
        if tail(country, 10).is_some() {
            return Some(digits.to_owned());
        }
    }
    None
}

/// The other numbers that stand for the same account as the number `digits`: those of its class.
pub(super) fn other_writings(digits: &str) -> Vec<String> {
    let Some(class) = equivalence_class(digits) else { return Vec::new() };
    let inserted = |at: usize, digit: &str| {
        class.split_at_checked(at).map(|(country, rest)| format!("{country}{digit}{rest}")).unwrap_or_default()
    };
    let long = match class.get(..2) {
        Some("55") => inserted(4, "9"),
        Some("52") => inserted(2, "1"),
        _ => inserted(2, "9"),
    };
    [class, long].into_iter().filter(|number| number != digits).collect()
}

/// The number that a platform's id of a person is: `919876543210`, `919876543210@s.whatsapp.net`.
pub(super) fn account_number(id: &str) -> Option<String> {
    normalize_phone(account(id.trim())).ok()
}

/// Whether a spreadsheet has written a number with an exponent.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    digits(whole) && digits(fraction) && digits(exponent) && exponent.len() <= 3
}

/// The number in the ways in which platforms write an account: `whatsapp:+1415...`, `tel:...`, and
/// `919876543210:12@s.whatsapp.net` with the number of a device.
fn account(text: &str) -> &str {
    let beginning = |prefix: &&str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let prefix = ["whatsapp:", "tel:"].into_iter().find(beginning).unwrap_or_default();
    let text = text.get(prefix.len()..).unwrap_or_default();
    let account = ["@s.whatsapp.net", "@c.us"].into_iter().find_map(|domain| text.strip_suffix(domain));
    account.map_or(text, |account| account.split_once([':', '.']).map_or(account, |(number, _)| number))
}

/// The digits of a text, and whether a plus stands before them.
fn digits(text: &str) -> Result<(String, bool), NoPhone> {
    let rest = text.strip_prefix(['+', '\u{ff0b}']);
    let mut digits = String::new();
    for c in rest.unwrap_or(text).chars() {
        match c {
            '0'..='9' if digits.len() < 32 => digits.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' => {}
            _ => return Err(NoPhone::Other),
        }
    }
    // ITU-T E.164 6.2; fewer than 7 are a short code, an extension or an id. A national zero may stand before.
    if (7..=18).contains(&digits.len()) { Ok((digits, rest.is_some())) } else { Err(NoPhone::Other) }
}

fn international(digits: &str) -> Result<E164, NoPhone> {
    let as_it_is = || {
        let fits = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
        fits.then(|| E164 { digits: digits.to_owned(), in_plan: false }).ok_or(NoPhone::Other)
    };
    // A zero in it is a trunk prefix only where a number of the plan is left without it.
    let read = parsed(None, &format!("+{digits}")).filter(|number| number.in_plan || number.digits == digits);
    read.map_or_else(as_it_is, Ok)
}

/// The reading of a number of at most 18 digits; `None` if it has none.
fn parsed(region: Option<Region>, text: &str) -> Option<E164> {
    let number = phonenumber::parse(region.map(|region| region.0), text).ok()?;
    let digits = number.format().mode(phonenumber::Mode::E164).to_string();
    let digits = digits.strip_prefix('+')?;
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (fits && !digits.starts_with('0')).then(|| E164 { digits: digits.to_owned(), in_plan: number.is_valid() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, region: &str) -> Result<String, NoPhone> {
        parse_phone(text, region.parse().ok()).map(|number| number.digits)
    }

    #[test]
    fn international_numbers_compare_by_their_digits() {
        for text in
            ["+44 20 7946 0958", "0044-20-7946-0958", "442079460958", "\u{202a}+44\u{a0}20\u{a0}79460958\u{202c}"]
        {
            assert_eq!(normalize_phone(text).as_deref(), Ok("442079460958"), "{text}");
        }
        for text in ["", "123", "020 7946 0958", "4.45204E+11", "1234567890123456", "ann"] {
            assert!(normalize_phone(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_writing_is_one_number() {
        for (text, region, expected) in [
            ("+44 20 7946 0958", "", "442079460958"),
            ("+44 (0)20 7946 0958", "", "442079460958"),
            ("445204334324.0", "", "445204334324"),
            ("07700 900123", "GB", "447700900123"),
            ("0044 20 7946 0958", "DE", "442079460958"),
            ("442079460958", "", "442079460958"),
            ("020 7946 0958", "GB", "442079460958"),
            ("'442079460958", "", "442079460958"),
            ("=\"442079460958\"", "", "442079460958"),
            ("whatsapp:+14155550123", "", "14155550123"),
            ("TEL:+1-415-555-0123", "", "14155550123"),
            ("919876543210:12@s.whatsapp.net", "", "919876543210"),
            ("\u{202a}+91\u{a0}98765\u{2011}43210\u{202c}", "", "919876543210"),
            ("+39 06 698 12345", "", "390669812345"),
            ("+551187654321", "", "551187654321"),
            ("+5215512345678", "", "5215512345678"),
            ("+999123456789", "", "999123456789"),
            ("13812345678", "CN", "8613812345678"),
            ("13812345678", "", "13812345678"),
            ("445204334324", "GB", "445204334324"),
        ] {
            assert_eq!(read(text, region).as_deref(), Ok(expected), "{text} in {region}");
        }
    }

    #[test]
    fn what_would_have_to_be_guessed_is_refused() {
        for (text, region, expected) in [
            ("4.45204E+11", "GB", NoPhone::Rounded),
            ("4,45204e11", "", NoPhone::Rounded),
            ("020 7946 0958", "", NoPhone::National),
            ("########", "", NoPhone::Hidden),
            ("wxid_12345678", "GB", NoPhone::Other),
            ("1001", "", NoPhone::Other),
            ("", "", NoPhone::Other),
            ("+", "", NoPhone::Other),
            ("12345678901234567", "", NoPhone::Other),
            ("120363041234567890@g.us", "", NoPhone::Other),
            ("+44 20 7946 0958 ext. 5", "", NoPhone::Other),
        ] {
            assert_eq!(read(text, region), Err(expected), "{text} in {region}");
        }
        assert!("XX".parse::<Region>().unwrap_err().contains("unknown region `XX`"));
        assert!(" gb".parse::<Region>().is_ok());
    }

    #[test]
    fn numbers_of_one_account_are_in_one_class() {
        for (one, other) in
            [("551187654321", "5511987654321"), ("525512345678", "5215512345678"), ("541123456789", "5491123456789")]
        {
            assert_eq!(equivalence_class(one), equivalence_class(other));
            assert!(equivalence_class(one).is_some());
        }
        for (one, other) in
            [("551187654321", "5511987654321"), ("525512345678", "5215512345678"), ("541123456789", "5491123456789")]
        {
            assert_eq!(other_writings(one), [other]);
            assert_eq!(other_writings(other), [one]);
        }
        assert!(other_writings("442079460958").is_empty());
        // A landline, and a mobile number that only looks like it.
        for other in [
            "551132345678",
            "5511932345678",
            "442079460958",
            "55",
            "5511",
            "",
            "55\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
            "52abcdefghij",
        ] {
            assert_eq!(equivalence_class(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}", region in "(GB|US|BR|CN|IT|)") {
            if let Ok(number) = parse_phone(&text, region.parse().ok()) {
                prop_assert!((7..=15).contains(&number.digits.len()));
            }
            equivalence_class(&text);
        }

        #[test]
        fn a_number_that_was_read_reads_as_itself(
            digits in "(\\+|00|0|)[0-9()., -]{5,20}", region in "(GB|US|BR|CN|IT|AR|)",
        ) {
            if let Ok(number) = parse_phone(&digits, region.parse().ok()) {
                let again = parse_phone(&format!("+{}", number.digits), None).map(|again| again.digits);
                prop_assert_eq!(again.as_deref(), Ok(number.digits.as_str()));
                if let Some(class) = equivalence_class(&number.digits) {
                    prop_assert_eq!(equivalence_class(&class), Some(class.clone()));
                }
            }
        }
    }
}
