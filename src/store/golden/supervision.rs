//! Supervision policies and matches.

use super::*;

#[test]
fn supervision_policies_and_matches() {
    let policy = SupervisionPolicy {
        id: SupervisionPolicyId(0x1122),
        version: 2,
        name: "guarantees".to_owned(),
        description: "promises".to_owned(),
        severity: Severity::High,
        mailboxes: vec![MailboxNo(3)],
        except: vec![MailboxNo(4)],
        directions: vec![Direction::Inbound, Direction::Outbound, Direction::Internal],
        query: Some("guarantee*".to_owned()),
        exclude: Some("\"not guaranteed\"".to_owned()),
        percent: 25,
        draw_key: [0x11; 32],
        reviewers: vec![actor()],
        due_days: 14,
        bulk: true,
        hits: vec!["guarantee".to_owned()],
        misses: vec!["no".to_owned()],
        paused: true,
        looked_through: ItemNo(300),
        changed_at: TIME,
        changed_by: actor(),
        reason: "wider".to_owned(),
    };
    assert_frozen(
        &policy,
        "01fb2211020a67756172616e746565730870726f6d69736573020103010403000102010a67756172616e7465652a\
         0110226e6f742067756172616e746565642219111111111111111111111111111111111111111111111111111111\
         111111111101046f6c67610e01010967756172616e74656501026e6f01fb2c01fd00bc0d8337030000046f6c6761\
         057769646572",
    );
    let entry = |step| SupervisionEntry { step, by: actor(), at: TIME, comment: "c".to_owned() };
    let found = SupervisionMatch {
        no: SupervisionMatchNo(5),
        policy: SupervisionPolicyId(0x1122),
        version: 2,
        item: ItemNo(300),
        message: MessageNo(7),
        mailbox: MailboxNo(3),
        digest: Digest([0x22; 32]),
        direction: Direction::Outbound,
        places: vec![FoundIn::Subject(1, 2), FoundIn::Body(3, 400), FoundIn::Attachment(1), FoundIn::People],
        found_at: TIME,
        drawn: true,
        entries: vec![
            entry(SupervisionStep::Opened),
            entry(SupervisionStep::Annotated),
            entry(SupervisionStep::Tagged(Finding::Questionable)),
            entry(SupervisionStep::Escalated(actor())),
            entry(SupervisionStep::Investigated { case: "k".to_owned(), hold: "h".to_owned() }),
            entry(SupervisionStep::Resolved(Finding::FalsePositive)),
            entry(SupervisionStep::CopyOf(SupervisionMatchNo(9))),
            entry(SupervisionStep::Drawn),
        ],
    };
    assert_frozen(
        &found,
        "0105fb221102fb2c0107032222222222222222222222222222222222222222222222222222222222222222010400\
         01020103fb9001020103fd00bc0d8337030000010800046f6c6761fd00bc0d8337030000016301046f6c6761fd00\
         bc0d833703000001630202046f6c6761fd00bc0d8337030000016303046f6c6761046f6c6761fd00bc0d83370300\
         00016304016b0168046f6c6761fd00bc0d833703000001630503046f6c6761fd00bc0d833703000001630609046f6c\
         6761fd00bc0d8337030000016307046f6c6761fd00bc0d83370300000163",
    );
    let (_directory, snapshot) = written(|transaction| {
        put_supervision_policy(transaction, &policy).unwrap();
        let open = SupervisionMatch { entries: Vec::new(), ..found.clone() };
        assert_eq!(insert_supervision_match(transaction, open).unwrap(), SupervisionMatchNo(1));
        assert!(insert_supervision_match(transaction, found.clone()).is_err(), "an item is found once");
    });
    assert_eq!(supervision_policies(&snapshot).unwrap(), [policy]);
    let mut open = Vec::new();
    open_supervision_matches(&snapshot, &mut |found| {
        open.push(found.no.0);
        Ok(())
    })
    .unwrap();
    assert_eq!(open, [1]);
    assert_eq!(
        supervision_match_of(&snapshot, SupervisionPolicyId(0x1122), ItemNo(300)).unwrap(),
        Some(SupervisionMatchNo(1))
    );
}
