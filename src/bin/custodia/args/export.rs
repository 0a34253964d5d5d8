//! What can be typed after `export`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use custodia::exporter::ExportFormat;

use super::{AgainstArgs, SearchTextArgs};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, disable_help_subcommand = true)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ExportCommand>,
    #[command(flatten)]
    pub(crate) search: SearchTextArgs,
    /// Export this frozen result instead of searching: NAME@N, or NAME for its newest
    #[arg(long, value_name = "NAME", conflicts_with_all = ["query", "all", "mailboxes", "folders", "case", "on_hold", "dedupe",
        "partially_indexed", "with_partially_indexed"])]
    pub(crate) result: Option<String>,
    /// Only in the mailboxes of this case's custodians
    #[arg(long, value_name = "CASE", conflicts_with = "mailboxes")]
    pub(crate) case: Option<String>,
    /// Only items that a hold keeps, or the 30 days after one
    #[arg(long)]
    pub(crate) on_hold: bool,
    /// One item for all of the same content; the table names it at each of the others
    #[arg(long)]
    pub(crate) dedupe: bool,
    /// Only messages of which not all can be searched
    #[arg(long)]
    pub(crate) partially_indexed: bool,
    /// What the query finds, and all items in scope of which not all can be searched
    #[arg(long, conflicts_with = "partially_indexed")]
    pub(crate) with_partially_indexed: bool,
    /// The directory to make; it must not exist
    #[arg(long, short, value_name = "DIR", required = true)]
    pub(crate) output: Option<PathBuf>,
    /// How items are written: eml, mbox, rsmf, dat, jsonl, or csv for the table alone
    #[arg(long, value_name = "FORMAT", default_value = "eml")]
    pub(crate) format: ExportFormat,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ExportCommand {
    /// Check an export that was received; needs no archive
    ///
    /// Every file is read and compared with the list of files, the list with `export.json`, and that with the entry of the
    /// audit log whose proof is beside it; with a checkpoint, the proof has to lead to that. Exit code 3
    /// says that all is well, but that nothing is proved of the checkpoint. Exit code 20 says that something was changed, is missing, or was added.
    Verify {
        /// The directory of the export
        directory: PathBuf,
        /// A later proof of the export's audit entry, made with `audit prove`; the one that came with it unless said
        #[arg(long, value_name = "FILE")]
        proof: Option<PathBuf>,
        #[command(flatten)]
        against: AgainstArgs,
    },
}
