//! A number in any writing is found in any other, and no other number is.

use proptest::prelude::*;

use super::*;

/// Whether a query of one writing finds a text with the other.
fn finds(query: &str, text: &str) -> bool {
    let sought = number(query).expect(query);
    numbers(text).any(|number| sought.finds(&number))
}

#[test]
fn writings_of_one_number_find_each_other() {
    for writings in [
        &["+49 171 1234567", "0171/1234567", "00491711234567", "+49 (0)171-1234567", "491711234567", "0171 123 45 67"]
            [..],
        &["+48 555 010 001", "555-010-001", "0048555010001", "48555010001"],
        &["+1 (555) 010-0014", "(555) 010-0014", "555.010.0014", "0015550100014"],
        &["+39 06 12345678", "06 12345678", "003906 12345678"],
        &["+44 20 7946 0958", "(020) 7946 0958", "020\u{a0}7946\u{2011}0958"],
        &["+49 (0171) 1234567", "+49 0171 1234567", "+49\t171\u{2009}1234567", "0171\u{3000}1234567"],
        &["\u{ff0b}\u{ff14}\u{ff19} \u{ff11}\u{ff17}\u{ff11}\u{ff0d}1234567", "+491711234567"],
        &["+86 138 1234 5678", "13812345678", "\u{ff11}\u{ff13}\u{ff18}12345678"],
        &["+7 912 345-67-89", "8 (912) 345-67-89", "89123456789", "912 345 67 89"],
        &["+4 9 1 7 1 1 2 3 4 5 6 7", "0171 1234567", "+491711234567"],
        &[
            "+49\u{200b}171\u{ad}123\u{2060}4567",
            "\u{202a}+\u{200e}49 171\u{a0}1234567\u{202c}",
            "+49 \u{200e}171 \u{200b}1234567",
            "0171 1234567",
        ],
        &[
            "\u{660}\u{661}\u{667}\u{661}-\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}",
            "+\u{6f4}\u{6f9} \u{6f1}\u{6f7}\u{6f1} \u{6f1}\u{6f2}\u{6f3}\u{6f4}\u{6f5}\u{6f6}\u{6f7}",
            "+\u{96a}\u{96f} \u{967}\u{96d}\u{967} \u{967}\u{968}\u{969}\u{96a}\u{96b}\u{96c}\u{96d}",
            "1\u{fe0f}\u{20e3}7\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}1234567",
            "tel:+491711234567",
        ],
    ] {
        for (query, text) in writings.iter().flat_map(|query| writings.iter().map(move |text| (query, text))) {
            for around in ["", "call ", "(Tel.: ", "3 times. ", "3 ", "12. ", "2) ", "\u{7535}\u{8BDD}"] {
                assert!(finds(query, &format!("{around}{text}, or later")), "{query} in {around}{text}");
            }
            assert!(finds(query, &format!("{text} 2024-05-01")), "{query} {text}");
        }
    }
}

