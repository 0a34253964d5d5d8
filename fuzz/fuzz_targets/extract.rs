//! Readers of attachments, each by itself. The first byte chooses which; some parsers panic on what they do not know,
//! which their process survives, so that only those of this program may not.

#![no_main]

use std::panic::{AssertUnwindSafe, catch_unwind};

use custodia::extract::{self, File, Format, Reading};

const FORMATS: [Format; 11] = [
    Format::Text,
    Format::Html,
    Format::Card,
    Format::Calendar,
    Format::Rtf,
    Format::Pdf,
    Format::Package,
    Format::Compound,
    Format::Tape,
    Format::Gzip,
    Format::Tnef,
];

/// Most bytes and files that are unpacked, so that little memory is enough.
const ROOM: u64 = 8 << 20;
const FILES: usize = 100;

/// Runs what may panic. The hook of the fuzzer would end the process.
fn quietly(read: impl FnOnce()) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    drop(catch_unwind(AssertUnwindSafe(read)));
    std::panic::set_hook(hook);
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let file = File { name: "a.bin", media_type: "application/octet-stream", charset: None, bytes };
    let format = match FORMATS.get(usize::from(*first)) {
        Some(format) => *format,
        None => Format::of(&file),
    };
    let mut reading = Reading::new(ROOM, FILES);
    let mut read = || extract::read(format, &file, &mut reading);
    match format {
        Format::Pdf | Format::Package | Format::Compound => quietly(read),
        _ => read(),
    }
    assert!(reading.text.as_str().chars().count() <= extract::TEXT_LIMIT);
    assert!(reading.members.len() <= FILES);
    assert!(reading.members.iter().map(|member| member.bytes.len() as u64).sum::<u64>() <= ROOM);
    assert!(reading.reasons.iter().all(|reason| !reason.code.is_empty() && !reason.detail.is_empty()));
});
