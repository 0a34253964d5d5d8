//! `supervise policy`

use custodia::Result;
use custodia::archive::{Archive, NewSupervisionPolicy, SupervisionChange, TriedText};
use custodia::model::SupervisionPolicy;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::args::{SupervisionPolicyCommand, SupervisionSaid};
use crate::ui::{Table, Ui, escape};

pub(super) fn run(archive: &mut Archive, command: &SupervisionPolicyCommand, ui: &Ui) -> Result<u8> {
    match command {
        SupervisionPolicyCommand::Add(args) => {
            let new = NewSupervisionPolicy {
                name: args.name.clone(),
                mailboxes: args.mailboxes.clone(),
                except: args.except.clone(),
                said: SupervisionChange { bulk: Some(args.bulk), ..said(&args.said) },
                backfill: args.backfill,
            };
            let policy = archive.add_supervision_policy(&new)?;
            print(archive, &policy, ui)?;
            ui.hint("`custodia supervise run` looks through what arrives; call it once a day behind the import");
        }
        SupervisionPolicyCommand::List => list(archive, ui)?,
        SupervisionPolicyCommand::Show { policy } => {
            for version in archive.show_supervision_policy(policy)? {
                print(archive, &version, ui)?;
            }
        }
        SupervisionPolicyCommand::DrawKey { policy } => {
            let key = HEXLOWER.encode(&archive.supervision_draw_key(policy)?);
            if ui.json {
                ui.json(&json!({ "type": "draw_key", "schema_version": 1, "policy": policy, "key": key }))?;
            } else {
                ui.line(&key)?;
            }
        }
        SupervisionPolicyCommand::Set(args) => {
            let change = SupervisionChange {
                bulk: args.bulk,
                dropped_samples: args.dropped_samples.clone(),
                added_mailboxes: args.added_mailboxes.clone(),
                removed_mailboxes: args.removed_mailboxes.clone(),
                ..said(&args.said)
            };
            let policy = archive.change_supervision_policy(&args.policy, &change, args.backfill, &args.reason)?;
            print(archive, &policy, ui)?;
        }
        SupervisionPolicyCommand::Pause { policy, reason } => {
            let paused = archive.pause_supervision_policy(policy, true, reason)?;
            print(archive, &paused, ui)?;
        }
        SupervisionPolicyCommand::Resume { policy, reason } => {
            let resumed = archive.pause_supervision_policy(policy, false, reason)?;
            print(archive, &resumed, ui)?;
        }
        SupervisionPolicyCommand::Test { policy, texts } => {
            return tried(&archive.test_supervision_policy(policy, texts)?, ui);
        }
    }
    Ok(0)
}

fn said(said: &SupervisionSaid) -> SupervisionChange {
    SupervisionChange {
        description: said.description.clone(),
        severity: said.severity.map(Into::into),
        directions: said.directions.iter().map(|word| (*word).into()).collect(),
        query: said.query.clone(),
        exclude: said.exclude.clone(),
        percent: said.percent,
        reviewers: said.reviewers.clone(),
        due_days: said.due_days,
        bulk: None,
        hits: said.hits.clone(),
        misses: said.misses.clone(),
        dropped_samples: Vec::new(),
        added_mailboxes: Vec::new(),
        removed_mailboxes: Vec::new(),
    }
}

fn tried(texts: &[TriedText], ui: &Ui) -> Result<u8> {
    let found = |is: bool| if is { "found" } else { "not found" };
    for text in texts {
        if ui.json {
            ui.json(&json!({
                "type": "tried", "text": text.text, "found": text.found, "expected": text.expected,
                "right": text.is_right(),
            }))?;
        } else {
            let wrong = if text.is_right() { "" } else { ", and must not be so" };
            ui.line(&format!("{}{wrong}: {}", found(text.found), escape(&text.text, false)))?;
        }
    }
    if texts.is_empty() {
        ui.hint("it has no texts: `custodia supervise policy set POLICY --hit TEXT --miss TEXT --reason \"...\"`");
    }
    Ok(if texts.iter().all(TriedText::is_right) { 0 } else { 3 })
}

