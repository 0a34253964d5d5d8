//! Files of binary formats, made here from their specifications.

use std::io::{Cursor, Write as _};

use cfb::CompoundFile;

fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file");
    for (name, bytes) in streams {
        file.create_stream(format!("/{name}")).expect("a stream").write_all(bytes).expect("memory takes it");
    }
    file.flush().expect("memory takes it");
    file.into_inner().into_inner()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A document of Word 97 (MS-DOC): one piece in single bytes, one in UTF-16.
pub(crate) fn doc(narrow: &str, other: &str) -> Vec<u8> {
    let mut main = vec![0_u8; 0x400];
    main[2..4].copy_from_slice(&193_u16.to_le_bytes());
    main[10..12].copy_from_slice(&0x0200_u16.to_le_bytes());
    let (first, second) = (main.len(), main.len() + narrow.len());
    main.extend_from_slice(narrow.as_bytes());
    main.extend(wide(other));
    let ends = [0, narrow.len(), narrow.len() + other.encode_utf16().count()];
    let mut pieces: Vec<u8> = ends.iter().flat_map(|end| (*end as u32).to_le_bytes()).collect();
    for place in [(first as u32 * 2) | 0x4000_0000, second as u32] {
        pieces.extend([0, 0]);
        pieces.extend(place.to_le_bytes());
        pieces.extend([0, 0]);
    }
    let mut table = vec![2];
    table.extend((pieces.len() as u32).to_le_bytes());
    table.extend(pieces);
    main[0x1A2..0x1A6].copy_from_slice(&0_u32.to_le_bytes());
    main[0x1A6..0x1AA].copy_from_slice(&(table.len() as u32).to_le_bytes());
    compound(&[("WordDocument", main), ("1Table", table), ("\u{5}SummaryInformation", summary())])
}

/// A property set (MS-OLEPS): title, author, when it was made and saved.
fn summary() -> Vec<u8> {
    let text = |text: &str| {
        let length = text.len() as u32 + 1;
        [&30_u32.to_le_bytes()[..], &length.to_le_bytes(), text.as_bytes(), &[0; 4]].concat()
    };
    let time = |ticks: u64| [&64_u32.to_le_bytes()[..], &ticks.to_le_bytes()].concat();
    let (created, saved) = (129_491_392_890_000_000, 129_807_616_890_000_000);
    let code_page = [&2_u32.to_le_bytes()[..], &1252_u32.to_le_bytes()].concat();
    let values =
        [(1_u32, code_page), (2, text("titleword")), (4, text("Clara Author")), (12, time(created)), (13, time(saved))];
    let mut set = (8 + 8 * values.len() as u32).to_le_bytes().to_vec();
    set.extend((values.len() as u32).to_le_bytes());
    let mut at = 8 + 8 * values.len() as u32;
    for (id, value) in &values {
        set.extend(id.to_le_bytes());
        set.extend(at.to_le_bytes());
        at += value.len() as u32;
    }
    for (_, value) in values {
        set.extend(value);
    }
    let mut stream = vec![0_u8; 44];
    stream[24] = 1;
    stream.extend(48_u32.to_le_bytes());
    stream.extend(set);
    stream
}

fn record(kind: u16, version: u8, body: &[u8]) -> Vec<u8> {
    let mut record = vec![version, 0];
    record.extend(kind.to_le_bytes());
    record.extend((body.len() as u32).to_le_bytes());
    record.extend(body);
    record
}

/// A presentation of PowerPoint 97 (MS-PPT): a slide with two texts, and a master.
pub(crate) fn ppt(narrow: &str, other: &str) -> Vec<u8> {
    let slide = [record(0x0FA8, 0, narrow.as_bytes()), record(0x0FA0, 0, &wide(other))].concat();
    let master = record(0x0FA8, 0, b"masterword");
    let document = [record(0x03F8, 0x0F, &master), record(0x03EE, 0x0F, &slide)].concat();
    compound(&[("PowerPoint Document", document)])
}

/// A workbook of Excel 97 (MS-XLS) with one cell.
pub(crate) fn xls(text: &str) -> Vec<u8> {
    let biff = |kind: u16, body: &[u8]| [&kind.to_le_bytes()[..], &(body.len() as u16).to_le_bytes(), body].concat();
    let begin = |kind: u16| biff(0x0809, &[&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let globals = |place: u32| {
        let name = b"Sheet";
        let sheet = [&place.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name].concat();
        [begin(5), biff(0x0085, &sheet), biff(0x000A, &[])].concat()
    };
    let place = globals(0).len() as u32;
    let label = [&[0, 0, 0, 0, 0, 0][..], &(text.len() as u16).to_le_bytes(), &[0], text.as_bytes()].concat();
    let sheet = [begin(0x10), biff(0x0204, &label), biff(0x000A, &[])].concat();
    compound(&[("Workbook", [globals(place), sheet].concat())])
}

/// An Office file that is encrypted.
pub(crate) fn encrypted() -> Vec<u8> {
    compound(&[("EncryptionInfo", vec![4, 0, 4, 0]), ("EncryptedPackage", vec![7; 64])])
}

/// An Outlook message (MS-OXMSG) with subject and body.
pub(crate) fn msg(subject: &str, body: &str) -> Vec<u8> {
    compound(&[
        ("__properties_version1.0", vec![0; 32]),
        ("__substg1.0_0037001F", wide(subject)),
        ("__substg1.0_1000001F", wide(body)),
        ("__substg1.0_001A001F", wide("IPM.Note")),
    ])
}

/// `winmail.dat` (MS-OXTNEF) with a body and one file.
pub(crate) fn tnef(body: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = 0x223E_9F78_u32.to_le_bytes().to_vec();
    file.extend([1, 0]);
    let mut attribute = |level: u8, id: u32, data: &[u8]| {
        file.push(level);
        file.extend(id.to_le_bytes());
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        file.extend(sum.to_le_bytes());
    };
    let text = [wide(body), vec![0, 0]].concat();
    let mut properties = 2_u32.to_le_bytes().to_vec();
    properties.extend(0x0003_u32.to_le_bytes().iter().copied().take(2));
    properties.extend(0x0017_u16.to_le_bytes());
    properties.extend(1_u32.to_le_bytes());
    properties.extend(0x001F_u16.to_le_bytes());
    properties.extend(0x1000_u16.to_le_bytes());
    properties.extend(1_u32.to_le_bytes());
    properties.extend((text.len() as u32).to_le_bytes());
    properties.extend(&text);
    properties.resize(properties.len().next_multiple_of(4), 0);
    attribute(1, 0x0006_9003, &properties);
    attribute(2, 0x0006_9002, &[0; 14]);
    attribute(2, 0x0001_8010, &[name.as_bytes(), &[0]].concat());
    attribute(2, 0x0006_800F, bytes);
    file
}
