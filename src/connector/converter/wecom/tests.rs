//! Every type of record becomes a message that says what it says, and nothing else becomes one.

mod hostile;
mod media;
mod types;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::connector::input::{Attachments, Beside, InputContent};
use crate::connector::shared::samples;
use crate::message::converted::Record;

/// The record of one element, with its text.
fn record(json: &str) -> Record {
    let mut draft = record::draft(json.as_bytes()).unwrap();
    draft.record.text = draft.lines.join("\n");
    draft.record.extra.extend(draft.whole.map(|whole| ("/whole_record".to_owned(), whole)));
    draft.record.within_limits().unwrap()
}

/// A record of a type, in a chat of two.
fn of_type(kind: &str, rest: &str) -> Record {
    record(&format!(
        r#"{{"msgid":"7_1700000000","action":"send","from":"lihua","tolist":["wei"],"roomid":"","msgtime":1700000000123,"msgtype":"{kind}",{rest}}}"#
    ))
}

/// A fact of a record as JSON; empty if there is none.
fn fact<'a>(record: &'a Record, pointer: &str) -> &'a str {
    record.extra.iter().find(|(known, _)| known == pointer).map_or("", |(_, value)| value)
}

/// The events of a file `name` in `folder`.
fn read(folder: &Path, name: &str, content: &[u8]) -> Result<Vec<SourceEvent>, String> {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    let beside = Beside::file(&path, &Attachments::default()).unwrap();
    let content = InputContent::File(Arc::new(content.to_vec()));
    let input = Input { origin: name.to_owned(), name: name.to_owned(), content, beside };
    Ok(open(input, &Options::default()).map_err(|refusal| refusal.reason)?.collect())
}

/// One line for each event.
fn lines(content: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let events = read(folder.path(), "x", content.as_bytes()).unwrap();
    events.iter().map(shown).collect()
}

fn shown(event: &SourceEvent) -> String {
    match event {
        SourceEvent::Record(record) => record.origin.clone(),
        SourceEvent::Rejected(rejection) => format!("{} not taken: {}", rejection.origin, rejection.reason),
        SourceEvent::Closed(account) => format!("closed, {} absent", account.absent_attachments),
        SourceEvent::Opened { .. } => "opened".to_owned(),
    }
}

const TEXT: &str = r#"{"msgid":"1","action":"send","from":"a","tolist":["b"],"msgtime":1700000000000,"msgtype":"text","text":{"content":"hi"}}"#;

#[test]
fn every_shape_gives_its_records() {
    let encrypted =
        r#"{"seq":196,"msgid":"c","publickey_ver":3,"encrypt_random_key":"eA==","encrypt_chat_msg":"eA=="}"#;
    let outer = format!(r#"{{"seq":5,"publickey_ver":3,"decrypted":{TEXT}}}"#);
    let inner = format!(r#"{{"seq":5,"chat":{}}}"#, serde_json::Value::from(TEXT));
    for (content, expected) in [
        (TEXT.to_owned(), ["x#1", "closed"].as_slice()),
        (format!("{TEXT}\n{TEXT}\n"), &["x#1", "x#2", "closed"]),
        (format!("[{TEXT},{TEXT}]"), &["x#1", "x#2", "closed"]),
        (
            format!("{{\"errcode\":0,\"chatdata\":[{outer},{encrypted}]}}"),
            &["x#1", "x#2 not taken: encrypted", "closed"],
        ),
        (format!("{outer}\n{inner}"), &["x#1", "x#2", "closed"]),
        (format!("{TEXT}\n{{\"a\"\n{TEXT}"), &["x#1", "x#2 not taken: not JSON", "x#3", "closed"]),
        (
            format!("{TEXT}\n[]\n{{}}\n5"),
            &["x#1", "x#3 not taken: no record", "x#4 not taken: not an object", "closed"],
        ),
        (
            r#"{"errcode":10010,"errmsg":"x"}"#.to_owned(),
            &["x#1 not taken: no records but the error 10010: the data have expired", "closed"],
        ),
        (String::new(), &["closed"]),
    ] {
        let lines = lines(&content);
        assert_eq!(lines.len(), expected.len(), "{content}: {lines:?}");
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.starts_with(expected), "{content}: {line}");
        }
    }
    assert_eq!(record(&outer).text, "hi");
}

