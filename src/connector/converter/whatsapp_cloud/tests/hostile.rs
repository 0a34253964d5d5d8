//! Damaged notifications: nothing panics, nothing is lost.

use super::*;

/// A message with something of every type, to be damaged.
fn everything() -> Vec<Value> {
    vec![
        sent(
            json!({"type": "text", "text": {"body": "a"}, "context": {"id": "c", "forwarded": true}, "errors": [{"code": 1}]}),
        ),
        sent(json!({"type": "document", "document": {"id": "1", "filename": "f", "mime_type": "a/b", "sha256": "x"}})),
        sent(json!({"type": "contacts", "contacts": [{"name": {"first_name": "x"}, "phones": [{"phone": "1"}]}]})),
        sent(
            json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}}),
        ),
        sent(json!({"type": "order", "order": {"product_items": [{"quantity": 1}], "text": "x"}})),
        sent(json!({"type": "edit", "edit": {"message": {"type": "image", "image": {"id": "1"}}}})),
        sent(json!({"type": "system", "system": {"wa_id": "5", "body": "b"}, "referral": {"a": "b"}, "group_id": "g"})),
        sent(json!({"type": "location", "location": {"latitude": 1, "longitude": 2}})),
    ]
}

fn strange() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"id": {"x": [null, 1e300]}}]])),
        Just(Value::from("9".repeat(3000))),
    ]
}

/// Replaces the `at`-th value within `value`, counted over all depths.
fn replace(value: &mut Value, at: &mut usize, new: &Value) {
    let children: Vec<&mut Value> = match value {
        Value::Array(values) => values.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => return,
    };
    for child in children {
        if *at == 0 {
            *child = new.clone();
            *at = usize::MAX;
            return;
        }
        *at -= 1;
        replace(child, at, new);
        if *at == usize::MAX {
            return;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_message_is_one_record_or_one_rejection(damage in prop::collection::vec((0_usize..80, strange()), 1..6)) {
        let mut list = Value::from(everything());
        for (at, new) in &damage {
            replace(&mut list, &mut at.clone(), new);
        }
        let expected = list.as_array().unwrap().len();
        let (records, rejected, closed) = counts(&read_all(&[body("messages", value("messages", list))]));
        prop_assert_eq!((records + rejected, closed), (expected, 1));
    }

    #[test]
    fn damaged_notifications_are_answered(
        damage in prop::collection::vec((0_usize..60, strange()), 1..4),
        bytes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let status = json!({"id": "s", "status": "read", "timestamp": SECONDS, "errors": [{"code": 1}], "type": "call"});
        let call = json!({"id": "c", "event": "terminate", "timestamp": SECONDS, "duration": 4, "start_time": 5});
        let mut all = body("messages", value("statuses", json!([status, status])));
        all["entry"][0]["changes"][0]["value"]["calls"] = json!([call]);
        all["entry"][0]["changes"][0]["value"]["history"] = json!([{"threads": [{"id": ANN, "messages": [sent(json!({}))]}]}]);
        for (at, new) in &damage {
            replace(&mut all, &mut at.clone(), new);
        }
        let mut text = all.to_string().into_bytes();
        for (at, byte) in &bytes {
            let at = at.index(text.len());
            text[at] = *byte;
        }
        let (records, rejected, closed) = counts(&read(&text));
        prop_assert!(records + rejected > 0 && closed == 1);
    }
}