fn list(archive: &Archive, ui: &Ui) -> Result<()> {
    let policies = archive.list_supervision_policies()?;
    if ui.json {
        return policies.iter().try_for_each(|policy| ui.json(&policy_json(archive, policy)?));
    }
    let mut table =
        Table::new(&["ID", "NAME", "VERSION", "SEVERITY", "DIRECTION", "SAMPLE", "REVIEWERS", "THROUGH", "STATE"]);
    for policy in &policies {
        table.row(&[
            policy.id.to_string(),
            policy.name.clone(),
            policy.version.to_string(),
            policy.severity.as_str().to_owned(),
            directions(policy),
            format!("{} %", policy.percent),
            reviewers(policy),
            format!("item {}", policy.looked_through),
            if policy.paused { "paused" } else { "active" }.to_owned(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn directions(policy: &SupervisionPolicy) -> String {
    policy.directions.iter().map(|direction| direction.as_str()).collect::<Vec<_>>().join(", ")
}

fn reviewers(policy: &SupervisionPolicy) -> String {
    policy.reviewers.iter().map(|reviewer| reviewer.0.as_str()).collect::<Vec<_>>().join(", ")
}

/// The addresses of the mailboxes of a policy: those named, and those left out.
fn addresses(archive: &Archive, policy: &SupervisionPolicy) -> Result<(Vec<String>, Vec<String>)> {
    let all = archive.list_mailboxes()?;
    let of = |numbers: &[custodia::model::MailboxNo]| {
        all.iter().filter(|one| numbers.contains(&one.no)).map(|one| one.address.clone()).collect::<Vec<_>>()
    };
    Ok((of(&policy.mailboxes), of(&policy.except)))
}

fn policy_json(archive: &Archive, policy: &SupervisionPolicy) -> Result<Value> {
    let (mailboxes, except) = addresses(archive, policy)?;
    Ok(json!({
        "type": "supervision_policy", "id": policy.id, "name": policy.name, "version": policy.version,
        "description": policy.description, "severity": policy.severity, "mailboxes": mailboxes, "except": except,
        "directions": policy.directions, "query": policy.query, "exclude": policy.exclude, "sample": policy.percent,
        "reviewers": policy.reviewers, "due_days": policy.due_days, "bulk": policy.bulk, "hits": policy.hits,
        "misses": policy.misses, "paused": policy.paused, "through": policy.looked_through.to_string(),
        "changed_at": policy.changed_at, "changed_by": policy.changed_by, "reason": policy.reason,
    }))
}

fn print(archive: &Archive, policy: &SupervisionPolicy, ui: &Ui) -> Result<()> {
    if ui.json {
        return ui.json(&policy_json(archive, policy)?);
    }
    let paused = if policy.paused { ", paused" } else { "" };
    ui.line(&format!(
        "Supervision policy {} `{}`, version {}{paused}",
        policy.id,
        escape(&policy.name, false),
        policy.version
    ))?;
    let (mailboxes, except) = addresses(archive, policy)?;
    let who = match (mailboxes.as_slice(), except.as_slice()) {
        ([], []) => "all mailboxes".to_owned(),
        ([], except) => format!("all mailboxes but {}", except.join(", ")),
        (mailboxes, _) => mailboxes.join(", "),
    };
    let field = |name: &str, value: &str| -> Result<()> {
        if value.is_empty() { Ok(()) } else { ui.line(&format!("  {name:<12}{}", escape(value, false))) }
    };
    field("risk", &policy.description)?;
    field("supervises", &format!("{who}; {}", directions(policy)))?;
    field("looks for", policy.query.as_deref().unwrap_or("everything"))?;
    field("leaves out", policy.exclude.as_deref().unwrap_or_default())?;
    field("draws", &format!("{} of 100 matches, severity {}", policy.percent, policy.severity.as_str()))?;
    let bulk = if policy.bulk { "; unopened matches may be resolved" } else { "" };
    field("reviewed by", &format!("{}, within {} days{bulk}", reviewers(policy), policy.due_days))?;
    policy.hits.iter().try_for_each(|text| field("must find", text))?;
    policy.misses.iter().try_for_each(|text| field("must miss", text))?;
    field("through", &format!("item {}", policy.looked_through))?;
    field("changed", &format!("{} by {}: {}", policy.changed_at, policy.changed_by.0, policy.reason))
}
