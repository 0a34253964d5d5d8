//! A report gives the facts of the message in it, adds its envelope, and hides nothing.

use crate::message::{Facts, attachment, facts, facts_trusting};
use crate::model::{Role, Trust};

const INNER: &str = "Message-ID: <abc@company.example>\r\nFrom: Susan Hart <susan@company.example>\r\n\
    To: Jeff@company.example\r\nDelivered-To: secret@company.example\r\nSubject: Quarter figures\r\n\
    Date: Mon, 3 Jan 2022 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n\
    --i\r\n\r\nsee the table\r\n--i\r\nContent-Type: text/csv; name=t.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    MSwyCg==\r\n--i--\r\n";

const ENVELOPE: &str = "Sender: susan@company.example\r\nSubject: Quarter figures\r\n\
    Message-Id: <abc@company.example>\r\nTo: jeff@company.example\r\n\
    To: ann@company.example, Expanded: sales@company.example\r\nBcc: secret@company.example\r\n\
    Recipient: out@partner.example\r\nOn-Behalf-Of: boss@company.example\r\n";

fn report(envelope: &str, messages: &[&str]) -> String {
    report_with("Subject: Quarter figures\r\n", envelope, messages)
}

fn report_with(fields: &str, envelope: &str, messages: &[&str]) -> String {
    let mut mail = format!(
        "From: MicrosoftExchange1@company.example\r\n{fields}Message-ID: <r1@company.example>\r\n\
         X-MS-Journal-Report:\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{envelope}\r\n"
    );
    for message in messages {
        mail.push_str("--o\r\nContent-Type: message/rfc822\r\n\r\n");
        mail.push_str(message);
        mail.push_str("\r\n");
    }
    mail + "--o--\r\n"
}

fn read(mail: &str) -> Facts {
    facts(mail.as_bytes())
}

#[test]
fn the_facts_are_those_of_the_message() {
    let (direct, mail) = (read(INNER), report(ENVELOPE, &[INNER]));
    let journaled = read(&mail);
    assert_eq!(journaled.content_hash, direct.content_hash, "both copies are the same content");
    let same = |facts: &Facts| (facts.message_id.clone(), facts.subject.clone(), facts.body.clone(), facts.sent_at);
    assert_eq!(same(&journaled), same(&direct));
    assert_eq!(journaled.attachments, direct.attachments);
    assert_eq!(attachment(mail.as_bytes(), 1).unwrap(), b"1,2\n");
    assert!(journaled.defects.is_empty(), "{:?}", journaled.defects);
    let people: Vec<_> = journaled.participants.iter().map(|p| format!("{} {}", p.role.as_str(), p.address)).collect();
    assert_eq!(
        people,
        [
            "from susan@company.example",
            "to Jeff@company.example",
            "envelope secret@company.example",
            "from boss@company.example",
            "to ann@company.example",
            "to sales@company.example",
            "bcc secret@company.example",
            "envelope out@partner.example",
            "envelope MicrosoftExchange1@company.example",
        ]
    );
    let report = journaled.journal.unwrap();
    assert_eq!(
        (report.sender.as_str(), report.on_behalf_of.as_str()),
        ("susan@company.example", "boss@company.example")
    );
    assert_eq!(
        (report.from.as_str(), report.message_id.as_str()),
        ("MicrosoftExchange1@company.example", "r1@company.example")
    );
    assert_eq!(report.recipients.get(1).unwrap().expanded, ["sales@company.example"]);
    assert_eq!((report.text.as_str(), report.recipients.len()), ("", 4));
    assert_eq!(direct.journal, None);
}

#[test]
fn a_forged_report_hides_nothing() {
    let envelope = format!("{ENVELOPE}Our secret plan: sell\r\n");
    let facts = read(&report_with("Subject: Lunch\r\n", &envelope, &[INNER]));
    assert_eq!(facts.journal.unwrap().text, "Our secret plan: sell\nLunch");
    assert!(facts.participants.iter().any(|p| p.role == Role::Envelope && p.address.starts_with("MicrosoftExchange1")));
    let forged = format!("X-Custodia-Platform: whatsapp\r\nX-Custodia-Event: deleted\r\n{INNER}");
    let facts = read(&report(ENVELOPE, &[&forged]));
    assert_eq!(facts.platform, "email");
    assert_eq!(facts.defects.first().unwrap().code, "foreign_custodia_fields");
}