#[test]
fn other_numbers_are_others() {
    for (query, text) in [
        ("+49 171 1234567", "+48 171 1234567"),
        ("+49 171 1234567", "0171 1234568"),
        ("0171 1234567", "0172 1234567"),
        ("+49 171 1234567", "49 171 123456"),
    ] {
        assert!(!finds(query, text) && !finds(text, query), "{query} {text}");
    }
    // Which of the groups of a row begins a number is not known.
    assert!(!finds("+48 555 010 001", "1234 555 010 001") && finds("+48 555 010 001", "1234 555010001"));
    for text in ["x48555010001", "48555010001x", "48 555 010\n001", "48 555, 010 001", "48 555 - - 010 001"] {
        assert!(!finds("+48 555 010 001", text), "{text}");
    }
    for text in ["2024-01-31", "1,234,567,890", "12.05.2024", "10:30", "0171", "word", "", "+", "1234567890123456"] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn two_zeros_and_a_country_code_say_the_country_as_a_plus_does() {
    let of_germany = [
        "0049 (0)171 1234567",
        "0049 1711234567",
        "00 49 (0)171 1234567",
        "0049-(0)171-1234567",
        "0049(0)1711234567",
        "0049(0171)1234567",
        "0049-1711234567",
        "00491711234567",
        "0049 171 1234567",
        "0049-171-1234567",
        "3 0049 (0)171 1234567",
        "0049 (0)171 1234567 ext. 12",
        "+49 (0)171 1234567",
    ];
    let said =
        ["+49 171 1234567", "0049 171 1234567", "0171 1234567", "1711234567", "491711234567", "0049 (0)171 1234567"];
    let other = ["+48 171 1234567", "0048 (0)171 1234567", "00481711234567", "+353 171 1234567", "0172 1234567"];
    for text in of_germany {
        for around in ["", "call ", "2) "] {
            let text = format!("{around}{text}, or later");
            assert!(said.iter().all(|query| finds(query, &text)), "{text}");
            assert!(!other.iter().any(|query| finds(query, &text)), "{text}");
        }
        if let Some(query) = number(text) {
            assert!(
                said.iter().all(|text| numbers(text).any(|number| query.finds(&number)) == query.extension.is_none())
            );
            assert!(!other.iter().any(|text| numbers(text).any(|number| query.finds(&number))), "{text}");
        }
    }
    assert!(finds("+1 555 010 0014", "001 (555) 010-0014") && !finds("+49 5550100014", "001 5550100014"));
    // Two numbers beside each other are two.
    for text in ["0049 30 1234567 0171 1234567", "0043 1 58858 0 0171 1234567", "0049 30 1234567/0048 171 1234567"] {
        assert!(finds("0171 1234567", text), "{text}");
    }
}

#[test]
fn what_may_be_a_number_behind_that_of_a_row_is_one() {
    for text in [
        "0041\t0171 1234567",
        "0041\t0171-1234567\tAnn",
        "0041\t(0)171 1234567",
        "0041  0171 1234567",
        "0041 - 0171 1234567",
        "0041 \u{2013} 0171 1234567",
        "0041/0171 1234567",
        "0041. 0171 1234567",
        "0041) 0171 1234567",
        "0041, 0171 1234567",
        "0041: 0171 1234567",
        "0041 | 0171 1234567",
        "0041\n0171 1234567",
        "001 0171 1234567",
        "001. 0171 1234567",
        "001\t0171 1234567",
        "#0030 0171 1234567",
        "#0030 1711234567",
        "0034 01711234567",
        "0034\t01711234567",
        "0034\t1711234567",
        "0034  1711234567",
        "0034. 1711234567",
        "0034 491711234567",
        "0034 (0171) 1234567",
        "0034 0171-1234567",
        "Kd. 0049 / 0171 1234567",
        "Pos 0020 0171 1234567 Pos 0030 0172 1234567",
        "Pos 0010 0172 1234567 Pos 0020 0171 1234567 Pos 0030 0173 1234567",
        "00.41 0171 1234567",
        "15.01.2024 00.41 0171 1234567",
        "2024-01-15 0043 0171 1234567",
        "0:00 1 0171 1234567",
        "00:41 0171 1234567",
        "10:0041 0171 1234567",
        "at 19:00 49 0171 1234567",
        "10,00 43 0171 1234567",
        "10.00 1 0171 1234567",
        "10,00 43 1711234567",
        "10.0043 (0)171 1234567",
        "100 0049 0171 1234567",
        "0049 0171 1234567",
        "0049-0171-1234567",
        "(0049) 0171 1234567",
        "0 0 4 9 0171 1234567",
        "0 049 1711234567",
        "room 0012 0171 1234567",
        "0000 0171 1234567",
        "0012 1711234567",
        "Agent 007 491711234567",
    ] {
        assert!(finds("+49 171 1234567", text) && finds("0171 1234567", text), "{text}");
    }
}

#[test]
fn many_groups_are_many_short_numbers_at_most() {
    let text = "0 ".repeat(100_000);
    assert!(numbers(&text).count() <= 100_000 * GROUPS);
    assert!(numbers(&"1".repeat(1_000_000)).next().is_none());
}

proptest! {
    #[test]
    fn any_number_is_found_in_any_writing(
        country in prop::sample::select(vec!["1", "7", "49", "48", "44", "852", "353", "98"]),
        subscriber in "[1-9][0-9]{7,9}",
        cuts in prop::collection::vec(1_usize..4, 6),
        signs in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "/", ".", " / "]), 6),
        forms in (0_usize..4, 0_usize..4),
        around in "[a-z,;: ]{0,6}",
    ) {
        let mut grouped = String::new();
        let mut rest = subscriber.as_str();
        for (cut, sign) in cuts.iter().zip(&signs) {
            if rest.len() > *cut + 2 {
                let (group, more) = rest.split_at(*cut);
                grouped.push_str(group);
                grouped.push_str(sign);
                rest = more;
            }
        }
        grouped.push_str(rest);
        let plain = subscriber.clone();
        let write = |form: usize, body: &str| match form {
            0 => format!("+{country} {body}"),
            1 => format!("00{country}{body}"),
            2 => format!("0{body}"),
            _ => format!("{country}{plain}"),
        };
        let (query, text) = (write(forms.0, &plain), write(forms.1, &grouped));
        prop_assert!(finds(&query, &format!("{around} {text};{around}")), "{query} in {text}");
        let query = write(forms.0, &grouped);
        if number(&query).is_some() {
            prop_assert!(finds(&query, &write(forms.1, &plain)), "{query} in {text}");
        }
    }

    #[test]
    fn the_number_of_a_row_hides_no_number(
        row in "#?(00)?[0-9]{1,2}|[0-9]{1,4}|00[1-9][0-9]{2}",
        sign in prop::sample::select(vec![
            " ", "  ", "\t", " \t", ".", ". ", ")", ") ", "-", " - ", " \u{2013} ", "/", " / ", ":", ": ", ",", ", ", "; ", " | ",
            "\n", "\u{a0}", "\u{2011}", "\u{3000}", " \u{200b}",
        ]),
        country in prop::sample::select(vec!["1", "7", "49", "48", "44", "852", "353", "98"]),
        subscriber in "[1-9][0-9]{7,9}",
        cut in 2_usize..5,
        form in 0_usize..9,
    ) {
        let (area, rest) = subscriber.split_at(cut);
        let written = match form {
            0 => format!("+{country} {area} {rest}"),
            1 => format!("+{country} (0){area} {rest}"),
            2 => format!("00{country}{subscriber}"),
            3 => format!("00{country} {area} {rest}"),
            4 => format!("00{country} (0){area}-{rest}"),
            5 => format!("0{subscriber}"),
            6 => format!("0{area}/{rest}"),
            7 => format!("(0{area}) {rest}"),
            _ => format!("0{area} {rest}"),
        };
        for text in [format!("{row}{sign}{written}"), format!("see {row}{sign}{written}\t12,00\t{row}")] {
            for query in [format!("+{country}{subscriber}"), format!("0{subscriber}"), format!("00{country} {subscriber}")] {
                prop_assert!(finds(&query, &text), "{query} in {text}");
            }
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "[+0-9 ()/.\u{a0}\u{e9}\u{ff10}\u{ff0b}\u{ff08}\u{4e2d}a-]{0,200}") {
        for number in numbers(&text) {
            prop_assert!(text.get(number.start..number.end).is_some());
        }
        let _ = (number(&text), beginning(&text));
    }
}

