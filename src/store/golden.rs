//! The bytes of every record, written down. A change here is a change of the format: it needs a new version byte and a
//! reader of the old one, not new bytes in this file.

use std::path::PathBuf;

use data_encoding::HEXLOWER;
use redb::ReadableTable as _;

use super::codec::{Record, decode, encode};
use super::content::{ContentWriter, NewMessage, PartSource, PreparedSegment};
use super::tables::{
    AUDIT_LEAVES, AUDIT_NODES, CONTENT_HASHES, DATE_ORDERS, DELIVERY_DIGESTS, FOLDERS, FROZEN_ITEMS, ITEMS, MAILBOXES,
    MAPPINGS, MESSAGE_DIGESTS, MESSAGE_ITEMS, MESSAGES, META, PACKS, PART_DIGESTS, PARTS, SETS, Snapshot, Tables as _,
    Transaction, UNSEARCHED,
};
use super::*;
use crate::message::segment::Encoding;
use crate::model::{
    Actor, Batch, BatchNo, BatchState, Case, CaseId, Connector, ConnectorKind, ConnectorNo, ConnectorReading,
    ConnectorRun, ConnectorSource, ContentHash, CredentialSource, Custodian, DateOrder, Defect, Delivery, Departure,
    Digest, FailedDelivery, FolderNo, FormerScope, FrozenSearch, Hold, HoldEvaluation, HoldId, HoldScope, Item,
    ItemLabel, ItemNo, ItemReview, LabelId, LabelOrigin, LabelStart, Ledger, Mailbox, MailboxNo, MappedId, Member,
    MessageNo, Participant, PolicyId, PolicyScope, PreservationLock, Quarantined, RecordKind, Release, ResultDigest,
    RetentionAction, RetentionEvent, RetentionLabel, RetentionPolicy, RetentionTrigger, ReviewDecision, ReviewEntry,
    ReviewNote, ReviewStage, ReviewWord, Role, RunCounts, RunState, SavedSearch, Schedule, SearchText, Trust, UtcTime,
};

/// 2026-01-15T12:00:00Z.
const TIME: UtcTime = UtcTime(1_768_478_400_000);

fn actor() -> Actor {
    Actor("olga".to_owned())
}

fn release() -> Release {
    Release { at: TIME, by: actor(), reason: "settled".to_owned() }
}

/// `record` has the bytes `golden`, and they read as `record`.
fn assert_frozen<R: Record + PartialEq + std::fmt::Debug>(record: &R, golden: &str) {
    let bytes = HEXLOWER.decode(golden.as_bytes()).unwrap();
    assert_eq!(HEXLOWER.encode(&encode(record).unwrap()), golden, "{}", R::NAME);
    assert_eq!(&decode::<R>(&bytes).unwrap(), record, "{}", R::NAME);
}

/// `golden`, written by an older version, reads as `record`.
fn assert_older<R: Record + PartialEq + std::fmt::Debug>(record: &R, golden: &str) {
    let bytes = HEXLOWER.decode(golden.as_bytes()).unwrap();
    assert_eq!(&decode::<R>(&bytes).unwrap(), record, "{}", R::NAME);
}

/// A store with what `change` writes.
fn written(change: impl FnOnce(&Transaction)) -> (tempfile::TempDir, Snapshot) {
    let directory = tempfile::tempdir().unwrap();
    let path: PathBuf = directory.path().join("archive.redb");
    let info = ArchiveInfo {
        format: FORMAT,
        id: "00112233445566778899aabbccddeeff".to_owned(),
        name: "sample".to_owned(),
        created_at: TIME,
        min_residence_days: 30,
    };
    let store = Store::create(&path, &info).unwrap();
    let transaction = store.begin().unwrap();
    change(&transaction);
    transaction.commit().unwrap();
    (directory, store.snapshot().unwrap())
}

macro_rules! assert_row {
    ($snapshot:expr, $table:ident, $key:expr, $golden:expr) => {{
        let table = $snapshot.table($table).unwrap();
        let row = table.get($key).unwrap().expect(stringify!($table));
        assert_eq!(HEXLOWER.encode(row.value().as_ref()), $golden, stringify!($table));
    }};
}

