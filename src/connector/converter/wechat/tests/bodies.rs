//! What messages of each code say.

use super::{fact, of_code};
use crate::message::converted::RecordKind;
use crate::model::Event;

fn app(sub: u64, rest: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<msg><appmsg appid=\"\"><title>Title</title><des>about</des><type>{sub}</type>{rest}</appmsg></msg>"
    )
}

#[test]
fn every_code_is_text_that_can_be_found() {
    for (code, sub, body, content, text) in [
        (1, 0, "<msg>typed by a person</msg>".to_owned(), "", "<msg>typed by a person</msg>"),
        (3, 0, "<msg><img aeskey=\"1\" md5=\"2\"/></msg>".to_owned(), "image", ""),
        (
            34,
            0,
            "<msg><voicemsg voicelength=\"2303\"/><voicetrans transtext=\"hello\"/></msg>".to_owned(),
            "voice",
            "hello",
        ),
        (
            42,
            0,
            "<msg username=\"wxid_b\" nickname=\"Bob\" alias=\"bb\" city=\"X\"/>".to_owned(),
            "contact",
            "Bob\nbb\nwxid_b\nX",
        ),
        (43, 0, "<msg><videomsg length=\"1\"/></msg>".to_owned(), "video", ""),
        (47, 0, "<msg><emoji md5=\"1\"/></msg>".to_owned(), "sticker", ""),
        (
            48,
            0,
            "<msg><location x=\"39.9\" y=\"116.4\" label=\"Road 1\" poiname=\"Tower\"/></msg>".to_owned(),
            "location",
            "Tower\nRoad 1\n39.9, 116.4",
        ),
        (49, 5, app(5, "<url>https://x.example/?a&amp;b</url>"), "link", "Title\nabout\nhttps://x.example/?a&b"),
        (49, 0, app(5, ""), "link", "Title\nabout"),
        (49, 6, app(6, ""), "document", "Title"),
        (49, 8, app(8, ""), "gif", "Title\nabout"),
        (49, 33, app(33, "<sourcedisplayname>Shop</sourcedisplayname>"), "mini_program", "Title\nShop"),
        (
            49,
            51,
            app(51, "<finderFeed><nickname>N</nickname><desc>D</desc></finderFeed>"),
            "channel",
            "Title\nN\nD\nabout",
        ),
        (
            49,
            62,
            app(62, "<patMsg><records><record><template>\"Ann\" 拍了拍我</template></record></records></patMsg>"),
            "pat",
            "Title\n\"Ann\" 拍了拍我",
        ),
        (49, 87, app(87, "<textannouncement>News</textannouncement>"), "announcement", "Title\nNews"),
        (49, 92, app(92, ""), "link", "Title\nabout"),
        (
            49,
            2000,
            app(2000, "<wcpayinfo><feedesc>￥12.00</feedesc><pay_memo>rent</pay_memo></wcpayinfo>"),
            "payment",
            "Title\n￥12.00\nrent",
        ),
        (49, 2001, app(2001, "<wcpayinfo><sendertitle>luck</sendertitle></wcpayinfo>"), "payment", "Title\nluck"),
        (49, 9999, app(9999, ""), "unsupported", "Title\nabout"),
        (244_813_135_921, 0, app(57, ""), "", "Title"),
        (12345, 0, "<msg><x>strange <y>words</y></x></msg>".to_owned(), "unsupported", "strange\nwords"),
        (12345, 0, "strange words".to_owned(), "unsupported", "strange words"),
    ] {
        let record = of_code(code, sub, &body);
        assert_eq!(record.text, text, "{code}/{sub}");
        let expected = if content.is_empty() { String::new() } else { format!("\"{content}\"") };
        assert_eq!(fact(&record, "/content"), expected, "{code}/{sub}");
    }
}

