//! What was disposed of in some mailboxes and is still in others.

use std::collections::{HashMap, HashSet};

use crate::Result;
use crate::model::{MailboxNo, MessageNo};
use crate::people::Directory;
use crate::store::{Snapshot, disposition_records, message_by_digest};

/// The mailboxes whose items of a message were disposed of, for messages that are still here.
pub(super) fn disposed(snapshot: &Snapshot, directory: &Directory) -> Result<HashMap<MessageNo, HashSet<MailboxNo>>> {
    let mut disposed: HashMap<MessageNo, HashSet<MailboxNo>> = HashMap::new();
    disposition_records(snapshot, |record| {
        // By digest: the same message may have come again since, under another number.
        if let (Some(mailbox), Some(message)) =
            (directory.find(&record.mailbox), message_by_digest(snapshot, &record.digest)?)
        {
            disposed.entry(message).or_default().insert(mailbox);
        }
        Ok(())
    })?;
    Ok(disposed)
}
