//! What can be typed after `mapping`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum MappingCommand {
    /// Name every doubtful row of a file; changes nothing
    ///
    /// Exit code 3 says that there are errors (the file cannot be used) or warnings.
    Check {
        /// The mapping file
        file: PathBuf,
        /// Where national numbers are read, such as GB or DE; international ones only unless said
        #[arg(long, value_name = "REGION")]
        region: Option<String>,
    },
    /// Make a file the archive's mapping, for all imports to come
    Import {
        /// The mapping file
        file: PathBuf,
        /// Where national numbers are read, such as GB or DE; international ones only unless said
        #[arg(long, value_name = "REGION")]
        region: Option<String>,
        /// Remove ids that are not in the file; without it, its ids are added or changed
        #[arg(long)]
        replace: bool,
    },
    /// Give stored messages to those whom today's mapping finds and who lack them
    ///
    /// A change of mapping by itself moves nothing that is stored. Where others have a message already, this adds an
    /// item to the mailbox of each who took part and is mapped now: in the folder that the others have it in, captured
    /// now, retained from when the message was sent or received. Nothing is moved or removed, and running it again adds
    /// nothing. What was disposed of in a mailbox does not come back to it.
    ///
    /// Left out, and counted: chat exports of WhatsApp, as only the export says who else took part (import it again
    /// instead); ordinary mail, which belongs to the mailbox it was taken from; and the quarantine
    /// (`custodia quarantine remap`). What was imported for one mailbox alone is not told from the rest: look at
    /// --dry-run first.
    Apply(ApplyMappingArgs),
    /// List the archive's mapping
    List,
}

#[derive(Args)]
pub(crate) struct ApplyMappingArgs {
    /// Give only to this mailbox, by address or number; may be repeated
    #[arg(long, value_name = "MAILBOX")]
    pub(crate) mailbox: Vec<String>,
    /// Ask only the mapping, not addresses and numbers of mailboxes
    #[arg(long)]
    pub(crate) no_auto_mapping: bool,
    /// Say what it would add, and add nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
