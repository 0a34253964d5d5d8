//! The mail that an RSMF file is: where the zip file is in it.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use tempfile::SpooledTempFile;

use crate::connector::converter::conversion::into_raw;
use crate::connector::input::source_of;
use crate::connector::{LARGE, Raw};
use crate::message::segment::{self, Content};
use crate::message::{self, AttachmentFacts, RawReader, RawSource};
use crate::model::Digest;

const NO_ZIP: &str = "it has no part `rsmf.zip`";

/// The zip file in an RSMF file.
///
/// # Errors
/// There is none, or the file cannot be read: a text for people.
pub(super) fn zip_part(mail: &Arc<dyn RawSource>) -> Result<Arc<dyn RawSource>, String> {
    let cannot = |error: io::Error| format!("its part `rsmf.zip` cannot be read: {error}");
    if mail.len() > LARGE {
        return large_part(mail).map_err(cannot)?.ok_or_else(|| NO_ZIP.to_owned());
    }
    let raw = whole(mail).map_err(cannot)?;
    let place = message::facts(&raw).attachments.iter().position(is_zip);
    let bytes = place.and_then(|index| message::attachment(&raw, index + 1));
    bytes.map(|bytes| Arc::new(bytes) as Arc<dyn RawSource>).ok_or_else(|| NO_ZIP.to_owned())
}

/// All bytes of a source that is known to be small.
pub(super) fn whole(source: &Arc<dyn RawSource>) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    RawReader::new(Arc::clone(source), 0, source.len()).read_to_end(&mut raw)?;
    Ok(raw)
}

/// The source itself: in memory if it is small.
pub(super) fn raw_of(source: &Arc<dyn RawSource>) -> io::Result<Raw> {
    if source.len() > LARGE { Ok(Raw::Stored(Arc::clone(source))) } else { whole(source).map(Raw::Memory) }
}

/// As with every large message, what is large in it is left out while its structure is read.
fn large_part(mail: &Arc<dyn RawSource>) -> io::Result<Option<Arc<dyn RawSource>>> {
    let reader = RawReader::new(Arc::clone(mail), 0, mail.len());
    let segmentation = segment::segment(&mut BufReader::with_capacity(1 << 20, reader))?;
    let reduced = segment::reduce(mail.as_ref(), &segmentation, LARGE)?;
    let facts = message::facts(&reduced.bytes);
    let Some(index) = facts.attachments.iter().position(is_zip) else { return Ok(None) };
    let digest = facts.attachments.get(index).map(|found| found.attachment.digest);
    let omitted = reduced.omitted.iter().find(|omitted| Some(Digest::of(omitted.token.as_bytes())) == digest);
    let Some(omitted) = omitted else {
        let bytes = message::attachment(&reduced.bytes, index + 1);
        return Ok(bytes.map(|bytes| Arc::new(bytes) as Arc<dyn RawSource>));
    };
    let Some(segment) = segmentation.segments.get(omitted.segment_index) else { return Ok(None) };
    let Content::Part(part) = segment.content else { return Ok(None) };
    let mut raw = RawReader::new(Arc::clone(mail), segment.start, segment.len);
    let mut spool = SpooledTempFile::new(LARGE as usize);
    io::copy(&mut segment::decode_part(&mut raw, part.encoding), &mut spool)?;
    into_raw(spool).map(|raw: Raw| Some(source_of(raw)))
}

fn is_zip(facts: &AttachmentFacts) -> bool {
    let name = facts.attachment.name.to_ascii_lowercase();
    name.split_once("rsmf").is_some_and(|(_, rest)| rest == ".zip" || rest.rsplit('.').next() == Some("zip"))
}
