//! The deliveries of a connector, imported as one batch.

use super::{ImportEvent, ImportOptions, ImportReport, Intake, Interrupt, Run};
use crate::Result;
use crate::archive::Archive;
use crate::connector::Sources;
use crate::model::BatchState;

/// Opens the next deliveries of a connector; `None` if there are no more.
pub(in crate::archive) type NextRound<'a> = dyn FnMut(&Archive, &mut Intake) -> Result<Option<Sources>> + 'a;

impl Archive {
    /// Takes in the deliveries of a connector as one batch, in rounds that `next_round` opens until there are no more.
    /// Returns the report, and the run as it stands; without a round there is no batch.
    ///
    /// # Errors
    /// As [`Archive::import`].
    pub(in crate::archive) fn import_deliveries(
        &mut self,
        options: &ImportOptions,
        source: String,
        mut intake: Intake,
        next_round: &mut NextRound<'_>,
        interrupt: &Interrupt,
        observer: &mut dyn FnMut(ImportEvent<'_>),
    ) -> Result<(Option<ImportReport>, Intake)> {
        self.catch_up(&mut |_, _| {})?;
        if options.create_mailboxes {
            self.settle_before_new_mailboxes()?;
        }
        let Some(mut sources) = next_round(self, &mut intake)? else { return Ok((None, intake)) };
        let mut run = Run::begin(self, options, source, Some(intake))?;
        loop {
            let ended = run.work(sources, interrupt, observer).and_then(|state| {
                let Some(intake) = run.intake.as_mut().filter(|_| state == BatchState::Complete) else {
                    return Ok((state, None));
                };
                intake.close_round();
                Ok((state, next_round(run.archive, intake)?))
            });
            match ended {
                Ok((_, Some(next))) => sources = next,
                Ok((state, None)) => {
                    let intake = run.intake.take().expect("the run began with one, and nothing else takes it");
                    return Ok((Some(run.end(state, interrupt)?), intake));
                }
                Err(error) => {
                    run.fail(&error);
                    return Err(error);
                }
            }
        }
    }
}
