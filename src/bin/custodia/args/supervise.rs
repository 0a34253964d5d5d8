//! `supervise`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use custodia::model::{Direction, Finding, Severity, SupervisionMatchNo, SupervisionState, UtcTime};

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum SuperviseCommand {
    /// Whose messages are looked through, for what, and who reviews what is found
    #[command(subcommand)]
    Policy(SupervisionPolicyCommand),
    /// Look through what arrived since the last run
    ///
    /// To be called once a day behind the import. Exit code 3 says that a policy has a query that cannot be used any longer; the
    /// others have run.
    Run {
        /// Policies by name or id; all that are not paused unless said
        policies: Vec<String>,
    },
    /// List what waits for reviewers, the oldest first
    Queue(QueueArgs),
    /// Look at a match: what was found where, and what has been done with it; recorded
    Show {
        /// Its number
        #[arg(value_name = "MATCH")]
        number: SupervisionMatchNo,
    },
    /// Write a comment on matches
    Annotate(ReviewArgs),
    /// Say what matches are, and keep them open
    Tag {
        #[command(flatten)]
        review: ReviewArgs,
        /// What they are
        #[arg(long = "as", value_enum, value_name = "FINDING")]
        finding: FindingWord,
    },
    /// Give matches to another reviewer
    Escalate {
        #[command(flatten)]
        review: ReviewArgs,
        /// To whom, as actors are named
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Give a match to a legal case, and hold its message
    ///
    /// The case is created if there is none. The match stays open until it is resolved.
    Investigate {
        /// Its number
        #[arg(value_name = "MATCH")]
        number: SupervisionMatchNo,
        /// Name of the case
        #[arg(long)]
        case: String,
        /// Why
        #[arg(long)]
        comment: String,
    },
    /// Say what matches are, for good
    ///
    /// Whoever resolves a match must have looked at it (`supervise show`), must not have taken part in the message, and must be a
    /// reviewer of the policy or be whom it was escalated to. A resolved match stays as it is.
    Resolve {
        #[command(flatten)]
        review: ReviewArgs,
        /// What they are
        #[arg(long = "as", value_enum, value_name = "FINDING")]
        finding: FindingWord,
        /// Without having looked at each, where the policy allows it (`--bulk`); say why in the comment
        #[arg(long)]
        unopened: bool,
    },
    /// Count matches by policy, finding and reviewer, and write the evidence of all reviews
    Report {
        /// Only of this policy
        #[arg(long)]
        policy: Option<String>,
        /// Only what was found from this date on, such as 2026-01-01
        #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
        from: Option<UtcTime>,
        /// Only what was found before this date
        #[arg(long, value_parser = UtcTime::parse, value_name = "DATE")]
        before: Option<UtcTime>,
        /// Write each step of each review to this file; it must not exist
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(crate) struct QueueArgs {
    /// Only of this policy
    #[arg(long)]
    pub(crate) policy: Option<String>,
    /// Only what waits for this reviewer
    #[arg(long, value_name = "NAME", conflicts_with = "mine")]
    pub(crate) reviewer: Option<String>,
    /// Only what waits for whoever acts (`--actor`)
    #[arg(long)]
    pub(crate) mine: bool,
    /// Only what stands there; what is open unless said
    #[arg(long, value_enum)]
    pub(crate) state: Option<StateWord>,
    /// Only what is overdue
    #[arg(long)]
    pub(crate) overdue: bool,
    /// List so many at most; 50 unless said, all with --json
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
}

// Over which matches, and why.
#[derive(Args)]
pub(crate) struct ReviewArgs {
    /// Matches by number
    #[arg(required = true, value_name = "MATCH")]
    pub(crate) matches: Vec<SupervisionMatchNo>,
    /// Why
    #[arg(long)]
    pub(crate) comment: String,
    /// Open matches of the same policy with the same content too, each recorded on its own
    #[arg(long)]
    pub(crate) duplicates: bool,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum SupervisionPolicyCommand {
    /// Add a policy
    ///
    ///     custodia supervise policy add guarantees --reviewer ann@firm.example \
    ///         --query '(guarantee* OR promis*) NEAR(5) (profit* OR return*)' \
    ///         --exclude '"not guaranteed" OR "no guarantee"' \
    ///         --direction outbound --sample 25 \
    ///         --hit 'I guarantee you a return of 8 %' --miss 'Returns are not guaranteed'
    ///
    /// It looks at what arrives from now on, unless --backfill.
    #[command(verbatim_doc_comment)]
    Add(Box<SupervisionAddArgs>),
    /// List the policies
    List,
    /// Show one with all its versions
    Show {
        /// Its name, id, or the beginning of its id
        policy: String,
    },
    /// Print the key of its draws, for whoever checks them; who has it can foresee them, so that it is recorded
    DrawKey {
        /// Its name, id, or the beginning of its id
        policy: String,
    },
    /// Change one: a new version for what it looks at from now on
    Set(Box<SupervisionSetArgs>),
    /// Stop one from looking; what it found stays
    Pause {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Let one look again, from where it stopped
    Resume {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Try one on the texts that it must find and must not find, and on others
    ///
    /// Exit code 3 says that one comes out otherwise than it must.
    Test {
        /// Its name, id, or the beginning of its id
        policy: String,
        /// Another text; may be repeated
        #[arg(long = "text", value_name = "TEXT")]
        texts: Vec<String>,
    },
}

#[derive(Args)]
pub(crate) struct SupervisionAddArgs {
    /// Its name, at most 64 characters
    pub(crate) name: String,
    /// Mailbox of somebody who is supervised; may be repeated; all mailboxes unless said
    #[arg(long = "mailbox", value_name = "ADDRESS")]
    pub(crate) mailboxes: Vec<String>,
    /// Mailbox that is left out of all; may be repeated
    #[arg(long = "except", value_name = "ADDRESS", conflicts_with = "mailboxes")]
    pub(crate) except: Vec<String>,
    #[command(flatten)]
    pub(crate) said: SupervisionSaid,
    /// Look at what is in the archive already, too
    #[arg(long)]
    pub(crate) backfill: bool,
    /// Matches may be resolved unopened, with a reason
    #[arg(long)]
    pub(crate) bulk: bool,
}

#[derive(Args)]
pub(crate) struct SupervisionSetArgs {
    /// Its name, id, or the beginning of its id
    pub(crate) policy: String,
    #[command(flatten)]
    pub(crate) said: SupervisionSaid,
    /// A text that it need no longer find or miss; may be repeated
    #[arg(long = "drop-sample", value_name = "TEXT")]
    pub(crate) dropped_samples: Vec<String>,
    /// Mailbox of somebody who is supervised from now on; may be repeated
    #[arg(long = "add-mailbox", value_name = "ADDRESS")]
    pub(crate) added_mailboxes: Vec<String>,
    /// Mailbox of somebody who no longer is; may be repeated
    #[arg(long = "remove-mailbox", value_name = "ADDRESS")]
    pub(crate) removed_mailboxes: Vec<String>,
    /// Look at everything in the archive again; what was found before stays
    #[arg(long)]
    pub(crate) backfill: bool,
    /// Whether matches may be resolved unopened, with a reason
    #[arg(long, value_name = "BOOL")]
    pub(crate) bulk: Option<bool>,
    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

// What a policy looks for, and who reviews that.
#[derive(Args)]
pub(crate) struct SupervisionSaid {
    /// The risk that it watches for, in words
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// How much its matches matter; medium unless said
    #[arg(long, value_enum)]
    pub(crate) severity: Option<SeverityWord>,
    /// Which messages: inbound to, outbound from, or internal between supervised people; may be repeated; all unless said
    #[arg(long = "direction", value_enum)]
    pub(crate) directions: Vec<DirectionWord>,
    /// What it looks for, as in `custodia search`; everything without one
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Option<String>,
    /// Words and "phrases", joined by OR, that do not count; the rest of the message does
    #[arg(long, value_name = "WORDS")]
    pub(crate) exclude: Option<String>,
    /// How many of a hundred matches are drawn for review, at random; 100 unless said
    #[arg(long = "sample", value_name = "PERCENT")]
    pub(crate) percent: Option<u32>,
    /// Who reviews, as actors are named, best by address; may be repeated
    #[arg(long = "reviewer", value_name = "NAME")]
    pub(crate) reviewers: Vec<String>,
    /// Days after which a match that nobody has resolved is overdue; 14 unless said
    #[arg(long = "due", value_name = "DAYS")]
    pub(crate) due_days: Option<u32>,
    /// A text that it must find; may be repeated
    #[arg(long = "hit", value_name = "TEXT")]
    pub(crate) hits: Vec<String>,
    /// A text that it must not find; may be repeated
    #[arg(long = "miss", value_name = "TEXT")]
    pub(crate) misses: Vec<String>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident => $of:ident { $($(#[$word:meta])* $variant:ident),* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, ValueEnum)]
        pub(crate) enum $name {
            $($(#[$word])* $variant),*
        }

        impl From<$name> for $of {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => Self::$variant),*
                }
            }
        }
    };
}

words! {
    DirectionWord => Direction {
        /// Somebody else wrote it to a supervised person
        Inbound,
        /// A supervised person wrote it
        Outbound,
        /// One supervised person wrote it to another
        Internal
    }
}
words! {
    SeverityWord => Severity {
        /// Little
        Low,
        /// Somewhat
        Medium,
        /// Much
        High
    }
}
words! {
    FindingWord => Finding {
        /// Nothing is wrong
        Compliant,
        /// It breaks a rule
        NonCompliant,
        /// It may break one
        Questionable,
        /// The policy should not have found it
        FalsePositive
    }
}
words! {
    StateWord => SupervisionState {
        /// Not drawn for review
        NotDrawn,
        /// Nobody has said anything of it
        Pending,
        /// A reviewer has said what it is, and it is open
        Tagged,
        /// Given to another reviewer
        Escalated,
        /// Finished
        Resolved
    }
}
