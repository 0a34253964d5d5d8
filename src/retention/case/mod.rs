//! Hypothetical items against given rules, as a file, so that a policy can have tests of its own.
//!
//! A file is a JSON array of cases; `schemas/retention-cases.schema.json` describes each field. A case tells what
//! happened to one item in the end, and is judged with all of that known: a hold counts even when it was placed after
//! the item could have been disposed of, for nobody said that a disposition took place before. `purge_run` says so: if
//! the item is eligible on that day, it is gone, and what happens later changes nothing.

mod expectation;
mod given;
mod verdict;

use serde::Deserialize;
use serde_json::Value;

use crate::model::UtcTime;
use crate::{Error, Result};

use super::Subject;
use given::{GivenHold, GivenItem, GivenLabel, GivenPolicy};

pub use expectation::{Difference, Expectation};
pub use verdict::Verdict;

/// One hypothetical item, what applies to it, and what is expected.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its number or name; its place in the file, from 1, if it has none.
    #[serde(default)]
    n: Value,
    #[serde(default, rename = "desc")]
    _desc: Option<String>,
    item: GivenItem,
    #[serde(default)]
    policies: Option<Vec<GivenPolicy>>,
    #[serde(default)]
    label: Option<GivenLabel>,
    #[serde(default)]
    holds: Option<Vec<GivenHold>>,
    /// When a disposition takes place; nothing says so if it is absent.
    #[serde(default)]
    purge_run: Option<UtcTime>,
    /// Days after the capture of the item; 0 if absent.
    #[serde(default)]
    min_residence: Option<u32>,
    #[serde(default)]
    expect: Option<Expectation>,
}

impl Case {
    /// What is expected, if the case says so.
    pub fn expectation(&self) -> Option<&Expectation> {
        self.expect.as_ref()
    }

    /// The item with everything that applies to it.
    ///
    /// # Errors
    /// Fields contradict each other, or one that is needed is absent.
    pub fn subject(&self) -> Result<Subject, String> {
        let min_residence = self.min_residence.unwrap_or(0);
        let mut subject = Subject::new(self.item.times(min_residence), min_residence);
        subject.partially_indexed = self.item.partially_indexed();
        let policies = self.policies.iter().flatten().filter(|policy| !policy.is_excluded());
        subject.policies = policies.map(GivenPolicy::applied).collect();
        subject.label = self.label.as_ref().map(GivenLabel::applied).transpose()?;
        subject.holds = self.holds.iter().flatten().map(GivenHold::applied).collect();
        Ok(subject)
    }
}

/// The cases of a file.
///
/// # Errors
/// It is not a JSON array of cases. The case and the field are named.
pub fn read_cases(text: &str) -> Result<Vec<Case>> {
    let rows: Vec<Value> = serde_json::from_str(text)
        .map_err(|error| Error::InvalidInput(format!("the file is not a JSON array of retention cases: {error}")))?;
    rows.into_iter().enumerate().map(|(place, row)| read_case(place, row)).collect()
}

fn read_case(place: usize, row: Value) -> Result<Case> {
    let n = row.get("n").filter(|n| !n.is_null()).cloned().unwrap_or_else(|| Value::from(place + 1));
    let refuse = |why: String| Error::InvalidInput(format!("case {n} cannot be judged: {why}"));
    if !(n.is_number() || n.is_string()) {
        return Err(refuse("`n` is neither a number nor a text".to_owned()));
    }
    let mut case: Case = serde_json::from_value(row).map_err(|error| refuse(error.to_string()))?;
    case.subject().map_err(&refuse)?;
    case.n = n;
    Ok(case)
}
