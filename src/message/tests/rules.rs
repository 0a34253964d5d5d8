//! What each rule makes of a message written for it.

use crate::message::{AttachedFile, Facts, FileText, ReadFile, attachment, facts, facts_trusting, facts_with};
use crate::model::{Defect, Digest, Event, Importance, Kind, Trust};

pub(super) fn codes(facts: &Facts) -> Vec<&str> {
    facts.defects.iter().map(|defect| defect.code.as_str()).collect()
}

fn partial(facts: &Facts) -> Vec<&str> {
    facts.partially_indexed.iter().map(|defect| defect.code.as_str()).collect()
}

fn names(facts: &Facts) -> Vec<&str> {
    facts.attachments.iter().map(|attached| attached.attachment.name.as_str()).collect()
}

pub(super) const DATE: &str = "Date: Mon, 3 Jan 2022 10:00:00 +0100\n";

#[test]
fn the_header_of_a_plain_mail() {
    let mail = "Received: from relay by mx (comment; really); Mon, 3 Jan 2022 09:00:05 GMT\n\
        Received: from first; Mon, 3 Jan 2022 08:00:00 GMT\nMessage-ID: <m1@x.org>\n\
        In-Reply-To: Ann's mail <m0@x.org>\nReferences: <r1@x.org>\n <r2@x.org> <m0@x.org>\nFrom: a@x.org\n\
        Subject: =?utf-8?Q?Gr=C3=BCn?= ist es\nImportance: High\nKeywords: red, dark green\nKeywords: red\n\
        Date: Mon, 3 Jan 2022 10:00:00 +0100\n\nHello\n";
    let facts = facts(mail.as_bytes());
    assert_eq!(facts.message_id.as_deref(), Some("m1@x.org"));
    assert_eq!(facts.thread_ids, ["m0@x.org", "r1@x.org", "r2@x.org"]);
    assert_eq!(facts.subject, "Gr\u{fc}n ist es");
    assert_eq!(facts.sent_at.map(|time| time.to_string()).as_deref(), Some("2022-01-03T09:00:00Z"));
    assert_eq!(facts.received_at.map(|time| time.to_string()).as_deref(), Some("2022-01-03T09:00:05Z"));
    assert_eq!(facts.categories, ["red", "dark green"]);
    assert_eq!((facts.kind, facts.importance), (Kind::Email, Importance::High));
    assert_eq!((facts.platform.as_str(), facts.item_class.as_str()), ("email", "IPM.Note"));
    assert_eq!(facts.body, "Hello\n");
    assert!(facts.defects.is_empty() && facts.partially_indexed.is_empty() && facts.conversation.is_none());
}

#[test]
fn a_number_behind_a_link_is_read_though_another_alternative_is_shown() {
    let html = "<p>Call <a href=\"tel:+49-171-1234567\">us</a> today</p>";
    let body = facts(alternative("Call us today", html).as_bytes()).body;
    assert_eq!(body, "Call us today\nCall us today\n+49-171-1234567", "the number stands behind the line");
    let same = "<p>Call <a href=\"tel:+49-171-1234567\">+49 171 1234567</a></p>";
    assert_eq!(facts(alternative("Call +49 171 1234567", same).as_bytes()).body, "Call +49 171 1234567");
}

#[test]
fn importance_is_read_from_three_fields() {
    for (field, expected) in [
        ("Importance: low", Importance::Low),
        ("X-Priority: 1 (Highest)", Importance::High),
        ("X-Priority: 5", Importance::Low),
        ("Priority: urgent", Importance::High),
        ("Importance: normal\nX-Priority: 1", Importance::Medium),
        ("Importance: whatever\nX-Priority: 2", Importance::High),
        ("X-Other: 1", Importance::Medium),
    ] {
        assert_eq!(facts(format!("{field}\n\n").as_bytes()).importance, expected, "{field}");
    }
}

