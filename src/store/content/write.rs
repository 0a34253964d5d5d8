//! Writing of contents, each once.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::sync::Arc;

use redb::Table;

use super::super::codec;
use super::super::digests::{self, DigestKind, DigestLead, DigestsBefore};
use super::super::failed;
use super::super::messages::{self, MessageRow, any_with_content_hash, find_digest};
use super::super::pack::{FRAGMENT_BYTES, FragmentRef, HEADER_PACK_BYTES, PACK_BYTES, TEXT_PACK_BYTES};
use super::super::skeleton::{Piece, Skeleton, header_end};
use super::super::tables::{MESSAGES, PARTS, Transaction, counter};
use super::compress::{Filler, PackSink};
use super::part::{self, PartRow};
use crate::message::segment::{Encoding, decode_part};
use crate::message::{RawReader, RawSource};
use crate::model::{ContentHash, Digest, MessageNo, PartNo, UtcTime};
use crate::{Error, Result};

/// Longest literal kept in a skeleton, in bytes; a longer one becomes a part.
pub(super) const LITERAL_BYTES: usize = 64 << 10;

/// The decoded bytes of a part.
pub enum PartSource {
    /// In memory.
    Memory(Vec<u8>),
    /// All that a source has.
    Stored(Arc<dyn RawSource>),
    /// Decoded from a range of the raw bytes when needed.
    Raw {
        /// The raw bytes of the whole message.
        source: Arc<dyn RawSource>,
        /// First raw byte of the part.
        start: u64,
        /// Length of the part in raw bytes.
        len: u64,
    },
}

/// A piece of a message that is ready to be stored.
pub enum PreparedSegment {
    /// Kept with the message.
    Literal(Vec<u8>),
    /// Stored once.
    Part {
        /// How the raw bytes follow from the decoded ones.
        encoding: Encoding,
        /// Digest of the decoded bytes.
        digest: Digest,
        /// Decoded length in bytes.
        len: u64,
        /// The decoded bytes.
        source: PartSource,
    },
}

/// A message that is not in the archive yet.
pub struct NewMessage {
    /// Digest of the raw bytes.
    pub digest: Digest,
    /// Equal for copies of the same message.
    pub content_hash: ContentHash,
    /// Raw length in bytes.
    pub raw_len: u64,
    /// The sender's claim.
    pub sent_at: Option<UtcTime>,
    /// The transport's.
    pub received_at: Option<UtcTime>,
    /// When this archive takes it in.
    pub captured_at: UtcTime,
    /// Its raw bytes, in order.
    pub segments: Vec<PreparedSegment>,
}

/// Adds contents to the store within one transaction. Rows are gathered and written sorted by `finish`.
pub struct ContentWriter<'t> {
    transaction: &'t Transaction,
    messages: Table<'t, u64, &'static [u8]>,
    message_digests: DigestsBefore<'t>,
    content_hashes: DigestsBefore<'t>,
    parts: Table<'t, u64, &'static [u8]>,
    part_digests: DigestsBefore<'t>,
    new_messages: Vec<(MessageNo, MessageRow)>,
    messages_by_digest: HashMap<Digest, MessageNo>,
    seen_hashes: HashMap<ContentHash, MessageNo>,
    changed_parts: HashMap<PartNo, PartRow>,
    parts_by_digest: HashMap<Digest, PartNo>,
    headers: Filler,
    texts: Filler,
    binaries: Filler,
    last_message: u64,
    last_part: u64,
    /// The last part of before this transaction.
    last_known_part: u64,
    packs: PackSink<'t>,
}

