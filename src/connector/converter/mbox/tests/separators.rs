//! What separates messages.

use super::*;

#[test]
fn messages_are_what_stands_between_separators() {
    let cases: [(&str, &[&str]); 12] = [
        // The blank line belongs to the file, at its end too.
        (
            "From a@b.example Mon Jun 01 10:00:00 2009\nA: 1\n\none\n\nFrom - Mon Jun 01 10:00:00 2009\nB: 2\n\ntwo\n\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n"],
        ),
        // One blank line only.
        (
            "From - Mon Jun 01 10:00:00 2009\nA: 1\n\none\n\n\n\nFrom - Mon Jun 01 10:00:00 2009\nB: 2\n",
            &["A: 1\n\none\n\n\n", "B: 2\n"],
        ),
        // The last message is cut.
        ("From - Mon Jun 01 10:00:00 2009\nA: 1\n\none tw", &["A: 1\n\none tw"]),
        // No header.
        ("From - Mon Jun 01 10:00:00 2009\n\none\n\nFrom - Mon Jun 01 10:00:00 2009\n\ntwo", &["\none\n", "\ntwo"]),
        // CRLF.
        (
            "From a@b.example Mon Jun 01 10:00:00 2009\r\nA: 1\r\n\r\none\r\n\r\n\
             From a@b.example Mon Jun 01 10:00:00 2009\r\nB: 2\r\n\r\ntwo\r\n\r\n",
            &["A: 1\r\n\r\none\r\n", "B: 2\r\n\r\ntwo\r\n"],
        ),
        // A byte order mark, and blank lines before the first separator.
        ("\u{feff}From - Mon Jun 01 10:00:00 2009\nA: 1\n", &["A: 1\n"]),
        ("\n\nFrom - Mon Jun 01 10:00:00 2009\nA: 1\n", &["A: 1\n"]),
        // Body lines that look like separators only at first sight.
        (
            "From - Mon Jun 01 10:00:00 2009\nA: 1\n\nfrom\n\nFrom Russia with love\n\nFrom us all\n",
            &["A: 1\n\nfrom\n\nFrom Russia with love\n\nFrom us all\n"],
        ),
        (
            "From - Mon Jun 01 10:00:00 2009\nA: 1\n\nno blank line before\nFrom - Mon Jun 01 10:00:00 2009\nis text\n",
            &["A: 1\n\nno blank line before\nFrom - Mon Jun 01 10:00:00 2009\nis text\n"],
        ),
        // Envelopes without a date separate where a header follows.
        (
            "From 1234@xxx\nA: 1\n\none\n\nFrom 5678@xxx\nB: 2\n\ntwo\n\nFrom ann@firm.example\nwith regards\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n\nFrom ann@firm.example\nwith regards\n"],
        ),
        // Quoting stays.
        ("From - Mon Jun 01 10:00:00 2009\nA: 1\n\n>From one\n>>From two\n", &["A: 1\n\n>From one\n>>From two\n"]),
        // No blank line between messages anywhere.
        (
            "From - \nA: 1\n\none\nFrom - \nB: 2\n\ntwo\nFrom - \nC: 3\n\nthree\n",
            &["A: 1\n\none\n", "B: 2\n\ntwo\n", "C: 3\n\nthree\n"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(messages(text), expected, "{text:?}");
        account(text.as_bytes());
    }
}

#[test]
fn a_message_is_the_same_after_another_was_appended() {
    let one = format!("{ANN}A: 1\n\none\n\n");
    assert_eq!(messages(&one), messages(&format!("{one}{ANN}B: 2\n\ntwo\n\n"))[..1]);
}

#[test]
fn a_file_with_blank_lines_needs_them_before_each_separator() {
    let forged = format!("{ANN}A: 1\n\none\n{ANN}Subject: forged\n\nx\n\n{ANN}B: 2\n\ntwo\n");
    let all = messages(&forged);
    assert_eq!(all.len(), 2);
    assert!(all[0].contains("forged"));
}

#[test]
fn the_variant_is_guessed() {
    let body = "text\n\n>From me\n";
    for (text, format) in [
        (format!("{ANN}A: 1\n\ntext\n"), Format::Mboxo),
        (format!("{ANN}A: 1\n\n>From me\n"), Format::Mboxo),
        (format!("{ANN}A: 1\n\n>>From me\n"), Format::Mboxrd),
        (format!("{ANN}Content-Length: {}\n\n{body}\n", body.len()), Format::Mboxcl),
        (format!("{ANN}Content-Length: 5\n\ntext\n\n"), Format::Mboxcl2),
        (format!("{ANN}Content-Length: 2\n\ntext\n\n"), Format::Mboxo),
    ] {
        assert_eq!(read(text.as_bytes()).format, format, "{text}");
    }
}

#[test]
fn what_is_no_message_is_rejected_with_its_bytes() {
    let all = read(format!("garbage\n\n{ANN}A: 1\n").as_bytes());
    assert_eq!((all.messages.len(), all.rejected.len(), all.rejected[0].1), (1, 1, 9));
    let all = read(b"no mbox at all\n");
    assert_eq!((all.messages.len(), all.rejected.len(), all.rejected[0].1), (0, 1, 15));
    let all = read(format!("{ANN}\n{ANN}A: 1\n\n{ANN}").as_bytes());
    assert_eq!(all.messages, [b"A: 1\n"]);
    assert_eq!(all.rejected.len(), 2, "{all:?}");
    assert!(all.rejected.iter().all(|(reason, bytes)| reason.starts_with("empty message") && *bytes == 0));
}

#[test]
fn separators_packed_together_are_read_in_linear_time() {
    for unit in
        ["\nFrom \n", "\n\nFrom -\n", "From x@y\nA: b\n", "From - \nA: b\n", "\n\nFrom - Mon Jun 01 10:00:00 2009\n"]
    {
        let text = format!("{ANN}A: 1\n\n") + &unit.repeat(3_000_000 / unit.len());
        account(text.as_bytes());
        assert_eq!(read(text.as_bytes()).format, Format::Mboxo);
    }
}
