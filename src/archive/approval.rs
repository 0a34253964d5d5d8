//! Dual control: acts that free or destroy something need the consent of a second person, given before.

use std::path::Path;

use super::case::find as find_case;
use super::disposition::PlanFile;
use super::hold::find as find_hold;
use super::named::find_named;
use super::rules::schedule_digest;
use super::{Archive, hold::require_reason};
use crate::model::{ControlledAct, ItemNo, UtcTime};
use crate::store::{
    Approval, Tables, Transaction, approvals, audit_leaf, audit_size, dual_control, item, labels, put_approval,
    read_audit_leaf, remove_approval, set_dual_control, simulations,
};
use crate::{Error, Result};

/// For how long a consent can be used, in milliseconds: 7 days.
const VALID: i64 = 7 * 24 * 3600 * 1000;

/// A consent that was given, and what its object is in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenApproval {
    /// The consent.
    pub approval: Approval,
    /// Such as "hold `Smith v. Firm`".
    pub what: String,
}

impl Archive {
    /// Whether acts that free or destroy something need the consent of a second person.
    ///
    /// # Errors
    /// The store failed.
    pub fn dual_control(&self) -> Result<bool> {
        dual_control(&self.store.snapshot()?)
    }

    /// Turns dual control on or off; off needs consent itself.
    ///
    /// # Errors
    /// No reason is given, consent is missing, or the store failed.
    pub fn set_dual_control(&mut self, on: bool, reason: &str) -> Result<()> {
        require_reason("changing dual control", reason)?;
        let transaction = self.store.begin()?;
        if !on {
            self.require_approval(&transaction, ControlledAct::DualControlOff, &self.info.id)?;
        }
        set_dual_control(&transaction, on)?;
        let outcome = format!("dual control is {}; reason: {reason}", if on { "on" } else { "off" });
        self.record(&transaction, "dual-control.set", &self.info.id, &outcome)?;
        transaction.commit()
    }

    /// Consents to an act that somebody else is about to do, on each of `objects`. These are names or ids of holds or
    /// cases, digests of rules that were simulated, items, labels with items (`LABEL:ITEM`), a plan's digest or file, or the
    /// archive's name or id; a unique prefix of an id or digest is enough, and the archive need not be named.
    ///
    /// # Errors
    /// No reason is given, there is no such object, or the store failed.
    pub fn approve(&mut self, act: ControlledAct, objects: &[String], reason: &str) -> Result<Vec<GivenApproval>> {
        require_reason("an approval", reason)?;
        let transaction = self.store.begin()?;
        let named =
            if objects.is_empty() { vec![None] } else { objects.iter().map(|object| Some(&**object)).collect() };
        let given = named.into_iter().map(|object| self.approve_one(&transaction, act, object, reason));
        let given = given.collect::<Result<Vec<GivenApproval>>>()?;
        transaction.commit()?;
        Ok(given)
    }

    fn approve_one(
        &self,
        transaction: &Transaction,
        act: ControlledAct,
        object: Option<&str>,
        reason: &str,
    ) -> Result<GivenApproval> {
        let (object, what) = self.object_of(transaction, act, object)?;
        let approval = Approval {
            action: act.as_str().to_owned(),
            object,
            by: self.session.actor.clone(),
            at: self.act_time(transaction)?,
            reason: reason.to_owned(),
        };
        put_approval(transaction, &approval)?;
        self.record(transaction, "approval.give", &approval.object, &format!("{act} of {what}; reason: {reason}"))?;
        Ok(GivenApproval { approval, what })
    }

    /// What an act is about, as the act itself names it, and in words.
    fn object_of(&self, tables: &impl Tables, act: ControlledAct, object: Option<&str>) -> Result<(String, String)> {
        let name = |what: &str| match object {
            Some(object) if !object.is_empty() => Ok(object.to_owned()),
            _ => Err(Error::InvalidInput(format!("say on what: {act} is on {what}"))),
        };
        match act {
            ControlledAct::HoldRelease | ControlledAct::HoldChange | ControlledAct::HoldEndDelay => {
                let hold = find_hold(tables, &name("a hold, by its name or id")?)?;
                Ok((hold.id.to_string(), format!("hold `{}`", hold.name)))
            }
            ControlledAct::CaseClose => {
                let case = find_case(tables, &name("a case, by its name or id")?)?;
                Ok((case.id.to_string(), format!("case `{}`", case.name)))
            }
            ControlledAct::RetentionChange => simulated_rules(tables, &name("rules, by the digest of a simulation")?),
            ControlledAct::LabelSet => {
                let named = name("a label and an item, as LABEL:ITEM")?;
                let (label, no) = named.rsplit_once(':').ok_or_else(|| {
                    Error::InvalidInput(format!("`{named}` is not a label and an item: write LABEL:ITEM"))
                })?;
                let label = find_named("retention label", labels(tables)?, label, |label| (&label.name, label.id))?;
                let no = known_item(tables, no)?;
                Ok((format!("{}:{no}", label.id), format!("label `{}` on item {no}", label.name)))
            }
            ControlledAct::LabelClear => {
                let no = known_item(tables, &name("an item")?)?;
                Ok((no.to_string(), format!("the label of item {no}")))
            }
            ControlledAct::DispositionExecute => self.plan(tables, &name("a plan, by its digest or file")?),
            ControlledAct::ClockCorrect | ControlledAct::DualControlOff => self.this_archive(object),
        }
    }

