//! Remote sources that fail half-way are resumed, and no delivery is counted half.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::rc::Rc;

use tempfile::TempDir;

use super::run::Opened;
use super::*;
use crate::archive::Interrupt;
use crate::archive::test_archive::new_archive;
use crate::connector::remote::{Checkpoint, Listed, Remote};
use crate::model::{ConnectorKind, ConnectorReading, ConnectorSource, CredentialSource, RunCounts, RunState, Schedule};

/// A server of which everything is known.
#[derive(Clone, Default)]
struct Server {
    deliveries: Vec<(String, Vec<u8>)>,
    /// Deliveries at which the connection is lost.
    refused: BTreeSet<String>,
    /// Deliveries that it does not let anybody read.
    forbidden: BTreeSet<String>,
    /// Whether it tells sizes and versions.
    says_nothing: bool,
    /// Deliveries of which it gives the first byte only.
    cut: BTreeSet<String>,
    checkpoint: String,
    /// Asks the run to stop when this one is fetched.
    interrupt_at: Option<(String, Interrupt)>,
    fetched: Rc<RefCell<Vec<String>>>,
    listed_after: Rc<RefCell<Vec<String>>>,
}

impl Server {
    fn with(ids: &[&str]) -> Self {
        let mail = |id: &str| format!("From: ben@x.example\nTo: ann@firm.example\nSubject: {id}\n\ntext of {id}\n");
        let deliveries = ids.iter().map(|id| ((*id).to_owned(), mail(id).into_bytes())).collect();
        Self { deliveries, ..Self::default() }
    }

    /// What was fetched since this was asked last.
    fn take_fetched(&self) -> Vec<String> {
        self.fetched.take()
    }
}

impl Remote for Server {
    fn list(&mut self, after: &Checkpoint) -> Result<Vec<Listed>> {
        self.listed_after.borrow_mut().push(after.clone());
        Ok(self
            .deliveries
            .iter()
            .map(|(id, bytes)| Listed {
                id: id.clone(),
                name: id.rsplit('/').next().unwrap_or_default().to_owned(),
                bytes: (!self.says_nothing).then_some(bytes.len() as u64),
                version: if self.says_nothing { String::new() } else { bytes.len().to_string() },
            })
            .collect())
    }

    fn fetch(&mut self, listed: &Listed, to: &mut File) -> Result<()> {
        self.fetched.borrow_mut().push(listed.id.clone());
        if let Some((_, interrupt)) = self.interrupt_at.as_ref().filter(|(id, _)| *id == listed.id) {
            interrupt.raise();
        }
        if self.refused.contains(&listed.id) {
            return Err(failure("the connection was lost", true));
        }
        if self.forbidden.contains(&listed.id) {
            return Err(failure("nobody may read it", false));
        }
        let (_, bytes) = self.deliveries.iter().find(|(id, _)| *id == listed.id).unwrap();
        let bytes = if self.cut.contains(&listed.id) { &b"F"[..] } else { bytes.as_slice() };
        to.write_all(bytes).map_err(Error::io("write", "spool"))
    }

    fn checkpoint(&self) -> Checkpoint {
        self.checkpoint.clone()
    }
}

fn failure(reason: &str, of_all: bool) -> Error {
    Error::Remote { action: "fetch", place: "the server".to_owned(), of_all, source: reason.into() }
}

/// An archive with a connector `feed`.
fn archive() -> (TempDir, Archive) {
    let (directory, mut archive) = new_archive();
    let source = ConnectorSource {
        from: "sftp://ann@host/in".to_owned(),
        host_key: None,
        key_file: None,
        ca_file: None,
        oauth: None,
        credentials: CredentialSource::None,
    };
    let reading = ConnectorReading { create_mailboxes: true, ..ConnectorReading::default() };
    let (name, kind, schedule) = ("feed".to_owned(), ConnectorKind::Mail, Schedule::default());
    archive.add_connector(&NewConnector { name, kind, source, reading, schedule }, false).unwrap();
    (directory, archive)
}

fn run(archive: &mut Archive, server: &Server) -> ConnectorReport {
    let interrupt = server.interrupt_at.as_ref().map(|(_, interrupt)| interrupt.clone()).unwrap_or_default();
    let connector = archive.show_connector("feed").unwrap();
    let remote = Box::new(server.clone());
    archive.run_opened(&connector, |_| Ok(Opened::Remote(remote)), &interrupt, &mut |_| {}).unwrap()
}

fn counts(listed: u64, known: u64, recognised: u64, taken: u64, failed: u64) -> RunCounts {
    RunCounts { listed, known, recognised, taken, failed }
}

