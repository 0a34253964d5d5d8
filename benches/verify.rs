//! Verification of a whole archive.

use criterion::{Criterion, Throughput};

use crate::corpus::{SEED, empty_library, fill, mails, records, write};

const MAILS: usize = 1_000;
const RECORDS: usize = 3_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut library = empty_library();
    fill(&mut library.archive, write(&mails(SEED, MAILS), &records(SEED, RECORDS)).path());
    let bytes = library.archive.stats().expect("the archive is sound").raw_bytes;
    let mut group = criterion.benchmark_group("verify");
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    group.bench_function("archive", |b| {
        b.iter(|| {
            let report = library.archive.verify(&mut |_| {}, &mut |_, _| {}).expect("the archive can be read");
            assert_eq!(report.problems, 0);
        });
    });
    group.finish();
}
