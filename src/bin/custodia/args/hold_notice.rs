//! What can be typed of hold notices.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum HoldNoticeCommand {
    /// Write down a notice for custodians of a case; `issue` writes its letters
    ///
    /// Letters are text files in UTF-8: a line `Subject: ...`, an empty line, and the text. The portal text says what is to be preserved
    /// and what to do; every letter but a release ends with it. In all of them `{{custodian}}`, `{{address}}`, `{{case}}`, `{{officer}}`,
    /// `{{officer_address}}` and `{{date}}` are filled in.
    ///
    ///     custodia hold notice create smith --case "Smith v. Firm" --officer "Lena Law <lena@firm.example>" \
    ///         --portal portal.txt --issuance issuance.txt --reissuance reissuance.txt --release release.txt \
    ///         --reminder reminder.txt --reminder-days 7 --reminders 3
    #[command(verbatim_doc_comment)]
    Create {
        /// Its name
        name: String,
        /// The case: name, id, or the beginning of its id
        #[arg(long)]
        case: String,
        /// A custodian whom it is for; may be repeated; all of the case whom no other notice is for unless said
        #[arg(long = "custodian", value_name = "ADDRESS")]
        custodians: Vec<String>,
        #[command(flatten)]
        said: NoticeTextArgs,
    },
    /// Change what one says; with another portal text everybody is to be told again, and acknowledgements no longer count
    Change {
        /// Its name, id, or the beginning of its id
        notice: String,
        /// Letters that go out no longer; may be repeated
        #[arg(long, value_enum, value_name = "LETTER")]
        without: Vec<RepeatedLetter>,
        #[command(flatten)]
        said: NoticeTextArgs,
    },
    /// Have one be for more custodians of its case
    Add {
        /// Its name, id, or the beginning of its id
        notice: String,
        /// Their mailboxes
        #[arg(required = true, value_name = "ADDRESS")]
        addresses: Vec<String>,
    },
    /// List all notices, and how many custodians have acknowledged, or are due a letter
    List {
        /// Only those of a case: name, id, or the beginning of its id
        #[arg(long)]
        case: Option<String>,
    },
    /// Show one: who is told, where each stands, what is next, and what happened
    Show {
        /// Its name, id, or the beginning of its id
        notice: String,
        /// Show a letter as it was written instead
        #[arg(long, value_name = "NUMBER")]
        letter: Option<u64>,
    },
    /// Write the letters that are due as mails into a new directory, and record that they go out
    ///
    /// Issuances, what a new portal text asks to tell again, reminders and escalations whose time has come, and releases of those who
    /// are no longer custodians, or whose case is closed. Escalations have a copy for the manager, whose address is the attribute
    /// `manager` of the mailbox (`custodia mailbox set ADDRESS --attr manager=...`). Sending them is up to your mail system, such as
    /// `for letter in letters/*.eml; do sendmail -t < "$letter"; done`. Call it once a day.
    Issue {
        /// Its name, id, or the beginning of its id
        #[arg(required_unless_present = "all")]
        notice: Option<String>,
        /// Those of all notices
        #[arg(long, conflicts_with = "notice")]
        all: bool,
        /// The directory that is made for the letters; it must not exist
        #[arg(long, short, value_name = "DIR")]
        output: PathBuf,
        /// Which way they go, for the record
        #[arg(long, default_value = "mail")]
        channel: String,
    },
    /// Record that a custodian has acknowledged the last letter
    Acknowledge {
        /// Its name, id, or the beginning of its id
        notice: String,
        /// The custodian's mailbox
        address: String,
        /// Which way it came, for the record
        #[arg(long, default_value = "mail")]
        channel: String,
        /// How it is known
        #[arg(long, default_value = "", hide_default_value = true)]
        comment: String,
    },
}

/// A letter that a notice can do without.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RepeatedLetter {
    Reminder,
    Escalation,
}

#[derive(Args)]
pub(crate) struct NoticeTextArgs {
    /// The officer in whose name it is issued, such as "Lena Law <lena@firm.example>"
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) officer: Option<String>,
    /// File with the portal text
    #[arg(long, value_name = "FILE")]
    pub(crate) portal: Option<PathBuf>,
    /// File with the letter that tells to preserve
    #[arg(long, value_name = "FILE")]
    pub(crate) issuance: Option<PathBuf>,
    /// File with the letter that tells it again when the portal text has changed
    #[arg(long, value_name = "FILE")]
    pub(crate) reissuance: Option<PathBuf>,
    /// File with the letter that says that it is over
    #[arg(long, value_name = "FILE")]
    pub(crate) release: Option<PathBuf>,
    /// File with the letter to those who have not acknowledged
    #[arg(long, value_name = "FILE")]
    pub(crate) reminder: Option<PathBuf>,
    /// How many reminders there are at most
    #[arg(long, value_name = "TIMES", requires = "reminder_days")]
    pub(crate) reminders: Option<u32>,
    /// Days from the letter before
    #[arg(long, value_name = "DAYS", requires = "reminders")]
    pub(crate) reminder_days: Option<u32>,
    /// File with the letter to those who have not acknowledged after the last reminder, and their managers
    #[arg(long, value_name = "FILE")]
    pub(crate) escalation: Option<PathBuf>,
    /// How many escalations there are at most
    #[arg(long, value_name = "TIMES", requires = "escalation_days")]
    pub(crate) escalations: Option<u32>,
    /// Days from the letter before
    #[arg(long, value_name = "DAYS", requires = "escalations")]
    pub(crate) escalation_days: Option<u32>,
}