#[test]
fn the_description_of_an_archive() {
    let (_directory, snapshot) = written(|_| {});
    let golden = "01022030303131323233333434353536363737383839396161626263636464656566660673616d706c65fd00bc0d8337\
         0300001e";
    assert_row!(snapshot, META, "archive", golden);
}

#[test]
fn people_and_places() {
    let (_directory, snapshot) = written(|transaction| {
        let mailbox = Mailbox {
            no: MailboxNo(0),
            address: "ann@firm.example".to_owned(),
            display_name: "Ann".to_owned(),
            aliases: vec!["a@firm.example".to_owned()],
            phones: vec!["48555010001".to_owned()],
            attributes: [("department".to_owned(), "Sales".to_owned())].into(),
            active: true,
            created_at: TIME,
        };
        assert_eq!(insert_mailbox(transaction, mailbox).unwrap().no, MailboxNo(1));
        assert_eq!(insert_folder(transaction, MailboxNo(1), "Inbox").unwrap(), FolderNo(1));
        let mut items = ItemWriter::new(transaction).unwrap();
        items.add(Item {
            no: ItemNo(0),
            mailbox: MailboxNo(1),
            folder: FolderNo(1),
            message: MessageNo(3),
            batch: BatchNo(4),
            captured_at: TIME,
            created_at: UtcTime(-1),
        });
        items.finish().unwrap();
    });
    assert_row!(
        snapshot,
        MAILBOXES,
        1,
        "010110616e6e406669726d2e6578616d706c6503416e6e010e61406669726d2e6578616d706c65010b34383535353031\
         30303031010a6465706172746d656e740553616c657301fd00bc0d8337030000"
    );
    assert_row!(snapshot, FOLDERS, 1, "01010105496e626f78");
    assert_row!(snapshot, ITEMS, 0, "01010200060002000200080080f8b698f866000100");
    assert_row!(snapshot, MESSAGE_ITEMS, 0, "010106000200");
}

#[test]
fn the_mapping() {
    let row = MappedId {
        key: "number:44555010009".to_owned(),
        id: "+44 555 010 009".to_owned(),
        mailbox: Some("ann@firm.example".to_owned()),
        imported_at: TIME,
        imported_by: actor(),
    };
    let (_directory, snapshot) = written(|transaction| put_mapped_ids(transaction, [&row]).unwrap());
    assert_row!(
        snapshot,
        MAPPINGS,
        "number:44555010009",
        "010f2b34342035353520303130203030390110616e6e406669726d2e6578616d706c65fd00bc0d8337030000046f6c6761"
    );
    assert_eq!(mapped_ids(&snapshot).unwrap(), [row]);
}

