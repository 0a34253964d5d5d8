//! `supervise report`

use std::collections::BTreeMap;
use std::path::Path;

use custodia::Result;
use custodia::archive::{SupervisionCounts, SupervisionReport};
use custodia::model::{Finding, SupervisionState};
use serde_json::{Map, Value, json};

use crate::ui::{Table, Ui};

pub(super) fn print(report: &SupervisionReport, csv: Option<&Path>, ui: &Ui) -> Result<()> {
    if ui.json {
        for (policy, counts) in &report.policies {
            ui.json(&json!({
                "type": "policy", "policy": policy, "matched": counts.matched, "drawn": counts.drawn,
                "states": named(&counts.states, SupervisionState::as_str),
                "findings": named(&counts.findings, Finding::as_str), "overdue": counts.overdue,
            }))?;
        }
        for (reviewer, findings) in &report.reviewers {
            ui.json(&json!({
                "type": "reviewer", "reviewer": reviewer, "resolved": findings.values().sum::<u64>(),
                "findings": named(findings, Finding::as_str),
            }))?;
        }
        let sum = |of: fn(&SupervisionCounts) -> u64| report.policies.values().map(of).sum::<u64>();
        return ui.json(&json!({
            "type": "summary", "schema_version": 1, "policies": report.policies.len(),
            "matched": sum(|counts| counts.matched), "drawn": sum(|counts| counts.drawn),
            "overdue": sum(|counts| counts.overdue), "csv": csv.map(|path| path.display().to_string()),
        }));
    }
    let mut table = Table::new(&[
        "POLICY",
        "MATCHED",
        "NOT DRAWN",
        "DRAWN",
        "PENDING",
        "TAGGED",
        "ESCALATED",
        "RESOLVED",
        "OVERDUE",
    ]);
    for (policy, counts) in &report.policies {
        let of = |state| counts.states.get(&state).copied().unwrap_or_default().to_string();
        table.row(&[
            policy.clone(),
            counts.matched.to_string(),
            of(SupervisionState::NotDrawn),
            counts.drawn.to_string(),
            of(SupervisionState::Pending),
            of(SupervisionState::Tagged),
            of(SupervisionState::Escalated),
            of(SupervisionState::Resolved),
            counts.overdue.to_string(),
        ]);
    }
    table.lines().try_for_each(|line| ui.line(&line))?;
    if !report.reviewers.is_empty() {
        ui.line("")?;
        findings(report).lines().try_for_each(|line| ui.line(&line))?;
    }
    csv.map_or(Ok(()), |path| {
        ui.status(&format!("wrote {}", path.display()));
        Ok(())
    })
}

fn findings(report: &SupervisionReport) -> Table {
    let mut table = Table::new(&["REVIEWER", "COMPLIANT", "NON-COMPLIANT", "QUESTIONABLE", "FALSE POSITIVE"]);
    for (reviewer, findings) in &report.reviewers {
        let of = |finding| findings.get(&finding).copied().unwrap_or_default().to_string();
        table.row(&[
            reviewer.clone(),
            of(Finding::Compliant),
            of(Finding::NonCompliant),
            of(Finding::Questionable),
            of(Finding::FalsePositive),
        ]);
    }
    table
}

fn named<K: Copy>(counts: &BTreeMap<K, u64>, name: fn(K) -> &'static str) -> Map<String, Value> {
    counts.iter().map(|(key, count)| (name(*key).to_owned(), json!(count))).collect()
}
