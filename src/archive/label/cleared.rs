//! Labels that had their turn on an item: what people took off does not come back by itself.

use crate::Result;
use crate::model::{ItemNo, LabelId};
use crate::store::{Transaction, cleared_labels, put_cleared_labels};

/// Notes that an item no longer carries label `gone`, and carries `set` by somebody's decision.
pub(in crate::archive) fn note_cleared(
    transaction: &Transaction,
    item: ItemNo,
    gone: Option<LabelId>,
    set: Option<LabelId>,
) -> Result<()> {
    let known = cleared_labels(transaction, item)?;
    let mut cleared = known.clone();
    cleared.labels.extend(gone.filter(|gone| !known.labels.contains(gone)));
    cleared.labels.retain(|label| Some(*label) != set);
    if cleared == known { Ok(()) } else { put_cleared_labels(transaction, item, &cleared) }
}
