//! `connector run`: fetches what is new, and takes it in as one batch.

use std::cell::RefCell;
use std::path::PathBuf;

use super::fetch::Fetch;
use super::folder::FolderRound;
use super::import_options;
use super::spool::Spool;
use crate::archive::import::Intake;
use crate::archive::{Archive, ImportEvent, ImportReport, Interrupt};
use crate::connector::remote::{Remote, connect};
use crate::connector::{Credentials, Location, Place};
use crate::model::{Connector, ConnectorRun, RunCounts, RunState};
use crate::store::{last_connector_run, put_connector, put_connector_run};
use crate::{Error, Result};

/// What is told while a connector runs.
#[derive(Debug, Clone, Copy)]
pub enum ConnectorEvent<'a> {
    /// So many of the deliveries listed were looked at or fetched.
    Fetched {
        /// Looked at.
        deliveries: u64,
        /// Listed.
        of: u64,
    },
    /// The import of what is new.
    Import(ImportEvent<'a>),
}

/// The account of a run.
#[derive(Debug)]
pub struct ConnectorReport {
    /// The connector.
    pub connector: Connector,
    /// The run as it is on record.
    pub run: ConnectorRun,
    /// The import of what was new; `None` if nothing was, or if an error ended it.
    pub import: Option<ImportReport>,
    /// The error that ended the run.
    pub error: Option<Error>,
}

/// Where deliveries come from, connected.
pub(super) enum Opened {
    Folder(PathBuf),
    Remote(Box<dyn Remote>),
}

/// How the work of a run ended.
struct Worked {
    import: Option<ImportReport>,
    run: ConnectorRun,
    error: Option<Error>,
    /// The checkpoint that the source gave.
    checkpoint: Option<String>,
}

impl Archive {
    /// Runs a connector: fetches what its source has that no earlier run took, and takes it in as one batch. Killed or
    /// interrupted, the next run completes it without doubles.
    ///
    /// # Errors
    /// There is no such connector, or it was removed; the store failed. Any other error ends the run, which is on record
    /// with it and returned.
    pub fn run_connector(
        &mut self,
        name: &str,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ConnectorEvent<'_>),
    ) -> Result<ConnectorReport> {
        let connector = self.show_connector(name)?;
        if let Some(removed) = &connector.removed {
            return Err(Error::InvalidInput(format!(
                "connector `{name}` was removed on {}; add it again with `custodia connector add`",
                removed.at
            )));
        }
        self.run_opened(&connector, open, interrupt, observer)
    }

    /// Runs a connector on the source that `open` connects to.
    pub(super) fn run_opened(
        &mut self,
        connector: &Connector,
        open: impl FnOnce(&Connector) -> Result<Opened>,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ConnectorEvent<'_>),
    ) -> Result<ConnectorReport> {
        let run = self.begin_run(connector)?;
        let (no, name) = (run.no, connector.name.clone());
        let worked = match open(connector) {
            Ok(opened) => self.work(connector, run.clone(), opened, interrupt, observer),
            Err(error) => Err(error),
        };
        let worked = worked.or_else(|error| {
            // What the newest commit says of the run is all that is on disk of it.
            let committed = last_connector_run(&self.store.snapshot()?, connector.no)?.filter(|run| run.no == no);
            Ok(Worked { import: None, run: committed.unwrap_or(run), error: Some(error), checkpoint: None })
        });
        let Worked { import, run, error, checkpoint } = worked?;
        let run = self.end_run(connector, run, error.as_ref(), checkpoint, interrupt)?;
        Ok(ConnectorReport { connector: self.show_connector(&name)?, run, import, error })
    }

    fn begin_run(&self, connector: &Connector) -> Result<ConnectorRun> {
        let transaction = self.store.begin()?;
        let last = last_connector_run(&transaction, connector.no)?.map_or(0, |run| run.no);
        let run = ConnectorRun {
            connector: connector.no,
            no: last + 1,
            actor: self.session.actor.clone(),
            started_at: self.act_time(&transaction)?,
            ended_at: None,
            state: RunState::Running,
            batch: None,
            error: None,
            counts: RunCounts::default(),
            failures: Vec::new(),
        };
        put_connector_run(&transaction, &run)?;
        let outcome = format!("run {} begins to fetch from {}", run.no, connector.source.from);
        self.record(&transaction, "connector.run", &connector.name, &outcome)?;
        transaction.commit()?;
        Ok(run)
    }

