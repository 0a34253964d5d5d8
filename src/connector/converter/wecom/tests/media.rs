//! Media are found beside the records, and what is missing is counted.

use std::fs;

use crate::connector::converter::wecom::tests::{read, shown};
use crate::connector::{Raw, SourceEvent};

/// MD5 of `content`.
const MD5: &str = "9a0364b9e99bb480dd25e1f0284c8555";

fn mail(event: &SourceEvent) -> String {
    let SourceEvent::Record(record) = event else { panic!("{event:?}") };
    let Raw::Memory(bytes) = &record.raw else { panic!("{event:?}") };
    let mail = String::from_utf8(bytes.clone()).unwrap();
    let words = mail.split("=?utf-8?B?").skip(1).filter_map(|rest| rest.split("?=").next());
    let words: Vec<u8> = words.flat_map(|word| data_encoding::BASE64.decode(word.as_bytes()).unwrap()).collect();
    format!("{mail}\n{}", String::from_utf8(words).unwrap())
}

fn image(md5: &str) -> String {
    format!(
        r#"{{"msgid":"5_1","action":"send","from":"a","tolist":["b"],"msgtime":1700000000000,"msgtype":"file","file":{{"md5sum":"{md5}","filename":"plan.txt","sdkfileid":"key"}}}}"#
    )
}

#[test]
fn a_file_is_found_by_any_of_its_names() {
    for name in ["5_1.txt", "5_1", "media/5_1", "media/key", "key.bin", "plan.txt", "media/plan.txt", "media/plan", MD5]
    {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("media")).unwrap();
        fs::write(folder.path().join(name), "content").unwrap();
        let events = read(folder.path(), "records.json", image(MD5).as_bytes()).unwrap();
        let found = mail(&events[0]).contains("\r\nY29udGVudA==\r\n");
        assert_eq!(found, !matches!(name, "5_1.txt" | "key.bin"), "{name}");
        assert_eq!(shown(&events[1]), if found { "closed, 0 absent" } else { "closed, 1 absent" });
    }
}

#[test]
fn another_file_of_the_same_name_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plan.txt"), "another").unwrap();
    let events = read(folder.path(), "records.json", image(MD5).as_bytes()).unwrap();
    assert!(!mail(&events[0]).contains("base64") && mail(&events[0]).contains("absent_attachments"));
    assert_eq!(shown(&events[1]), "closed, 1 absent");
    fs::write(folder.path().join("key"), "damaged").unwrap();
    let events = read(folder.path(), "records.json", image(MD5).as_bytes()).unwrap();
    assert!(mail(&events[0]).contains("md5_differs") && mail(&events[0]).contains("base64"));
}

#[test]
fn a_folder_is_recognised_file_by_file_with_its_media() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("media")).unwrap();
    fs::write(folder.path().join("media").join(MD5), "content").unwrap();
    fs::write(folder.path().join("a.json"), image(MD5)).unwrap();
    fs::write(folder.path().join("b.csv"), "StrTalker,StrContent,Type,CreateTime,IsSender\nwxid_a,hi,1,1696118400,1\n")
        .unwrap();
    let sources = crate::connector::open(&[folder.path().to_owned()], &crate::connector::Options::default()).unwrap();
    let found = sources.map(|event| match event {
        SourceEvent::Opened { format, .. } => format.as_str().to_owned(),
        SourceEvent::Record(_) => "message".to_owned(),
        SourceEvent::Rejected(rejection) => rejection.reason,
        SourceEvent::Closed(account) => format!("{} absent", account.absent_attachments),
    });
    let expected = ["wecom", "message", "0 absent", "wechat", "message", "0 absent"];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn a_record_is_not_its_own_attachment() {
    let folder = tempfile::tempdir().unwrap();
    let events = read(folder.path(), "5_1", image("").as_bytes()).unwrap();
    assert_eq!(shown(&events[1]), "closed, 1 absent");
}

#[test]
fn a_long_record_is_kept_whole_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let long =
        format!(r#"{{"msgid":"1","from":"a","msgtime":1,"msgtype":"new","new":{{"x":"{}"}}}}"#, "y".repeat(70_000));
    let events = read(folder.path(), "x", long.as_bytes()).unwrap();
    assert!(mail(&events[0]).contains("record.json"));
}
