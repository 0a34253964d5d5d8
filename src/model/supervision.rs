//! Supervision of communication: whose messages are looked through for what, and what reviewers said of those that were found.

use serde::{Deserialize, Serialize};

use super::id::SupervisionMatchNo;
use super::{Actor, Digest, ItemNo, MailboxNo, MessageNo, SupervisionPolicyId, UtcTime};

/// Which way a message went, seen from the mailbox that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Somebody else wrote it.
    Inbound,
    /// The owner of the mailbox wrote it.
    Outbound,
    /// One supervised person wrote it to another.
    Internal,
}

impl Direction {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }
}

/// How much a match matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Little.
    Low,
    /// Somewhat.
    Medium,
    /// Much.
    High,
}

impl Severity {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One version of a supervision policy. The versions before it are kept, for matches name the one that found them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionPolicy {
    /// Its id, the same in all versions.
    pub id: SupervisionPolicyId,
    /// Counts the versions from 1.
    pub version: u32,
    /// Its name, unique in the archive; the same in all versions.
    pub name: String,
    /// The risk that it watches for, in words.
    pub description: String,
    /// How much its matches matter.
    pub severity: Severity,
    /// The mailboxes of the people who are supervised; empty means all.
    pub mailboxes: Vec<MailboxNo>,
    /// Mailboxes left out of all.
    pub except: Vec<MailboxNo>,
    /// Which of their messages are looked through; at least one.
    pub directions: Vec<Direction>,
    /// The content search query that finds; without one, every message is found.
    pub query: Option<String>,
    /// Words and phrases, joined by OR: what is inside them is not looked at.
    pub exclude: Option<String>,
    /// How many of a hundred matches are drawn for review, 1 to 100.
    pub percent: u32,
    /// What nobody can foresee the draw without; the same in all versions, so that a higher share only adds.
    pub draw_key: [u8; 32],
    /// Who reviews; at least one.
    pub reviewers: Vec<Actor>,
    /// Days after which a match that nobody has resolved is overdue.
    pub due_days: u32,
    /// Whether reviewers may resolve matches that they have not opened, with a reason.
    pub bulk: bool,
    /// Texts that it must find.
    pub hits: Vec<String>,
    /// Texts that it must not find.
    pub misses: Vec<String>,
    /// Whether it looks for nothing until it is resumed.
    pub paused: bool,
    /// The newest item that it has looked at.
    pub looked_through: ItemNo,
    /// When this version was made.
    pub changed_at: UtcTime,
    /// By whom.
    pub changed_by: Actor,
    /// Why.
    pub reason: String,
}

impl SupervisionPolicy {
    /// Whether the owner of a mailbox is supervised.
    pub fn supervises(&self, mailbox: MailboxNo) -> bool {
        (self.mailboxes.is_empty() || self.mailboxes.contains(&mailbox)) && !self.except.contains(&mailbox)
    }
}

/// A part of a message in which something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundIn {
    /// The subject; with the bytes of it, from and to.
    Subject(u64, u64),
    /// The text as it is searched; with the bytes of it, from and to.
    Body(u64, u64),
    /// An attachment, numbered from 1.
    Attachment(u64),
    /// Those who took part.
    People,
}

/// What a reviewer says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Nothing is wrong with it.
    Compliant,
    /// It breaks a rule.
    NonCompliant,
    /// It may break one.
    Questionable,
    /// The policy should not have found it.
    FalsePositive,
}

impl Finding {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compliant => "compliant",
            Self::NonCompliant => "non-compliant",
            Self::Questionable => "questionable",
            Self::FalsePositive => "false-positive",
        }
    }
}

/// What a reviewer did with a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SupervisionStep {
    /// Looked at the message.
    Opened,
    /// Only wrote a comment.
    Annotated,
    /// Said what it is, and goes on.
    Tagged(Finding),
    /// Gave it to another reviewer.
    Escalated(Actor),
    /// Gave it to a legal case, whose hold keeps the message.
    Investigated {
        /// The name of the case.
        case: String,
        /// The name of the hold.
        hold: String,
    },
    /// Said what it is, for good. It was opened before, or else the comment says why not.
    Resolved(Finding),
    /// Took it for a copy of another match: the step after this one is what was done with that.
    CopyOf(SupervisionMatchNo),
    /// Drew it for review in a later run, by a higher share.
    Drawn,
}