#[test]
fn batches_and_what_they_could_not_store() {
    let ledger = Ledger {
        offered: 250,
        stored: 251,
        duplicate: 65_535,
        quarantined: 65_536,
        rejected: 4_294_967_295,
        same_content: 4_294_967_296,
        messages: 7,
        items: 8,
        bytes: 9,
    };
    let batch = Batch {
        no: BatchNo(4),
        source: "mail".to_owned(),
        actor: actor(),
        started_at: TIME,
        updated_at: TIME,
        state: BatchState::Complete,
        ledger,
    };
    assert_frozen(
        &batch,
        "0104046d61696c046f6c6761fd00bc0d8337030000fd00bc0d833703000001fafbfb00fbfffffc00000100fcffffffff\
         fd0000000001000000070809",
    );
    let rejected = RejectedRecord { origin: "a.eml".to_owned(), reason: "empty file".to_owned() };
    assert_frozen(&rejected, "0105612e656d6c0a656d7074792066696c65");
    let quarantined = Quarantined {
        message: MessageNo(3),
        batch: BatchNo(4),
        origin: "a.mbox, message 2".to_owned(),
        reason: "nobody".to_owned(),
        folder: "Inbox".to_owned(),
        captured_at: TIME,
        sought: vec!["+44555010009".to_owned()],
        others: vec![Participant {
            role: Role::To,
            name: "Ann".to_owned(),
            address: "a@whatsapp.invalid".to_owned(),
            number: Some("44555010009".to_owned()),
            id: None,
        }],
    };
    assert_frozen(
        &quarantined,
        "02030411612e6d626f782c206d6573736167652032066e6f626f647905496e626f78fd00bc0d8337030000010c2b343435\
         3535303130303039010103416e6e12614077686174736170702e696e76616c6964010b343435353530313030303900",
    );
    let first_version = "01030411612e6d626f782c206d6573736167652032066e6f626f647905496e626f78fd00bc0d8337030000";
    let read: Quarantined = decode(&HEXLOWER.decode(first_version.as_bytes()).unwrap()).unwrap();
    assert_eq!(read, Quarantined { sought: Vec::new(), others: Vec::new(), ..quarantined });
    assert!(decode::<Quarantined>(&[3, 1]).unwrap_err().to_string().contains("version 3 is unknown"));
}

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
        evaluation: HoldEvaluation { set: 0x937e_9e4c_d1a9_776c, through: MessageNo(7), rules: 0 },
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
    assert_frozen(
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
    let evaluation = HoldEvaluation { set: 9, through: MessageNo(3), rules: 2 };
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
    assert_frozen(
        &changed,
        "020107496e71756972790105000105496e626f7800010101fd00bc0d833703000001010201045039304401fd00bc0d83\
         37030000056c6567616c0d646f206e6f742064656c6574651168747470733a2f2f782e6578616d706c65066c65747465\
         72fd00bc0d8337030000046f6c67610001fd00bc0d8337030000046f6c676107736574746c656401fd00bc0d83370300\
         00046f6c676107736574746c656409030201000105496e626f7800010101fd00bc0d8337030000090302fd00bc0d8337\
         030000046f6c676107736574746c656401fd00bc0d8337030000046f6c676107736574746c6564",
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
    };
    assert_frozen(
        &approval,
        "010c686f6c642e72656c656173651039333765396534636431613937373663046f6c6761fd00bc0d8337030000076368\
         65636b6564",
    );
}

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
    assert_frozen(
        &RetentionPolicy { deletion_waits: true, ..adaptive },
        "03020553686f7274020c636f756e747279203d20504c0103fd00bc0d833703000001fd00bc0d83370300000104503330\
         4401fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c65640105496e626f78010a\
         6b696e643a656d61696c070104fd00bc0d833703000001fd00bc0d8337030000046f6c67610472756c6501",
    );
    let simulation = RuleSimulation { at: TIME, by: actor(), as_of: TIME, items: 9, eligible: 4 };
    assert_frozen(&simulation, "01fd00bc0d8337030000046f6c6761fd00bc0d83370300000904");
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
    };
    assert_older(
        &label,
        "01070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108\
         636f6e7472616374fd00bc0d8337030000046f6c676109",
    );
    let stage = |name: &str| ReviewStage { reviewers: vec![Actor(name.to_owned()), actor()] };
    let reviewed = RetentionLabel { review: vec![stage("ann"), stage("bob")], next: Some(LabelId(8)), ..label.clone() };
    assert_frozen(
        &reviewed,
        "02070108436f6e7472616374020450313059030c636f6e74726163742d656e64010109436f6e7472616374730108636f\
         6e7472616374fd00bc0d8337030000046f6c676109020203616e6e046f6c67610203626f62046f6c67610108",
    );
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
    };
    let entries = vec![
        entry(1, ReviewDecision::Approve),
        entry(2, ReviewDecision::Extend(TIME)),
        entry(1, ReviewDecision::AddReviewers(vec![Actor("ann".to_owned())])),
        entry(1, ReviewDecision::Relabel(LabelId(9))),
    ];
    assert_frozen(
        &ItemReview { entries, former: 4 },
        "0104070100046f6c6761fd00bc0d8337030000047365656e070201fd00bc0d8337030000046f6c6761fd00bc0d833703\
         0000047365656e0701030103616e6e046f6c6761fd00bc0d8337030000047365656e07010209046f6c6761fd00bc0d83\
         37030000047365656e04",
    );
}

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

