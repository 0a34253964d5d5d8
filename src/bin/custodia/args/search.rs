//! What can be typed after `search`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use custodia::model::ItemNo;

#[derive(Args)]
pub(crate) struct SearchArgs {
    /// The query; put it in single quotes for the shell
    #[arg(required_unless_present_any = ["all", "keywords"], conflicts_with = "all", allow_hyphen_values = true)]
    pub(crate) query: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Say how the query is read: each part with what it matches, dates, people and prefixes resolved. Prints no hit
    #[arg(long, conflicts_with_all = ["limit", "after", "dedupe", "count", "stats", "csv", "report"])]
    pub(crate) explain: bool,
    /// Match everything, in place of a query
    #[arg(long)]
    pub(crate) all: bool,
    /// Search for each row of this file, and print what each finds, and what only it finds
    ///
    /// A row is a query of its own; with a query, it is counted within what that finds. Of a .csv file the first column
    /// is read. Rows that cannot be read are named and left out, and the exit code is 3.
    #[arg(long, value_name = "FILE")]
    pub(crate) keywords: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) scope: SearchScopeArgs,
    #[command(flatten)]
    pub(crate) output: SearchOutputArgs,
}

/// How the query is read.
#[derive(Args)]
pub(crate) struct ReadingArgs {
    /// Read a doubtful query as KeyQL documents it, with a warning, instead of refusing it
    #[arg(long)]
    pub(crate) lenient: bool,
    /// Search for people only under the name in the query, not under all addresses, aliases, numbers and names that
    /// their mailbox has
    #[arg(long)]
    pub(crate) no_expand: bool,
    /// Day on which "this week" begins
    #[arg(long, value_enum, default_value_t = FirstDay::Monday, value_name = "DAY")]
    pub(crate) week_start: FirstDay,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FirstDay {
    Monday,
    Sunday,
}

/// Where is searched.
#[derive(Args)]
pub(crate) struct SearchScopeArgs {
    /// Only in this mailbox; may be repeated
    #[arg(long = "mailbox", value_name = "ADDRESS")]
    pub(crate) mailboxes: Vec<String>,
    /// Only in folders of this path, such as Inbox; may be repeated
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
}

/// What is shown of what was found.
#[derive(Args)]
pub(crate) struct SearchOutputArgs {
    /// Most hits to print; without it 50, and all with --json
    #[arg(long)]
    pub(crate) limit: Option<u64>,
    /// Only hits behind this item, the last of the page before: what arrives meanwhile moves no other hit
    #[arg(long, value_name = "ITEM")]
    pub(crate) after: Option<ItemNo>,
    /// Order of the hits
    #[arg(long, value_enum, default_value_t = Sort::Newest)]
    pub(crate) sort: Sort,
    /// One hit for all copies of a message, whatever way they took, with every item of it
    #[arg(long)]
    pub(crate) dedupe: bool,
    /// Print only the counts
    #[arg(long)]
    pub(crate) count: bool,
    /// Print counts by mailbox, folder, platform, month and sender in place of hits
    #[arg(long, conflicts_with_all = ["count", "after"])]
    pub(crate) stats: bool,
    /// Most rows of each table of --stats; what is left out is said. With --json and --csv all are there unless said
    #[arg(long, value_name = "N", requires = "stats")]
    pub(crate) top: Option<usize>,
    /// Write the hits, or the counts of --keywords or --stats, to this CSV file too; it must not exist
    ///
    /// Cells that a spreadsheet would take for a formula begin with an apostrophe.
    #[arg(long, value_name = "FILE", conflicts_with = "count")]
    pub(crate) csv: Option<PathBuf>,
    /// Write a report to this HTML file, which opens in any browser without a network; it must not exist
    ///
    /// It has the query as it was read, the counts, charts over time and by person, and the first 200 hits unless --limit
    /// says how many.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["count", "stats", "csv"])]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Sort {
    /// By the time when they were sent, newest first
    Newest,
    /// By the time when they were sent, oldest first
    Oldest,
    /// More of the query's words, in more places, and rarer ones come first
    Relevance,
    /// By the author's number, address or name
    Sender,
    /// Largest first
    Size,
}