impl SupervisionStep {
    /// Whether it says what a message is.
    pub fn is_finding(&self) -> bool {
        matches!(self, Self::Tagged(_) | Self::Resolved(_))
    }

    /// The word used in the audit log and JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Opened => "open",
            Self::Annotated => "annotate",
            Self::Tagged(_) => "tag",
            Self::Escalated(_) => "escalate",
            Self::Investigated { .. } => "investigate",
            Self::Resolved(_) => "resolve",
            Self::CopyOf(_) => "copy",
            Self::Drawn => "draw",
        }
    }
}

/// A step with who took it, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionEntry {
    /// What was done.
    pub step: SupervisionStep,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: UtcTime,
    /// In the reviewer's words.
    pub comment: String,
}

/// Where the review of a match stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SupervisionState {
    /// It was not drawn; nobody has to review it.
    NotDrawn,
    /// Nobody has said anything of it.
    Pending,
    /// A reviewer has said what it is, and has not resolved it.
    Tagged,
    /// It waits for the reviewer whom it was given to.
    Escalated,
    /// It is finished.
    Resolved,
}

impl SupervisionState {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotDrawn => "not-drawn",
            Self::Pending => "pending",
            Self::Tagged => "tagged",
            Self::Escalated => "escalated",
            Self::Resolved => "resolved",
        }
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Tagged | Self::Escalated)
    }
}

/// An item that a policy found. It has nothing of the message's text, so that nothing of it is left once that is disposed of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionMatch {
    /// Its number.
    pub no: SupervisionMatchNo,
    /// The policy.
    pub policy: SupervisionPolicyId,
    /// The version of the policy that found it.
    pub version: u32,
    /// The item.
    pub item: ItemNo,
    /// Its message.
    pub message: MessageNo,
    /// The mailbox that it is in.
    pub mailbox: MailboxNo,
    /// Digest of the message's raw bytes.
    pub digest: Digest,
    /// Which way it went.
    pub direction: Direction,
    /// Where something was found, at most [`FOUND_PLACES`].
    pub places: Vec<FoundIn>,
    /// When it was found.
    pub found_at: UtcTime,
    /// Whether it was drawn for review.
    pub drawn: bool,
    /// What reviewers did with it, in order.
    pub entries: Vec<SupervisionEntry>,
}

/// Most places that a match keeps.
pub const FOUND_PLACES: usize = 64;

impl SupervisionMatch {
    /// Where its review stands.
    pub fn state(&self) -> SupervisionState {
        let said = self.entries.iter().rev().find_map(|entry| match entry.step {
            SupervisionStep::Resolved(_) => Some(SupervisionState::Resolved),
            SupervisionStep::Escalated(_) => Some(SupervisionState::Escalated),
            SupervisionStep::Tagged(_) => Some(SupervisionState::Tagged),
            _ => None,
        });
        said.unwrap_or(if self.drawn { SupervisionState::Pending } else { SupervisionState::NotDrawn })
    }

    /// What it was last said to be.
    pub fn finding(&self) -> Option<Finding> {
        self.entries.iter().rev().find_map(|entry| match entry.step {
            SupervisionStep::Tagged(finding) | SupervisionStep::Resolved(finding) => Some(finding),
            _ => None,
        })
    }

    /// The reviewer whom it was last given to.
    pub fn escalated_to(&self) -> Option<&Actor> {
        self.entries.iter().rev().find_map(|entry| match &entry.step {
            SupervisionStep::Escalated(to) => Some(to),
            _ => None,
        })
    }