#[test]
fn the_audit_log() {
    let (_directory, snapshot) = written(|transaction| {
        let act = Act { actor: &actor(), action: "init", object: "00112233", purpose: "", outcome: "done" };
        append_audit(transaction, TIME, &act).unwrap();
    });
    assert_row!(snapshot, AUDIT_LEAVES, 0, "0100fd00bc0d8337030000046f6c676104696e69740830303131323233330004646f6e65");
    assert_row!(snapshot, AUDIT_NODES, (0, 0), "2d70c07099a8e6ba16383c94eee67e6c2b63cc54f0d5839109ad083e2e5ca36f");
}

#[test]
fn contents() {
    let (_directory, snapshot) = written(|transaction| {
        let mut contents = ContentWriter::new(transaction).unwrap();
        let encoding = Encoding::Base64 { line_chars: 76, crlf: true, final_newline: false };
        let part = PreparedSegment::Part {
            encoding,
            digest: Digest([0x33; 32]),
            len: 5,
            source: PartSource::Memory(b"hello".to_vec()),
        };
        let message = NewMessage {
            digest: Digest([0x11; 32]),
            content_hash: ContentHash([0x22; 32]),
            raw_len: 300,
            sent_at: Some(TIME),
            received_at: None,
            captured_at: TIME,
            segments: vec![PreparedSegment::Literal(b"Subject: x\r\n\r\n".to_vec()), part],
        };
        assert_eq!(contents.append(message).unwrap(), MessageNo(1));
        contents.finish().unwrap();
    });
    assert_row!(
        snapshot,
        MESSAGES,
        1,
        "011111111111111111111111111111111111111111111111111111111111111111222222222222222222222222222222\
         2222222222222222222222222222222222fb2c0101fd00bc0d833703000000fd00bc0d8337030000010101"
    );
    assert_row!(snapshot, PARTS, 1, "0133333333333333333333333333333333333333333333333333333333333333330501010100");
    for (table, byte) in [(MESSAGE_DIGESTS, 0x11), (CONTENT_HASHES, 0x22), (PART_DIGESTS, 0x33)] {
        let key = [byte, byte, byte, byte, byte, 0, 0, 0, 0, 1];
        assert!(snapshot.table(table).unwrap().get(&key).unwrap().is_some());
    }
    let table = snapshot.table(PACKS).unwrap();
    let row = table.get((1, 0)).unwrap().unwrap();
    let raw = zstd::decode_all(row.value()).unwrap();
    assert_eq!(
        HEXLOWER.encode(&raw),
        "02000000050000001800000068656c6c6f0102000e0101014c01005375626a6563743a20780d0a0d0a"
    );
}

#[test]
fn sets_of_messages() {
    let (_directory, snapshot) = written(|transaction| {
        let numbers = (1..=10).chain([65_541]).map(MessageNo);
        extend_set(transaction, MessageSet::Folder(FolderNo(9)), numbers, []).unwrap();
        let all = [MessageSet::PartiallyIndexed, MessageSet::Quarantined, MessageSet::AttachmentsUnread];
        for set in all.into_iter().chain([MessageSet::HoldMatches(8)]) {
            extend_set(transaction, set, [MessageNo(5)], []).unwrap();
        }
    });
    assert_row!(snapshot, SETS, (1, 9, 0), "3b3000000100000900010001000900");
    for key in [(1, 9, 1), (2, 8, 0), (3, 0, 0), (4, 0, 0), (6, 0, 0)] {
        assert_row!(snapshot, SETS, key, "3a3000000100000000000000100000000500");
    }
}

#[test]
fn reasons_of_partially_indexed_messages() {
    let (_directory, snapshot) = written(|transaction| {
        put_unsearched(transaction, MessageNo(5), &[Defect::new("image", "a picture")], true).unwrap();
    });
    assert_row!(snapshot, UNSEARCHED, 5, "010105696d61676509612070696374757265");
    assert_row!(snapshot, SETS, (3, 0, 0), "3a3000000100000000000000100000000500");
    assert_row!(snapshot, SETS, (6, 0, 0), "3a3000000100000000000000100000000500");
    assert_eq!(unsearched(&snapshot, MessageNo(5)).unwrap(), [Defect::new("image", "a picture")]);
    assert_eq!(unsearched(&snapshot, MessageNo(6)).unwrap(), []);
}

