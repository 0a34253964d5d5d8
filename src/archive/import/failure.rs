//! The note that a run failed.

use crate::archive::Archive;
use crate::model::{Batch, BatchNo, BatchState};
use crate::store::{batch, put_batch};
use crate::{Error, Result};

/// Notes in the ledger and the log that a run failed.
pub(in crate::archive) fn note_failure(archive: &Archive, no: BatchNo, error: &Error) -> Result<()> {
    let transaction = archive.store.begin()?;
    // The row as it was committed last: what came after it is not there.
    let failed = Batch { state: BatchState::Failed, ..batch(&transaction, no)? };
    put_batch(&transaction, &failed)?;
    archive.record(
        &transaction,
        "import",
        &no.to_string(),
        &format!("failed: {error}; {} is on disk", failed.ledger),
    )?;
    transaction.commit()
}
