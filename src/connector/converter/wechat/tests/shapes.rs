//! The shapes of the tools, each from its file to its mails.

use std::fs;

use super::{read, read_text, shown};

#[track_caller]
fn check(mail: &str, parts: &[&str]) {
    for part in parts {
        assert!(mail.contains(part), "{part}\n{mail}");
    }
}

#[test]
fn memo_trace() {
    let header = "\u{feff}localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n";
    let rows = "7,12,1,0,0,1696118400,3,\"two\r\nlines\",2023-10-01 08:00:00,Boss,Ann,wxid_ann\r\n\
                8,12,1,0,1,1696118401,3,mine,2023-10-01 08:00:01,,Me,wxid_me\r\n";
    let mails = read_text(&format!("{header}{rows}"));
    check(
        &mails[0],
        &["From: Ann <wxid_ann@wechat.invalid>", "Sun, 01 Oct 2023 00:00:00", "talker-12", "\r\n\r\ntwo\r\nlines"],
    );
    check(&mails[1], &["From: Me <wxid_me@wechat.invalid>", "localId"]);
    let old = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime\n\
               1,2,1,0,0,1696118400,3,hello,2023-10-01 08:00:00,wxid_ann\n1,2,1,0,0\n";
    let mails = read_text(old);
    check(&mails[0], &["wxid_ann@wechat.invalid", "unnamed", "hello"]);
    check(&mails[1], &["not taken: 5 values where the header names 9"]);
    let five = "StrTalker,StrContent,Type,CreateTime,IsSender\nwxid_a,hi,1,1696118400,1\nroom@chatroom,\"wxid_b:\nhey\",1,1696118400,0\n";
    let mails = read_text(five);
    check(&mails[0], &["From: account owner <", "To: <wxid_a@wechat.invalid>", "\r\n\r\nhi"]);
    check(&mails[1], &["From: <wxid_b@wechat.invalid>", "room@chatroom", "\r\n\r\nhey"]);
    assert!(!mails[0].contains("whole_record"));
}

#[test]
fn py_wx_dump() {
    let rows = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n\
                1,99,文本,0,wxid_a,wxid_a,hello,,2024/10/4 11:42\n\
                2,100,图片,1,,wxid_a,,FileStorage\\Image\\1.dat,2024-10-04 11:42:07\n\
                3,101,图片,0,wxid_b,1@chatroom,,FileStorage\\Image\\2.dat,2024-10-04 11:42:08\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("1.dat"), "content").unwrap();
    let mails: Vec<_> = read(folder.path(), rows.as_bytes()).unwrap().iter().map(shown).collect();
    check(
        &mails[0],
        &["X-Custodia-Sent: 2024-10-04T11:42:00+08:00", "Native-Id: 99", "precision", "Asia/Shanghai", "\r\n\r\nhello"],
    );
    check(&mails[1], &["Y29udGVudA==", "1.dat", "To: <wxid_a@wechat.invalid>"]);
    check(&mails[2], &["absent_attachments", "2.dat", "1@chatroom", "From: <wxid_b@wechat.invalid>"]);
    check(&mails[3], &["closed, 1 absent"]);
    let old = "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime\n\
               1,5,文本,0,wxid_a,wxid_a,\"{\"\"src\"\": \"\"\"\", \"\"msg\"\": \"\"old text\"\"}\",2024-10-04 11:42:07\n";
    check(&read_text(old)[0], &["\r\n\r\nold text"]);
    let we_flow = "\u{feff}id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\r\n1,5,文本,0,wxid_a,hi,,2024-10-04T03:42:07.000Z\r\n";
    check(&read_text(we_flow)[0], &["X-Custodia-Sent: 2024-10-04T03:42:07Z", "Conversation-Id: wxid_a"]);
}

#[test]
fn an_export_with_other_row_numbers_holds_the_same_messages() {
    let row = |id: u32| {
        format!(
            "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n{id},99,图片,0,a,a,,,2024/10/4 11:42\n"
        )
    };
    assert_eq!(read_text(&row(1))[0], read_text(&row(900))[0]);
}

