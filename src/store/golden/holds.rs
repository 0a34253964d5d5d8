//! Holds, cases and approvals.

use super::*;

fn hold() -> Hold {
    Hold {
        id: HoldId(0x937e_9e4c_d1a9_776c),
        name: "Inquiry".to_owned(),
        case: None,
        scope: HoldScope {
            mailboxes: Some(vec![MailboxNo(1), MailboxNo(2)]),
            query: Some("harbour".to_owned()),
            ..HoldScope::default()
        },
        follows_custodians: false,
        custodians: Vec::new(),
        duration: None,
        stated_date: None,
        owner: String::new(),
        comment: String::new(),
        url: String::new(),
        reason: "letter".to_owned(),
        placed_at: TIME,
        placed_by: actor(),
        on_since: Some(TIME),
        released: Some(release()),
        delay_ended: None,
        evaluation: HoldEvaluation { set: 0x937e_9e4c_d1a9_776c, through: MessageNo(7), rules: 0, people: None },
        former: Vec::new(),
    }
}

#[test]
fn holds_of_the_first_version() {
    let first = "01fd6c77a9d14c9e7e9307496e7175697279010201020107686172626f7572066c6574746572fd00bc0d833703000004\
         6f6c676101fd00bc0d8337030000046f6c676107736574746c656407";
    assert_eq!(decode::<Hold>(&HEXLOWER.decode(first.as_bytes()).unwrap()).unwrap(), hold());
    let on = "010103416c6c0000066c6574746572fd00bc0d8337030000046f6c67610000";
    let on = decode::<Hold>(&HEXLOWER.decode(on.as_bytes()).unwrap()).unwrap();
    assert_eq!((on.scope, on.on_since, on.released), (HoldScope::default(), Some(TIME), None));
}

#[test]
fn holds() {
    assert_older(
        &hold(),
        "02fd6c77a9d14c9e7e9307496e71756972790001020102000107686172626f7572000000000000000000066c65747465\
         72fd00bc0d8337030000046f6c676101fd00bc0d833703000001fd00bc0d8337030000046f6c676107736574746c6564\
         00fd6c77a9d14c9e7e93070000",
    );
    let scope = HoldScope {
        mailboxes: None,
        folders: vec!["Inbox".to_owned()],
        query: None,
        from: Some(UtcTime(-1)),
        before: Some(TIME),
    };
    let evaluation = HoldEvaluation { set: 9, through: MessageNo(3), rules: 2, people: None };
    let changed = Hold {
        id: HoldId(1),
        case: Some(CaseId(5)),
        follows_custodians: true,
        custodians: vec![MailboxNo(2)],
        duration: Some("P90D".parse().unwrap()),
        stated_date: Some(TIME),
        owner: "legal".to_owned(),
        comment: "do not delete".to_owned(),
        url: "https://x.example".to_owned(),
        on_since: None,
        delay_ended: Some(release()),
        evaluation,
        former: vec![FormerScope { scope: scope.clone(), evaluation, ended: release(), delay_ended: Some(release()) }],
        scope,
        ..hold()
    };
    let unknown = HoldEvaluation { rules: 0, ..evaluation };
    let former = |evaluation| {
        changed.former.iter().map(|former| FormerScope { evaluation, ..former.clone() }).collect::<Vec<_>>()
    };
    assert_older(
        &Hold { evaluation: unknown, former: former(unknown), ..changed.clone() },
        "020107496e71756972790105000105496e626f7800010101fd00bc0d833703000001010201045039304401fd00bc0d83\
         37030000056c6567616c0d646f206e6f742064656c6574651168747470733a2f2f782e6578616d706c65066c65747465\
         72fd00bc0d8337030000046f6c67610001fd00bc0d8337030000046f6c676107736574746c656401fd00bc0d83370300\
         00046f6c676107736574746c656409030201000105496e626f7800010101fd00bc0d8337030000090302fd00bc0d8337\
         030000046f6c676107736574746c656401fd00bc0d8337030000046f6c676107736574746c6564",
    );
    let named = HoldEvaluation { people: Some(Digest([7; 32])), ..evaluation };
    assert_frozen(
        &Hold { evaluation: named, former: former(named), ..changed },
        "030107496e71756972790105000105496e626f7800010101fd00bc0d833703000001010201045039304401fd00bc0d83\
         37030000056c6567616c0d646f206e6f742064656c6574651168747470733a2f2f782e6578616d706c65066c65747465\
         72fd00bc0d8337030000046f6c67610001fd00bc0d8337030000046f6c676107736574746c656401fd00bc0d83370300\
         00046f6c676107736574746c656409030201070707070707070707070707070707070707070707070707070707070707\
         070701000105496e626f7800010101fd00bc0d8337030000090302010707070707070707070707070707070707070707\
         070707070707070707070707fd00bc0d8337030000046f6c676107736574746c656401fd00bc0d8337030000046f6c67\
         6107736574746c6564",
    );
}