#[test]
fn a_reply_names_and_quotes_what_it_answers() {
    let quoted = "<refermsg><type>1</type><svrid>123</svrid><displayname>Ann</displayname><content>first words</content></refermsg>";
    let reply = of_code(49, 57, &app(57, quoted));
    assert_eq!((reply.text.as_str(), reply.reply_to.as_str()), ("Title\n> Ann: first words", "123"));
    let quoted = "<refermsg><type>49</type><displayname>Ann</displayname><content>&lt;msg&gt;&lt;appmsg&gt;&lt;title&gt;a file&lt;/title&gt;&lt;/appmsg&gt;&lt;/msg&gt;</content></refermsg>";
    assert_eq!(of_code(49, 57, &app(57, quoted)).text, "Title\n> Ann: a file");
    let quoted = "<refermsg><type>3</type><displayname>Ann</displayname><content>&lt;msg&gt;&lt;img/&gt;&lt;/msg&gt;</content></refermsg>";
    assert_eq!(of_code(49, 57, &app(57, quoted)).text, "Title\n> Ann: [image]");
}

#[test]
fn forwarded_chats_are_read_item_by_item() {
    let inner = "<recordinfo><datalist><dataitem datatype=\"1\"><sourcename>Cy</sourcename><datadesc>deep</datadesc></dataitem></datalist></recordinfo>";
    let list = format!(
        "<recordinfo><datalist count=\"3\"><dataitem datatype=\"1\"><datadesc>one</datadesc><sourcename>Ann</sourcename><sourcetime>2024-01-01 10:00</sourcetime></dataitem><dataitem datatype=\"2\"><sourcename>Bob</sourcename></dataitem><dataitem datatype=\"17\"><datatitle>chat</datatitle><recordxml>{inner}</recordxml></dataitem></datalist></recordinfo>"
    );
    let expected = "Title\n2024-01-01 10:00 Ann: one\nBob: [image]\n: chat\nCy: deep";
    for item in [format!("<![CDATA[{list}]]>"), list.replace('<', "&lt;"), list] {
        let record = of_code(49, 19, &app(19, &format!("<recorditem>{item}</recorditem>")));
        assert_eq!((record.text.as_str(), fact(&record, "/forwarded")), (expected, "true"));
    }
}

#[test]
fn recalls_are_events_of_who_recalled() {
    let xml = "<sysmsg type=\"revokemsg\"><revokemsg><session>x</session><newmsgid>456</newmsgid><replacemsg><![CDATA[\"Ann\" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>";
    let recall = of_code(10002, 0, xml);
    assert_eq!((recall.event, recall.event_reference.as_str()), (Event::Recalled, "456"));
    assert_eq!((recall.text.as_str(), recall.sender.unwrap().name.as_str()), ("\"Ann\" 撤回了一条消息", "Ann"));
    for (text, name) in [
        ("“Bob” 撤回了一条消息", "Bob"),
        ("你撤回了一条消息", "account owner"),
        ("You recalled a message", "account owner"),
    ] {
        let recall = of_code(10000, 0, text);
        assert_eq!((recall.event, recall.sender.unwrap().name.as_str()), (Event::Recalled, name), "{text}");
    }
    let joined = of_code(10000, 0, "\"Ann\"邀请\"Bob\"加入了群聊");
    assert_eq!((joined.event, joined.sender), (Event::System, None));
    let other = of_code(10002, 0, "<sysmsg type=\"x\"><a>words</a></sysmsg>");
    assert_eq!((other.event, other.text.as_str()), (Event::System, "words"));
}

#[test]
fn calls_have_their_facts() {
    let xml = |text: &str| {
        format!(
            "<voipmsg type=\"VoIPBubbleMsg\"><VoIPBubbleMsg><msg><![CDATA[{text}]]></msg><room_type>1</room_type></VoIPBubbleMsg></voipmsg>"
        )
    };
    for (text, answered, seconds) in
        [("通话时长 00:36", Some(true), Some(36)), ("对方已拒绝", Some(false), None), ("x", None, None)]
    {
        let call = of_code(50, 0, &xml(text));
        assert_eq!((call.kind, call.text.as_str()), (RecordKind::Call, format!("{text}\nVoice call").as_str()));
        let facts = call.call.unwrap();
        assert_eq!((facts.direction.as_str(), facts.answered, facts.duration_seconds), ("incoming", answered, seconds));
    }
}
