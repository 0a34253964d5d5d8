//! Dates are read in the order that something tells, and refused where nothing does.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;

fn decided(text: &str) -> Result<DateOrder, String> {
    let read = read_as("WhatsApp Chat with Bob.txt", text, &options(None));
    match read.account.date_order {
        Some(order) => Ok(order),
        None => Err(read.rejected.first().map(|(reason, _)| reason.clone()).unwrap_or_default()),
    }
}

fn lines(dates: &[&str]) -> String {
    let line = |date: &&str| [*date, ", 21:41 - Ann: hi\n"].concat();
    dates.iter().map(line).collect()
}

#[test]
fn the_order_is_found_out() {
    let (dmy, mdy, ymd) = (Ok(DateOrder::Dmy), Ok(DateOrder::Mdy), Ok(DateOrder::Ymd));
    for (dates, order) in [
        (["01/02/22", "13/02/22"].as_slice(), &dmy),
        (&["01/02/22", "02/13/22"], &mdy),
        (&["2022-01-02", "2022-01-03"], &ymd),
        // The months go on while the days start anew.
        (&["05/01/22", "11/01/22", "02/02/22", "09/02/22", "01/03/22"], &dmy),
        (&["01/05/22", "01/11/22", "02/02/22", "02/09/22", "03/01/22"], &mdy),
        (&["01.02.22"], &dmy),
        (&["01-02-2022"], &dmy),
    ] {
        assert_eq!(&decided(&lines(dates)), order, "{dates:?}");
    }
    let named = "01/02/2022, 21:41 - Ann: \u{200e}IMG-20220201-WA0001.jpg (file attached)\n";
    assert_eq!(decided(named), dmy);
    let named = "[01/02/2022, 21:41:00] Ann: \u{200e}<attached: 00000035-PHOTO-2022-01-02-21-41-55.jpg>\n";
    assert_eq!(decided(named), mdy);
    assert_eq!(decided("01/02/2022, 21:41 - Ann: <Medien ausgeschlossen>\n"), dmy);
}

#[test]
fn what_nothing_tells_is_refused() {
    for dates in [["01/02/22"].as_slice(), &["01/02/22", "02/02/22", "03/02/22"], &["1/2/22", "1/2/22"]] {
        let reason = decided(&lines(dates)).unwrap_err();
        assert!(reason.contains("--date-order dmy") && reason.contains(dates[0]), "{reason}");
        let held = super::read_as("WhatsApp Chat with Bob.txt", &lines(dates), &super::options(None)).account;
        assert_eq!(held.untaken.map(|held| held.records), Some(dates.len() as u64));
    }
    assert!(decided("01/02/2022, 21:41 - Ann: <Media omitted>\n").is_err(), "English is spoken in both orders");
    let two = lines(&["13/01/22", "14/01/22", "01/15/22", "01/16/22"]);
    assert!(decided(&two).unwrap_err().contains("two phones"));
    assert!(decided("27 Aug, 21:41 - Ann: hi\n").unwrap_err().contains("no year"));
}

#[test]
fn years_left_away_are_those_after_the_written_ones() {
    let read = read("21:41, 27 Oct 2014 - Ann: a\n21:41, 3 Jan - Ann: b\n");
    assert_eq!((read.sent(0).as_str(), read.sent(1).as_str()), ("2014-10-27T21:41:00Z", "2015-01-03T21:41:00Z"));
    assert!(read.account.notes[0].contains("of 2015"), "{:?}", read.account.notes);
    let pictured = "21:41, 27 Oct 2012 - Ann: a\n21:41, 27 Aug - Ann: IMG-20140827-WA0001.jpg (file attached)\n";
    let read = super::read(pictured);
    assert_eq!(read.sent(1), "2014-08-27T21:41:00Z", "a picture of 2014 is in an export of 2014 or later");
    assert!(read.account.notes[0].contains("of 2014"), "{:?}", read.account.notes);
}

