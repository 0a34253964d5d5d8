//! Facts of mails, journal reports and deliveries of TeleMessage among them, and how messages are cut into parts.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drop(custodia::message::facts(bytes));
    let segmentation = custodia::message::segment::segment_bytes(bytes);
    let covered: u64 = segmentation.segments.iter().map(|segment| segment.len).sum();
    assert_eq!(covered, bytes.len() as u64);
});
