//! A file of rules: policies, labels, and what is to be taken out of force.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::archive::label::NewLabel;
use crate::archive::policy::{NewPolicy, NewScope};
use crate::model::{Actor, LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger, ReviewStage};
use crate::{Error, Result};

/// The rules of a file, each as it would be added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleFile {
    /// Policies.
    pub policies: Vec<Placed<NewPolicy>>,
    /// Labels, in the order in which they are to be added.
    pub labels: Vec<Placed<NewLabel>>,
    /// Policies to be taken out of force.
    pub remove: Option<Placed<Removal>>,
}

/// Something of a file, with the lines of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// What it is.
    pub value: T,
    lines: BTreeMap<&'static str, usize>,
    at: String,
}

/// Policies to be taken out of force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// By name.
    pub policies: Vec<String>,
    /// Why.
    pub reason: String,
}

impl<T> Placed<T> {
    /// `error`, as of the value of `key` in the file.
    pub(super) fn wrong(&self, key: &str, error: Error) -> Error {
        let line = self.lines.get(key).or_else(|| self.lines.get("name")).copied().unwrap_or(1);
        let why = match &error {
            Error::Refused(why) => why.clone(),
            other => other.to_string(),
        };
        let text = format!("line {line}: {}: {key}: {why}", self.at);
        match error {
            Error::Refused(_) => Error::Refused(text),
            Error::InvalidInput(_) | Error::NotFound { .. } | Error::AlreadyExists { .. } | Error::Query { .. } => {
                Error::InvalidInput(text)
            }
            other => other,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: Spanned<u32>,
    #[serde(default)]
    policy: Vec<PolicyTable>,
    #[serde(default)]
    label: Vec<LabelTable>,
    remove: Option<RemoveTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyTable {
    name: Spanned<String>,
    action: RetentionAction,
    period: Spanned<RetentionPeriod>,
    #[serde(default)]
    start: RetentionTrigger,
    include: Option<Spanned<Vec<String>>>,
    exclude: Option<Spanned<Vec<String>>>,
    adaptive: Option<Spanned<String>>,
    #[serde(default)]
    folders: Vec<String>,
    query: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelTable {
    name: Spanned<String>,
    action: RetentionAction,
    period: Spanned<RetentionPeriod>,
    start: Option<Spanned<StartWord>>,
    event_type: Option<Spanned<String>>,
    #[serde(default)]
    record: RecordWord,
    #[serde(default)]
    folders: Vec<String>,
    auto: Option<Spanned<String>>,
    #[serde(default)]
    review: Vec<Vec<String>>,
    next_label: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemoveTable {
    policies: Spanned<Vec<String>>,
    reason: Spanned<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StartWord {
    Created,
    Modified,
    #[serde(alias = "labeled")]
    Labelled,
    Event,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RecordWord {
    #[default]
    None,
    Record,
    Regulatory,
}

impl RuleFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// It is no TOML, has a key that is not known, or rules of it contradict themselves: the line and the key are named.
    pub fn parse(text: &str) -> Result<Self> {
        let document: Document = toml::from_str(text).map_err(|error| Error::InvalidInput(located(text, &error)))?;
        if *document.version.get_ref() != 1 {
            let line = line_of(text, &document.version.span());
            return Err(Error::InvalidInput(format!("line {line}: version: this program reads version 1")));
        }
        let file = Self {
            policies: document.policy.into_iter().map(|table| policy(text, table)).collect::<Result<_>>()?,
            labels: document.label.into_iter().map(|table| label(text, table)).collect::<Result<_>>()?,
            remove: document.remove.map(|table| removal(text, table)),
        };
        each_once(&file.policies, |policy| &policy.name)?;
        each_once(&file.labels, |label| &label.name)?;
        Ok(file)
    }
}

fn located(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(1, |span| line_of(text, &span));
    format!("line {line}: {}", error.message())
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}

fn each_once<T>(rules: &[Placed<T>], name: impl Fn(&T) -> &String) -> Result<()> {
    let mut seen = HashSet::new();
    match rules.iter().find(|rule| !seen.insert(name(&rule.value))) {
        Some(twice) => Err(twice.wrong("name", Error::InvalidInput("it is there twice".to_owned()))),
        None => Ok(()),
    }
}

fn policy(text: &str, table: PolicyTable) -> Result<Placed<NewPolicy>> {
    let mut lines =
        BTreeMap::from([("name", line_of(text, &table.name.span())), ("period", line_of(text, &table.period.span()))]);
    let lists = [("include", &table.include), ("exclude", &table.exclude)];
    lines.extend(lists.into_iter().filter_map(|(key, list)| Some((key, line_of(text, &list.as_ref()?.span())))));
    let texts = [("adaptive", &table.adaptive), ("query", &table.query)];
    lines.extend(texts.into_iter().filter_map(|(key, value)| Some((key, line_of(text, &value.as_ref()?.span())))));
    let scopes = [table.include.is_some(), table.exclude.is_some(), table.adaptive.is_some()];
    let scope = match (table.include, table.adaptive) {
        (Some(include), _) => NewScope::Include(include.into_inner()),
        (None, Some(query)) => NewScope::Adaptive(query.into_inner()),
        (None, None) => NewScope::All { except: table.exclude.map(Spanned::into_inner).unwrap_or_default() },
    };
    let name = table.name.into_inner();
    let placed = Placed {
        at: format!("policy `{name}`"),
        lines,
        value: NewPolicy {
            name,
            action: table.action,
            period: table.period.into_inner(),
            trigger: table.start,
            scope,
            folders: table.folders,
            query: table.query.map(Spanned::into_inner),
        },
    };
    if scopes.into_iter().filter(|given| *given).count() > 1 {
        let error = Error::InvalidInput("say one of `include`, `exclude` and `adaptive`".to_owned());
        return Err(placed.wrong("name", error));
    }
    Ok(placed)
}

fn label(text: &str, table: LabelTable) -> Result<Placed<NewLabel>> {
    let mut lines =
        BTreeMap::from([("name", line_of(text, &table.name.span())), ("period", line_of(text, &table.period.span()))]);
    let texts = [("event_type", &table.event_type), ("auto", &table.auto)];
    lines.extend(texts.into_iter().filter_map(|(key, value)| Some((key, line_of(text, &value.as_ref()?.span())))));
    lines.extend(table.start.as_ref().map(|start| ("start", line_of(text, &start.span()))));
    let (start, event) = (table.start.map(Spanned::into_inner), table.event_type.map(Spanned::into_inner));
    let contradiction = match (start, &event) {
        (Some(StartWord::Event), None) => Some("it needs an `event_type`"),
        (None | Some(StartWord::Created | StartWord::Modified | StartWord::Labelled), Some(_)) => {
            Some("an `event_type` needs `start = \"event\"`")
        }
        _ => None,
    };
    let name = table.name.into_inner();
    let placed = Placed {
        at: format!("label `{name}`"),
        lines,
        value: NewLabel {
            name,
            action: table.action,
            period: table.period.into_inner(),
            start: match start {
                None | Some(StartWord::Created) => LabelStart::Created,
                Some(StartWord::Modified) => LabelStart::Modified,
                Some(StartWord::Labelled) => LabelStart::Labelled,
                Some(StartWord::Event) => LabelStart::Event(event.unwrap_or_default()),
            },
            record: match table.record {
                RecordWord::None => RecordKind::None,
                RecordWord::Record => RecordKind::Record,
                RecordWord::Regulatory => RecordKind::Regulatory,
            },
            folders: table.folders,
            query: table.auto.map(Spanned::into_inner),
            review: table.review.into_iter().map(stage).collect(),
            next: table.next_label,
        },
    };
    match contradiction {
        Some(why) => Err(placed.wrong("start", Error::InvalidInput(why.to_owned()))),
        None => Ok(placed),
    }
}

fn stage(reviewers: Vec<String>) -> ReviewStage {
    ReviewStage { reviewers: reviewers.into_iter().map(Actor).collect() }
}

fn removal(text: &str, table: RemoveTable) -> Placed<Removal> {
    let lines = BTreeMap::from([
        ("policies", line_of(text, &table.policies.span())),
        ("reason", line_of(text, &table.reason.span())),
    ]);
    let value = Removal { policies: table.policies.into_inner(), reason: table.reason.into_inner() };
    Placed { value, lines, at: "remove".to_owned() }
}
