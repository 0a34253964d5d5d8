//! What consent is to: an object, as it stood when the consent was given.

use std::path::Path;

use crate::archive::Archive;
use crate::archive::case::{case_state, find as find_case};
use crate::archive::disposition::PlanFile;
use crate::archive::hold::{
    delayed_in_words, digest_of, find as find_hold, hold_state, refused_narrowing, scope_in_words,
};
use crate::archive::named::find_named;
use crate::model::{ControlledAct, Digest, Hold, ItemLabel, ItemNo, RetentionLabel};
use crate::store::{Tables, audit_leaf, audit_size, item, item_label, labels, read_audit_leaf, simulations};
use crate::{Error, Result};

/// The object of an act that needs consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::archive) struct ControlledObject {
    /// As `approval give` takes it.
    pub(in crate::archive) name: String,
    /// How it stands; `None` if the name says all that the act does.
    pub(in crate::archive) state: Option<Digest>,
}

impl ControlledObject {
    /// An object of which the name says all that the act does.
    pub(in crate::archive) fn fixed(name: &str) -> Self {
        Self { name: name.to_owned(), state: None }
    }

    /// A hold, as it stands.
    pub(in crate::archive) fn hold(hold: &Hold) -> Result<Self> {
        Ok(Self { name: hold.id.to_string(), state: Some(hold_state(hold)?) })
    }
}

/// The state of an item that a label is to be set on or taken off: the label that it carries, since when, and its asset.
pub(in crate::archive) fn carried_state(carried: Option<&ItemLabel>) -> Digest {
    let text = carried.map_or_else(String::new, |carried| {
        format!("{}\0{}\0{}", carried.label, carried.set_at, carried.asset.as_deref().unwrap_or_default())
    });
    Digest::of(text.as_bytes())
}

/// The state of an item that `label` is to be set on, and all by which the label decides what becomes of the item.
pub(in crate::archive) fn labelling_state(
    carried: Digest,
    label: &RetentionLabel,
    all: &[RetentionLabel],
) -> Result<Digest> {
    let does = |label: &RetentionLabel| {
        let RetentionLabel { id, action, period, start, record, review, next, .. } = label.clone();
        (id, action, period, start, record, review, next)
    };
    let does: Vec<_> = in_succession(label, all).into_iter().map(does).collect();
    digest_of(&(carried.to_string(), does))
}

/// A label, and those that take its place one after the other.
fn in_succession<'l>(label: &'l RetentionLabel, all: &'l [RetentionLabel]) -> Vec<&'l RetentionLabel> {
    let next = |label: &&'l RetentionLabel| all.iter().find(|other| Some(other.id) == label.next);
    // A label can only name one that was there before it, so this comes to an end.
    std::iter::successors(Some(label), next).take(all.len()).collect()
}

impl Archive {
    /// What an act is about, as the act itself names it, and in words.
    pub(super) fn object_of(
        &self,
        tables: &impl Tables,
        act: ControlledAct,
        object: Option<&str>,
    ) -> Result<(ControlledObject, String)> {
        let name = |what: &str| match object {
            Some(object) if !object.is_empty() => Ok(object.to_owned()),
            _ => Err(Error::InvalidInput(format!("say on what: {act} is on {what}"))),
        };
        match act {
            ControlledAct::HoldRelease | ControlledAct::HoldEndDelay => {
                let hold = find_hold(tables, &name("a hold, by its name or id")?)?;
                let frees = match act {
                    ControlledAct::HoldEndDelay => delayed_in_words(tables, &hold, self.now())?,
                    _ => scope_in_words(tables, &hold.scope)?,
                };
                Ok((ControlledObject::hold(&hold)?, format!("hold `{}`, {frees}", hold.name)))
            }
            ControlledAct::HoldChange => narrowing(tables, &name("a change of a hold, as HOLD:DIGEST")?),
            ControlledAct::CaseClose => {
                let case = find_case(tables, &name("a case, by its name or id")?)?;
                let (state, on) = case_state(tables, case.id)?;
                let what = format!("case `{}` with {on} holds", case.name);
                Ok((ControlledObject { name: case.id.to_string(), state: Some(state) }, what))
            }
            ControlledAct::RetentionChange => simulated_rules(tables, &name("rules, by the digest of a simulation")?),
            ControlledAct::LabelSet => {
                labelling(tables, &name("a label and an item, as LABEL:ITEM or LABEL:ITEM=ASSET")?)
            }
            ControlledAct::LabelClear => {
                let no = known_item(tables, &name("an item")?)?;
                let carried = item_label(tables, no)?;
                let state = Some(carried_state(carried.as_ref()));
                let what = format!("the label of item {no}{}", instead_of(tables, carried.as_ref())?);
                Ok((ControlledObject { name: no.to_string(), state }, what))
            }
            ControlledAct::DispositionExecute => self.plan(tables, &name("a plan, by its digest or file")?),
            ControlledAct::ClockCorrect | ControlledAct::DualControlOff => self.this_archive(object),
        }
    }

