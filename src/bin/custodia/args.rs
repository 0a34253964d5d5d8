//! What can be typed. The doc comments are the help.

mod case;
mod connector;
mod disposition;
mod export;
mod hold;
mod hold_notice;
mod import;
mod label;
mod mailbox;
mod mapping;
mod quarantine;
#[cfg(feature = "remote")]
mod receive;
mod retention;
mod search;
mod supervise;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use custodia::model::ItemNo;

pub(crate) use case::{ApprovalCommand, CaseCommand, CustodianCommand, Switch};
pub(crate) use connector::{ConnectorAddArgs, ConnectorCommand, ConnectorRunArgs};
pub(crate) use disposition::{DispositionCommand, ReviewCommand, ReviewPick};
pub(crate) use export::{ExportArgs, ExportCommand};
pub(crate) use hold::{HoldChangeArgs, HoldCommand, HoldPlaceArgs, HoldReportArgs, Narrowing};
pub(crate) use hold_notice::{HoldNoticeCommand, NoticeTextArgs, RepeatedLetter};
pub(crate) use import::{ImportArgs, header_name};
pub(crate) use label::{EventCommand, LabelAddArgs, LabelCommand, LabelStartWord};
pub(crate) use mailbox::MailboxCommand;
pub(crate) use mapping::{ApplyMappingArgs, MappingCommand};
pub(crate) use quarantine::{QuarantineCommand, QuarantineShowArgs, RemapArgs};
#[cfg(feature = "remote")]
pub(crate) use receive::ReceiveArgs;
pub(crate) use retention::{
    Action, Ground, PolicyAddArgs, PolicyCommand, PolicySetArgs, RetentionCommand, SimulateArgs, Start,
};
pub(crate) use search::{FirstDay, SearchArgs, SearchCommand, SearchOutputArgs, SearchTextArgs, Sort};
pub(crate) use supervise::{QueueArgs, ReviewArgs, SuperviseCommand, SupervisionPolicyCommand, SupervisionSaid};