#[test]
fn a_source_that_fails_half_way_is_resumed() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["in/1.eml", "in/2.eml", "in/3.eml", "in/4.eml", "in/5.eml", "in/6.eml"]);
    server.refused = ["in/3.eml", "in/4.eml", "in/5.eml"].map(str::to_owned).into();
    let first = run(&mut archive, &server);
    assert_eq!((first.run.state, first.run.counts), (RunState::Failed, counts(6, 0, 0, 2, 3)));
    assert_eq!(first.run.error.as_deref(), Some("cannot fetch `the server`: the connection was lost"));
    assert_eq!(first.import.unwrap().batch.ledger.stored, 2, "what came before is kept");
    assert_eq!(server.take_fetched().len(), 5, "after three failures in a row nothing more is asked for");

    server.refused.clear();
    let second = run(&mut archive, &server);
    assert_eq!((second.run.state, second.run.counts), (RunState::Complete, counts(6, 2, 0, 4, 0)));
    assert_eq!(server.take_fetched(), ["in/3.eml", "in/4.eml", "in/5.eml", "in/6.eml"]);
    let ledger = second.import.unwrap().batch.ledger;
    assert_eq!((ledger.stored, ledger.duplicate), (4, 0));
    assert_eq!(run(&mut archive, &server).run.counts, counts(6, 6, 0, 0, 0));
    assert!(server.take_fetched().is_empty());
}

#[test]
fn deliveries_that_nobody_may_read_do_not_keep_others_away() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["1.eml", "2.eml", "3.eml", "4.eml", "5.eml"]);
    server.forbidden = ["1.eml", "2.eml", "3.eml", "4.eml"].map(str::to_owned).into();
    let report = run(&mut archive, &server);
    assert_eq!((report.run.state, report.run.counts), (RunState::Partly, counts(5, 0, 0, 1, 4)));
    assert_eq!(run(&mut archive, &server).run.counts, counts(5, 1, 0, 0, 4));
}

#[test]
fn a_source_that_tells_no_versions_is_read_again_and_its_digests_decide() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["1.eml", "2.eml"]);
    server.says_nothing = true;
    assert_eq!(run(&mut archive, &server).run.counts, counts(2, 0, 0, 2, 0));
    server.deliveries.first_mut().unwrap().1.extend(b"more\n");
    assert_eq!(run(&mut archive, &server).run.counts, counts(2, 0, 1, 1, 0));
}

#[test]
fn a_transfer_that_was_cut_counts_for_nothing() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["1.eml", "2.eml"]);
    server.cut = ["1.eml".to_owned()].into();
    let first = run(&mut archive, &server);
    assert_eq!((first.run.state, first.run.counts), (RunState::Partly, counts(2, 0, 0, 1, 1)));
    assert_eq!(first.import.unwrap().batch.ledger.offered, 1, "nothing of it is offered");
    server.cut.clear();
    let second = run(&mut archive, &server);
    assert_eq!((second.run.state, second.run.counts), (RunState::Complete, counts(2, 1, 0, 1, 0)));
}

#[test]
fn a_longer_text_finds_the_files_that_an_earlier_run_took() {
    let (_directory, mut archive) = archive();
    let line = |n: u32, path: &str| {
        format!(
            "{{\"platform\":\"sms\",\"sent\":\"2026-03-27T21:4{n}:00Z\",\"sender\":{{\"address\":\"a@x.example\"}},\
             \"attachments\":[{{\"path\":\"{path}\"}}]}}\n"
        )
    };
    let deliveries = vec![
        ("in/media/b.jpg".to_owned(), b"a picture".to_vec()),
        ("in/chat.jsonl".to_owned(), line(1, "media/b.jpg").into_bytes()),
    ];
    let mut server = Server { deliveries, ..Server::default() };
    let first = run(&mut archive, &server).import.unwrap().batch.ledger;
    assert_eq!((first.stored, first.rejected), (1, 0));
    server.take_fetched();
    server.deliveries[1].1.extend(line(2, "media/c.jpg").into_bytes());
    server.deliveries.push(("in/media/c.jpg".to_owned(), b"another".to_vec()));
    server.forbidden = ["in/media/b.jpg".to_owned()].into();
    let refused = run(&mut archive, &server);
    assert_eq!((refused.run.state, refused.run.counts.failed > 0), (RunState::Partly, true), "{:?}", refused.run);
    assert_eq!(refused.import.map_or(0, |import| import.batch.ledger.stored), 0, "not without its picture");
    server.forbidden.clear();
    let longer = run(&mut archive, &server).import.unwrap().batch.ledger;
    assert_eq!((longer.stored, longer.duplicate, longer.rejected), (1, 1, 0));
    assert!(server.take_fetched().contains(&"in/media/b.jpg".to_owned()));
    let last = run(&mut archive, &server);
    assert_eq!((last.run.state, last.run.counts.failed, last.import.is_none()), (RunState::Complete, 0, true));
}