#[test]
fn damage_is_named() {
    for (mail, expected) in [
        (format!("{DATE}\nbody"), vec![]),
        ("just text".to_owned(), vec!["no_headers"]),
        (String::new(), vec!["no_headers"]),
        ("Subject: x\n\nbody".to_owned(), vec!["no_date"]),
        ("Date: soon\n\nbody".to_owned(), vec!["bad_date"]),
        ("Date: 3 Jan 2022 10:00:00\n\nbody".to_owned(), vec!["bad_date"]),
        (format!("Received: from a\n{DATE}\n"), vec!["bad_date"]),
        (format!("From: a@x.org\nFrom: b@x.org\n{DATE}\n"), vec!["duplicate_header"]),
        (format!("From: a@x.org\nno colon\n{DATE}\n"), vec!["header_without_colon"]),
        (format!("{DATE}forgotten blank line\n\nmore"), vec!["header_without_colon"]),
        (format!("{DATE}Content-Type: text/plain; charset=klingon\n\nbody"), vec!["bad_charset"]),
        (format!("{DATE}Content-Transfer-Encoding: base64\n\nAAA!A"), vec!["bad_encoding"]),
        (format!("{DATE}Content-Transfer-Encoding: x-uuencode\n\nbegin"), vec!["bad_encoding"]),
        (format!("{DATE}Content-Type: multipart/mixed\n\nbody"), vec!["bad_boundary"]),
        (format!("{DATE}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody"), vec!["truncated"]),
        (
            format!("{DATE}Received: from a; {}X-Custodia-Platform: whatsapp\n\n", &DATE[6..]),
            vec!["foreign_custodia_fields"],
        ),
    ] {
        assert_eq!(codes(&facts(mail.as_bytes())), expected, "{mail}");
    }
}

#[test]
fn a_text_whose_character_set_had_to_be_guessed_is_searched_in_part() {
    let russian = b"\xc4\xee\xe3\xee\xe2\xee\xf0 \xf1\xe5\xea\xf0\xe5\xf2\xed\xee";
    for (field, body, expected) in [
        ("", &b"plain"[..], &[][..]),
        ("", "gr\u{fc}n".as_bytes(), &[]),
        ("; charset=klingon", b"plain", &[]),
        ("; charset=windows-1251", russian, &[]),
        ("", russian, &["charset_guessed"]),
        ("; charset=us-ascii", russian, &["charset_guessed"]),
        ("; charset=klingon", russian, &["charset_guessed"]),
        ("; charset=utf-8", b"gr\xfcn", &["charset_guessed"]),
    ] {
        let mail = [format!("{DATE}Content-Type: text/plain{field}\n\n").as_bytes(), body].concat();
        let facts = facts(&mail);
        let reasons: Vec<&str> = facts.partially_indexed.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(reasons, expected, "{field} {body:?}");
    }
    let mail = [format!("{DATE}\n").as_bytes(), &russian[..]].concat();
    assert_eq!(facts(&mail).body.trim_end(), "Договор секретно");
}

#[test]
fn a_file_that_is_written_into_the_text_and_not_read_is_told() {
    for (line, expected) in [
        ("=ybegin line=128 size=9 name=plan.doc", &["unread_yenc"][..]),
        ("=ybegin is how it starts", &[]),
        ("see =ybegin line=128 size=9 name=plan.doc", &[]),
        ("=ybegin is how it starts\nits name=plan.doc", &[]),
        (&format!("begin 644 a.txt\nM{}", "0V%T".repeat(15)), &["unread_uuencode"]),
        ("begin 644 a.txt\n#0V%T", &[]),
    ] {
        assert_eq!(partial(&facts(format!("{DATE}\nsee\n{line}\n").as_bytes())), expected, "{line}");
    }
}

#[test]
fn who_is_not_trusted_writes_mails_only() {
    let converted = format!("{DATE}X-Custodia-Platform: whatsapp\nX-Custodia-Event: deleted\n\nhi");
    let captured = format!(
        "{DATE}From: \"Ann 445204334324\" <a@x.org>\nX-User-Email: boss@x.org\n\
        Subject: DELETED - READ - WhatsApp Message From 445204334324 to 445204334325\n\nhi"
    );
    for (mail, enough) in [(converted, Trust::All), (captured, Trust::Journal)] {
        for trust in Trust::ALL {
            let facts = facts_trusting(mail.as_bytes(), trust);
            let platform = if trust >= enough { "whatsapp" } else { "email" };
            assert_eq!(facts.platform, platform, "{trust} {mail}");
            assert_eq!(facts.event.event == Event::Deleted, trust >= enough, "{trust} {mail}");
            assert_eq!(
                facts.participants.iter().any(|p| p.address == "boss@x.org"),
                enough <= trust && enough != Trust::All
            );
            assert_eq!(facts.trust, if trust >= enough { Trust::All } else { trust });
        }
    }
}

