//! Filling of packs, compressed on other threads while the next ones are filled.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

use redb::Table;

use super::super::failed;
use super::super::pack::{FragmentRef, OpenPack, PackBuilder, SealedPack, TARGET_BYTES};
use super::super::tables::{PACKS, Transaction, counter};
use crate::model::PackNo;
use crate::{Error, Result};

/// Most that a pack holds before compression, in bytes: bounds the cost of reading one message.
const MAX_RAW_BYTES: usize = 1 << 20;

const COUNTER: &str = "pack";

/// Packs that may wait for a thread to compress them; bounds the memory of a large message.
const MAX_OUTSTANDING: usize = 16;

/// Where full packs go: the table of packs, and the numbers of new ones.
pub(super) struct PackSink<'t> {
    table: Table<'t, u64, &'static [u8]>,
    last: u64,
}

impl<'t> PackSink<'t> {
    pub(super) fn new(transaction: &'t Transaction) -> Result<Self> {
        Ok(Self { last: counter(transaction, COUNTER)?, table: transaction.writable(PACKS)? })
    }

    fn next(&mut self) -> PackNo {
        self.last += 1;
        PackNo(self.last)
    }

    fn put(&mut self, no: PackNo, bytes: &[u8]) -> Result<()> {
        self.table.insert(no.0, bytes).map(drop).map_err(failed("write a pack"))
    }

    pub(super) fn finish(self, transaction: &Transaction) -> Result<()> {
        transaction.set_counter(COUNTER, self.last)
    }
}

/// What a pack became: usually one piece, several where it compressed worse than expected.
struct Compressed {
    no: PackNo,
    raw_bytes: usize,
    pieces: Result<Vec<Piece>>,
}

struct Piece {
    first_index: u32,
    bytes: Vec<u8>,
}

/// Gathers fragments of one sort into packs.
pub(super) struct Filler {
    builder: Option<PackBuilder>,
    ratio: f64,
    sender: Sender<Compressed>,
    receiver: Receiver<Compressed>,
    outstanding: usize,
    relocations: Relocations,
}

impl Filler {
    /// `ratio`: the compression expected at first.
    pub(super) fn new(ratio: f64) -> Self {
        let (sender, receiver) = channel();
        Self { builder: None, ratio, sender, receiver, outstanding: 0, relocations: Relocations::default() }
    }

    /// Adds a fragment of at most `FRAGMENT_BYTES`.
    pub(super) fn push(&mut self, fragment: &[u8], sink: &mut PackSink<'_>) -> Result<FragmentRef> {
        let room = ((TARGET_BYTES as f64 * self.ratio * 0.97) as usize).min(MAX_RAW_BYTES);
        if self.builder.as_ref().is_some_and(|builder| builder.raw_bytes() + fragment.len() + 4 > room) {
            self.seal();
            while let Some(compressed) = self.ready() {
                self.take(compressed, sink)?;
            }
        }
        let builder = self.builder.get_or_insert_with(|| PackBuilder::new(sink.next()));
        Ok(builder.push(fragment))
    }

    /// A compressed pack, waited for only where too many are at work.
    fn ready(&self) -> Option<Compressed> {
        if self.outstanding > MAX_OUTSTANDING { self.receiver.recv().ok() } else { self.receiver.try_recv().ok() }
    }

    fn seal(&mut self) {
        if let Some(builder) = self.builder.take() {
            let sealed = builder.seal();
            let sender = self.sender.clone();
            self.outstanding += 1;
            rayon::spawn(move || {
                let (no, raw_bytes) = (sealed.no, sealed.raw.len());
                // The receiver is gone only where the whole change was given up.
                sender.send(Compressed { no, raw_bytes, pieces: compress(sealed) }).ok();
            });
        }
    }

    fn take(&mut self, compressed: Compressed, sink: &mut PackSink<'_>) -> Result<()> {
        self.outstanding -= 1;
        let pieces = compressed.pieces?;
        let bytes: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
        if bytes > 8192 {
            self.ratio = (self.ratio * 0.7 + 0.3 * compressed.raw_bytes as f64 / bytes as f64).clamp(1.0, 40.0);
        }
        for (place, piece) in pieces.iter().enumerate() {
            let mut target = compressed.no;
            if place > 0 {
                target = sink.next();
                self.relocations.0.entry(compressed.no).or_default().push((piece.first_index, target));
            }
            sink.put(target, &piece.bytes)?;
        }
        Ok(())
    }

    /// Compresses and writes what is left; returns where the fragments of split packs went.
    pub(super) fn finish(mut self, sink: &mut PackSink<'_>) -> Result<Relocations> {
        self.seal();
        while self.outstanding > 0 {
            let compressed = self.receiver.recv().map_err(|_| Error::Store {
                action: "compress a pack",
                source: "the thread that did it ended early".into(),
            })?;
            self.take(compressed, sink)?;
        }
        Ok(self.relocations)
    }
}

/// Where the fragments of split packs went.
#[derive(Default)]
pub(super) struct Relocations(HashMap<PackNo, Vec<(u32, PackNo)>>);

impl Relocations {
    pub(super) fn apply(&self, reference: &mut FragmentRef) {
        let moves = self.0.get(&reference.pack).map(Vec::as_slice).unwrap_or_default();
        if let Some((first, pack)) = moves.iter().rev().find(|(first, _)| *first <= reference.index) {
            *reference = FragmentRef { pack: *pack, index: reference.index - first };
        }
    }
}

fn compress(pack: SealedPack) -> Result<Vec<Piece>> {
    let bytes = pack.compress()?;
    if bytes.len() <= TARGET_BYTES {
        return Ok(vec![Piece { first_index: 0, bytes }]);
    }
    let open = OpenPack::from_raw(pack.no, pack.raw)?;
    let mut pieces = Vec::new();
    let mut first = 0;
    let mut share = TARGET_BYTES as f64 * 0.96 / bytes.len() as f64;
    while first < open.fragments() {
        let (count, piece) = fitting_piece(&open, pack.no, first, &mut share)?;
        pieces.push(Piece { first_index: first, bytes: piece });
        first += count;
    }
    Ok(pieces)
}

/// The longest run of fragments from `first` that is expected to fit, shrunk until it does.
fn fitting_piece(open: &OpenPack, no: PackNo, first: u32, share: &mut f64) -> Result<(u32, Vec<u8>)> {
    loop {
        let room = (open.bytes() as f64 * *share) as usize;
        let mut builder = PackBuilder::new(no);
        let mut count = 0;
        while let Some(fragment) = open.fragment(first + count) {
            if count > 0 && builder.raw_bytes() + fragment.len() > room {
                break;
            }
            builder.push(fragment);
            count += 1;
        }
        let bytes = builder.seal().compress()?;
        if bytes.len() <= TARGET_BYTES || count <= 1 {
            return Ok((count.max(1), bytes));
        }
        *share *= 0.9;
    }
}
