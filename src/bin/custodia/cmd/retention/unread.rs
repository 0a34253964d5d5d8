//! Rules whose query cannot be read.

use custodia::archive::UnreadRule;
use custodia::retention::Source;

use crate::ui::{Ui, escape};

/// Names the rules of which nobody knows what their query covers, and says what that means.
pub(in crate::cmd) fn warn_of_unread(rules: &[UnreadRule], ui: &Ui) {
    for UnreadRule { source, name, why } in rules {
        let text =
            format!("{source} `{name}` is taken to cover all that it may, retains that, and deletes nothing: {why}");
        ui.warn(&escape(&text, true));
    }
    if let Some(first) = rules.first() {
        let name = escape(&first.name, true);
        ui.hint(&match first.source {
            Source::Label => format!("mend it: `custodia retention label set-query '{name}' QUERY`"),
            _ => format!("mend it: `custodia retention policy set '{name}' --query QUERY`"),
        });
    }
}
