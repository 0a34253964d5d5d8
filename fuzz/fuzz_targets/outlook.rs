//! Outlook data files and messages. The first byte chooses which.

#![no_main]

#[path = "../source.rs"]
mod source;

use custodia::connector::As;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    if first % 2 == 0 { source::read("a.msg", As::Msg, rest) } else { source::read("a.pst", As::Pst, rest) }
});
