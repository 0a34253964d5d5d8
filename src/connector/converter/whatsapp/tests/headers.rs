//! Every shape of a header is read to its date, time and end; what only resembles one is text.

use super::super::calendar::{day_in, named_day};
use super::super::header::{Header, Shape};
use super::super::stamp::WrittenDate;
use crate::model::DateOrder;

use Shape::{Bracket, Colon, Dash};

/// Day, time, shape and rest of a line whose date is read in an order.
fn parsed(line: &str, order: DateOrder) -> Option<(String, Shape, String)> {
    let header = Header::parse(line.as_bytes())?;
    let date = &header.stamp.date;
    let day = match date {
        WrittenDate::Named { .. } => named_day(date, 2014),
        WrittenDate::Numbers { .. } => day_in(date, order),
    };
    let time = header.stamp.time;
    let seconds = time.second.map(|second| format!(":{second:02}")).unwrap_or_default();
    let when = format!("{} {:02}:{:02}{seconds}", day?, time.hour, time.minute);
    Some((when, header.shape, line[header.body..].to_owned()))
}

#[test]
fn all_shapes_are_read() {
    let (dmy, mdy, ymd) = (DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd);
    for (header, order, when, shape) in [
        ("[3/27/22, 21:41:35] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("[27/03/2022, 21:41:35] ", dmy, "2022-03-27 21:41:35", Bracket),
        ("[3/27/22 21:41:35] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("\u{200e}[2026/7/9 23:39:03] ", ymd, "2026-07-09 23:39:03", Bracket),
        ("[7/14/25, 11:34:42\u{202f}PM] ", mdy, "2025-07-14 23:34:42", Bracket),
        ("[21:41:35, 3/27/22] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("[3/27/22 21.41.35] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("[21.41.35, 3/27/22] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("[27.3.2022 klo 21.41.35] ", dmy, "2022-03-27 21:41:35", Bracket),
        ("[3/27/2565 BE, 21:41:35] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("[3/27/R4, 21:41:35] ", mdy, "2022-03-27 21:41:35", Bracket),
        ("[R4/3/27 21:41:35] ", ymd, "2022-03-27 21:41:35", Bracket),
        (
            "\u{200f}[\u{662}\u{667}\u{200f}/\u{663}\u{200f}/\u{662}\u{660}\u{662}\u{662}\u{60c} \u{669}:\u{665}\u{663}:\u{665}\u{666}\u{a0}\u{645}] ",
            dmy,
            "2022-03-27 21:53:56",
            Bracket,
        ),
        ("[\u{200f}27\u{200f}/3\u{200f}/2022\u{60c} 21:51:57] ", dmy, "2022-03-27 21:51:57", Bracket),
        ("[\u{feff}27/03/2022, 21:41:35] ", dmy, "2022-03-27 21:41:35", Bracket),
        ("[06/2018/13, 21:25:15] ", mdy, "2018-06-13 21:25:15", Bracket),
        ("\u{feff}27/03/2022, 21:41 - ", dmy, "2022-03-27 21:41", Dash),
        ("3/27/22, 9:41 PM - ", mdy, "2022-03-27 21:41", Dash),
        ("3/27/22, 9:41\u{202f}PM - ", mdy, "2022-03-27 21:41", Dash),
        ("27/03/22, 9:41 pm - ", dmy, "2022-03-27 21:41", Dash),
        ("27/03/22, 12:05 am - ", dmy, "2022-03-27 00:05", Dash),
        ("27/03/22, 12:05 pm - ", dmy, "2022-03-27 12:05", Dash),
        ("03/10/2025 09:45 - ", dmy, "2025-10-03 09:45", Dash),
        ("27-03-2022 21:41 - ", dmy, "2022-03-27 21:41", Dash),
        ("27.03.22, 21:41 - ", dmy, "2022-03-27 21:41", Dash),
        ("2022-03-27, 9:41 p.m. - ", ymd, "2022-03-27 21:41", Dash),
        ("2022/03/27, 21:41 - ", ymd, "2022-03-27 21:41", Dash),
        ("2022/3/27 \u{4e0b}\u{5348}9:41 - ", ymd, "2022-03-27 21:41", Dash),
        ("2022\u{5e74}3\u{6708}27\u{65e5} \u{4e0b}\u{5348}9:41 - ", ymd, "2022-03-27 21:41", Dash),
        ("2022. 3. 27. \u{c624}\u{d6c4} 9:41 - ", ymd, "2022-03-27 21:41", Dash),
        ("13. 6. 2018. 8:05 - ", dmy, "2018-06-13 08:05", Dash),
        ("20/6/2017 8:28 p.\u{a0}m. - ", dmy, "2017-06-20 20:28", Dash),
        ("27/03/22, 21:41 \u{2013} ", dmy, "2022-03-27 21:41", Dash),
        ("27/03/22 21:41:35: ", dmy, "2022-03-27 21:41:35", Colon),
        ("3/27/22, 9:41:35 PM: ", mdy, "2022-03-27 21:41:35", Colon),
        ("27 Aug 21:41 - ", dmy, "2014-08-27 21:41", Dash),
        ("Mar 27, 9:41 PM - ", dmy, "2014-03-27 21:41", Dash),
        ("21:41, 27 Oct 2013 - ", dmy, "2013-10-27 21:41", Dash),
        ("Sat, Feb 29, 2020 9:41 PM - ", dmy, "2020-02-29 21:41", Dash),
        ("27 de marzo de 2022, 21:41 - ", dmy, "2022-03-27 21:41", Dash),
        ("03/01/2021, 9:15 in the morning - ", dmy, "2021-01-03 09:15", Dash),
        ("03/01/2021, 9:15 at night - ", dmy, "2021-01-03 21:15", Dash),
        ("03/01/2021, 1:15 at night - ", dmy, "2021-01-03 01:15", Dash),
    ] {
        let line = format!("{header}Ann: hi");
        assert_eq!(parsed(&line, order), Some((when.to_owned(), shape, "Ann: hi".to_owned())), "{header:?}");
    }
    assert!(Header::parse(b"[27/03/2022, 21:41:35]").is_some(), "an empty text whose space was trimmed");
}

#[test]
fn what_resembles_a_header_is_text() {
    for line in [
        "",
        "[",
        "27/03/2022",
        "27/03/2022, 21:41",
        "27/03/2022, 21:41 -Ann",
        "27/03/2022 and 21:41 - x: y",
        "[27/03/2022, 21:41:35]Ann: x",
        "[27/03/2022, 21:41:35 Ann: x",
        "27/13-2022, 21:41 - x: y",
        "45/45/2022, 21:41 - x: y",
        "30/02/2022, 21:41 - x: y",
        "27/03/2022, 25:41 - x: y",
        "27/03/2022, 21:4 - x: y",
        "27/03/2022, 21:61 - x: y",
        " 27/03/2022, 21:41 - x: y",
        "Meeting at 21:41 - x: y",
        "Marching 27, 9:41 PM - x: y",
        "12345/03/2022, 21:41 - x: y",
        "2022/2022/01, 21:41 - x: y",
        "\u{2028}27/03/2022, 21:41 - x: y",
    ] {
        assert_eq!(Header::parse(line.as_bytes()), None, "{line:?}");
    }
}