#[test]
fn how_a_record_was_delivered_makes_no_other_message_of_it() {
    let file = r#"{"msgid":"2","action":"send","from":"a","tolist":["b"],"msgtime":1700000000000,"msgtype":"file","file":{"md5sum":"x","filename":"a, \"}.pdf","filesize":12345678901234567890,"sdkfileid":"y"}}"#;
    for said in [TEXT, file] {
        let quoted = serde_json::Value::from(said);
        let inline = said.replacen('{', r#"{"seq":9,"publickey_ver":4,"#, 1);
        let digests: std::collections::BTreeSet<_> = [
            said.to_owned(),
            format!(r#"{{"seq":5,"publickey_ver":3,"decrypted":{said}}}"#),
            format!(r#"{{"seq":6,"msgid":"1","publickey_ver":4,"encrypt_random_key":"eA==","chat":{said}}}"#),
            format!(r#"{{"seq":7,"chat":{quoted}}}"#),
            inline,
        ]
        .iter()
        .map(|delivered| record(delivered).identity(&[], 0).to_string())
        .collect();
        assert_eq!(digests.len(), 1, "{said}");
    }
    let more = format!(r#"{{"seq":5,"corp":"c1","decrypted":{file}}}"#);
    assert!(fact(&record(&more), "/whole_record").contains("c1"), "what else comes with it is kept");
}

#[test]
fn what_is_of_this_format_is_recognised() {
    let is = |head: &str| recognises(&Start { name: "x", head: head.as_bytes() });
    let xml = "<xml>\n<Event><![CDATA[msgaudit_notify]]></Event></xml>";
    for head in [
        TEXT,
        &format!("\u{feff}[{TEXT}"),
        r#"{"msgid":"1","action":"switch","time":1,"user":"a"}"#,
        r#"{"errcode":0,"chatdata":[{"seq":1,"msgid":"x","encrypt_chat_msg":"#,
        r#"{"errcode":0,"errmsg":"ok","chatdata":[]}"#,
        r#"{"seq":1,"publickey_ver":1,"x":{"msgid":"1","msgtype":"text"#,
        r#"{"msg_list":[{"msgid":"1","send_time":1700000000"#,
        xml,
    ] {
        assert!(is(head), "{head}");
    }
    for head in [
        "",
        "{",
        r#"{"platform":"wecom","msgid":"1","msgtype":"text"}"#,
        r#"{"platform":"wecom","sent":"x","text":"\"msgid\":1,\"msgtype\":2"}"#,
        r#"{"object":"whatsapp_business_account","entry":[{"id":"1"}]}"#,
        r#"{"chats":{"x":{"msgid":"1","msgtype":"2"}}}"#,
        r#"{"messages":[{"msgtype":"m.text","msgid":"1"}]}"#,
        "<xml><Event>subscribe</Event></xml>",
        "msgid,msgtype\n1,2\n",
    ] {
        assert!(!is(head), "{head}");
    }
}

#[test]
fn samples_are_read() {
    let Some(samples) = samples("wecom") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let mut count = 0;
    for file in fs::read_dir(samples).unwrap() {
        let path = file.unwrap().path();
        let content = fs::read(&path).unwrap();
        assert!(recognises(&Start { name: "x", head: &content }), "{}", path.display());
        let events: Vec<_> = read(scratch.path(), "x", &content).unwrap().iter().map(shown).collect();
        assert!(events.len() == 2 && events[0] == "x#1", "{}: {events:?}", path.display());
        if path.extension().is_some_and(|extension| extension == "json") {
            let record = record(std::str::from_utf8(&content).unwrap());
            let kind = fact(&record, "/content");
            assert!(kind != "\"unsupported\"" && (record.conversation.is_some() || kind == "\"switch\""), "{kind}");
        }
        count += 1;
    }
    assert_eq!(count, 24);
}
