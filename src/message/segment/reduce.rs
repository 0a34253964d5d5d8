//! A large message made small enough to parse.

use std::io;

use data_encoding::BASE64;

use super::{Content, Encoding, PartFacts, Segment, Segmentation};
use crate::message::RawSource;
use crate::model::Digest;

/// Base64 parts of more decoded bytes than this are left out of a reduced message (1 MiB).
pub const OMITTED_OVER: u64 = 1024 * 1024;

/// Cuts that are listed one by one; the rest are counted in one entry.
const MAX_CUTS: usize = 100;

/// A message without its large parts. Its headers and structure are those of the whole message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reduced {
    /// The reduced message.
    pub bytes: Vec<u8>,
    /// The base64 parts that tokens stand for, in the order of the message.
    pub omitted: Vec<Omitted>,
    /// For people: what was cut because it went beyond the limit, and how much.
    pub cut: Vec<String>,
}

impl Reduced {
    /// Appends one line of base64 that decodes to a token, for `part` of the message with `digest`. `segment_index` is the
    /// place of the part among the segments, from 0.
    pub fn omit(&mut self, digest: Digest, segment_index: usize, part: PartFacts) {
        let token = format!("custodia-omitted-{segment_index}-{digest}");
        self.bytes.extend_from_slice(BASE64.encode(token.as_bytes()).as_bytes());
        if let Encoding::Base64 { crlf, final_newline: true, .. } = part.encoding {
            self.bytes.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
        }
        self.omitted.push(Omitted { token, part, segment_index });
    }
}

/// A base64 part that is not in a reduced message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// What the reduced message has in its place, once decoded. It depends on the digest of the whole message, so that
    /// no message can contain it.
    pub token: String,
    /// The part.
    pub part: PartFacts,
    /// Its place among the segments, from 0.
    pub segment_index: usize,
}

/// Reduces the message in `source` so that its facts can be read in bounded memory.
///
/// Each base64 part larger than [`OMITTED_OVER`] becomes one line of base64 that decodes to a token. `limit` bytes of
/// everything else are kept, the literals first, since they hold the structure; then the parts in the order of the
/// message. What goes beyond is cut, and recorded.
///
/// # Errors
/// `source` failed or is shorter than `segmentation` says.
pub fn reduce(source: &dyn RawSource, segmentation: &Segmentation, limit: u64) -> io::Result<Reduced> {
    let literals: u64 =
        segmentation.segments.iter().filter(|segment| segment.content == Content::Literal).map(|s| s.len).sum();
    let mut reduction = Reduction {
        source,
        digest: segmentation.digest,
        literal_budget: limit,
        part_budget: limit.saturating_sub(literals),
        cuts: 0,
        cut_bytes: 0,
        reduced: Reduced::default(),
    };
    for (index, segment) in segmentation.segments.iter().enumerate() {
        reduction.segment(index, segment)?;
    }
    Ok(reduction.finish())
}

struct Reduction<'a> {
    source: &'a dyn RawSource,
    digest: Digest,
    literal_budget: u64,
    part_budget: u64,
    cuts: u64,
    cut_bytes: u64,
    reduced: Reduced,
}

impl Reduction<'_> {
    fn segment(&mut self, index: usize, segment: &Segment) -> io::Result<()> {
        match segment.content {
            Content::Literal => {
                self.literal_budget = self.copy(segment, self.literal_budget, "structure")?;
            }
            Content::Part(PartFacts { encoding: Encoding::Identity, .. }) => {
                self.part_budget = self.copy(segment, self.part_budget, "text")?;
            }
            Content::Part(part) if part.decoded_len <= OMITTED_OVER && segment.len <= self.part_budget => {
                self.part_budget = self.copy(segment, self.part_budget, "part")?;
            }
            Content::Part(part) => self.reduced.omit(self.digest, index, part),
        }
        Ok(())
    }

    /// Copies the beginning of a segment; gives what is left of the budget.
    fn copy(&mut self, segment: &Segment, budget: u64, what: &str) -> io::Result<u64> {
        let kept = segment.len.min(budget);
        let end = self.reduced.bytes.len();
        let too_large = || io::Error::new(io::ErrorKind::OutOfMemory, "the reduced message does not fit in memory");
        let kept_in_memory = usize::try_from(kept).map_err(|_| too_large())?;
        self.reduced.bytes.resize(end.checked_add(kept_in_memory).ok_or_else(too_large)?, 0);
        self.source.read_exact_at(segment.start, self.reduced.bytes.get_mut(end..).unwrap_or_default())?;
        if kept < segment.len {
            self.record_cut(segment, kept, what);
            // What follows, a boundary line as a rule, must not be glued to the cut line.
            self.reduced.bytes.extend_from_slice(b"\r\n");
        }
        Ok(budget - kept)
    }

    fn record_cut(&mut self, segment: &Segment, kept: u64, what: &str) {
        self.cuts += 1;
        let bytes = segment.len - kept;
        if self.reduced.cut.len() < MAX_CUTS {
            self.reduced.cut.push(format!("{bytes} bytes of {what} from byte {}", segment.start + kept));
        } else {
            self.cut_bytes += bytes;
        }
    }

    fn finish(mut self) -> Reduced {
        let more = self.cuts - self.reduced.cut.len() as u64;
        if more > 0 {
            self.reduced.cut.push(format!("{} bytes in {more} more places", self.cut_bytes));
        }
        self.reduced
    }
}
