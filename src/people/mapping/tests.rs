//! A mapping file means the same however a spreadsheet wrote it, and what is doubtful is never guessed.

use proptest::prelude::*;

use super::file::MAX_BYTES;
use super::*;
use crate::model::Role;

fn read(text: &str) -> MappingFile {
    read_mapping(text.as_bytes(), None)
}

/// Keys with their mailboxes.
fn rows(file: &MappingFile) -> Vec<(String, String)> {
    file.rows.iter().map(|row| (row.key.clone(), row.mailbox.clone().unwrap_or_default())).collect()
}

fn person(number: &str, id: &str, address: &str, name: &str) -> Participant {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (address, name) = (address.to_owned(), name.to_owned());
    Participant { role: Role::To, name, address, number: some(number), id: some(id) }
}

const PAIR: [(&str, &str); 2] = [("number:442079460958", "ann@firm.example"), ("id:wxid_a1", "ben@firm.example")];

fn assert_pair(bytes: &[u8], what: &str) {
    let file = read_mapping(bytes, None);
    assert!(!file.is_refused(), "{what}: {:?}", file.issues);
    let expected = PAIR.map(|(key, mailbox)| (key.to_owned(), mailbox.to_owned()));
    assert_eq!(rows(&file), expected, "{what}: {:?}", file.issues);
}

#[test]
fn every_writing_of_the_file_means_the_same() {
    for text in [
        "External User ID,Microsoft 365 User Mailbox\n442079460958,ann@firm.example\nwxid_a1,ben@firm.example\n",
        "442079460958,ann@firm.example\nwxid_a1,ben@firm.example",
        "MAILBOX;phone\r\nAnn@Firm.example;+44 20 7946 0958\r\n\r\n;\r\nben@firm.example;wxid_a1\r\n",
        "\u{feff}E-Mail\tUser ID\nann@firm.example\t'442079460958\nben@firm.example\twxid_a1\n",
        "sep=;\nUser ID;Email\n\"=\"\"442079460958\"\"\";ann@firm.example\n\"wxid_a1\";\"ben@firm.example\"\n",
        "Name,Mobile,Department,Email\nAnn,0044 20 79460958,Sales,ann@firm.example\nBen,WXID_A1,,ben@firm.example",
        "ann@firm.example,442079460958\nben@firm.example,wxid_a1\n",
        "id,mail\r442079460958,mailto:ann@firm.example\rwxid_a1,<ben@firm.example>\r",
    ] {
        assert_pair(text.as_bytes(), text);
    }
    let text = "User ID,Email\n442079460958,ann@firm.example\nwxid_a1,ben@firm.example\n";
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    assert_pair(&wide(u16::to_le_bytes), "UTF-16 LE");
    assert_pair(&wide(u16::to_be_bytes), "UTF-16 BE");
}

#[test]
fn names_in_old_character_sets_are_read() {
    let file = read_mapping(b"J\xf6rg M\xfcller,jm@firm.example\n", None);
    assert_eq!(rows(&file), [("id:j\u{f6}rg m\u{fc}ller".to_owned(), "jm@firm.example".to_owned())]);
    assert_eq!(file.issues.first().map(|issue| issue.severity), Some(Severity::Note));
}

#[test]
fn what_is_doubtful_is_said_with_its_row() {
    for (text, row, severity, words) in [
        ("id,mail\n4.45204E+11,a@b.example\n", 2, Severity::Error, "a spreadsheet has rounded it"),
        ("id,mail\n442079460958,a@b.example\n+442079460958,c@b.example\n", 3, Severity::Error, "stands in row 2"),
        ("id,mail\n442079460958,a@b.example\n+442079460958,A@b.example\n", 3, Severity::Warning, "stands in row 2"),
        ("id,mail\n442079460958,a@b.example\n+442079460958,\n", 3, Severity::Error, "with another mailbox"),
        ("id,mail\n020 7946 0958,a@b.example\n", 2, Severity::Warning, "a national number"),
        ("id,mail\nwxid_1,nobody\n", 2, Severity::Error, "`nobody` is not an address"),
        ("id,mail\n,a@b.example\n", 2, Severity::Error, "no id"),
        ("id,mail\nwxid_1\n", 2, Severity::Error, "no column for the mailbox"),
        ("wxid_1\nwxid_2\n", 1, Severity::Error, "no column for the mailbox"),
        ("id,mail\n\"wxid_1,a@b.example\nwxid_2,c@b.example\n", 2, Severity::Error, "close the quotation mark"),
        ("id,alias,x\nwxid_1,a@b.example,\n", 1, Severity::Error, "no column is called"),
        ("id,mail\n+551187654321,a@b.example\n+5511987654321,c@b.example\n", 3, Severity::Warning, "one account"),
        ("id,mail\n+551187654321,a@b.example\n+5511987654321,a@b.example\n", 3, Severity::Note, "one account"),
        ("a\0b", 0, Severity::Error, "no text"),
    ] {
        let file = read(text);
        let found = file.issues.iter().any(|i| i.row == row && i.severity == severity && i.text.contains(words));
        assert!(found, "{text}: {:?}", file.issues);
    }
    assert!(read_mapping(&vec![b' '; MAX_BYTES + 1], None).is_refused());
    assert!(read(&format!("id,mail\n{},a@b.example\n", "x".repeat(513))).is_refused());
}

