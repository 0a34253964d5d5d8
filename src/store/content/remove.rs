//! Destruction of contents: part of one disposition, never called for anything else.

use std::collections::{BTreeMap, HashMap};

use super::super::codec;
use super::super::digests::{self, DigestKind, DigestLead};
use super::super::failed;
use super::super::messages;
use super::super::open_pack::OpenPack;
use super::super::pack::{Effort, FragmentRef};
use super::super::packs;
use super::super::tables::{PACKS, PARTS, Transaction};
use super::part::{self, PartRow};
use super::read::ContentReader;
use crate::model::{MessageNo, PackNo, PartNo};
use crate::{Error, Result};

/// Fragments to be emptied and digests to be forgotten, gathered over all messages of one transaction.
#[derive(Default)]
pub(in crate::store) struct Removal {
    fragments: BTreeMap<PackNo, Vec<u32>>,
    digests: Vec<DigestLead>,
    content_hashes: Vec<DigestLead>,
    part_digests: Vec<DigestLead>,
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
    let row = messages::remove(transaction, no)?;
    let row = row.ok_or_else(|| Error::NotFound { what: "message", id: no.to_string() })?;
    let mut lost: HashMap<PartNo, u64> = HashMap::new();
    for part in reader.references(&row)? {
        *lost.entry(part).or_default() += 1;
    }
    for (part, references) in lost {
        release_part(transaction, part, references, removal)?;
    }
    removal.add(&row.skeleton);
    removal.digests.push((row.digest.prefix(), no.0));
    removal.content_hashes.push((row.content_hash.prefix(), no.0));
    Ok(())
}

fn release_part(transaction: &Transaction, no: PartNo, references: u64, removal: &mut Removal) -> Result<()> {
    let mut parts = transaction.writable(PARTS)?;
    let row = part::get(&parts, no)?.ok_or_else(|| Error::Corrupt(format!("part {no} is missing")))?;
    match row.references.checked_sub(references) {
        None => Err(Error::Corrupt(format!("part {no} has fewer references than messages that refer to it"))),
        Some(0) => {
            removal.add(&row.fragments);
            parts.remove(no.0).map_err(failed("remove a part row"))?;
            removal.part_digests.push((row.digest.prefix(), no.0));
            Ok(())
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

    /// Rewrites each touched pack without the gathered fragments, and what leads from digests to numbers.
    pub(in crate::store) fn finish(self, transaction: &Transaction) -> Result<()> {
        digests::remove(transaction, DigestKind::Messages, &self.digests)?;
        digests::remove(transaction, DigestKind::Contents, &self.content_hashes)?;
        digests::remove(transaction, DigestKind::Parts, &self.part_digests)?;
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