    /// When somebody last looked at it before a step of the review, counted from 0.
    pub fn opened_before(&self, by: &Actor, step: usize) -> Option<UtcTime> {
        let is_look = |entry: &&SupervisionEntry| entry.by.is_same_person(by) && entry.step == SupervisionStep::Opened;
        self.entries.iter().take(step).rfind(is_look).map(|entry| entry.at)
    }

    /// Whether somebody has looked at it.
    pub fn was_opened_by(&self, by: &Actor) -> bool {
        self.opened_before(by, self.entries.len()).is_some()
    }

    /// When it began to wait for reviewers: when it was drawn.
    pub fn drawn_at(&self) -> UtcTime {
        let drawn = self.entries.iter().rev().find(|entry| entry.step == SupervisionStep::Drawn);
        drawn.map_or(self.found_at, |entry| entry.at)
    }

    /// Who may say what it is: whom it was last given to, else the reviewers of its policy.
    pub fn deciders<'a>(&'a self, policy: &'a SupervisionPolicy) -> &'a [Actor] {
        self.escalated_to().map_or(policy.reviewers.as_slice(), std::slice::from_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(name: &str) -> Actor {
        Actor(name.to_owned())
    }

    fn found(steps: &[(&str, SupervisionStep)]) -> SupervisionMatch {
        let entries = steps.iter().zip(1..).map(|((by, step), at)| SupervisionEntry {
            step: step.clone(),
            by: actor(by),
            at: UtcTime(at),
            comment: String::new(),
        });
        SupervisionMatch {
            no: SupervisionMatchNo(1),
            policy: SupervisionPolicyId(1),
            version: 1,
            item: ItemNo(1),
            message: MessageNo(1),
            mailbox: MailboxNo(1),
            digest: Digest::of(b"x"),
            direction: Direction::Outbound,
            places: Vec::new(),
            found_at: UtcTime(0),
            drawn: true,
            entries: entries.collect(),
        }
    }

    #[test]
    fn the_last_word_says_where_a_review_stands() {
        use SupervisionState::{Escalated, Pending, Resolved, Tagged};
        use SupervisionStep as Step;
        let open = ("ann", Step::Opened);
        let tag = ("ann", Step::Tagged(Finding::Questionable));
        let escalate = ("ann", Step::Escalated(actor("bob")));
        let note = ("bob", Step::Annotated);
        let resolve = ("bob", Step::Resolved(Finding::NonCompliant));
        let cases = [
            (vec![], Pending, None),
            (vec![open.clone()], Pending, None),
            (vec![open.clone(), tag.clone()], Tagged, Some(Finding::Questionable)),
            (vec![open.clone(), tag.clone(), escalate.clone()], Escalated, Some(Finding::Questionable)),
            (vec![open.clone(), escalate.clone(), note.clone()], Escalated, None),
            (vec![open, tag, escalate, note, resolve], Resolved, Some(Finding::NonCompliant)),
        ];
        for (steps, state, finding) in cases {
            let found = found(&steps);
            assert_eq!((found.state(), found.finding()), (state, finding), "{steps:?}");
        }
        assert_eq!(SupervisionMatch { drawn: false, ..found(&[]) }.state(), SupervisionState::NotDrawn);
    }

    #[test]
    fn whom_it_was_given_to_decides_alone() {
        let steps = [("ann", SupervisionStep::Opened), ("ann", SupervisionStep::Escalated(actor("bob")))];
        let found = found(&steps);
        assert_eq!(found.escalated_to(), Some(&actor("bob")));
        assert!(found.was_opened_by(&actor("Ann")) && !found.was_opened_by(&actor("bob")));
    }

    #[test]
    fn a_look_counts_for_what_follows_it() {
        let open = || ("ann", SupervisionStep::Opened);
        let found = found(&[("ann", SupervisionStep::Annotated), open(), open(), ("bob", SupervisionStep::Annotated)]);
        let looks: Vec<Option<UtcTime>> = (0..5).map(|step| found.opened_before(&actor("ann"), step)).collect();
        assert_eq!(looks, [None, None, Some(UtcTime(2)), Some(UtcTime(3)), Some(UtcTime(3))]);
    }
}
