//! Whatever a file holds, each element of it is a message or a rejection.

use proptest::prelude::*;

use super::{read, read_text};
use crate::connector::SourceEvent;

const CSV: &str = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n\
                   1,9,文本,0,wxid_a,wxid_a,hello,,2024/10/4 11:42\n\
                   2,10,系统,1,,wxid_a,<sysmsg><revokemsg>x</revokemsg></sysmsg>,a\\b.dat,2024-10-04 11:42:07\n\
                   3,11,引用回复,0,a,b@chatroom,<msg><appmsg><type>57</type></appmsg></msg>,,x\n";
const LINES: &str = r#"{"_type":"header","chatlab":{},"meta":{"platform":"wechat"}}
{"_type":"message","sender":"a","timestamp":1700000000,"type":0,"content":"x"}
{"_type":"message","sender":"a","timestamp":1700000000,"type":26,"content":{"a":["x",null]}}
"#;

#[test]
fn wrong_types_change_nothing_but_themselves() {
    for value in [
        "null",
        "1",
        "-1",
        "1e400",
        "\"\"",
        "[]",
        "{}",
        "true",
        "18446744073709551615",
        "\"\\ud800\"",
        "\"<msg><appmsg>\"",
    ] {
        for kind in ["\"系统消息\"", "\"语音通话\"", "49", "10000", "null"] {
            for names in [
                ["createTime", "senderUsername", "isSend", "senderDisplayName", "localId"],
                ["talker", "isSelf", "isChatRoom", "subType", "contents"],
                ["timestamp", "sender", "accountName", "platformMessageId", "replyToMessageId"],
            ] {
                let fields: Vec<_> = names.iter().map(|name| format!("\"{name}\":{value}")).collect();
                let file = format!(
                    "{{\"session\":{value},\"messages\":[{{\"type\":{kind},\"content\":{value},{}}}]}}",
                    fields.join(",")
                );
                let events = read_text(&file);
                assert_eq!(events.len(), 2, "{file}: {events:?}");
            }
        }
    }
}

#[test]
fn deep_and_endless_xml_is_read_in_bounds() {
    let deep = format!(
        "StrTalker,StrContent,Type,CreateTime,IsSender\na,<msg><appmsg><title>t</title>{}x,49,1,1\n",
        "<a>".repeat(100_000)
    );
    assert!(read_text(&deep)[0].contains("\r\n\r\nt"));
    let mut nested = "<datalist><dataitem><datadesc>bottom</datadesc></dataitem></datalist>".to_owned();
    for _ in 0..12 {
        nested = format!(
            "<datalist><dataitem><recordxml><recordinfo>{nested}</recordinfo></recordxml></dataitem></datalist>"
        );
    }
    let file = format!(
        "StrTalker,StrContent,Type,SubType,CreateTime,IsSender\na,<msg><appmsg><type>19</type><recorditem>{nested}</recorditem></appmsg></msg>,49,19,1,1\n"
    );
    let mail = &read_text(&file)[0];
    assert!(mail.contains("bottom") && mail.contains("depth_cut"), "{mail}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_rows_are_messages_or_rejections(at in 0..1000_usize, byte in any::<u8>()) {
        let mut content = CSV.as_bytes().to_vec();
        let start = content.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        let at = start + at % (content.len() - start);
        // A line end or a quote makes rows longer or more, and is tried elsewhere.
        prop_assume!(content[at] != b'\n' && !b"\n\"".contains(&byte));
        content[at] = byte;
        let folder = tempfile::tempdir().unwrap();
        let events = read(folder.path(), &content).unwrap();
        prop_assert!(events.len() == 4 && matches!(events.last(), Some(SourceEvent::Closed(_))), "{events:?}");
    }

    #[test]
    fn damaged_lines_are_messages_or_rejections(at in 0..1000_usize, byte in any::<u8>()) {
        let mut content = LINES.as_bytes().to_vec();
        let start = content.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        let at = start + at % (content.len() - start);
        prop_assume!(content[at] != b'\n' && !b"\n[".contains(&byte));
        // A line that begins with a number sign is a comment.
        prop_assume!(byte != b'#' || content[at - 1] != b'\n');
        content[at] = byte;
        let folder = tempfile::tempdir().unwrap();
        let events = read(folder.path(), &content).unwrap();
        // A line whose type became another may say nothing.
        prop_assert!((2..=3).contains(&events.len()) && matches!(events.last(), Some(SourceEvent::Closed(_))), "{events:?}");
    }

    #[test]
    fn any_bytes_are_read(content in prop::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'<'), any::<u8>()], 0..300)) {
        let folder = tempfile::tempdir().unwrap();
        for head in ["StrTalker,StrContent,Type,CreateTime,IsSender\n", "{", "[", ""] {
            let _ = read(folder.path(), &[head.as_bytes(), &content].concat());
        }
    }

    #[test]
    fn any_xml_is_read(content in "(<(msg|appmsg|type|recorditem|datalist|dataitem|refermsg|sysmsg|revokemsg|/|!\\[CDATA\\[|\\?xml)>?|[a-z0-9&;\" >]|57|19){0,60}", code in prop_oneof![Just(49_u64), Just(50), Just(10002), Just(48)]) {
        super::of_code(code, 0, &content);
    }
}