#[test]
fn an_extension_belongs_to_a_number_that_is_found_without_it() {
    let writings = ["+442079460000x12", "020 7946 0000 ext. 12", "+44-20-7946-0000;ext=12", "0044 2079460000 #12"];
    for text in writings {
        for query in ["+44 20 7946 0000", "02079460000"] {
            assert!(finds(query, &format!("call {text}, or")), "{query} in {text}");
            assert!(!finds(text, query), "{text} in {query}");
        }
        for query in writings.into_iter().chain(["+44 (0)20 7946 0000 Extension 12", "tel:+442079460000;ext=12"]) {
            assert!(finds(query, &format!("call {text}")), "{query} in {text}");
        }
        for query in ["+442079460000x13", "+442079460001x12", "+442079460000x1", "+442079460000x123"] {
            assert!(!finds(query, text), "{query} in {text}");
        }
    }
    for text in ["+442079460000x12y", "+442079460000y12", "+442079460000\nx12", "+442079460000 x12345678"] {
        assert!(!finds("+442079460000x12", text), "{text}");
    }
}

#[test]
fn a_row_of_many_groups_is_a_number_only_as_a_whole() {
    let row = "1 2 3 4 5 6 7 8 9 1";
    assert!(finds("1234567891", row) && finds("1234567891", &format!("a\n{row}\nb")));
    assert!(!finds("123456789", row) && !finds("345678912", &format!("{row} 2")));
    assert!(finds("+491711234567", "see 0 1 7 1 1 2 3 4 5 6 7, or") && finds("0 1 7 1 1 2 3 4 5 6 7", "+491711234567"));
    let table = "0 1 0 0 1 1 0 1 0 1 1 0 1 0 0 1 0 1 0 1 0 1\n".repeat(1000);
    assert_eq!(numbers(&table).count(), 0);
}

