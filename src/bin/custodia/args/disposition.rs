//! What can be typed of dispositions.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum DispositionCommand {
    /// Write what may be disposed of now to a file to be reviewed; deletes nothing
    Plan {
        /// The plan's file; it must not exist
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
        /// Say how you know that the clock is right, after it moved by more than 7 days since the newest audit entry
        #[arg(long, value_name = "REASON")]
        accept_clock: Option<String>,
    },
    /// Carry out a plan: all of it, or nothing; it cannot be undone
    ///
    /// Every item is judged again: a plan of which one item is held, kept or gone by now is refused (exit code 21).
    /// Where dual control is on, a second person says `custodia approval give disposition.execute DIGEST` before.
    Execute {
        /// The plan's file
        plan: PathBuf,
        /// Do not ask for the archive's name
        #[arg(long)]
        yes: bool,
        /// Say how you know that the clock is right, after it moved by more than 7 days since the newest audit entry
        #[arg(long, value_name = "REASON")]
        accept_clock: Option<String>,
    },
    /// List what was disposed of
    List,
    /// Write the certificate of an execution, or check one
    ///
    /// It lists what was disposed of, and proves that the audit log says so. Checking needs no archive: compare the
    /// root that is printed with a checkpoint of the log that was kept elsewhere.
    Certificate {
        /// Digest of the plan that was executed, or the beginning of it
        #[arg(required_unless_present = "verify", conflicts_with = "verify", requires = "output")]
        plan: Option<String>,
        /// The certificate's file; it must not exist
        #[arg(long, short, visible_alias = "out", value_name = "FILE")]
        output: Option<PathBuf>,
        /// Check the certificate in this file
        #[arg(long, value_name = "FILE")]
        verify: Option<PathBuf>,
    },
}
