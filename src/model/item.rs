//! An occurrence of a message.

use serde::{Deserialize, Serialize};

use super::{BatchNo, FolderNo, ItemNo, MailboxNo, MessageNo, UtcTime};

/// One occurrence of a message in one mailbox and folder: what is counted, held, retained and
/// disposed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number.
    pub no: ItemNo,
    /// The mailbox that it is in.
    pub mailbox: MailboxNo,
    /// The folder that it is in.
    pub folder: FolderNo,
    /// The message that it is an occurrence of.
    pub message: MessageNo,
    /// The batch that brought it.
    pub batch: BatchNo,
    /// When this archive took it in, by this machine's clock.
    pub captured_at: UtcTime,
    /// Where its retention starts when counted from creation: when the message was received, else
    /// sent, else captured.
    pub created_at: UtcTime,
}