/// A self-contained archive for business messages: import, content search, legal holds, retention, evidence.
///
/// First steps: `custodia demo` shows everything on bundled samples. `custodia init archive`, then
/// `custodia mailbox add ann@firm.example` and `custodia import mail/` begin an archive of your own.
///
/// Exit codes: 0 done; 1 failed; 2 usage; 3 partly done, the rest listed; 10 no archive there; 11 in use by another
/// process; 12 format too new or too old; 20 integrity problem found; 21 refused, for the plan is stale (an item is
/// held, kept or gone by now), the clock is in doubt, or the name was not confirmed; 130 interrupted.
#[derive(Parser)]
#[command(name = "custodia", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args, Clone)]
pub(crate) struct Global {
    /// The archive's directory
    #[arg(long, global = true, env = "CUSTODIA_ARCHIVE", default_value = "./archive", value_name = "DIR")]
    pub(crate) archive: PathBuf,
    /// Print JSON for programs: one document, or one line for each result
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print no status and no progress
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// Who acts; the operating system's user unless said
    #[arg(long, global = true, env = "CUSTODIA_ACTOR", value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// Why, for the audit log
    #[arg(
        long,
        global = true,
        env = "CUSTODIA_PURPOSE",
        default_value = "",
        value_name = "TEXT",
        hide_default_value = true
    )]
    pub(crate) purpose: String,
    /// Wait at most so many seconds while another process uses the archive; 5 unless said, and 0 does not wait
    #[arg(long, global = true, default_value_t = 5, value_name = "SECONDS", hide_default_value = true)]
    pub(crate) wait: u64,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Create an archive
    Init(InitArgs),
    /// See everything once, on bundled samples: a guided first run
    Demo(DemoArgs),
    /// Take in files or folders
    ///
    /// Folders are read with all that is in them. Each file is recognised by its content: mail (.eml), mbox (mboxo,
    /// mboxrd, mboxcl, mboxcl2), Maildir, or converted messages as JSON lines (schemas/message.schema.json).
    ///
    /// With --mailbox everything goes there. Otherwise each participant who has a mailbox gets one item. It is looked
    /// for in the file of --mapping, then in the archive's own mapping (`custodia mapping`), then by the addresses,
    /// aliases and numbers of mailboxes. What belongs to nobody is kept in quarantine: see `custodia quarantine`.
    /// Nothing is stored twice, however often a file is imported.
    ///
    /// Exit code 3 says that something was rejected, as listed. What is in quarantine is kept, and is said too.
    Import(ImportArgs),
    /// Sources that are fetched from again and again: folders, SFTP, IMAP, S3-compatible storage, HTTPS directories
    ///
    /// `custodia connector add` describes a source once; `custodia connector run --all`, called once a day by cron or a
    /// systemd timer, fetches what is new in all of them since they were read last, however long ago that is. A delivery
    /// counts as fetched when all of its messages are on disk, and is known again when it is renamed.
    #[command(subcommand)]
    Connector(ConnectorCommand),
    /// Take in mail by SMTP as it is sent: journaled mail, or blind copies
    ///
    /// A mail is acknowledged when it is on disk, never before, and kept exactly as it was sent. It goes to the mailboxes
    /// of its participants and of the addresses that it was sent to; what belongs to nobody is kept in quarantine. Runs
    /// until it is interrupted; other commands work meanwhile.
    ///
    /// Only programs on this machine may send, unless --allow or --users says who else.
    #[cfg(feature = "remote")]
    Receive(ReceiveArgs),
    /// Search the content of messages
    ///
    /// Words and "phrases" look everywhere: subject, text, attached text files, people, names of attachments. AND, OR
    /// and NOT (in capitals) and parentheses combine them. prof* finds words that begin so; "set up" NEAR(5) call finds
    /// both within five words.
    ///
    /// Restrictions: subject:, body:, from:, to:, cc:, bcc:, recipients:, participants:, attachmentnames:, kind:,
    /// platform:, event:, conversation:, id:, hash:, hasattachment:true, filetype:pdf, size>1MB, sent>=2024-01-01,
    /// received:2024-01-01..2024-03-31. Dates are in UTC.
    ///
    /// Hits stand with the number of the item, which `custodia show`, `custodia explain` and others take.
    ///
    /// A query is one argument. The words save, list, run, show, freeze and diff are commands: to search for such a word
    /// alone, write it in double quotes too: '"list"'.
    Search(SearchArgs),
    /// Show one item: who, when, where, and its text
    Show(ShowArgs),
    /// Say why an item is kept, by what, and until when
    Explain {
        /// The item's number
        item: ItemNo,
    },
    /// People and shared addresses
    #[command(subcommand)]
    Mailbox(MailboxCommand),
    /// Whose mailbox a phone number, user id or display name stands for
    ///
    /// A mapping file is CSV with two columns, as spreadsheets write it (commas, semicolons or tabs):
    ///
    ///     External User ID,Microsoft 365 User Mailbox
    ///     +44 20 7946 0958,susan@firm.example
    ///     wxid_k3x9,jeff@firm.example
    ///     Mum,
    ///
    /// The id is a mobile number, a WeCom user id, a WeChat id, or the display name of a chat export.
    /// A blank mailbox says that messages are not to be archived for this person. A file with a row
    /// that cannot be used is refused as a whole: `custodia mapping check` names every such row.
    ///
    /// A change applies to what comes, and to the quarantine with `custodia quarantine remap`.
    /// Nothing that is stored moves; `custodia mapping apply` gives it to who is mapped now.
    #[command(subcommand, verbatim_doc_comment)]
    Mapping(MappingCommand),
    /// Messages kept aside because no mailbox was found for them
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Imports and their ledgers: what was stored, and what was not and why
    #[command(subcommand)]
    Batch(BatchCommand),
    /// Orders to preserve
    ///
    /// Nothing that a hold covers is disposed of, whatever retention policies say.
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Legal cases, with custodians and holds
    #[command(subcommand)]
    Case(CaseCommand),
    /// People in scope of legal cases
    #[command(subcommand)]
    Custodian(CustodianCommand),
    /// A second person's consent, where dual control asks for it
    #[command(subcommand)]
    Approval(ApprovalCommand),
    /// What is kept for how long, and what is deleted
    ///
    /// Policies delete nothing themselves: they say what `custodia disposition` may delete, and what it must keep. What
    /// no policy deletes stays for ever.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Final deletion: planned, then executed
    ///
    /// Only items that a retention policy deletes, and that no hold, retention or minimum residence keeps, are disposed
    /// of. A message is destroyed with its last item.
    #[command(subcommand)]
    Disposition(DispositionCommand),
    /// Hand over what a search finds, with digests of all files and a proof
    ///
    /// A new directory is made. It has the items in one of these formats, in a folder for each mailbox and folder:
    ///
    ///     eml    a file for each item with the exact bytes that arrived
    ///     mbox   a file for each folder (mboxrd: lines that begin with From are quoted)
    ///     rsmf   a file for each conversation and day (Relativity Short Message Format 2.0), as review platforms take chats;
    ///            mails as in eml
    ///     dat    a load file with natives and texts (Concordance DAT), a row for each item and attachment
    ///     jsonl  items.jsonl, an object for each item with its text (schemas/export-item.schema.json)
    ///     csv    the table alone
    ///
    /// Beside them are `items.csv`, a table with a row for each item; `manifest.sha256`, the digests of all files, which
    /// `sha256sum -c` reads; `export.json`, which says what was exported, when, by whom, and how it was found; and
    /// `audit-proof.json`, which proves that the audit log says so. `custodia export verify DIR` checks all of it without
    /// the archive. What is interrupted leaves nothing under the directory's name.
    ///
    /// A query is one argument. The word verify is a command: to export what that finds, write '"verify"'.
    #[command(verbatim_doc_comment)]
    Export(ExportArgs),
    /// Communication compliance: look through messages for risks, and review what is found
    ///
    /// A policy says whose messages are looked through, in which direction, for what, and who reviews. `supervise run` finds; a
    /// random sample of that, or all, waits in `supervise queue`; reviewers look (`supervise show`), and `supervise resolve`
    /// says what it was. Every step is kept with reviewer, time and comment, and `supervise report --csv` writes it out.
    #[command(subcommand)]
    Supervise(SuperviseCommand),
    /// Read everything and check it against checksums, digests, references, ledgers and the audit tree
    Verify,
    /// Counts and sizes
    Stats {
        /// Show where each byte goes instead: every table of the store and every field of the index
        #[arg(long)]
        layout: bool,
    },
    /// The record of every act: who did what, when and why
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The search index, which can always be made anew
    #[command(subcommand)]
    Index(IndexCommand),
    /// Read one attachment from standard input; for use by the program itself
    #[command(hide = true)]
    ReadAttachment,
}

