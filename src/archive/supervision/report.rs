//! What supervision came to, in numbers and as written evidence.

use std::collections::BTreeMap;
use std::path::Path;

use super::policy::{current, find};
use super::queue::QueueContext;
use crate::archive::Archive;
use crate::exporter::CsvFile;
use crate::model::{Finding, SupervisionEntry, SupervisionMatch, SupervisionState, SupervisionStep, UtcTime};
use crate::store::{mailboxes, supervision_matches};
use crate::{Error, Result};

/// Numbers of matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupervisionCounts {
    /// All that were found.
    pub matched: u64,
    /// Those that were drawn for review.
    pub drawn: u64,
    /// By where their review stands.
    pub states: BTreeMap<SupervisionState, u64>,
    /// Resolved ones by what they were found to be.
    pub findings: BTreeMap<Finding, u64>,
    /// Open ones that are overdue.
    pub overdue: u64,
}

/// What supervision came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupervisionReport {
    /// By name of the policy.
    pub policies: BTreeMap<String, SupervisionCounts>,
    /// By reviewer, the matches that each resolved.
    pub reviewers: BTreeMap<String, BTreeMap<Finding, u64>>,
}

/// The heads of the written evidence: what FINRA rule 3110(b)(4) asks of a review, and where to find the message.
const HEADS: [&str; 17] = [
    "match",
    "policy",
    "version",
    "severity",
    "item",
    "mailbox",
    "digest",
    "direction",
    "found_at",
    "state",
    "reviewer",
    "action",
    "finding",
    "opened_at",
    "acted_at",
    "given_to",
    "comment",
];

impl Archive {
    /// Counts what was found from `from` and before `before`, of one policy or all; with `csv`, writes each step of each review
    /// of it into that file, which must not exist.
    ///
    /// # Errors
    /// There is no such policy, the file exists or cannot be written, or the store failed.
    pub fn supervision_report(
        &mut self,
        policy: Option<&str>,
        (from, before): (Option<UtcTime>, Option<UtcTime>),
        csv: Option<&Path>,
    ) -> Result<SupervisionReport> {
        if let (Some(from), Some(before)) = (from, before)
            && from >= before
        {
            return Err(Error::InvalidInput(format!("nothing lies from {from} and before {before}")));
        }
        let snapshot = self.store.snapshot()?;
        let wanted = policy.map(|name| find(&snapshot, name)).transpose()?.map(|policy| policy.id);
        let context = QueueContext::of(&snapshot, self.now())?;
        let addresses: BTreeMap<_, _> = mailboxes(&snapshot)?.into_iter().map(|one| (one.no, one.address)).collect();
        let mut file = csv.map(|path| CsvFile::create(path, &HEADS)).transpose()?;
        let mut report = SupervisionReport::default();
        for policy in current(&snapshot)?.into_iter().filter(|one| wanted.is_none_or(|wanted| wanted == one.id)) {
            report.policies.insert(policy.name, SupervisionCounts::default());
        }
        let mut rows = 0_u64;
        supervision_matches(&snapshot, &mut |found| {
            let is_early = from.is_some_and(|from| found.found_at < from);
            let is_late = before.is_some_and(|before| found.found_at >= before);
            if is_early || is_late || wanted.is_some_and(|wanted| wanted != found.policy) {
                return Ok(());
            }
            let policy = context.policy(found.policy)?;
            report.add(&policy.name, &found, context.is_overdue(&found, policy));
            if let Some(file) = &mut file {
                let mailbox = addresses.get(&found.mailbox).map_or("", String::as_str);
                let place = [policy.name.as_str(), policy.severity.as_str(), mailbox];
                for cells in evidence(&found, place) {
                    file.row(&cells)?;
                    rows += 1;
                }
            }
            Ok(())
        })?;
        if let Some(file) = file {
            let file = file.finish()?;
            let path = csv.unwrap_or_else(|| Path::new("the report"));
            file.sync_all().map_err(Error::io("write", path))?;
        }
        let matched: u64 = report.policies.values().map(|counts| counts.matched).sum();
        let outcome = format!("{matched} matches of {} policies; {rows} rows written", report.policies.len());
        self.record_alone("supervise.report", policy.unwrap_or_default(), &outcome)?;
        Ok(report)
    }
}

impl SupervisionReport {
    fn add(&mut self, policy: &str, found: &SupervisionMatch, overdue: bool) {
        let counts = self.policies.entry(policy.to_owned()).or_default();
        counts.matched += 1;
        counts.drawn += u64::from(found.drawn);
        counts.overdue += u64::from(overdue);
        *counts.states.entry(found.state()).or_default() += 1;
        let resolved = found.entries.iter().find_map(|entry| match entry.step {
            SupervisionStep::Resolved(finding) => Some((finding, entry)),
            _ => None,
        });
        if let Some((finding, entry)) = resolved {
            *counts.findings.entry(finding).or_default() += 1;
            *self.reviewers.entry(entry.by.0.clone()).or_default().entry(finding).or_default() += 1;
        }
    }
}

/// The rows of a match: one for each step of its review, or one without.
fn evidence(found: &SupervisionMatch, [policy, severity, mailbox]: [&str; 3]) -> Vec<[String; 17]> {
    let row = |at: usize, entry: Option<&SupervisionEntry>| {
        let step = entry.map(|entry| &entry.step);
        let finding = match step {
            Some(SupervisionStep::Tagged(finding) | SupervisionStep::Resolved(finding)) => finding.as_str(),
            _ => "",
        };
        let given_to = match step {
            Some(SupervisionStep::Escalated(to)) => to.0.clone(),
            Some(SupervisionStep::Investigated { case, .. }) => format!("case {case}"),
            Some(SupervisionStep::CopyOf(no)) => format!("copy of match {no}"),
            _ => String::new(),
        };
        let opened = entry.and_then(|entry| found.opened_before(&entry.by, at + 1));
        let time = |at: Option<UtcTime>| at.map_or_else(String::new, |at| at.to_string());
        [
            found.no.to_string(),
            policy.to_owned(),
            found.version.to_string(),
            severity.to_owned(),
            found.item.to_string(),
            mailbox.to_owned(),
            found.digest.to_string(),
            found.direction.as_str().to_owned(),
            found.found_at.to_string(),
            found.state().as_str().to_owned(),
            entry.map_or_else(String::new, |entry| entry.by.0.clone()),
            step.map_or("", SupervisionStep::as_str).to_owned(),
            finding.to_owned(),
            time(opened),
            time(entry.map(|entry| entry.at)),
            given_to,
            entry.map_or_else(String::new, |entry| entry.comment.clone()),
        ]
    };
    if found.entries.is_empty() {
        vec![row(0, None)]
    } else {
        (0..).zip(&found.entries).map(|(at, entry)| row(at, Some(entry))).collect()
    }
}