#[test]
fn settings_and_date_orders() {
    let (_directory, snapshot) = written(|transaction| {
        set_timezone(transaction, "Europe/Berlin").unwrap();
        put_date_order(transaction, "whatsapp-export:Harbour", DateOrder::Mdy).unwrap();
    });
    assert_row!(snapshot, META, "timezone", HEXLOWER.encode(b"Europe/Berlin"));
    assert_row!(snapshot, DATE_ORDERS, "whatsapp-export:Harbour", "0101");
    assert_eq!(timezone(&snapshot).unwrap(), "Europe/Berlin");
    assert_eq!(date_orders(&snapshot).unwrap(), [("whatsapp-export:Harbour".to_owned(), DateOrder::Mdy)].into());
}

#[test]
fn connectors() {
    let source = ConnectorSource {
        from: "sftp://ann@host/in".to_owned(),
        host_key: Some("SHA256:x".to_owned()),
        key_file: Some("key".to_owned()),
        ca_file: None,
        credentials: CredentialSource::Keyring("host".to_owned()),
    };
    let reading = ConnectorReading {
        read_as: "auto".to_owned(),
        folder: Some("In".to_owned()),
        mailbox: None,
        create_mailboxes: true,
        mapping: Some("map.csv".to_owned()),
        region: Some("GB".to_owned()),
        mapping_only: false,
        timezone: Some("UTC".to_owned()),
        date_order: Some(DateOrder::Mdy),
        trust: Some(Trust::Journal),
        user_header: Some("X-Owner".to_owned()),
    };
    let removed = Connector {
        no: ConnectorNo(3),
        name: "chats".to_owned(),
        kind: ConnectorKind::Wechat,
        source,
        reading,
        schedule: Schedule::Daily { hour: 2, minute: 30 },
        checkpoint: "7/9".to_owned(),
        added_at: TIME,
        added_by: actor(),
        removed: Some(release()),
    };
    assert_frozen(
        &removed,
        "02030563686174730112736674703a2f2f616e6e40686f73742f696e01085348413235363a7801036b657900\
         0304686f7374046175746f0102496e000101076d61702e637376010247420001035554430101010101\
         07582d4f776e657201021e03372f\
         39fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c6564",
    );
    let first = "01030563686174730112736674703a2f2f616e6e40686f73742f696e01085348413235363a7801036b657900\
                 0304686f7374046175746f0102496e000101076d61702e63737601024742000103555443010101021e03372f\
                 39fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c6564";
    let mut before = removed.clone();
    (before.reading.trust, before.reading.user_header) = (None, None);
    assert_eq!(decode::<Connector>(&HEXLOWER.decode(first.as_bytes()).unwrap()).unwrap(), before);
    let source = ConnectorSource {
        from: "/in".to_owned(),
        host_key: None,
        key_file: None,
        ca_file: Some("ca".to_owned()),
        credentials: CredentialSource::None,
    };
    let in_use = Connector {
        kind: ConnectorKind::Mail,
        source,
        reading: ConnectorReading::default(),
        schedule: Schedule::default(),
        checkpoint: String::new(),
        removed: None,
        ..removed
    };
    assert_frozen(
        &in_use,
        "020305636861747302032f696e000001026361000000000000000000000000001800fd00bc0d8337030000046f6c\
         676100",
    );
}

