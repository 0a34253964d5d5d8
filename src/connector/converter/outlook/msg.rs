//! Outlook messages: a file with one item.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::compound::{Compound, CompoundItem};
use super::mail::{Rebuilt, rebuild};
use crate::connector::converter::{Converter, Start};
use crate::connector::input::{Input, Reader};
use crate::connector::{As, FileAccount, Format, Options, SourceEvent, SourceRecord};
use crate::message::RawSource;

/// Reads `.msg`.
pub(in super::super) const CONVERTER: Converter = Converter {
    format: Format::Msg,
    read_as: As::Msg,
    recognises,
    bundles: |_| false,
    open: |input, _: &Options| Ok(open(&input)?),
};

/// How compound files start (MS-CFB 2.2).
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// By its name, or by the stream that each item has, whose name is UTF-16.
fn recognises(start: &Start<'_>) -> bool {
    let named = std::path::Path::new(start.name).extension().is_some_and(|end| end.eq_ignore_ascii_case("msg"));
    let stream: Vec<u8> = "__properties_version1.0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    start.head.starts_with(MAGIC) && (named || memchr::memmem::find(start.head, &stream).is_some())
}

fn open(input: &Input) -> Result<Box<dyn Reader>, String> {
    let source = input.content.file()?;
    let bytes = source.len();
    // The file is read here, so that one which is no message can be named as what it is.
    let rebuilt = read(&source)?;
    let absent = rebuilt.absent;
    let record = SourceEvent::Record(SourceRecord::new(input.origin.clone(), rebuilt.raw, None));
    let account = FileAccount { absent_attachments: absent, ..FileAccount::default() };
    Ok(Box::new(Message { events: vec![record, SourceEvent::Closed(account)].into_iter(), bytes }))
}

/// The mail of a message file. A fault of the compound file's reader is damage of the file.
pub(super) fn read(source: &Arc<dyn RawSource>) -> Result<Rebuilt, String> {
    let convert = || {
        let compound = Compound::open(Arc::clone(source))?;
        let item = CompoundItem::top(&compound)?;
        rebuild(&item, "msg", Some(Arc::clone(source))).map_err(|error| format!("cannot convert it: {error}"))
    };
    catch_unwind(AssertUnwindSafe(convert))
        .unwrap_or_else(|_| Err("a damaged Outlook message; save it again from Outlook".to_owned()))
}

/// The mail that an attached Outlook message stands for.
///
/// # Errors
/// It cannot be read: a text for people.
pub fn outlook_mail(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let source: Arc<dyn RawSource> = Arc::new(bytes);
    let convert = || {
        let compound = Compound::open(Arc::clone(&source))?;
        let item = CompoundItem::top(&compound)?;
        rebuild(&item, "msg", None).map_err(|error| format!("cannot convert it: {error}"))
    };
    let raw = convert()?.raw;
    let mut mail = vec![0; usize::try_from(raw.source().len()).map_err(|error| error.to_string())?];
    raw.source().read_exact_at(0, &mut mail).map_err(|error| error.to_string())?;
    Ok(mail)
}

struct Message {
    events: std::vec::IntoIter<SourceEvent>,
    bytes: u64,
}

impl Iterator for Message {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        self.events.next()
    }
}

impl Reader for Message {
    fn bytes_done(&self) -> u64 {
        if self.events.len() < 2 { self.bytes } else { 0 }
    }
}
