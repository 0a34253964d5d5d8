//! One message on its way in: a record to a mail, digest and segments, facts, words.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use custodia::index::tokens;
use custodia::message::converted::{Record, to_mail};
use custodia::message::{facts, segment::segment_bytes};

use crate::corpus::{SEED, mails, records};

const MAILS: usize = 300;
const RECORDS: usize = 2_000;

pub(crate) fn bench(criterion: &mut Criterion) {
    converted(criterion);
    received(criterion);
}

fn converted(criterion: &mut Criterion) {
    let records = records(SEED, RECORDS);
    let mails: Vec<Vec<u8>> = records.iter().map(|record| convert(record)).collect();
    let mut group = criterion.benchmark_group("chat");
    group.throughput(Throughput::Elements(RECORDS as u64));
    group.bench_function("convert", |b| b.iter(|| records.iter().map(|record| convert(record).len()).sum::<usize>()));
    group.bench_function("segment", |b| b.iter(|| mails.iter().map(|mail| segment_bytes(mail).len).sum::<u64>()));
    group.bench_function("parse", |b| b.iter(|| mails.iter().for_each(|mail| drop(black_box(facts(mail))))));
    group.finish();
}

fn convert(record: &str) -> Vec<u8> {
    let record = Record::parse(record.as_bytes()).expect("a generated record follows the schema");
    to_mail(&record, &[], 0).expect("the record has no attachments and neither are any given")
}

fn received(criterion: &mut Criterion) {
    let mails = mails(SEED, MAILS);
    let bodies: Vec<String> = mails.iter().map(|mail| facts(mail).body).collect();
    let mut group = criterion.benchmark_group("mail");
    group.throughput(Throughput::Bytes(mails.iter().map(|mail| mail.len() as u64).sum()));
    group.bench_function("segment", |b| b.iter(|| mails.iter().map(|mail| segment_bytes(mail).len).sum::<u64>()));
    group.bench_function("parse", |b| b.iter(|| mails.iter().for_each(|mail| drop(black_box(facts(mail))))));
    group.throughput(Throughput::Bytes(bodies.iter().map(|body| body.len() as u64).sum()));
    group.bench_function("tokenize", |b| b.iter(|| bodies.iter().map(|body| tokens(body).count()).sum::<usize>()));
    group.finish();
}
