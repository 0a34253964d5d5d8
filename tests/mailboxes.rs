//! A mailbox has each of its addresses and numbers once, however often it is given one.

use custodia::Result;
use custodia::archive::{Archive, Clock, CreateOptions, MailboxChange, NewMailbox, Session};
use custodia::model::{Actor, UtcTime};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_alias_given_again_is_there_once() -> Result<()> {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let session = Session {
        actor: Actor("olga".to_owned()),
        purpose: String::new(),
        command: "test".to_owned(),
        wait: std::time::Duration::ZERO,
        clock: Clock::Fixed(UtcTime(1_768_478_400_000)),
        attachments: None,
    };
    let options =
        CreateOptions { name: None, min_residence_days: 30, timezone: Some("UTC".to_owned()), dual_control: false };
    let mut archive = Archive::create(&directory.path().join("archive"), &options, session)?;
    let new = NewMailbox {
        address: "ann@firm.example".to_owned(),
        aliases: texts(&["a@firm.example", "n@firm.example", "A@firm.example", "ann@firm.example"]),
        phones: texts(&["+48555010001", "+48555010002", "0048 555 010 001"]),
        ..NewMailbox::default()
    };
    let (mailbox, _) = archive.add_mailbox(&new)?;
    assert_eq!(mailbox.aliases, ["a@firm.example", "n@firm.example"]);
    assert_eq!(mailbox.phones, ["48555010001", "48555010002"]);
    let change = MailboxChange {
        add_aliases: texts(&["a@firm.example", "ann@firm.example"]),
        add_phones: texts(&["+48555010001"]),
        ..MailboxChange::default()
    };
    let (changed, _) = archive.change_mailbox("ann@firm.example", &change)?;
    assert_eq!((changed.aliases, changed.phones), (mailbox.aliases, mailbox.phones));
    Ok(())
}
