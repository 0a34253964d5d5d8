//! Subjects of `TeleMessage` are told from all others, and read whatever their writing.

use super::*;

fn people() -> Vec<Participant> {
    let person = |name: &str, address: &str, number: Option<&str>| Participant {
        role: crate::model::Role::To,
        name: name.to_owned(),
        address: address.to_owned(),
        number: number.map(str::to_owned),
        id: None,
    };
    vec![
        person("Susan Hart 445204334324", "susan@company.example", Some("445204334324")),
        person("Jeff Stone", "Jeff@company.example", None),
    ]
}

fn read(subject: &str) -> String {
    chat_facts(subject, &people(), "").map_or_else(String::new, |facts| {
        let chat = facts.conversation.unwrap();
        let sort = if chat.group { "group" } else { "direct" };
        let kind = facts.kind.as_str();
        format!(
            "{} {kind} {} {sort} {} {}",
            facts.platform,
            facts.event.event.as_str(),
            chat.id,
            Value::from(facts.details)
        )
    })
}

#[test]
fn subjects_tell_what_they_are() {
    for (subject, expected) in [
        ("WhatsApp Message From 16174354634 to 12124325249", "whatsapp im sent direct 12124325249,16174354634 {}"),
        ("whatsapp  message from 12124325249 TO +1 617 435-4634", "whatsapp im sent direct 12124325249,16174354634 {}"),
        ("WhatsApp Message from 16174354634 to Sales Group", "whatsapp im sent group Sales Group {}"),
        ("WeChat message from Susan Hart to Jeff Stone", "wechat im sent direct 445204334324,jeff@company.example {}"),
        ("SMS Message from 16174354634 to From Here to There", "sms im sent group From Here to There {}"),
        ("Voice Call from 16174354634 to 12124325249", "voice meetings sent direct 12124325249,16174354634 {}"),
        (
            "WhatsApp Video Call From 16174354634 to 12124325249",
            "whatsapp meetings sent direct 12124325249,16174354634 {}",
        ),
        (
            "Android SMS Message from 16174354634 to 1212432, 1313432",
            "sms im sent group 1212432,1313432,16174354634 {}",
        ),
    ] {
        assert_eq!(read(subject), expected, "{subject}");
    }
}

#[test]
fn deletions_are_told_whatever_their_dashes() {
    for (mark, details) in [
        ("DELETED \u{2013} READ \u{2013} ", r#"{"/read_state":"read"}"#),
        ("deleted-unread-", r#"{"/read_state":"unread"}"#),
        ("DELETED \u{e2}\u{20ac}\u{201c} UNKNOWN \u{e2}\u{20ac}\u{201c} ", r#"{"/read_state":"unknown"}"#),
        ("DELETED\u{e2}\u{80}\u{93}READ\u{e2}\u{80}\u{93}", r#"{"/read_state":"read"}"#),
        ("DELETED For Me - UNKNOWN - ", r#"{"/deleted_for":"me","/read_state":"unknown"}"#),
        ("Deleted  For All -UNKNOWN ", r#"{"/deleted_for":"all","/read_state":"unknown"}"#),
        ("DELETED - ", "{}"),
    ] {
        let subject = format!("{mark}WhatsApp Message from 16174354634 to 12124325249");
        let expected = format!("whatsapp im deleted direct 12124325249,16174354634 {details}");
        assert_eq!(read(&subject), expected, "{subject}");
        assert_eq!(stripped(&subject), "whatsapp message from 16174354634 to 12124325249", "{subject}");
    }
}

#[test]
fn ordinary_mail_is_left_alone() {
    for subject in [
        "RE: WhatsApp Message from 16174354634 to 12124325249",
        "Fwd: DELETED - READ - WhatsApp Message from 16174354634 to 12124325249",
        "WhatsApp message from the board to all staff",
        "A message from 16174354634 to 12124325249",
        "Message from 16174354634 to 12124325249",
        "Urgent WhatsApp message from 16174354634 to 12124325249",
        "WhatsApp message from 16174354634",
        "WhatsApp message from 16174354634 to ",
        "Group message from 16174354634 to 12124325249",
        "SMS from 16174354634 to 12124325249",
        "Voice message from Unknown to you",
        "Signal message from 12345 to 12124325249",
        "Deleted",
        "Undeleted message from 16174354634 to x",
        "",
    ] {
        assert_eq!(read(subject), "", "{subject}");
    }
    let long = format!("SMS message from {} to x", " to ".repeat(100_000));
    assert_eq!(read(&long), "");
}

#[test]
fn durations_are_read() {
    for (body, seconds) in [
        ("Duration: 00:01:23", Some(83)),
        ("Call details\r\nCall Duration (hh:mm:ss): 01:00:00\r\n", Some(3600)),
        ("call duration = 1:23 minutes", Some(83)),
        ("DURATION 83", Some(83)),
        ("Duration: 1 min 23 sec", Some(83)),
        ("Duration: 1h 2m 3s", Some(3723)),
        ("Duration: unknown", None),
        ("Duration: 99999999999999999999:00", None),
        ("It took 00:01:23", None),
    ] {
        let found = call(body).and_then(|call| call.duration_seconds);
        assert_eq!(found, seconds, "{body}");
    }
}

proptest::proptest! {
    #[test]
    fn no_subject_and_no_body_is_too_odd(
        subject in "(DELETED|deleted)?( ?[-\u{2013}\u{e2}\u{20ac}] ?)?(READ |For Me)?(WhatsApp|Voice|x|\u{130}) (Message|call) from .{0,20} to .{0,20}",
        body in "(?s)duration.{0,40}|Duration: [0-9:hms \u{663}]{0,60}",
    ) {
        chat_facts(&subject, &people(), &body);
        stripped(&subject);
        call(&body);
    }
}
