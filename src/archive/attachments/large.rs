//! Attachments that are left out while a message is parsed: of messages that are too large for memory, and of those that are
//! listed.

use std::io::{self, BufReader};

use super::quick::reason;
use super::{NOT_READ_YET, Quick, SIZE_LIMIT, Whole};
use crate::message::segment::{self, Omitted, Reduced, Segmentation};
use crate::message::{self, AttachedFile, Facts, FileText, RawReader, RawSource, ReadFile};
use crate::model::{ContentHash, Defect, Digest, Trust};

/// Text of a large message that is searched, in bytes; the rest is recorded as not searched.
const LARGE_TEXT: u64 = 16 << 20;

/// How the attachments of a message are read.
pub(in crate::archive) enum Files<'a, 'p> {
    /// None is.
    Unread,
    /// What is simple.
    Quick(&'a Quick),
    /// Everything.
    Whole(&'a Whole<'p>),
}

/// The facts of a message that is too large for memory: its large attachments are left out while it is parsed, and
/// their sizes and digests put in afterwards.
pub(in crate::archive) fn large_facts(
    source: &dyn RawSource,
    segmentation: &Segmentation,
    trust: Trust,
    files: &Files<'_, '_>,
) -> io::Result<Facts> {
    let reduced = segment::reduce(source, segmentation, LARGE_TEXT)?;
    let reader = LargeFiles { source, segmentation, omitted: &reduced.omitted, files };
    let mut facts = message::facts_with(&reduced.bytes, trust, &reader);
    for omitted in &reduced.omitted {
        put_back(omitted, &mut facts);
        if facts.take_from_body(&omitted.token) {
            facts.partially_indexed.push(Defect::new("text_cut", "a large text of the message is not searched"));
        }
    }
    facts.partially_indexed.extend(reduced.cut.iter().map(|cut| Defect::new("text_cut", cut.clone())));
    Ok(facts)
}

/// The facts of a message of which `reduced` is left and whose content hash is known; `None` if they are not all those of the
/// whole message, its attachments unread.
pub(in crate::archive) fn reduced_facts(reduced: &Reduced, trust: Trust, content_hash: ContentHash) -> Option<Facts> {
    let mut facts = message::facts_hashed(&reduced.bytes, trust, content_hash);
    reduced.omitted.iter().all(|omitted| put_back(omitted, &mut facts)).then_some(facts)
}

/// Says of the attachment that a token stands for how large it is, and its digest. False if there is none, and if what is said
/// of it besides depends on its bytes.
fn put_back(omitted: &Omitted, facts: &mut Facts) -> bool {
    let token = Digest::of(omitted.token.as_bytes());
    let mut attachments = facts.attachments.iter_mut().map(|facts| &mut facts.attachment);
    let Some(attachment) = attachments.find(|attachment| attachment.digest == token) else { return false };
    attachment.bytes = omitted.part.decoded_len;
    attachment.digest = omitted.part.digest;
    // A message without a name is called by its subject.
    !attachment.media_type.starts_with("message/")
}

/// Reads attachments that a token stands for from where they are.
struct LargeFiles<'a, 'p> {
    source: &'a dyn RawSource,
    segmentation: &'a Segmentation,
    omitted: &'a [Omitted],
    files: &'a Files<'a, 'p>,
}

impl ReadFile for LargeFiles<'_, '_> {
    fn read(&self, file: &AttachedFile<'_>) -> Option<FileText> {
        let omitted = self.omitted.iter().find(|omitted| omitted.token.as_bytes() == file.bytes);
        match (self.files, omitted) {
            (Files::Unread, _) => Some(FileText::default()),
            (Files::Quick(quick), None) => quick.read(file),
            (Files::Whole(whole), None) => whole.read(file),
            (Files::Quick(_), Some(_)) => Some(reason(NOT_READ_YET, "its text is not read yet")),
            (Files::Whole(whole), Some(omitted)) => Some(self.large(file, omitted, whole)),
        }
    }
}

impl LargeFiles<'_, '_> {
    /// Reads a large file in a process whatever it is.
    fn large(&self, file: &AttachedFile<'_>, omitted: &Omitted, whole: &Whole<'_>) -> FileText {
        if let Some(refused) = whole.count(file) {
            return refused;
        }
        if omitted.part.decoded_len > SIZE_LIMIT {
            let detail = format!("it is larger than {} MiB and is not searched", SIZE_LIMIT >> 20);
            return reason("too_large", detail);
        }
        let Some(segment) = self.segmentation.segments.get(omitted.segment_index) else {
            return reason("damaged", "it cannot be found in the message");
        };
        let mut raw = BufReader::with_capacity(1 << 18, RawReader::new(self.source, segment.start, segment.len));
        whole.in_process(file, &mut segment::decode_part(&mut raw, omitted.part.encoding))
    }
}
