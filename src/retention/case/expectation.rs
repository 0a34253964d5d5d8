//! What a case expects, compared with what becomes of its item.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Verdict;

/// What is expected; a field that is absent is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    #[serde(default, deserialize_with = "given")]
    retain_until: Option<Value>,
    #[serde(default)]
    delete_on: Option<String>,
    /// In any order.
    #[serde(default)]
    why: Option<Vec<String>>,
}

/// A field that came out otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field.
    pub field: &'static str,
    /// What is expected.
    pub expected: Value,
    /// What came out.
    pub found: Value,
}

/// A field that is there, `null` or not.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| Some(text.into()))
}

impl Expectation {
    /// The fields of `verdict` that are not as expected.
    pub fn differences(&self, verdict: &Verdict) -> Vec<Difference> {
        let until = Value::from(verdict.retain_until.clone());
        let retained = self.retain_until.as_ref().filter(|expected| **expected != until);
        let deleted = self.delete_on.as_ref().filter(|expected| **expected != verdict.delete_on);
        let why = self.why.as_ref().filter(|expected| sorted(expected) != sorted(&verdict.why));
        [
            retained.map(|expected| difference("retain_until", expected.clone(), until.clone())),
            deleted.map(|expected| difference("delete_on", expected.as_str(), verdict.delete_on.as_str())),
            why.map(|expected| difference("why", expected.as_slice(), verdict.why.as_slice())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn difference(field: &'static str, expected: impl Into<Value>, found: impl Into<Value>) -> Difference {
    Difference { field, expected: expected.into(), found: found.into() }
}

fn sorted(why: &[String]) -> Vec<&str> {
    let mut why: Vec<&str> = why.iter().map(String::as_str).collect();
    why.sort_unstable();
    why
}