    fn work(
        &mut self,
        connector: &Connector,
        run: ConnectorRun,
        opened: Opened,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ConnectorEvent<'_>),
    ) -> Result<Worked> {
        let options = import_options(connector)?;
        let source = format!("connector {}: {}", connector.name, connector.source.from);
        let observer = RefCell::new(observer);
        let tell = |event: ConnectorEvent<'_>| (observer.borrow_mut())(event);
        let mut imported = |event: ImportEvent<'_>| tell(ConnectorEvent::Import(event));
        match opened {
            Opened::Folder(root) => {
                self.refuse_own_directory(std::slice::from_ref(&root))?;
                let mut round = FolderRound::new(connector, &options, root, interrupt, &tell);
                let mut next = |archive: &Archive, intake: &mut Intake| round.next(archive, intake);
                let intake = Intake::new(run, None);
                let (import, mut intake) =
                    self.import_deliveries(&options, source, intake, &mut next, interrupt, &mut imported)?;
                self.write_rest(&mut intake)?;
                Ok(Worked { import, run: intake.run, error: None, checkpoint: None })
            }
            Opened::Remote(remote) => {
                let spool = Spool::create(&self.directory)?;
                let intake = Intake::new(run, Some((spool.path().to_owned(), connector.name.clone())));
                let mut fetch = Fetch::new(connector, &options, remote, spool, interrupt, &tell);
                let mut next = |archive: &Archive, intake: &mut Intake| fetch.next(archive, intake);
                let (import, mut intake) =
                    self.import_deliveries(&options, source, intake, &mut next, interrupt, &mut imported)?;
                self.write_rest(&mut intake)?;
                let (checkpoint, error) = fetch.end();
                Ok(Worked { import, run: intake.run, error, checkpoint: Some(checkpoint) })
            }
        }
    }

    /// Writes what was recognised after the last commit of the import.
    fn write_rest(&self, intake: &mut Intake) -> Result<()> {
        let transaction = self.store.begin()?;
        intake.write(&transaction)?;
        transaction.commit()
    }

    fn end_run(
        &self,
        connector: &Connector,
        mut run: ConnectorRun,
        error: Option<&Error>,
        checkpoint: Option<String>,
        interrupt: &Interrupt,
    ) -> Result<ConnectorRun> {
        run.state = match error {
            Some(_) => RunState::Failed,
            None if interrupt.is_raised() => RunState::Interrupted,
            None if run.counts.failed > 0 => RunState::Partly,
            None => RunState::Complete,
        };
        run.error = error.map(with_causes);
        let transaction = self.store.begin()?;
        run.ended_at = Some(self.act_time(&transaction)?);
        put_connector_run(&transaction, &run)?;
        // A checkpoint before deliveries that are to be tried again would hide them.
        if let Some(checkpoint) = checkpoint.filter(|_| run.state == RunState::Complete) {
            put_connector(&transaction, &Connector { checkpoint, ..connector.clone() })?;
        }
        self.record(&transaction, "connector.run", &connector.name, &outcome(&run))?;
        transaction.commit()?;
        Ok(run)
    }
}

/// Connects to the source of a connector.
fn open(connector: &Connector) -> Result<Opened> {
    let location = Location::of(&connector.source)?;
    match &location.place {
        Place::Folder(path) => Ok(Opened::Folder(path.clone())),
        _ => Ok(Opened::Remote(connect(&location, &Credentials::read(&connector.source.credentials)?)?)),
    }
}

fn outcome(run: &ConnectorRun) -> String {
    let RunCounts { listed, known, recognised, taken, failed } = run.counts;
    let verdict = match run.state {
        RunState::Running | RunState::Complete => "complete",
        RunState::Partly => "partly done",
        RunState::Interrupted => "interrupted",
        RunState::Failed => "failed",
    };
    let batch = run.batch.map(|batch| format!(", batch {batch}")).unwrap_or_default();
    let error = run.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    format!(
        "run {} {verdict}: {listed} listed, {known} known, {recognised} recognised, {taken} taken, {failed} \
         failed{batch}{error}",
        run.no
    )
}

/// An error with its causes, for whoever reads of it later.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