/// RFC 2045 6.8: software that decodes base64 passes over what is foreign to it.
#[test]
fn base64_behind_foreign_lines_is_decoded_and_said_to_be_doubtful() {
    let mail = |body: &str| facts(format!("{DATE}Content-Transfer-Encoding: base64\n\n{body}").as_bytes());
    let lines = ["d2UgbWVldCBhdCB0aGUgaGFy", "Ym91ciBhdCBub29uIGFuZCBzaWdu"];
    let [first, second] = lines;
    for body in [
        format!("{first}\n!!\n{second}\n"),
        format!("{first}\n-- --\n{second}\n"),
        format!("> {first}\n> {second}\n"),
        format!(">> {first}\r\n>> {second}\r\n>> \r\n"),
    ] {
        let read = mail(&body);
        assert!(read.body.contains("we meet at the harbour at noon and sign"), "{body}: {}", read.body);
        assert_eq!((partial(&read), codes(&read)), (vec!["unread_base64"], vec!["bad_encoding"]), "{body}");
    }
    let footed = mail(&format!("{first}{second}\n____\nlist: us\n"));
    assert!(footed.body.contains("harbour at noon and sign\n____\nlist: us"), "{}", footed.body);
    assert_eq!(partial(&footed), [""; 0]);
    let again = mail(&format!("{first}{second}\n____\nlist: us\n{first}{second}\n"));
    assert_eq!(partial(&again), ["unread_base64"]);
    let other = mail(&format!("{first}{second}\n____\nlist: them\n"));
    assert_ne!(footed.content_hash, other.content_hash);
}

#[test]
fn what_broken_mails_say_is_found() {
    let base64 = "aGVsbG8gd29ybGQ=\n";
    for (mail, words) in [
        (format!("{DATE}Subject: one\nSubject: =?utf-8?Q?gr=C3=BCn?=\n\nbody"), &["body", "gr\u{fc}n"][..]),
        (
            format!("{DATE}Content-Transfer-Encoding: base64\n\n{base64}{base64}\n_____\nthe list: us\n"),
            &["hello worldhello world\n", "_____\nthe list: us"],
        ),
        (
            format!("{DATE}Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n{base64}"),
            &["hello world"],
        ),
    ] {
        let body = facts(mail.as_bytes()).body;
        assert!(words.iter().all(|word| body.contains(word)), "{mail}: {body}");
        let around = format!("{DATE}Content-Type: message/rfc822\n\n{mail}");
        let text = facts(around.as_bytes()).attachments[0].text.clone();
        assert!(words.iter().all(|word| text.contains(word)), "{around}: {text}");
    }
}

#[test]
fn encoded_parts_that_cannot_be_told_apart_are_not_wholly_searched() {
    let parts = "--b\nContent-Type: text/plain\nContent-transfer-encoding:  BASE64\n\naGVsbG8=\n--b--\n";
    let plain = parts.replace("BASE64", "8bit");
    for (kind, body, expected) in [
        ("multipart/mixed", parts, vec!["unread_parts"]),
        ("multipart/mixed; boundary=c", parts, vec!["unread_parts"]),
        ("multipart/mixed; boundary=b", parts, vec![]),
        ("multipart/mixed; boundary=c", plain.as_str(), vec![]),
        ("text/plain", parts, vec![]),
    ] {
        assert_eq!(partial(&facts(format!("{DATE}Content-Type: {kind}\n\n{body}").as_bytes())), expected, "{kind}");
        if kind.starts_with("multipart/") {
            let encoded = data_encoding::BASE64.encode(body.as_bytes());
            let mail = format!("{DATE}Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{encoded}\n");
            assert_eq!(partial(&facts(mail.as_bytes())).is_empty(), body == plain, "{kind}");
        }
    }
}

