//! Mapping files.

#![no_main]

use custodia::people::read_mapping;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for region in [None, "GB".parse().ok()] {
        let file = read_mapping(bytes, region);
        assert!(file.is_refused() || file.mapping().len() <= bytes.len());
    }
});
