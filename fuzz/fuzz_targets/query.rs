//! The search language: parser in each mode, printer, people, rows, and the compiler for the index.

#![no_main]

use std::sync::LazyLock;

use custodia::index::{Index, MessageScope, Reader, highlights};
use custodia::model::UtcTime;
use custodia::query::{Context, Node, caret, parse};

/// A view of an empty index: queries are compiled for it as for any other.
static READER: LazyLock<Reader> = LazyLock::new(|| {
    let directory = std::env::temp_dir().join(format!("custodia-fuzz-query-{}", std::process::id()));
    Index::create(&directory).expect("the index is made").reader().expect("the index can be read")
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    let now = UtcTime(1_715_774_400_000);
    for context in [Context::search(now), Context::lenient(now), Context::rule(now)] {
        match parse(text, &context) {
            Err(custodia::Error::Query { offset, .. }) => {
                assert!(text.is_char_boundary(offset));
                assert_eq!(caret(text, offset).lines().count(), 2);
            }
            Err(other) => panic!("{other:?}"),
            Ok(parsed) => {
                let query = parsed.query;
                // A print is longer than its text and may be beyond the limits.
                if query.root != Node::All
                    && let Ok(again) = parse(&query.to_string(), &context)
                {
                    assert_eq!(again.query, query);
                }
                drop(query.rows());
                let (named, _) = query.with_people(&|name| vec![name.to_uppercase(), "Ann B".to_owned()]);
                drop(highlights(text, &named));
                drop(READER.matches(&named, &MessageScope::default()));
            }
        }
    }
});
