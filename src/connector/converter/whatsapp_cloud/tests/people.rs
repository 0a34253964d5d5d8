//! Who sent what to whom.

use super::*;

/// Number, name and id of sender and first recipient, and the chat.
fn parties(record: &Record) -> Vec<String> {
    let chat = record.conversation.as_ref().unwrap();
    let people = record.sender.iter().chain(&record.recipients);
    let mut all: Vec<String> = people.map(|p| format!("{}/{}/{}", p.number, p.name, p.id)).collect();
    all.push(format!("{}{}", chat.id, if chat.group { " group" } else { "" }));
    all
}

#[test]
fn people_are_known_by_number_or_by_id() {
    let text = |more: Value| {
        let mut message = json!({"id": "m", "timestamp": 1_709_287_200, "type": "text", "text": {"body": "x"}});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([message])
    };
    let business = format!("{BUSINESS}//700100");
    let ann = format!("{ANN}/Ann/GB.55");
    let chat = format!("{BUSINESS}:{ANN}");
    for (field, list, more, expected) in [
        ("messages", "messages", json!({"from": ANN}), [&ann, &business, &chat]),
        ("messages", "messages", json!({"from_user_id": "GB.55"}), [&ann, &business, &chat]),
        ("messages", "messages", json!({}), [&ann, &business, &chat]),
        ("messages", "messages", json!({"from": ANN, "group_id": "g-1"}), [&ann, &business, &"g-1 group".to_owned()]),
        (
            "messages",
            "messages",
            json!({"from_user_id": "US.7"}),
            [&"//US.7".to_owned(), &business, &format!("{BUSINESS}:US.7")],
        ),
        ("smb_message_echoes", "message_echoes", json!({"from": BUSINESS, "to": ANN}), [&business, &ann, &chat]),
        (
            "smb_message_echoes",
            "message_echoes",
            json!({"from": BUSINESS, "to_user_id": "GB.55"}),
            [&business, &ann, &chat],
        ),
        ("messages", "messages", json!({"from": "?"}), [&"?//".to_owned(), &business, &format!("{BUSINESS}:?")]),
    ] {
        let record = made(body(field, value(list, text(more.clone())))).record;
        assert_eq!(parties(&record).iter().collect::<Vec<_>>(), expected, "{more}");
    }
    let thread = |from: &str| json!([{"metadata": {"phase": 1}, "threads": [{"id": ANN, "messages": text(json!({"from": from}))}]}]);
    let out = made(body("history", value("history", thread(BUSINESS)))).record;
    assert_eq!(parties(&out), [business.clone(), ann.clone(), chat.clone()]);
    assert_eq!(parties(&made(body("history", value("history", thread(ANN)))).record), [ann, business, chat]);
    let declined = json!([{"errors": [{"code": 5, "timestamp": SECONDS}], "threads": [{"id": ANN, "messages": []}]}]);
    assert_eq!(counts(&read_all(&[body("history", value("history", declined))])), (1, 1, 1));
}
