//! Ids that the archive's mapping has for somebody are names of that person: in searches, and in rules whenever the mapping
//! changes. Nothing goes because an id is taken away.
#![cfg(feature = "cli")]

mod support;

use serde_json::{Value, json};
use support::{TestArchive, number, text};

const ANN: &str = "ann@firm.example";
const BOX: &str = "box@firm.example";

fn office() -> TestArchive {
    let archive = TestArchive::new();
    for address in [ANN, BOX] {
        archive.ok(&["mailbox", "add", address]);
    }
    archive
}

fn map_with(archive: &TestArchive, rows: &str, options: &[&str]) {
    let file = archive.write("mapping.csv", format!("id,mailbox\n{rows}"));
    archive.ok(&[&["mapping", "import", file.to_str().expect("UTF-8")], options].concat());
}

fn map(archive: &TestArchive, rows: &str) {
    map_with(archive, rows, &[]);
}

/// The records of a platform, all sent in January 2020, by sender; each says which it is.
fn records(archive: &TestArchive, name: &str, senders: &[Value]) {
    let record = |(sender, n): (&Value, usize)| {
        json!({
            "source": "test", "platform": "wecom", "id": format!("{name}{n}"), "text": format!("{name}{n}"),
            "sent": "2020-01-15T12:00:00Z", "sender": sender, "recipients": [{ "address": "cy@else.example" }],
        })
        .to_string()
    };
    let lines: Vec<String> = senders.iter().zip(1..).map(record).collect();
    let path = archive.write(&format!("{name}.jsonl"), lines.join("\n"));
    let summary = archive.import(&path, &["--mailbox", BOX]);
    assert_eq!(number(&summary, "stored"), senders.len() as u64, "{summary}");
}

fn items(archive: &TestArchive, query: &str) -> Vec<u64> {
    let mut items: Vec<u64> =
        archive.hits(Some(query)).iter().map(|hit| text(hit, "item").parse().expect("a number")).collect();
    items.sort_unstable();
    items
}

#[test]
fn a_person_is_found_under_every_sort_of_id() {
    let archive = office();
    records(
        &archive,
        "word",
        &[
            json!({ "id": "WX_Ann" }),
            json!({ "id": "wx_ann", "name": "Annie", "address": "ann@private.example" }),
            json!({ "id": "li hua/7" }),
            json!({ "number": "+48555010001" }),
            json!({ "name": "J.R." }),
            json!({ "name": "Mum" }),
            json!({ "id": "07700 900123" }),
            json!({ "id": "ann@corp" }),
            json!({ "address": "ann@old.example" }),
            json!({ "number": "+5215512345678" }),
            json!({ "id": "GB.13491208655302741918", "name": "Ann", "number": "447700900999" }),
            // Others, who are called alike.
            json!({ "name": "wx ann", "address": "wx_ann@else.example" }),
            json!({ "name": "Mum", "address": "mum@else.example" }),
            json!({ "id": "li hua/8" }),
            json!({ "id": "wx_eve" }),
        ],
    );
    assert_eq!(items(&archive, &format!("from:{ANN}")), [0_u64; 0]);
    let ids = [
        "wx_ann",
        "li hua/7",
        "+48 555 010 001",
        "J.R.",
        "mum",
        "07700 900123",
        "ann@corp",
        "ann@old.example",
        "+52 55 1234 5678",
        "GB.13491208655302741918",
    ];
    let rows: Vec<String> = ids.iter().map(|id| format!("{id},{ANN}\n")).collect();
    map_with(&archive, &format!("{}wx_eve,\n", rows.concat()), &["--region", "GB"]);
    let all: Vec<u64> = (1..=11).collect();
    assert_eq!(items(&archive, &format!("from:{ANN}")), all);
    for id in ids {
        let found = items(&archive, &format!("from:\"{id}\""));
        assert!(all.iter().all(|item| found.contains(item)), "{id}: {found:?}");
        assert!(!found.contains(&14) && !found.contains(&15), "{id}: {found:?}");
    }
    assert_eq!(items(&archive, "from:\"li hua/7\" AND NOT from:ann@firm.example"), [0_u64; 0]);
    assert_eq!(items(&archive, "from:wx_eve"), [15]);
    assert_eq!(items(&archive, "NOT from:ann@firm.example"), [12, 13, 14, 15]);
    // As the id is written, without a mapping: user names count too.
    for (id, expected) in [("wx_ann", vec![1, 2, 12]), ("li hua/7", vec![3]), ("ann@corp", vec![8]), ("J.R.", vec![5])]
    {
        let found = archive.ok(&["search", &format!("from:\"{id}\""), "--no-expand"]);
        let found: Vec<u64> = found[1..].iter().map(|hit| text(hit, "item").parse().expect("a number")).collect();
        let mut found = found;
        found.sort_unstable();
        assert_eq!(found, expected, "{id}");
    }
    archive.verify_clean();
}

