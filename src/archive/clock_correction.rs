//! The way back after the clock was ahead: what it dated then is dated anew, once a person has said what time it is.

use super::approval::ControlledObject;
use super::hold::require_reason;
use super::{Archive, clock_guard};
use crate::model::{AuditEntry, ControlledAct, Hold, UtcTime};
use crate::store::{
    Act, Tables, Transaction, append_audit, approvals, audit_leaf, audit_size, connector_runs, connectors, holds,
    policies, put_connector_run, put_hold, put_policy, read_audit_leaf, remove_approval, remove_simulations_after,
    set_clock_in_doubt,
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
    /// Says that the clock is right now, and was ahead when the newest audit entries were recorded. Consents and
    /// simulations given meanwhile are void; holds and runs of connectors dated meanwhile count as of now, and so do
    /// releases that give no delay, or whose delay was ended. A delay that is running is never shortened.
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
        self.require_approval(&transaction, ControlledAct::ClockCorrect, ControlledObject::fixed(&self.info.id))?;
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

/// Dates what a clock ahead of `now` has dated, as far as it decides over something; says how much that was.
fn date_anew(transaction: &Transaction, now: UtcTime) -> Result<String> {
    let (mut of_holds, mut of_policies, mut void, mut kept) = (0, 0, 0, 0);
    for mut hold in holds(transaction)? {
        let late = std::iter::once(&hold.placed_at).chain(&hold.on_since).chain(times_of_ends(&hold));
        if late.max().is_some_and(|at| *at > now) {
            kept += date_hold(&mut hold, now);
            put_hold(transaction, &hold)?;
            of_holds += 1;
        }
    }
    for mut policy in policies(transaction)? {
        let released = policy.released.iter_mut().map(|release| &mut release.at);
        let mut late =
            released.chain(policy.left.iter_mut().map(|departure| &mut departure.at)).filter(|at| **at > now);
        // What it retained has a delay; a policy that only deletes gives none.
        if policy.action.retains() {
            kept += late.count();
        } else if no_later(&mut late, now) {
            put_policy(transaction, &policy)?;
            of_policies += 1;
        }
    }
    for given in approvals(transaction)?.into_iter().filter(|given| given.at > now) {
        remove_approval(transaction, &given)?;
        void += 1;
    }
    let unseen = remove_simulations_after(transaction, now)?;
    for connector in connectors(transaction)? {
        for mut run in connector_runs(transaction, connector.no)? {
            if no_later(std::iter::once(&mut run.started_at).chain(&mut run.ended_at), now) {
                put_connector_run(transaction, &run)?;
            }
        }
    }
    Ok(format!(
        "{of_holds} holds and {of_policies} policies are dated anew, {void} approvals and {unseen} simulations \
         are void; {kept} releases keep their time, so that no delay is shortened"
    ))
}

/// Dates a hold anew; says how many releases keep their time. Which of two readings of the clock was right, nobody can
/// prove afterwards: a delay that nobody ended runs from the later one.
fn date_hold(hold: &mut Hold, now: UtcTime) -> usize {
    no_later(std::iter::once(&mut hold.placed_at).chain(&mut hold.on_since), now);
    let mut kept = 0;
    let own = hold.released.as_mut().map(|release| (release, &mut hold.delay_ended));
    let former = hold.former.iter_mut().map(|former| (&mut former.ended, &mut former.delay_ended));
    for (release, delay_ended) in own.into_iter().chain(former) {
        match delay_ended {
            Some(ended) => drop(no_later([&mut release.at, &mut ended.at].into_iter(), now)),
            None if release.at > now => kept += 1,
            None => {}
        }
    }
    kept
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

fn times_of_ends(hold: &Hold) -> impl Iterator<Item = &UtcTime> {
    let former = hold.former.iter().flat_map(|former| std::iter::once(&former.ended).chain(&former.delay_ended));
    hold.released.iter().chain(&hold.delay_ended).chain(former).map(|release| &release.at)
}
