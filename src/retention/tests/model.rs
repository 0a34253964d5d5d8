//! What is stored about policies and holds becomes what applies to an item.

use crate::model::{
    Actor, Hold, HoldId, HoldScope, MailboxNo, MessageNo, PolicyId, PolicyScope, Release, RetentionPolicy,
    RetentionTrigger,
};
use crate::retention::{AppliedHold, AppliedPolicy, PolicyRank};

use super::{action, day, period};

fn release() -> Release {
    Release { at: day("2024-02-01"), by: Actor("ada".to_owned()), reason: "closed".to_owned() }
}

#[test]
fn a_policy_applies_where_its_scope_covers() {
    let mut policy = RetentionPolicy {
        id: PolicyId(1),
        name: "mail".to_owned(),
        scope: PolicyScope::All { except: vec![MailboxNo(2)] },
        action: action("retain+delete"),
        period: period("P7Y"),
        trigger: RetentionTrigger::Created,
        added_at: day("2024-01-01"),
        added_by: Actor("ada".to_owned()),
        released: Some(release()),
        folders: Vec::new(),
        query: None,
        evaluated_through: MessageNo(0),
        left: Vec::new(),
        lock: None,
    };
    assert_eq!(AppliedPolicy::covering(&policy, MailboxNo(2)), None);
    let applied = AppliedPolicy::covering(&policy, MailboxNo(1)).unwrap();
    assert_eq!((applied.rank, applied.released_at), (PolicyRank::OrganisationWide, Some(day("2024-02-01"))));
    policy.scope = PolicyScope::Include(vec![MailboxNo(2)]);
    assert_eq!(AppliedPolicy::covering(&policy, MailboxNo(1)), None);
    assert_eq!(AppliedPolicy::covering(&policy, MailboxNo(2)).unwrap().rank, PolicyRank::Explicit);
}

#[test]
fn a_hold_applies_where_its_scope_covers() {
    let mut hold = Hold {
        id: HoldId(1),
        name: "Acme".to_owned(),
        scope: HoldScope { mailboxes: None, query: None },
        reason: "claim".to_owned(),
        placed_at: day("2024-01-01"),
        placed_by: Actor("ada".to_owned()),
        released: None,
        evaluated_through: MessageNo(0),
    };
    let applied = AppliedHold::covering(&hold, MailboxNo(1), false).unwrap();
    assert_eq!((applied.from, applied.has_query, applied.released_at), (day("2024-01-01"), false, None));
    hold.scope = HoldScope { mailboxes: Some(vec![MailboxNo(2)]), query: Some("budget".to_owned()) };
    hold.released = Some(release());
    assert_eq!(AppliedHold::covering(&hold, MailboxNo(1), true), None);
    let applied = AppliedHold::covering(&hold, MailboxNo(2), true).unwrap();
    assert!(applied.has_query && applied.matches);
    assert_eq!(applied.released_at, Some(day("2024-02-01")));
}