#[test]
fn half_a_file_is_nobodys_attachment() {
    let (_directory, mut archive) = archive();
    let mut server = Server::default();
    let record =
        r#"{"platform":"sms","sent":"2026-03-27T21:41:00Z","sender":{"number":"1"},"attachments":[{"path":"b.jpg"}]}"#;
    server.deliveries = vec![
        ("in/b.jpg".to_owned(), b"a picture".to_vec()),
        ("in/c.jsonl".to_owned(), format!("{record}\n").into_bytes()),
    ];
    server.cut = ["in/b.jpg".to_owned()].into();
    let report = run(&mut archive, &server);
    let ledger = report.import.unwrap().batch.ledger;
    assert_eq!((ledger.stored, ledger.rejected), (0, 1), "half a picture is none");
}

#[test]
fn a_checkpoint_moves_only_past_what_was_taken() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["1.eml", "2.eml"]);
    server.checkpoint = "9/2".to_owned();
    server.refused = ["2.eml".to_owned()].into();
    run(&mut archive, &server);
    server.refused.clear();
    run(&mut archive, &server);
    run(&mut archive, &server);
    assert_eq!(*server.listed_after.borrow(), ["", "", "9/2"]);
}

#[test]
fn an_interrupted_run_keeps_what_it_has_and_the_next_takes_the_rest() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["1.eml", "2.eml", "3.eml"]);
    server.interrupt_at = Some(("2.eml".to_owned(), Interrupt::default()));
    let first = run(&mut archive, &server);
    assert_eq!(first.run.state, RunState::Interrupted);
    server.interrupt_at = None;
    let second = run(&mut archive, &server);
    assert_eq!(second.run.state, RunState::Complete);
    assert_eq!(first.run.counts.taken + second.run.counts.taken, 3);
    assert_eq!(archive.show_mailbox("ann@firm.example").unwrap().1.iter().map(|(_, items)| items).sum::<u64>(), 3);
}

#[test]
fn the_same_bytes_are_one_delivery_and_changed_ones_are_fetched_again() {
    let (_directory, mut archive) = archive();
    let mut server = Server::with(&["a/1.eml"]);
    run(&mut archive, &server);
    let same = server.deliveries.first().unwrap().1.clone();
    server.deliveries.push(("b/1.eml".to_owned(), same));
    let second = run(&mut archive, &server);
    assert_eq!((second.run.counts, second.run.batch), (counts(2, 1, 1, 0, 0), None));
    server.deliveries.first_mut().unwrap().1.extend(b"more\n");
    let third = run(&mut archive, &server);
    assert_eq!(third.run.counts, counts(2, 1, 0, 1, 0));
}

#[test]
fn names_lead_nowhere_and_tell_people_where_a_message_came_from() {
    let (directory, mut archive) = archive();
    let long = format!("{}.eml", "\u{4f60}".repeat(200));
    let server =
        Server::with(&["../../../x.eml", "/etc/y.eml", "a\u{7}b/./z.eml", "/", "in/w.eml", "in//w.eml", &long]);
    fs_is_clean(&directory);
    let report = run(&mut archive, &server);
    assert_eq!((report.run.state, report.run.counts.taken), (RunState::Complete, 7), "{:?}", report.run.failures);
    fs_is_clean(&directory);
    assert!(!archive.directory().join("spool").exists(), "fetched messages do not stay behind");

    let (_directory, mut archive) = super::tests::archive();
    let mut server = Server::with(&["in/w.eml"]);
    server.deliveries = vec![("in/w.eml".to_owned(), b"From: x@y.example\nSubject: z\n\nnobody\n".to_vec())];
    let mut connector = archive.show_connector("feed").unwrap();
    connector.reading.create_mailboxes = false;
    let remote = Box::new(server.clone());
    archive.run_opened(&connector, |_| Ok(Opened::Remote(remote)), &Interrupt::default(), &mut |_| {}).unwrap();
    let waiting = archive.list_quarantine().unwrap();
    assert_eq!(waiting.iter().map(|waiting| waiting.row.origin.as_str()).collect::<Vec<_>>(), ["feed/in/w.eml"]);
    assert_eq!(archive.connector_status(None).unwrap().first().map(|status| status.waiting), Some(1));
}

/// Nothing lies beside the archive.
fn fs_is_clean(directory: &TempDir) {
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}
