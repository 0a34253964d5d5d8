//! Rules as the text of a file: written so that the same rules always give the same bytes.

use std::fmt::Write as _;

use crate::archive::label::NewLabel;
use crate::archive::policy::{NewPolicy, NewScope};
use crate::model::{LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger, ReviewStage};

/// The head of a file of rules.
pub(super) const HEAD: &str = "# Retention rules of a Custodia archive. `custodia retention apply FILE` puts them in force, and shows the\n\
                               # difference first; what is not named here stays as it is.\n\nversion = 1\n";

/// A policy as a file says it.
pub(super) fn policy_text(policy: &NewPolicy) -> String {
    let mut text = Section::begin("policy", &policy.name, policy.action, policy.period);
    let start = match policy.trigger {
        RetentionTrigger::Created => "created",
        RetentionTrigger::Modified => "modified",
    };
    text.line("start", start);
    match &policy.scope {
        NewScope::All { except } => text.list("exclude", except),
        NewScope::Include(include) => text.list("include", include),
        NewScope::Adaptive(query) => text.line("adaptive", query),
    }
    text.list("folders", &policy.folders);
    text.option("query", policy.query.as_deref());
    text.0
}

/// A label as a file says it.
pub(super) fn label_text(label: &NewLabel) -> String {
    let mut text = Section::begin("label", &label.name, label.action, label.period);
    let (start, event) = match &label.start {
        LabelStart::Created => ("created", None),
        LabelStart::Modified => ("modified", None),
        LabelStart::Labelled => ("labelled", None),
        LabelStart::Event(kind) => ("event", Some(kind.as_str())),
    };
    text.line("start", start);
    text.option("event_type", event);
    match label.record {
        RecordKind::None => {}
        RecordKind::Record => text.line("record", "record"),
        RecordKind::Regulatory => text.line("record", "regulatory"),
    }
    text.list("folders", &label.folders);
    text.option("auto", label.query.as_deref());
    let stages: Vec<String> = label.review.iter().map(stage).collect();
    if !stages.is_empty() {
        text.raw("review", &stages.join(", "));
    }
    text.option("next_label", label.next.as_deref());
    text.0
}

fn stage(stage: &ReviewStage) -> String {
    let reviewers: Vec<String> = stage.reviewers.iter().map(|reviewer| quoted(&reviewer.0)).collect();
    format!("[{}]", reviewers.join(", "))
}

struct Section(String);

impl Section {
    fn begin(kind: &str, name: &str, action: RetentionAction, period: RetentionPeriod) -> Self {
        let mut section = Self(format!("\n[[{kind}]]\n"));
        section.line("name", name);
        section.line("action", action.as_str());
        section.line("period", &period.to_string());
        section
    }

    fn line(&mut self, key: &str, value: &str) {
        writeln!(self.0, "{key} = {}", quoted(value)).ok();
    }

    fn option(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.line(key, value);
        }
    }

    /// In the order of the alphabet: the order of a list says nothing.
    fn list(&mut self, key: &str, values: &[String]) {
        let mut values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        values.sort();
        values.dedup();
        if !values.is_empty() {
            self.raw(key, &values.join(", "));
        }
    }

    fn raw(&mut self, key: &str, values: &str) {
        writeln!(self.0, "{key} = [{values}]").ok();
    }
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(c)).ok();
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
