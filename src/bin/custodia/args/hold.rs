//! What can be typed of holds.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use custodia::model::{RetentionPeriod, UtcTime};

use super::hold_notice::HoldNoticeCommand;

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum HoldCommand {
    /// Place a hold on mailboxes, or on what a query or a range of dates finds in them, now and later
    ///
    /// Without --case it is a litigation hold on whole mailboxes, and may have a --duration. With --case
    /// it belongs to a case, and ends with it. What can be searched only in part is held whatever the
    /// query says, and so is what has just arrived until it is searched. An edited or deleted chat message
    /// is held with its versions.
    ///
    ///     custodia hold place "Smith v. Firm" --mailbox ann@firm.example --reason "letter of 3 May"
    ///     custodia hold place merger --case Initech --custodians --query 'merger OR takeover' \
    ///         --reason "..."
    #[command(verbatim_doc_comment)]
    Place(Box<HoldPlaceArgs>),
    /// Turn a draft on
    On {
        /// Its name, id, or the beginning of its id
        hold: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List all holds, released ones included
    List,
    /// Show one with what it covers now
    Show {
        /// Its name, id, or the beginning of its id
        hold: String,
    },
    /// Change what one covers; what it covered before stays held for 30 days more
    Change(Box<HoldChangeArgs>),
    /// Release one; what it covered stays held for 30 days more
    Release {
        /// Its name, id, or the beginning of its id
        hold: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Report on all holds: what each keeps now, item by item, durations counted
    Report(HoldReportArgs),
    /// Write a certificate of what one covers now, or check one
    ///
    /// It says the scope, the counts and a digest of the list of items, and proves that the audit log says so. Checking
    /// needs no archive: compare the root that is printed with a checkpoint of the log that was kept elsewhere.
    Certificate {
        /// Its name, id, or the beginning of its id
        #[arg(required_unless_present = "verify", conflicts_with = "verify", requires = "output")]
        hold: Option<String>,
        /// The certificate's file; it must not exist
        #[arg(long, short, visible_alias = "out", value_name = "FILE")]
        output: Option<PathBuf>,
        /// Check the certificate in this file
        #[arg(long, value_name = "FILE")]
        verify: Option<PathBuf>,
    },
    /// Tell custodians in writing to preserve, and keep record of who acknowledged
    #[command(subcommand)]
    Notice(HoldNoticeCommand),
    /// End the 30 days after a release or a change at once: for the legal team
    EndDelay {
        /// Its name, id, or the beginning of its id
        hold: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args)]
pub(crate) struct HoldReportArgs {
    /// Write the report to this CSV file; it must not exist
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// Write the report as a page to this HTML file; it must not exist
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct HoldPlaceArgs {
    /// Its name
    pub(crate) name: String,
    /// The case that it belongs to: name, id, or the beginning of its id
    #[arg(long)]
    pub(crate) case: Option<String>,
    /// The custodians of the case, later ones included
    #[arg(long, requires = "case")]
    pub(crate) custodians: bool,
    /// Mailbox that it covers; may be repeated
    #[arg(long = "mailbox", value_name = "ADDRESS", required_unless_present_any = ["all_mailboxes", "custodians"])]
    pub(crate) mailboxes: Vec<String>,
    /// All mailboxes, later ones included
    #[arg(long, conflicts_with_all = ["mailboxes", "custodians"])]
    pub(crate) all_mailboxes: bool,
    /// Only folders of this path, such as Inbox; may be repeated; subfolders are not included
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
    /// Only what this query finds, and what cannot be fully searched
    #[arg(long)]
    pub(crate) query: Option<String>,
    /// Only what was received, else sent, from this date on, such as 2024-01-01; messages without date are held too
    #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
    pub(crate) from: Option<UtcTime>,
    /// Only what was received, else sent, up to the end of this date
    #[arg(long, value_parser = day_end, value_name = "DATE")]
    pub(crate) to: Option<UtcTime>,
    /// Hold each item for so long after its own date (7y, 18m, 90d), not after the date of the hold; until the release
    /// unless said
    #[arg(long, value_name = "PERIOD", conflicts_with = "case")]
    pub(crate) duration: Option<RetentionPeriod>,
    /// Date of the hold as stated elsewhere: information only, it holds from now on
    #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
    pub(crate) date: Option<UtcTime>,
    /// Who answers for it; whoever places it unless said
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) owner: String,
    /// For the people concerned
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) comment: String,
    /// Where the people concerned can read more
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) url: String,
    /// Write it down only; `custodia hold on` makes it hold
    #[arg(long)]
    pub(crate) draft: bool,
    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Args)]
pub(crate) struct HoldChangeArgs {
    /// Its name, id, or the beginning of its id
    pub(crate) hold: String,
    /// Cover this mailbox too; may be repeated
    #[arg(long = "add-mailbox", value_name = "ADDRESS")]
    pub(crate) add_mailboxes: Vec<String>,
    /// Cover this mailbox no longer; may be repeated
    #[arg(long = "remove-mailbox", value_name = "ADDRESS")]
    pub(crate) remove_mailboxes: Vec<String>,
    /// Cover all mailboxes, later ones included
    #[arg(long)]
    pub(crate) all_mailboxes: bool,
    /// Cover only folders of this path; may be repeated
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
    /// Cover only what this query finds
    #[arg(long)]
    pub(crate) query: Option<String>,
    /// Cover only what was received, else sent, from this date on
    #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
    pub(crate) from: Option<UtcTime>,
    /// Cover only what was received, else sent, up to the end of this date
    #[arg(long, value_parser = day_end, value_name = "DATE")]
    pub(crate) to: Option<UtcTime>,
    /// Be narrowed by this no longer; may be repeated
    #[arg(long, value_enum)]
    pub(crate) lift: Vec<Narrowing>,
    /// Who answers for it
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// For the people concerned
    #[arg(long)]
    pub(crate) comment: Option<String>,
    /// Where the people concerned can read more
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

/// What narrows a hold.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Narrowing {
    /// Cover all folders
    Folders,
    /// Cover everything, whatever the query finds
    Query,
    /// Cover all dates
    Dates,
}

/// The first instant after a date, or after the second of a time.
fn day_end(text: &str) -> Result<UtcTime, String> {
    let start = UtcTime::parse(text)?;
    let millis = if text.contains('T') { 1_000 } else { 24 * 3600 * 1_000 };
    Ok(UtcTime(start.0.saturating_add(millis)))
}
