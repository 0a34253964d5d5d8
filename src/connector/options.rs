//! How sources are to be read.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::model::{DateOrder, TimeZone};
use crate::{Error, Result};

/// How sources are to be read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format of the files.
    pub as_format: As,
    /// The zone of local times that name none; UTC unless set.
    pub timezone: TimeZone,
    /// The order of day, month and year; `None` finds it out.
    pub date_order: Option<DateOrder>,
    /// The orders that were settled earlier, by identifier of the chat.
    pub settled_date_orders: Arc<BTreeMap<String, DateOrder>>,
}

/// The format that files are taken for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum As {
    /// Recognised file by file, by content first.
    #[default]
    Auto,
    /// Each file is one message.
    Eml,
    /// Each file is an mbox.
    Mbox,
    /// Each file in `cur` and `new` of a Maildir, and each given by itself, is a message.
    Maildir,
    /// Each file holds converted messages, one JSON record a line.
    Messages,
    /// Each file is a delivery of `TeleMessage`, or one mail of it.
    Telemessage,
    /// Each file is a chat exported by the WhatsApp app.
    Whatsapp,
    /// Each file holds notifications of the WhatsApp Business Cloud API.
    WhatsappCloud,
    /// Each file holds chats as WhatsApp-Chat-Exporter writes them.
    WhatsappBackup,
    /// Each file holds records of the WeCom conversation archive.
    Wecom,
    /// Each file is an export of personal WeChat.
    Wechat,
    /// Each file is an Outlook data file.
    Pst,
    /// Each file is an Outlook message.
    Msg,
    /// Each file is in Relativity Short Message Format.
    Rsmf,
}

impl As {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::Auto,
        Self::Eml,
        Self::Mbox,
        Self::Maildir,
        Self::Messages,
        Self::Telemessage,
        Self::Whatsapp,
        Self::WhatsappCloud,
        Self::WhatsappBackup,
        Self::Wecom,
        Self::Wechat,
        Self::Pst,
        Self::Msg,
        Self::Rsmf,
    ];

    /// The word used in commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Eml => "eml",
            Self::Mbox => "mbox",
            Self::Maildir => "maildir",
            Self::Messages => "messages",
            Self::Telemessage => "telemessage",
            Self::Whatsapp => "whatsapp",
            Self::WhatsappCloud => "whatsapp-cloud",
            Self::WhatsappBackup => "whatsapp-backup",
            Self::Wecom => "wecom",
            Self::Wechat => "wechat",
            Self::Pst => "pst",
            Self::Msg => "msg",
            Self::Rsmf => "rsmf",
        }
    }
}

impl fmt::Display for As {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for As {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == word);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Error::InvalidInput(format!("unknown source format `{word}`; known are {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_names_its_format() {
        for format in As::ALL {
            assert_eq!(format.to_string().parse::<As>().unwrap(), format);
        }
        assert_eq!(
            "MBX".parse::<As>().unwrap_err().to_string(),
            "unknown source format `MBX`; known are auto, eml, mbox, maildir, messages, telemessage, \
             whatsapp, whatsapp-cloud, whatsapp-backup, wecom, wechat, pst, msg, rsmf"
        );
    }
}