impl<'t> ContentWriter<'t> {
    /// A writer within `transaction`.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(transaction: &'t Transaction) -> Result<Self> {
        let last_part = counter(transaction, part::COUNTER)?;
        Ok(Self {
            transaction,
            last_message: counter(transaction, messages::COUNTER)?,
            last_part,
            last_known_part: last_part,
            packs: PackSink::new(transaction)?,
            messages: transaction.writable(MESSAGES)?,
            message_digests: DigestsBefore::new(transaction, DigestKind::Messages)?,
            content_hashes: DigestsBefore::new(transaction, DigestKind::Contents)?,
            parts: transaction.writable(PARTS)?,
            part_digests: DigestsBefore::new(transaction, DigestKind::Parts)?,
            new_messages: Vec::new(),
            messages_by_digest: HashMap::new(),
            seen_hashes: HashMap::new(),
            changed_parts: HashMap::new(),
            parts_by_digest: HashMap::new(),
            headers: Filler::new(HEADER_PACK_BYTES, 4.0),
            texts: Filler::new(TEXT_PACK_BYTES, 4.0),
            binaries: Filler::new(PACK_BYTES, 1.1),
        })
    }

    /// The message with this digest, this transaction's own included.
    ///
    /// # Errors
    /// The store failed.
    pub fn find(&self, digest: &Digest) -> Result<Option<MessageNo>> {
        match self.messages_by_digest.get(digest) {
            Some(no) => Ok(Some(*no)),
            None => find_digest(&self.message_digests, &self.messages, digest),
        }
    }

    /// Whether a message with this content hash is there, this transaction's own included.
    ///
    /// # Errors
    /// The store failed.
    pub fn has_content(&self, hash: &ContentHash) -> Result<bool> {
        Ok(self.seen_hashes.contains_key(hash) || any_with_content_hash(&self.content_hashes, &self.messages, hash)?)
    }

    /// Adds a message whose digest `find` did not find.
    ///
    /// # Errors
    /// The store failed or a part's source did.
    pub fn append(&mut self, message: NewMessage) -> Result<MessageNo> {
        let mut pieces = Vec::with_capacity(message.segments.len());
        let mut literals = Vec::new();
        for segment in message.segments {
            match segment {
                PreparedSegment::Literal(bytes) if bytes.len() <= LITERAL_BYTES => {
                    pieces.push(Piece::Literal(bytes.len() as u64));
                    literals.extend_from_slice(&bytes);
                }
                PreparedSegment::Literal(bytes) => {
                    let (digest, len) = (Digest::of(&bytes), bytes.len() as u64);
                    let no = self.part(Encoding::Identity, digest, len, PartSource::Memory(bytes))?;
                    pieces.push(Piece::Part(no, Encoding::Identity));
                }
                PreparedSegment::Part { encoding, digest, len, source } => {
                    pieces.push(Piece::Part(self.part(encoding, digest, len, source)?, encoding));
                }
            }
        }
        let skeleton = Skeleton { pieces }.write(&literals)?;
        let (header, text) = skeleton.split_at(skeleton.len() - literals.len() + header_end(&literals));
        let mut fragments = Vec::with_capacity(2);
        for (filler, bytes) in [(&mut self.headers, header), (&mut self.texts, text)] {
            for chunk in bytes.chunks(FRAGMENT_BYTES) {
                fragments.push(filler.push(chunk, &mut self.packs)?);
            }
        }
        self.last_message += 1;
        let no = MessageNo(self.last_message);
        self.messages_by_digest.insert(message.digest, no);
        self.seen_hashes.insert(message.content_hash, no);
        let row = MessageRow {
            digest: message.digest,
            content_hash: message.content_hash,
            raw_len: message.raw_len,
            sent_at: message.sent_at,
            received_at: message.received_at,
            captured_at: message.captured_at,
            skeleton: fragments,
        };
        self.new_messages.push((no, row));
        Ok(no)
    }

    fn part(&mut self, encoding: Encoding, digest: Digest, len: u64, source: PartSource) -> Result<PartNo> {
        if let Some(no) = self.parts_by_digest.get(&digest) {
            if let Some(row) = self.changed_parts.get_mut(no) {
                row.references += 1;
            }
            return Ok(*no);
        }
        if let Some((no, mut row)) = part::find(&self.part_digests, &self.parts, &digest)? {
            row.references += 1;
            self.parts_by_digest.insert(digest, no);
            self.changed_parts.insert(no, row);
            return Ok(no);
        }
        let fragments = self.fragments(source, encoding, len)?;
        self.last_part += 1;
        let no = PartNo(self.last_part);
        self.parts_by_digest.insert(digest, no);
        self.changed_parts.insert(no, PartRow { digest, len, references: 1, fragments });
        Ok(no)
    }

    fn fragments(&mut self, source: PartSource, encoding: Encoding, len: u64) -> Result<Vec<FragmentRef>> {
        let (fragments, total) = match source {
            PartSource::Memory(bytes) => {
                let text = is_text(&bytes);
                let fragments = bytes.chunks(FRAGMENT_BYTES).map(|chunk| self.push(text, chunk));
                (fragments.collect::<Result<_>>()?, bytes.len() as u64)
            }
            PartSource::Stored(source) => {
                let len = source.len();
                self.fragments_of(&mut RawReader::new(source, 0, len))?
            }
            PartSource::Raw { source, start, len } => {
                let mut raw = BufReader::with_capacity(1 << 18, RawReader::new(source, start, len));
                self.fragments_of(&mut decode_part(&mut raw, encoding))?
            }
        };
        if total == len {
            Ok(fragments)
        } else {
            Err(Error::Store { action: "read a part", source: "its source changed while it was read".into() })
        }
    }

    /// Fragments of all that is read, and how many bytes that is.
    fn fragments_of(&mut self, reader: &mut dyn Read) -> Result<(Vec<FragmentRef>, u64)> {
        let failed = |source: std::io::Error| Error::Store { action: "read a part", source: source.into() };
        let (mut fragments, mut total) = (Vec::with_capacity(1), 0);
        let mut chunk = Vec::new();
        let mut text = None;
        loop {
            chunk.clear();
            reader.take(FRAGMENT_BYTES as u64).read_to_end(&mut chunk).map_err(failed)?;
            if chunk.is_empty() {
                return Ok((fragments, total));
            }
            total += chunk.len() as u64;
            let text = *text.get_or_insert_with(|| is_text(&chunk));
            fragments.push(self.push(text, &chunk)?);
        }
    }

    fn push(&mut self, text: bool, chunk: &[u8]) -> Result<FragmentRef> {
        let filler = if text { &mut self.texts } else { &mut self.binaries };
        filler.push(chunk, &mut self.packs)
    }

    /// Writes everything gathered.
    ///
    /// # Errors
    /// The store failed.
    pub fn finish(self) -> Result<()> {
        let Self { transaction, mut packs, headers, texts, binaries, parts, messages, .. } = self;
        headers.finish(&mut packs)?;
        texts.finish(&mut packs)?;
        binaries.finish(&mut packs)?;
        packs.finish(transaction)?;
        drop((self.message_digests, self.content_hashes, self.part_digests));
        digests::insert(transaction, DigestKind::Parts, write_parts(parts, self.changed_parts, self.last_known_part)?)?;
        drop(messages);
        let digests = self.new_messages.iter().map(|(no, row)| (row.digest.prefix(), no.0)).collect();
        let hashes = self.new_messages.iter().map(|(no, row)| (row.content_hash.prefix(), no.0)).collect();
        messages::append(transaction, self.new_messages)?;
        digests::insert(transaction, DigestKind::Messages, digests)?;
        digests::insert(transaction, DigestKind::Contents, hashes)?;
        transaction.set_counter(messages::COUNTER, self.last_message)?;
        transaction.set_counter(part::COUNTER, self.last_part)
    }
}

/// Returns the digests of those parts that come after `last_known`, and their numbers.
fn write_parts(
    mut table: Table<'_, u64, &'static [u8]>,
    changed: HashMap<PartNo, PartRow>,
    last_known: u64,
) -> Result<Vec<DigestLead>> {
    let mut rows: Vec<_> = changed.into_iter().collect();
    rows.sort_by_key(|(no, _)| *no);
    let mut digests = Vec::with_capacity(rows.len());
    for (no, row) in rows {
        if no.0 > last_known {
            digests.push((row.digest.prefix(), no.0));
        }
        table.insert(no.0, codec::encode(&row)?.as_slice()).map_err(failed("write a part row"))?;
    }
    Ok(digests)
}

/// Headers, texts and binaries are packed apart: each compresses best among its own.
fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.get(..1024).unwrap_or(bytes);
    match std::str::from_utf8(start) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() || error.valid_up_to() > 768,
    }
}
