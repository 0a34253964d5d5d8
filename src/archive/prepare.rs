//! A raw message made ready for the store: parsed, hashed, and cut into parts.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use super::attachments::{Files, Quick, large_facts};
use crate::Result;
use crate::connector::Raw;
use crate::error::Error;
use crate::message::segment::{self, Content, Encoding, Segment};
use crate::message::{self, Facts, RawReader, RawSource};
use crate::model::{Digest, Trust};
use crate::store::{PartSource, PreparedSegment};

/// Longest message that is handled in memory, in bytes.
pub(super) const LARGE: u64 = 16 << 20;

/// Longest literal of a large message that is stored as one, in bytes.
const LARGE_LITERAL: u64 = 64 << 10;

/// What is to be stored of a message.
pub(super) struct Prepared {
    pub(super) digest: Digest,
    pub(super) raw_len: u64,
    pub(super) facts: Facts,
    pub(super) segments: Vec<PreparedSegment>,
}

/// What a message without any text takes in memory, in bytes, about.
const LEAST_MEMORY: u64 = 2 << 10;

/// What an open file counts for, in bytes: so that no more than 128 are, where 64 MiB may wait.
const OPEN_FILE: u64 = 512 << 10;

impl Prepared {
    /// What it takes in memory, in bytes, about.
    pub(super) fn memory(&self) -> u64 {
        let segments = self.segments.iter().map(|segment| match segment {
            PreparedSegment::Literal(bytes) | PreparedSegment::Part { source: PartSource::Memory(bytes), .. } => {
                bytes.len() as u64
            }
            PreparedSegment::Part { .. } => 0,
        });
        let texts = self.facts.attachments.iter().map(|attachment| attachment.text.len() as u64);
        let is_in_file =
            |segment: &PreparedSegment| matches!(segment, PreparedSegment::Part { source: PartSource::Raw { .. }, .. });
        let file = if self.segments.iter().any(is_in_file) { OPEN_FILE } else { 0 };
        LEAST_MEMORY + segments.chain(texts).sum::<u64>() + self.facts.body.len() as u64 + file
    }
}

/// Prepares a raw message, a large one without taking it into memory. What it says of itself is believed as far as
/// `trust` goes.
pub(super) fn prepare(raw: Raw, trust: Trust) -> Result<Prepared> {
    match raw {
        Raw::Memory(bytes) => Ok(prepare_in_memory(&bytes, trust)),
        Raw::Stored(source) => prepare_large(&source, trust),
    }
}

fn prepare_in_memory(bytes: &[u8], trust: Trust) -> Prepared {
    let segmentation = segment::segment_bytes(bytes);
    let facts = message::facts_with(bytes, trust, &Quick::default());
    let mut segments = Vec::with_capacity(segmentation.segments.len());
    for segment in segmentation.segments {
        let raw = usize::try_from(segment.start)
            .ok()
            .and_then(|start| bytes.get(start..start.checked_add(usize::try_from(segment.len).ok()?)?))
            .expect("segments cover exactly the bytes they were cut from");
        segments.push(match segment.content {
            Content::Literal => PreparedSegment::Literal(raw.to_vec()),
            Content::Part(part) => PreparedSegment::Part {
                source: PartSource::Memory(decoded(raw, part.encoding)),
                encoding: part.encoding,
                digest: part.digest,
                len: part.decoded_len,
            },
        });
    }
    Prepared { digest: segmentation.digest, raw_len: segmentation.len, facts, segments }
}

fn prepare_large(source: &Arc<dyn RawSource>, trust: Trust) -> Result<Prepared> {
    let failed = |source: io::Error| Error::Store { action: "read a large message", source: source.into() };
    let segmentation =
        segment::segment(&mut BufReader::with_capacity(1 << 20, RawReader::new(Arc::clone(source), 0, source.len())))
            .map_err(failed)?;
    let facts = large_facts(source.as_ref(), &segmentation, trust, &Files::Quick(&Quick::default())).map_err(failed)?;
    let mut segments = Vec::with_capacity(segmentation.segments.len());
    for segment in &segmentation.segments {
        segments.push(large_segment(source, segment).map_err(failed)?);
    }
    Ok(Prepared { digest: segmentation.digest, raw_len: segmentation.len, facts, segments })
}

fn large_segment(source: &Arc<dyn RawSource>, segment: &Segment) -> io::Result<PreparedSegment> {
    let (encoding, digest, len) = match &segment.content {
        Content::Literal if segment.len <= LARGE_LITERAL => {
            let mut bytes = vec![0; usize::try_from(segment.len).map_err(io::Error::other)?];
            source.read_exact_at(segment.start, &mut bytes)?;
            return Ok(PreparedSegment::Literal(bytes));
        }
        Content::Literal => {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(RawReader::new(Arc::clone(source), segment.start, segment.len))?;
            (Encoding::Identity, Digest(*hasher.finalize().as_bytes()), segment.len)
        }
        Content::Part(part) => (part.encoding, part.digest, part.decoded_len),
    };
    let source = PartSource::Raw { source: Arc::clone(source), start: segment.start, len: segment.len };
    Ok(PreparedSegment::Part { encoding, digest, len, source })
}

fn decoded(mut raw: &[u8], encoding: Encoding) -> Vec<u8> {
    if encoding == Encoding::Identity {
        return raw.to_vec();
    }
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3);
    segment::decode_part(&mut raw, encoding)
        .read_to_end(&mut bytes)
        .expect("a segment is a base64 part only where it decodes, and a slice does not fail");
    bytes
}
