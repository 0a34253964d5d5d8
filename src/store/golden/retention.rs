//! Policies, labels, events and reviews.

use super::*;

#[test]
fn policies() {
    let in_force = RetentionPolicy {
        id: PolicyId(0xc315_2339_2b71_45a0),
        name: "One year".to_owned(),
        scope: PolicyScope::All { except: vec![MailboxNo(2)] },
        action: RetentionAction::RetainAndDelete,
        period: "P1Y".parse().unwrap(),
        trigger: RetentionTrigger::Created,
        added_at: TIME,
        added_by: actor(),
        released: None,
        folders: Vec::new(),
        query: None,
        evaluated_through: MessageNo(0),
        left: Vec::new(),
        lock: None,
        deletion_waits: false,
        evaluated_rules: 0,
        refused: None,
        people: None,
    };
    assert_older(&in_force, "01fda045712b392315c3084f6e652079656172000102020350315900fd00bc0d8337030000046f6c676100");
    let removed = RetentionPolicy {
        id: PolicyId(2),
        name: "Short".to_owned(),
        scope: PolicyScope::Include(vec![MailboxNo(1), MailboxNo(2)]),
        action: RetentionAction::Delete,
        period: "P30D".parse().unwrap(),
        trigger: RetentionTrigger::Modified,
        released: Some(release()),
        ..in_force
    };
    assert_older(
        &removed,
        "01020553686f72740102010201045033304401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c6761\
         07736574746c6564",
    );
    let adaptive = RetentionPolicy {
        scope: PolicyScope::Adaptive {
            query: "country = PL".to_owned(),
            members: vec![Member { mailbox: MailboxNo(3), since: TIME }],
            empty_since: Some(TIME),
        },
        folders: vec!["Inbox".to_owned()],
        query: Some("kind:email".to_owned()),
        evaluated_through: MessageNo(7),
        left: vec![Departure { mailbox: MailboxNo(4), at: TIME }],
        lock: Some(PreservationLock { at: TIME, by: actor(), reason: "rule".to_owned() }),
        ..removed
    };
    assert_older(
        &adaptive,
        "02020553686f7274020c636f756e747279203d20504c0103fd00bc0d833703000001fd00bc0d83370300000104503330\
         4401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c65640105496e626f78010a\
         6b696e643a656d61696c070104fd00bc0d833703000001fd00bc0d8337030000046f6c67610472756c65",
    );
    let waiting = RetentionPolicy { deletion_waits: true, ..adaptive };
    assert_older(
        &waiting,
        "03020553686f7274020c636f756e747279203d20504c0103fd00bc0d833703000001fd00bc0d83370300000104503330\
         4401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c65640105496e626f78010a\
         6b696e643a656d61696c070104fd00bc0d833703000001fd00bc0d8337030000046f6c67610472756c6501",
    );
    assert_older(
        &waiting,
        "04020553686f7274020c636f756e747279203d20504c0103fd00bc0d833703000001fd00bc0d83370300000104503330\
         4401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c65640105496e626f78010a\
         6b696e643a656d61696c070104fd00bc0d833703000001fd00bc0d8337030000046f6c67610472756c65010a",
    );
    let refused = RetentionPolicy { refused: Some("why".to_owned()), ..waiting };
    assert_older(
        &refused,
        "05020553686f7274020c636f756e747279203d20504c0103fd00bc0d833703000001fd00bc0d83370300000104503330\
         4401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c65640105496e626f78010a\
         6b696e643a656d61696c070104fd00bc0d833703000001fd00bc0d8337030000046f6c67610472756c65010a0103776879",
    );
    assert_frozen(
        &RetentionPolicy { evaluated_rules: 10, people: Some(Digest([7; 32])), ..refused },
        "06020553686f7274020c636f756e747279203d20504c0103fd00bc0d833703000001fd00bc0d83370300000104503330\
         4401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c65640105496e626f78010a\
         6b696e643a656d61696c070104fd00bc0d833703000001fd00bc0d8337030000046f6c67610472756c65010a01037768\
         79010707070707070707070707070707070707070707070707070707070707070707",
    );
}

#[test]
fn simulations() {
    let of_a_rule = ScheduleSimulation {
        at: TIME,
        by: actor(),
        as_of: TIME,
        items: 9,
        eligible: 4,
        schedule: RetentionSchedule::default(),
    };
    assert_older(&of_a_rule, "01fd00bc0d8337030000046f6c6761fd00bc0d83370300000904");
    let policy = ScheduledPolicy {
        name: "Mail".to_owned(),
        scope: PolicyScope::Include(vec![MailboxNo(1)]),
        action: RetentionAction::RetainAndDelete,
        period: "P7Y".parse().unwrap(),
        trigger: RetentionTrigger::Created,
        folders: vec!["inbox".to_owned()],
        query: Some("kind:email".to_owned()),
    };
    let label = ScheduledLabel {
        name: "Draft".to_owned(),
        action: RetentionAction::Retain,
        period: "P30D".parse().unwrap(),
        start: LabelStart::Labelled,
        record: RecordKind::Record,
        folders: vec!["drafts".to_owned()],
        query: None,
        review: vec![ReviewStage { reviewers: vec![actor()] }],
        next: Some("Gone".to_owned()),
    };
    assert_older(
        &of_a_rule,
        "02fd00bc0d8337030000046f6c6761fd00bc0d8337030000090401044d61696c0101010203503759000105696e626f78010a\
         6b696e643a656d61696c0105447261667400045033304402010664726166747300010104476f6e65",
    );
    let schedule = RetentionSchedule { policies: vec![policy], labels: Vec::new() };
    assert_older(
        &ScheduleSimulation { schedule: schedule.clone(), ..of_a_rule.clone() },
        "02fd00bc0d8337030000046f6c6761fd00bc0d8337030000090401044d61696c0101010203503759000105696e626f78010a\
         6b696e643a656d61696c00",
    );
    let schedule = RetentionSchedule { labels: vec![label], ..schedule };
    assert_frozen(
        &ScheduleSimulation { schedule, ..of_a_rule },
        "03fd00bc0d8337030000046f6c6761fd00bc0d8337030000090401044d61696c0101010203503759000105696e626f78010a\
         6b696e643a656d61696c010544726166740004503330440201010664726166747300010104\
         6f6c67610104476f6e65",
    );
}

