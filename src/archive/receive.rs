//! Mail received by SMTP: each is acknowledged when it is on disk.
//!
//! The archive is opened when mail arrives and given up when no more comes for a moment, at the latest after two
//! seconds, so that searches and other commands work meanwhile. All mails that wait are taken in by one transaction, and
//! their senders told then.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::{Archive, ImportOptions, Interrupt, Session};
use crate::connector::SourceRecord;
use crate::connector::smtp::{Answer, Arrival, Server, ServerOptions, Verdict};
use crate::model::{BatchNo, Ledger, Participant, Role, Trust};
use crate::{Error, Result};

/// How mail is received, and to whom it goes.
#[derive(Debug, Clone)]
pub struct ReceiveOptions {
    /// Where and from whom.
    pub server: ServerOptions,
    /// Address of the mailbox that takes everything; `None` finds mailboxes by participants and envelope.
    pub mailbox: Option<String>,
    /// Folder that takes everything; `None` is the inbox.
    pub folder: Option<String>,
    /// Whether mailboxes that are not there are created.
    pub create_mailboxes: bool,
    /// How far the senders are believed.
    pub trust: Trust,
    /// Header field whose addresses took part too.
    pub user_header: Option<String>,
    /// How long one batch goes on before the next is begun.
    pub batch: Duration,
}

