//! Import into an empty archive, and again into one that has everything.

use criterion::{BatchSize, Criterion, Throughput};

use crate::corpus::{SEED, empty_library, fill, mails, records, write};

const MAILS: usize = 1_500;
const RECORDS: usize = 5_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ingest");
    group.sample_size(10);
    for (name, mails, records) in
        [("mail", mails(SEED, MAILS), Vec::new()), ("chat", Vec::new(), records(SEED, RECORDS))]
    {
        let source = write(&mails, &records);
        group.throughput(Throughput::Elements((mails.len() + records.len()) as u64));
        group.bench_function(name, |b| {
            b.iter_batched(
                empty_library,
                |mut library| {
                    fill(&mut library.archive, source.path());
                    library
                },
                BatchSize::PerIteration,
            );
        });
        let mut library = empty_library();
        fill(&mut library.archive, source.path());
        group.bench_function(format!("{name}_again"), |b| b.iter(|| fill(&mut library.archive, source.path())));
    }
    group.finish();
}
