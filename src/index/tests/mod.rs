//! Tests of the index as a whole.

mod corpora;
mod erasure;
mod fixture;
mod hostile;
mod kql;
mod message_ids;
mod model;
mod people;
mod proximity;
mod search;
mod substrings;
mod tally;
mod writing;