/// What is told while mail is received.
#[derive(Debug, Clone, Copy)]
pub enum ReceiveEvent<'a> {
    /// Connections are taken at this address.
    Listening(SocketAddr),
    /// So much was taken in since the beginning; it is on disk.
    Received(&'a Ledger),
    /// Mail could not be taken in, and its senders were told to send it again; or it could not be indexed yet.
    Trouble(&'a Error),
}

/// How long no mail may come before the archive is given up.
const IDLE: Duration = Duration::from_millis(50);

/// After which time the archive is given up for a moment though mail is coming.
const TURN: Duration = Duration::from_secs(2);

/// How long others have then to take it: longer than the pause between two of their attempts.
const GAP: Duration = Duration::from_millis(60);

/// How long mails wait for company before a commit.
const GATHERING: Duration = Duration::from_millis(4);

/// Mails of one commit.
const MOST_MAILS: usize = 1000;

/// Raw bytes of one commit.
const MOST_BYTES: u64 = 32 << 20;

/// Shortest wait for the archive while mail is waiting.
const SHORTEST_WAIT: Duration = Duration::from_secs(30);

/// Receives mail until `interrupt` is raised. Returns what was taken in.
///
/// # Errors
/// There is no archive, a mailbox does not exist, the address is not free, or a certificate cannot be used. What goes
/// wrong later is told to `observer`, and receiving goes on.
pub fn receive(
    directory: &Path,
    mut session: Session,
    options: &ReceiveOptions,
    interrupt: &Interrupt,
    observer: &mut dyn FnMut(ReceiveEvent<'_>),
) -> Result<Ledger> {
    Archive::open(directory, session.clone())?.check_receiving(&options.import_options())?;
    session.wait = session.wait.max(SHORTEST_WAIT);
    let (server, arrivals) = Server::start(options.server.clone())?;
    observer(ReceiveEvent::Listening(server.address()));
    let source = format!("smtp://{}", server.address());
    let import = options.import_options();
    let mut desk = Desk {
        directory,
        session,
        options,
        import,
        source,
        batch: None,
        total: Ledger::default(),
        before: Ledger::default(),
    };
    loop {
        if interrupt.is_raised() {
            server.stop();
        }
        match arrivals.recv_timeout(Duration::from_millis(100)) {
            Ok(first) => {
                let worked = desk.turn(first, &arrivals, interrupt, observer);
                worked.unwrap_or_else(|error| observer(ReceiveEvent::Trouble(&error)));
            }
            Err(RecvTimeoutError::Timeout) => desk.end_old_batch(observer),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    desk.end_batch()?;
    Ok(desk.total)
}

impl ReceiveOptions {
    fn import_options(&self) -> ImportOptions {
        ImportOptions {
            mailbox: self.mailbox.clone(),
            folder: self.folder.clone(),
            create_mailboxes: self.create_mailboxes,
            trust: self.trust,
            user_header: self.user_header.clone(),
            ..ImportOptions::default()
        }
    }
}

/// Takes in what arrives.
struct Desk<'a> {
    directory: &'a Path,
    session: Session,
    options: &'a ReceiveOptions,
    import: ImportOptions,
    source: String,
    batch: Option<(BatchNo, Instant)>,
    /// Everything that was taken in.
    total: Ledger,
    /// What batches before this one took in.
    before: Ledger,
}

impl Desk<'_> {
    fn open(&self) -> Result<Archive> {
        Archive::open(self.directory, self.session.clone())
    }

    /// Opens the archive, takes in what there is, and gives it up.
    fn turn(
        &mut self,
        first: Arrival,
        arrivals: &Receiver<Arrival>,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ReceiveEvent<'_>),
    ) -> Result<()> {
        let mut archive = self.open()?;
        let began = Instant::now();
        let mut next = Some(first);
        while let Some(first) = next {
            self.commit(&mut archive, gather(first, arrivals))?;
            observer(ReceiveEvent::Received(&self.total));
            let more = !interrupt.is_raised() && began.elapsed() < TURN;
            next = if more { arrivals.recv_timeout(IDLE).ok() } else { None };
        }
        archive.follow_received()?;
        drop(archive);
        if began.elapsed() >= TURN {
            std::thread::sleep(GAP);
        }
        Ok(())
    }

    /// Takes in some mails by one transaction and answers for them. After an error nobody is answered for, which tells
    /// the senders to send again.
    fn commit(&mut self, archive: &mut Archive, arrivals: Vec<Arrival>) -> Result<()> {
        let (records, answers): (Vec<SourceRecord>, Vec<Answer>) =
            arrivals.into_iter().map(|arrival| self.addressed(arrival).into_parts()).unzip();
        let no = match self.batch {
            Some((no, _)) => no,
            None => archive.begin_receiving(self.source.clone())?,
        };
        self.batch.get_or_insert((no, Instant::now()));
        let received = archive.receive_together(no, &self.import, records)?;
        self.total = sum(&self.before, &received.ledger);
        for (answer, refusal) in answers.into_iter().zip(received.refusals) {
            answer.give(refusal.map_or(Verdict::Stored, Verdict::Refused));
        }
        Ok(())
    }

    /// The envelope's sender gets an item too, but never a mailbox: many senders exist for one mail only, to be told of
    /// its failure.
    fn addressed(&self, mut arrival: Arrival) -> Arrival {
        if !self.options.create_mailboxes && !arrival.sender.is_empty() {
            let address = arrival.sender.clone();
            let sender = Participant { role: Role::Envelope, name: String::new(), address, number: None, id: None };
            arrival.record.others = arrival.record.others.iter().cloned().chain([sender]).collect();
        }
        arrival
    }

    /// Ends a batch that has gone on for long enough.
    fn end_old_batch(&mut self, observer: &mut dyn FnMut(ReceiveEvent<'_>)) {
        if self.batch.is_some_and(|(_, since)| since.elapsed() >= self.options.batch)
            && let Err(error) = self.end_batch()
        {
            observer(ReceiveEvent::Trouble(&error));
        }
    }

    fn end_batch(&mut self) -> Result<()> {
        if let Some((no, _)) = self.batch {
            let ledger = self.open()?.end_receiving(no)?;
            self.batch = None;
            self.before = sum(&self.before, &ledger);
            self.total = self.before;
        }
        Ok(())
    }
}

/// The mails that wait, and those that come within a moment.
fn gather(first: Arrival, arrivals: &Receiver<Arrival>) -> Vec<Arrival> {
    let deadline = Instant::now() + GATHERING;
    let mut bytes = first.record.raw.source().len();
    let mut gathered = vec![first];
    while gathered.len() < MOST_MAILS && bytes < MOST_BYTES {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(next) = arrivals.recv_timeout(left) else { break };
        bytes += next.record.raw.source().len();
        gathered.push(next);
    }
    gathered
}

fn sum(a: &Ledger, b: &Ledger) -> Ledger {
    Ledger {
        offered: a.offered + b.offered,
        stored: a.stored + b.stored,
        duplicate: a.duplicate + b.duplicate,
        quarantined: a.quarantined + b.quarantined,
        rejected: a.rejected + b.rejected,
        same_content: a.same_content + b.same_content,
        messages: a.messages + b.messages,
        items: a.items + b.items,
        bytes: a.bytes + b.bytes,
    }
}