#[test]
fn runs_and_deliveries_of_connectors() {
    let run = ConnectorRun {
        connector: ConnectorNo(3),
        no: 4,
        actor: actor(),
        started_at: TIME,
        ended_at: Some(TIME),
        state: RunState::Partly,
        batch: Some(BatchNo(5)),
        error: Some("e".to_owned()),
        counts: RunCounts { listed: 10, known: 4, recognised: 3, taken: 2, failed: 1 },
        failures: vec![FailedDelivery { id: "a.zip".to_owned(), reason: "cut".to_owned() }],
    };
    assert_frozen(
        &run,
        "010304046f6c6761fd00bc0d833703000001fd00bc0d83370300000201050101650a040302010105612e7a69\
         7003637574",
    );
    let row = Delivery {
        version: "v".to_owned(),
        digest: Digest([0x11; 32]),
        bytes: 300,
        place: "Sent".to_owned(),
        batch: BatchNo(5),
        same_as: Some("b.zip".to_owned()),
        at: TIME,
    };
    assert_frozen(
        &row,
        "0101761111111111111111111111111111111111111111111111111111111111111111fb2c010453656e7405\
         0105622e7a6970fd00bc0d8337030000",
    );
    let (_directory, snapshot) = written(|transaction| {
        put_delivery(transaction, ConnectorNo(3), "a.zip", &row).unwrap();
        put_delivery(transaction, ConnectorNo(3), "a.zip", &Delivery { digest: Digest([0x22; 32]), ..row.clone() })
            .unwrap();
    });
    let table = snapshot.table(DELIVERY_DIGESTS).unwrap();
    let keys: Vec<_> = table.iter().unwrap().map(|row| row.unwrap().0.value().1).collect();
    assert_eq!(keys, [0x2222_2222_2222_2222], "a delivery that changed is known by its new digest only");
    let found = delivery_by_digest(&snapshot, ConnectorNo(3), &Digest([0x22; 32]), "Sent").unwrap();
    assert_eq!(found.map(|(id, row)| (id, row.bytes)), Some(("a.zip".to_owned(), 300)));
    for (connector, digest, place) in [(3, 0x22, ""), (3, 0x11, "Sent"), (2, 0x22, "Sent"), (4, 0x22, "Sent")] {
        let found = delivery_by_digest(&snapshot, ConnectorNo(connector), &Digest([digest; 32]), place).unwrap();
        assert!(found.is_none(), "{connector} {digest} {place}");
    }
}

#[test]
fn saved_searches_and_frozen_results() {
    let search = SearchText {
        query: Some("harbour".to_owned()),
        lenient: true,
        no_expand: true,
        weeks_from_sunday: false,
        mailboxes: vec!["a@firm.example".to_owned()],
        folders: vec!["Inbox".to_owned()],
    };
    let saved = SavedSearch { name: "Harbour".to_owned(), search: search.clone(), saved_at: TIME, saved_by: actor() };
    assert_frozen(
        &saved,
        "0107486172626f75720107686172626f7572010100010e61406669726d2e6578616d706c650105496e626f78fd00\
         bc0d8337030000046f6c6761",
    );
    let frozen = FrozenSearch {
        name: "Harbour".to_owned(),
        no: 2,
        search,
        read_as: "harbour".to_owned(),
        people: vec![("to:ann".to_owned(), vec!["a@x".to_owned()])],
        warnings: vec![("W_X".to_owned(), 3, "m".to_owned())],
        frozen_at: TIME,
        frozen_by: actor(),
        last_message: MessageNo(300),
        index_rules: 3,
        program: "0.1.0".to_owned(),
        messages: 1,
        items: 2,
        bytes: 900,
        partially_indexed: 4,
        result: ResultDigest([0x11; 32]),
    };
    assert_frozen(
        &frozen,
        "0107486172626f7572020107686172626f7572010100010e61406669726d2e6578616d706c650105496e626f7807\
         686172626f75720106746f3a616e6e01036140780103575f5803016dfd00bc0d8337030000046f6c6761fb2c0103\
         05302e312e300102fb8403041111111111111111111111111111111111111111111111111111111111111111",
    );
    let items = [3, 65_536 + 4].into_iter().collect();
    let (_directory, snapshot) = written(|transaction| {
        put_saved_search(transaction, &saved).unwrap();
        insert_frozen_search(transaction, &frozen, &items).unwrap();
        assert!(insert_frozen_search(transaction, &frozen, &items).is_err(), "a result is never written over");
    });
    assert_row!(snapshot, FROZEN_ITEMS, ("Harbour", 2, 0), "3a3000000100000000000000100000000300");
    assert_row!(snapshot, FROZEN_ITEMS, ("Harbour", 2, 1), "3a3000000100000000000000100000000400");
    assert_eq!(frozen_items(&snapshot, &frozen).unwrap(), items);
    assert_eq!(frozen_searches(&snapshot, "Harbour").unwrap(), [frozen]);
}