#[test]
fn people_of_every_connector_are_found_by_the_ids_that_it_gives() {
    let archive = office();
    let cloud = json!({"object": "whatsapp_business_account", "entry": [{"id": "900", "changes": [{"field": "messages",
    "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+49 30 9018-2000", "phone_number_id": "700100"},
        "contacts": [{"profile": {"name": "Ann"}, "user_id": "GB.55"}],
        "messages": [{"id": "m", "timestamp": "1709287200", "type": "text", "text": {"body": "x"},
            "from_user_id": "GB.55"}],
    }}]}]});
    let sources = [
        (
            "wecom.json",
            r#"{"msgid":"1","action":"send","from":"AnnLee","tolist":["ben"],"msgtime":1700000000000,"msgtype":"text","text":{"content":"hi"}}"#.to_owned(),
            "AnnLee",
        ),
        (
            "wechat.json",
            r#"[{"seq":1700000000000,"time":"2024-10-04T11:42:07+08:00","talker":"wxid_a","talkerName":"Annie","isChatRoom":false,"sender":"wxid_a","senderName":"Annie","isSelf":false,"type":1,"subType":0,"content":"hi"}]"#.to_owned(),
            "wxid_a",
        ),
        (
            "wechat.csv",
            "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n1,5,\u{6587}\u{672c},0,wxid_b,wxid_b,hi,,2024-10-04 11:42:07\n".to_owned(),
            "wxid_b",
        ),
        ("cloud.json", cloud.to_string(), "GB.55"),
        (
            "WhatsApp Chat with Ben.txt",
            "13/03/2025, 10:00 - A. Lee \u{1f600}: hi\n13/03/2025, 10:01 - Ben: hello\n14/03/2025, 10:00 - A. Lee \u{1f600}: bye\n".to_owned(),
            "A. Lee \u{1f600}",
        ),
        (
            "WhatsApp Chat with Eve.txt",
            "13/03/2025, 10:00 - +48 555 010 001: hi\n13/03/2025, 10:01 - Eve: hello\n14/03/2025, 10:00 - Eve: bye\n".to_owned(),
            "+48555010001",
        ),
    ];
    for (name, content, _) in &sources {
        let path = archive.write(name, content);
        let summary = archive.import(&path, &["--mailbox", BOX, "--timezone", "UTC"]);
        assert!(number(&summary, "stored") > 0, "{name}: {summary}");
    }
    let mut known = Vec::new();
    for (name, _, id) in &sources {
        let own = items(&archive, &format!("from:\"{id}\""));
        assert!(!own.is_empty(), "{name}: `{id}` is found as it is written");
        assert!(own.iter().all(|item| !known.contains(item)), "{name}");
        known.extend(own);
        known.sort_unstable();
        map(&archive, &format!("{id},{ANN}\n"));
        assert_eq!(items(&archive, &format!("from:{ANN}")), known, "{name}: {id}");
    }
    assert_eq!(known.len(), 7);
}

