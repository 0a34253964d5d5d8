//! A mapping in JSON: user objects as the WeCom directory gives them.

use serde_json::Value;

use crate::people::Region;

/// One user with an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct User {
    /// Which user of the file it is, from 1.
    pub(super) place: u64,
    pub(super) ids: Vec<String>,
    /// Empty if it has none.
    pub(super) mailbox: String,
}

/// The users of a file that is JSON; `None` if it is not. A mobile number is an id of its user only where it is read
/// the same everywhere, or `region` says how.
pub(super) fn users(text: &str, region: Option<Region>) -> Option<Vec<User>> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let list = match &value {
        Value::Object(object) => ["userlist", "users", "data"].iter().find_map(|name| object.get(*name)?.as_array()),
        value => value.as_array(),
    };
    let list = list.map_or_else(|| vec![&value], |list| list.iter().collect());
    Some(list.into_iter().zip(1..).map(|(user, place)| read(user, place, region)).collect())
}

fn read(user: &Value, place: u64, region: Option<Region>) -> User {
    let text = |name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let mobile = Some(text("mobile")).filter(|mobile| region.is_some() || mobile.starts_with('+'));
    let ids = [Some(text("userid")), Some(text("external_userid")), mobile];
    let ids = ids.into_iter().flatten().filter(|id| !id.is_empty()).collect();
    let mailbox = ["biz_mail", "email"].iter().map(|name| text(name)).find(|address| !address.is_empty());
    User { place, ids, mailbox: mailbox.unwrap_or_default() }
}
