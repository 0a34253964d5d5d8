//! Whatever a file holds, each element of it is a message or a rejection.

use proptest::prelude::*;

use super::{TEXT, lines, of_type, read};
use crate::connector::SourceEvent;

const FIXTURES: [&str; 4] = [
    TEXT,
    r#"{"msgid":"2","action":"send","from":"a","tolist":["b"],"roomid":"wr","msgtime":1700000000000,"msgtype":"mixed","mixed":{"item":[{"type":"text","content":"{\"content\":\"x\"}"}]}}"#,
    r#"{"seq":1,"publickey_ver":2,"x":{"msgid":"3","action":"recall","msgtype":"revoke","revoke":{"pre_msgid":"1"}}}"#,
    r#"{"msgid":"4","action":"send","msgtime":1,"msgtype":"vote","vote":{"voteitem":[1,null,{"a":[]}],"votetype":101}}"#,
];

#[test]
fn wrong_types_change_nothing_but_themselves() {
    for value in ["null", "1", "-1", "1e400", "\"\"", "[]", "{}", "[{}]", "true", "18446744073709551615", "\"\\ud800\""]
    {
        for kind in ["text", "mixed", "chatrecord", "file", "redpacket", "meeting", "calendar", "news", "voiptext", "x"]
        {
            let element = format!(
                r#"{{"msgid":{value},"action":{value},"from":{value},"tolist":{value},"msgtime":{value},"msgtype":"{kind}","{kind}":{{"item":{value},"content":{value},"md5sum":{value},"filename":{value},"totalamount":{value},"starttime":{value},"callduration":{value}}}}}"#
            );
            let lines = lines(&element);
            assert_eq!(lines.len(), 2, "{element}: {lines:?}");
        }
    }
    let record = of_type("text", r#""text":{"content":"a\ud800b"}"#);
    assert_eq!(record.text, "a\u{fffd}b");
}

#[test]
fn the_same_record_is_the_same_message_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mails = |content: String| -> Vec<Vec<u8>> {
        let events = read(folder.path(), "x", content.as_bytes()).unwrap();
        let records = events.into_iter().filter_map(|event| match event {
            SourceEvent::Record(record) => {
                let mut bytes = vec![0; record.raw.source().len() as usize];
                record.raw.source().read_exact_at(0, &mut bytes).unwrap();
                Some(bytes)
            }
            _ => None,
        });
        records.collect()
    };
    let alone = mails(TEXT.to_owned());
    assert_eq!(mails(format!("[ {TEXT} ]")), alone);
    assert_eq!(mails(format!("{}\n{TEXT}\n{TEXT}", FIXTURES[1]))[1..], [alone[0].clone(), alone[0].clone()]);
}

#[test]
fn notifications_may_be_anything() {
    let folder = tempfile::tempdir().unwrap();
    for xml in [
        "<xml>",
        "<a/>",
        "<xml><Event>x",
        "<",
        "<xml><Event><![CDATA[msgaudit_notify]]></Event><CreateTime>x</CreateTime>",
    ] {
        let events = read(folder.path(), "x", xml.as_bytes());
        assert_eq!(events.is_ok(), xml.contains("<Event>"), "{xml}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_lines_are_messages_or_rejections(at in 0..1000_usize, byte in any::<u8>(), which in 0..4_usize) {
        let mut content = FIXTURES.join("\n").into_bytes();
        let start: usize = FIXTURES.iter().take(which).map(|line| line.len() + 1).sum();
        let len = FIXTURES[which].len();
        let byte = if b"\n[".contains(&byte) { b' ' } else { byte };
        content[start + at % len] = byte;
        let folder = tempfile::tempdir().unwrap();
        if let Ok(events) = read(folder.path(), "x", &content) {
            prop_assert!(events.len() >= 2 && matches!(events.last(), Some(SourceEvent::Closed(_))));
            // Only a damaged first line can make a file another one than a record a line.
            prop_assert!(events.len() == 5 || which == 0, "{events:?}");
        }
    }

    #[test]
    fn any_bytes_are_read(content in prop::collection::vec(prop_oneof![Just(b'{'), Just(b'}'), Just(b'"'), Just(b'['), Just(b':'), Just(b'\n'), any::<u8>()], 0..200)) {
        let folder = tempfile::tempdir().unwrap();
        let _ = read(folder.path(), "x", &content);
    }
}
