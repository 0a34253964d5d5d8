//! The way back after the clock was ahead: what it dated then is dated anew, once a person has said what time it is.

use super::hold::require_reason;
use super::{Archive, clock_guard};
use crate::model::{AuditEntry, ControlledAct, Hold, Release, RetentionPolicy, UtcTime};
use crate::store::{
    Act, Tables, Transaction, append_audit, approvals, audit_leaf, audit_size, connector_runs, connectors, holds,
    policies, put_connector_run, put_hold, put_policy, read_audit_leaf, remove_approval, set_clock_in_doubt,
};
use crate::{Error, Result};

/// The act in the audit log. Only there may the log's times step back.
pub(super) const ACTION: &str = "clock.correct";

/// A jump of the clock that can be taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jump {
    /// The number of the first entry that was dated by the clock that was ahead.
    first: u64,
    /// The time of the entry before that.
    before: UtcTime,
}

impl Archive {
    /// Says that the clock is right now, and was ahead when the newest audit entries were recorded. Consents given
    /// meanwhile are void; holds, releases and runs of connectors dated meanwhile count as of now.
    ///
    /// # Errors
    /// No reason is given, the clock is not behind the newest entry, it has not jumped over the present time, the consent
    /// of a second person is needed and missing, or the store failed.
    pub fn correct_clock(&mut self, reason: &str) -> Result<(UtcTime, UtcTime)> {
        require_reason("a correction", reason)?;
        let now = self.now();
        let transaction = self.store.begin()?;
        let last = crate::store::last_audit_time(&transaction)?.filter(|last| now < *last).ok_or_else(|| {
            Error::InvalidInput(format!(
                "the clock says {now}, which is not before the newest audit entry: nothing is to be corrected"
            ))
        })?;
        let Some(jump) = jump_over(&transaction, now)? else { return Err(clock_guard::set_back(now, last)) };
        self.require_approval(&transaction, ControlledAct::ClockCorrect, &self.info.id)?;
        let dated_anew = date_anew(&transaction, now)?;
        let outcome = format!(
            "the clock is right at {now}; it was ahead from entry {} on, after {}, and said {last} at last; \
             {dated_anew}; reason: {reason}",
            jump.first, jump.before
        );
        let (actor, purpose, object) = (&self.session.actor, &self.session.purpose, last.to_string());
        append_audit(&transaction, now, &Act { actor, action: ACTION, object: &object, purpose, outcome: &outcome })?;
        set_clock_in_doubt(&transaction, false)?;
        transaction.commit()?;
        Ok((now, last))
    }
}

/// The jump by which the clock of the newest entries passed `now`; `None` if they passed it step by step, or if `now` is
/// before what was corrected last: then it is the clock of today that is wrong.
pub(super) fn jump_over(tables: &impl Tables, now: UtcTime) -> Result<Option<Jump>> {
    let mut later: Option<AuditEntry> = None;
    for seq in (0..audit_size(tables)?).rev() {
        let entry = read_audit_leaf(&audit_leaf(tables, seq)?)?;
        if entry.at <= now {
            let jump = later.filter(|later| clock_guard::jumped(later.at, entry.at));
            return Ok(jump.map(|later| Jump { first: later.seq, before: entry.at }));
        }
        if entry.action == ACTION {
            return Ok(None);
        }
        later = Some(entry);
    }
    Ok(None)
}

/// Dates what a clock ahead of `now` has dated, as far as it decides over something; says how much that was. Everything
/// has happened by now, so that no delay ends too early.
fn date_anew(transaction: &Transaction, now: UtcTime) -> Result<String> {
    let (mut of_holds, mut of_policies, mut void) = (0, 0, 0);
    for mut hold in holds(transaction)? {
        if no_later(times_of_hold(&mut hold), now) {
            put_hold(transaction, &hold)?;
            of_holds += 1;
        }
    }
    for mut policy in policies(transaction)? {
        if no_later(times_of_policy(&mut policy), now) {
            put_policy(transaction, &policy)?;
            of_policies += 1;
        }
    }
    for given in approvals(transaction)?.into_iter().filter(|given| given.at > now) {
        remove_approval(transaction, &given)?;
        void += 1;
    }
    for connector in connectors(transaction)? {
        for mut run in connector_runs(transaction, connector.no)? {
            if no_later(std::iter::once(&mut run.started_at).chain(&mut run.ended_at), now) {
                put_connector_run(transaction, &run)?;
            }
        }
    }
    Ok(format!("{of_holds} holds and {of_policies} policies are dated anew, {void} approvals are void"))
}

/// Moves times after `now` to it; says whether there was one.
fn no_later<'t>(times: impl Iterator<Item = &'t mut UtcTime>, now: UtcTime) -> bool {
    let mut moved = false;
    for time in times.filter(|time| **time > now) {
        *time = now;
        moved = true;
    }
    moved
}

fn times_of_hold(hold: &mut Hold) -> impl Iterator<Item = &mut UtcTime> {
    let former = hold.former.iter_mut().flat_map(|former| {
        let early = former.delay_ended.as_mut().map(|ended| &mut ended.at);
        std::iter::once(&mut former.ended.at).chain(early)
    });
    let ended: [&mut Option<Release>; 2] = [&mut hold.released, &mut hold.delay_ended];
    let ended = ended.into_iter().flatten().map(|release| &mut release.at);
    std::iter::once(&mut hold.placed_at).chain(&mut hold.on_since).chain(ended).chain(former)
}

fn times_of_policy(policy: &mut RetentionPolicy) -> impl Iterator<Item = &mut UtcTime> {
    let released = policy.released.as_mut().map(|release| &mut release.at);
    let left = policy.left.iter_mut().map(|departure| &mut departure.at);
    released.into_iter().chain(left)
}
