//! To what a second person consents where a hold is released or changed: to the hold as it stands, and to the scope that it
//! is to have.

use serde::Serialize;

use crate::archive::Archive;
use crate::archive::approval::ControlledObject;
use crate::model::{ControlledAct, Digest, Hold, HoldScope, Release, UtcTime};
use crate::store::{Snapshot, Tables, Transaction, audit_leaf, audit_size, mailboxes, read_audit_leaf};
use crate::{Error, Result};

use super::change::only_widens;
use super::{HoldState, in_delay};

/// The act in the audit log by which a change of a hold that lacks consent can be found.
const REFUSED: &str = "hold.change.refuse";

/// A change by which a hold that holds something may cover less.
pub(in crate::archive) struct Narrowing {
    object: String,
    words: String,
}

impl Narrowing {
    /// What `scope` in place of the one that a hold has needs consent to; `None` if nothing.
    pub(in crate::archive) fn of(
        tables: &impl Tables,
        hold: &Hold,
        scope: &HoldScope,
        now: UtcTime,
    ) -> Result<Option<Self>> {
        if !HoldState::of(hold, now).holds() || only_widens(&hold.scope, scope) {
            return Ok(None);
        }
        let digest = digest_of(&(hold.id, hold_state(hold)?, scope))?;
        let (before, after) = (scope_in_words(tables, &hold.scope)?, scope_in_words(tables, scope)?);
        Ok(Some(Self { object: format!("{}:{digest}", hold.id), words: format!("from {before} to {after}") }))
    }
}

impl Archive {
    /// Begins a transaction for changes of holds. Where consent to one of them is missing, all are recorded as refused, so
    /// that a second person can see what they consent to.
    ///
    /// # Errors
    /// Consent is needed and missing, or the store failed.
    pub(in crate::archive) fn begin_narrowing(&mut self, changes: &[Narrowing]) -> Result<Transaction> {
        let transaction = self.store.begin()?;
        let objects: Vec<ControlledObject> =
            changes.iter().map(|change| ControlledObject::fixed(&change.object)).collect();
        match self.require_approvals(&transaction, ControlledAct::HoldChange, &objects) {
            Err(refusal @ Error::Refused(_)) => {
                drop(transaction);
                for change in changes {
                    self.record_alone(REFUSED, &change.object, &change.words)?;
                }
                Err(refusal)
            }
            approved => approved.map(|_| transaction),
        }
    }
}

/// The change of a hold that was refused last, by the beginning of its digest: its object, and what it is in words.
pub(in crate::archive) fn refused_narrowing(
    tables: &impl Tables,
    hold: &Hold,
    digest: &str,
) -> Result<(String, String)> {
    let wanted = format!("{}:{}", hold.id, digest.to_ascii_lowercase());
    for seq in (0..audit_size(tables)?).rev() {
        let entry = read_audit_leaf(&audit_leaf(tables, seq)?)?;
        if entry.action == REFUSED && !digest.is_empty() && entry.object.starts_with(&wanted) {
            return Ok((entry.object, format!("{}, which {} tried on {}", entry.outcome, entry.actor.0, entry.at)));
        }
    }
    Err(Error::NotFound { what: "refused change of the hold", id: digest.to_owned() })
}

/// Everything about a hold by which its release or the end of its delay would free something else.
pub(in crate::archive) fn hold_state(hold: &Hold) -> Result<Digest> {
    let former: Vec<(&HoldScope, &Release, &Option<Release>)> =
        hold.former.iter().map(|former| (&former.scope, &former.ended, &former.delay_ended)).collect();
    digest_of(&(&hold.scope, hold.duration, hold.on_since, &hold.released, &hold.delay_ended, former))
}

/// The digest of something that is serialised the same way whenever it says the same.
pub(in crate::archive) fn digest_of(value: &impl Serialize) -> Result<Digest> {
    let bytes = serde_json::to_vec(value).map_err(|e| Error::Store { action: "write a digest", source: e.into() })?;
    Ok(Digest::of(&bytes))
}

/// A scope in words, for the audit log and for whoever consents.
pub(in crate::archive) fn scope_in_words(tables: &impl Tables, scope: &HoldScope) -> Result<String> {
    let on = match &scope.mailboxes {
        None => "all mailboxes".to_owned(),
        Some(listed) if listed.is_empty() => "no mailbox".to_owned(),
        Some(listed) => {
            let all = mailboxes(tables)?.into_iter().filter(|mailbox| listed.contains(&mailbox.no));
            all.map(|mailbox| mailbox.address).collect::<Vec<_>>().join(", ")
        }
    };
    let mut parts = vec![format!("on {on}")];
    if !scope.folders.is_empty() {
        parts.push(format!("folders {}", scope.folders.join(", ")));
    }
    parts.extend(scope.query.as_ref().map(|query| format!("query `{query}`")));
    parts.extend(scope.from.map(|from| format!("from {from}")));
    parts.extend(scope.before.map(|before| format!("before {before}")));
    Ok(parts.join(", "))
}

/// What a hold keeps for the delays of it that are running, in words.
///
/// # Errors
/// None is running, or the store failed.
pub(in crate::archive) fn delayed_in_words(tables: &impl Tables, hold: &Hold, now: UtcTime) -> Result<String> {
    let own = hold.released.as_ref().filter(|release| in_delay(release, hold.delay_ended.as_ref(), now));
    let former = hold.former.iter().filter(|former| in_delay(&former.ended, former.delay_ended.as_ref(), now));
    let former = former.map(|former| scope_in_words(tables, &former.scope)).collect::<Result<Vec<String>>>()?;
    let before = former.join("; ");
    match (own.map(|_| scope_in_words(tables, &hold.scope)).transpose()?, before.is_empty()) {
        _ if hold.on_since.is_none() => Err(no_delay(hold)),
        (None, true) => Err(no_delay(hold)),
        (None, false) => Ok(format!("the delay of what it covered before: {before}")),
        (Some(own), true) => Ok(format!("the delay of what it covered: {own}")),
        (Some(own), false) => Ok(format!("the delay of what it covered: {own}; before: {before}")),
    }
}

/// That none of a hold's delays can be ended.
pub(super) fn no_delay(hold: &Hold) -> Error {
    Error::InvalidInput(format!("no delay of hold `{}` is running", hold.name))
}

/// The changes of several holds, each with the scope that it is to have.
pub(in crate::archive) fn narrowings<'h>(
    snapshot: &Snapshot,
    changes: impl IntoIterator<Item = &'h (Hold, HoldScope)>,
    now: UtcTime,
) -> Result<Vec<Narrowing>> {
    let mut all = Vec::new();
    for (hold, scope) in changes {
        all.extend(Narrowing::of(snapshot, hold, scope, now)?);
    }
    Ok(all)
}
