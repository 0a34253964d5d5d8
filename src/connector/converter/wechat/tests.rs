//! Every shape that tools write becomes messages that say what was said, and nothing else becomes one.

mod bodies;
mod hostile;
mod shapes;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::connector::SourceEvent;
use crate::connector::input::{Attachments, Beside, InputContent};
use crate::message::converted::Record;
use crate::model::TimeZone;

/// The record of a message of a code and sub-type, in a chat of two that the owner is not the sender of.
fn of_code(code: u64, sub: u64, content: &str) -> Record {
    let mut message =
        message::Message::new(sort::Sort::of_code(code, sub), when::When::read("1700000000"), content.to_owned());
    message.own = Some(false);
    message.chat = message::chat("wxid_ann", "");
    message.peer = message::person("wxid_ann", "Ann");
    record(message.draft(&TimeZone::UTC))
}

fn record(mut draft: crate::connector::converter::draft::Draft) -> Record {
    draft.record.text = draft.lines.join("\n");
    draft.record.extra.extend(draft.whole.map(|whole| ("/whole_record".to_owned(), whole)));
    draft.record.within_limits().unwrap()
}

/// A fact of a record as JSON; empty if there is none.
fn fact<'a>(record: &'a Record, pointer: &str) -> &'a str {
    record.extra.iter().find(|(known, _)| known == pointer).map_or("", |(_, value)| value)
}

/// The events of a file in `folder`, with local times of Shanghai.
fn read(folder: &Path, content: &[u8]) -> Result<Vec<SourceEvent>, String> {
    let path = folder.join("export");
    fs::write(&path, content).unwrap();
    let beside = Beside::file(&path, &Attachments::default()).unwrap();
    let content = InputContent::File(Arc::new(content.to_vec()));
    let input = Input { origin: "export".to_owned(), name: "export".to_owned(), content, beside };
    let options = Options { timezone: "Asia/Shanghai".parse().unwrap(), ..Options::default() };
    Ok(open(input, &options).map_err(|refusal| refusal.reason)?.collect())
}

/// The raw bytes of a message as text; of anything else, what it says.
fn shown(event: &SourceEvent) -> String {
    match event {
        SourceEvent::Record(record) => {
            let raw = record.raw.source();
            let mut bytes = vec![0; raw.len() as usize];
            raw.read_exact_at(0, &mut bytes).unwrap();
            decoded(&String::from_utf8_lossy(&bytes))
        }
        SourceEvent::Rejected(rejection) => format!("not taken: {}", rejection.reason),
        SourceEvent::Closed(account) => {
            format!("closed, {} absent{}", account.absent_attachments, account.notes.join("; "))
        }
        SourceEvent::Opened { .. } => "opened".to_owned(),
    }
}

/// A mail with the text of its encoded words at its end, where tests find it.
fn decoded(mail: &str) -> String {
    let words = mail.split("=?utf-8?B?").skip(1).filter_map(|rest| rest.split("?=").next());
    let bytes: Vec<u8> = words.flat_map(|word| data_encoding::BASE64.decode(word.as_bytes()).unwrap()).collect();
    format!("{mail}\n{}", String::from_utf8_lossy(&bytes))
}

fn read_text(content: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    read(folder.path(), content.as_bytes()).unwrap().iter().map(shown).collect()
}

fn is(head: &[u8]) -> bool {
    recognises(&Start { name: "x", head })
}

#[test]
fn what_is_of_this_format_is_recognised() {
    for head in [
        "\u{feff}localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n",
        "StrTalker,StrContent,Type,CreateTime,IsSender\n",
        "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n",
        "\u{feff}id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\r\n",
        r#"{"weflow":{"version":"1"},"session":{},"messages":[]}"#,
        r#"{"session":{"wxid":"a"},"messages":[]}"#,
        r#"{"messages":[{"senderUsername":"a","createTime":1"#,
        r#"[{"seq":1,"time":"x","talker":"a","isChatRoom":false,"isSelf":true,"type":1"#,
        r#"{"chatlab":{"version":"0.0.2"},"meta":{"platform":"wechat"},"messages":[]}"#,
        r#"{"_type":"header","chatlab":{},"meta":{"platform": "WeChat"}}"#,
        "# made by hand\n{\"_type\":\"header\",\"chatlab\":{},\"meta\":{}}",
    ] {
        assert!(is(head.as_bytes()), "{head}");
    }
    for head in [
        "",
        "{}",
        "Type,CreateTime\n1,2\n",
        "date,sender,text\n",
        r#"{"chatlab":{},"meta":{"platform":"qq"},"messages":[]}"#,
        r#"{"platform":"wechat","sent":"x","talker":"a","isSelf":true,"type":1}"#,
        r#"{"messages":[]}"#,
        r#"{"name":"x","messages":[{"from_id":"user1","date":"x"}]}"#,
        r#"{"object":"whatsapp_business_account","entry":[]}"#,
        r#"{"1@s.whatsapp.net":{"name":"x","messages":{"1":{"from_me":true}}}}"#,
        r#"{"msgid":"1","action":"send","msgtype":"text"}"#,
    ] {
        assert!(!is(head.as_bytes()), "{head}");
    }
}

#[test]
fn samples_are_read() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else { return skipped() };
    let folder = Path::new(&shared).join("samples/wechat-personal");
    if !folder.is_dir() {
        return skipped();
    }
    let scratch = tempfile::tempdir().unwrap();
    for (name, messages) in [
        ("chatlab_standard.jsonl", 1),
        ("chatlab_weflow_odd_cases.json", 11),
        ("chatlab_weflow_rs_01.json", 4),
        ("chatlab_weflow_rs_03.json", 1),
        ("chatlab_weflow_rs_05.json", 2),
        ("chatlab_weflow_rs_07.json", 0),
        ("digitalme_sample_wechat.csv", 5),
        ("weclone_test_PII_test_0_730.csv", 62),
    ] {
        let content = fs::read(folder.join(name)).unwrap();
        assert!(is(&content), "{name}");
        let events = read(scratch.path(), &content).unwrap();
        let taken = events.iter().filter(|event| matches!(event, SourceEvent::Record(_))).count();
        assert_eq!((taken, events.len()), (messages, messages + 1), "{name}");
    }
}

fn skipped() {
    eprintln!("skipped: CUSTODIA_SHARED names no samples");
}
