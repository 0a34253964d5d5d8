//! What is stored about policies and holds becomes what applies to an item.

use crate::model::{
    Actor, FormerScope, Hold, HoldEvaluation, HoldId, HoldScope, MailboxNo, MessageNo, PolicyId, PolicyScope, Release,
    RetentionPolicy, RetentionTrigger,
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
        evaluated_rules: 0,
        people: None,
        left: Vec::new(),
        lock: None,
        deletion_waits: false,
        refused: None,
    };
    assert_eq!(AppliedPolicy::covering(&policy, MailboxNo(2)), None);
    let applied = AppliedPolicy::covering(&policy, MailboxNo(1)).unwrap();
    assert_eq!((applied.rank, applied.released_at), (PolicyRank::OrganisationWide, Some(day("2024-02-01"))));
    policy.scope = PolicyScope::Include(vec![MailboxNo(2)]);
    assert_eq!(AppliedPolicy::covering(&policy, MailboxNo(1)), None);
    assert_eq!(AppliedPolicy::covering(&policy, MailboxNo(2)).unwrap().rank, PolicyRank::Explicit);
}

fn hold() -> Hold {
    Hold {
        id: HoldId(1),
        name: "Acme".to_owned(),
        case: None,
        scope: HoldScope::default(),
        follows_custodians: false,
        custodians: Vec::new(),
        duration: Some(period("P7Y")),
        stated_date: None,
        owner: String::new(),
        comment: String::new(),
        url: String::new(),
        reason: "claim".to_owned(),
        placed_at: day("2023-12-01"),
        placed_by: Actor("ada".to_owned()),
        on_since: Some(day("2024-01-01")),
        released: None,
        delay_ended: None,
        evaluation: HoldEvaluation { set: 1, through: MessageNo(0), rules: 0, people: None },
        former: Vec::new(),
    }
}

#[test]
fn a_hold_applies_from_when_it_was_turned_on_until_its_delay_ends() {
    let mut hold = hold();
    let applied = AppliedHold::of(&hold, false).unwrap();
    assert_eq!((applied.from, applied.has_query, applied.released_at), (day("2024-01-01"), false, None));
    assert_eq!(applied.duration, Some(period("P7Y")));
    hold.scope = HoldScope { query: Some("budget".to_owned()), ..HoldScope::default() };
    hold.released = Some(release());
    hold.delay_ended = Some(Release { at: day("2024-02-03"), ..release() });
    let applied = AppliedHold::of(&hold, true).unwrap();
    assert!(applied.has_query && applied.matches);
    assert_eq!(applied.released_at, Some(day("2024-02-01")));
    assert_eq!(applied.delay_removed_at, Some(day("2024-02-03")));
    hold.scope = HoldScope { from: Some(day("2024-01-01")), ..HoldScope::default() };
    assert!(AppliedHold::of(&hold, false).unwrap().has_query);
    hold.on_since = None;
    assert_eq!(AppliedHold::of(&hold, true), None, "a draft holds nothing");
}

#[test]
fn what_a_hold_covered_before_a_change_is_as_released_then() {
    let mut hold = hold();
    let evaluation = hold.evaluation;
    let scope = HoldScope { query: Some("budget".to_owned()), ..HoldScope::default() };
    let former = FormerScope { scope, evaluation, ended: release(), delay_ended: None };
    let applied = AppliedHold::of_former(&hold, &former, true).unwrap();
    assert_eq!((applied.has_query, applied.released_at), (true, Some(day("2024-02-01"))));
    hold.released = Some(Release { at: day("2024-03-01"), ..release() });
    assert_eq!(AppliedHold::of_former(&hold, &former, true).unwrap().released_at, Some(day("2024-02-01")));
    assert_eq!(AppliedHold::of(&hold, true).unwrap().released_at, Some(day("2024-03-01")));
}
