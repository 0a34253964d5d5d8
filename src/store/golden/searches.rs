//! Saved searches and frozen results.

use super::*;

#[test]
fn saved_searches_and_frozen_results() {
    let search = SearchText {
        query: Some("harbour".to_owned()),
        lenient: true,
        no_expand: true,
        weeks_from_sunday: false,
        mailboxes: vec!["a@firm.example".to_owned()],
        folders: vec!["Inbox".to_owned()],
    };
    let saved = SavedSearch { name: "Harbour".to_owned(), search: search.clone(), saved_at: TIME, saved_by: actor() };
    assert_frozen(
        &saved,
        "0107486172626f75720107686172626f7572010100010e61406669726d2e6578616d706c650105496e626f78fd00\
         bc0d8337030000046f6c6761",
    );
    let frozen = FrozenSearch {
        name: "Harbour".to_owned(),
        no: 2,
        search,
        read_as: "harbour".to_owned(),
        people: vec![("to:ann".to_owned(), vec!["a@x".to_owned()])],
        warnings: vec![("W_X".to_owned(), 3, "m".to_owned())],
        frozen_at: TIME,
        frozen_by: actor(),
        last_message: MessageNo(300),
        index_rules: 3,
        program: "0.1.0".to_owned(),
        messages: 1,
        items: 2,
        bytes: 900,
        partially_indexed: 4,
        result: ResultDigest([0x11; 32]),
    };
    assert_frozen(
        &frozen,
        "0107486172626f7572020107686172626f7572010100010e61406669726d2e6578616d706c650105496e626f7807\
         686172626f75720106746f3a616e6e01036140780103575f5803016dfd00bc0d8337030000046f6c6761fb2c0103\
         05302e312e300102fb8403041111111111111111111111111111111111111111111111111111111111111111",
    );
    let items = [3, 65_536 + 4].into_iter().collect();
    let (_directory, snapshot) = written(|transaction| {
        put_saved_search(transaction, &saved).unwrap();
        insert_frozen_search(transaction, &frozen, &items).unwrap();
        assert!(insert_frozen_search(transaction, &frozen, &items).is_err(), "a result is never written over");
    });
    assert_row!(snapshot, FROZEN_ITEMS, ("Harbour", 2, 0), "3a3000000100000000000000100000000300");
    assert_row!(snapshot, FROZEN_ITEMS, ("Harbour", 2, 1), "3a3000000100000000000000100000000400");
    assert_eq!(frozen_items(&snapshot, &frozen).unwrap(), items);
    assert_eq!(frozen_searches(&snapshot, "Harbour").unwrap(), [frozen]);
}
