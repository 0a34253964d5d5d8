//! Edits, deletions and reactions, and what is delivered twice.

use super::*;

#[test]
fn events_are_on_the_message_that_they_name() {
    let new = json!({"type": "image", "context": {"id": "m0"}, "image": {"id": "21", "caption": "new"}});
    for (more, event, text) in [
        (
            json!({"type": "reaction", "reaction": {"message_id": "m1", "emoji": "\u{1f44d}"}}),
            Event::Reacted,
            "\u{1f44d}",
        ),
        (json!({"type": "reaction", "reaction": {"message_id": "m1", "emoji": ""}}), Event::Reacted, ""),
        (json!({"type": "reaction", "reaction": {"message_id": "m1"}}), Event::Reacted, ""),
        (json!({"type": "revoke", "revoke": {"original_message_id": "m1"}}), Event::Deleted, ""),
        (json!({"type": "edit", "edit": {"original_message_id": "m1", "message": new}}), Event::Edited, "new"),
    ] {
        let record = made(messages(more)).record;
        assert_eq!((record.event, record.event_reference.as_str(), record.text.as_str()), (event, "m1", text));
        assert_eq!(fact(&record, "/whole_record"), Value::Null);
    }
    let system = json!({"type": "system", "system": {"body": "Ann has a new number", "wa_id": "447700900999",
        "type": "user_changed_number"}});
    let record = made(messages(system)).record;
    assert_eq!((record.event, record.text.as_str()), (Event::System, "Ann has a new number"));
    assert_eq!(fact(&record, "/alias"), json!({"from": ANN, "to": "447700900999"}));
}

#[test]
fn ids_that_contradict_are_all_kept() {
    let text =
        json!({"type": "text", "text": {"body": "x"}, "from_user_id": "GB.77", "from_parent_user_id": "GB.ENT.1"});
    let record = made(messages(text)).record;
    assert_eq!(record.sender.as_ref().unwrap().id, "GB.77");
    assert_eq!(fact(&record, "/parent_user_ids"), json!({"from": "GB.ENT.1", "to": ""}));
    assert_eq!(fact(&record, "/contacts")[0]["user_id"], "GB.55");
    let echo = json!({"id": "m", "timestamp": SECONDS, "type": "text", "text": {"body": "x"}, "from": BUSINESS,
        "from_user_id": "DE.9", "to": ANN});
    let record = made(body("smb_message_echoes", value("message_echoes", json!([echo])))).record;
    assert_eq!(
        (record.sender.as_ref().unwrap().id.as_str(), fact(&record, "/from_user_id")),
        ("700100", "DE.9".into())
    );
    let system = json!({"type": "system", "system": {"body": "b", "wa_id": "1", "new_wa_id": "2"}});
    let record = made(messages(system.clone())).record;
    assert_eq!((&fact(&record, "/alias")["to"], fact(&record, "/whole_record")), (&json!("1"), sent(system)));
}

#[test]
fn a_second_delivery_is_the_same_message() {
    let message = messages(json!({"type": "text", "text": {"body": "once"}}));
    let other = messages(json!({"type": "text", "text": {"body": "other"}, "id": "wamid.B"}));
    let mut redelivered = message.clone();
    redelivered["entry"][0]["time"] = json!(1_709_290_000);
    let events = read_all(&[other, redelivered, message.clone()]);
    assert_eq!(counts(&events), (3, 0, 1));
    assert!(mail(&events[1]) == mail(&events[2]));
    assert!(mail(&read_all(&[message])[0]) == mail(&events[2]));
}