#[test]
fn cases_and_approvals() {
    let custodian = Custodian { mailbox: MailboxNo(2), added_at: TIME, added_by: actor(), released: Some(release()) };
    let case = Case {
        id: CaseId(5),
        name: "Harbour".to_owned(),
        description: "theft".to_owned(),
        created_at: TIME,
        created_by: actor(),
        custodians: vec![custodian],
        closed: Some(release()),
        deleted: None,
    };
    assert_frozen(
        &case,
        "010507486172626f7572057468656674fd00bc0d8337030000046f6c67610102fd00bc0d8337030000046f6c676101fd\
         00bc0d8337030000046f6c676107736574746c656401fd00bc0d8337030000046f6c676107736574746c656400",
    );
    let approval = Approval {
        action: "hold.release".to_owned(),
        object: "937e9e4cd1a9776c".to_owned(),
        by: actor(),
        at: TIME,
        reason: "checked".to_owned(),
        state: None,
        clock: None,
    };
    assert_older(
        &approval,
        "010c686f6c642e72656c656173651039333765396534636431613937373663046f6c6761fd00bc0d8337030000076368\
         65636b6564",
    );
    assert_frozen(
        &Approval { state: Some(Digest([7; 32])), clock: Some(TIME), ..approval },
        "020c686f6c642e72656c656173651039333765396534636431613937373663046f6c6761fd00bc0d8337030000076368\
         65636b656401070707070707070707070707070707070707070707070707070707070707070701fd00bc0d8337030000\
         ",
    );
}

#[test]
fn an_approval_has_a_row_of_its_giver_and_one_of_an_older_key_is_read() {
    let approval = |by: &str| Approval {
        action: "hold.release".to_owned(),
        object: "937e9e4cd1a9776c".to_owned(),
        by: Actor(by.to_owned()),
        at: TIME,
        reason: "checked".to_owned(),
        state: None,
        clock: None,
    };
    let older = "hold.release 937e9e4cd1a9776c";
    let (_directory, snapshot) = written(|transaction| {
        let bytes = encode(&approval("olga")).unwrap();
        transaction.writable(APPROVALS).unwrap().insert(older, bytes.as_slice()).unwrap();
        put_approval(transaction, &approval("ann")).unwrap();
        put_approval(transaction, &approval("bob")).unwrap();
        remove_approval(transaction, &approval("bob")).unwrap();
    });
    let given: Vec<String> = approvals(&snapshot).unwrap().into_iter().map(|given| given.by.0).collect();
    assert_eq!(given, ["olga", "ann"]);
    assert!(snapshot.table(APPROVALS).unwrap().get("hold.release 937e9e4cd1a9776c ann").unwrap().is_some());
}

#[test]
fn hold_notices_and_letters() {
    let entry = |event| NoticeEntry { event, at: TIME, by: actor(), channel: "mail".to_owned(), version: 2 };
    let letter = NoticeEvent::Letter { kind: LetterKind::Reminder, number: 300, digest: Digest([0x22; 32]) };
    let text = |subject: &str| LetterText { subject: subject.to_owned(), body: "b".to_owned() };
    let notice = HoldNotice {
        id: HoldNoticeId(0x1122),
        case: CaseId(0x3344),
        name: "n".to_owned(),
        officer_name: "Lena".to_owned(),
        officer_address: "l@f".to_owned(),
        letters: LetterKind::ALL.into_iter().map(|kind| (kind, text(kind.as_str()))).collect(),
        reminders: Some(Repetition { days: 7, times: 3 }),
        escalations: None,
        portal: vec![PortalText { text: "p".to_owned(), at: TIME, by: actor() }],
        written: 300,
        created_at: TIME,
        created_by: actor(),
        custodians: vec![NotifiedCustodian {
            mailbox: MailboxNo(3),
            added_at: TIME,
            entries: vec![entry(letter), entry(NoticeEvent::Acknowledged { comment: "c".to_owned() })],
        }],
    };
    assert_frozen(
        &notice,
        "01fb2211fb4433016e044c656e61036c406605000869737375616e63650162010a726569737375616e6365016202\
         0872656d696e6465720162030a657363616c6174696f6e0162040772656c65617365016201070300010170fd00bc\
         0d8337030000046f6c6761fb2c01fd00bc0d8337030000046f6c67610103fd00bc0d8337030000020002fb2c0122\
         22222222222222222222222222222222222222222222222222222222222222fd00bc0d8337030000046f6c676104\
         6d61696c02010163fd00bc0d8337030000046f6c6761046d61696c02",
    );
    let (_directory, snapshot) = written(|transaction| {
        put_hold_notice(transaction, &notice).unwrap();
        put_hold_notice_letter(transaction, notice.id, 300, b"mail").unwrap();
    });
    assert_row!(snapshot, HOLD_NOTICE_LETTERS, (0x1122, 300), "6d61696c");
    assert!(snapshot.table(HOLD_NOTICES).unwrap().get(0x1122).unwrap().is_some());
}
