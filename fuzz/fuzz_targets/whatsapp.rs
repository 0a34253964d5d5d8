//! Chat exports of the WhatsApp app.

#![no_main]

#[path = "../source.rs"]
mod source;

use custodia::connector::As;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| source::read("WhatsApp Chat with Ann.txt", As::Whatsapp, bytes));
