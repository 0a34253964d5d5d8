//! Who took part in a record, and in which chat.

use serde_json::Value;

use crate::connector::converter::json::{items, plain, shown, text};
use crate::message::converted::Person;
use crate::model::Conversation;

/// People and chat of a record.
pub(super) struct People {
    /// Who sent it; empty if not said.
    pub(super) from: String,
    /// To whom; in groups all others who were in it then.
    pub(super) to: Vec<String>,
    /// The chat; `None` if nothing tells it.
    pub(super) conversation: Option<Conversation>,
}

impl People {
    /// Those of a record in either of the two shapes that the vendor delivers.
    pub(super) fn of(record: &Value) -> Self {
        let newer = record.get("sender").filter(|sender| sender.is_object());
        let (from, to, room): (String, Vec<String>, &str) = if let Some(sender) = newer {
            let to = items(record, "receiver_list").iter().map(|receiver| shown(receiver, "id")).collect();
            (shown(sender, "id"), to, text(record, "chatid"))
        } else {
            let from = if record.get("from").is_some() { shown(record, "from") } else { shown(record, "user") };
            (from, items(record, "tolist").iter().map(plain).collect(), text(record, "roomid"))
        };
        let conversation = conversation(room, &from, &to);
        Self { from, to, conversation }
    }
}

/// The chat: a group by its id; else all who took part, in the order of their ids, which both directions share.
fn conversation(room: &str, from: &str, to: &[String]) -> Option<Conversation> {
    if !room.is_empty() {
        return Some(Conversation { id: room.to_owned(), name: String::new(), group: true });
    }
    let mut ids: Vec<&str> = to.iter().map(String::as_str).chain([from]).filter(|id| !id.is_empty()).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = !to.is_empty() && !ids.is_empty();
    known.then(|| Conversation { id: ids.join(","), name: String::new(), group: ids.len() > 2 })
}

/// Somebody by id.
pub(super) fn person(id: &str) -> Person {
    Person { id: id.to_owned(), ..Person::default() }
}

/// Whether an id is that of somebody outside of the company: 32 characters that begin with `wm` (a customer on `WeChat`)
/// or `wo` (somebody at another company). Ids inside of it are chosen by the company and are rarely as long.
pub(super) fn is_external(id: &str) -> bool {
    id.len() == 32 && (id.starts_with("wm") || id.starts_with("wo"))
}

/// `incoming` or `outgoing`, where one side of a call is outside of the company and the other is not; else empty.
pub(super) fn direction(from: &str, to: &[String]) -> &'static str {
    let others = to.iter().filter(|id| *id != from);
    match (is_external(from), others.clone().next().is_some(), others.clone().all(|id| is_external(id))) {
        (true, true, _) if !others.clone().any(|id| is_external(id)) => "incoming",
        (false, true, true) => "outgoing",
        _ => "",
    }
}
