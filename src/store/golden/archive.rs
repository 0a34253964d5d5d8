//! The archive, its mailboxes, folders, mappings and batches.

use super::*;

#[test]
fn the_description_of_an_archive() {
    let (_directory, snapshot) = written(|_| {});
    let golden = "01052030303131323233333434353536363737383839396161626263636464656566660673616d706c65fd00bc0d8337\
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
    let ann = Participant {
        role: Role::To,
        name: "Ann".to_owned(),
        address: "a@whatsapp.invalid".to_owned(),
        number: Some("44555010009".to_owned()),
        id: None,
    };
    let folder = |path: &str, others| QuarantinedFolder { path: path.to_owned(), others };
    let quarantined = Quarantined {
        message: MessageNo(3),
        batch: BatchNo(4),
        origin: "a.mbox, message 2".to_owned(),
        reason: "nobody".to_owned(),
        captured_at: TIME,
        sought: vec!["+44555010009".to_owned()],
        folders: vec![folder("Inbox", vec![ann]), folder("Spam", Vec::new())],
    };
    assert_frozen(
        &quarantined,
        "03030411612e6d626f782c206d6573736167652032066e6f626f6479fd00bc0d8337030000010c2b3434353535303130303039\
         0205496e626f78010103416e6e12614077686174736170702e696e76616c6964010b343435353530313030303900045370616d00",
    );
    let second_version = "02030411612e6d626f782c206d6573736167652032066e6f626f647905496e626f78fd00bc0d8337030000010c2b343435\
         3535303130303039010103416e6e12614077686174736170702e696e76616c6964010b343435353530313030303900";
    let read: Quarantined = decode(&HEXLOWER.decode(second_version.as_bytes()).unwrap()).unwrap();
    let inbox = quarantined.folders.iter().take(1).cloned().collect();
    assert_eq!(read, Quarantined { folders: inbox, ..quarantined.clone() });
    let first_version = "01030411612e6d626f782c206d6573736167652032066e6f626f647905496e626f78fd00bc0d8337030000";
    let read: Quarantined = decode(&HEXLOWER.decode(first_version.as_bytes()).unwrap()).unwrap();
    let folders = vec![folder("Inbox", Vec::new())];
    assert_eq!(read, Quarantined { sought: Vec::new(), folders, ..quarantined });
    assert!(decode::<Quarantined>(&[4, 1]).unwrap_err().to_string().contains("version 4 is unknown"));
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