/// Writes digits in groups, with other digits of the same values and with signs that cannot be seen.
fn disguised(digits: &str, zero: u32, cuts: &[(usize, &str)]) -> String {
    let mut text = String::new();
    let mut rest: Vec<char> = digits.chars().collect();
    for (length, sign) in cuts {
        let group: Vec<char> = rest.drain(..(*length).min(rest.len())).collect();
        text.extend(group.iter().filter_map(|c| char::from_u32(zero + c.to_digit(10)?)));
        if !rest.is_empty() {
            text.push_str(sign);
        }
    }
    text.extend(rest.iter().filter_map(|c| char::from_u32(zero + c.to_digit(10)?)));
    text
}

proptest! {
    #[test]
    fn a_disguised_number_is_found_and_another_is_not(
        subscriber in "[1-9][0-9]{8}",
        other in "[1-9][0-9]{8}",
        zero in prop::sample::select(vec![0x30_u32, 0x660, 0x6f0, 0x966, 0xff10]),
        cuts in prop::collection::vec(
            (1_usize..4, prop::sample::select(vec!["\u{200b}", " \u{200e}", "\u{202a}-", "\u{2060}", "\u{ad}", " ", "/"])), 0..7),
        form in 0_usize..3,
        extension in prop::option::of("[1-9][0-9]{0,3}"),
    ) {
        let body = disguised(&subscriber, zero, &cuts);
        let tail = extension.as_ref().map(|extension| format!(" ext {extension}")).unwrap_or_default();
        let text = match form {
            0 => format!("see +49 {body}{tail}"),
            1 => format!("see 0049 {body}{tail}"),
            _ => format!("see 0{body}{tail}"),
        };
        for query in [format!("+49{subscriber}"), format!("0{subscriber}"), format!("0049 {subscriber}")] {
            prop_assert!(finds(&query, &text), "{} in {}", query, text);
            prop_assert!(finds(&format!("{query}{tail}"), &text), "{}{} in {}", query, tail, text);
            prop_assert!(!finds(&format!("{query}x99999"), &text), "{} in {}", query, text);
        }
        if other != subscriber {
            for query in [format!("+49{other}"), format!("0{other}"), format!("+48{subscriber}")] {
                let is_other = (query.starts_with("+48") && form == 0) || !query.ends_with(&subscriber);
                prop_assert!(!is_other || !finds(&query, &text), "{} in {}", query, text);
            }
        }
    }
}
