//! Mailboxes and folders.

use redb::ReadableTable as _;
use serde::{Deserialize, Serialize};

use super::codec::{self, Record};
use super::failed;
use super::tables::{FOLDERS, MAILBOXES, Tables, Transaction, counter};
use crate::model::{Folder, FolderNo, Mailbox, MailboxNo};
use crate::{Error, Result};

/// Changes of mailboxes and of the mapping.
const PEOPLE: &str = "people";

impl Record for Mailbox {
    const NAME: &'static str = "a mailbox";
}

#[derive(Serialize, Deserialize)]
struct FolderRow(Folder);

impl Record for FolderRow {
    const NAME: &'static str = "a folder";
}

/// All mailboxes by number.
///
/// # Errors
/// The store failed.
pub fn mailboxes(tables: &impl Tables) -> Result<Vec<Mailbox>> {
    let table = tables.table(MAILBOXES)?;
    let rows = table.iter().map_err(failed("read the mailboxes"))?;
    rows.map(|row| codec::decode(row.map_err(failed("read the mailboxes"))?.1.value())).collect()
}

/// One mailbox.
///
/// # Errors
/// There is none with this number, or the store failed.
pub fn mailbox(tables: &impl Tables, no: MailboxNo) -> Result<Mailbox> {
    let table = tables.table(MAILBOXES)?;
    let row = table.get(no.0).map_err(failed("read a mailbox"))?;
    row.map_or_else(|| Err(Error::NotFound { what: "mailbox", id: no.to_string() }), |row| codec::decode(row.value()))
}

/// Adds a mailbox under the next number; its `no` is ignored.
///
/// # Errors
/// The store failed.
pub fn insert_mailbox(transaction: &Transaction, mut mailbox: Mailbox) -> Result<Mailbox> {
    mailbox.no = MailboxNo(next(transaction, "mailbox")?);
    update_mailbox(transaction, &mailbox)?;
    Ok(mailbox)
}

/// Writes a mailbox under its number.
///
/// # Errors
/// The store failed.
pub fn update_mailbox(transaction: &Transaction, mailbox: &Mailbox) -> Result<()> {
    note_people(transaction)?;
    let bytes = codec::encode(mailbox)?;
    transaction.writable(MAILBOXES)?.insert(mailbox.no.0, bytes.as_slice()).map_err(failed("write a mailbox"))?;
    Ok(())
}

/// How often mailboxes and the mapping were changed: as long as it is the same, they are.
///
/// # Errors
/// The store failed.
pub fn people_changes(tables: &impl Tables) -> Result<u64> {
    counter(tables, PEOPLE)
}

/// Counts a change of mailboxes or of the mapping.
pub(super) fn note_people(transaction: &Transaction) -> Result<()> {
    transaction.next(PEOPLE).map(drop)
}

/// All folders by number.
///
/// # Errors
/// The store failed.
pub fn folders(tables: &impl Tables) -> Result<Vec<Folder>> {
    let table = tables.table(FOLDERS)?;
    let rows = table.iter().map_err(failed("read the folders"))?;
    rows.map(|row| {
        let row = row.map_err(failed("read the folders"))?;
        codec::decode::<FolderRow>(row.1.value()).map(|folder| folder.0)
    })
    .collect()
}

/// The folders of a mailbox by number.
///
/// # Errors
/// The store failed.
pub fn folders_of(tables: &impl Tables, mailbox: MailboxNo) -> Result<Vec<Folder>> {
    Ok(folders(tables)?.into_iter().filter(|folder| folder.mailbox == mailbox).collect())
}

/// One folder.
///
/// # Errors
/// There is none with this number, or the store failed.
pub fn folder(tables: &impl Tables, no: FolderNo) -> Result<Folder> {
    let table = tables.table(FOLDERS)?;
    let row = table.get(no.0).map_err(failed("read a folder"))?;
    match row {
        Some(row) => codec::decode::<FolderRow>(row.value()).map(|folder| folder.0),
        None => Err(Error::NotFound { what: "folder", id: no.to_string() }),
    }
}

/// Adds the folder `path` to a mailbox that has none of this path.
///
/// # Errors
/// The store failed.
pub fn insert_folder(transaction: &Transaction, mailbox: MailboxNo, path: &str) -> Result<FolderNo> {
    let no = FolderNo(next(transaction, "folder")?);
    let bytes = codec::encode(&FolderRow(Folder { no, mailbox, path: path.to_owned() }))?;
    transaction.writable(FOLDERS)?.insert(no.0, bytes.as_slice()).map_err(failed("write a folder"))?;
    Ok(no)
}

fn next(transaction: &Transaction, name: &str) -> Result<u32> {
    u32::try_from(transaction.next(name)?)
        .map_err(|_| Error::Refused(format!("there are 4,294,967,295 of them already: {name}")))
}