#[test]
fn text_outside_of_the_parts_is_found_but_for_known_notes() {
    let mail = |preamble: &str, epilogue: &str| {
        let part = "--b\nContent-Type: text/plain\n\nbody";
        format!("{DATE}Content-Type: multipart/mixed; boundary=b\n\n{preamble}\n{part}\n--b--\n{epilogue}\n")
    };
    let note = "This is a multi-part message in MIME format.";
    for (preamble, epilogue, text) in [
        (note, "", "body"),
        ("Sell on Monday", "the list\nof ours", "body\nSell on Monday\nthe list\nof ours"),
        (
            "This is a multi-part message in MIME format. Sell",
            note,
            "body\nThis is a multi-part message in MIME format. Sell",
        ),
    ] {
        let mail = mail(preamble, epilogue);
        assert_eq!(facts(mail.as_bytes()).body, text);
        let around = format!("{DATE}Content-Type: message/rfc822\n\n{mail}");
        assert!(facts(around.as_bytes()).attachments[0].text.ends_with(text), "in an attached message");
    }
    let (one, other) = (facts(mail("", "").as_bytes()), facts(mail("Sell", "now").as_bytes()));
    assert_eq!(one.content_hash, other.content_hash, "lists add and drop it: both are the same message");
    let report = format!(
        "X-MS-Journal-Report:\n{DATE}Content-Type: multipart/mixed; boundary=b\n\nhidden before\n--b\n\n\
         Sender: a@x.org\nTo: b@x.org\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\nbody\n--b--\nhidden behind\n"
    );
    let journal = facts(report.as_bytes()).journal.expect("a report");
    assert_eq!(journal.text, "hidden before\nhidden behind");
}

#[test]
fn text_of_a_broken_header_is_still_found() {
    for mail in ["Subject: x\nlost words\nTo: a@x.org\n\nbody", "Subject: x\nlost words\n\nbody", "lost words\n\nbody"]
    {
        let text = facts(mail.as_bytes()).body;
        assert!(text.contains("lost words") && text.contains("body"), "{mail}");
    }
}

#[test]
fn raw_eight_bit_text_is_guessed() {
    let facts =
        facts(b"Subject: gr\xfcn\nFrom: J\xfcrgen <j@x.org>\nContent-Type: text/plain; charset=iso-8859-2\n\n\xb9");
    assert_eq!((facts.subject.as_str(), facts.body.as_str()), ("gr\u{fc}n", "\u{161}"));
    assert_eq!(facts.participants[0].name, "J\u{fc}rgen");
}

fn alternative(plain: &str, html: &str) -> String {
    format!(
        "{DATE}Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}\n--b\n\
        Content-Type: text/html\n\n{html}\n--b--\n"
    )
}

#[test]
fn the_html_among_alternatives_hides_nothing() {
    let long = format!("<p>{}</p>", "words ".repeat(60));
    for (plain, html, expected) in [
        ("Sell it today", "<p><b>Sell</b> it <i>today</i></p>", "Sell it today"),
        (
            "Sell it\n> today\nAnn",
            "<p>Sell it today</p><p>or never</p><p>Ann</p>",
            "Sell it\n> today\nAnn\nSell it today\nor never\nAnn",
        ),
        ("plain", "<p>rich</p>", "plain\nrich"),
        ("", "<p>rich</p>", "rich"),
        ("no HTML?", long.as_str(), &*format!("no HTML?\n{}", "words ".repeat(60).trim_end())),
    ] {
        let facts = facts(alternative(plain, html).as_bytes());
        assert_eq!(facts.body.trim_end(), expected);
        assert!(facts.attachments.is_empty());
    }
}

#[test]
fn all_texts_of_a_mixed_message_are_read() {
    let mail = format!(
        "{DATE}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<b>one</b>\n--b\n\
        Content-Type: text/plain; format=flowed\n\ntwo \nthree\n--b\n\
        Content-Type: text/plain\nContent-Disposition: attachment\n\nfour\n--b--\n"
    );
    let facts = facts(mail.as_bytes());
    assert_eq!(facts.body, "one\ntwo three\n");
    assert_eq!(facts.attachments[0].text, "four");
}

/// Notes which files it is asked to read.
#[derive(Default)]
struct Asked(std::cell::RefCell<Vec<String>>);

