//! What can be typed after `quarantine`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use custodia::model::MessageNo;

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum QuarantineCommand {
    /// List what waits, with the reason and the ids that were looked for
    List,
    /// Show one message that waits
    Show(QuarantineShowArgs),
    /// Look for mailboxes again, and store what has one now
    ///
    /// Mend the mapping or add mailboxes first. It is a batch of its own: offered is what waited, quarantined what still
    /// does. Exit code 3 says that something still waits.
    ///
    /// What waits goes to everybody whose mailbox is found now, into each folder that it came for. A message waits for as
    /// long as nobody has it: for those who get a mailbox later than others who took part, import it again, which adds
    /// what they lack and nothing else.
    Remap(RemapArgs),
}

#[derive(Args)]
pub(crate) struct QuarantineShowArgs {
    /// The message's number, as `custodia quarantine list` has it
    pub(crate) message: MessageNo,
    /// Write the exact bytes that arrived
    #[arg(long)]
    pub(crate) raw: bool,
    /// Write to this file instead of standard output; it must not exist
    #[arg(long, short, value_name = "FILE", requires = "raw")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct RemapArgs {
    /// Mapping file that is asked before the archive's mapping, this time only
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Where national numbers of the mapping file are read, such as GB or DE
    #[arg(long, value_name = "REGION", requires = "mapping")]
    pub(crate) region: Option<String>,
    /// Only mappings count: do not look for mailboxes by address and number
    #[arg(long)]
    pub(crate) no_auto_mapping: bool,
    /// Only what this batch brought
    #[arg(long, value_name = "N")]
    pub(crate) batch: Option<u64>,
    /// Create mailboxes that are not there: those that the mapping names, and one for each other participant with an
    /// address
    #[arg(long)]
    pub(crate) create_mailboxes: bool,
}
