//! Zip files: deliveries, exports with media, and whatever somebody puts into them.

#![no_main]

#[path = "../source.rs"]
mod source;

use custodia::connector::As;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let read_as = [As::Auto, As::Whatsapp, As::Telemessage, As::Rsmf][usize::from(*first) % 4];
    source::read("delivery.zip", read_as, rest);
});
