//! How a telephone number is written, and which writings are of one number.

/// Most digits (ITU-T E.164 6.2), and fewest where a sign says that it is international.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Fewest digits, a national zero included, where none does.
const FEWEST: usize = 9;

/// How a number is written, with the digits that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writing {
    /// With `+` or `00`; the digits of the country included.
    International(String),
    /// With a zero; without it.
    National(String),
    /// With neither.
    Bare(String),
}

/// What the digits of a form stand for. Two forms are the same if sort and digits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// All digits from the country code on, without zeros behind it.
    International,
    /// What stands behind a national zero.
    National,
    /// What stands behind the country code.
    Subscriber,
}

impl Writing {
    /// The forms that a text has which names the number so.
    pub fn kept(&self) -> Vec<(Form, String)> {
        match self {
            Self::International(digits) => {
                vec![(Form::International, plain(digits)), (Form::Subscriber, subscriber(digits).to_owned())]
            }
            Self::National(digits) => vec![(Form::National, digits.clone())],
            Self::Bare(digits) => {
                let mut forms = vec![
                    (Form::International, plain(digits)),
                    (Form::National, digits.clone()),
                    (Form::Subscriber, subscriber(digits).to_owned()),
                ];
                forms.extend(behind_eight(digits).into_iter().flat_map(|number| number.kept()));
                forms
            }
        }
    }

    /// The forms of which every text has one that names the same number.
    pub fn sought(&self) -> Vec<(Form, String)> {
        match self {
            Self::International(digits) => {
                vec![(Form::International, plain(digits)), (Form::National, subscriber(digits).to_owned())]
            }
            Self::National(digits) => vec![(Form::National, digits.clone()), (Form::Subscriber, digits.clone())],
            Self::Bare(digits) => {
                let mut forms = vec![
                    (Form::International, plain(digits)),
                    (Form::National, digits.clone()),
                    (Form::Subscriber, digits.clone()),
                    (Form::National, subscriber(digits).to_owned()),
                ];
                forms.extend(behind_eight(digits).into_iter().flat_map(|number| number.sought()));
                forms
            }
        }
    }

    /// Whether both may be of one number.
    pub fn is_same(&self, other: &Self) -> bool {
        let kept = other.kept();
        self.sought().iter().any(|form| kept.contains(form))
    }

    /// The digits as they are dialled: with the country code, or with the national zero, if there is either.
    pub fn dialled(&self) -> String {
        match self {
            Self::International(digits) | Self::Bare(digits) => digits.clone(),
            Self::National(digits) => format!("0{digits}"),
        }
    }

    /// How digits are written, `plus` being before them or not; `None` if they are no number.
    pub(super) fn of(digits: &str, plus: bool) -> Option<Self> {
        let writing = Self::beginning(digits, plus);
        let fits = match &writing {
            Self::International(digits) => DIGITS.contains(&digits.len()) && !digits.starts_with('0'),
            Self::National(_) | Self::Bare(_) => (FEWEST..=*DIGITS.end()).contains(&digits.len()),
        };
        fits.then_some(writing)
    }

    /// How the first digits of a number are written.
    pub(super) fn beginning(digits: &str, plus: bool) -> Self {
        let international = if plus { Some(digits) } else { digits.strip_prefix("00") };
        match (international, digits.strip_prefix('0')) {
            (Some(international), _) => Self::International(international.to_owned()),
            (None, Some(national)) => Self::National(national.to_owned()),
            (None, None) => Self::Bare(digits.to_owned()),
        }
    }

    /// Whether it has as many digits as all numbers of its country, where those are one: eleven with the codes 1 and 7
    /// (North American numbering plan, numbering plan of +7).
    pub(super) fn has_usual_length(&self) -> bool {
        match self {
            Self::International(digits) => !digits.starts_with(['1', '7']) || digits.len() == 11,
            Self::National(_) | Self::Bare(_) => true,
        }
    }

    /// Whether `digits` are more than any number has, prefixes included.
    pub(super) fn is_too_long(digits: &str) -> bool {
        digits.len() > DIGITS.end() + 2
    }
}

/// Whether so many digits can be a number without a sign before them.
pub(super) fn can_stand_alone(digits: usize) -> bool {
    (FEWEST..=*DIGITS.end()).contains(&digits)
}

/// International digits without zeros behind the country code: Italy keeps one there, and others are written there by
/// mistake.
fn plain(digits: &str) -> String {
    let code = digits.get(..country_code(digits)).unwrap_or(digits);
    format!("{code}{}", subscriber(digits))
}

/// The digits behind the country code, without zeros at their start.
fn subscriber(digits: &str) -> &str {
    digits.get(country_code(digits)..).unwrap_or_default().trim_start_matches('0')
}

/// The international number that digits may be which begin with the national prefix of Russia and Kazakhstan (numbering
/// plan of +7: 8, then ten digits, of which the first is 3, 4, 7, 8 or 9).
fn behind_eight(digits: &str) -> Option<Writing> {
    let national = digits.strip_prefix('8').filter(|rest| rest.len() == 10)?;
    national.starts_with(['3', '4', '7', '8', '9']).then(|| Writing::International(format!("7{national}")))
}

/// Whether digits are a country code and nothing more.
pub(super) fn is_country_code(digits: &str) -> bool {
    !digits.starts_with('0') && digits.len() == country_code(digits)
}

/// How many digits the country code has (ITU-T E.164, list of country codes).
fn country_code(digits: &str) -> usize {
    const TWO: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    match digits.get(..2) {
        _ if digits.starts_with(['1', '7']) => 1,
        Some(two) if TWO.contains(&two) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_are_told_apart_by_their_first_signs() {
        let international = |digits: &str| Some(Writing::International(digits.to_owned()));
        for (digits, plus, expected) in [
            ("491711234567", true, international("491711234567")),
            ("00491711234567", false, international("491711234567")),
            ("01711234567", false, Some(Writing::National("1711234567".to_owned()))),
            ("491711234567", false, Some(Writing::Bare("491711234567".to_owned()))),
            ("29012345", true, international("29012345")),
            ("2901234", true, None),
            ("29012345", false, None),
            ("000491711234567", false, None),
            ("0491711234567", true, None),
            ("1234567890123456", false, None),
        ] {
            assert_eq!(Writing::of(digits, plus), expected, "{digits} {plus}");
        }
    }

    #[test]
    fn an_eight_may_stand_for_the_country_code_seven() {
        let of = |digits: &str, plus: bool| Writing::of(digits, plus).expect(digits);
        let eight = of("89123456789", false);
        for (digits, plus) in
            [("79123456789", true), ("79123456789", false), ("9123456789", false), ("09123456789", false)]
        {
            assert!(eight.is_same(&of(digits, plus)) && of(digits, plus).is_same(&eight), "{digits}");
        }
        for (digits, plus) in [("79123456788", true), ("89123456789", true), ("9123456788", false)] {
            assert!(digits == "89123456789" || !eight.is_same(&of(digits, plus)), "{digits}");
        }
        assert!(!of("82123456789", false).is_same(&of("72123456789", true)));
    }

    #[test]
    fn zeros_behind_the_country_code_do_not_count() {
        let of = |digits: &str| Writing::of(digits, true).expect(digits);
        assert!(of("390612345678").is_same(&of("39612345678")));
        assert!(of("4901711234567").is_same(&of("491711234567")));
        assert!(!of("4901711234567").is_same(&of("481711234567")));
    }
}
