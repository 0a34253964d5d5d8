//! What each type says, and where it stands in the record.

use super::{fact, of_type, record};
use crate::message::converted::RecordKind;
use crate::model::Event;

#[test]
#[expect(clippy::too_many_lines, reason = "one table of all types")]
fn every_type_is_text_that_can_be_found() {
    for (kind, body, content, text) in [
        ("text", r#""text":{"content":"a\nb"}"#, "", "a\nb"),
        ("markdown", r##""info":{"content":"# a"}"##, "", "# a"),
        ("image", r#""image":{"md5sum":"x","filesize":1,"sdkfileid":"y"}"#, "image", ""),
        ("voice", r#""voice":{"md5sum":"x","voice_size":1,"play_length":10,"sdkfileid":"y"}"#, "voice", ""),
        ("video", r#""video":{"md5sum":"x","filesize":1,"play_length":10,"sdkfileid":"y"}"#, "video", ""),
        ("emotion", r#""emotion":{"type":1,"md5sum":"x"}"#, "gif", ""),
        ("emotion", r#""emotion":{"type":2,"md5sum":"x"}"#, "sticker", ""),
        ("file", r#""file":{"md5sum":"x","filename":"plan.docx","fileext":"docx"}"#, "document", "plan.docx"),
        ("qydiskfile", r#""info":{"filename":"disk.pdf"}"#, "document", "disk.pdf"),
        (
            "agree",
            r#""agree":{"userid":"wmA","agree_time":1700000000000}"#,
            "consent",
            "Agreed to the archiving of messages",
        ),
        ("disagree", r#""disagree":{"userid":"wmA"}"#, "consent", "Did not agree to the archiving of messages"),
        ("card", r#""card":{"corpname":"Firm","userid":"wmB"}"#, "contact", "Firm\nwmB"),
        (
            "location",
            r#""location":{"longitude":116.58,"latitude":39.9,"address":"Road 1","title":"Tower","zoom":15}"#,
            "location",
            "Tower\nRoad 1\n39.9, 116.58",
        ),
        (
            "link",
            r#""link":{"title":"t","description":"d","link_url":"https://x.example"}"#,
            "link",
            "t\nd\nhttps://x.example",
        ),
        (
            "news",
            r#""info":{"item":[{"title":"t","description":"d","url":"u","picurl":"p"},{"title":"v"}]}"#,
            "link",
            "t\nd\nu\nv",
        ),
        ("docmsg", r#""doc":{"title":"t","link_url":"u","doc_creator":"c"}"#, "link", "t\nu\nc"),
        (
            "weapp",
            r#""weapp":{"title":"t","description":"d","username":"u","displayname":"n"}"#,
            "mini_program",
            "t\nd\nn\nu",
        ),
        ("todo", r#""todo":{"title":"t","content":"c"}"#, "todo", "t\nc"),
        ("todo", r#""title":"t","content":"c""#, "todo", "t\nc"),
        (
            "vote",
            r#""votetitle":"Lunch?","voteitem":["Rice","Noodles"],"votetype":101"#,
            "poll",
            "Lunch?\nRice\nNoodles\nPoll started",
        ),
        ("vote", r#""vote":{"votetitle":"Lunch?","votetype":102}"#, "poll", "Lunch?\nVote cast"),
        (
            "collect",
            r#""collect":{"room_name":"r","creator":"c","create_time":"2019-12-11 11:21:22","title":"t","details":[{"id":1,"ques":"q"}]}"#,
            "form",
            "t\nr\nc\n2019-12-11 11:21:22\nq",
        ),
        (
            "redpacket",
            r#""redpacket":{"type":1,"wish":"luck","totalcnt":2,"totalamount":3005}"#,
            "payment",
            "luck\nRed packet: 30.05 CNY in 2",
        ),
        (
            "external_redpacket",
            r#""redpacket":{"wish":"luck","totalamount":1}"#,
            "payment",
            "luck\nRed packet: 0.01 CNY",
        ),
        (
            "meeting",
            r#""meeting":{"topic":"t","starttime":1700000000,"endtime":1700003600,"meetingtype":102,"meetingid":11101571002822706744,"status":2}"#,
            "meeting",
            "t\n2023-11-14T22:13:20Z to 2023-11-14T23:13:20Z\nMeeting: answer declined",
        ),
        ("meeting_notification", r#""info":{"content":"ends","meeting_id":1}"#, "meeting", "ends"),
        (
            "calendar",
            r#""calendar":{"title":"t","creatorname":"c","attendeename":["a","b"],"place":"p"}"#,
            "calendar",
            "t\nc\np\na\nb",
        ),
        (
            "voip_doc_share",
            r#""voipid":"g","voip_doc_share":{"filename":"a.pdf","sdkfileid":"y"}"#,
            "document",
            "a.pdf",
        ),
        ("sphfeed", r#""sphfeed":{"feed_type":4,"sph_name":"n","feed_desc":"d"}"#, "channel", "n\nd"),
        ("voiptext", r#""info":{"callduration":62,"invitetype":2}"#, "call", "Voice call"),
        (
            "meeting_voice_call",
            r#""voiceid":"g","meeting_voice_call":{"endtime":1700000060,"sdkfileid":"y","demofiledata":[{"filename":"a.docx"}]}"#,
            "audio",
            "a.docx",
        ),
        ("solitaire", r#""solitaire":{"b":["two"],"a":{"x":"one"},"sdkfileid":"key"}"#, "unsupported", "one\ntwo"),
        ("text", r#""other":{"words":"kept"}"#, "", "kept"),
    ] {
        let record = of_type(kind, body);
        assert_eq!(record.text, text, "{kind}");
        let expected = if content.is_empty() { String::new() } else { format!("\"{content}\"") };
        assert_eq!(fact(&record, "/content"), expected, "{kind}");
        let whole = fact(&record, "/whole_record");
        assert!(whole.is_empty() == (kind == "text" && text == "a\nb"), "{kind}: {whole}");
    }
}

#[test]
fn numbers_keep_all_their_digits() {
    let record = of_type("meeting", r#""meeting":{"topic":"t","meetingid":11101571002822706744}"#);
    assert!(fact(&record, "/whole_record").contains("\"meetingid\":11101571002822706744"));
    assert_eq!(record.sent_text, "2023-11-14T22:13:20.123Z");
}

#[test]
fn events_name_the_message_that_they_are_about() {
    let recall = r#"{"msgid":"2","action":"recall","from":"a","tolist":["b"],"roomid":"","msgtime":1,"msgtype":"revoke","revoke":{"pre_msgid":"1"}}"#;
    let recalled = record(recall);
    assert_eq!((recalled.event, recalled.event_reference.as_str()), (Event::Recalled, "1"));
    assert_eq!(fact(&recalled, "/whole_record"), "");
    let switch = record(r#"{"msgid":"3","action":"switch","time":1700000100000,"user":"lihua"}"#);
    assert_eq!((switch.event, switch.sender.unwrap().id.as_str()), (Event::System, "lihua"));
    assert_eq!(of_type("agree", r#""agree":{"userid":"x"}"#).event, Event::System);
}

#[test]
fn calls_have_their_facts() {
    let external = "wm0123456789012345678901234567AB";
    let call = |from: &str, to: &str| {
        record(&format!(
            r#"{{"msgid":"1_external","action":"send","from":"{from}","tolist":["{to}"],"msgtime":1700000000000,"msgtype":"voiptext","voiptext":{{"callduration":62}}}}"#
        ))
    };
    let outgoing = call("lihua", external);
    assert_eq!((outgoing.kind, fact(&outgoing, "/external")), (RecordKind::Call, "true"));
    let facts = outgoing.call.unwrap();
    assert_eq!((facts.direction.as_str(), facts.answered, facts.duration_seconds), ("outgoing", Some(true), Some(62)));
    assert_eq!(call(external, "lihua").call.unwrap().direction, "incoming");
    assert_eq!(call("lihua", "wolfgang").call.unwrap().direction, "");
    let meeting = of_type("meeting_voice_call", r#""meeting_voice_call":{"endtime":1700000060}"#);
    assert_eq!((meeting.kind, meeting.call.unwrap().duration_seconds), (RecordKind::Meeting, Some(60)));
}

#[test]
fn chats_and_people() {
    let one = |from: &str, to: &str, room: &str| {
        record(&format!(
            r#"{{"msgid":"1","from":"{from}","tolist":{to},"roomid":"{room}","msgtime":1,"msgtype":"text","text":{{"content":"x"}}}}"#
        ))
    };
    let chat = |record: &crate::message::converted::Record| {
        record.conversation.as_ref().map(|chat| (chat.id.clone(), chat.group))
    };
    assert_eq!(chat(&one("b", "[\"a\"]", "")), Some(("a,b".to_owned(), false)));
    assert_eq!(chat(&one("a", "[\"b\"]", "")), chat(&one("b", "[\"a\"]", "")));
    assert_eq!(chat(&one("b", "[\"a\",\"c\"]", "wr1")), Some(("wr1".to_owned(), true)));
    assert_eq!(chat(&one("b", "[]", "")), None);
    let group = one("b", "[\"a\",15108264797]", "wr1");
    assert_eq!(group.recipients.iter().map(|person| person.id.as_str()).collect::<Vec<_>>(), ["a", "15108264797"]);
    assert!(group.recipients.iter().all(|person| person.number.is_empty()), "no country is guessed");
    assert_eq!(fact(&one("", "[\"a\"]", ""), "/sender_unknown"), "true");
}

#[test]
fn a_missing_time_is_said() {
    for time in
        [r#""msgtime":0"#, r#""msgtime":-5"#, r#""msgtime":99999999999999999999"#, r#""msgtime":"soon""#, r#""x":1"#]
    {
        let record = record(&format!(r#"{{"msgid":"1","from":"a","msgtype":"text","text":{{"content":"x"}},{time}}}"#));
        assert_eq!(
            (record.sent_text.as_str(), fact(&record, "/time_unknown")),
            ("1970-01-01T00:00:00Z", "true"),
            "{time}"
        );
    }
}

#[test]
fn forwarded_and_mixed_messages_are_read_to_their_depth() {
    let quoted = |json: &str| serde_json::Value::from(json).to_string();
    let mixed = format!(
        r#""mixed":{{"item":[{{"type":"text","content":{}}},{{"type":"image","content":{}}}]}}"#,
        quoted(r#"{"content":"look"}"#),
        quoted(r#"{"md5sum":"0","sdkfileid":"y"}"#)
    );
    assert_eq!(of_type("mixed", &mixed).text, "look");
    let inner = format!(
        r#"{{"title":"inner","item":[{{"type":"ChatRecordFile","msgtime":1700000001,"content":{}}}]}}"#,
        quoted(r#"{"filename":"deep.pdf","md5sum":"0"}"#)
    );
    let chat = format!(
        r#""chatrecord":{{"title":"outer","item":[{{"type":"ChatRecordText","msgtime":1700000000,"content":{}}},{{"type":"chatrecord","content":{}}},{{"type":"ChatRecordOdd","content":"not json"}}]}}"#,
        quoted(r#"{"content":"one"}"#),
        quoted(&inner)
    );
    let record = of_type("chatrecord", &chat);
    assert_eq!(
        record.text,
        "outer\n2023-11-14T22:13:20Z text: one\nchatrecord: inner\n2023-11-14T22:13:21Z file: deep.pdf\nodd: not json"
    );
    assert_eq!(fact(&record, "/forwarded"), "true");
    let mut deep = r#"{"title":"bottom"}"#.to_owned();
    for _ in 0..10 {
        deep = format!(r#"{{"item":[{{"type":"chatrecord","content":{deep}}}]}}"#);
    }
    let record = of_type("chatrecord", &format!("\"chatrecord\":{deep}"));
    assert!(record.text.contains("bottom") && fact(&record, "/depth_cut") == "true", "{}", record.text);
}

#[test]
fn the_newer_shape_keeps_what_it_says() {
    let record = record(
        r#"{"msgid":"1","sender":{"type":1,"id":"a"},"receiver_list":[{"type":2,"id":"wmX"}],"chatid":"","send_time":1700000000,"is_recalled":true,"msgtype":1}"#,
    );
    assert_eq!((record.sender.as_ref().unwrap().id.as_str(), record.recipients[0].id.as_str()), ("a", "wmX"));
    assert_eq!((record.sent_text.as_str(), fact(&record, "/recalled")), ("2023-11-14T22:13:20Z", "true"));
    assert!(fact(&record, "/whole_record").contains("send_time"));
}
