//! Texts that a policy is tried on.

use super::exclusion::Exclusion;
use super::policy::find;
use crate::archive::Archive;
use crate::index::{Unindexed, found_among};
use crate::message::{self, Facts};
use crate::model::{Digest, SupervisionPolicy, UtcTime};
use crate::query::{Context, parse};
use crate::{Error, Result};

/// A text that a policy was tried on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedText {
    /// The text.
    pub text: String,
    /// Whether the policy finds it.
    pub found: bool,
    /// Whether it must; `None` where nobody said.
    pub expected: Option<bool>,
}

impl TriedText {
    /// Whether it comes out as it must.
    pub fn is_right(&self) -> bool {
        self.expected.is_none_or(|expected| expected == self.found)
    }
}

impl Archive {
    /// Tries a policy on the texts that it must find and must not find, and on others.
    ///
    /// # Errors
    /// There is no such policy, or its query can no longer be read.
    pub fn test_supervision_policy(&self, name: &str, others: &[String]) -> Result<Vec<TriedText>> {
        let policy = find(&self.store.snapshot()?, name)?;
        if policy.query.is_none() {
            return Err(Error::InvalidInput(format!("supervision policy `{}` finds every message", policy.name)));
        }
        self.tried(&policy, others)
    }

    /// Refuses a policy that does not find what it must, or finds what it must not.
    pub(super) fn check_samples(&self, policy: &SupervisionPolicy) -> Result<()> {
        let tried = self.tried(policy, &[])?;
        let Some(wrong) = tried.iter().find(|tried| !tried.is_right()) else { return Ok(()) };
        let what = if wrong.found { "finds what it must not" } else { "does not find what it must" };
        Err(Error::InvalidInput(format!("supervision policy `{}` {what}: {}", policy.name, wrong.text)))
    }

    fn tried(&self, policy: &SupervisionPolicy, others: &[String]) -> Result<Vec<TriedText>> {
        let Some(query) = &policy.query else { return Ok(Vec::new()) };
        let tried = |texts: &[String], expected| {
            texts.iter().map(move |text| TriedText { text: text.clone(), found: false, expected }).collect::<Vec<_>>()
        };
        let mut texts = tried(&policy.hits, Some(true));
        texts.extend(tried(&policy.misses, Some(false)));
        texts.extend(tried(others, None));
        if texts.is_empty() {
            return Ok(texts);
        }
        let query = self.with_people(&parse(query, &Context::rule(self.now()))?.query)?.0.possible();
        let messages: Vec<Unindexed> = texts.iter().map(|tried| message_of(&tried.text, self.now())).collect();
        let found = match &policy.exclude {
            None => found_among(&query, &messages)?,
            Some(text) => Exclusion::read(text, self.now())?.found_outside(&query, &messages)?,
        };
        for (place, text) in (0..).zip(&mut texts) {
            text.found = found.contains(place);
        }
        Ok(texts)
    }
}

/// A message of now that says nothing else.
fn message_of(text: &str, now: UtcTime) -> Unindexed {
    let raw = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}");
    let raw = raw.as_bytes();
    let facts = Facts { sent_at: Some(now), received_at: Some(now), ..message::facts(raw) };
    Unindexed { digest: Digest::of(raw), raw_len: raw.len() as u64, facts }
}