#[test]
fn an_id_belongs_to_the_mailbox_of_an_alias_and_to_an_address_without_a_mailbox() {
    let archive = office();
    records(&archive, "word", &[json!({ "id": "wx_ann" }), json!({ "id": "wx_dan" })]);
    archive.ok(&["mailbox", "set", ANN, "--alias", "a.lee@firm.example"]);
    map(&archive, "wx_ann,a.lee@firm.example\nwx_dan,dan@firm.example\n");
    assert_eq!(items(&archive, &format!("from:{ANN}")), [1]);
    assert_eq!(items(&archive, "from:dan@firm.example"), [2]);
    archive.ok(&["mailbox", "add", "dan@firm.example", "--alias", "danny@firm.example"]);
    assert_eq!(items(&archive, "from:danny@firm.example"), [2]);
    // Whoever is not to be archived is nobody.
    map(&archive, "wx_ann,\n");
    assert_eq!(items(&archive, &format!("from:{ANN}")), [0_u64; 0]);
}

#[test]
fn what_is_searched_is_shown_and_recorded() {
    let archive = office();
    map(&archive, &format!("wx_ann,{ANN}\nwx_ann2,{ANN}\n"));
    let summary = archive.one("summary", &["search", "from:wx_ann"]);
    let people = summary.get("people").and_then(Value::as_array).expect("people");
    assert_eq!(people[0].get("names"), Some(&json!([ANN, "wx_ann2"])));
    let shown = archive.run(&["search", "from:wx_ann"]);
    assert!(shown.stderr.contains(&format!("from:wx_ann is {ANN}, wx_ann2")), "{}", shown.stderr);
    let log = archive.ok(&["audit", "log"]);
    assert!(log.iter().any(|entry| text(entry, "outcome").contains(&format!("from:wx_ann also as {ANN}, wx_ann2"))));
    let explained = archive.one("explain", &["search", "--explain", "from:wx_ann"]);
    assert!(explained.to_string().contains("id wx_ann2"), "{explained}");
    let alone = archive.one("summary", &["search", "from:wx_ann", "--no-expand"]);
    assert_eq!(alone.get("people"), Some(&json!([])));
}

#[test]
fn a_mailbox_with_very_many_ids_is_searched_under_all_of_them() {
    let archive = office();
    records(&archive, "word", &[json!({ "id": "wx_4711" }), json!({ "id": "wx_9" }), json!({ "id": "other" })]);
    let rows: Vec<String> = (0..20_000).map(|n| format!("wx_{n},{ANN}\n")).collect();
    map(&archive, &rows.concat());
    assert_eq!(items(&archive, &format!("from:{ANN}")), [1, 2]);
    let shown = archive.run(&["search", &format!("from:{ANN}")]);
    assert!(shown.stderr.contains("and 19980 more (`--json` has all)"), "{}", shown.stderr);
    let log = archive.ok(&["audit", "log"]);
    let longest = log.iter().map(|entry| text(entry, "outcome").len()).max().expect("entries");
    assert!(longest < 20_000, "{longest}");
}

fn add(archive: &TestArchive, what: &str, name: &str, options: &[&str]) {
    archive.ok(&[&["retention", what, "add", name, "--without-simulation", "test"], options].concat());
}

fn hold(archive: &TestArchive, query: &str) -> u64 {
    let placed =
        archive.one("hold", &["hold", "place", "claim", "--mailbox", BOX, "--query", query, "--reason", "letter"]);
    number(&placed, "items")
}

/// What is left after all has been disposed of that can be.
fn left(archive: &TestArchive) -> Vec<u64> {
    let planned = archive.one("summary", &["disposition", "plan", "--output", "last.json"]);
    if number(&planned, "eligible") > 0 {
        archive.ok(&["disposition", "execute", "last.json", "--yes"]);
    }
    let mut left: Vec<u64> =
        archive.hits(None).iter().map(|hit| text(hit, "item").parse().expect("a number")).collect();
    left.sort_unstable();
    left
}

