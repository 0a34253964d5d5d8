//! `retention`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use custodia::model::{RetentionPeriod, UtcTime};

use super::{EventCommand, LabelCommand};

#[derive(Subcommand)]
pub(crate) enum RetentionCommand {
    /// Rules on mailboxes: keep, delete, or keep and then delete
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Rules on single items: set by people, by folder, or by a search; an item carries one at most
    #[command(subcommand)]
    Label(LabelCommand),
    /// Events that labels count from, such as the end of a contract
    #[command(subcommand)]
    Event(EventCommand),
    /// Say what could be disposed of at a date; changes nothing
    Simulate {
        /// The date, such as 2030-01-01; now unless said
        #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
        as_of: Option<UtcTime>,
    },
    /// Judge hypothetical items by given rules, from a file; needs no archive
    ///
    /// The file is a JSON array of cases: an item, the policies, label and holds on it, and what is expected. One JSON
    /// line is printed for each, with the day until which the item is retained, the first day on which it may be
    /// deleted, and why. Exit code 3 if a case comes out otherwise than its `expect` says. The schema is
    /// schemas/retention-cases.schema.json.
    Test {
        /// The cases
        #[arg(value_name = "CASES.json")]
        cases: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Put a policy in force
    Add(PolicyAddArgs),
    /// List all policies, removed ones included
    List,
    /// Show one
    Show {
        /// Its name, id, or the beginning of its id
        policy: String,
    },
    /// Change its period, or the mailboxes in its scope
    ///
    /// A new period applies to what is covered already, too. A mailbox that leaves the scope is one that the policy is
    /// released for: what it retained there stays for 30 days more. The name, the action, the start and what narrows a
    /// policy are fixed.
    Set(PolicySetArgs),
    /// Lock one for good: nobody can remove or shorten it then, or take mailboxes from it
    ///
    /// It can be lengthened, and more mailboxes can be added. There is no way to take a lock off.
    Lock {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Put one in force again within 30 days of its removal, as if it had never been removed
    Reenable {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Take one out of force; what it retained stays for 30 days more, and it deletes nothing any longer
    Remove {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args)]
pub(crate) struct PolicyAddArgs {
    /// Its name, at most 64 characters
    pub(crate) name: String,
    /// What it does
    #[arg(long, value_enum)]
    pub(crate) action: Action,
    /// Calendar period since the message was received, else sent: 7y, 18m (months), 30d, P1Y6M, or unlimited
    #[arg(long)]
    pub(crate) period: RetentionPeriod,
    /// Only this mailbox; may be repeated; all mailboxes unless said
    #[arg(long = "include", value_name = "ADDRESS")]
    pub(crate) include: Vec<String>,
    /// Mailbox that it leaves out; may be repeated
    #[arg(long = "exclude", value_name = "ADDRESS", conflicts_with = "include")]
    pub(crate) exclude: Vec<String>,
    /// Only mailboxes with these attributes, whoever that is at the time
    ///
    /// Such as `department equals Sales AND country not equals PL`, with `starts with`, `not starts with`, OR, NOT and
    /// parentheses; or in OPATH: `Department -eq 'Sales' -and Title -like 'Head*'`. `IsInactiveMailbox`, `name`,
    /// `address` and `phone` are attributes too.
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["include", "exclude"])]
    pub(crate) adaptive: Option<String>,
    /// Only this folder of each mailbox; may be repeated; subfolders are not included
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
    /// Only what this content search finds, such as `platform:whatsapp` or `kind:email`
    ///
    /// An item of which not all can be searched is retained as if it was found, and never deleted for it.
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Option<String>,
    /// From when the period counts
    #[arg(long, value_enum, default_value = "created")]
    pub(crate) start: Start,
}

#[derive(Args)]
pub(crate) struct PolicySetArgs {
    /// Its name, id, or the beginning of its id
    pub(crate) policy: String,
    /// The new period
    #[arg(long)]
    pub(crate) period: Option<RetentionPeriod>,
    /// Mailbox that it covers too; may be repeated
    #[arg(long = "include", value_name = "ADDRESS")]
    pub(crate) include: Vec<String>,
    /// Mailbox that it no longer covers; may be repeated; the last one stays
    #[arg(long = "remove-include", value_name = "ADDRESS")]
    pub(crate) remove_include: Vec<String>,
    /// Mailbox that it leaves out; may be repeated
    #[arg(long = "exclude", value_name = "ADDRESS")]
    pub(crate) exclude: Vec<String>,
    /// Mailbox that it no longer leaves out; may be repeated
    #[arg(long = "remove-exclude", value_name = "ADDRESS")]
    pub(crate) remove_exclude: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Start {
    /// When the message was received, else sent
    Created,
    /// When the item was last modified, which an archived item never is
    Modified,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Action {
    /// Keep for the period
    Retain,
    /// Delete after the period
    Delete,
    /// Keep for the period, then delete
    #[value(name = "retain+delete", alias = "retain-and-delete")]
    RetainAndDelete,
}