#[test]
fn labels_and_events() {
    let label = RetentionLabel {
        id: LabelId(7),
        no: 1,
        name: "Contract".to_owned(),
        action: RetentionAction::RetainAndDelete,
        period: "P10Y".parse().unwrap(),
        start: LabelStart::Event("contract-end".to_owned()),
        record: RecordKind::Record,
        folders: vec!["Contracts".to_owned()],
        query: Some("contract".to_owned()),
        added_at: TIME,
        added_by: actor(),
        offered_through: ItemNo(9),
        review: Vec::new(),
        next: None,
        offered_rules: 0,
        matched_through: ItemNo(9),
        refused: None,
        evaluation: None,
        review_since: None,
        review_generation: 0,
        mended_at: None,
        people: None,
    };
    assert_older(
        &label,
        "01070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108\
         636f6e7472616374fd00bc0d8337030000046f6c676109",
    );
    let stage = |name: &str| ReviewStage { reviewers: vec![Actor(name.to_owned()), actor()] };
    let reviewed = RetentionLabel { review: vec![stage("ann"), stage("bob")], next: Some(LabelId(8)), ..label.clone() };
    assert_older(
        &reviewed,
        "02070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c67610108",
    );
    assert_older(
        &reviewed,
        "03070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a",
    );
    let refused = RetentionLabel { matched_through: ItemNo(5), refused: Some("why".to_owned()), ..reviewed };
    assert_older(
        &refused,
        "04070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a050103776879",
    );
    let evaluated =
        RetentionLabel { evaluation: Some(LabelEvaluation { through: MessageNo(6), rules: 12 }), ..refused };
    assert_older(
        &evaluated,
        "05070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a050103776879\
         01060c",
    );
    let reviewed_anew = RetentionLabel { review_since: Some(TIME), review_generation: 1, ..evaluated };
    assert_older(
        &reviewed_anew,
        "06070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a050103776879\
         01060c01fd00bc0d8337030000",
    );
    let thrice = RetentionLabel { review_generation: 3, ..reviewed_anew };
    assert_older(
        &thrice,
        "07070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a050103776879\
         01060c01fd00bc0d833703000003",
    );
    let mended = RetentionLabel { mended_at: Some(TIME), ..thrice };
    assert_older(
        &mended,
        "08070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a050103776879\
         01060c01fd00bc0d83370300000301fd00bc0d8337030000",
    );
    assert_frozen(
        &RetentionLabel { offered_rules: 10, people: Some(Digest([7; 32])), ..mended },
        "09070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c676101080a050103\
         77687901060c01fd00bc0d83370300000301fd00bc0d8337030000010707070707070707070707070707070707070707\
         070707070707070707070707",
    );
    assert_frozen(&ClearedLabels { labels: vec![LabelId(7), LabelId(9)] }, "01020709");
    let (set_at, set_by, asset) = (TIME, actor(), Some("C-1".to_owned()));
    let on_item = ItemLabel { label: label.id, set_at, set_by, origin: LabelOrigin::Folder, asset };
    assert_older(&on_item, "0107fd00bc0d8337030000046f6c6761010103432d31");
    assert_frozen(&on_item, "0207fd00bc0d8337030000046f6c6761010103432d31");
    let succeeding = ItemLabel { origin: LabelOrigin::Succession, asset: None, ..on_item };
    assert_frozen(&succeeding, "0207fd00bc0d8337030000046f6c67610300");
    let (kind, asset) = ("contract-end".to_owned(), "C-1".to_owned());
    let event = RetentionEvent { no: 2, kind, asset, at: TIME, recorded_at: TIME, recorded_by: actor() };
    assert_frozen(&event, "01020c636f6e74726163742d656e6403432d31fd00bc0d8337030000fd00bc0d8337030000046f6c6761");
}

#[test]
fn reviews_of_items() {
    let entry = |stage, decision| ReviewEntry {
        label: LabelId(7),
        stage,
        decision,
        by: actor(),
        at: TIME,
        comment: "seen".to_owned(),
        generation: 0,
    };
    let entries = vec![
        entry(1, ReviewDecision::Approve),
        entry(2, ReviewDecision::Extend(TIME)),
        entry(1, ReviewDecision::AddReviewers(vec![Actor("ann".to_owned())])),
        entry(1, ReviewDecision::Relabel(LabelId(9))),
    ];
    let review = ItemReview { entries, former: 4 };
    assert_older(
        &review,
        "0104070100046f6c6761fd00bc0d8337030000047365656e070201fd00bc0d8337030000046f6c6761fd00bc0d833703\
         0000047365656e0701030103616e6e046f6c6761fd00bc0d8337030000047365656e07010209046f6c6761fd00bc0d83\
         37030000047365656e04",
    );
    let later = ReviewEntry { generation: 5, ..entry(1, ReviewDecision::Approve) };
    assert_frozen(
        &ItemReview { entries: vec![entry(1, ReviewDecision::Approve), later], former: 1 },
        "0202070100046f6c6761fd00bc0d8337030000047365656e00070100046f6c6761fd00bc0d8337030000047365656e0501",
    );
}