#[test]
fn the_operator_and_what_was_settled_come_first() {
    let text = lines(&["01/02/22"]);
    for order in [DateOrder::Dmy, DateOrder::Mdy] {
        let read = read_as("WhatsApp Chat with Bob.txt", &text, &options(Some(order)));
        let day = if order == DateOrder::Dmy { "2022-02-01" } else { "2022-01-02" };
        assert!(read.sent(0).starts_with(day), "{}", read.sent(0));
        assert_eq!((read.account.date_order, read.account.conversation.as_str()), (Some(order), "whatsapp-export:Bob"));

        let settled_date_orders = Arc::new(BTreeMap::from([("whatsapp-export:Bob".to_owned(), order)]));
        let settled = Options { settled_date_orders, ..options(None) };
        assert_eq!(read_as("WhatsApp Chat with Bob (2).txt", &text, &settled).mails, read.mails);
        let proven = read_as("WhatsApp Chat with Bob.txt", &lines(&["13/02/22"]), &settled);
        assert_eq!(proven.account.date_order, Some(DateOrder::Dmy));
    }
}

#[test]
fn a_date_that_the_order_does_not_have_is_read_in_another_and_told() {
    let mut dates = vec!["13/01/22"; 60];
    dates.push("01/14/22");
    let read = read_as("WhatsApp Chat with Bob.txt", &lines(&dates), &options(None));
    assert_eq!(read.account.date_order, Some(DateOrder::Dmy));
    assert!(read.sent(60).starts_with("2022-01-14"));
    assert_eq!(read.extra(60, "/date_order"), "mdy");
    assert!(read.account.notes[0].starts_with("1 dates do not exist"), "{:?}", read.account.notes);
}

#[test]
fn clocks_that_are_set() {
    let zone = Options { timezone: "Europe/Berlin".parse().unwrap(), ..options(Some(DateOrder::Dmy)) };
    let text = "[27/03/2022, 02:30:00] Ann: skipped\n[30/10/2022, 02:10:00] Ann: first\n[30/10/2022, 02:50:00] Ann: first\n\
                [30/10/2022, 02:20:00] Ann: again\n[30/10/2022, 02:40:00] Ann: again\n[30/10/2022, 03:00:00] Ann: after\n";
    let read = read_as("WhatsApp Chat with Bob.txt", text, &zone);
    let sent: Vec<String> = (0..6).map(|at| read.sent(at)).collect();
    assert_eq!(
        sent,
        [
            "2022-03-27T03:30:00+02:00",
            "2022-10-30T02:10:00+02:00",
            "2022-10-30T02:50:00+02:00",
            "2022-10-30T02:20:00+01:00",
            "2022-10-30T02:40:00+01:00",
            "2022-10-30T03:00:00+01:00",
        ]
    );
    assert_eq!(read.extra(0, "/timezone"), "Europe/Berlin");
    assert_eq!(read.extra(0, "/sent_local"), "27/03/2022, 02:30:00");
}

#[test]
fn a_late_line_does_not_begin_the_repeated_hour_again() {
    let read_in = |zone, text: &str| {
        let read =
            read_as("WhatsApp Chat with Bob.txt", text, &Options { timezone: zone, ..options(Some(DateOrder::Dmy)) });
        (0..read.mails.len()).map(|at| read.sent(at)).collect::<Vec<_>>()
    };
    let text = "[30/10/2022, 02:40:00] Ann: a\n[30/10/2022, 02:38:00] Ann: late\n[30/10/2022, 02:45:00] Ann: b\n\
                [30/10/2022, 02:20:00] Ann: late too\n[30/10/2022, 02:14:00] Ann: again\n[30/10/2022, 02:50:00] Ann: c\n";
    let sent = read_in("Europe/Berlin".parse().unwrap(), text);
    let offsets: Vec<_> = sent.iter().map(|sent| &sent[19..]).collect();
    assert_eq!(offsets, ["+02:00", "+02:00", "+02:00", "+02:00", "+01:00", "+01:00"]);
    let half = "[02/04/2023, 01:50:00] Ann: a\n[02/04/2023, 01:45:00] Ann: late\n[02/04/2023, 01:32:00] Ann: again\n";
    let sent = read_in("Australia/Lord_Howe".parse().unwrap(), half);
    let offsets: Vec<_> = sent.iter().map(|sent| &sent[19..]).collect();
    assert_eq!(offsets, ["+11:00", "+11:00", "+10:30"], "where half an hour is repeated");
}
