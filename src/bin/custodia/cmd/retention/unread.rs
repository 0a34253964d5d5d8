//! Rules whose query cannot be read.

use custodia::archive::{Mending, UnreadRule, shell_word};
use custodia::retention::Source;

use crate::ui::{Ui, escape};

/// Names the rules of which nobody knows what their query covers, and says what that means.
pub(in crate::cmd) fn warn_of_unread(rules: &[UnreadRule], ui: &Ui) {
    for UnreadRule { source, name, why, mending } in rules {
        let text = match (source, mending) {
            (Source::Hold, _) => format!("hold `{name}` holds everything that it was not evaluated on: {why}"),
            (Source::Label, Mending::None) => {
                format!(
                    "label `{name}` waits, retains what its query finds of what has no label, and deletes nothing: {why}"
                )
            }
            _ => {
                format!("{source} `{name}` is taken to cover all that it may, retains that, and deletes nothing: {why}")
            }
        };
        ui.warn(&escape(&text, true));
    }
    let first = |mending| rules.iter().find(|rule| rule.mending == mending);
    if let Some(rule) = first(Mending::Free).or_else(|| first(Mending::Locked)) {
        ui.hint(&escape(&format!("mend it: `{}`", command(rule)), true));
    }
}

/// The command that gives a rule another query.
fn command(rule: &UnreadRule) -> String {
    let name = shell_word(&rule.name);
    match (rule.source, rule.mending) {
        (Source::Hold, _) => format!("custodia hold change {name} --query QUERY --reason REASON"),
        (Source::Label, _) => format!("custodia retention label set-query {name} QUERY"),
        (_, Mending::Locked) => format!("custodia retention policy set {name} --query QUERY --reason REASON"),
        _ => format!("custodia retention policy set {name} --query QUERY"),
    }
}
