//! Retention rules as a file: read, compared with what is in force, applied in one transaction, and written.

mod apply;
mod difference;
mod export;
mod file;
mod ground;
#[cfg(test)]
mod tests;
mod text;

pub use apply::AppliedRules;
pub use difference::RuleChange;
pub use file::{Placed, Removal, RuleFile};
pub(super) use ground::{behind, schedule_in_force, schedule_with, schedule_with_label};
