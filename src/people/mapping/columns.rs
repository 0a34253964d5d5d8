//! Which columns of a mapping file hold what.

use csv::StringRecord;

use crate::people::clean::folded;
use crate::people::normalize_address;

/// Headers of columns of ids, without blanks and marks.
const IDS: [&str; 28] = [
    "externaluserid",
    "externalid",
    "externaluser",
    "userid",
    "user",
    "id",
    "phone",
    "phonenumber",
    "mobile",
    "mobilenumber",
    "mobilephone",
    "cell",
    "cellphone",
    "msisdn",
    "number",
    "telephone",
    "wecomuserid",
    "wecomid",
    "wechatid",
    "wxid",
    "whatsappid",
    "whatsapp",
    "waid",
    "login",
    "loginname",
    "username",
    "account",
    "businessscopedid",
];

/// Headers of columns of ids that count only where there is no other: names are not unique.
const NAMES: [&str; 3] = ["displayname", "contactname", "name"];

/// Headers of the column of mailboxes, those that say most first.
const MAILBOXES: [&str; 18] = [
    "microsoft365usermailbox",
    "office365usermailbox",
    "m365usermailbox",
    "o365usermailbox",
    "usermailbox",
    "mailbox",
    "mailboxaddress",
    "archivemailbox",
    "useremailaddress",
    "usersemailaddress",
    "useremail",
    "email",
    "emailaddress",
    "mail",
    "primarysmtpaddress",
    "smtpaddress",
    "userprincipalname",
    "upn",
];

/// Which columns hold what, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) ids: Vec<usize>,
    pub(super) mailbox: usize,
    /// Whether the first row names the columns.
    pub(super) has_header: bool,
}

/// The columns of a file whose rows begin as `rows` do.
///
/// # Errors
/// There is a header that does not say which column is which: a text for people.
pub(super) fn columns(rows: &[StringRecord]) -> Result<Columns, String> {
    let Some(first) = rows.first() else { return Ok(by_place(rows)) };
    let words: Vec<String> = first.iter().map(word).collect();
    let place = |known: &[&str]| known.iter().find_map(|name| words.iter().position(|word| word == name));
    let all = |known: &[&str]| -> Vec<usize> {
        words.iter().enumerate().filter(|(_, word)| known.contains(&word.as_str())).map(|(at, _)| at).collect()
    };
    let mailbox = place(&MAILBOXES);
    let mut ids = all(&IDS);
    if ids.is_empty() {
        ids = all(&NAMES);
    }
    if first.iter().any(is_address) || (mailbox.is_none() && ids.is_empty()) {
        return Ok(by_place(rows));
    }
    let other = |taken: usize| (words.len() == 2).then_some(1_usize.saturating_sub(taken));
    let mailbox = mailbox.or_else(|| other(*ids.first()?));
    let Some(mailbox) = mailbox else {
        return Err("no column is called `Microsoft 365 User Mailbox`, `Mailbox` or `Email`; name the one that holds \
                    the mailboxes so"
            .to_owned());
    };
    if ids.is_empty() {
        ids.extend(other(mailbox));
    }
    if ids.is_empty() {
        return Err("no column is called `External User ID`, `User ID`, `Phone` or `Mobile`; name the one that holds \
                    the ids so"
            .to_owned());
    }
    Ok(Columns { ids, mailbox, has_header: true })
}

/// Id and mailbox without a header; the other way round where only the first column has addresses.
fn by_place(rows: &[StringRecord]) -> Columns {
    let has_address = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(is_address));
    let swapped = has_address(0) && !has_address(1);
    let (id, mailbox) = if swapped { (1, 0) } else { (0, 1) };
    Columns { ids: vec![id], mailbox, has_header: false }
}

fn is_address(cell: &str) -> bool {
    normalize_address(cell.trim()).is_ok()
}

/// A header without blanks, marks and case.
fn word(cell: &str) -> String {
    folded(cell).chars().filter(|c| c.is_alphanumeric()).collect()
}
