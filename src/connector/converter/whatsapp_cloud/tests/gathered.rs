//! Statuses and calls, which come in several notifications.

use super::*;

#[test]
fn the_statuses_of_a_message_are_one_record() {
    let status = |word: &str, seconds: u64, id: &str| {
        let status = json!({"id": id, "status": word, "timestamp": seconds.to_string(), "recipient_id": ANN});
        body("messages", value("statuses", json!([status])))
    };
    let all = [
        status("read", 1_709_287_260, "m1"),
        status("sent", 1_709_287_200, "m1"),
        status("sent", 1_709_287_200, "m2"),
        status("delivered", 1_709_287_200, "m1"),
        status("read", 1_709_287_260, "m1"),
    ];
    let events = read_all(&all);
    assert_eq!(counts(&events), (2, 0, 1));
    let first = mail(&events[0]);
    assert!(first.contains("X-Custodia-Event-Reference: m1\r\n") && first.contains("X-Custodia-Event: system\r\n"));
    assert_eq!(
        text_of(&events[0]),
        "sent 2024-03-01T10:00:00Z, delivered 2024-03-01T10:00:00Z, read 2024-03-01T10:01:00Z"
    );
    assert!(first.contains("Date: Fri, 01 Mar 2024 10:00:00 +0000") && first.contains(ANN) && first.contains(BUSINESS));
    let mut reversed = all.to_vec();
    reversed.reverse();
    let again = read_all(&reversed);
    assert!(again.iter().any(|event| matches!(event, SourceEvent::Record(_)) && mail(event) == first));
    let failed = json!({"id": "m3", "status": "failed", "timestamp": "1709287200", "recipient_id": ANN,
        "errors": [{"code": 1, "title": "Blocked"}]});
    let events = read_all(&[body("messages", value("statuses", json!([failed])))]);
    assert_eq!(text_of(&events[0]), "failed 2024-03-01T10:00:00Z\r\nError 1: Blocked");
    let odd = json!([{"status": "sent", "timestamp": "1709287200"}, {"id": "m4", "status": "sent"}]);
    assert_eq!(counts(&read_all(&[body("messages", value("statuses", odd))])), (1, 1, 1));
}

#[test]
fn statuses_in_a_group_say_whose_they_are() {
    let status = |who: &str, seconds: u64| {
        json!({"id": "m1", "status": "read", "timestamp": seconds.to_string(), "recipient_id": "g-1",
            "recipient_type": "group", "recipient_participant_id": who})
    };
    let mut second = body("messages", value("statuses", json!([status("4912345", 1_709_287_260)])));
    second["entry"][0]["changes"][0]["value"]["novelty"] = json!(true);
    let first = body("messages", value("statuses", json!([status(ANN, 1_709_287_200)])));
    let found = [first, second].into_iter().flat_map(|value| reports(Parsed { value, mended: false }).unwrap());
    let record = status::statuses(&found.collect::<Vec<_>>()).unwrap().record;
    let expected = format!("read 2024-03-01T10:00:00Z ({ANN}), read 2024-03-01T10:01:00Z (4912345)");
    assert_eq!(record.text, expected);
    let numbers: Vec<_> = record.recipients.iter().map(|person| person.number.as_str()).collect();
    assert_eq!(numbers, [BUSINESS, ANN, "4912345"]);
    assert_eq!(record.conversation.as_ref().unwrap().id, "g-1");
    assert_eq!(fact(&record, "/notification")["notifications"]["others"], json!([{"value": {"novelty": true}}]));
}

#[test]
fn what_is_gathered_is_bounded() {
    let status = |text: &str| {
        let status = json!({"id": "m1", "status": "sent", "timestamp": SECONDS, "note": text});
        body("messages", value("statuses", json!([status])))
    };
    let events = read_all(&[status("a"), status(&"x".repeat(9 << 20)), status("b"), status("c")]);
    assert_eq!(counts(&events), (2, 0, 1));
}

#[test]
fn a_call_is_joined_from_its_ends() {
    let connect = json!({"id": "wacid.1", "from": ANN, "to": BUSINESS, "event": "connect", "timestamp": "1709287200",
        "direction": "USER_INITIATED", "session": {"sdp_type": "offer"}});
    let terminate = json!({"id": "wacid.1", "from": ANN, "to": BUSINESS, "event": "terminate", "timestamp": "1709287260",
        "direction": "USER_INITIATED", "status": "COMPLETED", "start_time": 1_709_287_210, "end_time": "1709287252",
        "duration": "42"});
    let calls = |calls: &[&Value]| body("calls", value("calls", json!(calls)));
    let together = read_all(&[calls(&[&terminate]), calls(&[&connect])]);
    assert_eq!(counts(&together), (1, 0, 1));
    let joined = mail(&together[0]);
    for field in [
        "X-Custodia-Kind: call",
        "X-Custodia-Call-Direction: incoming",
        "X-Custodia-Call-Answered: yes",
        "X-Custodia-Call-Duration: 42",
        "X-Custodia-Native-Id: wacid.1",
        "Date: Fri, 01 Mar 2024 10:00:00 +0000",
        "From: Ann 447700900123 <",
    ] {
        assert!(joined.contains(&format!("\r\n{field}")) || joined.starts_with(field), "{field}\n{joined}");
    }
    assert_eq!(text_of(&together[0]), "Incoming call, answered, 42 seconds (COMPLETED)");
    assert!(mail(&read_all(&[calls(&[&connect, &terminate])])[0]) == joined);
    assert_eq!(text_of(&read_all(&[calls(&[&connect])])[0]), "Incoming call");
    let ended = mail(&read_all(&[calls(&[&terminate])])[0]);
    for field in ["X-Custodia-Event: system", "X-Custodia-Event-Reference: wacid.1", "X-Custodia-Call-Duration: 42"] {
        assert!(ended.contains(field), "an end alone is an event on the call: {field}\n{ended}");
    }
    let ringing =
        json!({"id": "wacid.1", "type": "call", "status": "RINGING", "timestamp": "1709287201", "recipient_id": ANN});
    let events = read_all(&[body("calls", value("statuses", json!([ringing])))]);
    assert!(mail(&events[0]).contains("X-Custodia-Kind: call") && text_of(&events[0]).starts_with("RINGING 2024"));
}