    fn this_archive(&self, object: Option<&str>) -> Result<(String, String)> {
        let named = |object: &str| !object.is_empty() && (self.info.id.starts_with(object) || self.info.name == object);
        if object.is_some_and(|object| !named(object)) {
            let text = format!("this archive is `{}`, id {}", self.info.name, self.info.id);
            return Err(Error::InvalidInput(text));
        }
        Ok((self.info.id.clone(), format!("archive `{}`", self.info.name)))
    }

    fn plan(&self, tables: &impl Tables, wanted: &str) -> Result<(String, String)> {
        let path = Path::new(wanted);
        if path.is_file() {
            let plan = PlanFile::open(path)?;
            let summary = plan.summary();
            if summary.archive != self.info.id {
                let text =
                    format!("the plan is for archive `{}`, and this is `{}`", summary.archive_name, self.info.name);
                return Err(Error::InvalidInput(text));
            }
            return planned(tables, &summary.digest.to_string());
        }
        planned(tables, wanted)
    }

    /// Consents that were not used, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_approvals(&self) -> Result<Vec<Approval>> {
        let mut all = approvals(&self.store.snapshot()?)?;
        all.sort_by_key(|approval| approval.at);
        Ok(all)
    }

    /// Until when a consent can be used.
    pub fn approval_valid_until(given: &Approval) -> UtcTime {
        UtcTime(given.at.0.saturating_add(VALID))
    }

    /// Uses up the consents to an act, where dual control is on; returns the oldest.
    ///
    /// # Errors
    /// There is none, it is too old, or whoever acts gave it.
    pub(super) fn require_approval(
        &self,
        transaction: &Transaction,
        act: ControlledAct,
        object: &str,
    ) -> Result<Option<Approval>> {
        Ok(self.require_approvals(transaction, act, &[object.to_owned()])?.pop())
    }

    /// Uses up the consents to an act on each of `objects`, where dual control is on; returns the oldest to each.
    ///
    /// # Errors
    /// There is none to one of them, it is too old, or whoever acts gave it.
    pub(super) fn require_approvals(
        &self,
        transaction: &Transaction,
        act: ControlledAct,
        objects: &[String],
    ) -> Result<Vec<Approval>> {
        if objects.is_empty() || !dual_control(transaction)? {
            return Ok(Vec::new());
        }
        let (now, given) = (self.act_time(transaction)?, approvals(transaction)?);
        let (mut used, mut missing) = (Vec::new(), Vec::new());
        for object in objects {
            let to_this = |given: &&Approval| given.action == act.as_str() && given.object == *object;
            let usable = |given: &&Approval| {
                !given.by.is_same_person(&self.session.actor) && now < Self::approval_valid_until(given)
            };
            match given.iter().filter(to_this).filter(usable).min_by_key(|given| given.at) {
                Some(approval) => used.push(approval.clone()),
                None => missing.push(object.as_str()),
            }
            given.iter().filter(to_this).try_for_each(|given| remove_approval(transaction, given))?;
        }
        if missing.is_empty() {
            return Ok(used);
        }
        Err(Error::Refused(format!(
            "dual control is on, and nobody else has approved this within 7 days: a second person has to say \
             `custodia approval give {act} {} --reason \"...\"` first",
            missing.join(" ")
        )))
    }
}

fn known_item(tables: &impl Tables, no: &str) -> Result<ItemNo> {
    let unknown = || Error::NotFound { what: "item", id: no.to_owned() };
    let number: ItemNo = no.parse().map_err(|_| unknown())?;
    item(tables, number)?.map(|item| item.no).ok_or_else(unknown)
}

/// Rules that somebody has simulated, by the digest that the simulation names.
fn simulated_rules(tables: &impl Tables, wanted: &str) -> Result<(String, String)> {
    let wanted = wanted.to_ascii_lowercase();
    let mut found = Vec::new();
    for seen in simulations(tables)? {
        let digest = schedule_digest(&seen.schedule)?.to_string();
        if digest.starts_with(&wanted) {
            let (at, by, as_of) = (seen.at, &seen.by.0, seen.as_of);
            let what = format!(
                "rules simulated on {at} by {by}: {} of {} items eligible as of {as_of}",
                seen.eligible, seen.items
            );
            found.push((digest, what));
        }
    }
    one_of("simulation", &wanted, found)
}

/// A plan that was made of this archive, by the audit log.
fn planned(tables: &impl Tables, wanted: &str) -> Result<(String, String)> {
    let wanted = wanted.to_ascii_lowercase();
    let mut found = Vec::new();
    for seq in (0..audit_size(tables)?).rev() {
        let entry = read_audit_leaf(&audit_leaf(tables, seq)?)?;
        if entry.action == "disposition.plan" && entry.object.starts_with(&wanted) && !entry.object.is_empty() {
            let what = format!("the plan of {} by {}: {}", entry.at, entry.actor.0, entry.outcome);
            found.push((entry.object, what));
        }
    }
    one_of("plan", &wanted, found)
}

fn one_of(what: &'static str, wanted: &str, mut found: Vec<(String, String)>) -> Result<(String, String)> {
    found.dedup_by(|one, other| one.0 == other.0);
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(Error::InvalidInput(format!(
            "the digest of more than one {what} begins with `{wanted}`: write more of it"
        ))),
        (None, _) => Err(Error::NotFound { what, id: wanted.to_owned() }),
    }
}