/// Ann wrote as two ids and one address, and somebody else did; all of it may be deleted.
fn chats() -> TestArchive {
    let archive = office();
    records(
        &archive,
        "word",
        &[json!({ "id": "wx_ann" }), json!({ "id": "wx_two" }), json!({ "address": ANN }), json!({ "id": "eve" })],
    );
    add(&archive, "policy", "clear", &["--action", "delete", "--period", "1y"]);
    archive
}

#[test]
fn a_hold_covers_what_is_there_under_an_id_that_is_mapped_later() {
    let archive = chats();
    assert_eq!(hold(&archive, &format!("from:{ANN}")), 1);
    map(&archive, &format!("wx_ann,{ANN}\n"));
    let shown = archive.one("hold", &["hold", "show", "claim"]);
    assert_eq!((number(&shown, "items"), number(&shown, "unevaluated_items")), (2, 0));
    records(&archive, "later", &[json!({ "id": "wx_ann" }), json!({ "id": "wx_two" })]);
    assert_eq!(left(&archive), [1, 3, 5]);
    archive.verify_clean();
}

#[test]
fn an_id_that_is_taken_away_frees_nothing_that_came_before() {
    for (rows, options) in
        [("wx_ann,\n", &[][..]), ("wx_ann,eve@firm.example\n", &[]), ("wx_new,ann@firm.example\n", &["--replace"])]
    {
        let archive = chats();
        map(&archive, &format!("wx_ann,{ANN}\n"));
        hold(&archive, &format!("from:{ANN}"));
        records(&archive, "before", &[json!({ "id": "wx_ann" })]);
        map_with(&archive, rows, options);
        records(&archive, "after", &[json!({ "id": "wx_ann" })]);
        assert_eq!(left(&archive), [1, 3, 5], "{rows}");
    }
}

#[test]
fn what_a_hold_finds_for_lack_of_an_id_stays_held_when_that_is_mapped() {
    let archive = chats();
    assert_eq!(hold(&archive, &format!("NOT from:{ANN}")), 3);
    map(&archive, &format!("wx_ann,{ANN}\n"));
    records(&archive, "after", &[json!({ "id": "wx_ann" })]);
    assert_eq!(left(&archive), [1, 2, 4]);
}

#[test]
fn policies_and_labels_follow_the_mapping_and_delete_nothing_for_what_is_in_doubt() {
    for (what, by) in [("policy", "--query"), ("label", "--auto")] {
        for (query, action, expected) in
            [(format!("from:{ANN}"), "retain", vec![1, 2, 3]), (format!("NOT from:{ANN}"), "retain", vec![1, 2, 4])]
        {
            let archive = chats();
            add(&archive, what, "named", &["--action", action, "--period", "9y", by, &query]);
            map(&archive, &format!("wx_ann,{ANN}\nwx_two,{ANN}\n"));
            archive.ok(&["explain", "1"]);
            map(&archive, "wx_two,eve@firm.example\n");
            assert_eq!(left(&archive), expected, "{what} {query}");
        }
    }
}

#[test]
fn the_import_of_a_mapping_says_which_rules_mean_other_people() {
    let archive = chats();
    add(&archive, "policy", "named", &["--action", "retain", "--period", "9y", "--query", &format!("from:{ANN}")]);
    add(&archive, "policy", "other", &["--action", "retain", "--period", "9y", "--query", "from:eve@firm.example"]);
    hold(&archive, &format!("from:{ANN}"));
    let file = archive.write("mapping.csv", format!("id,mailbox\nwx_ann,{ANN}\n"));
    let import = archive.one("imported", &["mapping", "import", file.to_str().expect("UTF-8")]);
    let changed: Vec<&str> =
        import["changed_rules"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed[0].starts_with("hold ") && changed[1] == "policy named", "{changed:?}");
    let again = archive.one("imported", &["mapping", "import", file.to_str().expect("UTF-8")]);
    assert_eq!(again["changed_rules"], serde_json::json!([]));
}

