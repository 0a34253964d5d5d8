//! What can be typed of dispositions.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use custodia::model::{ItemNo, RetentionPeriod, UtcTime};

#[derive(Subcommand)]
#[command(defer = true)]
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
    /// List what waits for reviewers, or decide over it
    ///
    /// An item whose label has reviewers (`retention label add --review`) waits for them at the end of its period. Every
    /// stage approves in order, one of its reviewers each. Without a decision the waiting items are listed.
    #[command(args_conflicts_with_subcommands = true)]
    Review {
        /// Only what waits for this person
        #[arg(long, value_name = "NAME")]
        reviewer: Option<String>,
        /// Only what carries this label
        #[arg(long, value_name = "LABEL")]
        label: Option<String>,
        /// Only what waited already when this plan was made, and what it would dispose of and waits by now; with a count for
        /// each reviewer
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
        #[command(subcommand)]
        decision: Option<ReviewCommand>,
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

// What reviewers decide. Whoever acts (`--actor`) must be a reviewer of the stage that an item waits at.
#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ReviewCommand {
    /// Let items go, as far as this stage is concerned
    ///
    /// After the last stage they are eligible, and a hold still keeps what it covers.
    Approve {
        #[command(flatten)]
        pick: ReviewPick,
        /// Why
        #[arg(long)]
        comment: String,
    },
    /// Keep items for longer; then they are reviewed anew, from the first stage
    Extend {
        #[command(flatten)]
        pick: ReviewPick,
        /// For so long after the end of the item's periods: 1y, 6m (months), 90d
        #[arg(long, required_unless_present = "until", conflicts_with = "until")]
        period: Option<RetentionPeriod>,
        /// Until this date, such as 2030-01-01
        #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
        until: Option<UtcTime>,
        /// Why
        #[arg(long)]
        comment: String,
    },
    /// Give items another label, which ends this review
    Relabel {
        /// Items by number
        #[arg(required_unless_present = "all_waiting", conflicts_with = "all_waiting", value_name = "ITEM")]
        items: Vec<ItemNo>,
        /// All that wait for whoever acts
        #[arg(long, requires = "yes")]
        all_waiting: bool,
        /// Confirms a decision over more than the items named
        #[arg(long)]
        yes: bool,
        /// The label that they get: its name, id, or the beginning of its id
        #[arg(long)]
        label: String,
        /// Why
        #[arg(long)]
        comment: String,
    },
    /// Let others decide too, at the stage that the items wait at
    AddReviewer {
        #[command(flatten)]
        pick: ReviewPick,
        /// Who, as actors are named; may be repeated
        #[arg(long = "reviewer", required = true, value_name = "NAME")]
        reviewers: Vec<String>,
        /// Why
        #[arg(long)]
        comment: String,
    },
}

// Over which items.
#[derive(Args)]
pub(crate) struct ReviewPick {
    /// Items by number
    #[arg(
        required_unless_present_any = ["label", "all_waiting"], conflicts_with_all = ["label", "all_waiting"],
        value_name = "ITEM"
    )]
    pub(crate) items: Vec<ItemNo>,
    /// All that wait for whoever acts under this label
    #[arg(long, requires = "yes", value_name = "LABEL")]
    pub(crate) label: Option<String>,
    /// All that wait for whoever acts
    #[arg(long, requires = "yes")]
    pub(crate) all_waiting: bool,
    /// Confirms a decision over more than the items named
    #[arg(long)]
    pub(crate) yes: bool,
}