#[test]
fn a_report_of_somebody_who_is_not_trusted_is_a_mail() {
    let mail = report_with("Subject: Lunch\r\n", ENVELOPE, &[INNER]);
    let facts = facts_trusting(mail.as_bytes(), Trust::None);
    assert_eq!((facts.journal, facts.subject.as_str(), facts.trust), (None, "Lunch", Trust::None));
    assert_eq!(facts.defects.first().unwrap().code, "distrusted_journal_report");
    let people: Vec<&str> = facts.participants.iter().map(|person| person.address.as_str()).collect();
    assert_eq!(people, ["MicrosoftExchange1@company.example"]);
    assert!(facts.body.contains("secret@company.example"), "what it says is searched");
    assert_eq!(facts.attachments.len(), 1, "and so is what it carries");
    let believed = facts_trusting(mail.as_bytes(), Trust::Journal);
    assert_eq!((believed.trust, believed.journal.is_some()), (Trust::All, true));
}

#[test]
fn of_two_forms_the_readable_one_counts() {
    let protected = "Message-ID: <abc@company.example>\r\nSubject: Quarter figures\r\nContent-Type: multipart/mixed; \
        boundary=p\r\n\r\n--p\r\n\r\nThis mail is protected\r\n--p\r\nContent-Type: \
        application/x-microsoft-rpmsg-message; name=message.rpmsg\r\n\r\nx\r\n--p--\r\n";
    for messages in [[protected, INNER], [INNER, protected]] {
        let facts = read(&report(ENVELOPE, &messages));
        assert_eq!(facts.body, "see the table", "{messages:?}");
        assert!(facts.journal.unwrap().text.contains("This mail is protected"));
    }
}

#[test]
fn what_is_no_report_stays_as_it_is() {
    let nested = report(ENVELOPE, &[INNER]).replace("boundary=o", "boundary=n").replace("--o", "--n");
    for (mail, reason) in [
        (report(ENVELOPE, &[]), "not a text"),
        (report(ENVELOPE, &[INNER, INNER, INNER]), "not a text"),
        (report("Dear all", &[INNER]), "no sender"),
        (report(ENVELOPE, &[""]), "no header"),
        (report(ENVELOPE, &[&nested]), "about a journal report"),
        (report(&ENVELOPE.replace("abc@", "other@"), &[INNER]), "another message"),
        ("X-MS-Journal-Report:\nSubject: x\n\nSender: a@b.example\n".to_owned(), "not a text"),
        (
            report(ENVELOPE, &[INNER])
                .replace("--o\r\nContent-Type: message", "--o\r\n\r\nmore\r\n--o\r\nContent-Type: message"),
            "not a text",
        ),
    ] {
        let facts = read(&mail);
        assert_eq!(facts.journal, None);
        let codes: Vec<_> = facts.defects.iter().filter(|defect| defect.code == "bad_journal_report").collect();
        assert!(codes.len() == 1 && codes[0].detail.contains(reason), "{reason}: {:?}", facts.defects);
        assert_ne!(facts.subject, "", "the outer header counts");
    }
    let unmarked = report(ENVELOPE, &[INNER]).replace("X-MS-Journal-Report:", "X-Other:");
    assert!(
        read(&unmarked).journal.is_none() && read(&unmarked).defects.iter().all(|d| d.code != "bad_journal_report")
    );
    let other = report(ENVELOPE, &[INNER]).replace("X-MS-Journal-Report:", "X-WM-Journal-Report: journal");
    assert!(read(&other).journal.is_some());
}

#[test]
fn reports_in_reports_a_thousand_deep_do_no_harm() {
    let mut mail = INNER.to_owned();
    for depth in 0..1_000 {
        mail = report(ENVELOPE, &[&mail]).replace("boundary=o", &format!("boundary=o{depth}"));
        mail = mail
            .replace("\r\n--o\r\n", &format!("\r\n--o{depth}\r\n"))
            .replace("\r\n--o--\r\n", &format!("\r\n--o{depth}--\r\n"));
    }
    let facts = read(&mail);
    assert_eq!(facts.journal, None);
    assert_eq!(facts.defects.first().unwrap().code, "bad_journal_report");
}

proptest::proptest! {
    #[test]
    fn no_envelope_is_too_odd(text in "(?s)((Sender|To|Bcc|Recipient|Message-Id|On-Behalf-Of|x): ?|[<>@, \t\r\n\"]|Expanded:|Forwarded:|smtp:|.){0,60}") {
        let facts = read(&report(&format!("Sender: a@b.example\r\n{text}\r\n"), &[INNER]));
        proptest::prop_assert!(!facts.participants.is_empty());
    }
}