#[test]
fn we_flow() {
    let file = r#"{"weflow":{"version":"1"},"session":{"wxid":"9@chatroom","displayName":"Sales","type":"群聊"},"avatars":{"a":"data:"},"messages":[
        {"localId":1,"createTime":1700000000,"type":"文本消息","content":" hi ","isSend":0,"senderUsername":"wxid_a","senderDisplayName":"Ann"},
        {"localId":2,"createTime":1700000001,"type":"系统消息","content":"joined","isSend":null,"senderUsername":"9@chatroom"},
        {"localId":3,"createTime":null,"type":"引用消息","content":{"title":"answer","items":[1,"more"]},"isSend":1,"senderUsername":"wxid_me"},
        {"localId":4,"createTime":"1700000002","content":"nobody"},
        5,
        {"localId":6}]}"#;
    let mails = read_text(file);
    check(
        &mails[0],
        &["From: Ann <wxid_a@wechat.invalid>", "Conversation-Name: Sales", "Conversation-Type: group", "\r\n\r\n hi "],
    );
    check(&mails[1], &["X-Custodia-Event: system", "joined"]);
    check(&mails[2], &["time_unknown", "more\r\nanswer", "From: <wxid_me@wechat.invalid>"]);
    check(&mails[3], &["sender_unknown", "nobody", "Tue, 14 Nov 2023 22:13:22"]);
    check(&mails[4], &["not taken: not an object"]);
    check(&mails[5], &["not taken: not a message"]);
    check(&mails[6], &["closed"]);
}

#[test]
fn chatlog() {
    let file = r#"[{"seq":1700000000000,"time":"2024-10-04T11:42:07+08:00","talker":"9@chatroom","talkerName":"Sales","isChatRoom":true,"sender":"wxid_a","senderName":"Ann","isSelf":false,"type":1,"subType":0,"content":"hi"},
        {"seq":2,"time":"2024-10-04T11:42:08+08:00","talker":"wxid_a","talkerName":"Ann","isChatRoom":false,"sender":"wxid_me","senderName":"Me","isSelf":true,"type":49,"subType":5,"content":"","contents":{"title":"T","url":"https://x.example","md5":"secret"}},
        {"seq":3,"time":"2024-10-04T11:42:09+08:00","talker":"wxid_a","sender":"系统消息","isSelf":false,"type":10000,"content":"joined"}]"#;
    let mails = read_text(file);
    check(
        &mails[0],
        &[
            "From: Ann <wxid_a@wechat.invalid>",
            "Conversation-Name: Sales",
            "X-Custodia-Sent: 2024-10-04T11:42:07+08:00",
        ],
    );
    check(
        &mails[1],
        &["From: Me <wxid_me@wechat.invalid>", "To: Ann <wxid_a@wechat.invalid>", "\r\n\r\nT\r\nhttps://x.example"],
    );
    check(&mails[2], &["X-Custodia-Event: system"]);
}

#[test]
fn chat_lab() {
    let head = r#""chatlab":{"version":"0.0.2"},"meta":{"name":"Sales","platform":"wechat","type":"group","groupId":"9","ownerId":"me"}"#;
    let message = r#""platformMessageId":"m2","replyToMessageId":"m1","sender":"me","accountName":"Me","timestamp":1700000000,"type":25,"content":"yes""#;
    let lines = format!(
        "{{\"_type\":\"header\",{head}}}\n# note\n{{\"_type\":\"member\",\"platformId\":\"me\"}}\n{{\"_type\":\"message\",{message}}}\n"
    );
    let mails = read_text(&lines);
    assert!(mails.len() == 2 && mails[1].contains("members of the chat listed: 1"), "{}", mails[1]);
    let parts =
        ["From: Me <me@wechat.invalid>", "Reply-To: m1", "Native-Id: m2", "Conversation-Type: group", "\r\n\r\nyes"];
    check(&mails[0], &parts);
    let document = format!(
        "{{{head},\"members\":[],\"messages\":[{{{message}}},{{\"type\":81,\"sender\":\"a\",\"timestamp\":1,\"content\":null}}]}}"
    );
    let mails = read_text(&document);
    check(&mails[0], &parts);
    check(&mails[1], &["X-Custodia-Event: recalled"]);
    let folder = tempfile::tempdir().unwrap();
    let other = document.replace("\"wechat\"", "\"qq\"");
    assert!(read(folder.path(), other.as_bytes()).err().unwrap().contains("only WeChat"));
}

#[test]
fn a_header_that_is_not_known_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for content in ["", "a,b\n1,2\n", "\"", "\0"] {
        assert!(read(folder.path(), content.as_bytes()).err().unwrap().contains("StrContent"), "{content}");
    }
}
