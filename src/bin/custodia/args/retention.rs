//! `retention`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use custodia::model::{RetentionPeriod, UtcTime};

use super::{EventCommand, LabelCommand};

#[derive(Subcommand)]
#[command(defer = true)]
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
    ///
    /// Where rules are not in force yet, it says what would be with them, and what is without. These are the policies
    /// whose deletion waits, or the rules of a file. For seven days after that they can be put in force together, or in
    /// part where nothing goes earlier for what is left out.
    Simulate(SimulateArgs),
    /// Put the rules of a file in force, all of them or none; shows what would change first
    ///
    /// Policies and labels that the file does not name stay as they are; `[remove]` names policies to be taken out of
    /// force. Applied again, it changes nothing. What a preservation lock or a regulatory record forbids is refused
    /// (exit code 21), and so is a deletion that nobody has simulated within the last seven days
    /// (`custodia retention simulate --policy FILE`). docs/retention.md describes the file.
    Apply {
        /// The rules, such as `custodia retention export` writes them
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        /// Put deletions in force although nobody has seen what they do; say why
        #[arg(long, value_name = "REASON")]
        without_simulation: Option<String>,
    },
    /// Write the rules in force as a file that `retention apply` reads
    Export {
        /// The file; it must not exist; standard output unless said
        #[arg(long, short, value_name = "FILE.toml")]
        output: Option<PathBuf>,
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

#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// The date, such as 2030-01-01; now unless said
    #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
    pub(crate) as_of: Option<UtcTime>,
    /// Simulate the rules of this file as if they were in force
    #[arg(long = "policy", value_name = "FILE.toml")]
    pub(crate) file: Option<PathBuf>,
    /// List the items that could be disposed of, with the reasons
    #[arg(long)]
    pub(crate) list: bool,
    /// Write that list to this file; it must not exist
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) csv: Option<PathBuf>,
    /// Write all of it as a page with charts to this file; it must not exist
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum PolicyCommand {
    /// Put a policy in force; its deletion waits until `enable`
    ///
    /// A policy that keeps does so at once. One that deletes waits: see with `custodia retention simulate` what it would
    /// do, then put the deletion in force with `custodia retention policy enable`.
    Add(PolicyAddArgs),
    /// Put the deletion of a policy in force
    ///
    /// It must have been simulated within the last seven days as it is now.
    Enable {
        /// Its name, id, or the beginning of its id
        policy: String,
        #[command(flatten)]
        ground: Ground,
    },
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
    /// policy are fixed. A change by which an item could go earlier is refused (exit code 21) unless it was simulated
    /// within the last seven days (`--simulate`).
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
    ///
    /// If it deletes, that must have been simulated within the last seven days (`--simulate`).
    Reenable {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long, required_unless_present = "simulate", default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        ground: Ground,
    },
    /// Take one out of force; what it retained stays for 30 days more, and it deletes nothing any longer
    ///
    /// If another rule could delete what it kept, that must have been simulated within the last seven days
    /// (`--simulate`).
    Remove {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long, required_unless_present = "simulate", default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        ground: Ground,
    },
}

// What lets a change bring disposition forward: by it an item could go earlier than before.
#[derive(Args)]
pub(crate) struct Ground {
    /// Only say what would come of the change; it can be made within seven days then
    #[arg(long, conflicts_with = "without_simulation")]
    pub(crate) simulate: bool,
    /// Let items go earlier although nobody has seen which; say why
    #[arg(long, value_name = "REASON")]
    pub(crate) without_simulation: Option<String>,
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
    #[command(flatten)]
    pub(crate) ground: Ground,
}

#[derive(Args)]
pub(crate) struct PolicySetArgs {
    /// Its name, id, or the beginning of its id
    pub(crate) policy: String,
    /// The new period
    #[arg(long)]
    pub(crate) period: Option<RetentionPeriod>,
    /// The query in place of one that this version of the program cannot read; any other is fixed
    ///
    /// What the query before found stays retained, and is not deleted by the policy. A locked policy can be given one too,
    /// with a `--reason`, and once exactly this was simulated (`--simulate`); its lock stays.
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Option<String>,
    /// Why; recorded, and needed for the query of a locked policy
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
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
    #[command(flatten)]
    pub(crate) ground: Ground,
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
