//! Reading of contents, each checked against its digest.

use std::io::{self, Write};

use redb::ReadOnlyTable;

use super::super::failed;
use super::super::messages::MessageRow;
use super::super::open_pack::OpenPacks;
use super::super::skeleton::{Piece, Skeleton};
use super::super::tables::{DISTRUSTED, PACKS, PARTS, Snapshot};
use super::super::trust;
use super::part::{self, PartRow};
use crate::message::segment::{Encoding, PartEncoder, PartFacts, Reduced};
use crate::model::{Digest, PartNo, Trust};
use crate::{Error, Result};

/// Reads contents of one snapshot; those of neighbouring numbers with the least work.
pub struct ContentReader {
    packs: ReadOnlyTable<(u64, u32), &'static [u8]>,
    parts: ReadOnlyTable<u64, &'static [u8]>,
    distrusted: ReadOnlyTable<&'static [u8; 32], u8>,
    open: OpenPacks,
}

impl ContentReader {
    /// A reader of `snapshot`.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(snapshot: &Snapshot) -> Result<Self> {
        Ok(Self {
            packs: snapshot.0.open_table(PACKS).map_err(failed("open a table"))?,
            parts: snapshot.0.open_table(PARTS).map_err(failed("open a table"))?,
            distrusted: snapshot.0.open_table(DISTRUSTED).map_err(failed("open a table"))?,
            open: OpenPacks::default(),
        })
    }

    /// How far a message is believed, by [`put_trusts`](trust::put_trusts).
    ///
    /// # Errors
    /// The store failed.
    pub fn trust(&self, row: &MessageRow) -> Result<Trust> {
        let found = self.distrusted.get(&row.digest.0).map_err(failed("read how far a message is believed"))?;
        found.map_or(Ok(Trust::All), |found| trust::read(found.value()))
    }

    /// The raw bytes of a message, checked against its digest.
    ///
    /// # Errors
    /// The store failed, or the bytes are not what was stored.
    pub fn raw(&mut self, row: &MessageRow) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(row.raw_len).unwrap_or(0).min(64 << 20));
        self.stream(row, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the raw bytes of a message to `out`, and fails at the end if they do not match its digest.
    ///
    /// # Errors
    /// The store or `out` failed, or the bytes are not what was stored.
    pub fn stream(&mut self, row: &MessageRow, out: &mut dyn Write) -> Result<()> {
        let (skeleton, literals) = self.skeleton(row)?;
        self.whole(row, &skeleton, &literals, out)
    }

    /// The message without its base64 parts of more than `over` decoded bytes; `None` if what is left has more than `limit`
    /// bytes. A message that has such parts is not checked against its digest, but each part that is read against its own.
    ///
    /// # Errors
    /// The store failed, or the bytes are not what was stored.
    pub fn reduced(&mut self, row: &MessageRow, over: u64, limit: u64) -> Result<Option<Reduced>> {
        let (skeleton, literals) = self.skeleton(row)?;
        let omitted = self.encoded_over(&skeleton, over)?;
        let left_out: u64 = omitted.iter().flatten().map(|part| part.decoded_len / 3 * 4).sum();
        if row.raw_len.saturating_sub(left_out) > limit {
            return Ok(None);
        }
        let mut reduced = Reduced::default();
        if left_out == 0 {
            self.whole(row, &skeleton, &literals, &mut reduced.bytes)?;
            return Ok(Some(reduced));
        }
        let mut literals = literals.as_slice();
        for (index, (piece, omitted)) in skeleton.pieces.iter().zip(omitted).enumerate() {
            match omitted {
                Some(part) => reduced.omit(row.digest, index, part),
                None => self.piece(row, piece, &mut literals, &mut reduced.bytes)?,
            }
        }
        Ok(Some(reduced))
    }

    /// For each piece the facts of the part, if it is one of more than `over` decoded bytes and stored as base64.
    fn encoded_over(&self, skeleton: &Skeleton, over: u64) -> Result<Vec<Option<PartFacts>>> {
        let large = |piece: &Piece| match piece {
            Piece::Part(no, encoding @ Encoding::Base64 { .. }) => {
                let PartRow { digest, len, .. } = self.part_row(*no)?;
                Ok((len > over).then_some(PartFacts { encoding: *encoding, digest, decoded_len: len }))
            }
            _ => Ok(None),
        };
        skeleton.pieces.iter().map(large).collect()
    }

    fn whole(&mut self, row: &MessageRow, skeleton: &Skeleton, mut literals: &[u8], out: &mut dyn Write) -> Result<()> {
        let mut checked = Checked { out, hasher: blake3::Hasher::new(), len: 0 };
        for piece in &skeleton.pieces {
            self.piece(row, piece, &mut literals, &mut checked)?;
        }
        if checked.len == row.raw_len && Digest(*checked.hasher.finalize().as_bytes()) == row.digest {
            Ok(())
        } else {
            Err(corrupt(row, "does not match its digest"))
        }
    }

    /// Writes one piece of a message; a literal is taken from the start of `literals`.
    fn piece(&mut self, row: &MessageRow, piece: &Piece, literals: &mut &[u8], out: &mut dyn Write) -> Result<()> {
        match piece {
            Piece::Literal(len) => {
                let split = literals.split_at_checked(usize::try_from(*len).unwrap_or(usize::MAX));
                let (literal, rest) = split.ok_or_else(|| corrupt(row, "lacks literal bytes"))?;
                *literals = rest;
                out.write_all(literal).map_err(write_failed)
            }
            Piece::Part(no, encoding) => self.encoded_part(*no, *encoding, out),
        }
    }

    fn encoded_part(&mut self, no: PartNo, encoding: Encoding, out: &mut dyn Write) -> Result<()> {
        if encoding == Encoding::Identity {
            return self.part(no, &mut |chunk| out.write_all(chunk).map_err(write_failed));
        }
        let (mut encoder, mut raw) = (PartEncoder::new(encoding), Vec::new());
        self.part(no, &mut |chunk| {
            raw.clear();
            encoder.push(chunk, &mut raw);
            out.write_all(&raw).map_err(write_failed)
        })?;
        raw.clear();
        encoder.finish(&mut raw);
        out.write_all(&raw).map_err(write_failed)
    }

    /// The digests and lengths of the parts of a message that are stored as base64, in order.
    ///
    /// # Errors
    /// The store failed.
    pub fn encoded_parts(&mut self, row: &MessageRow) -> Result<Vec<(PartNo, Digest, u64)>> {
        let (skeleton, _) = self.skeleton(row)?;
        let mut found = Vec::new();
        for piece in &skeleton.pieces {
            if let Piece::Part(no, Encoding::Base64 { .. }) = piece {
                let part = self.part_row(*no)?;
                found.push((*no, part.digest, part.len));
            }
        }
        Ok(found)
    }

    /// Hands the decoded bytes of a part to `visit`, chunk by chunk, and fails at the end if they do not match its
    /// digest.
    ///
    /// # Errors
    /// The store or `visit` failed, or the bytes are not what was stored.
    pub fn part(&mut self, no: PartNo, visit: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let row = self.part_row(no)?;
        let mut hasher = blake3::Hasher::new();
        for fragment in &row.fragments {
            let bytes = self.open.fragment(&self.packs, *fragment)?;
            hasher.update(bytes);
            visit(bytes)?;
        }
        if Digest(*hasher.finalize().as_bytes()) == row.digest {
            Ok(())
        } else {
            Err(Error::Corrupt(format!("part {no} does not match its digest")))
        }
    }

    pub(in crate::store) fn skeleton(&mut self, row: &MessageRow) -> Result<(Skeleton, Vec<u8>)> {
        let mut bytes = Vec::new();
        for fragment in &row.skeleton {
            bytes.extend_from_slice(self.open.fragment(&self.packs, *fragment)?);
        }
        let (skeleton, literals) = Skeleton::read(&bytes)?;
        Ok((skeleton, literals.to_vec()))
    }

    /// The parts that a message refers to, one entry for each reference.
    ///
    /// # Errors
    /// The store failed.
    pub fn references(&mut self, row: &MessageRow) -> Result<Vec<PartNo>> {
        Ok(self.skeleton(row)?.0.parts().collect())
    }

    fn part_row(&self, no: PartNo) -> Result<PartRow> {
        part::get(&self.parts, no)?.ok_or_else(|| Error::Corrupt(format!("part {no} is missing")))
    }
}

struct Checked<'w> {
    out: &'w mut dyn Write,
    hasher: blake3::Hasher,
    len: u64,
}

impl Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        self.hasher.update(bytes);
        self.len += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn write_failed(source: io::Error) -> Error {
    Error::Io { action: "write", path: "the output".into(), source }
}

fn corrupt(row: &MessageRow, what: &str) -> Error {
    Error::Corrupt(format!("message {} {what}", row.digest))
}
