//! The rules that mean other people than before, by what was changed of people.

use custodia::archive::{ChangedRules, shell_word};
use serde_json::{Value, json};

use crate::ui::{Ui, escape};

/// Says which rules to look at, and how a deletion that was stopped is put in force again.
pub(in crate::cmd) fn warn_of_changed(changed: &ChangedRules, ui: &Ui) {
    if let Some(why) = &changed.not_evaluated {
        let text = format!("these rules could not be evaluated again yet, so nobody knows which deletions stop: {why}");
        ui.warn(&escape(&text, true));
    }
    for name in &changed.stopped_deletions {
        ui.warn(&format!(
            "policy `{}` finds messages now that were there before, so it deletes nothing until its deletion is put in force \
             again: see what it would delete with `custodia retention simulate`, then `custodia retention policy enable {}`",
            escape(name, false),
            escape(&shell_word(name), true)
        ));
    }
    if ui.json || changed.rules.is_empty() {
        return;
    }
    let names: Vec<String> = changed.rules.iter().map(|rule| escape(rule, false)).collect();
    ui.hint(&format!(
        "the queries of these rules mean other people now: {}; look at what they cover (`custodia hold show`, `custodia \
         retention simulate`) before anything is disposed of",
        names.join(", ")
    ));
}

/// The same as fields of a line of JSON.
pub(in crate::cmd) fn changed_fields(changed: &ChangedRules) -> [(String, Value); 2] {
    let ChangedRules { rules, stopped_deletions, .. } = changed;
    [("changed_rules".to_owned(), json!(rules)), ("stopped_deletions".to_owned(), json!(stopped_deletions))]
}
