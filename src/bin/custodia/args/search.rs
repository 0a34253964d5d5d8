//! What can be typed after `search`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use custodia::model::ItemNo;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct SearchArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SearchCommand>,
    #[command(flatten)]
    pub(crate) search: SearchTextArgs,
    /// Say how the query is read: each part with what it matches, dates, people and prefixes resolved. Prints no hit
    #[arg(long, conflicts_with_all = ["limit", "after", "dedupe", "count", "stats", "csv", "report"])]
    pub(crate) explain: bool,
    /// Search for each row of this file, and print what each finds, and what only it finds
    ///
    /// A row is a query of its own; with a query, it is counted within what that finds. Of a .csv file the first column
    /// is read. Rows that cannot be read are named and left out, and the exit code is 3.
    #[arg(long, value_name = "FILE", conflicts_with = "partially_indexed")]
    pub(crate) keywords: Option<PathBuf>,
    /// Only in the mailboxes of this case's custodians
    #[arg(long, value_name = "CASE", conflicts_with = "mailboxes")]
    pub(crate) case: Option<String>,
    /// Only items that a hold keeps, or the 30 days after one
    #[arg(long)]
    pub(crate) on_hold: bool,
    #[command(flatten)]
    pub(crate) output: SearchOutputArgs,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum SearchCommand {
    /// Keep a search under a name
    Save {
        /// Its name
        name: String,
        #[command(flatten)]
        search: SearchTextArgs,
        /// Let the name stand for this search from now on, if it stands for another one
        #[arg(long)]
        replace: bool,
    },
    /// List the saved searches and their frozen results
    List,
    /// Search again for what was saved
    Run {
        /// Its name
        name: String,
        #[command(flatten)]
        output: SearchOutputArgs,
    },
    /// Show a saved search, or check a frozen result: NAME or NAME@N
    ///
    /// Of a frozen result, the digest is computed again from its items and the digests of their messages, disposed ones
    /// included. Exit code 20 says that it is not what was frozen.
    Show {
        /// Name of a saved search, or of one of its results: NAME@N
        name: String,
    },
    /// Keep what a saved search finds now, as evidence
    ///
    /// Kept are the query, how it was read, scope, time, state of the index, counts, the numbers of
    /// the items, and a digest. With a query the search is saved under the name first. Results are
    /// numbered: NAME@1, NAME@2. The digest is the SHA-256 of a line for each item, sorted by number,
    /// made of the number, a tabulator and the digest of the message. Anybody can compute it:
    ///
    ///     custodia search run NAME --json |
    ///       jq -r 'select(.type=="hit") | "\(.item)\t\(.digest)"' | sort -n | sha256sum
    #[command(verbatim_doc_comment)]
    Freeze {
        /// Name of the saved search
        name: String,
        #[command(flatten)]
        search: SearchTextArgs,
    },
    /// Remove a saved search that has no frozen results
    ///
    /// Frozen results are evidence, and stay with the search that they were made of.
    Remove {
        /// Its name
        name: String,
    },
    /// Say which items one frozen result has and another one, or the archive now, has not
    Diff {
        /// The earlier result: NAME@N, or NAME for the newest
        from: String,
        /// The later result; what the same search finds now unless said
        to: Option<String>,
    },
}

// How the query is read.
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

// What is searched for, and where.
#[derive(Args)]
pub(crate) struct SearchTextArgs {
    /// The query; put it in single quotes for the shell
    #[arg(conflicts_with = "all", allow_hyphen_values = true)]
    pub(crate) query: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Match everything, in place of a query
    #[arg(long)]
    pub(crate) all: bool,
    /// Only in this mailbox; may be repeated
    #[arg(long = "mailbox", value_name = "ADDRESS")]
    pub(crate) mailboxes: Vec<String>,
    /// Only in folders of this path, such as Inbox; may be repeated
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
}

// What is shown of what was found.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// Only messages of which not all can be searched, with the reasons; without a query, all of them
    #[arg(long, conflicts_with = "report")]
    pub(crate) partially_indexed: bool,
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
