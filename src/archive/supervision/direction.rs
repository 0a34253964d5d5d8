//! Which way a message went.

use std::collections::BTreeSet;

use crate::message::Facts;
use crate::model::{Direction, MailboxNo, Role, SupervisionPolicy};
use crate::people::{Resolution, Resolver};

/// Whose mailboxes the people of a message are.
#[derive(Debug, Default)]
pub(super) struct Parties {
    authors: BTreeSet<MailboxNo>,
    recipients: BTreeSet<MailboxNo>,
    /// Whether an author is nobody whom the archive knows, or none is named.
    unknown_author: bool,
}

impl Parties {
    /// Those of a message. Who sent it in the name of somebody else wrote it too, if the archive knows them.
    pub(super) fn of(facts: &Facts, resolver: &Resolver) -> Self {
        let participants = &facts.participants;
        let mut parties =
            Self { unknown_author: !participants.iter().any(|one| one.role == Role::From), ..Self::default() };
        let known = |participant| match resolver.resolve(participant) {
            Resolution::Found { mailbox, .. } => Some(mailbox),
            _ => None,
        };
        parties.authors.extend(facts.agents.iter().filter_map(known));
        for participant in participants {
            match (participant.role, known(participant)) {
                (Role::From, Some(mailbox)) => drop(parties.authors.insert(mailbox)),
                (Role::From, None) => parties.unknown_author = true,
                (_, Some(mailbox)) => drop(parties.recipients.insert(mailbox)),
                (_, None) => {}
            }
        }
        parties
    }

    /// Everybody among them who has a mailbox.
    pub(super) fn mailboxes(&self) -> impl Iterator<Item = MailboxNo> + '_ {
        self.authors.union(&self.recipients).copied()
    }

    /// The way that the message went, seen from the mailbox of `owner`, if a policy looks at what goes that way. Where nobody
    /// knows whether the owner wrote it, it went either way, and came in rather than out.
    pub(super) fn direction(&self, policy: &SupervisionPolicy, owner: MailboxNo) -> Option<Direction> {
        let by_supervised = self.authors.iter().any(|author| policy.supervises(*author));
        let to_supervised = self.recipients.difference(&self.authors).any(|recipient| policy.supervises(*recipient));
        let wrote = self.authors.contains(&owner);
        let may_have_written = !wrote && self.unknown_author && !self.recipients.contains(&owner);
        let went = [
            (Direction::Internal, by_supervised && to_supervised),
            (Direction::Outbound, wrote),
            (Direction::Inbound, !wrote),
            (Direction::Outbound, may_have_written),
        ];
        went.into_iter().find(|(way, so)| *so && policy.directions.contains(way)).map(|(way, _)| way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Actor, ItemNo, Severity, SupervisionPolicyId, UtcTime};

    fn policy(directions: &[Direction]) -> SupervisionPolicy {
        SupervisionPolicy {
            id: SupervisionPolicyId(1),
            version: 1,
            name: "p".to_owned(),
            description: String::new(),
            severity: Severity::Low,
            mailboxes: vec![MailboxNo(1), MailboxNo(2)],
            except: Vec::new(),
            directions: directions.to_vec(),
            query: None,
            exclude: None,
            percent: 100,
            draw_key: [0; 32],
            reviewers: vec![Actor("r".to_owned())],
            due_days: 1,
            bulk: false,
            hits: Vec::new(),
            misses: Vec::new(),
            paused: false,
            looked_through: ItemNo(0),
            changed_at: UtcTime(0),
            changed_by: Actor("r".to_owned()),
            reason: String::new(),
        }
    }

    fn parties(authors: &[u32], recipients: &[u32], unknown_author: bool) -> Parties {
        let set = |numbers: &[u32]| numbers.iter().copied().map(MailboxNo).collect();
        Parties { authors: set(authors), recipients: set(recipients), unknown_author }
    }

    /// Mailboxes 1 and 2 are supervised, 3 is not; the owner is 1.
    #[test]
    fn a_message_goes_one_way_and_in_doubt_either() {
        use Direction::{Inbound, Internal, Outbound};
        let cases = [
            (parties(&[1], &[3], false), [None, Some(Outbound), None]),
            (parties(&[1], &[2], false), [None, Some(Outbound), Some(Internal)]),
            (parties(&[2], &[1], false), [Some(Inbound), None, Some(Internal)]),
            (parties(&[3], &[1], false), [Some(Inbound), None, None]),
            (parties(&[], &[1], true), [Some(Inbound), None, None]),
            (parties(&[], &[3], true), [Some(Inbound), Some(Outbound), None]),
            (parties(&[], &[], true), [Some(Inbound), Some(Outbound), None]),
            (parties(&[1], &[1], false), [None, Some(Outbound), None]),
        ];
        for (parties, expected) in cases {
            let went = [Inbound, Outbound, Internal].map(|way| parties.direction(&policy(&[way]), MailboxNo(1)));
            assert_eq!(went, expected, "{parties:?}");
        }
        let all = policy(&[Inbound, Outbound, Internal]);
        assert_eq!(parties(&[1], &[2], false).direction(&all, MailboxNo(1)), Some(Internal));
        assert_eq!(parties(&[1], &[3], false).direction(&all, MailboxNo(1)), Some(Outbound));
        assert_eq!(parties(&[], &[3], true).direction(&all, MailboxNo(1)), Some(Inbound));
    }
}
