//! Every type of message says what it says.

use super::*;

#[test]
fn an_address_that_is_good_for_minutes_makes_no_other_message() {
    let photo = |address: &str| {
        messages(
            json!({"type": "image", "image": {"id": "11", "mime_type": "image/jpeg", "sha256": "x", "url": address}}),
        )
    };
    let odd = |address: &str| {
        messages(json!({"type": "odd", "odd": {"id": "11", "mime_type": "image/jpeg", "url": address}}))
    };
    for made_of in [photo, odd] {
        let [a, b] = ["https://a.example/1", "https://a.example/2"].map(|address| made(made_of(address)).record);
        assert_eq!(a.identity(&[], 0), b.identity(&[], 0));
    }
    let place = made(messages(json!({"type": "location", "location": {"url": "https://map.example"}}))).record;
    assert!(place.text.contains("https://map.example"), "what somebody shared stays");
}

#[test]
fn each_type_says_what_it_says() {
    let photo =
        json!({"id": "11", "mime_type": "image/jpeg", "sha256": "x", "caption": "the gate", "url": "https://x"});
    for (more, text, content) in [
        (json!({"type": "text", "text": {"body": "hello"}}), "hello", Value::Null),
        (json!({"type": "image", "image": photo}), "the gate", "image".into()),
        (json!({"type": "video", "video": {"id": "12"}}), "", "video".into()),
        (json!({"type": "audio", "audio": {"id": "13", "voice": true}}), "", "voice".into()),
        (json!({"type": "audio", "audio": {"id": "13", "voice": false}}), "", "audio".into()),
        (json!({"type": "sticker", "sticker": {"id": "14", "animated": false}}), "", "sticker".into()),
        (json!({"type": "document", "document": {"id": "15", "filename": "a.pdf"}}), "", "document".into()),
        (
            json!({"type": "location", "location": {"latitude": 52.5, "longitude": -1.25, "name": "Yard"}}),
            "Yard\n52.5, -1.25",
            "location".into(),
        ),
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Bo Li", "first_name": "Bo"},
                "phones": [{"phone": "+1 555", "wa_id": "1555", "type": "CELL"}], "org": {"company": "Firm"}}]}),
            "Bo Li\n+1 555 1555\norg.company: Firm",
            "contact".into(),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "list_reply",
                "list_reply": {"id": "r7", "title": "Tuesday", "description": "9 to 12"}}}),
            "Tuesday\n9 to 12",
            "list_reply".into(),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"city\":\"Oslo\"}"}}}),
            "Sent\ncity: Oslo\nname: flow",
            "nfm_reply".into(),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "call_permission_reply",
                "call_permission_reply": {"response": "accept"}}}),
            "response: accept",
            "call_permission_reply".into(),
        ),
        (json!({"type": "button", "button": {"payload": "P", "text": "Yes"}}), "Yes", "button".into()),
        (
            json!({"type": "order", "order": {"catalog_id": "c", "text": "soon", "product_items":
                [{"product_retailer_id": "BOLT", "quantity": 3, "item_price": 0.5, "currency": "EUR"}]}}),
            "soon\n3 x BOLT at 0.5 EUR",
            "order".into(),
        ),
        (
            json!({"type": "unsupported", "errors": [{"code": 131_051, "title": "Unknown", "message": "Unknown",
                "error_data": {"details": "Not supported"}}], "unsupported": {"type": "poll"}}),
            "Error 131051: Unknown; Not supported\nunsupported.type: poll",
            "unsupported".into(),
        ),
        (json!({"type": "gift", "gift": {"note": "for you"}}), "gift.note: for you", "unsupported".into()),
        (json!({"type": "text", "text": {"body": "hi", "footer": "F"}}), "hi\ntext.footer: F", Value::Null),
        (json!({"type": "text", "text": ["hi"]}), "text: hi", Value::Null),
        (json!({}), "", "unsupported".into()),
    ] {
        let record = made(messages(more.clone())).record;
        assert_eq!((record.text.as_str(), fact(&record, "/content")), (text, content), "{more}");
        assert_eq!((record.event, record.native_id.as_str()), (Event::Sent, "wamid.A"));
        assert_eq!(record.sent_text, "2024-03-01T10:00:00Z");
        assert_eq!(fact(&record, "/account"), "900");
    }
}

#[test]
fn what_is_not_represented_is_kept_whole() {
    for more in [
        json!({"type": "gift", "gift": {"note": "for you"}}),
        json!({"type": "text", "text": {"body": "hi", "footer": "F"}}),
        json!({"type": "text", "text": {"body": "hi"}, "novelty": 7}),
        json!({"type": "reaction", "reaction": {"message_id": "m", "emoji": "x", "novelty": 7}}),
        json!({"type": 5}),
    ] {
        let record = made(messages(more.clone())).record;
        assert_eq!(fact(&record, "/whole_record"), sent(more));
    }
    let plain = made(messages(json!({"type": "text", "text": {"body": "hi"}}))).record;
    let pointers: Vec<_> = plain.extra.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/account"]);
    let mut odd = messages(json!({"type": "text", "text": {"body": "hi"}}));
    odd["received_by"] = "proxy".into();
    odd["entry"][0]["changes"][0]["value"]["novelty"] = json!([1]);
    assert_eq!(
        fact(&made(odd).record, "/notification"),
        json!({"body": {"received_by": "proxy"}, "value": {"novelty": [1]}})
    );
}

#[test]
fn replies_forwards_and_advertisements_are_told() {
    let record = made(messages(json!({"type": "text", "text": {"body": "yes"},
        "context": {"from": BUSINESS, "id": "m1", "forwarded": true, "frequently_forwarded": true},
        "referral": {"headline": "Sale", "source_id": "9"}})))
    .record;
    assert_eq!((record.reply_to.as_str(), record.text.as_str()), ("m1", "yes\nheadline: Sale\nsource_id: 9"));
    assert_eq!(fact(&record, "/forwarded"), true);
    assert_eq!(fact(&record, "/frequently_forwarded"), true);
    assert_eq!(fact(&record, "/context"), json!({"from": BUSINESS}));
    assert_eq!(fact(&record, "/referral")["source_id"], "9");
}

#[test]
fn changes_without_messages_are_events_of_the_platform() {
    let change = json!({"event": "PARTNER_ADDED", "partner": {"name": "Firm"}});
    let mut account = body("account_update", change.clone());
    assert_eq!(counts(&read_all(std::slice::from_ref(&account))), (0, 1, 1));
    account["entry"][0]["time"] = json!(1_709_287_200);
    let events = read_all(&[account]);
    assert_eq!(text_of(&events[0]), "account_update\r\nevent: PARTNER_ADDED\r\npartner.name: Firm");
    assert!(
        mail(&events[0]).contains("X-Custodia-Event: system") && mail(&events[0]).contains("<900@whatsapp.invalid>")
    );
    let preference = json!({"wa_id": ANN, "value": "stop", "timestamp": 1_709_287_200});
    let preferences = body("user_preferences", value("user_preferences", json!([preference, preference])));
    assert_eq!(counts(&read_all(&[preferences])), (2, 0, 1));
}

#[test]
fn kinds_follow_from_lists() {
    let all = body("messages", value("calls", json!([{"id": "c", "timestamp": SECONDS}])));
    let found = reports(Parsed { value: all, mended: false }).unwrap();
    assert_eq!(found[0].kind, ReportKind::Call);
    assert_eq!(call::call(&found).unwrap().record.kind, RecordKind::Call);
}
