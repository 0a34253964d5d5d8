//! Destruction of contents: part of one disposition, never called for anything else.

use std::collections::{BTreeMap, HashMap};

use super::super::codec;
use super::super::digests;
use super::super::failed;
use super::super::messages;
use super::super::open_pack::OpenPack;
use super::super::pack::{Effort, FragmentRef};
use super::super::packs;
use super::super::tables::{CONTENT_HASHES, MESSAGE_DIGESTS, MESSAGES, PACKS, PART_DIGESTS, PARTS, Transaction};
use super::part::{self, PartRow};
use super::read::ContentReader;
use crate::model::{MessageNo, PackNo, PartNo};
use crate::{Error, Result};

/// Fragments to be emptied, gathered over all messages of one transaction.
#[derive(Default)]
pub(in crate::store) struct Removal {
    fragments: BTreeMap<PackNo, Vec<u32>>,
}

/// Removes the rows of a message that has no item left, and of the parts that only it referred to.
///
/// `reader` reads the state that `transaction` started from. Until `Removal::finish`, the bytes are still there.
pub(in crate::store) fn remove_message(
    transaction: &Transaction,
    reader: &mut ContentReader,
    no: MessageNo,
    removal: &mut Removal,
) -> Result<()> {
    let mut table = transaction.writable(MESSAGES)?;
    let row = messages::get(&table, no)?.ok_or_else(|| Error::NotFound { what: "message", id: no.to_string() })?;
    let mut lost: HashMap<PartNo, u64> = HashMap::new();
    for part in reader.references(&row)? {
        *lost.entry(part).or_default() += 1;
    }
    for (part, references) in lost {
        release_part(transaction, part, references, removal)?;
    }
    removal.add(&row.skeleton);
    table.remove(no.0).map_err(failed("remove a message row"))?;
    digests::remove(transaction.writable(MESSAGE_DIGESTS)?, row.digest.prefix(), no.0)?;
    digests::remove(transaction.writable(CONTENT_HASHES)?, row.content_hash.prefix(), no.0)
}

fn release_part(transaction: &Transaction, no: PartNo, references: u64, removal: &mut Removal) -> Result<()> {
    let mut parts = transaction.writable(PARTS)?;
    let row = part::get(&parts, no)?.ok_or_else(|| Error::Corrupt(format!("part {no} is missing")))?;
    match row.references.checked_sub(references) {
        None => Err(Error::Corrupt(format!("part {no} has fewer references than messages that refer to it"))),
        Some(0) => {
            removal.add(&row.fragments);
            parts.remove(no.0).map_err(failed("remove a part row"))?;
            digests::remove(transaction.writable(PART_DIGESTS)?, row.digest.prefix(), no.0)
        }
        Some(left) => {
            let bytes = codec::encode(&PartRow { references: left, ..row })?;
            parts.insert(no.0, bytes.as_slice()).map_err(failed("write a part row"))?;
            Ok(())
        }
    }
}

impl Removal {
    fn add(&mut self, fragments: &[FragmentRef]) {
        for fragment in fragments {
            self.fragments.entry(fragment.pack).or_default().push(fragment.index);
        }
    }

    /// Rewrites each touched pack without the gathered fragments.
    pub(in crate::store) fn finish(self, transaction: &Transaction) -> Result<()> {
        let mut table = transaction.writable(PACKS)?;
        let mut pack = OpenPack::new()?;
        for (no, indexes) in self.fragments {
            let rest = pack.without(&table, no, &indexes)?;
            if rest.is_blank {
                packs::remove(&mut table, no)?;
            } else {
                packs::put(&mut table, no, &rest.compress(Effort::High)?)?;
            }
        }
        Ok(())
    }
}
