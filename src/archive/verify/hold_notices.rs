//! Letters of hold notices: each is there as it was written, and no other.

use super::Note;
use crate::model::{Digest, HoldNotice, NoticeEvent};
use crate::store::{Snapshot, hold_notice_letter, hold_notices};
use crate::{Error, Result};

pub(super) fn verify_hold_notices(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    let notices = match hold_notices(snapshot) {
        Err(Error::Corrupt(why)) => {
            note("hold_notice", String::new(), why);
            return Ok(());
        }
        notices => notices?,
    };
    for notice in &notices {
        let mut told = 0;
        for (number, digest) in letters(notice) {
            told += 1;
            let why = match hold_notice_letter(snapshot, notice.id, number)? {
                None => format!("its letter {number} is missing"),
                Some(letter) if Digest::of(&letter) != digest => format!("its letter {number} is not what was written"),
                Some(_) => continue,
            };
            note("hold_notice", notice.id.to_string(), why);
        }
        if told != notice.written {
            let why = format!("{} letters were written, and {told} of them are told of", notice.written);
            note("hold_notice", notice.id.to_string(), why);
        }
    }
    Ok(())
}

fn letters(notice: &HoldNotice) -> impl Iterator<Item = (u64, Digest)> + '_ {
    notice.custodians.iter().flat_map(|custodian| &custodian.entries).filter_map(|entry| match &entry.event {
        NoticeEvent::Letter { number, digest, .. } => Some((*number, *digest)),
        NoticeEvent::Acknowledged { .. } => None,
    })
}
