//! Matches of supervision: each can be read, is listed where it has to be, and names a policy that is there.

use std::collections::BTreeSet;

use super::Note;
use crate::model::{SupervisionMatch, SupervisionPolicyId};
use crate::store::{Snapshot, check_supervision_matches, supervision_policies};
use crate::{Error, Result};

pub(super) fn verify_supervision(snapshot: &Snapshot, note: &mut Note<'_>) -> Result<()> {
    let versions: BTreeSet<(SupervisionPolicyId, u32)> = match supervision_policies(snapshot) {
        Err(Error::Corrupt(why)) => {
            note("supervision_policy", String::new(), why);
            return Ok(());
        }
        policies => policies?.iter().map(|policy| (policy.id, policy.version)).collect(),
    };
    check_supervision_matches(snapshot, &mut |no, found, agrees| {
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
    })
}
