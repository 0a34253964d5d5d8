//! Filling of packs, compressed on other threads while the next ones are filled.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::super::pack::{Effort, FragmentRef, PackBuilder};
use super::super::packs::{self, PackTable};
use super::super::tables::{PACKS, Transaction, counter};
use crate::model::PackNo;
use crate::{Error, Result};

const COUNTER: &str = "pack";

/// Packs that may wait for a thread to compress them; bounds the memory of a large message.
const MAX_OUTSTANDING: usize = 16;

/// Where full packs go: the table of packs, and the numbers of new ones.
pub(super) struct PackSink<'t> {
    table: PackTable<'t>,
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

    pub(super) fn finish(self, transaction: &Transaction) -> Result<()> {
        transaction.set_counter(COUNTER, self.last)
    }
}

struct Compressed {
    no: PackNo,
    raw_bytes: usize,
    bytes: Result<Vec<u8>>,
}

/// Gathers fragments of one sort into packs.
pub(super) struct Filler {
    builder: Option<PackBuilder>,
    pack_bytes: usize,
    effort: Effort,
    sender: Sender<Compressed>,
    receiver: Receiver<Compressed>,
    outstanding: usize,
}

impl Filler {
    /// `pack_bytes`: the most that a pack holds before compression; `ratio`: the compression expected at first.
    pub(super) fn new(pack_bytes: usize, ratio: f64) -> Self {
        let (sender, receiver) = channel();
        Self { builder: None, pack_bytes, effort: Effort::for_ratio(ratio), sender, receiver, outstanding: 0 }
    }

    /// Adds a fragment of at most `FRAGMENT_BYTES`.
    pub(super) fn push(&mut self, fragment: &[u8], sink: &mut PackSink<'_>) -> Result<FragmentRef> {
        if self.builder.as_ref().is_some_and(|builder| builder.raw_bytes() + fragment.len() + 4 > self.pack_bytes) {
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
            let (sender, effort) = (self.sender.clone(), self.effort);
            self.outstanding += 1;
            rayon::spawn(move || {
                let (no, raw_bytes) = (sealed.no, sealed.raw.len());
                // The receiver is gone only where the whole change was given up.
                sender.send(Compressed { no, raw_bytes, bytes: sealed.compress(effort) }).ok();
            });
        }
    }

    fn take(&mut self, compressed: Compressed, sink: &mut PackSink<'_>) -> Result<()> {
        self.outstanding -= 1;
        let bytes = compressed.bytes?;
        self.effort = Effort::for_ratio(compressed.raw_bytes as f64 / bytes.len().max(1) as f64);
        packs::put(&mut sink.table, compressed.no, &bytes)
    }

    /// Compresses and writes what is left.
    pub(super) fn finish(mut self, sink: &mut PackSink<'_>) -> Result<()> {
        self.seal();
        while self.outstanding > 0 {
            let compressed = self.receiver.recv().map_err(|_| Error::Store {
                action: "compress a pack",
                source: "the thread that did it ended early".into(),
            })?;
            self.take(compressed, sink)?;
        }
        Ok(())
    }
}