/// What a policy deletes was seen by whoever put that in force; nobody has seen what comes to it by another name.
#[test]
fn a_policy_that_finds_more_by_new_names_deletes_nothing_until_that_was_seen() {
    for by_mailbox in [false, true] {
        let archive = office();
        records(
            &archive,
            "word",
            &[json!({ "address": ANN }), json!({ "address": "ann@old.example" }), json!({ "id": "wx_ann" })],
        );
        let query = format!("from:{ANN}");
        add(&archive, "policy", "Ann's chats", &["--action", "delete", "--period", "1y", "--query", &query]);
        let state = || archive.one("policy", &["retention", "policy", "show", "Ann's chats"])["deletion"].clone();
        assert_eq!(state(), "in force");
        map(&archive, "wx_else,eve@firm.example\n");
        assert_eq!(state(), "in force");
        let changed = if by_mailbox {
            archive.one("mailbox", &["mailbox", "set", ANN, "--alias", "ann@old.example"])
        } else {
            let file = archive.write("ann.csv", format!("id,mailbox\nwx_ann,{ANN}\n"));
            archive.one("imported", &["mapping", "import", file.to_str().expect("UTF-8")])
        };
        assert_eq!(changed["stopped_deletions"], json!(["Ann's chats"]), "{changed}");
        assert_eq!(state(), "waiting");
        let due = |plan: &str| number(&archive.one("summary", &["disposition", "plan", "--output", plan]), "eligible");
        assert_eq!(due("before.json"), 0);
        let refused = archive.run(&["retention", "policy", "enable", "Ann's chats"]);
        assert!(refused.code == 21 && refused.stderr.contains("simulate"), "{}", refused.stderr);
        archive.ok(&["retention", "simulate"]);
        archive.ok(&["retention", "policy", "enable", "Ann's chats"]);
        assert_eq!((state(), due("after.json")), (json!("in force"), 2));
    }
}

/// Who simulated a rule, or consented to it, has not seen what it means by names that came later.
#[test]
fn a_simulation_of_other_names_is_no_ground() {
    let archive = office();
    records(&archive, "word", &[json!({ "address": ANN }), json!({ "id": "wx_ann" })]);
    let (query, by_number) = (format!("from:{ANN}"), |n: u32| format!("wx_{n},{ANN}\n"));
    let new = ["--action", "delete", "--period", "1y", "--query", &query];
    let add =
        |name: &str, more: &[&str]| archive.run(&[&["retention", "policy", "add", name], &new[..], more].concat());
    let run = |words: &[&str]| archive.run(&[&["retention"], words].concat()).code;
    let is_waiting =
        |name: &str| archive.one("policy", &["retention", "policy", "show", name])["deletion"] == "waiting";

    assert_eq!(add("ann", &[]).code, 0);
    assert_eq!(run(&["simulate"]), 0);
    map(&archive, &by_number(1));
    assert_eq!(run(&["policy", "enable", "ann"]), 21, "a name came, of which there is nothing");
    assert_eq!(run(&["simulate"]), 0);
    assert_eq!(run(&["policy", "enable", "ann"]), 0);

    assert_eq!(run(&["policy", "remove", "ann", "--reason", "test"]), 0);
    map(&archive, &format!("wx_ann,{ANN}\n"));
    assert_eq!(run(&["policy", "reenable", "ann", "--reason", "test"]), 21);

    assert_eq!(add("later", &["--simulate"]).code, 0);
    map(&archive, &by_number(2));
    assert_eq!(add("later", &[]).code, 0);
    assert!(is_waiting("later"), "it was simulated under other names");
}
