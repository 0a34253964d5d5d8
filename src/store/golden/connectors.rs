//! Connectors, their runs and deliveries.

use super::*;

#[test]
fn connectors() {
    let source = ConnectorSource {
        from: "sftp://ann@host/in".to_owned(),
        host_key: Some("SHA256:x".to_owned()),
        key_file: Some("key".to_owned()),
        ca_file: None,
        oauth: Some(OauthClient {
            token_url: "https://t/".to_owned(),
            client_id: "id".to_owned(),
            scope: Some("s".to_owned()),
        }),
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
        "03030563686174730112736674703a2f2f616e6e40686f73742f696e01085348413235363a7801036b657900\
         010a68747470733a2f2f742f02696401017\
         30304686f7374046175746f0102496e000101076d61702e637376010247420001035554430101010101\
         07582d4f776e657201021e03372f\
         39fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c6564",
    );
    let first = "01030563686174730112736674703a2f2f616e6e40686f73742f696e01085348413235363a7801036b657900\
                 0304686f7374046175746f0102496e000101076d61702e63737601024742000103555443010101021e03372f\
                 39fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c6564";
    let second = "02030563686174730112736674703a2f2f616e6e40686f73742f696e01085348413235363a7801036b657900\
                  0304686f7374046175746f0102496e000101076d61702e637376010247420001035554430101010101\
                  07582d4f776e657201021e03372f\
                  39fd00bc0d8337030000046f6c676101fd00bc0d8337030000046f6c676107736574746c6564";
    let mut before = removed.clone();
    before.source.oauth = None;
    assert_eq!(decode::<Connector>(&HEXLOWER.decode(second.as_bytes()).unwrap()).unwrap(), before);
    (before.reading.trust, before.reading.user_header) = (None, None);
    assert_eq!(decode::<Connector>(&HEXLOWER.decode(first.as_bytes()).unwrap()).unwrap(), before);
    let source = ConnectorSource {
        from: "/in".to_owned(),
        host_key: None,
        key_file: None,
        ca_file: Some("ca".to_owned()),
        oauth: None,
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
        "030305636861747302032f696e00000102636100000000000000000000000000001800fd00bc0d8337030000046f6c\
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
