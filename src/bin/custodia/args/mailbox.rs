//! What can be typed after `mailbox`.

use clap::{Args, Subcommand};

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum MailboxCommand {
    /// Add a mailbox
    Add(MailboxAddArgs),
    /// List all mailboxes
    List,
    /// Show one with its folders
    Show {
        /// Its address, an alias or a phone number
        address: String,
    },
    /// Change one
    Set(MailboxSetArgs),
}

#[derive(Args)]
pub(crate) struct MailboxAddArgs {
    /// Its primary address
    pub(crate) address: String,
    /// Display name
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) name: String,
    /// Another address of the same person; may be repeated
    #[arg(long = "alias", value_name = "ADDRESS")]
    pub(crate) aliases: Vec<String>,
    /// International phone number; may be repeated
    #[arg(long = "phone", value_name = "NUMBER")]
    pub(crate) phones: Vec<String>,
    /// Attribute, such as department=Sales; may be repeated
    #[arg(long = "attr", value_name = "NAME=VALUE", value_parser = attribute)]
    pub(crate) attributes: Vec<(String, String)>,
}

#[derive(Args)]
pub(crate) struct MailboxSetArgs {
    /// Its address, an alias or a phone number
    pub(crate) address: String,
    /// New display name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Add an alias
    #[arg(long = "alias", value_name = "ADDRESS")]
    pub(crate) aliases: Vec<String>,
    /// Take an alias away
    #[arg(long = "remove-alias", value_name = "ADDRESS")]
    pub(crate) remove_aliases: Vec<String>,
    /// Add a phone number
    #[arg(long = "phone", value_name = "NUMBER")]
    pub(crate) phones: Vec<String>,
    /// Take a phone number away
    #[arg(long = "remove-phone", value_name = "NUMBER")]
    pub(crate) remove_phones: Vec<String>,
    /// Set an attribute; NAME= takes it away
    #[arg(long = "attr", value_name = "NAME=VALUE", value_parser = attribute)]
    pub(crate) attributes: Vec<(String, String)>,
    /// Whether the person is still there
    #[arg(long, value_name = "BOOL")]
    pub(crate) active: Option<bool>,
}

fn attribute(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}
