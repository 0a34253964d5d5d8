//! Measures the parts of the archive and the archive as a library: `cargo bench`, or `cargo bench -- search` for some.
//!
//! One binary for all, so that it is linked once and the generator of messages is in it once. Everything is generated,
//! so the figures of two machines can be compared; `benches/compare` measures whole processes on real mail.

mod convert;
mod corpus;
mod curve;
mod growth;
mod ingest;
mod limits;
mod message;
mod process;
mod retention;
mod scale;
mod search;
mod verify;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    if let Some(maildir) = std::env::var_os("CUSTODIA_LIMITS") {
        return limits::run(maildir.as_ref()).expect("the mails can be read and temporary files written");
    }
    if let Some(directory) = std::env::var_os("CUSTODIA_GROWTH") {
        return growth::run(directory.as_ref()).expect("the directory can be written");
    }
    if let Some(directory) = std::env::var_os("CUSTODIA_SCALE") {
        return scale::run(directory.as_ref()).expect("the directory can be written");
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    message::bench(&mut criterion);
    convert::bench(&mut criterion);
    search::bench(&mut criterion);
    retention::bench(&mut criterion);
    verify::bench(&mut criterion);
    ingest::bench(&mut criterion);
    criterion.final_summary();
}
