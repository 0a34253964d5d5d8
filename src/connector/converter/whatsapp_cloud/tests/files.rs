//! Bodies and media, as files.

use super::*;
use crate::connector::shared::samples;

#[test]
fn files_beside_the_notification_come_with_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("media")).unwrap();
    fs::write(folder.path().join("media/31.pdf"), "paper").unwrap();
    fs::write(folder.path().join("32"), "photo").unwrap();
    fs::write(folder.path().join("secret"), "no").unwrap();
    let hash = BASE64.encode(&Sha256::digest(b"paper"));
    let file = |kind: &str, file: Value| messages(json!({"type": kind, kind: file})).to_string();
    let lines = [
        file("document", json!({"id": "31", "filename": "plan.pdf", "mime_type": "application/pdf", "sha256": hash})),
        file("image", json!({"id": "32", "mime_type": "image/jpeg", "sha256": hash})),
        file("image", json!({"id": "33", "mime_type": "image/jpeg"})),
        file("image", json!({"id": "media/../secret"})),
        file("document", json!({"id": "34", "filename": "offer 7.pdf"})),
    ];
    let events = read_in(folder.path(), lines.join("\n").as_bytes());
    assert_eq!(counts(&events), (5, 0, 1));
    assert_eq!(text_of(&events[4]), "offer 7.pdf");
    assert!(mail(&events[0]).contains("filename=\"plan.pdf\"") && mail(&events[0]).contains("cGFwZXI="));
    assert!(!mail(&events[0]).contains("attachment_defects"));
    assert!(mail(&events[1]).contains("filename=\"32.jpg\"") && mail(&events[1]).contains("cGhvdG8="));
    assert!(mail(&events[1]).contains("attachment_defects"));
    assert!(mail(&events[2]).contains("absent_attachments") && mail(&events[2]).contains("33.jpg"));
    assert!(!mail(&events[3]).contains("multipart"));
    let Some(SourceEvent::Closed(account)) = events.last() else { panic!("{events:?}") };
    assert_eq!(account.absent_attachments, 3);
}

#[test]
fn bodies_are_found_however_they_are_laid_out() {
    let one = messages(json!({"type": "text", "text": {"body": "a"}}));
    let two = messages(json!({"type": "text", "text": {"body": "b"}}));
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let change = one["entry"][0]["changes"][0].clone();
    for (text, expected) in [
        (format!("{one}\n{two}\n"), (2, 0, 1)),
        (format!("\u{feff}{one}\r\n\r\n{two}"), (2, 0, 1)),
        (pretty(&one), (1, 0, 1)),
        (format!("{}\n{}", pretty(&one), pretty(&two)), (2, 0, 1)),
        (format!("[{one},{two}]"), (2, 0, 1)),
        (format!("[\n{one},\n{two}\n]\n"), (2, 0, 1)),
        (pretty(&json!([one, two])), (2, 0, 1)),
        (one["entry"][0].to_string(), (1, 0, 1)),
        (change.to_string(), (1, 0, 1)),
        (change["value"].to_string(), (1, 0, 1)),
        (format!("{one}\n{{\"entry\":[{{\n{two}"), (2, 1, 1)),
        (format!("{{\"entry\":[{{\n{one}\n{two}"), (2, 1, 1)),
        (format!("{one}\n\"text\"\n{{}}\n7"), (1, 3, 1)),
        (pretty(&one).trim_end_matches('}').to_owned(), (0, 1, 1)),
        ("{\"object\":\"whatsapp_business_account\",\"entry\":[]}".to_owned(), (0, 1, 1)),
        (format!("{one}").replace("\"a\"", "\"cut \\ud83d\""), (1, 0, 1)),
        ("[".repeat(10_000), (0, 1, 1)),
    ] {
        assert_eq!(counts(&read(text.as_bytes())), expected, "{}", text.chars().take(200).collect::<String>());
    }
}

#[test]
fn files_are_recognised_by_content() {
    let one = messages(json!({"type": "text", "text": {"body": "a"}}));
    let known = |text: &str| recognises(&Start { name: "x", head: text.as_bytes() });
    for text in [
        one.to_string(),
        serde_json::to_string_pretty(&json!([one])).unwrap(),
        one["entry"][0].to_string(),
        one["entry"][0]["changes"][0]["value"].to_string(),
    ] {
        assert!(known(&text), "{text}");
    }
    let quoting = json!({"platform": "whatsapp", "sent": "2024-03-01T10:00:00Z", "x": one}).to_string();
    for text in ["{\"platform\":\"sms\"}", "{\"messages\":[]}", "whatsapp_business_account", &quoting] {
        assert!(!known(text), "{text}");
    }
}

#[test]
fn each_sample_is_read() {
    let Some(samples) = samples("whatsapp-cloud-api") else { return };
    let mut files = 0;
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        let events: Vec<_> =
            crate::connector::open(std::slice::from_ref(&path), &Options::default()).unwrap().collect();
        let (records, rejected, closed) = counts(&events);
        assert!(records == 1 && rejected == 0 && closed == 1, "{}: {events:?}", path.display());
        assert!(matches!(events[0], SourceEvent::Opened { format: Format::WhatsappCloud, .. }));
        files += 1;
    }
    assert!(files > 40, "only {files} samples");
}