#[test]
fn a_blank_mailbox_says_not_to_archive() {
    let mapping = read("id,mail\nwxid_1,\nwxid_2,b@firm.example\n").mapping();
    assert_eq!(mapping.find(&person("", "wxid_1", "", "")), Some((&Target::Unarchived, false)));
    assert_eq!(mapping.find(&person("", "wxid_3", "", "")), None);
}

#[test]
fn every_sort_of_id_finds_its_mailbox() {
    let mapping = read_mapping(
        "id,mail\n+44 20 7946 0958,n@f.example\nWXID_a1,w@f.example\nann@out.example,a@f.example\n\
         ~Jos\u{e9}  P\u{e9}rez,j@f.example\n+55 11 8765-4321,b@f.example\n13812345678,c@f.example\n"
            .as_bytes(),
        "CN".parse().ok(),
    )
    .mapping();
    for (who, expected, equivalent) in [
        (person("442079460958", "", "442079460958@whatsapp.invalid", "Ann"), "n@f.example", false),
        (person("", "442079460958@s.whatsapp.net", "", ""), "n@f.example", false),
        (person("", "442079460958", "", ""), "n@f.example", false),
        (person("", "wxid_A1", "wxid_A1@wechat.invalid", "Al"), "w@f.example", false),
        (person("", "", "Ann@OUT.example", ""), "a@f.example", false),
        (person("", "", "x@whatsapp.invalid", "\u{202a}~Jose\u{301} P\u{e9}rez\u{202c}"), "j@f.example", false),
        (person("5511987654321", "", "", ""), "b@f.example", true),
        (person("8613812345678", "", "", ""), "c@f.example", false),
        (person("", "13812345678", "", ""), "c@f.example", false),
    ] {
        assert_eq!(mapping.find(&who), Some((&Target::Mailbox(expected.to_owned()), equivalent)), "{who:?}");
    }
    // A name is no id of somebody who has a better one.
    for who in [
        person("48111222333", "", "", "~Jos\u{e9} P\u{e9}rez"),
        person("", "wxid_b2", "", "~Jos\u{e9} P\u{e9}rez"),
        person("", "", "jose@out.example", "~Jos\u{e9} P\u{e9}rez"),
        person("", "", "", ""),
    ] {
        assert_eq!(mapping.find(&who), None, "{who:?}");
    }
}

#[test]
fn users_of_a_directory_are_a_mapping() {
    let users = r#"[{"userid":"LiHua","mobile":"+86 138 1234 5678","email":"x@home.example","biz_mail":"li@f.example"},
        {"userid":"hua","email":"","mobile":"13812345679"},{"userid":"Wei","email":"wei@f.example","mobile":"1234567"},7]"#;
    for text in [users.to_owned(), format!("{{\"errcode\":0,\"userlist\":{users}}}")] {
        let file = read(&text);
        let expected = [("id:lihua", "li"), ("number:8613812345678", "li"), ("id:wei", "wei")];
        assert_eq!(rows(&file), expected.map(|(key, name)| (key.to_owned(), format!("{name}@f.example"))));
        assert_eq!(file.issues.iter().map(|issue| issue.row).collect::<Vec<_>>(), [2, 4]);
    }
    assert_eq!(rows(&read("[Ann],ann@f.example\n")), [("id:[ann]".to_owned(), "ann@f.example".to_owned())]);
}

#[test]
fn a_class_with_two_mailboxes_leads_nowhere() {
    let mapping = read("+525512345678,a@f.example\n+5215512345678,b@f.example\n").mapping();
    for (number, expected) in [("525512345678", "a@f.example"), ("5215512345678", "b@f.example")] {
        assert_eq!(mapping.find(&person(number, "", "", "")), Some((&Target::Mailbox(expected.to_owned()), false)));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_mapping(&bytes, None);
    }

    #[test]
    fn any_table_is_read_or_refused(text in "([a-z0-9@.+=E'\"]{0,12}[,;\t\n\r]){0,40}", region in "(GB|BR|)") {
        let file = read_mapping(text.as_bytes(), region.parse().ok());
        prop_assert_eq!(file.mapping().len(), file.rows.len());
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        ids in prop::collection::btree_set("(\\+44 20 79[0-9]{6}|wxid_[a-z]{3}|[A-Z][a-z]{3})", 1..12),
        turn in 0_usize..12,
    ) {
        let lines: Vec<String> = ids.iter().map(|id| format!("{id},m{}@f.example\n", id.len())).collect();
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        let sorted = |lines: &[String]| {
            let mut rows = rows(&read(&format!("id,mail\n{}", lines.concat())));
            rows.sort();
            rows
        };
        prop_assert_eq!(sorted(&lines), sorted(&turned));
    }
}
