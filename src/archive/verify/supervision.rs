//! Matches of supervision: each can be read, is listed where it has to be, and names a policy that is there.

use std::collections::BTreeSet;

use super::Note;
use crate::model::{SupervisionMatch, SupervisionPolicyId};
use crate::store::{Snapshot, SupervisionRows, check_supervision_matches, supervision_policies, supervision_rows};
use crate::{Error, Result};

pub(super) fn verify_supervision(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    let versions: BTreeSet<(SupervisionPolicyId, u32)> = match supervision_policies(snapshot) {
        Err(Error::Corrupt(why)) => {
            note("supervision_policy", String::new(), why);
            return Ok(());
        }
        policies => policies?.iter().map(|policy| (policy.id, policy.version)).collect(),
    };
    let mut waiting = 0;
    check_supervision_matches(snapshot, &mut |no, found, agrees| {
        waiting += u64::from(found.as_ref().is_ok_and(|found| found.state().is_open()));
        let is_known = |found: &SupervisionMatch| versions.contains(&(found.policy, found.version));
        match found {
            Err(Error::Corrupt(why)) => note("supervision_match", no.to_string(), why),
            Ok(found) if !is_known(&found) => {
                let why = format!("version {} of its policy {} is missing", found.version, found.policy);
                note("supervision_match", no.to_string(), why);
            }
            Ok(_) if !agrees => {
                let why = "the lists of open matches and of its policy's items do not say what it says";
                note("supervision_match", no.to_string(), why.to_owned());
            }
            found => drop(found?),
        }
        Ok(())
    })?;
    verify_rows(supervision_rows(snapshot)?, waiting, note);
    Ok(())
}

/// Whether all matches are there that ever were, and the lists have nothing else.
fn verify_rows(rows: SupervisionRows, waiting: u64, note: &mut Note<'_>) {
    let SupervisionRows { given_out, matches, items, open } = rows;
    let mut tell = |why: String| note("supervision_match", String::new(), why);
    if matches != given_out {
        tell(format!("{given_out} matches were found, and {matches} are there"));
    }
    if items != matches {
        tell(format!("the list of items has {items} rows for {matches} matches"));
    }
    if open != waiting {
        tell(format!("the list of open matches has {open} rows for {waiting}"));
    }
}
