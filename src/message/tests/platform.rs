//! What a converted message says of what its platform knew.

use super::rules::{DATE, codes};
use crate::message::{converted, facts};
use crate::model::{Event, Kind};

#[test]
fn a_converted_message_says_what_its_platform_knew() {
    let mail = "From: Ann Lee 445204334324 <445204334324@whatsapp.invalid>\nTo: bob@x.org\n\
        Date: Mon, 03 Jan 2022 09:00:00 +0000\nX-Custodia-Sent: 2022-01-03T10:00:00.250+01:00\n\
        X-Custodia-Platform: WhatsApp\nX-Custodia-Kind: chat\nX-Custodia-Conversation-Id: c1\n\
        X-Custodia-Conversation-Name: =?utf-8?Q?Gr=C3=BCn?=\nX-Custodia-Conversation-Type: group\n\
        X-Custodia-Native-Id: n2\nX-Custodia-Event: edited\nX-Custodia-Event-Reference: n1\n\
        X-Custodia-Reply-To: n0\n\nok";
    let facts = facts(mail.as_bytes());
    assert_eq!((facts.kind, facts.platform.as_str()), (Kind::Im, "whatsapp"));
    assert_eq!(facts.item_class, "IPM.ExternalData.WhatsApp");
    assert_eq!(facts.sent_at.map(|time| time.0), Some(1_641_200_400_250));
    assert_eq!((facts.event.event, facts.event.reference.as_str()), (Event::Edited, "n1"));
    let conversation = facts.conversation.as_ref().expect("conversation");
    assert_eq!((conversation.id.as_str(), conversation.name.as_str(), conversation.group), ("c1", "Gr\u{fc}n", true));
    assert_eq!((facts.native_id.as_str(), facts.reply_to.as_str()), ("n2", "n0"));
    assert_eq!(facts.participants[0].number.as_deref(), Some("445204334324"));
    assert!(facts.call.is_none() && facts.defects.is_empty());
}

#[test]
fn facts_of_a_call() {
    for (kind, expected) in
        [("call", Kind::Meetings), ("meeting", Kind::Meetings), ("voicemail", Kind::Voicemail), ("sms", Kind::Im)]
    {
        let mail = format!(
            "{DATE}X-Custodia-Platform: wecom\nX-Custodia-Kind: {kind}\nX-Custodia-Call-Direction: incoming\n\
            X-Custodia-Call-Answered: no\nX-Custodia-Call-Duration: 61\n\n"
        );
        let facts = facts(mail.as_bytes());
        assert_eq!((facts.kind, facts.item_class.as_str()), (expected, "IPM.ExternalData.WeCom"));
        let call = facts.call.expect("call");
        assert_eq!(
            (call.direction.as_str(), call.answered, call.duration_seconds),
            ("incoming", Some(false), Some(61))
        );
    }
}

#[test]
fn what_is_converted_is_read_back() {
    let line = r#"{"source":"s","platform":"whatsapp","kind":"chat","id":"n7","sent":"2022-01-03T10:00:00.250+01:00",
        "sender":{"name":"Ann Gr\u00fcn","number":"+445204334324"},"recipients":[{"address":"bob@x.org"}],"text":"gr\u00fcner Tee\nja",
        "conversation":{"id":"c1","name":"Tee\u00fc","type":"group"},"event":"edited","event_reference":"n6","reply_to":"n5"}"#;
    let line = line.replace('\n', " ");
    let record = converted::Record::parse(line.as_bytes()).expect("record");
    let mail = converted::to_mail(&record, &[], 0).expect("mail");
    let facts = facts(&mail);
    assert_eq!(codes(&facts), Vec::<&str>::new());
    assert_eq!(
        (facts.body.trim_end(), facts.native_id.as_str(), facts.reply_to.as_str()),
        ("gr\u{fc}ner Tee\nja", "n7", "n5")
    );
    assert_eq!(facts.conversation.map(|chat| chat.name).as_deref(), Some("Tee\u{fc}"));
    assert_eq!(facts.event.reference, "n6");
    let sender = &facts.participants[0];
    assert!(sender.name.starts_with("Ann Gr\u{fc}n"), "{}", sender.name);
    assert_eq!(sender.number.as_deref(), Some("445204334324"));
    assert_eq!(facts.sent_at.map(|time| time.0), Some(1_641_200_400_250));
}