#[derive(Args)]
pub(crate) struct InitArgs {
    /// Where; overrides --archive
    pub(crate) directory: Option<PathBuf>,
    /// Its name, which is typed to confirm a disposition; the directory's unless said
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Days after capture in which no item may be disposed of, whatever date its sender claims; cannot be changed later
    #[arg(long, default_value_t = 30, value_name = "DAYS")]
    pub(crate) min_residence: u32,
    /// Time zone of local times in chat exports, such as Europe/Berlin; the machine's unless said
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// What frees or destroys something needs the consent of a second person; see `custodia approval`
    #[arg(long)]
    pub(crate) dual_control: bool,
}

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Where to put the samples and the demo archive; must not exist
    #[arg(default_value = "custodia-demo")]
    pub(crate) directory: PathBuf,
}

#[derive(Args)]
pub(crate) struct ShowArgs {
    /// The item's number
    pub(crate) item: ItemNo,
    /// Show the conversation around it too: up to so many messages before and as many after it, in the same mailbox
    ///
    /// Of a chat, its messages; of a mail, those that refer to one another.
    #[arg(long, value_name = "N", conflicts_with_all = ["raw", "headers", "attachment", "output"])]
    pub(crate) context: Option<usize>,
    /// Write the exact bytes that arrived
    #[arg(long, conflicts_with_all = ["headers", "attachment"])]
    pub(crate) raw: bool,
    /// Write the header section only
    #[arg(long, conflicts_with = "attachment")]
    pub(crate) headers: bool,
    /// Write the content of this attachment, numbered from 1
    #[arg(long, value_name = "N")]
    pub(crate) attachment: Option<usize>,
    /// Write to this file instead of standard output; it must not exist
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum BatchCommand {
    /// List all imports with their ledgers
    List,
    /// Show one, with what it could not take
    Show {
        /// Its number
        batch: u64,
    },
}

// A checkpoint that was kept elsewhere.
#[derive(Args)]
pub(crate) struct AgainstArgs {
    /// A file with a checkpoint of the archive
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Refuse the checkpoint unless it is signed; this is the key that `audit new-key` printed
    #[arg(long, value_name = "NAME+ID+KEY", requires = "against")]
    pub(crate) key: Option<String>,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum AuditCommand {
    /// Say that the clock is right, after it moved by more than 7 days since the newest entry
    ///
    /// Until then nothing is planned or disposed of: a clock set ahead would end retention early.
    ConfirmClock {
        /// How you know
        #[arg(long)]
        reason: String,
    },
    /// Say that the clock is right now, and was ahead when the newest entries were recorded
    ///
    /// For when commands ran under a clock that was more than 7 days ahead, and dispositions are refused because the log
    /// is ahead of the clock. Holds, releases, and runs of connectors that were dated then count as of now, and approvals
    /// given then are void. Not possible where the log shows no such jump: then it is the clock of today that is wrong.
    CorrectClock {
        /// How you know
        #[arg(long)]
        reason: String,
    },
    /// Print what the log is now, to be kept where nobody who can write to the archive can
    ///
    /// Three lines: the archive, the number of entries, and the root of the tree over them in base64, as C2SP tlog-checkpoint has
    /// them. `audit verify --against` compares a later state with it.
    Checkpoint {
        /// Sign it with the key in this file, which `audit new-key` made; may be repeated, as for a new key beside the old one
        #[arg(long = "sign-with", value_name = "FILE")]
        sign_with: Vec<PathBuf>,
        /// Write it to this file instead; it must not exist
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a key that signs checkpoints, and print the key that its signatures are checked with
    ///
    /// Keep the file where nobody who can write to the archive can; give the printed key to whoever checks.
    NewKey {
        /// Whose key it is, such as firm.example/custodia; no blanks
        name: String,
        /// Write the key to this file, which only you can read; it must not exist
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Compute the log's tree again, and check that the log only grew since a checkpoint
    ///
    /// Exit code 20 says that it did not: entries were changed or removed, or the archive is an older copy.
    Verify(AgainstArgs),
    /// Prove to people without the archive that an entry is in the log, or check such a proof
    ///
    /// For somebody who has a checkpoint, make it and check it with --against: it says then that the entry is in the log of that
    /// checkpoint, or in one that goes on from it. Exit code 20 says that a proof does not hold.
    Prove {
        /// The entry's number, as `audit log` lists it
        #[arg(required_unless_present = "verify", conflicts_with = "verify", requires = "output")]
        entry: Option<u64>,
        /// The proof's file; it must not exist
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Check the proof in this file, and print the entry; needs no archive
        #[arg(long, value_name = "FILE")]
        verify: Option<PathBuf>,
        #[command(flatten)]
        against: AgainstArgs,
    },
    /// List the entries
    Log {
        /// From the entry with this number on; the first has 0
        #[arg(long, default_value_t = 0)]
        from: u64,
    },
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum IndexCommand {
    /// Say how many messages the index has, and whether it is current
    Status,
    /// Delete it and make it anew from the store
    Rebuild,
}
