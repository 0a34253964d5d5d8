//! Search by sort of query, and reading of what was found, in an open archive.
//!
//! `search` is the whole act: index, scope, counts, the newest 50 hits with snippets, and the synced audit entry. `index`
//! is the share of the index in it.

use std::hint::black_box;
use std::io;

use criterion::Criterion;
use custodia::archive::SearchRequest;
use custodia::index::{HitOrder, Index, MessageScope};
use custodia::model::{ItemNo, UtcTime};
use custodia::query::{Context, parse};

use crate::corpus::{COMMON, Library, PHRASE, PREFIX, RARE, SEED, empty_library, fill, mails, records, write};

const MAILS: usize = 4_000;
const RECORDS: usize = 8_000;
const LIMIT: u64 = 50;

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut library = empty_library();
    fill(&mut library.archive, write(&mails(SEED, MAILS), &records(SEED, RECORDS)).path());
    let queries = [
        ("rare_word", RARE.to_owned()),
        ("common_word", COMMON.to_owned()),
        ("phrase", format!("\"{PHRASE}\"")),
        ("and_not", format!("{COMMON} AND amber NOT {RARE}")),
        ("or", format!("{RARE} OR ledger")),
        ("date_range", "sent>=2024-04-01 sent<2024-07-01".to_owned()),
        ("from", "from:ada.marlow@firm.example".to_owned()),
        ("prefix", format!("{PREFIX}*")),
    ];
    index(criterion, &library, &queries);
    search(criterion, &mut library, &queries);
    show(criterion, &mut library);
}

fn index(criterion: &mut Criterion, library: &Library, queries: &[(&str, String)]) {
    let index = Index::open(&library.path().join("index")).expect("the import made the index");
    let reader = index.reader().expect("nothing else changes the index");
    let context = Context::search(UtcTime::from_seconds(0));
    let mut group = criterion.benchmark_group("index");
    for (name, query) in queries {
        let parsed = parse(query, &context).expect("the query is well formed");
        let scope = MessageScope::default();
        group.bench_function(*name, |b| b.iter(|| reader.sorted(&parsed.query, &scope, HitOrder::Newest, Some(50))));
    }
    group.finish();
}

fn search(criterion: &mut Criterion, library: &mut Library, queries: &[(&str, String)]) {
    let mut group = criterion.benchmark_group("search");
    for (name, query) in queries {
        let request = SearchRequest { query: Some(query.clone()), limit: Some(LIMIT), ..SearchRequest::default() };
        group.bench_function(*name, |b| {
            b.iter(|| {
                let found = library.archive.search(&request, &mut |_| Ok(()), &mut |hit| {
                    black_box(hit);
                    Ok(())
                });
                assert!(found.expect("the archive is sound").messages > 0, "nothing found: {query}");
            });
        });
    }
    group.finish();
}

fn show(criterion: &mut Criterion, library: &mut Library) {
    let items = library.archive.stats().expect("the archive is sound").items;
    let mut next = 0;
    let mut any = move || {
        // A prime step reads another pack each time.
        next = (next + 7919) % items;
        ItemNo(next + 1)
    };
    let mut group = criterion.benchmark_group("show");
    group.bench_function("facts", |b| b.iter(|| library.archive.show(any())));
    group.bench_function("raw", |b| b.iter(|| library.archive.write_raw(any(), &mut io::sink())));
    group.finish();
}
