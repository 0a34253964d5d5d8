//! What can be typed after `mapping`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand)]
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
    /// List the archive's mapping
    List,
}