    fn this_archive(&self, object: Option<&str>) -> Result<(ControlledObject, String)> {
        let named = |object: &str| !object.is_empty() && (self.info.id.starts_with(object) || self.info.name == object);
        if object.is_some_and(|object| !named(object)) {
            let text = format!("this archive is `{}`, id {}", self.info.name, self.info.id);
            return Err(Error::InvalidInput(text));
        }
        Ok((ControlledObject::fixed(&self.info.id), format!("archive `{}`", self.info.name)))
    }

    fn plan(&self, tables: &impl Tables, wanted: &str) -> Result<(ControlledObject, String)> {
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
}

/// A change of a hold that was refused for want of this consent, by the audit log.
fn narrowing(tables: &impl Tables, wanted: &str) -> Result<(ControlledObject, String)> {
    let Some((hold, digest)) = wanted.rsplit_once(':') else {
        return Err(Error::InvalidInput(format!(
            "`{wanted}` is not a hold and a change of it: write HOLD:DIGEST, as the refusal of the change says it"
        )));
    };
    let hold = find_hold(tables, hold)?;
    let (name, outcome) = refused_narrowing(tables, &hold, digest)?;
    Ok((ControlledObject::fixed(&name), format!("hold `{}`, {outcome}", hold.name)))
}

/// A label, an item, and what that is to be about.
fn labelling(tables: &impl Tables, named: &str) -> Result<(ControlledObject, String)> {
    let (target, asset) = named.split_once('=').map_or((named, None), |(target, asset)| (target, Some(asset)));
    let (label, no) = target.rsplit_once(':').ok_or_else(|| {
        Error::InvalidInput(format!("`{named}` is not a label and an item: write LABEL:ITEM, or LABEL:ITEM=ASSET"))
    })?;
    let all = labels(tables)?;
    let label = find_named("retention label", all.clone(), label, |label| (&label.name, label.id))?;
    let no = known_item(tables, no)?;
    let carried = item_label(tables, no)?;
    let about = asset.map_or_else(String::new, |asset| format!(" about `{asset}`"));
    let before = instead_of(tables, carried.as_ref())?;
    let name = labelling_name(&label.id.to_string(), &no.to_string(), asset);
    let state = labelling_state(carried_state(carried.as_ref()), &label, &all)?;
    let says = |label: &RetentionLabel| format!("`{}` ({}, {})", label.name, label.action.as_str(), label.period);
    let does: Vec<String> = in_succession(&label, &all).into_iter().map(says).collect();
    let what = format!("label {} on item {no}{about}{before}", does.join(", then "));
    Ok((ControlledObject { name, state: Some(state) }, what))
}

/// The name of a labelling.
pub(in crate::archive) fn labelling_name(label: &str, item: &str, asset: Option<&str>) -> String {
    let about = asset.map_or_else(String::new, |asset| format!("={asset}"));
    format!("{label}:{item}{about}")
}

/// The label that an item loses, in words.
fn instead_of(tables: &impl Tables, carried: Option<&ItemLabel>) -> Result<String> {
    let Some(carried) = carried else { return Ok(String::new()) };
    let all = labels(tables)?;
    let name = all.iter().find(|label| label.id == carried.label).map_or("", |label| label.name.as_str());
    let about = carried.asset.as_ref().map_or_else(String::new, |asset| format!(" about `{asset}`"));
    Ok(format!(", which carries `{name}`{about}"))
}

fn known_item(tables: &impl Tables, no: &str) -> Result<ItemNo> {
    let unknown = || Error::NotFound { what: "item", id: no.to_owned() };
    let number: ItemNo = no.parse().map_err(|_| unknown())?;
    item(tables, number)?.map(|item| item.no).ok_or_else(unknown)
}

/// Rules that somebody has simulated, by the digest that the simulation names.
fn simulated_rules(tables: &impl Tables, wanted: &str) -> Result<(ControlledObject, String)> {
    let wanted = wanted.to_ascii_lowercase();
    let mut found = Vec::new();
    for (digest, seen) in simulations(tables)? {
        let digest = digest.to_string();
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
fn planned(tables: &impl Tables, wanted: &str) -> Result<(ControlledObject, String)> {
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

fn one_of(what: &'static str, wanted: &str, mut found: Vec<(String, String)>) -> Result<(ControlledObject, String)> {
    found.dedup_by(|one, other| one.0 == other.0);
    match (found.pop(), found.is_empty()) {
        (Some((name, what)), true) => Ok((ControlledObject::fixed(&name), what)),
        (Some(_), false) => Err(Error::InvalidInput(format!(
            "the digest of more than one {what} begins with `{wanted}`: write more of it"
        ))),
        (None, _) => Err(Error::NotFound { what, id: wanted.to_owned() }),
    }
}
