//! `retention label` and `retention event`

use clap::{Args, Subcommand, ValueEnum};
use custodia::model::{ItemNo, RetentionPeriod, UtcTime};

use super::{Action, Ground};

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum LabelCommand {
    /// Add a label
    ///
    /// One that sets itself and deletes, or has a next label that does, must have been simulated within the last seven
    /// days (`--simulate`).
    Add(LabelAddArgs),
    /// List all labels, the oldest first
    List,
    /// Show one
    Show {
        /// Its name, id, or the beginning of its id
        label: String,
    },
    /// Set a label on items, in place of the one that they carry
    ///
    /// The label of a record is replaced with a reason only, that of a regulatory record never. Where the item may
    /// be kept for less than by the label or asset that it has, that needs a reason too. To name an asset later, set the same
    /// label again.
    Set {
        /// Its name, id, or the beginning of its id
        label: String,
        /// Items by number
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<ItemNo>,
        /// What the items are about, as `retention event record` will name it: a contract, a person
        #[arg(long, value_name = "ID")]
        asset_id: Option<String>,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Change its period, also for items that carry it
    ///
    /// That of a regulatory record can only be lengthened; to shorten that of a record needs a reason. If an item could go
    /// earlier by it, that must have been simulated within the last seven days (`--simulate`).
    SetPeriod {
        /// Its name, id, or the beginning of its id
        label: String,
        /// Calendar period: 7y, 18m (months), 30d, P1Y6M, or unlimited
        period: RetentionPeriod,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        ground: Ground,
    },
    /// Give it another query in place of one that this version of the program cannot read
    ///
    /// Any other is fixed. If an item could go earlier by it, that must have been simulated within the last seven days
    /// (`--simulate`).
    SetQuery {
        /// Its name, id, or the beginning of its id
        label: String,
        /// What it is set on, as of `label add --auto`
        query: String,
        #[command(flatten)]
        ground: Ground,
    },
    /// Name others to review what carries it, in place of those before
    ///
    /// Reviews that are under way begin anew from the first stage, and what was approved waits again; what reviewers extended
    /// stays extended. That of regulatory records loses no stage. Where dual control is on, a second person has to consent: `--simulate` prints the digest to consent to.
    SetReviewers {
        /// Its name, id, or the beginning of its id
        label: String,
        /// Who reviews, one of them each: "ann@firm.example,bob@firm.example"; repeated for up to five stages, in this order
        #[arg(long, required_unless_present = "nobody", conflicts_with = "nobody", value_name = "REVIEWERS")]
        review: Vec<String>,
        /// Nobody reviews any longer
        #[arg(long)]
        nobody: bool,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        ground: Ground,
    },
    /// Take the labels off items
    Clear {
        /// Items by number
        #[arg(required = true, value_name = "ITEM")]
        items: Vec<ItemNo>,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args)]
pub(crate) struct LabelAddArgs {
    /// Its name
    pub(crate) name: String,
    /// What it does
    #[arg(long, value_enum)]
    pub(crate) action: Action,
    /// Calendar period: 7y, 18m (months), 30d, P1Y6M, or unlimited
    #[arg(long)]
    pub(crate) period: RetentionPeriod,
    /// From when the period counts
    #[arg(long, value_enum, default_value = "created")]
    pub(crate) start: LabelStartWord,
    /// Type of event from which the period counts, such as contract-end
    #[arg(long, value_name = "TYPE", required_if_eq("start", "event"))]
    pub(crate) event_type: Option<String>,
    /// What carries it is a record: the label is replaced or taken off with a reason only
    #[arg(long)]
    pub(crate) record: bool,
    /// What carries it is a regulatory record: nobody replaces the label or takes it off
    #[arg(long, conflicts_with = "record")]
    pub(crate) regulatory: bool,
    /// Set it on the items of this folder, in every mailbox, that have none; may be repeated
    #[arg(long = "folder", value_name = "PATH")]
    pub(crate) folders: Vec<String>,
    /// Set it on what this content search finds, and what it will find, that has none
    ///
    /// A set label is never replaced; a folder's label comes before that of a search; of several the oldest is set.
    #[arg(long, value_name = "QUERY")]
    pub(crate) auto: Option<String>,
    /// At the end of the period, items wait until one of these people approves: "ann@firm.example,bob@firm.example"
    ///
    /// Repeat it for up to five stages, which approve in this order. People are named as actors are (`--actor`);
    /// `custodia disposition review` shows them what waits.
    #[arg(long, value_name = "REVIEWERS")]
    pub(crate) review: Vec<String>,
    /// At the end of the period, items get this label in place of it; it counts from then
    ///
    /// `custodia disposition plan` and `execute` set it. Only for a label that retains.
    #[arg(long, value_name = "LABEL", conflicts_with = "review")]
    pub(crate) next_label: Option<String>,
    #[command(flatten)]
    pub(crate) ground: Ground,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LabelStartWord {
    /// When the message was received, else sent
    Created,
    /// When the item was last modified, which an archived item never is
    Modified,
    /// When the label was set
    #[value(alias = "labeled")]
    Labelled,
    /// When an event of the type happened to the item's asset
    Event,
}

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum EventCommand {
    /// Record an event: the period of labels that wait for it begins, for items about the asset
    ///
    /// Items carry a label with `--start event` and the same asset id. Nothing is eligible before the recording, even
    /// if the event was long ago. Of several events of an asset the one that happened last counts. It is said whose period
    /// begins; a type that no label counts from, and an asset that no labelled item is about, is a warning with what is
    /// most like it.
    Record {
        /// Type of event
        #[arg(long = "type", value_name = "TYPE")]
        kind: String,
        /// To what it happened
        #[arg(long, value_name = "ID")]
        asset_id: String,
        /// When it happened, such as 2026-03-31
        #[arg(long, value_parser = UtcTime::parse)]
        date: UtcTime,
    },
    /// List all events
    List,
    /// List the types of events: those that labels count from, and those that were recorded
    Types,
}
