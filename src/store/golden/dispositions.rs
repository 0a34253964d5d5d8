//! Disposition records and runs.

use super::*;

#[test]
fn disposition_records() {
    let first = DispositionRecord {
        item: ItemNo(8),
        message: MessageNo(6),
        digest: Digest([0x11; 32]),
        mailbox: "ann@firm.example".to_owned(),
        folder: "Inbox".to_owned(),
        rule: "One year".to_owned(),
        plan: Digest([0x22; 32]),
        disposed_at: TIME,
        content_destroyed: true,
        content: None,
        reviewers: Vec::new(),
        label: None,
        reviews: Vec::new(),
    };
    let golden = "010806111111111111111111111111111111111111111111111111111111111111111110616e6e406669726d2e657861\
         6d706c6505496e626f78084f6e6520796561722222222222222222222222222222222222222222222222222222222222\
         222222fd00bc0d833703000001";
    assert_eq!(decode::<DispositionRecord>(&HEXLOWER.decode(golden.as_bytes()).unwrap()).unwrap(), first);
    let content = SaltedContentHash { salt: [0x33; 16], hash: Digest([0x44; 32]) };
    let record = DispositionRecord { content: Some(content), reviewers: vec![actor()], ..first };
    assert_older(
        &record,
        "020806111111111111111111111111111111111111111111111111111111111111111110616e6e406669726d2e657861\
         6d706c6505496e626f78084f6e6520796561722222222222222222222222222222222222222222222222222222222222\
         222222fd00bc0d8337030000010133333333333333333333333333333333444444444444444444444444444444444444\
         444444444444444444444444444401046f6c6761",
    );
}

#[test]
fn disposition_records_with_reviews() {
    let note = ReviewNote {
        label: "Contract".to_owned(),
        stage: 1,
        decision: ReviewWord::Extend,
        until: Some(TIME),
        new_label: None,
        reviewers: vec![Actor("bob".to_owned())],
        by: actor(),
        at: TIME,
        comment: "seen".to_owned(),
    };
    let record = DispositionRecord {
        item: ItemNo(8),
        message: MessageNo(6),
        digest: Digest([0x11; 32]),
        mailbox: "ann".to_owned(),
        folder: "In".to_owned(),
        rule: "One".to_owned(),
        plan: Digest([0x22; 32]),
        disposed_at: TIME,
        content_destroyed: false,
        content: None,
        reviewers: vec![actor()],
        label: Some("Contract".to_owned()),
        reviews: vec![note],
    };
    assert_frozen(
        &record,
        "030806111111111111111111111111111111111111111111111111111111111111111103616e6e02496e034f6e652222\
         222222222222222222222222222222222222222222222222222222222222fd00bc0d8337030000000001046f6c676101\
         08436f6e74726163740108436f6e7472616374010101fd00bc0d8337030000000103626f62046f6c6761fd00bc0d8337\
         030000047365656e",
    );
}

#[test]
fn executions_of_plans() {
    let run = DispositionRun {
        plan: Digest([0x22; 32]),
        executed_at: TIME,
        executed_by: actor(),
        approved_by: Some(actor()),
        items: 5,
        messages: 4,
        records: Digest([0x33; 32]),
        audit_entry: 17,
    };
    assert_frozen(
        &run,
        "012222222222222222222222222222222222222222222222222222222222222222fd00bc0d8337030000046f6c676101\
         046f6c67610504333333333333333333333333333333333333333333333333333333333333333311",
    );
}
