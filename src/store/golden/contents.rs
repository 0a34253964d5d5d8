//! Messages and parts, sets of them, and the audit log.

use super::*;

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
        "0201020011111111111111111111111111111111111111111111111111111111111111112222222222222222222222222222\
         222222222222222222222222222222222222d80400020080f8b698f866000000000080f8b698f866000200040000002802c4239b5c5494"
    );
    assert_row!(snapshot, PARTS, 1, "0133333333333333333333333333333333333333333333333333333333333333330501010100");
    for (table, byte) in [(MESSAGE_DIGESTS, 0x11), (CONTENT_HASHES, 0x22), (PART_DIGESTS, 0x33)] {
        let key = [byte, byte, byte, byte, byte, 0, 0, 0, 0, 1];
        assert!(snapshot.table(table).unwrap().get(&key).unwrap().is_some());
    }
    let table = snapshot.table(PACKS).unwrap();
    for (no, golden) in
        [(1_u64, "010000000500000068656c6c6f"), (2, "01000000180000000102000e0101014c01005375626a6563743a20780d0a0d0a")]
    {
        let row = table.get((no | 1 << 63, 0)).unwrap().unwrap();
        assert_eq!(HEXLOWER.encode(&zstd::decode_all(row.value()).unwrap()), golden);
    }
}

#[test]
fn rows_of_messages_of_formats_2_and_3() {
    let (directory, snapshot) = written(|transaction| {
        let golden = "011111111111111111111111111111111111111111111111111111111111111111222222222222222222222222222222\
            2222222222222222222222222222222222fb2c0101fd00bc0d833703000000fd00bc0d8337030000010101";
        let row = HEXLOWER.decode(golden.as_bytes()).unwrap();
        let mut table = transaction.writable(MESSAGES).unwrap();
        table.insert(1, row.as_slice()).unwrap();
        table.insert(3, row.as_slice()).unwrap();
        drop(table);
        let info = info::get(transaction).unwrap();
        info::put(transaction, &ArchiveInfo { format: 3, ..info }).unwrap();
    });
    drop(snapshot);
    let store = Store::open(&directory.path().join("archive.redb")).unwrap();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(message_count(&snapshot).unwrap(), 2);
    let row = message(&snapshot, MessageNo(3)).unwrap().unwrap();
    assert_eq!((row.digest, row.content_hash, row.raw_len), (Digest([0x11; 32]), ContentHash([0x22; 32]), 300));
    assert_eq!((row.sent_at, row.received_at, row.captured_at), (Some(TIME), None, TIME));
    assert_eq!(row.skeleton.len(), 1);
    for absent in [0, 2, 4] {
        assert_eq!(message(&snapshot, MessageNo(absent)).unwrap(), None);
    }
    let mut seen = Vec::new();
    messages(&snapshot, MessageNo(1), |no, row| {
        seen.push((no, row.raw_len));
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, [(MessageNo(3), 300)]);
}

#[test]
fn runs_of_digests() {
    let (_directory, snapshot) = written(|transaction| {
        let mut keys: Vec<_> = (1..=8_192).map(|no| (no << 40, no)).collect();
        digests::insert(transaction, DigestKind::Messages, keys.clone()).unwrap();
        assert_eq!(digest_counts(transaction).unwrap().messages, 8_192);
        keys = vec![(0x11 << 56, 8_193)];
        digests::insert(transaction, DigestKind::Messages, keys).unwrap();
    });
    assert_row!(snapshot, DIGEST_RUNS, (1, 1), "0101fb0120");
    assert!(snapshot.table(MESSAGE_DIGESTS).unwrap().iter().unwrap().next().is_none());
    let table = snapshot.table(MESSAGE_DIGEST_BLOCKS).unwrap();
    let (place, block) = table.iter().unwrap().next().unwrap().unwrap();
    assert_eq!(HEXLOWER.encode(place.value()), "0000000100000100000000000001");
    assert!(HEXLOWER.encode(block.value()).starts_with("01040200000000010000000000000001000000010002000000"));
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
        add_former_items(transaction, LabelId(7), &[5, 6].into_iter().collect()).unwrap();
        remove_former_item(transaction, LabelId(7), ItemNo(6)).unwrap();
    });
    assert_row!(snapshot, SETS, (1, 9, 0), "3b3000000100000900010001000900");
    for key in [(1, 9, 1), (2, 8, 0), (3, 0, 0), (4, 0, 0), (6, 0, 0), (10, 7, 0)] {
        assert_row!(snapshot, SETS, key, "3a3000000100000000000000100000000500");
    }
}

#[test]
fn renditions_of_chat_messages() {
    let (_directory, snapshot) = written(|transaction| {
        let text = Rendition { of: [7; 16], second: None, chat: None, media: None };
        put_rendition(transaction, MessageNo(5), &text).unwrap();
        let name = MediaName::Numbered("IMG-1".to_owned());
        let media = RenditionMedia { kind: MediaKind::Image, name, file: Some(Digest([9; 32])) };
        let with = Rendition { second: Some(59), media: Some(media), ..text.clone() };
        put_rendition(transaction, MessageNo(65_541), &with).unwrap();
        let group = Rendition { of: [8; 16], chat: Some(ChatSort::Group), ..with };
        put_rendition(transaction, MessageNo(7), &group).unwrap();
        let direct = Rendition { of: [9; 16], chat: Some(ChatSort::Direct), ..text };
        put_rendition(transaction, MessageNo(8), &direct).unwrap();
    });
    let table = snapshot.table(RENDITIONS).unwrap();
    assert_eq!(table.get((&[7; 16], 5)).unwrap().unwrap().value(), 0);
    assert_eq!(table.get((&[7; 16], 65_541)).unwrap().unwrap().value(), 121);
    for (message, of, row, second, chat) in
        [(7, [8; 16], 248, Some(59), ChatSort::Group), (8, [9; 16], 129, None, ChatSort::Direct)]
    {
        assert_eq!(table.get((&of, message)).unwrap().unwrap().value(), row);
        let read = rendition(&snapshot, MessageNo(message)).unwrap().unwrap();
        assert_eq!((read.second, read.chat, read.has_media()), (second, Some(chat), chat == ChatSort::Group));
    }
    assert_eq!(*snapshot.table(MESSAGE_RENDITIONS).unwrap().get(5).unwrap().unwrap().value(), [7; 16]);
    assert_row!(
        snapshot,
        RENDITION_MEDIA,
        65_541,
        "01010105494d472d31010909090909090909090909090909090909090909090909090909090909090909"
    );
    let read = rendition(&snapshot, MessageNo(65_541)).unwrap().unwrap();
    assert_eq!((read.second, read.has_media()), (Some(59), true));
    let numbers: Vec<_> = renditions(&snapshot, [7; 16]).unwrap().iter().map(|known| known.message.0).collect();
    assert_eq!(numbers, [5, 65_541]);
    for key in [(7, 0, 0), (7, 0, 1)] {
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
