//! Frozen results: each still has the items that it was frozen with, and they are what they were.

use super::Note;
use crate::archive::search::checked;
use crate::store::{Snapshot, all_frozen_searches};
use crate::{Error, Result};

pub(super) fn verify_results(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    all_frozen_searches(snapshot, |label, frozen| {
        match frozen.and_then(|frozen| checked(snapshot, frozen)) {
            Ok(result) if result.frozen.label() != label => {
                note("frozen_result", label, format!("its record is that of `{}`", result.frozen.label()));
            }
            Ok(result) if !result.is_intact => {
                let why = "its items and the digests of their messages do not give its digest";
                note("frozen_result", label, why.to_owned());
            }
            Err(Error::Corrupt(why)) => note("frozen_result", label, why),
            checked => drop(checked?),
        }
        Ok(())
    })
}
