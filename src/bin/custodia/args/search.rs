//! What can be typed after `search`.

use clap::{Args, ValueEnum};

#[derive(Args)]
pub(crate) struct SearchArgs {
    /// The query; put it in single quotes for the shell
    #[arg(required_unless_present = "all", conflicts_with = "all", allow_hyphen_values = true)]
    pub(crate) query: Option<String>,
    /// Match everything, in place of a query
    #[arg(long)]
    pub(crate) all: bool,
    /// Only in this mailbox; may be repeated
    #[arg(long = "mailbox", value_name = "ADDRESS")]
    pub(crate) mailboxes: Vec<String>,
    /// Only in folders of this path, such as Inbox; may be repeated
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
    /// Most hits to print; without it 50, and all with --json
    #[arg(long)]
    pub(crate) limit: Option<u64>,
    /// Order of the hits, by the time when they were sent
    #[arg(long, value_enum, default_value_t = Sort::Newest)]
    pub(crate) sort: Sort,
    /// Print only the counts
    #[arg(long)]
    pub(crate) count: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Sort {
    Newest,
    Oldest,
}
