//! The rules in force as a file.

use super::ground::addresses;
use super::text::{HEAD, label_text, policy_text};
use crate::Result;
use crate::archive::Archive;
use crate::archive::label::NewLabel;
use crate::archive::policy::NewPolicy;
use crate::store::{labels, policies};

impl Archive {
    /// The policies that were not removed, by name, and the labels in the order of adding, as `retention apply` reads
    /// them. The same rules give the same bytes. Locks, and deletions that wait, are not told.
    ///
    /// # Errors
    /// The store failed.
    pub fn export_rules(&self) -> Result<String> {
        let snapshot = self.store.snapshot()?;
        let (addresses, mut text) = (addresses(&snapshot)?, HEAD.to_owned());
        let mut in_force = policies(&snapshot)?;
        in_force.retain(|policy| policy.released.is_none());
        in_force.sort_by(|one, other| one.name.cmp(&other.name));
        for policy in &in_force {
            text.push_str(&policy_text(&NewPolicy::of(policy, &addresses)));
        }
        let all = labels(&snapshot)?;
        for label in &all {
            text.push_str(&label_text(&NewLabel::of(label, &all)));
        }
        let outcome = format!("{} policies, {} labels", in_force.len(), all.len());
        self.record_alone("retention.export", "", &outcome)?;
        Ok(text)
    }
}
