//! What can be typed of cases, custodians and approvals.

use clap::{Subcommand, ValueEnum};
use custodia::model::ControlledAct;

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum CaseCommand {
    /// Create a case
    Create {
        /// Its name
        name: String,
        /// What it is about
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// List all cases
    List,
    /// Show one with its custodians and holds
    Show {
        /// Its name, id, or the beginning of its id
        case: String,
    },
    /// Close one: its holds are released, and what they cover stays held for 30 days more
    Close {
        /// Its name, id, or the beginning of its id
        case: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Open a closed one again; its holds stay off
    Reopen {
        /// Its name, id, or the beginning of its id
        case: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Delete one whose holds are all off; its record stays in the audit log
    Delete {
        /// Its name, id, or the beginning of its id
        case: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum CustodianCommand {
    /// Add custodians to a case: its holds on custodians cover their mailboxes from now on
    Add {
        /// Their mailboxes
        #[arg(required = true, value_name = "ADDRESS")]
        addresses: Vec<String>,
        /// The case: name, id, or the beginning of its id
        #[arg(long)]
        case: String,
    },
    /// Release a custodian: holds of the case on its custodians leave the mailbox after 30 days
    Release {
        /// The custodian's mailbox
        address: String,
        /// The case: name, id, or the beginning of its id
        #[arg(long)]
        case: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List the custodians of all cases, those who were released included
    List {
        /// Only those of a case: name, id, or the beginning of its id
        #[arg(long)]
        case: Option<String>,
    },
    /// Show in which cases a person is or was a custodian, and which of their holds cover the mailbox
    Show {
        /// The custodian's mailbox
        address: String,
    },
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ApprovalCommand {
    /// Consent to what somebody else is about to do
    ///
    /// It is used up by the act, and ends after 7 days. Of several people who consent, one is enough. Acts that need it:
    ///
    /// hold.release, hold.end-delay HOLD; hold.change HOLD:DIGEST of a change that was refused; case.close CASE;
    /// retention.change DIGEST of rules that were simulated; label.set LABEL:ITEM or LABEL:ITEM=ASSET; label.clear ITEM;
    /// disposition.execute DIGEST or file of a plan; clock.correct; dual-control.off
    ///
    /// It is to the object as it is now: it does not count any longer when a hold, or the label of an item, was changed.
    Give {
        /// The act
        #[arg(value_name = "ACT")]
        act: ControlledAct,
        /// On what: a name or id; the beginning of an id or digest is enough; this archive needs no name
        #[arg(value_name = "OBJECT")]
        objects: Vec<String>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List consents that were not used yet
    List,
    /// Say whether a second person's consent is needed, or change it; turning it off needs consent
    DualControl {
        /// Whether it is needed from now on
        #[arg(value_enum, requires = "reason")]
        state: Option<Switch>,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}
