//! Disposition review: what waits for whom, and what they decide.

mod decision;
mod notes;
mod waiting;

pub use decision::{ReviewChoice, ReviewSelection, ReviewedItem};
pub(in crate::archive) use notes::Notes;
pub(in crate::archive) use waiting::waiting;
pub use waiting::{WaitingItem, WantedReviews};