impl ReadFile for Asked {
    fn read(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        self.0.borrow_mut().push(file.name.to_owned());
        let reasons = vec![Defect::new("test", "a reason")];
        (!file.is_text).then(|| FileText { text: format!("text of {}", file.name), reasons, ..FileText::default() })
    }
}

/// The files that a reader of `mail` is asked for; its texts and reasons go where they belong.
fn asked(mail: &[u8]) -> Vec<String> {
    let reader = Asked::default();
    let facts = facts_with(mail, Trust::All, &reader);
    let asked = reader.0.into_inner();
    for name in asked.iter().filter(|name| !["n.txt", "gr\u{fc}n.csv"].contains(&name.as_str())) {
        let said = format!("text of {name}");
        assert!(facts.attachments.iter().any(|attachment| attachment.text.contains(&said)), "{name}");
        assert!(facts.partially_indexed.iter().any(|reason| reason.detail.contains(name.as_str())), "{name}");
    }
    asked
}

#[test]
fn attachments_are_numbered_decoded_and_read_where_they_are_text() {
    let mail = format!(
        "{DATE}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n--b\n\
        Content-Type: TEXT/csv; charset=iso-8859-1\nContent-Disposition: attachment; filename*=utf-8''gr%C3%BCn.csv\n\
        Content-Transfer-Encoding: quoted-printable\n\nrot;gr=FCn\n--b\n\
        Content-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\n\nAAEC\n--b\n\
        Content-Type: image/png; name=\"=?utf-8?Q?a_b?=.png\"\n\nx\n--b--\n"
    );
    let facts = facts(mail.as_bytes());
    assert_eq!(names(&facts), ["gr\u{fc}n.csv", "plan.pdf", "a b.png"]);
    assert_eq!(facts.attachments[0].text, "rot;gr\u{fc}n");
    assert_eq!(facts.attachments[0].attachment.media_type, "text/csv");
    assert_eq!(partial(&facts), [""; 0]);
    assert_eq!(asked(mail.as_bytes()), ["gr\u{fc}n.csv", "plan.pdf", "a b.png"]);
    for (n, bytes) in [(1, &b"rot;gr\xfcn"[..]), (2, &[0, 1, 2]), (3, b"x")] {
        assert_eq!(attachment(mail.as_bytes(), n).as_deref(), Some(bytes));
        let declared = &facts.attachments[n - 1].attachment;
        assert_eq!((declared.bytes, declared.digest), (bytes.len() as u64, Digest::of(bytes)));
    }
    assert_eq!(attachment(mail.as_bytes(), 0), None);
    assert_eq!(attachment(mail.as_bytes(), 4), None);
}

#[test]
fn an_attached_message_is_an_attachment_with_its_text() {
    let inner = "Subject: Inner\nFrom: Eve <eve@x.org>\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\ninner words\n--i\n\
        Content-Type: text/plain; name=n.txt\n\nfile words\n--i\nContent-Type: application/zip; name=z.zip\n\nx\n--i--";
    let mail = format!(
        "{DATE}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nouter\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    );
    let facts = facts(mail.as_bytes());
    assert_eq!((names(&facts), facts.body.as_str()), (vec!["Inner.eml"], "outer"));
    for words in ["Inner", "Eve <eve@x.org>", "inner words", "n.txt", "file words", "z.zip"] {
        assert!(facts.attachments[0].text.contains(words), "{words}");
    }
    assert_eq!(asked(mail.as_bytes()), ["n.txt", "z.zip"]);
    assert_eq!(attachment(mail.as_bytes(), 1).as_deref(), Some(inner.as_bytes()));
}

#[test]
fn messages_in_messages_are_read_to_a_depth() {
    let mail = (0..40)
        .rev()
        .fold(String::new(), |inner, n| format!("Subject: level{n}\nContent-Type: message/rfc822\n\n{inner}"));
    let facts = facts(mail.as_bytes());
    assert_eq!((facts.attachments.len(), partial(&facts)), (1, vec!["nested_too_deep"]));
    assert!(facts.attachments[0].text.contains("level30") && !facts.attachments[0].text.contains("level31"));
}
